#pragma once

#include "widgets/docks/api/workbench.h"

#include <QAbstractListModel>
#include <QFrame>
#include <QLineEdit>
#include <QListView>

namespace tierline::ui {

class PlainLabel;

/// Hits of one search, newest first. Replaced as a whole: each key press is another question.
class SearchResults : public QAbstractListModel
{
    Q_OBJECT
public:
    enum Role {
        TicketRole = Qt::UserRole + 1,
        SnippetRole,
        TierRole,
        RankRole,
        StatusRole,
        KeyRole,
        CustomerRole
    };

    explicit SearchResults(Workbench &workbench, QObject *parent = nullptr);
    void set(std::vector<storage::SearchHit> hits);
    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    Workbench &m_workbench;
    std::vector<storage::SearchHit> m_hits;
};

/// The search field of the top bar, with its results below while somebody types. A newer question stops
/// the older one. What is found within a moment is shown at once, and the rest when it is there.
/// Thread: ui.
class SearchBox : public QLineEdit
{
    Q_OBJECT
public:
    explicit SearchBox(Workbench &workbench, QWidget *parent = nullptr);

    QListView &results() { return *m_list; }

signals:
    void answered(); ///< results of the present text are shown

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void ask();
    void askFor(Millis patience);
    void show(const storage::SearchPage &page);
    void place();
    void open(const QModelIndex &index);

    Workbench &m_workbench;
    SearchResults m_model;
    QAction *m_glass = nullptr; ///< the drawing at the left
    QString m_key; ///< what brings the keys here, shown while the field is empty
    QFrame *m_panel = nullptr;
    QListView *m_list = nullptr;
    PlainLabel *m_hint = nullptr;
    quint64 m_generation = 0;
    storage::StopFlag m_stop; ///< of the question that is under way
};

} // namespace tierline::ui
