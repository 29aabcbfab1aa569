#include "core/connectors/rt/rtthread.h"

#include "core/connectors/rt/rtjson.h"

#include <QJsonArray>

#include <algorithm>
#include <array>
#include <memory>

using namespace Qt::StringLiterals;

namespace tierline::connectors::rt {

namespace {

constexpr int pageSize = 100;
// Each divides the one before, so that a page of any size begins where the last one ended.
constexpr std::array pageSizes { pageSize, 25, 5, 1 };
constexpr int maxHistoryRows = 200 * pageSize;
constexpr int maxUnread = 20;
constexpr int maxPartPages = 60;
constexpr int maxEmptyPartPages = 3;
constexpr qsizetype maxSingles = 100;
constexpr qint64 maxSingleBytes = 8 << 20;

class ThreadReader : public std::enable_shared_from_this<ThreadReader>
{
public:
    ThreadReader(Session &session, QString ticket, std::function<void(Result<Thread>)> done)
        : m_session(session)
        , m_ticket(std::move(ticket))
        , m_done(std::move(done))
    {
    }

    void readHistory()
    {
        m_session.client.get({ u"ticket"_s, m_ticket, u"history"_s },
            { { u"orderby"_s, u"id"_s }, { u"order"_s, u"ASC"_s },
                { u"per_page"_s, QString::number(m_pageSize) },
                { u"page"_s, QString::number(m_row / m_pageSize + 1) },
                { u"fields"_s,
                    u"Type,Field,OldValue,NewValue,Creator,Created,ObjectId,CustomFields,_hyperlinks"_s } },
            [self = shared_from_this()](const Result<Reply> &reply) { self->takeHistory(reply); });
    }

private:
    void takeHistory(const Result<Reply> &reply)
    {
        if (!reply && reply.error().fault == Fault::BadReply && readSmaller())
            return;
        if (!reply)
            return m_done(reply.error());
        const auto items = itemsOf(*reply);
        if (!items)
            return m_done(items.error());
        const size_t before = m_thread.changes.size();
        for (const QJsonValue item : *items) {
            auto change = changeOf(item.toObject(), m_session.mapping.referenceField);
            if (!change || m_known.contains(change->id))
                continue;
            m_known.insert(change->id);
            m_thread.changes.push_back(std::move(*change));
        }
        if (!items->isEmpty() && m_thread.changes.size() == before) {
            return m_done(Error { .fault = Fault::BadReply,
                .detail
                = u"Request Tracker gives the same page of ticket %1's history again and again."_s
                      .arg(m_ticket),
                .retry = Retry::Later });
        }
        // Pages of a history are full until the last one.
        if (items->size() < m_pageSize)
            return historyEnded();
        readOn();
    }

    // A page of honest changes may be more than is taken at once, and of a hundred one may be broken: the
    // same rows are asked for in smaller pages. False where there is nothing smaller.
    bool readSmaller()
    {
        if (m_pageSize > 1) {
            m_pageSize = *(std::find(pageSizes.begin(), pageSizes.end(), m_pageSize) + 1);
            readHistory();
            return true;
        }
        if (!m_session.resigned.contains(m_ticket) || ++m_thread.unread > maxUnread)
            return false;
        readOn();
        return true;
    }

    // In pages as large as the place allows.
    void readOn()
    {
        m_row += m_pageSize;
        m_thread.isCut = m_row >= maxHistoryRows;
        if (m_thread.isCut)
            return historyEnded();
        m_pageSize = *std::find_if(
            pageSizes.begin(), pageSizes.end(), [this](int size) { return m_row % size == 0; });
        readHistory();
    }

    void historyEnded()
    {
        std::sort(m_thread.changes.begin(), m_thread.changes.end(),
            [](const Change &a, const Change &b) { return compareIds(a.id, b.id) < 0; });
        for (const Change &change : m_thread.changes) {
            if (!change.isMessage())
                continue;
            for (const QString &part : change.parts) {
                m_missing.insert(part);
                if (change.isNote())
                    m_ofNotes.insert(part);
            }
        }
        if (m_missing.isEmpty())
            return m_done(std::move(m_thread));
        readParts(1);
    }

    void readParts(int page)
    {
        QString fields = u"TransactionId,ContentType,Filename,ContentLength"_s;
        if (!m_isCareful)
            fields += u",Content"_s;
        m_session.client.get({ u"ticket"_s, m_ticket, u"attachments"_s },
            { { u"orderby"_s, u"id"_s }, { u"order"_s, u"ASC"_s },
                { u"per_page"_s, QString::number(pageSize) }, { u"page"_s, QString::number(page) },
                { u"fields"_s, fields } },
            [self = shared_from_this(), page](
                const Result<Reply> &reply) { self->takeParts(page, reply); });
    }

    void takeParts(int page, const Result<Reply> &reply)
    {
        if (!reply && reply.error().fault == Fault::BadReply && !m_isCareful) {
            // Perhaps a file of many megabytes lies among the texts: ask without contents.
            m_isCareful = true;
            return readParts(page);
        }
        if (!reply)
            return m_done(reply.error());
        const auto items = itemsOf(*reply);
        if (!items)
            return m_done(items.error());
        for (const QJsonValue item : *items)
            takePart(item.toObject());
        m_emptyPages = items->isEmpty() ? m_emptyPages + 1 : 0;
        // A page lacks what one may not see, so a short or empty one need not be the last.
        if (!m_missing.isEmpty() && m_emptyPages < maxEmptyPartPages && page < maxPartPages)
            return readParts(page + 1);
        QStringList missing(m_missing.cbegin(), m_missing.cend());
        std::sort(missing.begin(), missing.end(),
            [](const QString &a, const QString &b) { return compareIds(a, b) < 0; });
        m_singles += missing;
        if (m_singles.size() > maxSingles)
            m_singles.erase(m_singles.begin() + maxSingles, m_singles.end());
        readSingles();
    }

    void takePart(const QJsonObject &object)
    {
        auto part = partOf(object);
        if (!part || !m_missing.remove(part->id))
            return;
        if (!part->isText())
            part->content.reset();
        const bool isPackage = part->isPackage() && m_ofNotes.contains(part->id);
        const bool lacksText = part->isText() && !part->content && part->size > 0;
        if (isPackage || lacksText)
            m_singles += part->id;
        else if (part->isText() && !part->content)
            part->content = QString();
        const QString id = part->id;
        m_thread.parts.emplace(id, std::move(*part));
    }

    void readSingles()
    {
        if (m_singles.isEmpty())
            return m_done(std::move(m_thread));
        const QString id = m_singles.takeFirst();
        m_session.client.get(
            { u"attachment"_s, id }, {},
            [self = shared_from_this(), id](
                const Result<Reply> &reply) { self->takeSingle(id, reply); },
            maxSingleBytes);
    }

    void takeSingle(const QString &id, const Result<Reply> &reply)
    {
        // What is taken without its words stays without them, so a fault that may pass is waited for.
        const bool mayPass = !reply && reply.error().retry == Retry::Later
            && !m_session.resigned.contains(m_ticket);
        if (!reply && (mayPass || reply.error().fault != Fault::BadReply))
            return m_done(reply.error());
        if (reply && reply->isGood() && idOf(reply->object().value("id"_L1)) == id)
            keepSingle(id, reply->object());
        readSingles();
    }

    void keepSingle(const QString &id, const QJsonObject &object)
    {
        auto fresh = partOf(object);
        const auto bytes = contentOf(object);
        if (!fresh || !bytes)
            return;
        // The list's row tells the size, this one does not.
        Part &part = m_thread.parts[id];
        if (part.id.isEmpty())
            part = *fresh;
        part.content.reset();
        part.size = bytes->size();
        const bool isPackage = part.isPackage() && m_ofNotes.contains(id);
        if (part.isText() || isPackage)
            part.bytes = *bytes;
    }

    Session &m_session;
    QString m_ticket;
    std::function<void(Result<Thread>)> m_done;
    Thread m_thread;
    int m_row = 0; ///< of the history, that the next page begins with
    int m_pageSize = pageSize;
    QSet<QString> m_known;
    QSet<QString> m_missing; ///< parts of messages that the history names and no page told of
    QSet<QString> m_ofNotes;
    QStringList m_singles; ///< parts to be fetched one by one
    bool m_isCareful = false;
    int m_emptyPages = 0;
};

} // namespace

void readThread(Session &session, const QString &ticket, std::function<void(Result<Thread>)> done)
{
    std::make_shared<ThreadReader>(session, ticket, std::move(done))->readHistory();
}

} // namespace tierline::connectors::rt
