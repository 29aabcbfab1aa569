#include "tests/support/bigstore/bigstore.h"

#include "core/base/clock.h"
#include "core/import/importer.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryFile>

#include <cmath>

namespace tierline::test {

using namespace Qt::StringLiterals;

namespace {

constexpr int vocabulary = 30'000;
constexpr int agents = 60;
constexpr int companies = 4'000;
constexpr qint64 endMinute = 29'682'720; ///< 2026-06-08T12:00Z
constexpr qint64 spanMinutes = 2 * 365 * 24 * 60;

QString iso(qint64 minute)
{
    return Instant { minute * 60'000 }.iso();
}

} // namespace

BigStore::BigStore(qint64 tickets, quint64 seed)
    : m_tickets(tickets)
    , m_random(seed)
{
    static const QStringList heads { u"b"_s, u"br"_s, u"c"_s, u"ch"_s, u"d"_s, u"f"_s, u"g"_s,
        u"h"_s, u"k"_s, u"l"_s, u"m"_s, u"n"_s, u"p"_s, u"pr"_s, u"r"_s, u"s"_s, u"st"_s, u"t"_s,
        u"tr"_s, u"v"_s, u"w"_s, u"z"_s };
    static const QStringList vowels { u"a"_s, u"e"_s, u"i"_s, u"o"_s, u"u"_s, u"ea"_s, u"ou"_s };
    m_words.reserve(vocabulary);
    for (int i = 0; i < vocabulary; ++i) {
        QString word;
        for (qint64 n = 1 + m_random.below(i < 200 ? 2 : 3); n >= 0; --n)
            word += heads[m_random.below(heads.size())] + vowels[m_random.below(vowels.size())];
        m_words.append(word);
    }
    // Nine in ten at any time, one in ten in bursts of a day: outages.
    std::vector<qint64> bursts;
    for (int i = 0; i < 20; ++i)
        bursts.push_back(endMinute - m_random.below(spanMinutes));
    m_created.reserve(static_cast<size_t>(tickets));
    for (qint64 i = 0; i < tickets; ++i) {
        const bool isBurst = m_random.below(10) == 0;
        const qint64 at = isBurst
            ? bursts[static_cast<size_t>(m_random.below(20))] - m_random.below(24 * 60)
            : endMinute - m_random.below(spanMinutes);
        m_created.push_back(at);
    }
    std::sort(m_created.begin(), m_created.end());
}

double BigStore::unit()
{
    return static_cast<double>(m_random.next64() >> 11) / 9'007'199'254'740'992.0;
}

/// Ranks whose frequency falls as 1 / rank: the inverse of its distribution, nearly.
int BigStore::zipf(int size)
{
    return qMin(size - 1, static_cast<int>(std::pow(static_cast<double>(size) + 1, unit())) - 1);
}

QString BigStore::randomWords(int count)
{
    QString text;
    for (int i = 0; i < count; ++i) {
        if (i > 0)
            text += i % 12 == 0 ? u". "_s : u" "_s;
        text += m_words[zipf(vocabulary)];
    }
    return text;
}

QString BigStore::hostileText(qint64 n)
{
    switch (n % 5) {
    case 0: return u"=cmd|' /C calc'!A0"_s;
    case 1: return QString(20'000, u'x');
    case 2: return u"a\u0301"_s.repeated(500) + u"\u202Egpj.exe"_s;
    case 3: return u"<script>alert(1)</script><table><tr><td>"_s.repeated(50);
    default: return u"' OR 1=1; DROP TABLE ticket; -- \" NEAR( *"_s;
    }
}

QByteArray BigStore::nextLine()
{
    if (m_at >= m_tickets)
        return {};
    const qint64 n = m_at++;
    const qint64 created = m_created[static_cast<size_t>(n)];
    static const QStringList tiers { u"L1"_s, u"L1"_s, u"L1"_s, u"L2"_s, u"L3"_s };
    static const QStringList priorities { u"low"_s, u"normal"_s, u"normal"_s, u"high"_s,
        u"urgent"_s };
    static const QStringList channels { u"email"_s, u"chat"_s, u"phone"_s, u"web"_s };
    static const QStringList categories { u"billing"_s, u"bug"_s, u"access"_s, u"how-to"_s,
        u"outage"_s };
    static const QStringList plans { u"free"_s, u"team"_s, u"business"_s, u"enterprise"_s };
    const QString agent = u"agent%1"_s.arg(zipf(agents));
    const int company = zipf(companies);
    const bool isHostile = m_random.below(1000) == 0;
    const QString tier = tiers[m_random.below(tiers.size())];
    QJsonObject line { { u"id"_s, u"BIG-%1"_s.arg(n + 1) }, { u"created"_s, iso(created) },
        { u"subject"_s,
            isHostile ? hostileText(n) : randomWords(4 + static_cast<int>(m_random.below(7))) },
        { u"channel"_s, channels[m_random.below(4)] },
        { u"category"_s, categories[m_random.below(5)] },
        { u"priority"_s, priorities[m_random.below(5)] }, { u"tier"_s, tier },
        { u"team"_s, u"Team %1"_s.arg(zipf(12) + 1) },
        { u"assignee"_s, m_random.below(4) ? agent : QString() }, { u"status"_s, u"new"_s } };
    line[u"requester"_s]
        = QJsonObject { { u"name"_s, u"Person %1 %2"_s.arg(m_words[company]).arg(company) },
              { u"email"_s, u"p%1@company%1.example"_s.arg(company) } };
    line[u"organization"_s] = QJsonObject { { u"name"_s, u"Company %1"_s.arg(company) },
        { u"plan"_s, plans[company % 4] }, { u"arr"_s, 1000 * (company % 500) },
        { u"health"_s, company % 101 } };

    const bool isLong = m_random.below(20) == 0;
    const int messages = isLong ? 51 + static_cast<int>(m_random.below(20))
                                : 1 + static_cast<int>(m_random.below(4));
    QJsonArray thread;
    for (int i = 0; i < messages; ++i) {
        const bool isCustomer = i % 2 == 0;
        thread.append(QJsonObject { { u"at"_s, iso(created + i * 7) },
            { u"from"_s, isCustomer ? u"customer"_s : u"agent"_s },
            { u"author"_s, isCustomer ? u"Person"_s : agent }, { u"public"_s, i % 5 != 3 },
            { u"text"_s, isHostile ? hostileText(n + i) : randomWords(i == 0 ? 70 : 15) } });
    }
    line[u"messages"_s] = thread;
    QJsonArray events;
    qint64 at = created + 30;
    if (m_random.below(10) == 0 && tier != u"L3") {
        events.append(QJsonObject { { u"at"_s, iso(at) }, { u"kind"_s, u"tier"_s },
            { u"to"_s, tier == u"L1" ? u"L2"_s : u"L3"_s }, { u"actor"_s, agent },
            { u"note"_s, randomWords(5) } });
        at += 20;
    }
    // Old tickets are done; of the newest some are still open.
    if (n < m_tickets * 9 / 10 || m_random.below(2)) {
        events.append(QJsonObject { { u"at"_s, iso(at + 60) }, { u"kind"_s, u"status"_s },
            { u"to"_s, u"solved"_s }, { u"actor"_s, agent } });
        if (m_random.below(5) == 0)
            events.append(QJsonObject { { u"at"_s, iso(at + 1500) }, { u"kind"_s, u"csat"_s },
                { u"to"_s, 1 + m_random.below(5) }, { u"actor"_s, u"customer"_s } });
    }
    line[u"events"_s] = events;
    return QJsonDocument(line).toJson(QJsonDocument::Compact);
}

Result<Done> writeLines(BigStore &store, const QString &file)
{
    QFile out(file);
    if (!out.open(QIODevice::WriteOnly | QIODevice::Truncate))
        return storageError(u"%1 cannot be written: %2."_s.arg(file, out.errorString()));
    for (;;) {
        const QByteArray line = store.nextLine();
        if (line.isEmpty())
            break;
        if (out.write(line + '\n') != line.size() + 1)
            return storageError(u"%1 cannot be written: %2."_s.arg(file, out.errorString()));
    }
    return Done {};
}

Result<Done> makeStore(const QString &folder, qint64 tickets, quint64 seed,
    const std::function<void(qint64, qint64)> &progress)
{
    static const SystemClock clock;
    TIERLINE_TRY(store, storage::Store::create(storage::Workspace(folder), clock));
    QTemporaryFile lines(QDir::tempPath() + u"/tierline-lines-XXXXXX.jsonl"_s);
    if (!lines.open())
        return storageError(u"No temporary file can be made: %1."_s.arg(lines.errorString()));
    BigStore generator(tickets, seed);
    TIERLINE_CHECK(writeLines(generator, lines.fileName()));
    TIERLINE_TRY(job, importing::startTickets(*store, lines.fileName()));
    TIERLINE_CHECK(importing::runToEnd(*job, [&](const importing::ImportProgress &p) {
        if (progress)
            progress(p.done, p.total);
        return true;
    }));
    return Done {};
}

QList<qint64> benchSizes()
{
    QList<qint64> sizes;
    const QString given = qEnvironmentVariable("TIERLINE_BENCH_TICKETS", u"10000,100000,1000000"_s);
    for (const QString &size : given.split(u',', Qt::SkipEmptyParts))
        sizes.append(qMax<qint64>(1, size.toLongLong()));
    return sizes;
}

} // namespace tierline::test
