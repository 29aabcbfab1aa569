// What changes the rule book: saving, states, order; see rulesdock.h.
#include "core/rules/print.h"
#include "widgets/common/errortext.h"
#include "widgets/docks/rules/rulesdock.h"

#include <QPointer>
#include <QPushButton>

namespace tierline::ui {

using namespace Qt::StringLiterals;

void RulesDock::run(
    QFuture<Result<commands::RuleOutcome>> future, const QString &done, std::function<void()> then)
{
    future.then(&m_workbench.session(),
        [self = QPointer(this), done, then = std::move(then)](
            const Result<commands::RuleOutcome> &outcome) {
            if (!self)
                return;
            if (!outcome) {
                const Error &error = outcome.error();
                self->m_reason->refuse(error.detail.isEmpty() ? errorLine(error) : error.detail);
                return;
            }
            self->m_reason->close();
            emit self->m_workbench.said(done, {});
            if (then)
                then();
            self->load();
        });
}

void RulesDock::save()
{
    m_editor->sentence().readNow();
    if (!mayChange() || !isEdited())
        return;
    if (!m_editor->isOneRule()) {
        m_editor->enter();
        return;
    }
    const StoredRule *rule = current();
    const QString id = m_shown, text = m_editor->sentence().toPlainText();
    const QString name = m_editor->ruleName();
    const int basedOn = m_drafts.contains(id) ? m_drafts[id].basedOn : rule ? rule->version : 0;
    ReasonBar::Question question { .verb = tr("Save") };
    if (!rule)
        question.text = tr("“%1” is kept as a draft.").arg(name);
    else if (rule->runs())
        question.text = tr("“%1” gets version %2, and goes on as it is: %3.")
                            .arg(name)
                            .arg(rule->version + 1)
                            .arg(stateWords(rule->state));
    else
        question.text = tr("“%1” gets version %2.").arg(name).arg(rule->version + 1);
    const bool isLive = rule && rule->state == RuleState::Live;
    if (isLive)
        question.standing = tr("Again on tickets that it has dealt with");
    const auto keep = [this, id, text, name, basedOn](const RuleAnswer &answer) {
        auto saved = desk::changeRules(
            m_workbench.session(), [id, text, basedOn, answer](desk::RuleDesk &rules) {
                return rules.save(
                    id, basedOn, text, { answer.why, answer.metric }, answer.appliesToStanding);
            });
        run(std::move(saved), tr("“%1” is saved.").arg(name), [this, id, name] {
            m_drafts.remove(id);
            if (!id.isEmpty())
                return;
            // The new one comes with the next reading, as the last of the list.
            m_isNew = false;
            m_wanted = name;
            m_isFilling = true;
            m_editor->sentence().clear();
            m_isFilling = false;
        });
    };
    m_reason->ask(question, keep);
    lookAhead(text);
    if (isLive)
        lookAround(StandingView::Of::Sentence, { id, text }, rule->weeklyCap);
}

void RulesDock::changeState(RuleState state)
{
    const StoredRule *rule = current();
    if (!mayChange() || !rule || rule->state == state || isEdited())
        return;
    ReasonBar::Question question;
    QString done;
    switch (state) {
    case RuleState::Draft:
        question = { tr("“%1” goes back to being a draft, and does nothing.").arg(rule->name),
            tr("Back to draft") };
        done = tr("“%1” is a draft.");
        break;
    case RuleState::Shadow:
        question
            = { tr("“%1” runs in shadow: it writes down what it would do, and changes nothing.")
                      .arg(rule->name),
                  tr("Run in shadow") };
        done = tr("“%1” runs in shadow.");
        break;
    case RuleState::Live:
        question = { tr("“%1” goes live: it acts on tickets from now on.").arg(rule->name),
            tr("Go live"), true, rule->weeklyCap > 0 ? rule->weeklyCap : commands::firstWeeklyCap,
            tr("Also for tickets for which it holds already") };
        done = tr("“%1” is live.");
        break;
    case RuleState::Retired:
        question
            = { tr("“%1” is retired: out of use, and kept with all its versions.").arg(rule->name),
                  tr("Retire") };
        done = tr("“%1” is retired.");
        break;
    }
    const bool isLive = state == RuleState::Live;
    m_ahead.clear();
    m_reason->ask(question,
        [this, id = rule->id, name = rule->name, state, isLive, done](const RuleAnswer &answer) {
            commands::SetRuleState command { .rule = id,
                .state = state,
                .reason = { answer.why, answer.metric },
                .appliesToStanding = isLive && answer.appliesToStanding };
            if (isLive)
                command.weeklyCap = answer.weeklyCap;
            run(desk::changeRules(m_workbench.session(),
                    [command](desk::RuleDesk &rules) { return rules.run(command); }),
                done.arg(name));
        });
    if (!isLive)
        return;
    lookAhead(rule->text);
    lookAround(StandingView::Of::GoingLive, { rule->id, {} }, question.weeklyCap);
}

/// On which open tickets it would act at once, below the same question.
void RulesDock::lookAround(StandingView::Of of, const desk::StandingAsk &ask, int weeklyCap)
{
    m_standing->start(of, ask);
    m_standing->setCap(weeklyCap);
    m_standing->show();
}

/// How often a live rule may fire in a week.
void RulesDock::changeCap()
{
    const StoredRule *rule = current();
    if (!mayChange() || !rule || rule->state != RuleState::Live)
        return;
    m_ahead.clear();
    m_reason->ask(
        { .text = tr("“%1” goes on within another weekly limit; what is beyond it is only "
                     "noted.")
                      .arg(rule->name),
            .verb = tr("Set the limit"),
            .asksLimits = true,
            .weeklyCap = rule->weeklyCap },
        [this, id = rule->id, name = rule->name](const RuleAnswer &answer) {
            const commands::SetRuleCap command {
                .rule = id, .weeklyCap = answer.weeklyCap, .reason = { answer.why, answer.metric }
            };
            run(desk::changeRules(m_workbench.session(),
                    [command](desk::RuleDesk &rules) { return rules.run(command); }),
                tr("The weekly limit of “%1” is set.").arg(name));
        });
}

/// An earlier sentence again, as a new version.
void RulesDock::rollBack(const QString &id, int version, const QString &text)
{
    const StoredRule *rule = current();
    if (!mayChange() || !rule || rule->id != id)
        return;
    if (isEdited()) {
        emit m_workbench.said(tr("Save the sentence first, or take back what you typed."), {});
        return;
    }
    m_ahead.clear();
    const bool isLive = rule->state == RuleState::Live;
    m_reason->ask(
        { .text = tr("“%1” gets version %2 with the sentence of version %3.")
                      .arg(rule->name)
                      .arg(rule->version + 1)
                      .arg(version),
            .verb = tr("Roll back"),
            .standing = isLive ? tr("Again on tickets that it has dealt with") : QString() },
        [this, id, version, name = rule->name](const RuleAnswer &answer) {
            const commands::RollBackRule command { .rule = id,
                .version = version,
                .reason = { answer.why, answer.metric },
                .appliesAgain = answer.appliesToStanding };
            run(desk::changeRules(m_workbench.session(),
                    [command](desk::RuleDesk &rules) { return rules.run(command); }),
                tr("“%1” is what it was in version %2.").arg(name).arg(version));
        });
    lookAhead(text);
    if (isLive)
        lookAround(StandingView::Of::Sentence, { id, text }, rule->weeklyCap);
}

/// What the rule would bring, below the question whether it is kept or goes live; nobody has to wait for it.
void RulesDock::lookAhead(const QString &text)
{
    constexpr qint64 month = 30 * DayMs;
    const rules::Parsed parsed = rules::parse(text);
    if (!parsed.isWhole() || parsed.document.rules.size() != 1)
        return;
    m_reason->tell(tr("Counting what it would bring …"));
    m_ahead = text;
    disconnect(&m_forecast, &desk::RuleForecast::lookedAhead, this, nullptr);
    connect(&m_forecast, &desk::RuleForecast::lookedAhead, this,
        [this, text, rule = parsed.document.rules.front()](const Result<desk::Outlook> &outlook) {
            if (m_ahead != text)
                return; // another question stands there by now
            m_reason->tell(outlook
                    ? outlookText(**outlook, rule, m_workbench.people().tiers, m_words.locale)
                    : QString());
        });
    const Instant now = m_workbench.clock().now();
    m_forecast.lookAhead(text, Instant { now.ms - month }, now);
}

/// The slider stands elsewhere: the sentence follows, unless somebody wrote another one meanwhile.
void RulesDock::moveBound(int bound, const rules::Value &value)
{
    if (!mayChange() || !m_editor->isOneRule())
        return;
    rules::Document document = m_editor->sentence().parsed().document;
    rules::Rule moved = rules::withBound(document.rules.front(), bound, value);
    if (!(moved.when == rules::withBound(m_trial->threshold().rule(), bound, value).when)) {
        emit m_workbench.said(
            tr("The sentence is another one by now: try it on the past again."), {});
        return;
    }
    document.rules.front() = std::move(moved);
    m_editor->replaceText(rules::print(document));
    m_trial->follow(m_editor->sentence().toPlainText());
}

void RulesDock::showOrder()
{
    QStringList kept;
    for (const StoredRule &rule : m_board.book.rules)
        kept.append(rule.id);
    m_orderBar->setVisible(m_model.order() != kept);
}

void RulesDock::restoreOrder()
{
    showBoard(m_board);
    m_list->setFocus();
}

void RulesDock::saveOrder()
{
    const QStringList ids = m_model.order();
    m_ahead.clear();
    m_reason->ask(
        { tr("Rules run in the order that the list shows now; the first that stops a round "
             "keeps those below it from acting."),
            tr("Save the order") },
        [this, ids](const RuleAnswer &answer) {
            const commands::OrderRules command { .ids = ids,
                .reason = { answer.why, answer.metric } };
            run(desk::changeRules(m_workbench.session(),
                    [command](desk::RuleDesk &rules) { return rules.run(command); }),
                tr("The order is saved."));
        });
}

} // namespace tierline::ui
