#include "widgets/docks/rules/explainview.h"

#include "widgets/common/accessible.h"
#include "widgets/common/errortext.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"
#include "widgets/docks/rules/readtable.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

ExplainView::ExplainView(Workbench &workbench, TimeWords words, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_words(std::move(words))
    , m_work(workbench.session())
    , m_ticket(named(new QLineEdit, u"explainTicket"_s, tr("Ticket")))
    , m_when(named(new QLineEdit, u"explainWhen"_s, tr("When, empty for now")))
    , m_ask(named(new QPushButton(tr("Ask")), u"explainAsk"_s, tr("Ask")))
    , m_close(named(new QPushButton(tr("Close")), u"explainClose"_s, tr("Close")))
    , m_summary(new PlainLabel)
    , m_facts(new PlainLabel)
    , m_table(named(
          new GrowsFrom<QTableView>(96), u"explainConditions"_s, tr("Conditions of the rule")))
{
    m_ticket->setPlaceholderText(tr("Ticket"));
    m_when->setPlaceholderText(tr("Now"));
    setPlainToolTip(m_when, tr("An instant of the past, such as 2026-06-08 14:30; empty for now"));
    m_ticket->setMaxLength(200);
    m_when->setMaxLength(60);
    m_summary->setObjectName(u"explainSummary"_s);
    m_facts->setObjectName(u"explainFacts"_s);
    m_summary->setWordWrap(true);
    m_facts->setWordWrap(true);
    setTextRole(m_summary, TextRole::Strong);
    setTextRole(m_facts, TextRole::Muted);
    m_ask->setAutoDefault(false);
    m_close->setAutoDefault(false);
    m_rows.setHorizontalHeaderLabels({ tr("Held"), tr("Condition"), tr("Then") });
    m_table->setModel(&m_rows);
    dressReadTable(*m_table);
    auto *head = new QHBoxLayout;
    head->setSpacing(space::Tight);
    head->addWidget(m_ticket, 2);
    head->addWidget(m_when, 3);
    head->addWidget(m_ask);
    head->addWidget(m_close);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::Tight);
    column->addLayout(head);
    column->addWidget(m_summary);
    column->addWidget(m_facts);
    column->addWidget(m_table, 1);
    column->addStretch();
    setFocusProxy(m_ticket);
    connect(m_ask, &QPushButton::clicked, this, &ExplainView::ask);
    connect(m_close, &QPushButton::clicked, this, &ExplainView::closeWanted);
    connect(&m_work, &desk::ExplainWork::finished, this, &ExplainView::show);
}

QString ExplainView::summary() const
{
    return m_summary->text();
}

void ExplainView::start(const QString &rule, const QString &text)
{
    m_rule = rule;
    m_text = text;
    const auto open = m_workbench.ticket();
    if (open)
        m_ticket->setText(open->details.state.ticket.key);
    m_when->clear();
    m_rows.removeRows(0, m_rows.rowCount());
    m_table->hide();
    m_facts->hide();
    m_summary->setText(tr("Of which ticket shall the rule say why?"));
    if (!m_ticket->text().trimmed().isEmpty())
        ask();
}

void ExplainView::ask()
{
    const QString key = m_ticket->text().trimmed();
    m_table->hide();
    m_facts->hide();
    if (key.isEmpty()) {
        m_summary->setText(tr("Of which ticket shall the rule say why?"));
        m_ticket->setFocus(Qt::OtherFocusReason);
        return;
    }
    const auto at = desk::instantAsWritten(m_when->text(), m_words.zone, m_workbench.clock().now());
    if (!at) {
        m_summary->setText(plainLines(errorLine(at.error()), 400, 3));
        m_when->setFocus(Qt::OtherFocusReason);
        announce(m_summary, m_summary->text());
        return;
    }
    m_summary->setText(tr("Asking …"));
    m_work.start(m_rule, m_text, key, *at);
}

void ExplainView::keyPressEvent(QKeyEvent *event)
{
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    const bool isOfField = focusWidget() == m_ticket || focusWidget() == m_when;
    if (isEnter && (isOfField || focusWidget() == m_ask) && event->modifiers() == Qt::NoModifier) {
        ask();
        return;
    }
    if (event->key() == Qt::Key_Escape) {
        emit closeWanted();
        return;
    }
    QWidget::keyPressEvent(event);
}

/// What became of it, beside what held.
QString ExplainView::deedText(const Firing &firing) const
{
    const QString when = m_words.stamp(firing.at, m_workbench.clock().now());
    switch (firing.outcome) {
    case FiringOutcome::Fired: return tr("It acted on it, last %1.").arg(when);
    case FiringOutcome::Shadow:
    case FiringOutcome::WouldFire:
        return tr("It only noted what it would have done, last %1.").arg(when);
    case FiringOutcome::Capped:
        return tr("Its weekly limit was reached, last %1: it only noted it.").arg(when);
    case FiringOutcome::Refused:
        return tr("A guard refused what it would have done, %1.").arg(when);
    case FiringOutcome::Collapsed:
    case FiringOutcome::Standing:
    case FiringOutcome::Ended:
    case FiringOutcome::Stopped:
        return tr("It was set aside, %1: %2").arg(when, oneLine(firing.sentence, 200));
    }
    return {};
}

void ExplainView::addCondition(const rules::Explained &condition)
{
    const bool isKnown = condition.holds != rules::Truth::Unknown;
    const bool holds = condition.holds == rules::Truth::Yes;
    auto *held = new QStandardItem(!isKnown ? tr("? not known")
            : holds                         ? tr("✓ held")
                                            : tr("✗ did not"));
    const Theme &theme = Theme::of(this);
    held->setForeground(theme[!isKnown ? Token::Muted : holds ? Token::Met : Token::Breached]);
    auto *text = new QStandardItem(oneLine(condition.text, 300));
    auto *value = new QStandardItem(
        condition.value.isEmpty() ? tr("not filled") : oneLine(condition.value, 300));
    text->setData(asRichSource(oneLine(condition.text)), Qt::ToolTipRole);
    held->setData(tr("%1: %2, it was %3").arg(text->text(), held->text(), value->text()),
        Qt::AccessibleTextRole);
    m_rows.appendRow({ held, text, value });
}

void ExplainView::show(const Result<desk::Verdict> &given)
{
    m_rows.removeRows(0, m_rows.rowCount());
    if (!given) {
        m_summary->setText(plainLines(errorLine(given.error()), 400, 3));
        announce(m_summary, m_summary->text());
        return;
    }
    const desk::RuleVerdict *verdict = given->get();
    const Instant now = m_workbench.clock().now();
    const QString key = oneLine(verdict->key, 60), when = m_words.stamp(verdict->at, now);
    const rules::PastVerdict &told = verdict->told;
    const QString said = told.verdict == rules::Truth::Yes
        ? tr("It held for %1 at %2: %3").arg(key, when, told.sentence)
        : told.verdict == rules::Truth::No
        ? tr("It did not hold for %1 at %2.").arg(key, when)
        : tr("It could not be judged for %1 at %2: %3").arg(key, when, told.sentence);
    m_summary->setText(plainLines(said, 600, 5));
    QStringList facts;
    if (verdict->last)
        facts.append(deedText(*verdict->last));
    else if (!m_rule.isEmpty())
        facts.append(tr("It has done nothing with this ticket by then."));
    if (verdict->words)
        facts.append(tr("The rule had other words then, in its version %1: %2")
                         .arg(verdict->words->version)
                         .arg(oneLine(verdict->words->text, 300)));
    if (verdict->written)
        facts.append(tr("It was first written later, %1; these are its words of today.")
                         .arg(m_words.stamp(*verdict->written, now)));
    if (told.next)
        facts.append(tr("If nothing happens it is looked at again at %1.")
                         .arg(m_words.stamp(*told.next, now)));
    m_facts->setText(plainLines(facts.join(u' '), 600, 5));
    m_facts->setVisible(!facts.isEmpty());
    for (const rules::Explained &condition : told.conditions)
        addCondition(condition);
    fitColumns(*m_table, 2);
    fitRows(*m_table);
    m_table->setColumnWidth(1, std::min(m_table->columnWidth(1), std::max(160, width() / 2)));
    m_table->setVisible(m_rows.rowCount() > 0);
    if (m_rows.rowCount() > 0)
        m_table->setCurrentIndex(m_rows.index(0, 0));
    announce(m_summary, m_summary->text());
}

} // namespace tierline::ui
