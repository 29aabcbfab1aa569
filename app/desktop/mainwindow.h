#pragma once

#include "widgets/common/appearance.h"
#include "widgets/docks/api/dockregistry.h"

#include <QMainWindow>
#include <QSettings>

class QLineEdit;
class QToolButton;

namespace tierline::ui {

class PlainLabel;
class StatusLine;
class SearchBox;

/// The window: top bar with search, docks, status line. Makes the docks when the people are known,
/// and keeps geometry and layout over a restart. Thread: ui. Session, appearance and settings
/// outlive it.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    MainWindow(desk::Session &session, Appearance &appearance, QSettings &settings);
    ~MainWindow() override;

    Workbench &workbench() { return m_workbench; }
    QDockWidget *dock(const QString &id) const;
    QList<QDockWidget *> docks() const { return m_docks; }
    /// The shipped layout: rail, the queue of the place, ticket, side.
    void resetLayout();
    /// Shows a dock, in front and with the keys; false where there is none of that name.
    bool showDock(const QString &id);
    bool isBuilt() const { return m_isBuilt; }

signals:
    void built(); ///< docks are there and restored

protected:
    void closeEvent(QCloseEvent *event) override;
    void showEvent(QShowEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void makeTopBar();
    void makeMenu(QToolButton *button);
    void build();
    void onFailed(const Error &error);
    QDockWidget *makeDock(const DockSpec &spec);
    void restoreLayout();
    void leadOneQueue();
    void shareWidth(QDockWidget *const (&first)[4]);
    void goTo(const QString &place);
    void chooseScheme(SchemeChoice choice);
    void chooseDensity(Density density);

    static constexpr int LayoutVersion = 2;

    desk::Session &m_session;
    Appearance &m_appearance;
    QSettings &m_settings;
    Workbench m_workbench;
    DockRegistry m_registry;
    QList<QDockWidget *> m_docks;
    SearchBox *m_search = nullptr;
    PlainLabel *m_me = nullptr;
    QToolButton *m_menu = nullptr;
    QDockWidget *m_leading = nullptr; ///< the queue that going elsewhere takes away
    StatusLine *m_status = nullptr;
    bool m_isBuilt = false;
    QDockWidget *m_groups[4] = {}; ///< the first dock of each group of the shipped layout
    bool m_sharesWhenShown = false;
};

} // namespace tierline::ui
