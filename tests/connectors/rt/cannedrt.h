#pragma once

#include "core/connectors/rt/rtconnector.h"
#include "tests/connectors/rt/waiting.h"
#include "tests/support/net/netrig.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QTest>
#include <QUrlQuery>

namespace tierline::test {

/// A Request Tracker of tickets and transactions as a test lists them, over a lying server. What a test
/// puts into `instead`, by path, is sent in place of the honest answer.
class CannedRt
{
public:
    struct Row {
        qint64 id = 0;
        qint64 ticket = 0;
    };

    CannedRt()
    {
        server.script = [this](const Arrival &arrival) { return answerTo(arrival); };
    }

    QList<qint64> tickets;
    QList<Row> feed; ///< in any order
    QHash<QString, std::function<Script(const Arrival &)>> instead;
    LyingServer server;

    static QByteArray json(const QJsonValue &value)
    {
        return QJsonDocument(
            value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject()))
            .toJson(QJsonDocument::Compact);
    }
    static QByteArray listOf(const QJsonArray &items)
    {
        return answer(200,
            json(QJsonObject {
                { QStringLiteral("items"), items }, { QStringLiteral("count"), items.size() } }));
    }
    static QString pathOf(const Arrival &arrival)
    {
        return QUrl::fromEncoded(arrival.target).path().mid(int(qstrlen("/REST/2.0/")));
    }
    static QString asked(const Arrival &arrival, const QString &name)
    {
        return QUrlQuery(QUrl::fromEncoded(arrival.target))
            .queryItemValue(name, QUrl::FullyDecoded);
    }
    /// A ticket's record; its one message is transaction 10 * id.
    static QJsonObject record(qint64 id)
    {
        return { { QStringLiteral("id"), QString::number(id) },
            { QStringLiteral("Type"), QStringLiteral("ticket") },
            { QStringLiteral("Subject"), QStringLiteral("Ticket %1").arg(id) },
            { QStringLiteral("Status"), QStringLiteral("open") },
            { QStringLiteral("Priority"), QStringLiteral("30") },
            { QStringLiteral("Queue"),
                QJsonObject { { QStringLiteral("id"), QStringLiteral("3") },
                    { QStringLiteral("Name"), QStringLiteral("L1 Frontline") } } },
            { QStringLiteral("Owner"),
                QJsonObject { { QStringLiteral("id"), QStringLiteral("Nobody") } } },
            { QStringLiteral("Created"), QStringLiteral("2026-11-20T08:00:00Z") } };
    }
    static QJsonObject message(qint64 transaction, qint64 ticket)
    {
        return { { QStringLiteral("id"), QString::number(transaction) },
            { QStringLiteral("Type"), QStringLiteral("Correspond") },
            { QStringLiteral("ObjectId"), QString::number(ticket) },
            { QStringLiteral("Created"), QStringLiteral("2026-11-20T08:00:00Z") },
            { QStringLiteral("Creator"),
                QJsonObject { { QStringLiteral("id"), QStringLiteral("RT_System") } } },
            { QStringLiteral("_hyperlinks"),
                QJsonArray { QJsonObject { { QStringLiteral("ref"), QStringLiteral("attachment") },
                    { QStringLiteral("_url"),
                        QStringLiteral("http://inside.invalid/attachment/%1")
                            .arg(transaction) } } } } };
    }
    static QJsonObject text(qint64 id)
    {
        return { { QStringLiteral("id"), QString::number(id) },
            { QStringLiteral("TransactionId"), QString::number(id) },
            { QStringLiteral("ContentType"), QStringLiteral("text/plain") },
            { QStringLiteral("ContentLength"), QStringLiteral("5") },
            { QStringLiteral("Content"), QStringLiteral("Text %1").arg(id) } };
    }

private:
    Script answerTo(const Arrival &arrival)
    {
        const QString path = pathOf(arrival);
        if (const auto lie = instead.constFind(path); lie != instead.cend())
            return (*lie)(arrival);
        const QString query = asked(arrival, QStringLiteral("query"));
        if (path == QLatin1StringView("transactions"))
            return { send(transactions(query, arrival)) };
        if (path == QLatin1StringView("tickets"))
            return { send(listed(query, arrival)) };
        const qint64 id = path.section(u'/', 1, 1).toLongLong();
        if (path.endsWith(QLatin1StringView("/history")))
            return { send(listOf(histories(id))) };
        if (path.endsWith(QLatin1StringView("/attachments")))
            return { send(listOf({ text(id * 10) })) };
        if (path.startsWith(QLatin1StringView("ticket/")) && tickets.contains(id))
            return { send(answer(200, json(record(id)))) };
        return { send(answer(404, R"({"message":"Not Found"})")) };
    }

    QJsonArray histories(qint64 id) const
    {
        return tickets.contains(id) ? QJsonArray { message(id * 10, id) } : QJsonArray();
    }

    QByteArray transactions(const QString &query, const Arrival &arrival) const
    {
        QList<Row> rows = feed;
        const bool isDown = asked(arrival, QStringLiteral("order")) == QLatin1StringView("DESC");
        std::sort(rows.begin(), rows.end(),
            [isDown](const Row &a, const Row &b) { return isDown ? a.id > b.id : a.id < b.id; });
        const qint64 after = query.section(u' ', 2, 2).toLongLong();
        const qint64 most = asked(arrival, QStringLiteral("per_page")).toLongLong();
        QJsonArray items;
        for (const Row &row : rows) {
            if (row.id > after && items.size() < most)
                items.append(QJsonObject { { QStringLiteral("id"), QString::number(row.id) },
                    { QStringLiteral("ObjectId"), QString::number(row.ticket) } });
        }
        return listOf(items);
    }

    QByteArray listed(const QString &query, const Arrival &arrival) const
    {
        QList<qint64> ids = tickets;
        std::sort(ids.begin(), ids.end());
        const qint64 most = asked(arrival, QStringLiteral("per_page")).toLongLong();
        QJsonArray items;
        const bool isAfter = query.startsWith(QLatin1StringView("id > "));
        for (const qint64 id : ids) {
            const bool isWanted = isAfter
                ? id > query.mid(5).toLongLong()
                : query.split(QStringLiteral(" OR ")).contains(QStringLiteral("id = %1").arg(id));
            if (isWanted && items.size() < most)
                items.append(record(id));
        }
        return listOf(items);
    }
};

/// A connector to a lying server, with a clock that stands still.
struct RtWire {
    explicit RtWire(const LyingServer &server, std::map<QString, QString> options = {})
        : transport({ .base = *net::BaseUrl::parse(server.url().toString()),
                        .pace = connectors::rt::rtKind().pace },
            clock, random)
    {
        connectors::AccountConfig account;
        account.options = std::move(options);
        account.user = QStringLiteral("jonas");
        transport.setCredentials(net::Credentials::authorization(
            "token", Secret::fromText(QStringLiteral("1-51-abcdef0123456789"))));
        connector = connectors::rt::rtKind().make(account, transport, clock, random);
    }

    template<typename T>
    Result<T> wait(const std::function<void(connectors::Answer<T>)> &call)
    {
        return waitFor<T>(call, Millis(20'000));
    }
    Result<connectors::PullPage> pull(const QString &cursor)
    {
        return wait<connectors::PullPage>(
            [&](auto answer) { connector->pull(cursor, std::move(answer)); });
    }
    Result<connectors::PushOutcome> push(const connectors::PushStep &step)
    {
        return wait<connectors::PushOutcome>(
            [&](auto answer) { connector->push(step, std::move(answer)); });
    }
    Result<connectors::Probe> probe()
    {
        return wait<connectors::Probe>([&](auto answer) { connector->probe(std::move(answer)); });
    }

    SystemClock clock;
    SeededRandom random { 3 };
    net::Transport transport;
    std::unique_ptr<connectors::Connector> connector;
};

} // namespace tierline::test
