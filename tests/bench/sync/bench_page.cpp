#include "core/connectors/rt/rtdirectory.h"
#include "core/connectors/rt/rtmapping.h"
#include "core/net/answer.h"
#include "tests/bench/common/bench.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>

// A page of tickets from bytes to rows, as the connector to Request Tracker does it, against
// QJsonDocument and the same rows made without any care.

using namespace tierline;
using namespace Qt::StringLiterals;
namespace rt = connectors::rt;

namespace {

constexpr int ticketsOfPage = 1'000;

QJsonObject customField(const QString &id, const QString &name, const QStringList &values)
{
    return { { u"id"_s, id }, { u"type"_s, u"customfield"_s }, { u"name"_s, name },
        { u"_url"_s, u"http://127.0.0.1:8091/REST/2.0/customfield/"_s + id },
        { u"values"_s, QJsonArray::fromStringList(values) } };
}

/// A list as the server writes it, with the fields that the connector asks for.
QByteArray page()
{
    QJsonArray items;
    for (int i = 1; i <= ticketsOfPage; ++i) {
        const QString id = QString::number(i), mail = u"ana%1@northwind.example"_s.arg(i % 300);
        items.append(QJsonObject { { u"id"_s, id }, { u"type"_s, u"ticket"_s },
            { u"_url"_s, u"http://127.0.0.1:8091/REST/2.0/ticket/"_s + id },
            { u"Subject"_s, u"Export stops at row %1 of the quarterly report ☕"_s.arg(i * 17) },
            { u"Status"_s, i % 3 ? u"open"_s : u"resolved"_s },
            { u"Priority"_s, QString::number(i % 100) }, { u"Type"_s, u"ticket"_s },
            { u"Created"_s, u"2026-11-20T08:00:00Z"_s },
            { u"LastUpdated"_s, u"2026-11-20T09:30:00Z"_s },
            { u"Queue"_s,
                QJsonObject { { u"id"_s, u"4"_s }, { u"type"_s, u"queue"_s },
                    { u"_url"_s, u"http://127.0.0.1:8091/REST/2.0/queue/4"_s },
                    { u"Name"_s, u"L2 Technical"_s } } },
            { u"Owner"_s,
                QJsonObject { { u"id"_s, u"l2-priya"_s }, { u"type"_s, u"user"_s },
                    { u"_url"_s, u"http://127.0.0.1:8091/REST/2.0/user/l2-priya"_s } } },
            { u"Requestor"_s,
                QJsonArray { QJsonObject { { u"id"_s, mail }, { u"type"_s, u"user"_s },
                    { u"_url"_s, u"http://127.0.0.1:8091/REST/2.0/user/"_s + mail },
                    { u"Name"_s, mail }, { u"RealName"_s, u"Ana Abe"_s },
                    { u"EmailAddress"_s, mail } } } },
            { u"CustomFields"_s,
                QJsonArray { customField(u"6"_s, u"Tags"_s, { u"sso-1"_s, u"mobile-2"_s }),
                    customField(u"5"_s, u"CSAT"_s, {}),
                    customField(u"2"_s, u"Account Tier"_s, { u"Enterprise"_s }),
                    customField(u"3"_s, u"Channel"_s, { u"E-mail"_s }),
                    customField(u"4"_s, u"Reason Code"_s, {}),
                    customField(u"7"_s, u"Promised By"_s, {}) } } });
    }
    return QJsonDocument(QJsonObject { { u"items"_s, items }, { u"count"_s, ticketsOfPage } })
        .toJson(QJsonDocument::Indented);
}

/// The same rows as whoever trusts the server would write them down.
connectors::RemoteTicket plainRow(const QJsonObject &object)
{
    const auto text = [&](QLatin1StringView name) { return object.value(name).toString(); };
    const auto instant = [&](QLatin1StringView name) {
        return Instant { QDateTime::fromString(text(name), Qt::ISODate).toMSecsSinceEpoch() };
    };
    const QJsonObject requester = object.value("Requestor"_L1).toArray().first().toObject();
    connectors::RemoteTicket row;
    row.id = text("id"_L1);
    row.created = instant("Created"_L1);
    row.updated = instant("LastUpdated"_L1);
    row.requester = { .id = requester.value("Name"_L1).toString(),
        .name = requester.value("RealName"_L1).toString(),
        .email = requester.value("EmailAddress"_L1).toString() };
    row.link = u"http://rt/Ticket?id="_s + row.id;
    row.fields["subject"_L1] = object.value("Subject"_L1);
    row.fields["status"_L1] = text("Status"_L1) == "open"_L1 ? u"open"_s : u"solved"_s;
    const int priority = text("Priority"_L1).toInt();
    row.fields["priority"_L1] = priority >= 80 ? u"urgent"_s
        : priority >= 50                       ? u"high"_s
        : priority >= 20                       ? u"normal"_s
                                               : u"low"_s;
    row.fields["place"_L1] = object.value("Queue"_L1).toObject().value("Name"_L1);
    row.fields["owner"_L1] = object.value("Owner"_L1).toObject().value("id"_L1);
    for (const QJsonValue field : object.value("CustomFields"_L1).toArray()) {
        const QJsonObject custom = field.toObject();
        const QString name = custom.value("name"_L1).toString();
        const QJsonArray values = custom.value("values"_L1).toArray();
        if (name == "Tags"_L1)
            row.fields["tags"_L1] = values;
        else
            row.fields[u"field."_s + name] = values.first().toString();
    }
    return row;
}

std::vector<connectors::RemoteTicket> plainRows(const QByteArray &bytes)
{
    std::vector<connectors::RemoteTicket> rows;
    rows.reserve(ticketsOfPage);
    const QJsonArray items = QJsonDocument::fromJson(bytes).object().value("items"_L1).toArray();
    for (const QJsonValue item : items)
        rows.push_back(plainRow(item.toObject()));
    return rows;
}

std::vector<connectors::RemoteTicket> ourRows(
    const net::Response &response, const rt::Mapping &mapping, const rt::Names &names)
{
    std::vector<connectors::RemoteTicket> rows;
    rows.reserve(ticketsOfPage);
    const QJsonDocument document = bench::take(net::jsonOf(
        response, { .depth = JsonLimits::ParserDepth })); // as the connector asks for it
    const QJsonArray items = bench::take(rt::itemsOf({ .status = 200, .json = document }));
    for (const QJsonValue item : items)
        rows.push_back(rt::ticketOf(item.toObject(), mapping, names, u"http://rt/Ticket?id="_s));
    return rows;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    net::Response response;
    response.status = 200;
    response.headers = { net::Header { "Content-Type", "application/json" } };
    response.body = page();
    const rt::Mapping mapping = rt::Mapping::fromOptions({}, nullptr);
    rt::Names names;
    for (const char *id : { "2", "3", "4", "5", "6", "7" }) {
        const QString number = QString::fromLatin1(id);
        names.fields.insert(number, { number, number, number == u"6", number == u"7" });
    }
    if (plainRows(response.body).size() != ticketsOfPage
        || ourRows(response, mapping, names).size() != ticketsOfPage)
        bench::fail(u"a row is missing"_s);
    bench::Pairs pairs;
    for (int round = 0; round < 31; ++round) {
        pairs.peer.push_back(bench::milliseconds([&] { plainRows(response.body); }));
        pairs.ours.push_back(bench::milliseconds([&] { ourRows(response, mapping, names); }));
    }
    bench::report(u"F31 page to rows / QJsonDocument"_s, ticketsOfPage, pairs, 1.2);
    return 0;
}
