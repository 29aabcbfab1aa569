#include "tests/connectors/rtserver/rtdesk.h"

using namespace Qt::StringLiterals;

namespace tierline::test {

QString RtDesk::start(int tickets)
{
    const QString why = m_server.start(tickets);
    if (why.isEmpty())
        m_other = std::make_unique<RtLogin>(m_server, u"SECOND"_s);
    return why;
}

Ran RtDesk::connect(const CliRunner &cli, const QString &role) const
{
    if (Ran made = cli.run({ u"init"_s }); made.exitCode != 0)
        return made;
    QStringList words { u"account"_s, u"add"_s, u"rt"_s, u"--name"_s, u"desk"_s, u"--url"_s,
        m_server.url(), u"--secret-stdin"_s };
    for (const QString &map : { u"L1 Frontline=L1/Frontline"_s, u"L2 Technical=L2/Technical"_s,
             u"L2 Billing=L2/Billing"_s, u"L3 Engineering=L3/Engineering"_s })
        words << u"--map"_s << map;
    return cli.run(words, m_server.token(role));
}

Ran RtDesk::syncWith(const CliRunner &cli, const QByteArray &token)
{
    return cli.json({ u"sync"_s, u"--secrets-stdin"_s }, "{\"desk\":\"" + token + "\"}");
}

QString RtDesk::ticketAt(const CliRunner &cli, const QString &tier, int row)
{
    return cli.json({ u"queue"_s, u"--tier"_s, tier })
        .rows()
        .at(row)
        .toObject()
        .value(u"id"_s)
        .toString();
}

QJsonArray RtDesk::waiting(const CliRunner &cli)
{
    return cli.json({ u"outbox"_s, u"list"_s }).rows();
}

QString RtDesk::syncState(const CliRunner &cli, const QString &key)
{
    return at(cli.json({ u"ticket"_s, u"show"_s, key }).json(), u"sync/state"_s).toString();
}

QJsonObject RtDesk::remote(const QString &key)
{
    return m_other
        ->raw(net::Method::Get, { u"ticket"_s, key.section(u':', 1) }, {},
            { { u"fields[Queue]"_s, u"Name"_s } })
        .json.object();
}

int RtDesk::entries(const QString &key, const QString &type)
{
    const auto history
        = m_other->raw(net::Method::Get, { u"ticket"_s, key.section(u':', 1), u"history"_s }, {},
            { { u"fields"_s, u"Type"_s }, { u"per_page"_s, u"100"_s } });
    int count = 0;
    for (const QJsonValue &entry : history.json.object().value(u"items"_s).toArray())
        count += entry.toObject().value(u"Type"_s).toString() == type;
    return count;
}

int RtDesk::packages(const QString &key)
{
    const auto files
        = m_other->raw(net::Method::Get, { u"ticket"_s, key.section(u':', 1), u"attachments"_s },
            {}, { { u"fields"_s, u"Filename"_s }, { u"per_page"_s, u"100"_s } });
    int count = 0;
    for (const QJsonValue &file : files.json.object().value(u"items"_s).toArray())
        count += file.toObject().value(u"Filename"_s).toString().startsWith(u"tierline-"_s);
    return count;
}

} // namespace tierline::test
