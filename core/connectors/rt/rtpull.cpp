#include "core/connectors/rt/rtpull.h"

#include "core/connectors/rt/rtjson.h"
#include "core/connectors/rt/rttickets.h"
#include "core/connectors/rt/ticketsql.h"

#include <QJsonArray>

#include <algorithm>
#include <limits>
#include <memory>

using namespace Qt::StringLiterals;

namespace tierline::connectors::rt {

namespace {

constexpr int ticketsOfPage = 25;
constexpr int idsOfPage = 100;
constexpr int requestsOfPage = 10;
constexpr int censusRequests = 5;
constexpr int retriesOfPage = 5;
constexpr Millis feedDuringCensus { 60'000 };

/// A listing's rows with ids that go on after `after`, rising.
struct Rows {
    struct Row {
        QString id;
        QString ticket; ///< of the feed
    };
    std::vector<Row> rows;
    qsizetype came = 0;
    int unreadable = 0;
};

Result<Rows> rowsOf(const Reply &reply, const QString &after, const QString &what)
{
    TIERLINE_TRY(items, itemsOf(reply));
    Rows result;
    result.came = items.size();
    for (const QJsonValue item : items) {
        const QJsonObject object = item.toObject();
        Rows::Row row { idOf(object.value("id"_L1)), idOf(object.value("ObjectId"_L1)) };
        if (row.id.isEmpty())
            ++result.unreadable;
        else if (isAfter(row.id, after))
            result.rows.push_back(std::move(row));
    }
    const auto isBefore
        = [](const Rows::Row &a, const Rows::Row &b) { return compareIds(a.id, b.id) < 0; };
    const auto isSame = [](const Rows::Row &a, const Rows::Row &b) { return a.id == b.id; };
    std::sort(result.rows.begin(), result.rows.end(), isBefore);
    result.rows.erase(
        std::unique(result.rows.begin(), result.rows.end(), isSame), result.rows.end());
    if (result.came > 0 && result.rows.empty()) {
        return Error { .fault = Fault::BadReply,
            .detail
            = u"Request Tracker was asked for %1 after number %2 and gives the same page again; reading stopped there."_s
                  .arg(what, after),
            .retry = Retry::Later };
    }
    return result;
}

class PagePuller : public std::enable_shared_from_this<PagePuller>
{
public:
    PagePuller(Session &session, Cursor cursor, Answer<PullPage> done)
        : m_session(session)
        , m_cursor(std::move(cursor))
        , m_done(std::move(done))
    {
    }

    void start()
    {
        if (m_cursor.isFirst())
            return findNewest();
        if (m_cursor.phase == Cursor::Phase::All)
            return listTickets();
        if (m_cursor.phase == Cursor::Phase::Census && now() - m_cursor.polled < feedDuringCensus
            && m_cursor.position.isEmpty())
            return listCensus();
        runFeed();
    }

private:
    Instant now() const { return m_session.client.serverNow(); }

    void request(const QString &path, const QString &query, int perPage, bool isFeed,
        std::function<void(const Reply &)> next)
    {
        net::QueryItems items { { u"query"_s, query }, { u"orderby"_s, u"id"_s },
            { u"order"_s, u"ASC"_s }, { u"per_page"_s, QString::number(perPage) } };
        if (isFeed)
            items.append({ u"fields"_s, u"ObjectId"_s });
        ++m_requests;
        m_session.client.get({ path }, items,
            [self = shared_from_this(), next = std::move(next)](const Result<Reply> &reply) {
                if (!reply)
                    return self->m_done(reply.error());
                next(*reply);
            });
    }

    void finish(bool isLast)
    {
        m_page.cursor = m_cursor.text();
        m_page.isLast = isLast;
        m_done(std::move(m_page));
    }

    // --- the first sync

    // The feed's place is taken before the listing begins: what changes meanwhile comes once more.
    void findNewest()
    {
        m_session.client.get({ u"transactions"_s },
            { { u"query"_s, changesAfter(u"0"_s) }, { u"orderby"_s, u"id"_s },
                { u"order"_s, u"DESC"_s }, { u"per_page"_s, u"1"_s } },
            [self = shared_from_this()](const Result<Reply> &reply) {
                if (!reply)
                    return self->m_done(reply.error());
                const auto items = itemsOf(*reply);
                if (!items)
                    return self->m_done(items.error());
                const QString newest = idOf(items->first().toObject().value("id"_L1));
                Cursor &cursor = self->m_cursor;
                cursor.top = newest.isEmpty() ? u"0"_s : newest;
                cursor.settled = idBefore(cursor.top, Cursor::LeastOverlap);
                cursor.beginRun(self->now());
                self->readTail();
            });
    }

    void readTail()
    {
        request(u"transactions"_s, changesAfter(m_cursor.position), idsOfPage, true,
            [this, self = shared_from_this()](const Reply &reply) {
                const auto rows = rowsOf(reply, m_cursor.position, u"changes"_s);
                if (!rows)
                    return m_done(rows.error());
                for (const auto &row : rows->rows)
                    m_cursor.deal(row.id);
                if (rows->came >= idsOfPage && m_requests < requestsOfPage)
                    return readTail();
                m_cursor.endRun(now());
                m_cursor.census = now();
                listTickets();
            });
    }

    void listTickets()
    {
        request(u"tickets"_s, ticketsAfter(m_cursor.after), ticketsOfPage, false,
            [this, self = shared_from_this()](const Reply &reply) {
                const auto rows = rowsOf(reply, m_cursor.after, u"tickets"_s);
                if (!rows)
                    return m_done(rows.error());
                noteUnreadable(*rows);
                if (rows->rows.empty()) {
                    m_cursor.phase = Cursor::Phase::Feed;
                    m_cursor.after = u"0"_s;
                    return runFeed();
                }
                QStringList ids;
                for (const auto &row : rows->rows)
                    ids += row.id;
                m_cursor.after = ids.last();
                readAll(ids, [this, self] { finish(false); });
            });
    }

    void noteUnreadable(const Rows &rows)
    {
        if (rows.unreadable > 0) {
            m_page.setAside
                += u"%1 rows of a list had no number that can be read and were left out."_s.arg(
                    rows.unreadable);
        }
    }

    // --- tickets of a page

    void readAll(const QStringList &ids, std::function<void()> next)
    {
        m_session.resigned = m_cursor.resigned();
        readTickets(m_session, ids, true,
            [self = shared_from_this(), ids, next = std::move(next)](Result<Batch> batch) {
                if (!batch)
                    return self->m_done(batch.error());
                self->keep(ids, std::move(*batch));
                next();
            });
    }

    void keep(const QStringList &ids, Batch batch)
    {
        for (const QString &id : ids) {
            const bool hasFailed = std::any_of(batch.failed.cbegin(), batch.failed.cend(),
                [&](const Batch::Failed &failed) { return failed.ticket == id; });
            if (hasFailed)
                m_cursor.putOff(id, now());
            else
                m_cursor.forgetLater(id);
        }
        for (const QString &transaction : std::as_const(batch.transactions))
            m_cursor.know(transaction);
        for (const Batch::Failed &failed : batch.failed)
            m_page.setAside += failed.sentence;
        m_page.tickets = std::move(batch.tickets);
    }

    // --- the feed

    void runFeed()
    {
        if (m_cursor.position.isEmpty())
            m_cursor.beginRun(now());
        readFeed();
    }

    void readFeed()
    {
        request(u"transactions"_s, changesAfter(m_cursor.position), idsOfPage, true,
            [this, self = shared_from_this()](const Reply &reply) {
                const auto rows = rowsOf(reply, m_cursor.position, u"changes"_s);
                if (!rows)
                    return m_done(rows.error());
                noteUnreadable(*rows);
                if (!takeFeed(*rows))
                    return feedEnded(false);
                // Pages of the feed are filled up, so a short one is the last.
                if (rows->came < idsOfPage)
                    return feedEnded(true);
                if (m_requests >= requestsOfPage)
                    return feedEnded(false);
                readFeed();
            });
    }

    // False where the page of tickets is full before the rows end.
    bool takeFeed(const Rows &rows)
    {
        for (const auto &row : rows.rows) {
            const bool isNews = !row.ticket.isEmpty() && !m_cursor.seen.contains(row.id)
                && !m_changed.contains(row.ticket);
            if (isNews && m_changed.size() >= ticketsOfPage)
                return false;
            if (isNews)
                m_changed += row.ticket;
            m_cursor.deal(row.id);
        }
        return true;
    }

    void feedEnded(bool isAtEnd)
    {
        if (isAtEnd) {
            for (const QString &id : m_cursor.due(now(), retriesOfPage)) {
                if (!m_changed.contains(id))
                    m_changed += id;
            }
        }
        const auto end = [this, self = shared_from_this(), isAtEnd] {
            if (isAtEnd)
                m_cursor.endRun(now());
            finish(isAtEnd && !isCensusNext());
        };
        if (m_changed.isEmpty())
            return end();
        readAll(m_changed, end);
    }

    bool isCensusNext()
    {
        if (m_cursor.phase == Cursor::Phase::Feed
            && now() - m_cursor.census >= m_session.mapping.censusEvery) {
            m_cursor.phase = Cursor::Phase::Census;
            m_cursor.after = u"0"_s;
        }
        return m_cursor.phase == Cursor::Phase::Census;
    }

    // --- the census

    void listCensus()
    {
        if (!m_page.census)
            m_page.census = PullPage::Census { m_cursor.after.toLongLong() + 1, 0, {} };
        request(u"tickets"_s, ticketsAfter(m_cursor.after), idsOfPage, false,
            [this, self = shared_from_this()](const Reply &reply) {
                const auto rows = rowsOf(reply, m_cursor.after, u"tickets"_s);
                if (!rows)
                    return m_done(rows.error());
                noteUnreadable(*rows);
                auto &census = *m_page.census;
                for (const auto &row : rows->rows)
                    census.listed.push_back(row.id.toLongLong());
                if (rows->rows.empty()) {
                    census.to = std::numeric_limits<qint64>::max();
                    m_cursor.phase = Cursor::Phase::Feed;
                    m_cursor.after = u"0"_s;
                    m_cursor.census = now();
                    return finish(false);
                }
                m_cursor.after = rows->rows.back().id;
                census.to = census.listed.back();
                if (m_requests < censusRequests)
                    return listCensus();
                finish(false);
            });
    }

    Session &m_session;
    Cursor m_cursor;
    Answer<PullPage> m_done;
    PullPage m_page;
    QStringList m_changed;
    int m_requests = 0;
};

} // namespace

void pullPage(Session &session, const Cursor &cursor, Answer<PullPage> done)
{
    std::make_shared<PagePuller>(session, cursor, std::move(done))->start();
}

} // namespace tierline::connectors::rt
