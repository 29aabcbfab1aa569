#include "app/cli/syncrun.h"

#include "core/net/authorities.h"
#include "core/net/baseurl.h"
#include "core/storage/people.h"

#include <QFile>

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

/// "L2 Technical=L2/Technical" or "L1 Frontline=L1".
Result<storage::PlaceMapping> readMapping(storage::Connection &connection, const QString &text)
{
    const qsizetype equals = text.lastIndexOf(u'=');
    const QString target = text.mid(equals + 1);
    storage::PlaceMapping mapping { .place = text.left(qMax(equals, qsizetype(0))).trimmed(),
        .tier = target.section(u'/', 0, 0).trimmed(),
        .team = target.section(u'/', 1).trimmed() };
    if (mapping.place.isEmpty() || mapping.tier.isEmpty())
        return usageError(u"“%1” maps nothing: write 'QUEUE=TIER/TEAM'."_s.arg(text.left(80)));
    TIERLINE_CHECK(storage::findTier(connection, mapping.tier));
    TIERLINE_TRY(teams, storage::loadTeams(connection));
    const auto team = std::ranges::find(teams, mapping.team, &Team::name);
    if (!mapping.team.isEmpty() && team == teams.end())
        return badInput(
            u"There is no team “%1” here: add it first."_s.arg(mapping.team.left(80)), u"--map"_s);
    if (team != teams.end() && team->tier != mapping.tier)
        return badInput(
            u"Team %1 works at %2, not at %3."_s.arg(team->name, team->tier, mapping.tier.left(16)),
            u"--map"_s);
    return mapping;
}

Result<storage::Account> readAccount(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(store, env.store());
    storage::Account account { .name = args.value(u"--name"_s),
        .type = args.at(0),
        .url = args.value(u"--url"_s),
        .user = args.value(u"--user"_s),
        .created = env.clock().now() };
    if (account.name.isEmpty() || account.url.isEmpty())
        return usageError(u"An account needs --name and --url."_s);
    TIERLINE_CHECK(net::BaseUrl::parse(account.url));
    for (const QString &option : args.values(u"--option"_s)) {
        const qsizetype equals = option.indexOf(u'=');
        if (equals <= 0)
            return usageError(u"“%1” is no option: write NAME=VALUE."_s.arg(option.left(80)));
        account.options[option.left(equals)] = option.mid(equals + 1);
    }
    if (args.has(u"--authority"_s)) {
        QFile file(args.value(u"--authority"_s));
        if (!file.open(QIODevice::ReadOnly))
            return badInput(u"%1 cannot be read: %2."_s.arg(file.fileName(), file.errorString()),
                u"--authority"_s);
        const QByteArray pem = file.read(300 * 1024); // more than the next line takes
        TIERLINE_CHECK(net::readAuthorities(pem));
        account.options[desk::AuthorityOption] = QString::fromUtf8(pem);
    }
    for (const QString &text : args.values(u"--map"_s)) {
        TIERLINE_TRY(mapping, readMapping(store->connection(), text));
        account.places.append(mapping);
    }
    return account;
}

QJsonObject toJson(const storage::Account &account)
{
    QJsonArray places;
    for (const storage::PlaceMapping &mapping : account.places)
        places.append(QJsonObject { { u"place"_s, mapping.place }, { u"tier"_s, mapping.tier },
            { u"team"_s, mapping.team } });
    return { { u"name"_s, account.name }, { u"type"_s, account.type }, { u"url"_s, account.url },
        { u"user"_s, account.me.value("id"_L1) }, { u"product"_s, account.product },
        { u"needs_sign_in"_s, account.needsSignIn }, { u"problem"_s, account.problem },
        { u"synced"_s,
            account.synced ? QJsonValue(account.synced->iso()) : QJsonValue(QJsonValue::Null) },
        { u"map"_s, places } };
}

/// What a live test tells people.
Answer probeAnswer(const storage::Account &account, const connectors::Probe &probe)
{
    QStringList unmapped;
    for (const QString &place : probe.places) {
        if (std::ranges::find(account.places, place, &storage::PlaceMapping::place)
            == account.places.end())
            unmapped.append(place);
    }
    QStringList lines { u"%1: signed in to %2 as %3."_s.arg(
        account.name, probe.product, probe.me.name.isEmpty() ? probe.me.id : probe.me.name) };
    if (!unmapped.isEmpty())
        lines.append(u"Not mapped to a tier, so shown at L1: %1."_s.arg(unmapped.join(u", "_s)));
    lines += probe.warnings;
    QJsonObject document = toJson(desk::withProbe(account, probe));
    document[u"places"_s] = QJsonArray::fromStringList(probe.places);
    document[u"warnings"_s] = QJsonArray::fromStringList(probe.warnings);
    return { document, lines.join(u'\n') + u'\n' };
}

Result<Secret> secretFromInput()
{
    QFile input;
    if (!input.open(stdin, QIODevice::ReadOnly))
        return badInput(u"The secret on standard input cannot be read."_s);
    QByteArray bytes = input.read(8193);
    while (!bytes.isEmpty() && (bytes.back() == '\n' || bytes.back() == '\r'))
        bytes.chop(1);
    if (bytes.isEmpty() || bytes.size() > 8192)
        return badInput(u"Give the account's secret on standard input, 8 KiB at most."_s);
    return Secret::take(std::move(bytes));
}

/// Puts the secret where the next start finds it; says where that was not possible.
QString keepSecret(const QString &account, const Secret &secret)
{
    auto secrets = openSecrets(false);
    if (!secrets)
        return secrets.error().detail;
    std::optional<SecretReply> told;
    std::unique_ptr<SecretCall> writing;
    runLoop([&](const std::function<void()> &done) {
        writing = (*secrets)->write(secretKeyOf(account), secret, [&, done](SecretReply reply) {
            told = std::move(reply);
            done();
        });
    });
    if (told && told->ok())
        return {};
    return u"No keychain keeps the secret (%1): give it with --secrets-stdin to each sync."_s.arg(
        told ? told->detail : u"stopped"_s);
}

Result<Answer> accountAdd(Environment &env, const Arguments &args)
{
    if (!args.has(u"--secret-stdin"_s))
        return usageError(
            u"The secret is read from standard input: add --secret-stdin. It is never an argument."_s);
    TIERLINE_TRY(account, readAccount(env, args));
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_CHECK(desk->mayChange());
    TIERLINE_TRY(secret, secretFromInput());
    const auto probe = probeAccount(env, account, secret);
    const bool isOffline = !probe
        && (probe.error().fault == Fault::Offline || probe.error().fault == Fault::Timeout);
    if (!probe && !isOffline)
        return probe.error();
    TIERLINE_CHECK(desk->addAccount(account));
    if (probe) {
        TIERLINE_TRY(store, env.store());
        TIERLINE_CHECK(store->write(storage::Durability::Person,
            [&](storage::WriteScope &scope) { return desk::saveProbe(scope, account, *probe); }));
    }
    const QString notKept = keepSecret(account.name, secret);
    Answer answer = probe ? probeAnswer(account, *probe)
                          : Answer { toJson(account),
                                u"%1 is added, but cannot be reached now: %2\n"_s.arg(
                                    account.name, probe.error().detail) };
    if (!notKept.isEmpty())
        answer.text += notKept + u'\n';
    answer.document[u"secret_kept"_s] = notKept.isEmpty();
    return answer;
}

Result<Answer> accountList(Environment &env, const Arguments &)
{
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(accounts, storage::loadAccounts(store->connection()));
    QJsonArray rows;
    QList<QStringList> lines;
    for (const storage::Account &account : accounts) {
        rows.append(toJson(account));
        lines.append({ account.name, account.product.isEmpty() ? account.type : account.product,
            account.url, account.myId(), account.synced ? account.synced->iso() : u"never"_s,
            account.problem });
    }
    return Answer { { { u"rows"_s, rows }, { u"total"_s, rows.size() } },
        accounts.isEmpty()
            ? u"No account yet: “account add” connects this workspace to a helpdesk.\n"_s
            : table({ u"account"_s, u"helpdesk"_s, u"address"_s, u"user"_s, u"last sync"_s,
                        u"problem"_s },
                lines) };
}

/// Whoever may only read learns what is there; nothing of it is kept.
Result<Answer> accountTest(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(account, storage::findAccount(store->connection(), args.at(0)));
    TIERLINE_TRY(secrets, openSecrets(args.has(u"--secrets-stdin"_s)));
    TIERLINE_TRY(probe, probeAccount(env, account, *secrets));
    if (desk->actor().role != Role::ReadOnly) {
        TIERLINE_CHECK(store->write(storage::Durability::Person,
            [&](storage::WriteScope &scope) { return desk::saveProbe(scope, account, probe); }));
    }
    return probeAnswer(account, probe);
}

Result<Answer> accountRemove(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_CHECK(desk->removeAccount(args.at(0), args.has(u"--drop-pending"_s)));
    auto secrets = openSecrets(false);
    std::unique_ptr<SecretCall> removing;
    if (secrets) {
        runLoop([&](const std::function<void()> &done) {
            removing = (*secrets)->remove(
                secretKeyOf(args.at(0)), [done](const SecretReply &) { done(); });
        });
    }
    return Answer { { { u"name"_s, args.at(0) } },
        u"%1 is removed; its tickets stay here.\n"_s.arg(args.at(0)) };
}

} // namespace

QList<Command> accountCommands()
{
    return {
        { u"account add"_s,
            u"TYPE --name N --url U [--user U] [--option K=V]… [--authority FILE] [--map 'QUEUE=TIER/TEAM']… --secret-stdin"_s,
            u"connect this workspace to a helpdesk"_s,
            { { u"TYPE"_s }, { u"--name"_s, u"--url"_s, u"--user"_s, u"--authority"_s },
                { u"--option"_s, u"--map"_s }, { u"--secret-stdin"_s } },
            accountAdd },
        { u"account list"_s, {}, u"accounts and how their last sync went"_s, {}, accountList },
        { u"account test"_s, u"NAME [--secrets-stdin]"_s, u"sign in, and say what is there"_s,
            { { u"NAME"_s }, {}, {}, { u"--secrets-stdin"_s } }, accountTest },
        { u"account remove"_s, u"NAME [--drop-pending]"_s, u"disconnect; its tickets stay"_s,
            { { u"NAME"_s }, {}, {}, { u"--drop-pending"_s } }, accountRemove },
    };
}

} // namespace tierline::cli
