#include "tests/support/fakedesk/fakedesk.h"

#include <QJsonArray>

#include <array>

// What other people do to a helpdesk, by seed.

namespace tierline::test {

using namespace Qt::StringLiterals;
using connectors::RemoteEntry;
namespace field = connectors::field;

namespace {

template<typename List>
auto oneOf(RandomSource &random, const List &list)
{
    return list[size_t(random.below(qint64(list.size())))];
}

const std::array<QString, 2> colleagues { u"8"_s, u"9"_s };
const std::array<QString, 4> customers { u"100"_s, u"101"_s, u"102"_s, u"103"_s };

} // namespace

QString FakeDesk::someText(RandomSource &random, const QString &author, bool isNasty)
{
    const QString plain = u"Words %1 of %2"_s.arg(m_nextText++).arg(m_users.at(author).name);
    if (!isNasty || random.below(4) != 0)
        return plain;
    switch (random.below(7)) {
    case 0: return plain + QChar(0xD800) + u"x"_s; // half of a pair
    case 1: return QString(QChar(0xDC00)) + plain;
    case 2: return plain + QChar(0) + QChar(0xFFFE) + u"end"_s;
    case 3: return plain + u"\r\n> quoted\r\n\r\n\tand on\u2028more"_s;
    case 4: return plain + u" \u202Etxt.exe \u05E9\u05DC\u05D5\u05DD \U0001F525"_s;
    case 5: return plain + QString(2000, u'a');
    default: return u"  "_s + plain + u" <b>&amp;</b> {{ticket.owner}} =1+1 "_s;
    }
}

QString FakeDesk::writeSomething(
    RandomSource &random, const QString &ticket, const Activity &activity, MessageKind kind)
{
    const bool isColleague = kind == MessageKind::InternalNote || random.below(3) == 0;
    const QString author = isColleague ? oneOf(random, colleagues) : oneOf(random, customers);
    say(ticket, author, kind, someText(random, author, activity.nastyTexts));
    return u"%1 writes a %2 in #%3"_s.arg(author, code(kind), ticket);
}

QString FakeDesk::changeSomething(RandomSource &random, const QString &ticket)
{
    static const std::array<QString, 5> statuses { u"new"_s, u"open"_s, u"pending"_s, u"hold"_s,
        u"solved"_s };
    static const std::array<QString, 4> priorities { u"low"_s, u"normal"_s, u"high"_s,
        u"urgent"_s };
    static const std::array<QString, 4> owners { u"7"_s, u"8"_s, u"9"_s, u""_s };
    static const std::array<QString, 4> tags { u"billing"_s, u"outage"_s, u"printer"_s, u"vip"_s };
    QJsonObject change;
    switch (random.below(6)) {
    case 0: change.insert(field::status, oneOf(random, statuses)); break;
    case 1: change.insert(field::priority, oneOf(random, priorities)); break;
    case 2: change.insert(field::owner, oneOf(random, owners)); break;
    case 3: {
        QJsonArray some;
        for (const QString &tag : tags) {
            if (random.below(2) == 0)
                some.append(tag);
        }
        change.insert(field::tags, some);
        break;
    }
    case 4: change.insert(u"field.Product"_s, u"P%1"_s.arg(random.below(5))); break;
    default: change.insert(field::subject, u"Subject %1"_s.arg(random.below(1000))); break;
    }
    const QString author = oneOf(random, colleagues);
    set(ticket, author, change);
    return u"%1 sets %2 of #%3"_s.arg(author, change.keys().front(), ticket);
}

QString FakeDesk::spoof(RandomSource &random, const QString &ticket)
{
    QString operation = u"00000000-0000-4000-8000-000000000000"_s;
    if (!m_applied.empty())
        operation = std::next(m_applied.begin(), random.below(qint64(m_applied.size())))->first;
    const QString marker = u"[tl:"_s + operation + u']';
    const QString words = u"Words %1"_s.arg(m_nextText++);
    switch (random.below(4)) {
    case 0: say(ticket, u"100"_s, MessageKind::PublicReply, words + u'\n' + marker); break;
    case 1: say(ticket, u"8"_s, MessageKind::PublicReply, words + u'\n' + marker); break;
    case 2: say(ticket, u"8"_s, MessageKind::InternalNote, u"> "_s + marker + u'\n' + words); break;
    default: say(ticket, u"8"_s, MessageKind::InternalNote, words + u'\n' + marker); break;
    }
    return u"somebody writes %1 in #%2"_s.arg(marker, ticket);
}

QString FakeDesk::copySomething(RandomSource &random, const QString &ticket)
{
    std::vector<const Entry *> notes;
    for (const auto &[number, one] : m_tickets) {
        for (const Entry &entry : one.entries) {
            if (!entry.madeBy.isEmpty() && entry.shown.message
                && entry.shown.message->kind == MessageKind::InternalNote)
                notes.push_back(&entry);
        }
    }
    if (notes.empty())
        return u"nothing to copy"_s;
    const RemoteEntry entry = oneOf(random, notes)->shown;
    const QString text = entry.message->text;
    if (random.below(2) == 0)
        say(ticket, entry.author.id, MessageKind::InternalNote, text, entry.message->files);
    else
        say(ticket, entry.author.id, MessageKind::InternalNote,
            u"Words %1\n\n"_s.arg(m_nextText++) + text.mid(text.lastIndexOf(u"[tl:"_s)));
    return u"%1 copies note %2 to #%3"_s.arg(entry.author.id, entry.id, ticket);
}

QString FakeDesk::hideSomething(RandomSource &random)
{
    const QStringList ids = ticketIds();
    const QString ticket = oneOf(random, ids);
    hide(ticket, !find(ticket)->isHidden);
    return u"#%1 is %2"_s.arg(ticket, find(ticket)->isHidden ? u"hidden"_s : u"shown"_s);
}

QString FakeDesk::changeRights(RandomSource &random)
{
    const QString place = oneOf(random, m_places);
    const auto may = [&] { return random.below(3) != 0; };
    const Rights rights { .sees = may(), .writes = may(), .edits = may(), .movesIn = may() };
    setRights(u"7"_s, place, rights);
    return u"7 may in %1:%2%3%4%5"_s.arg(place, rights.sees ? u" see"_s : u""_s,
        rights.writes ? u" write"_s : u""_s, rights.edits ? u" edit"_s : u""_s,
        rights.movesIn ? u" move in"_s : u""_s);
}

QString FakeDesk::someoneDoesSomething(RandomSource &random, const Activity &activity)
{
    const std::array parts { activity.replies, activity.notes, activity.changes, activity.moves,
        activity.news, activity.deletes, activity.merges, activity.hides, activity.spoofs,
        activity.rights, activity.copies };
    int sum = 0;
    for (const int part : parts)
        sum += part;
    const QStringList ids = ticketIds();
    qint64 pick = sum > 0 ? random.below(sum) : 0;
    size_t what = 0;
    while (what + 1 < parts.size() && pick >= parts[what])
        pick -= parts[what++];
    const QString ticket = ids.isEmpty() ? QString() : oneOf(random, ids);
    if (ids.isEmpty())
        what = 4;
    QString did;
    switch (what) {
    case 0: did = writeSomething(random, ticket, activity, MessageKind::PublicReply); break;
    case 1: did = writeSomething(random, ticket, activity, MessageKind::InternalNote); break;
    case 2: did = changeSomething(random, ticket); break;
    case 3: {
        const QString place = oneOf(random, m_places);
        set(ticket, u"9"_s, field::place, place);
        did = u"9 moves #%1 to %2"_s.arg(ticket, place);
        break;
    }
    case 4: {
        const QString requester = oneOf(random, customers);
        did = u"%1 opens #%2"_s.arg(requester,
            addTicket(u"Ticket of %1"_s.arg(requester),
                someText(random, requester, activity.nastyTexts), {}, requester));
        break;
    }
    case 5:
        remove(ticket);
        did = u"#%1 is deleted"_s.arg(ticket);
        break;
    case 6: {
        const QString into = oneOf(random, ids);
        merge(ticket, into);
        did = u"#%1 is merged into #%2"_s.arg(ticket, into);
        break;
    }
    case 7: did = hideSomething(random); break;
    case 9: did = changeRights(random); break;
    case 10: did = copySomething(random, ticket); break;
    default: did = spoof(random, ticket); break;
    }
    trace(did);
    return did;
}

} // namespace tierline::test
