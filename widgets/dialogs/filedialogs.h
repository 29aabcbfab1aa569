#pragma once

#include "core/desk/filework.h"
#include "widgets/dialogs/formdialog.h"

class QLineEdit;
class QListWidget;
class QProgressBar;

namespace tierline::ui {

class ChoiceBox;

/// What import, export and backup have in common: a file, a bar with words while it runs, Cancel that
/// leaves everything as it was, and a result that stays until it was read. Thread: ui.
class FileWorkDialog : public FormDialog
{
    Q_OBJECT
public:
    FileWorkDialog(
        Workbench &workbench, const QString &title, const QString &verb, QWidget *parent);

    bool isRunning() const { return m_work.isRunning(); }
    QString result() const;
    /// Esc and Cancel stop what runs first, and close after that.
    void reject() override;

protected:
    void submit() override;
    /// Starts the work, or refuses.
    virtual void start(desk::FileWork &work) = 0;
    /// What was done, in a sentence.
    virtual QString sentence(const desk::FileOutcome &outcome) const = 0;
    virtual void chooseFile() = 0;

    /// A line for a path with a button that opens a file dialog.
    void addFile(const QString &label, const QString &placeholder);
    /// Bar and result, below the fields.
    void addProgress();
    QLineEdit *fileEdit() const { return m_file; }
    Workbench &workbench() { return m_workbench; }

private:
    void showProgress(const desk::FileProgress &progress);
    void end(const Result<desk::FileOutcome> &outcome);

    Workbench &m_workbench;
    desk::FileWork m_work;
    QLineEdit *m_file;
    QProgressBar *m_bar;
    PlainLabel *m_phase;
    PlainLabel *m_result;
    QListWidget *m_bad;
};

/// Event logs and ticket lines.
class ImportDialog : public FileWorkDialog
{
    Q_OBJECT
public:
    ImportDialog(Workbench &workbench, QWidget *parent);

protected:
    void start(desk::FileWork &work) override;
    QString sentence(const desk::FileOutcome &outcome) const override;
    void chooseFile() override;

private:
    void chooseMap();
    ChoiceBox *m_kind;
    ChoiceBox *m_map;
    QWidget *m_mapBlock;
    QLineEdit *m_maxBad;
};

class ExportDialog : public FileWorkDialog
{
    Q_OBJECT
public:
    ExportDialog(Workbench &workbench, QWidget *parent);

protected:
    void start(desk::FileWork &work) override;
    QString sentence(const desk::FileOutcome &outcome) const override;
    void chooseFile() override;

private:
    ChoiceBox *m_what;
};

class BackupDialog : public FileWorkDialog
{
    Q_OBJECT
public:
    BackupDialog(Workbench &workbench, QWidget *parent);

protected:
    void start(desk::FileWork &work) override;
    QString sentence(const desk::FileOutcome &outcome) const override;
    void chooseFile() override;
};

} // namespace tierline::ui
