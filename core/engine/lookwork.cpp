#include "core/engine/lookwork_p.h"

#include "core/commands/customertexts.h"
#include "core/engine/firekey.h"
#include "core/engine/lifecustomer.h"
#include "core/storage/agreements.h"
#include "core/storage/people.h"
#include "core/storage/tickets.h"

namespace tierline::engine {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

QString LookWork::causeKey(const QString &rule, int era, const QString &anchor)
{
    return rule + u'~' + QString::number(era) + u'\n' + anchor;
}

LookWork::LookWork(
    Looker &looker, storage::Connection &connection, const Looker::Ask &ask, Tally &tally)
    : m_looker(looker)
    , m_frame(looker.m_frame)
    , m_connection(connection)
    , m_ask(ask)
    , m_tally(tally)
{
}

Instant LookWork::present() const
{
    return std::max(m_ask.now, m_looker.m_life.knownAt());
}

// ---- the ticket

/// The life from its first event on. Texts are read when a rule first asks for words.
void LookWork::begin()
{
    m_looker.m_life.begin(m_ask.ticket, {}, [this](MessageId id) {
        if (!m_texts) {
            m_texts.emplace();
            if (const auto messages = storage::loadMessages(m_connection, m_ask.ticket)) {
                for (const Message &message : *messages)
                    m_texts->insert(message.id.v, message.text);
            }
        }
        return m_texts->value(id.v);
    });
}

Result<bool> LookWork::load()
{
    TIERLINE_TRY(isLive, storage::isLiveTicket(m_connection, m_ask.ticket));
    if (!isLive)
        return false;
    TIERLINE_TRY(events, storage::loadEvents(m_connection, m_ask.ticket));
    if (events.empty())
        return false;
    m_events = std::move(events);
    playLog();
    if (ticket().status == Status::Deleted)
        return false;
    TIERLINE_TRY(customer, loadLifeCustomer(m_connection, ticket(), m_frame.usesZones));
    m_looker.m_life.setCustomer(customer);
    TIERLINE_TRY(spent, storage::loadSpentCauses(m_connection, m_ask.ticket));
    for (storage::SpentCause &cause : spent)
        m_spent[causeKey(cause.rule, cause.era, cause.anchor)].push_back(std::move(cause));
    return true;
}

/// Whether the ticket's last word was a rule's, and which rules led to it.
Result<Done> LookWork::loadChain()
{
    m_chain = {};
    TIERLINE_TRY(found, storage::findFiringOf(m_connection, m_events.back().operation));
    std::optional<Firing> link = found;
    for (int i = 0; link && i <= longestChain; ++i) {
        if (i == 0) {
            m_chain.last = link->number;
            m_chain.depth = link->depth + 1;
        }
        m_chain.rules.prepend(link->rule);
        m_chain.names.prepend(link->name);
        if (!link->ledBy)
            break;
        TIERLINE_TRY(before, storage::loadFiring(m_connection, *link->ledBy));
        link = before;
    }
    return Done {};
}

void LookWork::grow(const std::vector<Event> &events)
{
    for (const Event &event : events) {
        m_grown = rules::Changes(m_grown | m_looker.m_life.apply(event));
        m_events.push_back(event);
    }
    m_clocks.reset();
}

// ---- rules

QString LookWork::account() const
{
    const QString &key = ticket().key;
    const qsizetype colon = key.indexOf(u':');
    return colon > 0 ? key.left(colon) : QString();
}

bool LookWork::isForeign() const
{
    return m_frame.foreignAccounts.contains(account());
}

bool LookWork::isSpent(const RunningRule &rule, const QString &anchor, Instant at) const
{
    if (at < rule.stored.since)
        return true;
    const QString key = causeKey(rule.stored.id, rule.stored.era, anchor);
    return rule.isShadow() ? m_spent.contains(key) : isAnswered(key);
}

bool LookWork::isAnswered(const QString &causeKey) const
{
    const auto found = m_spent.constFind(causeKey);
    return found != m_spent.cend()
        && std::ranges::any_of(*found, [this](const storage::SpentCause &cause) {
               return cause.isReal || cause.outcome == FiringOutcome::Capped
                   || (cause.outcome == FiringOutcome::WouldFire && isForeign());
           });
}

void LookWork::learn(const std::vector<rules::Unjudged> &unjudged, const rules::RuleSet &set)
{
    for (const rules::Unjudged &one : unjudged) {
        const QString problem = u"Rule “%1” cannot be judged: %2."_s.arg(
            set.rules()[size_t(one.rule)].name, rules::unjudgedText(set, one));
        if (m_tally.problems.size() < 100 && !m_tally.problems.contains(problem))
            m_tally.problems.append(problem);
    }
}

const rules::RoundOutcome &LookWork::round(
    Instant at, rules::Changes changes, const std::vector<int> &due)
{
    m_ended.clear();
    const auto spent = [this, at](int number, const rules::Anchor &acted) {
        const QString anchor = acted.text();
        const RunningRule &rule = m_frame.rules[size_t(m_frame.liveRules[size_t(number)])];
        if (isSpent(rule, anchor, at))
            return true;
        const bool isTooLong = m_chain.depth >= longestChain;
        if (!m_isCaused || (!isTooLong && !m_chain.rules.contains(rule.stored.id)))
            return false;
        m_ended.emplace_back(m_frame.liveRules[size_t(number)], anchor);
        return true;
    };
    const rules::RoundOutcome &outcome = m_looker.m_live.run(at, changes, due, spent);
    for (const rules::RoundLook &look : outcome.looks) {
        if (look.at)
            m_looks[look.rule] = *look.at;
        else
            m_looks.remove(look.rule);
    }
    learn(outcome.unjudged, *m_frame.live);
    return outcome;
}

void LookWork::judgePresent()
{
    m_looker.m_present.begin(m_looker.m_life);
    m_looker.m_present.run(
        present(), rules::Rounds::anything, {}, [](int, const rules::Anchor &) { return true; });
}

bool LookWork::holdsNow(int liveRule)
{
    judgePresent();
    return m_looker.m_present.evaluator().judge(liveRule) == rules::Truth::Yes;
}

/// Runs rounds from the ticket's last event, or from what became due after it, up to now: in the order in which
/// things became due, each checked against the present. What rules do leads to rounds of its own.
Result<Done> LookWork::runRules(Instant from, const Since &since)
{
    rules::TicketLife &life = m_looker.m_life;
    m_looker.m_live.begin(life, since.livedSince);
    rules::Changes changes = since.changes;
    Instant at = from;
    m_isCaused = m_chain.last && at == life.knownAt();
    std::vector<int> due = since.isKnown ? dueFirst(*m_frame.live, since) : std::vector<int>();
    while (!isStopped()) {
        const rules::RoundOutcome &outcome = round(at, changes, due);
        if (!outcome.fires.empty() || !outcome.stops.empty() || !m_ended.empty()) {
            m_mustAct = true;
            if (!m_scope)
                return Done {};
            // What is done may judge again, and the outcome goes with the next round.
            const rules::RoundOutcome held = outcome;
            TIERLINE_CHECK(takeRound(held, at));
        }
        changes = std::exchange(m_grown, rules::Changes(0));
        m_isCaused = changes != 0;
        if (changes != 0) {
            at = life.knownAt();
        } else {
            const std::optional<Instant> next = nextLook(m_looks, at);
            if (!next)
                return Done {};
            at = *next;
            changes = turnedAt(at);
        }
        due = takeDue(m_looks, at);
    }
    return Done {};
}

/// The earliest instant up to now at which time alone may make a rule act.
std::optional<Instant> LookWork::nextLook(const QHash<int, Instant> &looks, Instant after) const
{
    std::optional<Instant> next;
    for (const Instant look : looks) {
        if (look <= present() && (!next || look < *next))
            next = look;
    }
    // A rule that applies to what stands begins with it.
    for (const RunningRule &rule : m_frame.rules) {
        const Instant since = rule.stored.since;
        if (since > after && since <= present() && (!next || since < *next))
            next = since;
    }
    // Clocks under another edition of what is agreed are others, for rules that were looked at under the one before.
    if (m_frame.readsClocks) {
        const auto edition = m_looker.m_life.nextEdition(after);
        if (edition && *edition <= present() && (!next || *edition < *next))
            next = edition;
    }
    // And so is a customer of whom something else was heard.
    const auto turn = m_looker.m_life.nextTurn(after);
    if (turn && *turn <= present() && (!next || *turn < *next))
        next = turn;
    return next ? std::optional(std::max(*next, after)) : std::nullopt;
}

rules::Changes LookWork::turnedAt(Instant at) const
{
    using rules::Change;
    const Instant before = at - Millis(1);
    if (m_looker.m_life.nextTurn(before) == std::optional(at))
        return Change::Customer | Change::Clock;
    const bool begins
        = m_frame.readsClocks && m_looker.m_life.nextEdition(before) == std::optional(at);
    return begins ? rules::Changes(Change::Clock) : rules::Changes(0);
}

std::vector<int> LookWork::takeDue(QHash<int, Instant> &looks, Instant at) const
{
    const bool isLive = &looks == &m_looks;
    std::vector<int> due;
    for (auto look = looks.begin(); look != looks.end();) {
        if (look.value() <= at) {
            due.push_back(look.key());
            look = looks.erase(look);
        } else {
            ++look;
        }
    }
    const size_t count = isLive ? m_frame.liveRules.size() : m_frame.rules.size();
    for (size_t i = 0; i < count; ++i) {
        const size_t number = isLive ? size_t(m_frame.liveRules[i]) : i;
        if (m_frame.rules[number].stored.since == at)
            due.push_back(int(i));
    }
    std::ranges::sort(due);
    due.erase(std::ranges::unique(due).begin(), due.end());
    return due;
}

Result<Done> LookWork::takeRound(const rules::RoundOutcome &outcome, Instant at)
{
    const std::vector<std::pair<int, QString>> ended = std::exchange(m_ended, {});
    Chain next = m_isCaused ? m_chain : Chain {};
    for (const rules::RoundStop &stop : outcome.stops) {
        const RunningRule &by = m_frame.rules[size_t(m_frame.liveRules[size_t(stop.by)])];
        TIERLINE_CHECK(noteAside(m_frame.rules[size_t(m_frame.liveRules[size_t(stop.rule)])],
            stop.anchor.text(), at, FiringOutcome::Stopped,
            u"The rule “%1” above it has answered this."_s.arg(by.stored.name)));
    }
    for (const auto &[rule, anchor] : ended) {
        const QString way
            = (m_chain.names + QStringList { m_frame.rules[size_t(rule)].stored.name })
                  .join(u" → "_s);
        TIERLINE_CHECK(noteAside(m_frame.rules[size_t(rule)], anchor, at, FiringOutcome::Ended,
            u"Rules led to each other, and it ends here: %1."_s.arg(way)));
    }
    for (const rules::RoundFire &fire : outcome.fires) {
        const RunningRule &rule = m_frame.rules[size_t(m_frame.liveRules[size_t(fire.rule)])];
        if (at < present() && !holdsNow(fire.rule))
            continue;
        const rules::Changes before = std::exchange(m_grown, rules::Changes(0));
        Firing firing = firingOf(rule, fire.anchor.text(), at, fire.sentence);
        TIERLINE_CHECK(fireRule(rule, fire, firing));
        if (m_grown != 0) {
            next.rules.append(rule.stored.id);
            next.names.append(rule.stored.name);
            next.last = firing.number;
            next.depth = firing.depth + 1;
        }
        m_grown = rules::Changes(m_grown | before);
    }
    if (m_grown != 0)
        m_chain = next;
    return Done {};
}

Firing LookWork::firingOf(
    const RunningRule &rule, const QString &anchor, Instant due, const QString &sentence) const
{
    Firing firing { .ticket = m_ask.ticket,
        .rule = rule.stored.id,
        .era = rule.stored.era,
        .anchor = anchor,
        .name = rule.stored.name,
        .version = rule.stored.version,
        .due = due,
        .at = m_ask.now,
        .sentence = sentence };
    if (m_isCaused) {
        firing.ledBy = m_chain.last;
        firing.depth = m_chain.depth;
    }
    return firing;
}

/// What keeps a cause from being acted on, as a line of the log.
Result<Done> LookWork::noteAside(const RunningRule &rule, const QString &anchor, Instant due,
    FiringOutcome outcome, const QString &why)
{
    Firing firing = firingOf(rule, anchor, due, why);
    firing.outcome = outcome;
    firing.isReal = !rule.isShadow();
    return insert(firing);
}

Result<Done> LookWork::insert(Firing &firing)
{
    TIERLINE_CHECK(storage::insertFiring(*m_scope, firing));
    if (firing.level == 0)
        m_spent[causeKey(firing.rule, firing.era, firing.anchor)].push_back({ .rule = firing.rule,
            .era = firing.era,
            .anchor = firing.anchor,
            .outcome = firing.outcome,
            .isReal = firing.isReal });
    return Done {};
}

Result<Done> LookWork::noteWouldFire(Firing &firing, std::vector<Deed> deeds)
{
    firing.outcome = FiringOutcome::WouldFire;
    firing.isReal = false;
    firing.deeds = std::move(deeds);
    ++m_tally.wouldFire;
    return insert(firing);
}

Result<bool> LookWork::isCapped(const RunningRule &rule)
{
    if (rule.stored.weeklyCap <= 0)
        return false;
    TIERLINE_TRY(fired, storage::countFired(m_connection, rule.stored.id, m_ask.now - 7 * 24h));
    return fired >= rule.stored.weeklyCap;
}

Result<Done> LookWork::fireRule(
    const RunningRule &rule, const rules::RoundFire &fire, Firing &firing)
{
    TIERLINE_TRY(capped, isCapped(rule));
    if (isForeign() || capped) {
        firing.outcome = isForeign() ? FiringOutcome::WouldFire : FiringOutcome::Capped;
        firing.isReal = false;
        firing.deeds = wouldDo(rule.tree.then);
        ++(isForeign() ? m_tally.wouldFire : m_tally.capped);
        TIERLINE_TRY(isFirst, isFirstCapped(firing));
        TIERLINE_CHECK(insert(firing));
        return isFirst ? tellCapped(rule, firing) : Result<Done>(Done {});
    }
    TIERLINE_TRY(telling, tellingOf(rule.stored.name, fire.sentence, firing.due));
    telling.mayEscalate = fire.escalates || !m_frame.live->compiled()[size_t(fire.rule)].escalates;
    Deeds deeds = deedsFor(rule.tree.then, m_frame, telling);
    QString clock;
    if (!deeds.ladders.empty()) {
        TIERLINE_TRY(found, clockFor(fire.rule));
        clock = found;
    }
    return carryOut(rule.stored.firingId(), firing, std::move(deeds), clock);
}

Result<bool> LookWork::isFirstCapped(const Firing &firing)
{
    if (firing.outcome != FiringOutcome::Capped)
        return false;
    TIERLINE_TRY(lately,
        storage::loadFirings(
            m_connection, { .rule = firing.rule, .from = m_ask.now - 7 * 24h, .limit = 1'000 }));
    return std::ranges::none_of(
        lately, [](const Firing &one) { return one.outcome == FiringOutcome::Capped; });
}

Result<Done> LookWork::tellCapped(const RunningRule &rule, const Firing &firing)
{
    Notice notice { .firing = firing.number,
        .ticket = m_ask.ticket,
        .at = m_looker.m_quiet.end(m_ask.now),
        .kind = NoticeTarget::Role,
        .target = code(Role::Lead),
        .text
        = u"The rule “%1” has fired %2 times in seven days, as often as it may. Until that is "
          "fewer it only notes what it would do; %3 was the first."_s.arg(
              rule.stored.name, QString::number(rule.stored.weeklyCap), ticket().key) };
    return storage::insertNotice(*m_scope, notice);
}

Result<Telling> LookWork::tellingOf(const QString &rule, const QString &sentence, Instant due) const
{
    const rules::Activity &activity = m_looker.m_life.activity();
    const std::optional<Organization> &organization = m_looker.m_life.customer().organization;
    Requester requester;
    if (ticket().requester) {
        TIERLINE_TRY(found, storage::loadRequester(m_connection, ticket().requester));
        requester = found;
    }
    QString language;
    if (m_frame.hasLanguages) {
        TIERLINE_TRY(told, commands::languageOfCustomer(m_connection, ticket()));
        language = told;
    }
    return Telling { .ticket = ticket(),
        .rule = rule,
        .sentence = sentence,
        .ownAnswers = activity.attempts.value(ticket().tier),
        .late = m_ask.now - due,
        .customer = requester.name.isEmpty() ? requester.email : requester.name,
        .organization = organization ? organization->name : QString(),
        .plan = organization ? organization->plan : QString(),
        .language = language };
}

/// Does what a firing is to do, and writes its line: all in the transaction that is open.
Result<Done> LookWork::carryOut(
    const QString &firingId, Firing &firing, Deeds deeds, const QString &ladderClock)
{
    firing.operation = operationOf(firingId, ticket().key, firing.anchor, firing.level);
    std::vector<Event> events;
    if (!deeds.steps.empty()) {
        commands::Context context { .store = *m_store,
            .random = m_looker.m_random,
            .actor = { .id = u"rule:"_s + firing.name, .name = firing.name, .role = Role::Lead },
            .visibility = Visibility::all(),
            .now = present(),
            .durability = storage::Durability::Person,
            .operation = firing.operation };
        TIERLINE_TRY(
            done, commands::perform(context, *m_scope, { ticket().key, std::move(deeds.steps) }));
        for (size_t i = 0; i < done.refusals.size(); ++i) {
            if (!done.refusals[i])
                continue;
            Deed &deed = deeds.deeds[deeds.deedOf[i]];
            deed.outcome = u"refused"_s;
            deed.why = done.refusals[i]->detail;
        }
        events = std::move(done.outcome.events);
    }
    firing.deeds = deeds.deeds;
    const bool isRefused = !firing.deeds.empty()
        && std::ranges::all_of(
            firing.deeds, [](const Deed &deed) { return deed.outcome == u"refused"; });
    firing.outcome = isRefused ? FiringOutcome::Refused : FiringOutcome::Fired;
    ++(isRefused ? m_tally.refused : m_tally.fired);
    const Millis late = firing.at - firing.due;
    m_tally.latest = std::max(m_tally.latest, late);
    m_tally.late += late > sla::Wake::lateForCustomers;
    m_tally.escalated += static_cast<int>(std::ranges::count_if(
        events, [](const Event &event) { return event.kind == EventKind::Escalated; }));
    TIERLINE_CHECK(insert(firing));
    TIERLINE_CHECK(insertRest(firing, deeds, ladderClock));
    grow(events);
    return Done {};
}

Result<Done> LookWork::insertRest(
    const Firing &firing, const Deeds &deeds, const QString &ladderClock)
{
    const Quiet &quiet = m_looker.m_quiet;
    const bool passes = quiet.criticalPasses && isCritical(ticket());
    for (Notice notice : deeds.notices) {
        notice.firing = firing.number;
        notice.ticket = m_ask.ticket;
        notice.at = passes ? m_ask.now : quiet.end(m_ask.now);
        TIERLINE_CHECK(storage::insertNotice(*m_scope, notice));
    }
    if (deeds.asking) {
        ++m_tally.asked;
        TIERLINE_CHECK(storage::insertQuestion(*m_scope,
            { .id = firing.operation,
                .firing = firing.number,
                .ticket = m_ask.ticket,
                .asked = m_ask.now,
                .why = deeds.asking->why,
                .actions = deeds.asking->actions,
                .approver = deeds.asking->approver }));
    }
    // One ladder a firing; a rule that has several climbs the first.
    if (!deeds.ladders.empty()) {
        TIERLINE_CHECK(storage::saveLadder(*m_scope,
            { .firing = firing.number,
                .ticket = m_ask.ticket,
                .text = deeds.ladders.front(),
                .clock = ladderClock,
                .began = firing.due,
                .looked = firing.due }));
    }
    return Done {};
}

} // namespace tierline::engine
