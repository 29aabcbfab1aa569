#include "core/calendar/zone.h"

#include <QCryptographicHash>
#include <QHash>
#include <QMutex>
#include <QRegularExpression>
#include <QTimeZone>

namespace tierline {

using namespace Qt::StringLiterals;

namespace {
constexpr qint64 beforeAll = std::numeric_limits<qint64>::min() / 4;
constexpr qint64 afterAll = std::numeric_limits<qint64>::max() / 4;
constexpr qint64 msPerSecond = 1000;

/// The toolkit also takes "UTC+3" and whole rules such as "CET-1CEST,M3.5.0", which are names of nothing.
bool isIanaName(const QString &name)
{
    static const QRegularExpression form(
        u"\\A[A-Za-z][A-Za-z_]*(/[A-Za-z][A-Za-z0-9_+-]*){1,2}\\z"_s);
    return form.match(name).hasMatch()
        || ((name.size() <= 3 || !name.startsWith("UTC"_L1))
            && QTimeZone::availableTimeZoneIds().contains(name.toLatin1()));
}
} // namespace

std::shared_ptr<const Zone::Data> Zone::read(const QString &name)
{
    const QTimeZone zone(name.toLatin1());
    if (!zone.isValid())
        return {};
    auto data = std::make_shared<Data>();
    data->name = name;
    const QDateTime first = QDateTime::fromMSecsSinceEpoch(Instant::MinMs, Qt::UTC);
    const QDateTime last = QDateTime::fromMSecsSinceEpoch(Instant::MaxMs, Qt::UTC);
    std::vector<Stretch> &all = data->stretches;
    all.push_back({ beforeAll, afterAll, zone.offsetFromUtc(first) * msPerSecond });
    const auto take = [&all](const QTimeZone::OffsetData &change) {
        const qint64 at = change.atUtc.toMSecsSinceEpoch();
        const qint64 offset = change.offsetFromUtc * msPerSecond;
        // A change of name only, or of what part of the offset is daylight saving, is none here.
        if (offset == all.back().offset || at <= all.back().from)
            return;
        all.back().to = at;
        all.push_back({ at, afterAll, offset });
    };
    QDateTime known = first;
    const QTimeZone::OffsetDataList changes = zone.transitions(first, last);
    for (const QTimeZone::OffsetData &change : changes) {
        take(change);
        known = change.atUtc;
    }
    // The list ends with the table of the zone data, in 2037; from there on the zone's rule goes on. Asked
    // from the table's very last change the toolkit knows no next one (seen with 6.4.2), hence the second.
    while (known < last) {
        const QTimeZone::OffsetData change = zone.nextTransition(known.addSecs(1));
        if (!change.atUtc.isValid() || change.atUtc > last)
            break;
        take(change);
        known = change.atUtc;
    }
    return data;
}

Result<Zone> Zone::named(const QString &name)
{
    static QMutex mutex;
    static QHash<QString, std::shared_ptr<const Data>> known;
    const QMutexLocker locker(&mutex);
    auto data = known.constFind(name);
    if (data == known.constEnd()) {
        auto made = isIanaName(name) ? read(name) : nullptr;
        if (!made)
            return badInput(
                u"The system's time zone data has no zone “%1”; write its IANA name, such as "
                "Europe/Berlin."_s.arg(name.left(64)),
                u"zone"_s);
        data = known.insert(name, std::move(made));
    }
    return Zone(*data);
}

Zone Zone::utc()
{
    static const auto data
        = std::make_shared<const Data>(Data { u"UTC"_s, { { beforeAll, afterAll, 0 } } });
    return Zone(data);
}

size_t Zone::stretchAt(Instant at) const
{
    const auto after = std::upper_bound(stretches().begin(), stretches().end(), at.ms,
        [](qint64 ms, const Stretch &stretch) { return ms < stretch.from; });
    return static_cast<size_t>(after - stretches().begin())
        - (after == stretches().begin() ? 0 : 1);
}

QString Zone::digest() const
{
    constexpr qint64 first = 946'684'800'000, last = 2'145'916'800'000; // 2000-01-01, 2038-01-01
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const Stretch &stretch : stretches()) {
        if (stretch.to > first && stretch.from < last)
            hash.addData(
                u"%1 %2;"_s.arg(std::max(stretch.from, first)).arg(stretch.offset).toLatin1());
    }
    return QString::fromLatin1(hash.result().toHex().first(16));
}

} // namespace tierline
