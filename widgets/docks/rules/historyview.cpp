#include "widgets/docks/rules/historyview.h"

#include "core/desk/worddiff.h"
#include "widgets/common/accessible.h"
#include "widgets/common/errortext.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"
#include "widgets/docks/rules/readtable.h"
#include "widgets/docks/rules/rulelist.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTableView>
#include <QTextCursor>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

QString stateOf(const QString &stateCode)
{
    const auto state = fromCode<RuleState>(stateCode);
    return state ? stateWords(*state) : stateCode;
}

} // namespace

HistoryView::HistoryView(Workbench &workbench, TimeWords words, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_words(std::move(words))
    , m_summary(new PlainLabel)
    , m_close(named(new QPushButton(tr("Close")), u"historyClose"_s, tr("Close")))
    , m_table(
          named(new GrowsFrom<QTableView>(96), u"historySteps"_s, tr("What was done to the rule")))
    , m_why(new PlainLabel)
    , m_compare(new QWidget)
    , m_against(named(new QComboBox, u"historyAgainst"_s, tr("Compared with")))
    , m_text(named(
          new GrowsFrom<QPlainTextEdit>(72), u"historyText"_s, tr("What changed in the sentence")))
    , m_back(named(new QPushButton, u"historyBack"_s, tr("Back to this version")))
{
    m_summary->setObjectName(u"historySummary"_s);
    m_summary->setWordWrap(true);
    setTextRole(m_summary, TextRole::Strong);
    m_why->setObjectName(u"historyWhy"_s);
    m_why->setWordWrap(true);
    m_close->setAutoDefault(false);
    m_back->setAutoDefault(false);
    m_rows.setHorizontalHeaderLabels({ tr("What"), tr("When"), tr("Who"), tr("Why") });
    m_table->setModel(&m_rows);
    dressReadTable(*m_table);
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_against->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_against->setMinimumContentsLength(14);
    auto *head = new QHBoxLayout;
    head->setSpacing(space::Tight);
    head->addWidget(m_summary, 1);
    head->addWidget(m_close, 0, Qt::AlignTop);
    auto *against = new PlainLabel(tr("Compared with"));
    setTextRole(against, TextRole::Muted);
    auto *row = new QHBoxLayout(m_compare);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::Tight);
    row->addWidget(against);
    row->addWidget(m_against);
    row->addStretch();
    row->addWidget(m_back);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::Tight);
    column->addLayout(head);
    column->addWidget(m_table, 2);
    column->addWidget(m_why);
    column->addWidget(m_text, 1);
    column->addWidget(m_compare);
    column->addStretch();
    setFocusProxy(m_table);
    connect(m_close, &QPushButton::clicked, this, &HistoryView::closeWanted);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        &HistoryView::showStep);
    connect(m_against, &QComboBox::activated, this, &HistoryView::showDifference);
    connect(m_back, &QPushButton::clicked, this, [this] {
        if (const desk::RuleStep *step = chosen(); step && step->version > 0)
            emit rollBackWanted(m_rule.id, step->version, step->text);
    });
}

QString HistoryView::summary() const
{
    return m_summary->text();
}

void HistoryView::start(const StoredRule &rule, bool mayChange)
{
    m_rule = rule;
    m_mayChange = mayChange;
    m_rows.removeRows(0, m_rows.rowCount());
    m_history = {};
    m_texts.clear();
    showStep();
    m_summary->setText(tr("Reading what was done to it …"));
    read();
}

void HistoryView::read()
{
    m_isReading = true;
    m_workbench.session()
        .read(
            [rule = m_rule.id, now = m_workbench.clock().now()](
                storage::Connection &connection, const Visibility &visibility) {
                return desk::loadRuleHistory(connection, visibility, rule, now);
            },
            storage::Lane::Figures)
        .then(&m_workbench.session(),
            [self = QPointer(this), reading = ++m_reading](
                const Result<desk::RuleHistory> &history) {
                if (!self || reading != self->m_reading)
                    return;
                self->m_isReading = false;
                if (!history) {
                    self->m_summary->setText(errorLine(history.error()));
                    return;
                }
                self->m_history = *history;
                self->fill();
            });
}

void HistoryView::fill()
{
    for (const desk::RuleStep &step : m_history.steps) {
        addRow(step);
        if (step.version > 0)
            m_texts[step.version] = step.text;
    }
    fitColumns(*m_table, 3);
    fitRows(*m_table);
    // Figures behind their names: right for one and for many.
    m_summary->setText(tr("Changes: %1 · versions of the sentence: %2")
                           .arg(m_words.locale.toString(m_history.steps.size()),
                               m_words.locale.toString(m_texts.size())));
    if (m_rows.rowCount() > 0)
        m_table->setCurrentIndex(m_rows.index(0, 0));
    announce(m_summary, m_summary->text());
}

QString HistoryView::whatText(const RuleChange &change) const
{
    using What = RuleChange::What;
    switch (change.what) {
    case What::Added: return tr("version 1");
    case What::Text: return tr("version %1").arg(change.after);
    case What::RolledBack: return tr("version %1, an earlier one again").arg(change.after);
    case What::State: return stateOf(change.after);
    case What::Order: return tr("number %1, was %2").arg(change.after, change.before);
    case What::Cap:
        return change.after == u"0"_s ? tr("no weekly limit")
                                      : tr("at most %1 a week").arg(change.after);
    }
    return {};
}

void HistoryView::addRow(const desk::RuleStep &step)
{
    const Instant now = m_workbench.clock().now();
    auto *what = new QStandardItem(oneLine(whatText(step.change), 80));
    auto *when = new QStandardItem(m_words.stamp(step.change.at, now));
    when->setToolTip(m_words.exact(step.change.at));
    auto *who = new QStandardItem(oneLine(step.who, 60));
    auto *why = new QStandardItem(oneLine(step.change.why, 300));
    why->setData(asRichSource(plainLines(step.change.why)), Qt::ToolTipRole);
    what->setData(
        tr("%1, %2, %3, because %4").arg(what->text(), when->text(), who->text(), why->text()),
        Qt::AccessibleTextRole);
    m_rows.appendRow({ what, when, who, why });
}

const desk::RuleStep *HistoryView::chosen() const
{
    const int row = m_table->currentIndex().row();
    return row >= 0 && size_t(row) < m_history.steps.size() ? &m_history.steps[size_t(row)]
                                                            : nullptr;
}

QString HistoryView::movedText(const desk::MetricMove &moved) const
{
    const auto figure = [&](std::optional<double> value) {
        if (!value)
            return tr("nothing to count");
        return moved.metric == desk::RuleMetric::FiresAWeek
            ? m_words.locale.toString(*value, 'f', 1)
            : tr("%1 %").arg(qRound(*value * 100));
    };
    QString name;
    switch (moved.metric) {
    case desk::RuleMetric::FiresAWeek: name = tr("Fires a week"); break;
    case desk::RuleMetric::Precision: name = tr("Precision"); break;
    case desk::RuleMetric::EscalationRate: name = tr("Escalation rate"); break;
    }
    if (moved.daysAfter < 1)
        return tr("%1 in the four weeks before: %2. After it: counted from the first day on.")
            .arg(name, figure(moved.before));
    return tr("%1 in the four weeks before: %2, in the %3 days after: %4.")
        .arg(name, figure(moved.before), m_words.locale.toString(moved.daysAfter),
            figure(moved.after));
}

void HistoryView::showStep()
{
    const desk::RuleStep *step = chosen();
    QStringList said;
    if (step) {
        said.append(step->change.why);
        if (!step->change.metric.isEmpty())
            said.append(tr("Prompted by: %1").arg(step->change.metric));
        if (step->moved)
            said.append(movedText(*step->moved));
    }
    m_why->setText(plainLines(said.join(u'\n'), 900, 8));
    m_why->setVisible(!said.isEmpty());
    const bool hasText = step && step->version > 0;
    m_text->setVisible(hasText);
    m_compare->setVisible(hasText);
    if (!hasText)
        return;
    const QSignalBlocker still(m_against);
    m_against->clear();
    for (auto version = m_texts.crbegin(); version != m_texts.crend(); ++version) {
        if (version->first != step->version)
            m_against->addItem(tr("version %1").arg(version->first), version->first);
    }
    m_against->setEnabled(m_against->count() > 0);
    m_against->setCurrentIndex(std::max(0, m_against->findData(step->version - 1)));
    m_back->setText(tr("Back to version %1…").arg(step->version));
    m_back->setAccessibleName(m_back->text());
    m_back->setVisible(m_mayChange && step->text != m_rule.text);
    showDifference();
}

void HistoryView::showDifference()
{
    const desk::RuleStep *step = chosen();
    if (!step)
        return;
    const auto before = m_texts.find(m_against->currentData().toInt());
    // The older one is the first text, whichever was chosen.
    const bool isOlder = before != m_texts.end() && before->first < step->version;
    const QString other = before == m_texts.end() ? step->text : before->second;
    const auto pieces
        = isOlder ? desk::wordDiff(other, step->text) : desk::wordDiff(step->text, other);
    const Theme &theme = Theme::of(this);
    QTextCharFormat same, gone, come;
    gone.setForeground(theme[Token::Breached]);
    gone.setFontStrikeOut(true);
    come.setForeground(theme[Token::Met]);
    come.setFontUnderline(true);
    m_text->clear();
    m_difference.clear();
    QTextCursor cursor(m_text->document());
    for (const desk::DiffPiece &piece : pieces) {
        using Mark = desk::DiffPiece::Mark;
        cursor.insertText(piece.text,
            piece.mark == Mark::Gone       ? gone
                : piece.mark == Mark::Come ? come
                                           : same);
        m_difference += piece.mark == Mark::Gone ? u"[-%1-]"_s.arg(piece.text)
            : piece.mark == Mark::Come           ? u"[+%1+]"_s.arg(piece.text)
                                                 : piece.text;
    }
    m_text->moveCursor(QTextCursor::Start);
    m_text->setAccessibleDescription(oneLine(m_difference, 2'000));
}

} // namespace tierline::ui
