#include "widgets/dialogs/matrixpage.h"

#include "widgets/common/accessible.h"
#include "widgets/common/choicebox.h"
#include "widgets/common/dialogseams.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"
#include "widgets/dialogs/pathrows.h"
#include "widgets/dialogs/words.h"

#include <QCompleter>
#include <QDateTime>
#include <QFileInfo>
#include <QLineEdit>
#include <QListWidget>
#include <QLocale>
#include <QPdfWriter>
#include <QPromise>
#include <QPushButton>
#include <QSpinBox>
#include <QTextDocument>
#include <QThreadPool>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;
using escalation::Matrix;
using escalation::MatrixCell;

namespace {

constexpr qsizetype mostGapsNamed = 6;

/// What sets a line apart from all others, in any case of letters.
QString keyOf(const MatrixCell &cell)
{
    const QStringList parts { cell.category, cell.type, cell.plan,
        cell.severity ? code(*cell.severity) : QString() };
    return parts.join(u'\n').toLower() + u'\n'; // never empty, which is a new one
}

bool writePdf(const QString &file, const QString &html, const QString &title)
{
    QPdfWriter writer(file);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setPageMargins({ 15, 15, 15, 15 }, QPageLayout::Millimeter);
    writer.setTitle(title);
    QTextDocument sheet;
    sheet.setHtml(html);
    sheet.print(&writer);
    return QFileInfo(file).size() > 0;
}

QString severityText(Severity severity)
{
    switch (severity) {
    case Severity::Critical: return MatrixPage::tr("critical");
    case Severity::High: return MatrixPage::tr("high");
    case Severity::Medium: return MatrixPage::tr("medium");
    case Severity::Low: break;
    }
    return MatrixPage::tr("low");
}

void offer(QLineEdit *line, const QStringList &words)
{
    auto *completer = new QCompleter(words, line);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    line->setCompleter(completer);
}

} // namespace

MatrixPage::MatrixPage(Workbench &workbench)
    : ListPage(workbench, tr("Lines of the matrix"), tr("Add a line"))
    , m_category(new QLineEdit)
    , m_type(new QLineEdit)
    , m_plan(new QLineEdit)
    , m_severity(new ChoiceBox)
    , m_path(new PathRows)
    , m_kind(new ChoiceBox)
    , m_priority(new QSpinBox)
    , m_procedure(new QLineEdit)
    , m_why(new QLineEdit)
    , m_gaps(new PlainLabel)
    , m_remove(new QPushButton(tr("Remove")))
    , m_begin(new QPushButton(tr("Begin with the lines that come with Tierline")))
    , m_print(new QPushButton(tr("Save for printing…")))
{
    for (QLineEdit *any : { m_category, m_type, m_plan })
        any->setPlaceholderText(tr("any"));
    m_severity->setMinimumContentsLength(6);
    m_severity->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_severity->add(u"any"_s, tr("any"));
    for (const Severity severity :
        { Severity::Critical, Severity::High, Severity::Medium, Severity::Low })
        m_severity->add(code(severity), severityText(severity));
    for (const EscalationKind kind :
        { EscalationKind::Functional, EscalationKind::Hierarchical, EscalationKind::Priority })
        m_kind->add(code(kind), kindText(kind));
    m_priority->setRange(0, 3);
    m_priority->setSpecialValueText(tr("stays"));
    m_priority->setPrefix(u"+"_s);
    m_procedure->setPlaceholderText(tr("“Refunds above the limit”"));
    m_why->setPlaceholderText(tr("“Finance takes refunds since October.”"));
    m_remove->setObjectName(u"remove"_s);
    m_begin->setObjectName(u"begin"_s);
    m_print->setObjectName(u"print"_s);
    for (QPushButton *button : { m_remove, m_begin, m_print })
        button->setAutoDefault(false);
    setProminence(m_remove, Prominence::Danger);
    side()->addWidget(m_remove);
    side()->addWidget(m_print);

    addRow(editor(),
        { set().make(u"category"_s, tr("Category"), m_category),
            set().make(u"type"_s, tr("Type"), m_type), set().make(u"plan"_s, tr("Plan"), m_plan),
            set().make(u"severity"_s, tr("Severity"), m_severity) });
    set().alias(u"cells"_s, u"category"_s);
    editor()->addWidget(set().make(u"path"_s, tr("Path"), m_path,
        tr("Where nobody accepts the ticket in that time it goes on to the next step.")));
    addRow(editor(),
        { set().make(u"kind"_s, tr("Kind"), m_kind),
            set().make(u"priority"_s, tr("Priority rises by"), m_priority) });
    addRow(editor(),
        { set().make(u"procedure"_s, tr("Procedure (optional)"), m_procedure),
            set().make(u"why"_s, tr("Why it changes"), m_why) });
    m_path->setTabPlace(m_severity, m_kind);
    m_gaps->setObjectName(u"gaps"_s);
    m_gaps->setWordWrap(true);
    setTextRole(m_gaps, TextRole::Muted);
    editor()->addWidget(m_gaps);
    editor()->addWidget(m_begin, 0, Qt::AlignLeft);
    m_begin->hide();
    closeEditor();
    setFields({ m_category, m_type, m_plan, m_severity, m_path, m_kind, m_priority, m_procedure });
    const bool may = MatrixPage::mayChange();
    addButton()->setEnabled(may);
    m_why->setEnabled(may);
    connect(m_remove, &QPushButton::clicked, this, &MatrixPage::removeCurrent);
    connect(m_begin, &QPushButton::clicked, this, &MatrixPage::beginWithShipped);
    connect(m_print, &QPushButton::clicked, this, &MatrixPage::choosePrintFile);
    connect(&workbench.session(), &desk::Session::ticketsChanged, this,
        [this](const QList<TicketId> &, bool everything) {
            if (everything)
                read();
        });
    read();
}

bool MatrixPage::mayChange() const
{
    return people().me.role == Role::Admin || people().me.role == Role::Lead;
}

QString MatrixPage::whoMay() const
{
    return tr("Where tickets go is for leads and admins to change.");
}

void MatrixPage::read()
{
    if (std::exchange(m_isReading, true)) {
        m_isStale = true;
        return;
    }
    m_isStale = false;
    // The context must outlive the continuation, which a page need not.
    workbench()
        .session()
        .read([](storage::Connection &connection, const Visibility &) {
            return desk::loadMatrixBoard(connection);
        })
        .then(&workbench().session(),
            [self = QPointer(this)](const Result<desk::MatrixBoard> &board) {
                if (!self)
                    return;
                self->m_isReading = false;
                if (!board)
                    return self->refuse(board.error());
                self->take(*board);
                if (self->m_isStale)
                    self->read();
            });
}

void MatrixPage::take(const desk::MatrixBoard &board)
{
    m_board = board;
    m_path->setPeople(board.book);
    offer(m_category, board.categories);
    offer(m_plan, board.plans);
    showGaps();
    if (std::exchange(m_isRead, true))
        follow();
    else
        start();
}

void MatrixPage::showGaps()
{
    const bool isEmpty = m_board.book.matrix.empty();
    m_begin->setVisible(isEmpty && people().me.role == Role::Admin);
    m_print->setEnabled(!isEmpty);
    if (isEmpty) {
        m_gaps->setText(
            tr("There is no matrix yet: tickets go to the next tier up, and whoever "
               "escalates chooses the team. A line says for one kind of ticket where it goes."));
        return;
    }
    QStringList named;
    qsizetype gaps = 0;
    for (const escalation::MatrixRow &row : m_board.rows()) {
        if (row.cell || ++gaps > mostGapsNamed)
            continue;
        const escalation::MatrixGap &at = row.combination;
        named.append(escalation::nameOf(
            { .category = at.category, .plan = at.plan, .severity = at.severity }));
    }
    if (gaps == 0)
        m_gaps->setText(
            tr("Edition %1. Every combination of category, plan and severity has one path.")
                .arg(m_board.book.edition));
    else
        m_gaps->setText(
            tr("Edition %1. %Ln combination(s) without a path: %2%3", nullptr, int(gaps))
                .arg(QString::number(m_board.book.edition), named.join(u"; "_s),
                    gaps > mostGapsNamed ? u" …"_s : u"."_s));
}

QList<std::pair<QString, QString>> MatrixPage::entries() const
{
    QList<std::pair<QString, QString>> list;
    for (const MatrixCell &cell : m_board.book.matrix)
        list.append({ keyOf(cell), escalation::nameOf(cell) });
    return list;
}

void MatrixPage::load(const QString &key)
{
    MatrixCell shown;
    for (const MatrixCell &cell : m_board.book.matrix) {
        if (keyOf(cell) == key)
            shown = cell;
    }
    m_category->setText(shown.category);
    m_type->setText(shown.type);
    m_plan->setText(shown.plan);
    m_severity->choose(shown.severity ? code(*shown.severity) : u"any"_s);
    if (shown.steps.empty())
        shown.steps.push_back({ escalation::Destination::Tier, {} });
    m_path->setSteps(shown.steps);
    m_kind->choose(code(shown.kind));
    m_priority->setValue(shown.priorityStep);
    m_procedure->setText(shown.procedure);
    m_why->clear();
    m_remove->setEnabled(mayChange() && !key.isEmpty());
    if (key.isEmpty() && isVisible())
        m_category->setFocus();
}

Result<MatrixCell> MatrixPage::cell()
{
    TIERLINE_TRY(steps, m_path->steps());
    MatrixCell cell { .category = m_category->text().simplified(),
        .type = m_type->text().simplified(),
        .plan = m_plan->text().simplified(),
        .steps = steps,
        .priorityStep = m_priority->value(),
        .procedure = m_procedure->text().simplified() };
    if (m_severity->isUnclear())
        return badInput(tr("“%1” is no severity: choose one of the list.")
                            .arg(m_severity->currentText().trimmed().left(40)),
            u"severity"_s);
    cell.severity = fromCode<Severity>(m_severity->value());
    cell.kind = fromCode<EscalationKind>(m_kind->value()).value_or(EscalationKind::Functional);
    return cell;
}

void MatrixPage::save()
{
    const auto made = cell();
    if (!made) {
        if (made.error().where != u"path") // which says it below its row
            refuse(made.error());
        return;
    }
    Matrix matrix = m_board.book.matrix;
    const auto held = std::ranges::find(matrix, key(), keyOf);
    if (held == matrix.end())
        matrix.push_back(*made);
    else
        *held = *made;
    m_isRemoving = false;
    runSave(keyOf(*made), commands::SaveMatrix { matrix, m_why->text().trimmed() });
}

void MatrixPage::removeCurrent()
{
    if (!mayChange() || isNew())
        return;
    Matrix matrix = m_board.book.matrix;
    std::erase_if(matrix, [this](const MatrixCell &one) { return keyOf(one) == key(); });
    m_isRemoving = true;
    run(commands::SaveMatrix { matrix, m_why->text().trimmed() });
}

void MatrixPage::beginWithShipped()
{
    const QString why = m_why->text().trimmed();
    m_isRemoving = true; // no line of ours is saved by it
    run(commands::BeginMatrix { why.isEmpty() ? tr("A matrix to begin with.") : why });
}

void MatrixPage::done()
{
    // What was taken out is gone from the list when it has been read.
    if (!std::exchange(m_isRemoving, false)) {
        ListPage::done();
        m_why->clear();
    }
    read();
}

void MatrixPage::choosePrintFile()
{
    filedialog::save(this,
        { .title = tr("Save the matrix for printing"),
            .filters = { tr("PDF (*.pdf)") },
            .suggestedName = tr("matrix.pdf"),
            .suffix = u"pdf"_s },
        this, [this](const QString &file) { print(file); });
}

void MatrixPage::print(const QString &file)
{
    const QString when = QLocale().toString(
        QDateTime::fromMSecsSinceEpoch(workbench().clock().now().ms), QLocale::ShortFormat);
    // Laying out pages and writing a file are no work for this thread.
    auto promise = std::make_shared<QPromise<bool>>();
    QFuture<bool> written = promise->future();
    promise->start();
    QThreadPool::globalInstance()->start(
        [promise, file, html = desk::matrixSheet(m_board, when), title = tr("Escalation matrix")] {
            promise->addResult(writePdf(file, html, title));
            promise->finish();
        });
    written.then(&workbench().session(), [self = QPointer(this), file](bool isWritten) {
        if (!self)
            return;
        if (!isWritten)
            self->refuse(storageError(tr("%1 cannot be written: choose another place.").arg(file)));
        emit self->printed(isWritten);
    });
}

} // namespace tierline::ui
