#include "widgets/dialogs/filedialogs.h"

#include "widgets/common/accessible.h"
#include "widgets/common/choicebox.h"
#include "widgets/common/dialogseams.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"

#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

ImportDialog::ImportDialog(Workbench &workbench, QWidget *parent)
    : FileWorkDialog(workbench, tr("Import"), tr("Import"), parent)
    , m_kind(new ChoiceBox)
    , m_map(new ChoiceBox)
    , m_maxBad(new QLineEdit(u"0"_s))
{
    addIntroduction(tr(
        "What is imported is history: no rule acts on it and nobody is notified. The file is checked "
        "before anything is written."));
    addFile(tr("File"), tr("A log or ticket lines, packed (.gz) or not"));
    m_kind->add(u"tickets"_s, tr("Ticket lines (one JSON object a line)"));
    m_kind->add(u"log"_s, tr("Event log (CSV or XES) with a map"));
    m_kind->choose(u"tickets"_s);
    addField(u"kind"_s, tr("What is in it"), m_kind);
    for (const QString &name : desk::FileWork::shippedMaps())
        m_map->add(name, name);
    m_map->setCurrentIndex(-1);
    m_map->lineEdit()->setPlaceholderText(tr("A shipped map, or the path of a map file"));
    auto *row = new QWidget;
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(space::Tight);
    auto *choose = named(new QPushButton(tr("Choose…")), u"chooseMap"_s, tr("Choose a map file"));
    choose->setAutoDefault(false);
    line->addWidget(named(m_map, u"map"_s, tr("Map")), 1);
    line->addWidget(choose);
    row->setFocusProxy(m_map);
    row->setObjectName(u"mapRow"_s);
    m_mapBlock = set().make(u"map"_s, tr("Map of its columns"), row);
    m_mapBlock->hide();
    fields()->addWidget(m_mapBlock);
    m_maxBad->setValidator(new QIntValidator(0, 1'000'000, m_maxBad));
    addField(u"max-bad"_s, tr("Rows that may be wrong"), m_maxBad,
        tr("With more bad rows than that nothing is imported."));
    addProgress();
    connect(m_kind, &ChoiceBox::valueChanged, this, [this] {
        m_mapBlock->setVisible(m_kind->value() == u"log");
        fit();
    });
    connect(choose, &QPushButton::clicked, this, &ImportDialog::chooseMap);
    fileEdit()->setFocus();
}

void ImportDialog::chooseFile()
{
    filedialog::open(this,
        { .title = tr("Import a file"),
            .filters = { tr("Logs and ticket lines (*.csv *.xes *.jsonl *.ndjson *.gz)"),
                tr("All files (*)") } },
        this, [this](const QString &file) {
            fileEdit()->setText(file);
            // The name tells what is in it, in most cases.
            const QString name = file.toLower();
            m_kind->choose(
                name.contains(u".csv") || name.contains(u".xes") ? u"log"_s : u"tickets"_s);
        });
}

void ImportDialog::chooseMap()
{
    filedialog::open(this,
        { .title = tr("Choose a map"), .filters = { tr("Maps (*.json)"), tr("All files (*)") } },
        this, [this](const QString &file) { m_map->setEditText(file); });
}

void ImportDialog::start(desk::FileWork &work)
{
    const QString kind = m_kind->value();
    if (kind.isEmpty())
        return refuse(badInput(
            tr("“%1” is not in the list: choose one that is.").arg(m_kind->currentText().left(60)),
            u"kind"_s));
    desk::FileWork::Import import { .file = fileEdit()->text().trimmed(),
        .maxBad = m_maxBad->text().toLongLong() };
    if (kind == u"log") {
        const QString known = m_map->value();
        import.map = known.isEmpty() ? m_map->currentText().trimmed() : known;
        if (import.map.isEmpty())
            return refuse(badInput(
                tr("An event log needs a map that says what its columns mean."), u"map"_s));
    }
    work.import(import);
}

QString ImportDialog::sentence(const desk::FileOutcome &outcome) const
{
    const QLocale locale;
    QString said = tr("%1 rows read: %2 tickets, %3 new events.")
                       .arg(locale.toString(outcome.rows), locale.toString(outcome.tickets),
                           locale.toString(outcome.added));
    if (outcome.badCount > 0)
        said += u' ' + tr("%1 rows could not be read.").arg(locale.toString(outcome.badCount));
    return said;
}

ExportDialog::ExportDialog(Workbench &workbench, QWidget *parent)
    : FileWorkDialog(workbench, tr("Export"), tr("Export"), parent)
    , m_what(new ChoiceBox)
{
    m_what->add(u"0"_s, tr("Tickets"));
    m_what->add(u"1"_s, tr("Events of all tickets"));
    m_what->add(u"2"_s, tr("Audit: who changed what"));
    m_what->add(u"3"_s, tr("Figures"));
    addField(u"what"_s, tr("What"), m_what);
    addFile(tr("File"), tr("Its ending says the form: .csv, .json or .jsonl"));
    addProgress();
    m_what->setFocus();
}

void ExportDialog::chooseFile()
{
    filedialog::save(this,
        { .title = tr("Export to"),
            .filters = { tr("Ticket lines (*.jsonl)"), tr("Table (*.csv)"), tr("JSON (*.json)") },
            .suggestedName = u"tierline-export.jsonl"_s,
            .suffix = u"jsonl"_s },
        this, [this](const QString &file) { fileEdit()->setText(file); });
}

void ExportDialog::start(desk::FileWork &work)
{
    const QString what = m_what->value();
    if (what.isEmpty())
        return refuse(badInput(
            tr("“%1” is not in the list: choose one that is.").arg(m_what->currentText().left(60)),
            u"what"_s));
    work.exportTo(static_cast<desk::FileWork::What>(what.toInt()), fileEdit()->text().trimmed());
}

QString ExportDialog::sentence(const desk::FileOutcome &outcome) const
{
    return tr("%1 rows written to %2.")
        .arg(QLocale().toString(outcome.rows), oneLine(fileEdit()->text().trimmed()));
}

BackupDialog::BackupDialog(Workbench &workbench, QWidget *parent)
    : FileWorkDialog(workbench, tr("Back up"), tr("Back up"), parent)
{
    addIntroduction(tr(
        "One file with everything in this workspace, attachments included. Work goes on meanwhile. "
        "Tierline does not encrypt it: keep it where only you can read it."));
    addFile(tr("File"), tr("Where the copy goes; a file of that name is replaced"));
    addProgress();
    fileEdit()->setFocus();
}

void BackupDialog::chooseFile()
{
    filedialog::save(this,
        { .title = tr("Back up to"),
            .filters = { tr("Backups (*.db)") },
            .suggestedName = u"tierline-backup.db"_s,
            .suffix = u"db"_s },
        this, [this](const QString &file) { fileEdit()->setText(file); });
}

void BackupDialog::start(desk::FileWork &work)
{
    work.backup(fileEdit()->text().trimmed());
}

QString BackupDialog::sentence(const desk::FileOutcome &) const
{
    return tr("The workspace is backed up to %1.").arg(oneLine(fileEdit()->text().trimmed()));
}

} // namespace tierline::ui
