#include "tests/support/fakedesk/fakedesk.h"

#include "core/base/unicode.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

namespace tierline::test {

using namespace Qt::StringLiterals;
using connectors::Presence;
using connectors::RemoteEntry;
using connectors::RemoteFile;
using connectors::RemoteUser;
namespace field = connectors::field;

namespace {

bool isEscalation(const QByteArray &document)
{
    const QString kind = QJsonDocument::fromJson(document).object().value(u"kind").toString();
    return kind.isEmpty() || kind == u"escalate";
}

// By an attached package, or by the block at the end of a text where nothing can be attached.
bool tellsOfEscalation(const RemoteEntry &entry)
{
    if (!entry.message || entry.message->kind != MessageKind::InternalNote)
        return false;
    static const QRegularExpression block(
        u"-----BEGIN TIERLINE-----\\s+(\\S+)\\s+-----END TIERLINE-----"_s);
    const auto match = block.match(entry.message->text);
    if (match.hasMatch())
        return isEscalation(QByteArray::fromBase64(match.captured(1).toLatin1()));
    return std::ranges::any_of(entry.message->files, [](const RemoteFile &file) {
        return file.name.startsWith(u"tierline-") && file.name.endsWith(u".json")
            && isEscalation(file.bytes.value_or(QByteArray()));
    });
}

} // namespace

FakeDesk::FakeDesk(SimLoop &loop, const DeskOptions &options)
    : m_loop(loop)
    , m_options(options)
    , m_random(options.seed)
    , m_startMs(loop.clock().now().ms - loop.now().count())
    , m_nextTicket(options.firstTicketId)
    , m_nextEntry(options.firstEntryId)
{
    addUser({ u"7"_s, u"Mia Own"_s, u"mia@desk.example"_s, true });
    addUser({ u"8"_s, u"Ben Colleague"_s, u"ben@desk.example"_s, true });
    addUser({ u"9"_s, u"Lea Colleague"_s, u"lea@desk.example"_s, true });
    addUser({ u"100"_s, u"Ann Customer"_s, u"ann@shop.example"_s, false });
    addUser({ u"101"_s, u"Bob Customer"_s, u"bob@shop.example"_s, false });
    addUser({ u"102"_s, u"Cho Customer"_s, u"cho@mill.example"_s, false });
    addUser({ u"103"_s, u"Dee Customer"_s, u"dee@mill.example"_s, false });
    m_places = { u"L1 Frontline"_s, u"L2 Technical"_s, u"L2 Billing"_s, u"L3 Engineering"_s };
    for (int i = 0; i < options.tickets; ++i) {
        addTicket(u"Ticket %1"_s.arg(i + 1), u"First words of %1"_s.arg(i + 1),
            { { field::place, m_places[i % m_places.size()] } }, QString::number(100 + i % 4));
    }
}

Instant FakeDesk::now() const
{
    const qint64 ms = m_startMs + m_loop.now().count() + m_options.clockOffset.count();
    return { m_options.wholeSeconds ? ms - ms % 1000 : ms };
}

void FakeDesk::setRights(const QString &user, const QString &place, Rights rights)
{
    m_rights[{ user, place }] = rights;
}

Rights FakeDesk::rightsOf(const QString &user, const QString &place) const
{
    const auto found = m_rights.find({ user, place });
    return found == m_rights.end() ? Rights {} : found->second;
}

QString FakeDesk::mended(const QString &text) const
{
    return m_options.mendsText ? validText(text) : text;
}

QJsonObject FakeDesk::mended(QJsonObject fields) const
{
    for (auto it = fields.begin(); m_options.mendsText && it != fields.end(); ++it) {
        if (it.value().isString())
            it.value() = validText(it.value().toString());
    }
    return fields;
}

FakeDesk::Ticket *FakeDesk::find(const QString &id)
{
    const auto found = m_tickets.find(id.toLongLong());
    return found == m_tickets.end() ? nullptr : &found->second;
}

const FakeDesk::Ticket *FakeDesk::find(const QString &id) const
{
    return const_cast<FakeDesk *>(this)->find(id);
}

bool FakeDesk::isSeenBy(const Ticket &ticket, const QString &user) const
{
    if (ticket.isHidden && user == u"7")
        return false;
    return m_rights.empty()
        || rightsOf(user, ticket.shown.fields.value(field::place).toString()).sees;
}

FakeDesk::Reserved FakeDesk::reserve(int rows)
{
    const Reserved reserved { m_nextEntry, now(), m_loop.now() };
    m_nextEntry += rows;
    return reserved;
}

/// As many numbers as a change may need, so that all of it stands before whatever comes after it.
int FakeDesk::rowsOfChange() const
{
    return m_options.oneValueAnEntry ? 16 : 1;
}

// --- what others do

QString FakeDesk::addTicket(
    const QString &subject, const QString &text, const QJsonObject &more, const QString &requester)
{
    const qint64 number = m_nextTicket++;
    const Reserved reserved = reserve();
    Ticket &ticket = m_tickets[number];
    ticket.number = number;
    ticket.shown.id = QString::number(number);
    ticket.shown.created = reserved.at;
    ticket.shown.requester = m_users.at(requester);
    ticket.shown.channel = u"email"_s;
    ticket.shown.link = u"https://desk.example/ticket/"_s + ticket.shown.id;
    QJsonObject fields { { field::subject, mended(subject) }, { field::status, u"new"_s },
        { field::priority, u"normal"_s }, { field::place, m_places.front() },
        { field::owner, u""_s }, { field::tags, QJsonArray() } };
    for (auto it = more.begin(); it != more.end(); ++it)
        fields.insert(it.key(), it.value());
    ticket.shown.fields = fields;
    ticket.shown.fieldsAtCreation = fields;
    addEntry(ticket, reserved, requester).shown.message
        = RemoteEntry::Text { MessageKind::PublicReply, mended(text) };
    if (m_isTracing)
        trace(u"new #%1"_s.arg(number));
    return ticket.shown.id;
}

void FakeDesk::say(const QString &ticket, const QString &author, MessageKind kind,
    const QString &text, std::vector<RemoteFile> files)
{
    Ticket *const found = find(ticket);
    if (!found)
        return;
    keepFiles(files);
    whenCommitted(*found, 1, [this, found, author, kind, text, files](const Reserved &reserved) {
        addEntry(*found, reserved, author).shown.message
            = RemoteEntry::Text { kind, mended(text), {}, files };
    });
}

void FakeDesk::set(const QString &ticket, const QString &author, const QJsonObject &fields)
{
    Ticket *const found = find(ticket);
    if (!found)
        return;
    whenCommitted(*found, rowsOfChange(), [this, found, author, fields](const Reserved &reserved) {
        setFields(*found, reserved, author, fields, {});
    });
}

void FakeDesk::remove(const QString &ticket)
{
    Ticket *const found = find(ticket);
    if (!found || found->shown.presence != Presence::There)
        return;
    settle(found->number, m_nextEntry);
    found->shown.presence = Presence::Deleted;
    setFields(*found, reserve(rowsOfChange()), u"9"_s, { { field::status, u"deleted"_s } }, {});
}

void FakeDesk::erase(const QString &ticket)
{
    Ticket *const found = find(ticket);
    if (!found)
        return;
    settle(found->number, m_nextEntry);
    found->shown.presence = Presence::Gone;
    if (m_isTracing)
        trace(u"erased #"_s + ticket);
}

void FakeDesk::merge(const QString &from, const QString &into)
{
    Ticket *const source = find(from);
    Ticket *const target = find(into);
    if (!source || !target || source == target)
        return;
    settle(source->number, m_nextEntry);
    settle(target->number, m_nextEntry);
    source->shown.presence = Presence::Merged;
    source->shown.mergedInto = into;
    target->entries.insert(target->entries.end(), source->entries.begin(), source->entries.end());
    std::ranges::sort(target->entries, {}, &Entry::number);
    source->entries.clear();
    // One row for each of the two: what points at the old ticket must learn of it as well.
    for (Ticket *ticket : { source, target }) {
        const Reserved reserved = reserve();
        ticket->last = reserved.number;
        ticket->shown.updated = reserved.at;
        m_feed.emplace(reserved.number, FeedRow { ticket->number, reserved.allocated });
    }
    if (m_isTracing)
        trace(u"merged #%1 into #%2"_s.arg(from, into));
}

void FakeDesk::hide(const QString &ticket, bool isHidden)
{
    if (Ticket *const found = find(ticket))
        found->isHidden = isHidden;
    if (m_isTracing)
        trace((isHidden ? u"hidden #"_s : u"shown #"_s) + ticket);
}

// --- changes, now and late

void FakeDesk::whenCommitted(Ticket &ticket, int rows, std::function<void(const Reserved &)> commit)
{
    const Reserved reserved = reserve(rows);
    if (m_options.lateCommitPercent > 0 && m_random.below(100) < m_options.lateCommitPercent) {
        const Millis later(1 + m_random.below(m_options.latestCommit.count()));
        const quint64 timer
            = m_loop.after(later, [this, number = reserved.number] { commitLate(number); });
        m_late.push_back({ reserved, ticket.number, timer, std::move(commit) });
        if (m_isTracing)
            trace(u"entry %1 of #%2 will show in %3 ms"_s.arg(reserved.number)
                      .arg(ticket.number)
                      .arg(later.count()));
        return;
    }
    settle(ticket.number, reserved.number);
    commit(reserved);
}

void FakeDesk::commitLate(qint64 number)
{
    const auto found = std::ranges::find_if(
        m_late, [number](const Late &late) { return late.reserved.number == number; });
    if (found == m_late.end())
        return;
    const Late late = std::move(*found);
    m_late.erase(found);
    m_loop.cancel(late.timer);
    // A row is locked by whoever changes it: what began earlier on this ticket ends earlier.
    settle(late.ticket, number);
    late.commit(late.reserved);
}

void FakeDesk::settle(qint64 ticket, qint64 before)
{
    std::vector<qint64> numbers;
    for (const Late &late : m_late) {
        if (late.ticket == ticket && late.reserved.number < before)
            numbers.push_back(late.reserved.number);
    }
    std::ranges::sort(numbers);
    for (const qint64 number : numbers)
        commitLate(number);
}

void FakeDesk::settle()
{
    while (!m_late.empty())
        commitLate(m_late.front().reserved.number);
}

FakeDesk::Entry &FakeDesk::addEntry(Ticket &ticket, const Reserved &reserved, const QString &author)
{
    Entry entry;
    entry.number = reserved.number;
    entry.shown.id = QString::number(reserved.number);
    entry.shown.at = reserved.at;
    entry.shown.author = m_users.at(author);
    const auto place
        = std::ranges::upper_bound(ticket.entries, reserved.number, {}, &Entry::number);
    const auto added = ticket.entries.insert(place, std::move(entry));
    ticket.last = std::max(ticket.last, reserved.number);
    if (m_options.hasVersions)
        ticket.shown.version = QString::number(ticket.last);
    ticket.shown.updated = reserved.at;
    m_feed.emplace(reserved.number, FeedRow { ticket.number, reserved.allocated });
    if (m_isTracing)
        trace(u"entry %1 of #%2 by %3"_s.arg(reserved.number).arg(ticket.number).arg(author));
    return *added;
}

void FakeDesk::setFields(Ticket &ticket, const Reserved &reserved, const QString &author,
    const QJsonObject &fields, const QStringList &operations)
{
    QJsonObject changed;
    const QJsonObject given = mended(fields);
    for (auto it = given.begin(); it != given.end(); ++it) {
        if (ticket.shown.fields.value(it.key()) != it.value())
            changed.insert(it.key(), it.value());
    }
    if (changed.isEmpty())
        return;
    const std::vector<QJsonObject> entries = entriesOf(ticket, changed);
    for (auto it = changed.begin(); it != changed.end(); ++it)
        ticket.shown.fields.insert(it.key(), it.value());
    Reserved row = reserved;
    for (const QJsonObject &said : entries) {
        Entry &entry = addEntry(ticket, row, author);
        entry.shown.fields = said;
        entry.madeBy = operations;
        if (m_isTracing)
            trace(u"entry %1: "_s.arg(row.number)
                + QString::fromUtf8(QJsonDocument(said).toJson(QJsonDocument::Compact)));
        ++row.number;
    }
    for (const QString &operation : operations)
        for (const QString &name : changed.keys())
            ++m_applied[operation][name];
}

/// What a change is in the history: one entry, or one for each value.
std::vector<QJsonObject> FakeDesk::entriesOf(const Ticket &ticket, const QJsonObject &changed) const
{
    if (!m_options.oneValueAnEntry)
        return { changed };
    std::vector<QJsonObject> entries;
    for (auto it = changed.begin(); it != changed.end(); ++it) {
        if (it.key() != field::tags) {
            entries.push_back({ { it.key(), it.value() } });
            continue;
        }
        QStringList present, wanted;
        for (const QJsonValue tag : ticket.shown.fields.value(field::tags).toArray())
            present.append(tag.toString());
        for (const QJsonValue tag : it.value().toArray())
            wanted.append(tag.toString());
        const auto step = [&] {
            present.sort();
            entries.push_back({ { field::tags, QJsonArray::fromStringList(present) } });
        };
        for (const QString &tag : QStringList(present)) {
            if (wanted.contains(tag))
                continue;
            present.removeAll(tag);
            step();
        }
        for (const QString &tag : std::as_const(wanted)) {
            if (present.contains(tag))
                continue;
            present.append(tag);
            step();
        }
    }
    if (entries.size() > size_t(rowsOfChange()))
        qFatal("A change of %zu values is more than the desk has numbers for.", entries.size());
    return entries;
}

void FakeDesk::keepFiles(std::vector<RemoteFile> &files)
{
    for (RemoteFile &file : files) {
        file.id = u"f%1"_s.arg(m_nextFile++);
        if (file.bytes) {
            file.size = file.bytes->size();
            m_files[file.id] = *file.bytes;
        }
        // A connector has a package in hand anyway; the rest is asked for.
        if (!file.name.startsWith(u"tierline-"))
            file.bytes.reset();
    }
}

// --- restarts

int FakeDesk::onRestart(std::function<void()> action)
{
    m_onRestart.emplace(m_nextListener, std::move(action));
    return m_nextListener++;
}

void FakeDesk::restart(Millis down)
{
    ++m_restarts;
    m_downUntil = m_loop.now() + down;
    if (m_isTracing)
        trace(u"restart, down for %1 ms"_s.arg(down.count()));
    const auto listeners = m_onRestart; // one of them may forget itself
    for (const auto &[number, action] : listeners)
        action();
}

// --- what is so

DeskState FakeDesk::state(const QString &user) const
{
    DeskState state;
    for (const auto &[number, ticket] : m_tickets) {
        if (!isListed(ticket, user))
            continue;
        TicketPicture &picture = state.tickets[ticket.shown.id];
        QJsonObject fields = ticket.shown.fields;
        for (auto it = fields.begin(); it != fields.end(); ++it) {
            if (it.value().isString())
                it.value() = validText(it.value().toString());
        }
        picture.fields = saidFields(fields);
        for (const Entry &entry : ticket.entries) {
            if (!entry.shown.message)
                continue;
            MessagePicture message { entry.shown.message->kind,
                validText(entry.shown.message->text), entry.madeBy.value(0) };
            const QString marker = u"[tl:"_s + message.operation + u']';
            if (!message.operation.isEmpty() && message.text.trimmed().endsWith(marker)) {
                message.text = message.text.trimmed().chopped(marker.size());
                while (!message.text.isEmpty() && message.text.back().isSpace())
                    message.text.chop(1);
            }
            picture.messages.push_back(std::move(message));
        }
    }
    return state;
}

int FakeDesk::timesApplied(const QString &operation) const
{
    const auto found = m_applied.find(operation);
    int most = 0;
    if (found != m_applied.end()) {
        for (const auto &[effect, times] : found->second)
            most = std::max(most, times);
    }
    return most;
}

QStringList FakeDesk::appliedTwice() const
{
    QStringList twice;
    for (const auto &[operation, effects] : m_applied) {
        if (timesApplied(operation) > 1)
            twice.append(operation);
    }
    return twice;
}

int FakeDesk::escalationsOf(const QString &ticket) const
{
    const Ticket *const found = find(ticket);
    const auto isOne = [this](const Entry &entry) {
        return m_isEscalation ? m_isEscalation(entry.shown) : tellsOfEscalation(entry.shown);
    };
    return found ? int(std::ranges::count_if(found->entries, isOne)) : 0;
}

QJsonValue FakeDesk::field(const QString &ticket, const QString &field) const
{
    const Ticket *const found = find(ticket);
    return found ? found->shown.fields.value(field) : QJsonValue(QJsonValue::Undefined);
}

bool FakeDesk::hasTakenIn(const QString &ticket) const
{
    return std::ranges::any_of(m_tickets, [&](const auto &one) {
        return one.second.shown.presence == Presence::Merged
            && one.second.shown.mergedInto == ticket;
    });
}

QStringList FakeDesk::ticketIds() const
{
    QStringList ids;
    for (const auto &[number, ticket] : m_tickets) {
        if (ticket.shown.presence == Presence::There)
            ids.append(ticket.shown.id);
    }
    return ids;
}

void FakeDesk::trace(const QString &line)
{
    if (m_isTracing)
        m_trace.append(QString::number(m_loop.now().count()) + u' ' + line);
}

} // namespace tierline::test
