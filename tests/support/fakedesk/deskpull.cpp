#include "tests/support/fakedesk/fakedesk.h"

// The reading half of the server: what a right connector for this desk would give to the engine. It
// reads by the numbers of the history and, at the end of each pass, goes back by the overlap, since a
// number can show later than a higher one.

namespace tierline::test {

using namespace Qt::StringLiterals;
using connectors::Found;
using connectors::Presence;
using connectors::Probe;
using connectors::PullPage;
using connectors::PushStep;
using connectors::RemoteTicket;

namespace {

constexpr int censusSize = 50;
constexpr Millis queuedTolerance {
    300'000
}; // how far "queued" may be off against the server's clock

} // namespace

FakeDesk::Position FakeDesk::Position::parse(const QString &cursor)
{
    const QStringList parts = cursor.split(u'.');
    if (parts.size() != 4)
        return {};
    return { parts[0] == u"x", parts[1].toLongLong(), parts[2].toLongLong(),
        parts[3].toLongLong() };
}

QString FakeDesk::Position::text() const
{
    return (isFeed ? u"x."_s : u"t."_s) + QString::number(next) + u'.' + QString::number(passStart)
        + u'.' + QString::number(census);
}

bool FakeDesk::isListed(const Ticket &ticket, const QString &user) const
{
    return ticket.shown.presence == Presence::There && isSeenBy(ticket, user);
}

// `sinceEntry` 0: all of its history; below 0: none of it.
RemoteTicket FakeDesk::shownTicket(const Ticket &ticket, qint64 sinceEntry) const
{
    RemoteTicket shown = ticket.shown;
    if (sinceEntry < 0)
        return shown;
    shown.entries.reserve(ticket.entries.size());
    for (const Entry &entry : ticket.entries) {
        if (entry.number >= sinceEntry)
            shown.entries.push_back(entry.shown);
    }
    return shown;
}

Probe FakeDesk::probe(const QString &user) const
{
    Probe probe { .me = m_users.at(user), .product = u"FakeDesk 1.0"_s };
    for (const QString &place : m_places) {
        if (rightsOf(user, place).sees)
            probe.places.append(place);
    }
    for (const auto &[id, person] : m_users) {
        if (person.isAgent)
            probe.agents.push_back(person);
    }
    probe.clockOffset = now() - m_loop.clock().now();
    return probe;
}

PullPage FakeDesk::page(const QString &user, const QString &cursor, int size, bool isWhole)
{
    Position at = Position::parse(cursor);
    if (at.passStart < 0)
        at.passStart = m_loop.now().count();
    return at.isFeed ? feedPage(user, at, size, isWhole) : listPage(user, at, size);
}

PullPage FakeDesk::listPage(const QString &user, Position at, int size)
{
    PullPage page;
    auto it = m_tickets.lower_bound(at.next);
    for (; it != m_tickets.end() && int(page.tickets.size()) < size; ++it) {
        if (isListed(it->second, user))
            page.tickets.push_back(shownTicket(it->second, 0));
        at.next = it->first + 1;
    }
    if (it == m_tickets.end()) {
        // What changed while the list was read is in the history from then on.
        at.isFeed = true;
        at.next = rewound(Millis(at.passStart), m_feed.empty() ? 0 : m_feed.rbegin()->first + 1);
    }
    page.cursor = at.text();
    return page;
}

PullPage FakeDesk::feedPage(const QString &user, Position at, int size, bool isWhole)
{
    PullPage page;
    std::vector<qint64> numbers;
    auto it = m_feed.lower_bound(at.next);
    for (int rows = 0; it != m_feed.end() && rows < size; ++it) {
        at.next = it->first + 1;
        const Ticket &ticket = m_tickets.at(it->second.ticket);
        if (ticket.shown.presence == Presence::Gone || !isSeenBy(ticket, user))
            continue;
        ++rows;
        if (std::ranges::find(numbers, ticket.number) != numbers.end())
            continue;
        numbers.push_back(ticket.number);
        page.tickets.push_back(shownTicket(ticket, isWhole ? 0 : it->first));
    }
    if (it == m_feed.end()) {
        page.isLast = true;
        at.next = rewound(Millis(at.passStart), at.next);
        at.passStart = -1;
        page.census = census(user, at);
    }
    page.cursor = at.text();
    return page;
}

// Where to read on so that what was numbered before this pass began and shows after it is not missed.
qint64 FakeDesk::rewound(Millis passStart, qint64 next) const
{
    qint64 first = next;
    for (auto it = m_feed.rbegin(); it != m_feed.rend(); ++it) {
        if (it->second.allocated < passStart - m_options.overlap)
            break;
        first = std::min(first, it->first);
    }
    return first;
}

PullPage::Census FakeDesk::census(const QString &user, Position &at) const
{
    PullPage::Census census;
    census.from = std::max(at.census, m_options.firstTicketId);
    auto it = m_tickets.lower_bound(census.from);
    for (; it != m_tickets.end() && int(census.listed.size()) < censusSize; ++it) {
        if (isListed(it->second, user))
            census.listed.push_back(it->first);
    }
    const bool isWholeRest = it == m_tickets.end();
    census.to = isWholeRest ? std::max(census.from, m_nextTicket - 1) : census.listed.back();
    at.census = isWholeRest ? 0 : census.to + 1;
    return census;
}

PullPage::Census FakeDesk::wholeRange() const
{
    return { m_options.firstTicketId, std::max(m_options.firstTicketId, m_nextTicket - 1), {} };
}

RemoteTicket FakeDesk::ticketFor(const QString &user, const QString &id, bool wantsEntries) const
{
    const Ticket *const ticket = find(id);
    if (!ticket || ticket->shown.presence == Presence::Gone)
        return { .id = id, .presence = Presence::Gone };
    if (!isSeenBy(*ticket, user))
        return { .id = id, .presence = Presence::Hidden };
    return shownTicket(*ticket, wantsEntries ? 0 : -1);
}

FakeDesk::Row FakeDesk::rowAt(qint64 number, const Ticket &holder) const
{
    Row row { number, QString::number(m_feed.at(number).ticket), {} };
    const auto entry = std::ranges::lower_bound(holder.entries, number, {}, &Entry::number);
    if (entry != holder.entries.end() && entry->number == number)
        row.entry = entry->shown;
    return row;
}

std::vector<FakeDesk::Row> FakeDesk::rowsAfter(const QString &user, qint64 number, int most) const
{
    std::vector<Row> rows;
    const auto take = [&](const std::pair<const qint64, FeedRow> &one) {
        const Ticket *ticket = &m_tickets.at(one.second.ticket);
        if (ticket->shown.presence == Presence::Gone || !isSeenBy(*ticket, user))
            return;
        while (ticket->shown.presence == Presence::Merged)
            ticket = find(ticket->shown.mergedInto);
        rows.push_back(rowAt(one.first, *ticket));
    };
    if (most < 0) {
        for (auto it = m_feed.rbegin(); it != m_feed.rend() && int(rows.size()) < -most; ++it)
            take(*it);
        return rows;
    }
    for (auto it = m_feed.upper_bound(number); it != m_feed.end() && int(rows.size()) < most; ++it)
        take(*it);
    return rows;
}

std::vector<FakeDesk::Row> FakeDesk::rowsOf(const QString &user, const QString &id) const
{
    std::vector<Row> rows;
    const Ticket *const ticket = find(id);
    if (!ticket || ticket->shown.presence == Presence::Gone || !isSeenBy(*ticket, user))
        return rows;
    for (const Entry &entry : ticket->entries)
        rows.push_back(rowAt(entry.number, *ticket));
    for (const auto &[number, row] : m_feed) { // merges, which are no entries
        if (row.ticket == ticket->number && !rowAt(number, *ticket).entry)
            rows.push_back(rowAt(number, *ticket));
    }
    std::ranges::sort(rows, {}, &Row::number);
    return rows;
}

std::vector<qint64> FakeDesk::listedAfter(const QString &user, qint64 number, int most) const
{
    std::vector<qint64> numbers;
    for (auto it = m_tickets.upper_bound(number);
         it != m_tickets.end() && int(numbers.size()) < most; ++it) {
        if (isListed(it->second, user))
            numbers.push_back(it->first);
    }
    return numbers;
}

Result<Found> FakeDesk::look(const PushStep &step, const QString &user) const
{
    const Ticket *const ticket = find(step.ticket);
    if (!ticket || ticket->shown.presence == Presence::Gone || !isSeenBy(*ticket, user))
        return notFound(u"Ticket %1 cannot be read there."_s.arg(step.ticket));
    const QString operation = step.operations.value(0);
    const QString marker = u"[tl:"_s + operation + u']';
    const auto isIt = [&](const Entry &entry) {
        if (!entry.shown.message || entry.shown.author.id != user
            || step.taken.contains(entry.shown.id))
            return false;
        if (m_options.keepsOperations)
            return entry.shown.operation == operation;
        const auto &message = *entry.shown.message;
        if (step.kind == PushStep::Kind::Note)
            return message.kind == MessageKind::InternalNote
                && message.text.trimmed().endsWith(marker);
        return message.kind == MessageKind::PublicReply && message.text == mended(step.text)
            && entry.shown.at >= step.queued - queuedTolerance;
    };
    Found found { .serverNow = now() };
    // The newest of equal replies: those before it were found when they were sent. The oldest note with
    // its marker: whoever copies one does it later.
    const Entry *match = nullptr;
    for (const Entry &entry : ticket->entries) {
        if (isIt(entry) && (!match || step.kind == PushStep::Kind::Reply))
            match = &entry;
    }
    if (match) {
        found.isThere = true;
        found.entry = match->shown.id;
    }
    return found;
}

Result<QByteArray> FakeDesk::bytesOf(const QString &file, qint64 limit) const
{
    const auto found = m_files.find(file);
    if (found == m_files.end())
        return notFound(u"File %1 is not there."_s.arg(file));
    if (found->second.size() > limit)
        return Error { .fault = Fault::BadReply,
            .detail = u"File %1 is longer than %2 bytes."_s.arg(file).arg(limit) };
    return found->second;
}

} // namespace tierline::test
