#include "widgets/dialogs/filedialogs.h"

#include "widgets/common/accessible.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"

#include <QLineEdit>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

FileWorkDialog::FileWorkDialog(
    Workbench &workbench, const QString &title, const QString &verb, QWidget *parent)
    : FormDialog(title, verb, parent)
    , m_workbench(workbench)
    , m_work(workbench.session())
    , m_file(new QLineEdit)
    , m_bar(new QProgressBar)
    , m_phase(new PlainLabel)
    , m_result(new PlainLabel)
    , m_bad(new QListWidget)
{
    setMinimumWidth(560);
    connect(&m_work, &desk::FileWork::progressed, this, &FileWorkDialog::showProgress);
    connect(&m_work, &desk::FileWork::finished, this, &FileWorkDialog::end);
}

void FileWorkDialog::addFile(const QString &label, const QString &placeholder)
{
    auto *row = new QWidget;
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(space::Tight);
    auto *choose = named(new QPushButton(tr("Choose…")), u"choose"_s, tr("Choose a file"));
    choose->setAutoDefault(false);
    m_file->setPlaceholderText(placeholder);
    named(m_file, u"file"_s, label);
    line->addWidget(m_file, 1);
    line->addWidget(choose);
    row->setFocusProxy(m_file);
    row->setObjectName(u"fileRow"_s);
    addField(u"file"_s, label, row);
    connect(choose, &QPushButton::clicked, this, [this] { chooseFile(); });
}

void FileWorkDialog::addProgress()
{
    m_phase->setObjectName(u"phase"_s);
    setTextRole(m_phase, TextRole::Muted);
    named(m_bar, u"progress"_s, tr("Progress"));
    m_bar->setTextVisible(false);
    m_result->setObjectName(u"result"_s);
    m_result->setWordWrap(true);
    setTextRole(m_result, TextRole::Strong);
    named(m_bad, u"badRows"_s, tr("Rows that could not be read"));
    m_bad->setMinimumHeight(140);
    m_bad->setWordWrap(true);
    m_bad->setTextElideMode(Qt::ElideNone);
    for (QWidget *each : std::initializer_list<QWidget *> { m_phase, m_bar, m_result, m_bad }) {
        each->hide();
        fields()->addWidget(each);
    }
    fields()->addStretch();
}

QString FileWorkDialog::result() const
{
    return m_result->isHidden() ? QString() : m_result->text();
}

void FileWorkDialog::submit()
{
    if (m_work.isRunning())
        return;
    clearRefusal();
    m_result->hide();
    m_bad->hide();
    if (m_file->text().trimmed().isEmpty())
        return refuse(badInput(tr("No file is named: choose one."), u"file"_s));
    start(m_work);
    if (!m_work.isRunning())
        return;
    setBusy(true);
    m_phase->setText(tr("Starting"));
    m_phase->show();
    m_bar->setRange(0, 0);
    m_bar->show();
    fit();
}

void FileWorkDialog::reject()
{
    if (!m_work.isRunning())
        return FormDialog::reject();
    m_work.cancel();
    m_phase->setText(tr("Stopping; what was begun is taken back"));
}

void FileWorkDialog::showProgress(const desk::FileProgress &progress)
{
    using Phase = desk::FileProgress::Phase;
    const QLocale locale;
    QString words;
    switch (progress.phase) {
    case Phase::Checking: words = tr("Checking the file; nothing is written yet"); break;
    case Phase::Writing: words = tr("Writing"); break;
    case Phase::Indexing: words = tr("Making the text searchable"); break;
    case Phase::Finishing: words = tr("Finishing"); break;
    case Phase::Undoing: words = tr("Taking back what was begun"); break;
    }
    const bool isKnown = progress.total > 0;
    if (!isKnown && progress.done > 0 && progress.phase == Phase::Writing)
        words = tr("Writing, %1 rows so far").arg(locale.toString(progress.done));
    m_phase->setText(words);
    // Per mille: totals may be larger than a bar can count.
    m_bar->setRange(0, isKnown ? 1000 : 0);
    if (isKnown)
        m_bar->setValue(int(progress.done * 1000.0 / double(progress.total)));
}

void FileWorkDialog::end(const Result<desk::FileOutcome> &outcome)
{
    setBusy(false);
    m_phase->hide();
    m_bar->hide();
    if (!outcome) {
        if (outcome.error().fault == Fault::Cancelled) {
            m_result->setText(tr("Stopped. The workspace is as it was."));
            m_result->show();
            return;
        }
        refuse(outcome.error());
        return;
    }
    m_result->setText(sentence(*outcome));
    m_result->show();
    announce(m_result, m_result->text());
    m_bad->clear();
    for (const desk::FileOutcome::BadRow &row : outcome->bad)
        m_bad->addItem(oneLine(tr("Line %1: %2").arg(QLocale().toString(row.line), row.why)));
    m_bad->setVisible(!outcome->bad.isEmpty());
    cancelButton()->setText(tr("Close"));
    cancelButton()->setFocus();
    fit();
    emit m_workbench.said(m_result->text(), {});
}

} // namespace tierline::ui
