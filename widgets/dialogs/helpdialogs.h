#pragma once

#include "widgets/dialogs/formdialog.h"

namespace tierline::ui {

/// All shortcuts of the window, read from its actions, so that none can be missing. Thread: ui.
class KeysDialog : public FormDialog
{
    Q_OBJECT
public:
    /// `window`: whose actions are listed.
    KeysDialog(QWidget *window, QWidget *parent);

protected:
    void submit() override { accept(); }

private:
    void addGroup(
        const QString &title, const QList<std::pair<QString, QString>> &rows, QVBoxLayout *column);
};

/// Version, libraries and their licences.
class AboutDialog : public FormDialog
{
    Q_OBJECT
public:
    explicit AboutDialog(QWidget *parent);

protected:
    void submit() override { accept(); }
};

} // namespace tierline::ui
