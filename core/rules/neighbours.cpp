#include "core/rules/neighbours.h"

#include <QSet>

using namespace Qt::StringLiterals;

namespace tierline::rules {

namespace {

constexpr qint64 week = 7 * DayMs;
constexpr int usualWeeks = 4;
constexpr int leastWeeks = 2;
constexpr qsizetype longestSubject = 1'000;

qint64 customerOf(const NeighbourTrace &trace)
{
    return trace.organization ? trace.organization.v : -trace.requester.v;
}

/// Words by which subjects are compared, each once.
QStringList wordsIn(const QString &subject)
{
    QStringList words;
    const QString folded = subject.left(longestSubject).toCaseFolded();
    qsizetype start = -1;
    bool hasLetter = false;
    for (qsizetype i = 0; i <= folded.size(); ++i) {
        const bool isPart = i < folded.size() && folded[i].isLetterOrNumber();
        if (isPart) {
            if (start < 0)
                start = i;
            hasLetter = hasLetter || folded[i].isLetter();
            continue;
        }
        if (start >= 0 && i - start >= 3 && hasLetter)
            words.append(folded.mid(start, i - start));
        start = -1;
        hasLetter = false;
    }
    words.removeDuplicates();
    return words;
}

template<typename T>
auto after(const std::vector<T> &list, qint64 at, qint64 T::*when)
{
    return std::upper_bound(list.begin(), list.end(), at,
        [when](qint64 value, const T &entry) { return value < entry.*when; });
}

template<typename T>
void insertByTime(std::vector<T> &list, T entry, qint64 T::*when)
{
    list.insert(after(list, entry.*when, when), std::move(entry));
}

size_t commonOf(const std::vector<qint32> &a, const std::vector<qint32> &b)
{
    size_t common = 0;
    for (auto x = a.begin(), y = b.begin(); x != a.end() && y != b.end();) {
        if (*x == *y)
            ++common;
        *x < *y ? ++x : (*y < *x ? ++y : (++x, ++y));
    }
    return common;
}

} // namespace

Neighbours::Neighbours(const RuleSet &set)
{
    for (const FactSlot &slot : set.slotsRead()) {
        const QString &fact = slot.fact->id;
        const auto widen = [&](Millis &window) { window = std::max(window, slot.ask.window); };
        if (fact == u"account-tickets" || fact == u"account-unanswered") {
            m_readsAccount = true;
            m_readsUnanswered = m_readsUnanswered || fact == u"account-unanswered";
            widen(m_accountWindow);
        } else if (fact == u"issue-reopened") {
            m_readsIssue = true;
            widen(m_issueWindow);
        } else if (fact == u"similar-tickets") {
            m_readsSimilar = true;
            widen(m_similarWindow);
        } else if (fact == u"arrivals") {
            m_readsArrivals = true;
        } else if (fact == u"capacity" || fact == u"own-capacity") {
            m_readsCapacity = true;
        }
    }
}

bool Neighbours::areReadBy(const RuleSet &set)
{
    return std::ranges::any_of(set.slotsRead(),
        [](const FactSlot &slot) { return (slot.fact->changes & Changes(Change::Around)) != 0; });
}

void Neighbours::setCapacity(const QString &team, std::optional<qint64> tickets)
{
    if (tickets && *tickets > 0)
        m_capacity.insert(team, *tickets);
    else
        m_capacity.remove(team);
}

void Neighbours::set(const NeighbourTrace &trace)
{
    if (!trace.created)
        return;
    const auto known = m_traces.constFind(trace.ticket.v);
    const NeighbourTrace *old = known == m_traces.cend() ? nullptr : &*known;
    if (old && *old == trace)
        return;
    if (m_readsArrivals && (!old || old->created != trace.created)) {
        if (old)
            std::erase(m_created, old->created->ms);
        m_isCreatedSorted
            = m_isCreatedSorted && (m_created.empty() || m_created.back() <= trace.created->ms);
        m_created.push_back(trace.created->ms);
    }
    if (m_readsAccount)
        setMember(old, trace);
    if (m_readsIssue)
        setReopenings(old, trace);
    if (m_readsCapacity)
        setLoads(old, trace);
    if (m_readsSimilar)
        setAlike(old, trace);
    m_traces.insert(trace.ticket.v, trace);
}

void Neighbours::setMember(const NeighbourTrace *old, const NeighbourTrace &trace)
{
    const qint64 ticket = trace.ticket.v;
    if (old && old->organization)
        std::erase_if(m_accounts[old->organization.v],
            [ticket](const Member &member) { return member.ticket == ticket; });
    if (!trace.organization)
        return;
    insertByTime(m_accounts[trace.organization.v],
        { trace.created->ms, trace.answered ? trace.answered->ms : cell::never, ticket },
        &Member::created);
}

void Neighbours::setReopenings(const NeighbourTrace *old, const NeighbourTrace &trace)
{
    const qint64 ticket = trace.ticket.v;
    if (old && old->reopenings == trace.reopenings)
        return;
    if (old) {
        for (const NeighbourTrace::Reopening &reopening : old->reopenings)
            std::erase_if(m_issues[reopening.issue],
                [ticket](const Reopened &entry) { return entry.ticket == ticket; });
    }
    for (const NeighbourTrace::Reopening &reopening : trace.reopenings)
        insertByTime(m_issues[reopening.issue], { reopening.at.ms, customerOf(trace), ticket },
            &Reopened::at);
}

void Neighbours::setLoads(const NeighbourTrace *old, const NeighbourTrace &trace)
{
    // What both have stays; the rest of the old one is taken back.
    size_t same = 0;
    while (old && same < old->loads.size() && same < trace.loads.size()
        && old->loads[same] == trace.loads[same])
        ++same;
    if (old)
        addSteps(*old, same, -1);
    addSteps(trace, same, 1);
}

/// From one load on: it ends the one before it, and begins.
void Neighbours::addSteps(const NeighbourTrace &trace, size_t from, qint64 sign)
{
    const auto add = [this](const QString &name, Instant at, qint64 change) {
        if (name.isEmpty())
            return;
        Team &team = m_teams[name];
        const bool isLast = team.steps.empty() || team.steps.back().first <= at.ms;
        if (isLast && team.isSorted)
            team.sums.push_back((team.sums.empty() ? 0 : team.sums.back()) + change);
        else
            team.isSorted = false;
        team.steps.emplace_back(at.ms, change);
    };
    for (size_t i = from; i < trace.loads.size(); ++i) {
        if (i > 0)
            add(trace.loads[i - 1].team, trace.loads[i].at, -sign);
        add(trace.loads[i].team, trace.loads[i].at, sign);
    }
}

void Neighbours::setAlike(const NeighbourTrace *old, const NeighbourTrace &trace)
{
    if (old && old->created == trace.created && old->subject == trace.subject)
        return;
    for (size_t i = 0; old && i < m_alike.size(); ++i) {
        Alike &alike = m_alike[i];
        if (alike.ticket != trace.ticket.v)
            continue;
        for (const qint32 word : alike.words)
            std::erase(m_withWord[size_t(word)], qint32(i));
        alike = { .created = cell::never, .ticket = 0, .words = {} };
    }
    std::vector<qint32> words;
    for (const QString &word : wordsIn(trace.subject)) {
        auto known = m_words.constFind(word);
        if (known == m_words.cend())
            known = m_words.insert(word, qint32(m_words.size()));
        words.push_back(*known);
    }
    if (words.empty())
        return;
    std::ranges::sort(words);
    const auto place = qint32(m_alike.size());
    m_alike.push_back({ trace.created->ms, trace.ticket.v, std::move(words) });
    m_withWord.resize(size_t(m_words.size()));
    for (const qint32 word : m_alike.back().words) {
        std::vector<qint32> &places = m_withWord[size_t(word)];
        places.insert(std::upper_bound(places.begin(), places.end(), trace.created->ms,
                          [this](qint64 created, qint32 other) {
                              return created < m_alike[size_t(other)].created;
                          }),
            place);
    }
}

void Neighbours::prepare() const
{
    if (!m_isCreatedSorted) {
        m_isCreatedSorted = true;
        std::ranges::sort(m_created);
    }
    for (const Team &team : m_teams) {
        if (team.isSorted)
            continue;
        team.isSorted = true;
        std::ranges::stable_sort(team.steps, {}, &std::pair<qint64, qint64>::first);
        team.sums.clear();
        qint64 sum = 0;
        for (const auto &[at, change] : team.steps)
            team.sums.push_back(sum += change);
    }
}

const std::vector<Neighbours::Member> *Neighbours::accountOf(OrganizationId organization) const
{
    if (!organization || !m_readsAccount)
        return nullptr;
    static const std::vector<Member> nobody;
    const auto account = m_accounts.constFind(organization.v);
    return account == m_accounts.cend() ? &nobody : &*account;
}

Told<qint64> Neighbours::ticketsFromAccount(
    OrganizationId organization, Millis window, Instant now) const
{
    const std::vector<Member> *account = accountOf(organization);
    if (!account)
        return {};
    const auto from = after(*account, (now - window).ms, &Member::created);
    return after(*account, now.ms, &Member::created) - from;
}

Told<qint64> Neighbours::unansweredFromAccount(
    OrganizationId organization, Millis window, Instant now) const
{
    const std::vector<Member> *account = accountOf(organization);
    if (!account)
        return {};
    return std::count_if(after(*account, (now - window).ms, &Member::created),
        after(*account, now.ms, &Member::created),
        [now](const Member &member) { return member.answered > now.ms; });
}

Told<qint64> Neighbours::customersReopening(const QString &issue, Millis window, Instant now) const
{
    if (issue.isEmpty() || !m_readsIssue)
        return {};
    const auto known = m_issues.constFind(issue);
    if (known == m_issues.cend())
        return 0;
    QSet<qint64> customers;
    for (auto entry = after(*known, (now - window).ms, &Reopened::at);
         entry != known->end() && entry->at <= now.ms; ++entry)
        customers.insert(entry->customer);
    return customers.size();
}

std::vector<qint32> Neighbours::wordsOf(const QString &subject) const
{
    std::vector<qint32> words;
    // A word that no other ticket has still counts for the length.
    qint32 unseen = std::numeric_limits<qint32>::max();
    for (const QString &word : wordsIn(subject)) {
        const auto known = m_words.constFind(word);
        words.push_back(known == m_words.cend() ? unseen-- : *known);
    }
    std::ranges::sort(words);
    return words;
}

template<typename F>
void Neighbours::forEachAlike(
    const std::vector<qint32> &words, qint64 after, qint64 until, F &&visit) const
{
    QSet<qint32> seen;
    for (const qint32 word : words) {
        if (size_t(word) >= m_withWord.size())
            continue;
        const std::vector<qint32> &places = m_withWord[size_t(word)];
        auto place = std::upper_bound(places.begin(), places.end(), after,
            [this](qint64 at, qint32 other) { return at < m_alike[size_t(other)].created; });
        for (; place != places.end() && m_alike[size_t(*place)].created <= until; ++place) {
            const Alike &other = m_alike[size_t(*place)];
            const size_t shorter = std::min(words.size(), other.words.size());
            const size_t longer = std::max(words.size(), other.words.size());
            if (shorter * 2 < longer || seen.contains(*place))
                continue;
            seen.insert(*place);
            const size_t common = commonOf(words, other.words);
            if (common * 2 >= longer && common >= std::min<size_t>(2, shorter))
                visit(other);
        }
    }
}

Told<qint64> Neighbours::similarTickets(const QString &subject, Millis window, Instant now) const
{
    if (!m_readsSimilar)
        return {};
    const std::vector<qint32> words = wordsOf(subject);
    if (words.empty())
        return {};
    qint64 count = 0;
    forEachAlike(words, (now - window).ms, now.ms, [&count](const Alike &) { ++count; });
    return count;
}

Told<qint64> Neighbours::arrivalsOfUsual(Millis window, Instant now) const
{
    if (!m_readsArrivals)
        return {};
    prepare();
    if (m_created.empty())
        return {};
    const auto within = [&](qint64 until) {
        return std::ranges::upper_bound(m_created, until)
            - std::ranges::upper_bound(m_created, until - window.count());
    };
    qint64 usual = 0;
    int weeks = 0;
    for (; weeks < usualWeeks; ++weeks) {
        const qint64 until = now.ms - (weeks + 1) * week;
        if (m_created.front() > until - window.count())
            break;
        usual += within(until);
    }
    if (weeks < leastWeeks || usual == 0)
        return {};
    return within(now.ms) * 100'000 * weeks / usual;
}

Told<qint64> Neighbours::freeCapacity(const QString &team, Instant now) const
{
    if (!m_readsCapacity || team.isEmpty())
        return {};
    const auto capacity = m_capacity.constFind(team);
    if (capacity == m_capacity.cend())
        return {};
    prepare();
    qint64 open = 0;
    if (const auto known = m_teams.constFind(team); known != m_teams.cend()) {
        const auto steps
            = std::ranges::upper_bound(known->steps, now.ms, {}, &std::pair<qint64, qint64>::first)
            - known->steps.begin();
        open = steps > 0 ? known->sums[size_t(steps) - 1] : 0;
    }
    return std::max<qint64>(0, *capacity - open) * 100'000 / *capacity;
}

std::vector<Instant> Neighbours::wakes(const NeighbourTrace &trace) const
{
    std::vector<Instant> wakes;
    if (!trace.created)
        return wakes;
    const qint64 ticket = trace.ticket.v, created = trace.created->ms;
    const auto note = [&wakes](qint64 at, qint64 from, Millis window) {
        if (at >= from && at < from + window.count())
            wakes.push_back({ at });
    };
    if (const std::vector<Member> *account = accountOf(trace.organization)) {
        const qint64 window = m_accountWindow.count();
        for (auto other = after(*account, created - window, &Member::created);
             other != account->end() && other->created < created + window; ++other) {
            if (other->ticket == ticket)
                continue;
            note(other->created, created, m_accountWindow);
            if (m_readsUnanswered && other->answered < other->created + window)
                note(other->answered, created, m_accountWindow);
        }
    }
    for (const NeighbourTrace::Reopening &own : trace.reopenings) {
        const auto issue = m_issues.constFind(own.issue);
        if (!m_readsIssue || issue == m_issues.cend())
            continue;
        for (auto other = after(*issue, own.at.ms - 1, &Reopened::at); other != issue->end();
             ++other) {
            if (other->at >= own.at.ms + m_issueWindow.count())
                break;
            if (other->ticket != ticket)
                note(other->at, own.at.ms, m_issueWindow);
        }
    }
    if (m_readsSimilar) {
        forEachAlike(wordsOf(trace.subject), created - 1, created + m_similarWindow.count() - 1,
            [&](const Alike &other) {
                if (other.ticket != ticket)
                    note(other.created, created, m_similarWindow);
            });
    }
    std::ranges::sort(wakes);
    wakes.erase(std::ranges::unique(wakes).begin(), wakes.end());
    return wakes;
}

std::vector<Instant> Neighbours::wakesOf(TicketId ticket) const
{
    const auto known = m_traces.constFind(ticket.v);
    return known == m_traces.cend() ? std::vector<Instant>() : wakes(*known);
}

std::vector<TicketId> Neighbours::wokenBy(const NeighbourTrace &trace, Instant at) const
{
    std::vector<TicketId> woken;
    if (!trace.created)
        return woken;
    const qint64 ticket = trace.ticket.v;
    const auto note = [&](qint64 other) {
        if (other != ticket)
            woken.push_back({ other });
    };
    const bool isNew = trace.created == at;
    const bool isAnswered
        = m_readsUnanswered && trace.answered == at && at < *trace.created + m_accountWindow;
    if (const std::vector<Member> *account = accountOf(trace.organization);
        account && (isNew || isAnswered)) {
        for (auto other = after(*account, (at - m_accountWindow).ms, &Member::created);
             other != account->end() && other->created <= at.ms; ++other)
            note(other->ticket);
    }
    for (const NeighbourTrace::Reopening &own : trace.reopenings) {
        const auto issue = m_issues.constFind(own.issue);
        if (own.at != at || !m_readsIssue || issue == m_issues.cend())
            continue;
        for (auto other = after(*issue, (at - m_issueWindow).ms, &Reopened::at);
             other != issue->end() && other->at <= at.ms; ++other)
            note(other->ticket);
    }
    if (m_readsSimilar && isNew) {
        forEachAlike(wordsOf(trace.subject), (at - m_similarWindow).ms, at.ms,
            [&](const Alike &other) { note(other.ticket); });
    }
    std::ranges::sort(woken, {}, &TicketId::v);
    woken.erase(std::ranges::unique(woken).begin(), woken.end());
    return woken;
}

} // namespace tierline::rules
