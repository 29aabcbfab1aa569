#include "core/rules/life.h"

#include "core/escalation/eventdata.h"
#include "core/escalation/fold.h"

#include <QJsonArray>
#include <QSet>

using namespace Qt::StringLiterals;

namespace tierline::rules {

namespace {

constexpr qsizetype longestText = 65'536;

const CalendarEditions &aroundTheClock()
{
    static const CalendarEditions hours(*Calendar::make({ .zone = u"UTC"_s, .isAlways = true }));
    return hours;
}

bool isPublic(const Event &event)
{
    return !event.data.value(eventdata::internal).toBool();
}

/// An answer by one of us; the notice of an escalation is none.
bool isAnswer(const Event &event)
{
    return event.kind == EventKind::Message && event.actorKind == AuthorKind::Agent
        && isPublic(event) && !event.data.value(eventdata::notice).toBool();
}

/// Yes and no as people and other systems write them.
Told<bool> flagIn(const QJsonValue &value)
{
    if (value.isBool())
        return value.toBool();
    if (value.isDouble())
        return value.toDouble() != 0;
    const QString text = value.toString().trimmed().toLower();
    if (text == u"yes" || text == u"true" || text == u"1")
        return true;
    if (text == u"no" || text == u"false" || text == u"0")
        return false;
    return {};
}

Told<qint64> numberIn(const QJsonValue &value)
{
    bool isNumber = value.isDouble();
    const double number = isNumber ? value.toDouble() : value.toString().toDouble(&isNumber);
    if (!isNumber || !(std::abs(number) < 1e12))
        return {};
    return qRound64(number);
}

QStringList namesIn(const QJsonValue &value)
{
    QStringList names;
    if (value.isArray()) {
        for (const QJsonValue &entry : value.toArray())
            names.append(entry.toString());
    } else {
        names = value.toString().split(u',');
    }
    for (QString &name : names)
        name = name.trimmed();
    names.removeAll(QString());
    return names;
}

} // namespace

Parts partsFor(const FactSet &facts)
{
    Parts parts = 0;
    for (const FactInfo &fact : factTable().all()) {
        if (!facts[size_t(fact.number)])
            continue;
        if (fact.type == FactType::Text)
            parts |= Parts(Part::Text);
        if (fact.changes & Changes(Change::Signal))
            parts |= fact.isOfMood ? Parts(Part::Signs) | Parts(Part::Mood) : Parts(Part::Signs);
        if (fact.changes & Changes(Change::Clock))
            parts |= Parts(Part::Clocks);
        if (fact.isOnTime())
            parts |= Parts(Part::Hours);
    }
    return parts;
}

TicketLife::TicketLife(const LifeFrame &frame)
    : m_frame(frame)
    , m_people(frame.people)
{
}

void TicketLife::begin(TicketId id, LifeCustomer customer, MessageText textOf)
{
    m_events.clear();
    m_unsent.clear();
    m_textOf = std::move(textOf);
    m_knownAt = {};
    m_state = {};
    m_state.ticket.id = id;
    m_fold = {};
    m_trace = {};
    m_clocksAt = {};
    m_botGaveUp = false;
    m_ownFields.clear();
    m_words.clear();
    m_openWords = 0;
    setCustomer(std::move(customer));
}

void TicketLife::setCustomer(LifeCustomer customer)
{
    m_customer = std::move(customer);
    m_people.customerZone = m_customer.zone;
    m_people.organizationZone = m_customer.organizationZone;
    useFacts(m_customer.organization ? &*m_customer.organization : nullptr);
}

void TicketLife::useFacts(const Organization *facts)
{
    m_facts = facts;
    m_people.plan = facts ? facts->plan : QString();
    m_people.organization = facts ? facts->name : QString();
    m_made = 0;
    m_isActivityMade = false;
    m_past.reset();
    m_areClocksMade = false;
}

const Organization *TicketLife::factsAt(Instant at) const
{
    if (m_customer.past) {
        const auto then
            = std::ranges::upper_bound(*m_customer.past, at, {}, &OrganizationThen::until);
        if (then != m_customer.past->end())
            return &then->facts;
    }
    return m_customer.organization ? &*m_customer.organization : nullptr;
}

std::optional<Instant> TicketLife::nextTurn(Instant from) const
{
    if (!m_customer.past)
        return std::nullopt;
    const auto then
        = std::ranges::upper_bound(*m_customer.past, from, {}, &OrganizationThen::until);
    return then == m_customer.past->end() ? std::nullopt : std::optional(then->until);
}

Changes TicketLife::apply(const Event &event)
{
    m_knownAt = m_events.empty() ? event.at : std::max(m_knownAt, event.at);
    m_events.push_back(event);
    if (event.kind == EventKind::Undone || event.data.contains(eventdata::unsent))
        foldAgain();
    else
        fold(event);
    m_made = 0;
    m_isActivityMade = false;
    return changesOf(event);
}

void TicketLife::fold(const Event &event)
{
    const bool wasSolved = isSolved(m_state.ticket.status);
    const QString tier = m_state.ticket.tier;
    const QString subject = m_state.ticket.subject;
    escalation::apply(m_state, event);
    noteFields(event);
    if (m_unsent.isEmpty() || !m_unsent.contains(event.message.v)) {
        noteSaid(event, wasSolved);
    } else {
        noteSaid(escalation::keptInside(event), wasSolved);
    }
    if (!tier.isEmpty() && m_state.ticket.tier != tier && !m_botGaveUp)
        m_botGaveUp = m_people.rankOf.value(tier, 1) == 0
            && m_people.rankOf.value(m_state.ticket.tier, 1) > 0;
    if (m_state.ticket.subject != subject && !m_words.empty())
        m_words.front().signs.reset(); // they were read together
}

void TicketLife::noteSaid(const Event &event, bool wasSolved)
{
    m_fold.apply(event, m_state);
    noteWords(event, wasSolved);
    if (m_frame.tracesNeighbours)
        m_trace.apply(event, m_state, m_knownAt);
}

/// What is undone no longer counts, nor does what the helpdesk never heard of, from here on.
void TicketLife::foldAgain()
{
    const QSet<qint64> undone = escalation::undoneIn(m_events);
    m_unsent = escalation::unsentIn(m_events);
    m_past.reset();
    const TicketId id = m_state.ticket.id;
    m_state = {};
    m_state.ticket.id = id;
    m_fold = {};
    m_trace = {};
    m_botGaveUp = false;
    m_ownFields.clear();
    // Texts that were fetched stay: the same messages come again.
    std::vector<Words> fetched = std::exchange(m_words, {});
    m_openWords = 0;
    m_knownAt = m_events.front().at;
    for (const Event &event : m_events) {
        m_knownAt = std::max(m_knownAt, event.at); // what a trace says is known since then
        if (!event.id || !undone.contains(event.id.v))
            fold(event);
    }
    for (Words &words : m_words) {
        for (Words &known : fetched) {
            if (known.message == words.message)
                words = std::move(known);
        }
    }
}

void TicketLife::noteWords(const Event &event, bool wasSolved)
{
    if (wasSolved && !isSolved(m_state.ticket.status))
        m_openWords = m_words.size();
    if (isAnswer(event))
        m_openWords = m_words.size();
    if (event.kind == EventKind::Message && event.actorKind == AuthorKind::Customer
        && isPublic(event))
        m_words.push_back({ .message = event.message });
}

QString TicketLife::wordsOf(size_t number)
{
    Words &words = m_words[number];
    if (!words.isFetched) {
        words.isFetched = true;
        if (m_textOf && words.message)
            words.text = m_textOf(words.message).left(longestText);
    }
    return words.text;
}

std::optional<Instant> TicketLife::nextEdition(Instant from) const
{
    if (!m_frame.agreements)
        return std::nullopt;
    const std::vector<Instant> &turns = m_frame.agreements->turns();
    const auto next = std::ranges::upper_bound(turns, from);
    return next == turns.end() ? std::nullopt : std::optional(*next);
}

const Subject &TicketLife::at(Instant now, Parts parts)
{
    Q_ASSERT(now >= m_knownAt);
    m_subject.ticket = &m_state.ticket;
    if (const Organization *facts = factsAt(now); facts != m_facts)
        useFacts(facts);
    m_subject.customer = m_facts;
    m_subject.now = now;
    if (!m_isActivityMade) {
        m_isActivityMade = true;
        m_subject.requester = m_customer.requester;
        m_subject.activity = m_fold.activity();
        m_subject.clocks.clear();
        m_subject.hours = {};
        m_subject.text.clear();
        m_subject.lastWords.clear();
        m_subject.signs = {};
    }
    // What is agreed later is not known before.
    if (m_clocksAt != now) {
        const auto edition = nextEdition(std::min(m_clocksAt, now));
        if (edition && *edition <= std::max(m_clocksAt, now)) {
            m_areClocksMade = false;
            m_made &= Parts(~(Parts(Part::Clocks) | Parts(Part::Hours)));
        }
        m_clocksAt = now;
    }
    const Parts missing = parts & Parts(~m_made);
    if (missing & Parts(Part::Text))
        makeText();
    if (missing & (Parts(Part::Signs) | Parts(Part::Mood)))
        makeSigns((parts | m_made) & Parts(Part::Mood));
    if (missing & Parts(Part::Hours))
        makeHours(now);
    if (missing & Parts(Part::Clocks))
        makeClocks(now);
    m_made |= parts;
    return m_subject;
}

void TicketLife::makeText()
{
    m_subject.lastWords = m_words.empty() ? QString() : wordsOf(m_words.size() - 1);
    const QString &subject = m_state.ticket.subject;
    qsizetype room = longestText - std::min(subject.size(), longestText);
    size_t first = m_words.size();
    while (first > 0 && room > 0) {
        room -= wordsOf(first - 1).size() + 1;
        if (room >= 0)
            --first;
    }
    m_subject.text = subject.left(longestText);
    for (size_t i = first; i < m_words.size(); ++i)
        m_subject.text += u'\n' + m_words[i].text;
    // The newest words go before older ones, and are cut where they alone are too long.
    if (first == m_words.size() && !m_words.empty())
        m_subject.text = (m_subject.text + u'\n' + m_subject.lastWords).left(longestText);
}

/// The first words are read together with the subject.
const triage::Signs &TicketLife::signsOf(size_t number, bool withMood)
{
    using Depth = triage::TextReader::Depth;
    Words &words = m_words[number];
    if (!words.signs || (withMood && !words.hasMood)) {
        const QString text = wordsOf(number);
        words.signs
            = m_frame.reader->read(number > 0 ? text : m_state.ticket.subject + u'\n' + text,
                withMood ? Depth::Whole : Depth::WithoutMood);
        words.hasMood = withMood;
    }
    return *words.signs;
}

const triage::Signs *TicketLife::lastSigns()
{
    return m_frame.reader && !m_words.empty() ? &signsOf(m_words.size() - 1, true) : nullptr;
}

void TicketLife::noteFields(const Event &event)
{
    if (event.kind == EventKind::Message)
        return;
    const auto changed = event.data.constFind(eventdata::fields);
    if (changed == event.data.constEnd())
        return;
    for (const QString &name : changed->toObject().keys()) {
        if (event.actor == eventdata::triage)
            m_ownFields.insert(name);
        else
            m_ownFields.remove(name);
    }
}

void TicketLife::makeSigns(bool withMood)
{
    Signals &signs = m_subject.signs;
    signs = {};
    signs.botGaveUp = m_botGaveUp;
    if (m_frame.reader && !m_words.empty()) {
        const triage::Signs &last = signsOf(m_words.size() - 1, withMood);
        signs.urgency = last.urgency;
        if (withMood) {
            signs.sentiment = last.sentiment;
            signs.mood = triage::code(last.mood);
            signs.risk = triage::code(last.risk);
        }
        signs.language = last.language;
        bool churn = false, human = false, manager = false, legal = false;
        for (size_t i = m_openWords; i < m_words.size(); ++i) {
            const triage::Signs &one = signsOf(i, false);
            churn = churn || one.hasChurnIntent;
            human = human || one.asksForHuman;
            manager = manager || one.asksForManager;
            legal = legal || one.hasLegalWords;
        }
        signs.churn = churn;
        signs.asksForHuman = human;
        signs.asksForManager = manager;
        signs.legalWords = legal;
    }
    setFieldSigns();
}

void TicketLife::setFieldSigns()
{
    Signals &signs = m_subject.signs;
    const QJsonObject &fields = m_state.ticket.fields;
    if (fields.isEmpty())
        return;
    const auto take = [&]<typename T>(QLatin1StringView name, T read, auto &into) {
        const QJsonValue value = fields.value(name);
        if (value.isUndefined() || value.isNull() || m_ownFields.contains(name))
            return;
        if (auto told = read(value); told.hasValue())
            into = told;
    };
    take(sentimentField, numberIn, signs.sentiment);
    take("failed_logins"_L1, numberIn, signs.failedLogins);
    take("failed_payment"_L1, flagIn, signs.failedPayment);
    take("revenue_loss"_L1, flagIn, signs.revenueLoss);
    take("bot_gave_up"_L1, flagIn, signs.botGaveUp);
    if (const QString risk = fields.value(riskField).toString();
        !risk.isEmpty() && !m_ownFields.contains(riskField))
        signs.risk = risk;
    if (const QJsonValue named = fields.value("signals"_L1); !named.isUndefined())
        signs.named = namesIn(named);
}

const sla::TicketPast &TicketLife::past()
{
    if (!m_past) {
        m_past.emplace(m_people, m_unsent);
        m_hours.reset();
        m_pastEvents = 0;
        m_areClocksMade = false;
    }
    if (m_pastEvents < m_events.size()) {
        const QSet<qint64> undone
            = m_pastEvents == 0 ? escalation::undoneIn(m_events) : QSet<qint64>();
        for (; m_pastEvents < m_events.size(); ++m_pastEvents) {
            const Event &event = m_events[m_pastEvents];
            if (!event.id || !undone.contains(event.id.v))
                m_areClocksMade = !m_past->take(event) && m_areClocksMade;
        }
    }
    return m_past->past();
}

/// What was asked of a cycle that is still the same holds on.
void TicketLife::makeCycles(Instant now)
{
    static const sla::AgreementBook nothing;
    const sla::TicketPast &facts = past();
    if (std::exchange(m_areClocksMade, true))
        return;
    std::swap(m_clocks, m_clocksBefore);
    std::swap(m_memos, m_memosBefore);
    m_clocks = sla::clocksOf(facts, m_frame.agreements ? *m_frame.agreements : nothing, now,
        sla::Readings::NoneAndOpenOnly, std::move(m_clocks));
    m_memos.clear();
    m_memos.resize(m_clocks.size());
    for (size_t i = 0; i < m_clocks.size(); ++i) {
        const auto same = std::ranges::find_if(m_clocksBefore, [&](const sla::TicketClock &one) {
            return one.hours == m_clocks[i].hours && one.cycle == m_clocks[i].cycle;
        });
        if (same != m_clocksBefore.end())
            m_memos[i] = std::move(m_memosBefore[size_t(same - m_clocksBefore.begin())]);
    }
}

void TicketLife::makeClocks(Instant now)
{
    m_subject.clocks.clear();
    makeCycles(now);
    for (size_t i = 0; i < m_clocks.size(); ++i) {
        const sla::TicketClock &clock = m_clocks[i];
        m_subject.clocks.push_back({ clock.kind, &clock.cycle,
            clock.hours ? clock.hours.get() : &aroundTheClock(), &m_memos[i] });
    }
    // Where nothing is agreed the ticket's own limit stands for all.
    if (!m_subject.clocks.empty())
        addStageClock();
}

/// The limit of the open stage counts beside what is agreed, where that does not replace it.
void TicketLife::addStageClock()
{
    m_stage.reset();
    const Escalation *record = m_state.openEscalation();
    if (!record || !m_state.ticket.due || !m_state.ticket.clockStart)
        return;
    for (const sla::TicketClock &clock : m_clocks) {
        const bool isOpen = !clock.cycle.met && !clock.cycle.cancelled;
        if (isOpen && escalation::replacesStage(clock.kind, m_state))
            return;
    }
    const Instant start = *m_state.ticket.clockStart;
    const Millis length = *m_state.ticket.due - start;
    if (length <= Millis(0))
        return;
    m_stage = sla::Cycle { .start = start, .targets = { { start, length } } };
    const auto kind = record->openStage()->stage == Stage::Handoff ? sla::ClockKind::Accept
                                                                   : sla::ClockKind::TierResolution;
    m_subject.clocks.push_back({ kind, &*m_stage, &aroundTheClock() });
}

void TicketLife::makeHours(Instant now)
{
    m_subject.hours = {};
    if (!m_frame.agreements || m_frame.agreements->calendars().empty()) {
        m_hours.reset();
        return;
    }
    const sla::AgreementBook &book = *m_frame.agreements;
    const sla::AgreementBook::Edition *ruling = nullptr;
    for (const sla::AgreementBook::Edition &edition : book.editions()) {
        if (!ruling || edition.from <= now)
            ruling = &edition;
    }
    // Whoever changes fields has a new row in the past.
    HoursBy by { m_frame.agreements, ruling, book.isEmpty() ? 0 : past().fields.size() };
    if (!m_hours || by != m_hoursBy)
        m_hours = hoursUnder(ruling, by.fields > 0 ? &past().fields.back().fields : nullptr);
    m_hoursBy = std::move(by);
    m_subject.hours.calendar = m_hours.get();
}

/// Null where no hours are known.
std::shared_ptr<const CalendarEditions> TicketLife::hoursUnder(
    const sla::AgreementBook::Edition *ruling, const sla::PolicyFields *fields) const
{
    const sla::AgreementBook &book = *m_frame.agreements;
    for (const sla::Party party : { sla::Party::Customer, sla::Party::Internal }) {
        const sla::Policy *policy
            = ruling && fields ? sla::choose(ruling->policies, party, *fields) : nullptr;
        if (!policy)
            continue;
        if (auto hours = book.hours(policy->calendar, sla::zoneFor(*policy, *fields).name))
            return hours;
        break;
    }
    return book.calendars().size() == 1 ? book.hours(book.calendars().begin()->first, {}) : nullptr;
}

} // namespace tierline::rules
