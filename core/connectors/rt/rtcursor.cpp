#include "core/connectors/rt/rtcursor.h"

#include "core/base/json.h"
#include "core/connectors/rt/rtjson.h"

#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tierline::connectors::rt {

namespace {

constexpr qsizetype mostStretches = 4'000;
constexpr qsizetype mostLater = 500;
constexpr Millis firstTry { 10 * 60'000 };
constexpr Millis longestTry { 24 * 3'600'000 };

using Stretch = std::pair<qint64, qint64>;

auto stretchFor(const std::vector<Stretch> &stretches, qint64 number)
{
    // The first one that ends at or after the number.
    return std::lower_bound(stretches.begin(), stretches.end(), number,
        [](const Stretch &stretch, qint64 value) { return stretch.second < value; });
}

} // namespace

bool SeenIds::contains(const QString &id) const
{
    const qint64 number = id.toLongLong();
    const auto found = stretchFor(m_stretches, number);
    return found != m_stretches.end() && found->first <= number;
}

void SeenIds::insert(const QString &id)
{
    const qint64 number = id.toLongLong();
    auto next = m_stretches.begin() + (stretchFor(m_stretches, number) - m_stretches.cbegin());
    if (next != m_stretches.end() && next->first <= number)
        return;
    const bool joinsNext = next != m_stretches.end() && next->first - 1 == number;
    const bool joinsBefore = next != m_stretches.begin() && std::prev(next)->second + 1 == number;
    if (joinsBefore && joinsNext) {
        std::prev(next)->second = next->second;
        m_stretches.erase(next);
    } else if (joinsBefore) {
        std::prev(next)->second = number;
    } else if (joinsNext) {
        next->first = number;
    } else {
        m_stretches.insert(next, { number, number });
    }
}

void SeenIds::forgetUpTo(const QString &id)
{
    const qint64 number = id.toLongLong();
    const auto kept = stretchFor(m_stretches, number) - m_stretches.cbegin();
    m_stretches.erase(m_stretches.begin(), m_stretches.begin() + kept);
    if (!m_stretches.empty() && m_stretches.front().first <= number) {
        m_stretches.front().first = number + 1;
        if (m_stretches.front().second <= number)
            m_stretches.erase(m_stretches.begin());
    }
}

bool SeenIds::setStretches(std::vector<std::pair<qint64, qint64>> stretches)
{
    qint64 before = -2;
    for (const auto &[first, last] : stretches) {
        if (first < 0 || last < first || first <= before + 1)
            return false;
        before = last;
    }
    m_stretches = std::move(stretches);
    return true;
}

QString Cursor::readFrom() const
{
    const QString least = idBefore(top, LeastOverlap);
    const QString most = idBefore(top, MostOverlap);
    const QString wanted = compareIds(settled, least) < 0 ? settled : least;
    return compareIds(wanted, most) < 0 ? most : wanted;
}

void Cursor::beginRun(Instant now)
{
    position = readFrom();
    since = now;
    seen.forgetUpTo(position);
}

void Cursor::deal(const QString &transaction)
{
    seen.insert(transaction);
    if (isAfter(transaction, top))
        top = transaction;
    if (isAfter(transaction, position))
        position = transaction;
}

void Cursor::know(const QString &transaction)
{
    // Below that the feed is never read again; and forgetting one costs a request, no more.
    if (isAfter(transaction, readFrom()) && seen.stretchCount() < mostStretches)
        seen.insert(transaction);
}

void Cursor::endRun(Instant now)
{
    position.clear();
    polled = now;
    // This run read all above `settled`. A row below a mark had its number before the mark was made,
    // so it had shown when the run began, if that was long enough after.
    for (const Mark &mark : marks) {
        if (mark.at + LateFor <= since && isAfter(mark.id, settled))
            settled = mark.id;
    }
    std::erase_if(marks, [this](const Mark &mark) { return !isAfter(mark.id, settled); });
    if (marks.empty() || now - marks.back().at >= Millis(10'000))
        marks.push_back({ now, top });
    if (marks.size() > 60)
        marks.erase(marks.begin() + 1);
    seen.forgetUpTo(readFrom());
}

void Cursor::putOff(const QString &ticket, Instant now)
{
    auto found = std::find_if(
        later.begin(), later.end(), [&](const Later &item) { return item.id == ticket; });
    if (found == later.end()) {
        if (later.size() >= static_cast<size_t>(mostLater))
            return;
        later.push_back({ ticket, 0, {} });
        found = std::prev(later.end());
    }
    found->next
        = now + std::min(Millis(firstTry * (qint64(1) << std::min(found->tries, 10))), longestTry);
    ++found->tries;
}

void Cursor::forgetLater(const QString &ticket)
{
    std::erase_if(later, [&](const Later &item) { return item.id == ticket; });
}

QStringList Cursor::due(Instant now, qsizetype most) const
{
    QStringList tickets;
    for (const Later &item : later) {
        if (item.next <= now && tickets.size() < most)
            tickets += item.id;
    }
    return tickets;
}

QSet<QString> Cursor::resigned() const
{
    constexpr int tries = 3; // after some half an hour
    QSet<QString> tickets;
    for (const Later &item : later) {
        if (item.tries >= tries)
            tickets.insert(item.id);
    }
    return tickets;
}

namespace {

const QStringList &phaseNames()
{
    static const QStringList names { u"all"_s, u"feed"_s, u"census"_s };
    return names;
}

Error badCursor()
{
    return badInput(
        u"The mark of how far the account was read is not one of this program; read the account anew."_s);
}

bool readId(const QJsonObject &object, QLatin1StringView name, QString &id, bool mayBeEmpty = false)
{
    id = object.value(name).toString();
    return isId(id) || (mayBeEmpty && id.isEmpty());
}

bool readLists(const QJsonObject &object, Cursor &cursor)
{
    std::vector<std::pair<qint64, qint64>> stretches;
    for (const QJsonValue item : object.value("seen"_L1).toArray()) {
        const QJsonArray pair = item.toArray();
        const QString first = pair.at(0).toString(), last = pair.at(1).toString();
        if (!isId(first) || !isId(last))
            return false;
        stretches.emplace_back(first.toLongLong(), last.toLongLong());
    }
    for (const QJsonValue item : object.value("marks"_L1).toArray()) {
        const QJsonArray mark = item.toArray();
        cursor.marks.push_back({ { mark.at(0).toInteger() }, mark.at(1).toString() });
        if (!isId(cursor.marks.back().id))
            return false;
    }
    for (const QJsonValue item : object.value("later"_L1).toArray()) {
        const QJsonArray one = item.toArray();
        cursor.later.push_back({ one.at(0).toString(), static_cast<int>(one.at(1).toInteger()),
            { one.at(2).toInteger() } });
        if (!isId(cursor.later.back().id) || cursor.later.back().tries < 0)
            return false;
    }
    return cursor.seen.setStretches(std::move(stretches));
}

} // namespace

QString Cursor::text() const
{
    QJsonArray stretches, markList, laterList;
    for (const auto &[first, last] : seen.stretches())
        stretches.append(QJsonArray { QString::number(first), QString::number(last) });
    for (const Mark &mark : marks)
        markList.append(QJsonArray { mark.at.ms, mark.id });
    for (const Later &item : later)
        laterList.append(QJsonArray { item.id, item.tries, item.next.ms });
    return compactJson({ { u"v"_s, 1 }, { u"phase"_s, phaseNames().at(static_cast<int>(phase)) },
        { u"after"_s, after }, { u"top"_s, top }, { u"settled"_s, settled },
        { u"position"_s, position }, { u"since"_s, since.ms }, { u"polled"_s, polled.ms },
        { u"census"_s, census.ms }, { u"seen"_s, stretches }, { u"marks"_s, markList },
        { u"later"_s, laterList } });
}

Result<Cursor> Cursor::parse(const QString &text)
{
    if (text.isEmpty())
        return Cursor {};
    const auto object = readJsonObject(text.toUtf8());
    if (!object || object->value("v"_L1).toInteger() != 1)
        return badCursor();
    Cursor cursor;
    const auto phase = phaseNames().indexOf(object->value("phase"_L1).toString());
    if (phase < 0 || !readId(*object, "after"_L1, cursor.after)
        || !readId(*object, "top"_L1, cursor.top) || !readId(*object, "settled"_L1, cursor.settled)
        || !readId(*object, "position"_L1, cursor.position, true) || !readLists(*object, cursor))
        return badCursor();
    cursor.phase = static_cast<Phase>(phase);
    cursor.since.ms = object->value("since"_L1).toInteger();
    cursor.polled.ms = object->value("polled"_L1).toInteger();
    cursor.census.ms = object->value("census"_L1).toInteger();
    return cursor;
}

} // namespace tierline::connectors::rt
