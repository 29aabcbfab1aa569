#include "app/cli/waycommands.h"

#include "app/cli/postrun.h"
#include "app/cli/syncrun.h"
#include "core/base/json.h"
#include "core/commands/ways.h"
#include "core/secrets/secretinput.h"
#include "core/storage/ways.h"

#include <QFile>
#include <QTimer>

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr Millis testLimit { 30'000 };

Result<const notify::WayKind *> wayKind(const QString &type)
{
    if (const notify::WayKind *kind = wayKinds().find(type))
        return kind;
    QStringList known;
    for (const auto &[name, kind] : wayKinds().kinds())
        known.append(name);
    return badInput(
        u"There is no type of way “%1”: take one of %2."_s.arg(type.left(40), known.join(u", "_s)),
        u"--type"_s);
}

// ---- secrets

/// Which field of the kind a secret on standard input is for.
Result<QString> givenField(
    const NamedSecret &given, const QString &way, const notify::WayKind &kind)
{
    QStringList fields;
    for (const notify::SecretField &one : kind.secrets)
        fields.append(one.field);
    if (given.key.account != u"way:"_s + way)
        return badInput(u"The secrets name “%1”, and this way's are “way:%2”."_s.arg(
                            given.key.account.left(80), way),
            u"--secrets-stdin"_s);
    if (fields.contains(given.key.field))
        return given.key.field;
    return badInput(u"%1 has no secret “%2”: take %3."_s.arg(
                        kind.name, given.key.field.left(40), fields.join(u", "_s)),
        u"--secrets-stdin"_s);
}

Result<notify::WaySecrets> secretsOnInput(const QString &way, const notify::WayKind &kind)
{
    QFile input;
    if (!input.open(stdin, QIODevice::ReadOnly))
        return badInput(u"The secrets on standard input cannot be read."_s);
    TIERLINE_TRY(given, readSecrets(input.read(64 * 1024 + 1))); // more than it takes
    notify::WaySecrets secrets;
    for (const NamedSecret &one : given) {
        TIERLINE_TRY(field, givenField(one, way, kind));
        secrets[field] = one.secret;
    }
    return secrets;
}

/// None: nothing is kept under that key, or nothing keeps secrets here.
Result<std::optional<Secret>> keptSecret(SecretStore &store, const SecretKey &key)
{
    std::optional<SecretReply> told;
    std::unique_ptr<SecretCall> asking;
    runLoop([&](const std::function<void()> &done) {
        asking = store.read(key, [&, done](SecretReply reply) {
            told = std::move(reply);
            done();
        });
    });
    if (!told)
        return cancelled();
    if (told->ok())
        return told->secret;
    if (told->fault == SecretFault::NotFound || told->fault == SecretFault::NoKeychain)
        return std::optional<Secret>();
    return told->error();
}

/// What is missing among `secrets` is asked of `store`. BadInput for one that the kind cannot do without.
Result<notify::WaySecrets> allSecrets(
    SecretStore &store, notify::WaySecrets secrets, const QString &way, const notify::WayKind &kind)
{
    for (const notify::SecretField &one : kind.secrets) {
        if (secrets.contains(one.field))
            continue;
        TIERLINE_TRY(kept, keptSecret(store, desk::wayKey(way, one.field)));
        if (kept)
            secrets[one.field] = *kept;
        else if (!one.isOptional)
            return badInput(
                u"“%1” of the way “%2” is missing: give it with --secrets-stdin, as {\"way:%2\":{\"%3\":\"…\"}}."_s
                    .arg(one.name, way, one.field),
                one.field);
    }
    return secrets;
}

/// Puts them where the next start finds them; says where that was not possible.
QString keepWaySecrets(SecretStore &store, const QString &way, const notify::WaySecrets &secrets)
{
    for (const auto &[field, secret] : secrets) {
        std::optional<SecretReply> told;
        std::unique_ptr<SecretCall> writing;
        runLoop([&, name = field, value = secret](const std::function<void()> &done) {
            writing = store.write(desk::wayKey(way, name), value, [&, done](SecretReply reply) {
                told = std::move(reply);
                done();
            });
        });
        if (!told || !told->ok())
            return u"The secret is not kept: %1 Give it with --secrets-stdin to each run."_s.arg(
                told ? told->detail : u"it was stopped."_s);
    }
    return {};
}

void forgetWaySecrets(SecretStore &store, const Way &way)
{
    QStringList fields;
    if (const notify::WayKind *kind = wayKinds().find(way.type)) {
        for (const notify::SecretField &one : kind->secrets)
            fields.append(one.field);
    }
    for (const QString &field : fields) {
        std::unique_ptr<SecretCall> removing;
        runLoop([&](const std::function<void()> &done) {
            removing = store.remove(
                desk::wayKey(way.name, field), [done](const SecretReply &) { done(); });
        });
    }
}

// ---- ways

/// Where a way leads, for everybody to see: of an address without its path, by which many a receiver knows us.
QString whereOf(const Way &way)
{
    if (!way.url.isEmpty())
        return QUrl(way.url).toString(
            QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment);
    const notify::WayKind *kind = wayKinds().find(way.type);
    return kind ? kind->name : way.type;
}

QJsonObject wayJson(const Way &way)
{
    return { { u"name"_s, way.name }, { u"type"_s, way.type }, { u"where"_s, whereOf(way) },
        { u"problem"_s, orNull(way.problem) } };
}

Result<Way> readWay(const Arguments &args)
{
    Way way { .name = args.at(0),
        .type = args.value(u"--type"_s),
        .url = args.value(u"--url"_s).trimmed(),
        .user = args.value(u"--user"_s).trimmed() };
    if (way.type.isEmpty())
        return usageError(u"Say with --type what the way leads to; “way kinds” lists the types."_s);
    TIERLINE_TRY(kind, wayKind(way.type));
    if (!way.url.isEmpty() && !kind->wantsUrl)
        return badInput(u"%1 takes no --url."_s.arg(kind->name), u"url"_s);
    for (const QString &text : args.values(u"--option"_s)) {
        const qsizetype equals = text.indexOf(u'=');
        const QString option = text.left(qMax(equals, qsizetype(0)));
        if (equals <= 0)
            return usageError(u"“%1” is no option: write NAME=VALUE."_s.arg(text.left(80)));
        if (std::ranges::find(kind->options, option, &notify::OptionField::option)
            == kind->options.end())
            return badInput(u"%1 has no option “%2”; “way kinds” lists them."_s.arg(
                                kind->name, option.left(40)),
                option.left(40));
        way.options[option] = text.mid(equals + 1).trimmed();
    }
    if (args.has(u"--authorities"_s)) {
        TIERLINE_TRY(pem, readFile(args.value(u"--authorities"_s)));
        way.authorities = pem;
    }
    TIERLINE_CHECK(kind->check(desk::configOf(way)));
    return way;
}

bool isLead(const desk::Desk &desk)
{
    return desk.actor().role == Role::Lead || desk.actor().role == Role::Admin;
}

/// Keeps a way and its secrets. These first: a program that sends opens a way as soon as it is there. Says where they
/// could not be kept.
Result<QString> keepWay(
    Environment &env, SecretStore &keychain, const Way &way, const notify::WaySecrets &secrets)
{
    TIERLINE_TRY(store, env.store());
    const bool isNew = !storage::findWay(store->connection(), way.name);
    const QString notKept = keepWaySecrets(keychain, way.name, secrets);
    const auto saved = changeAsLead(env, commands::SaveWay { way });
    if (saved)
        return notKept;
    if (isNew)
        forgetWaySecrets(keychain, way);
    return saved.error();
}

Result<Answer> wayAdd(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(way, readWay(args));
    TIERLINE_TRY(kind, wayKind(way.type));
    TIERLINE_TRY(desk, env.desk());
    if (!isLead(*desk))
        return notAllowed(u"Only leads and admins set up ways to people; you are %1."_s.arg(
            code(desk->actor().role)));
    notify::WaySecrets given;
    if (args.has(u"--secrets-stdin"_s)) {
        TIERLINE_TRY(read, secretsOnInput(way.name, *kind));
        given = read;
    }
    TIERLINE_TRY(keychain, openSecrets(false));
    TIERLINE_TRY(secrets, allSecrets(*keychain, given, way.name, *kind));
    // Made only to hear whether it can be: nobody is asked anything.
    TIERLINE_CHECK(kind->make(desk::configOf(way), secrets, env.clock(), env.random()));
    TIERLINE_TRY(notKept, keepWay(env, *keychain, way, given));
    Answer answer { wayJson(way),
        u"%1 is added; “way test %1” tells whether it works.\n"_s.arg(way.name) };
    if (!notKept.isEmpty())
        answer.text += notKept + u'\n';
    answer.document[u"secret_kept"_s] = notKept.isEmpty();
    return answer;
}

Result<Answer> wayList(Environment &env, const Arguments &)
{
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_TRY(ways, storage::loadWays(desk->store().connection()));
    QJsonArray rows;
    QList<QStringList> lines;
    for (const Way &way : ways) {
        rows.append(wayJson(way));
        lines.append({ way.name, way.type, whereOf(way), way.problem });
    }
    return Answer { { { u"rows"_s, rows }, { u"total"_s, rows.size() } },
        ways.empty()
            ? u"No way yet: “way add” sets one up to Slack, a pager, mail or a webhook.\n"_s
            : table({ u"way"_s, u"type"_s, u"where"_s, u"problem"_s }, lines) };
}

Result<Answer> wayRemove(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_TRY(way, storage::findWay(desk->store().connection(), args.at(0)));
    TIERLINE_CHECK(changeAsLead(env, commands::RemoveWay { way.name }));
    if (auto keychain = openSecrets(false))
        forgetWaySecrets(**keychain, way);
    return Answer { { { u"name"_s, way.name } },
        u"%1 is removed, with its routes; what waited to go there is refused.\n"_s.arg(way.name) };
}

Result<QString> askWay(notify::Way &way)
{
    std::optional<Result<QString>> told;
    std::unique_ptr<notify::Errand> testing;
    QTimer limit;
    limit.setSingleShot(true);
    runLoop([&](const std::function<void()> &done) {
        QObject::connect(&limit, &QTimer::timeout, &limit, done);
        limit.start(testLimit);
        testing = way.test([&, done](Result<QString> said) {
            told = std::move(said);
            done();
        });
    });
    if (told)
        return *told;
    return Error { .fault = Fault::Timeout,
        .detail = u"Nothing answered within %1 s; try again, or look at the other side."_s.arg(
            std::chrono::duration_cast<std::chrono::seconds>(testLimit).count()) };
}

/// Whoever may only read learns whether it works; that it is open again is a lead's to say.
Result<Answer> wayTest(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_TRY(way, storage::findWay(desk->store().connection(), args.at(0)));
    TIERLINE_TRY(kind, wayKind(way.type));
    TIERLINE_TRY(store, openSecrets(args.has(u"--secrets-stdin"_s)));
    TIERLINE_TRY(secrets, allSecrets(*store, {}, way.name, *kind));
    TIERLINE_TRY(made, kind->make(desk::configOf(way), secrets, env.clock(), env.random()));
    TIERLINE_TRY(said, askWay(*made));
    if (!way.problem.isEmpty() && isLead(*desk)) {
        TIERLINE_CHECK(changeAsLead(env, commands::SaveWay { way }));
        way.problem.clear();
    }
    QJsonObject document = wayJson(way);
    document[u"said"_s] = said;
    return Answer { document, printable(u"%1: %2\n"_s.arg(way.name, said)) };
}

Result<Answer> wayTypes(Environment &, const Arguments &)
{
    QJsonArray rows;
    QList<QStringList> lines;
    for (const auto &[type, kind] : wayKinds().kinds()) {
        QJsonArray secrets, options;
        QStringList reaches, fields, settings;
        for (const NoticeTarget target : kind.reaches)
            reaches.append(code(target));
        for (const notify::SecretField &one : kind.secrets) {
            secrets.append(QJsonObject { { u"field"_s, one.field }, { u"name"_s, one.name },
                { u"hint"_s, one.hint }, { u"optional"_s, one.isOptional } });
            fields.append(one.isOptional ? u'[' + one.field + u']' : one.field);
        }
        for (const notify::OptionField &one : kind.options) {
            options.append(QJsonObject { { u"option"_s, one.option }, { u"name"_s, one.name },
                { u"hint"_s, one.hint }, { u"standard"_s, orNull(one.standard) } });
            settings.append(one.option);
        }
        rows.append(QJsonObject { { u"type"_s, type }, { u"name"_s, kind.name },
            { u"about"_s, kind.about }, { u"reaches"_s, QJsonArray::fromStringList(reaches) },
            { u"wants_url"_s, kind.wantsUrl }, { u"url_hint"_s, orNull(kind.urlHint) },
            { u"wants_user"_s, kind.wantsUser }, { u"secrets"_s, secrets },
            { u"options"_s, options } });
        lines.append({ type, kind.name, reaches.join(u", "_s), kind.urlHint, fields.join(u", "_s),
            settings.join(u", "_s) });
    }
    return Answer { { { u"rows"_s, rows }, { u"total"_s, rows.size() } },
        table({ u"type"_s, u"leads to"_s, u"reaches"_s, u"--url"_s, u"secrets"_s, u"options"_s },
            lines) };
}

// ---- routes

QString targetWord(const NoticeRoute &route)
{
    return route.target.isEmpty() ? u"*"_s : route.target;
}

/// "Notices for team Technical".
QString routeWords(const NoticeRoute &route)
{
    return route.target.isEmpty() ? u"Notices for any %1"_s.arg(code(route.kind))
                                  : u"Notices for %1 %2"_s.arg(code(route.kind), route.target);
}

QJsonObject routeJson(const NoticeRoute &route)
{
    return { { u"kind"_s, code(route.kind) }, { u"target"_s, targetWord(route) },
        { u"way"_s, route.way }, { u"address"_s, orNull(route.address) } };
}

Result<NoticeRoute> readRoute(const Arguments &args)
{
    QStringList known;
    for (int i = 0; i <= static_cast<int>(NoticeTarget::Tier); ++i) {
        const auto kind = static_cast<NoticeTarget>(i);
        if (code(kind) == args.at(0))
            return NoticeRoute { kind, args.at(1) == u"*" ? QString() : args.at(1), args.at(2),
                args.at(3) };
        known.append(code(kind));
    }
    return usageError(u"“%1” is nothing that notices are for: take one of %2."_s.arg(
        args.at(0).left(40), known.join(u", "_s)));
}

/// Of a team that may not be seen nothing is told.
bool maySee(const Visibility &visibility, const NoticeRoute &route)
{
    return route.kind != NoticeTarget::Team || visibility.sees(route.target);
}

Result<Answer> routeList(Environment &env, const Arguments &)
{
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_TRY(routes, storage::loadRoutes(desk->store().connection()));
    QJsonArray rows;
    QList<QStringList> lines;
    for (const NoticeRoute &route : routes) {
        if (!maySee(desk->visibility(), route))
            continue;
        rows.append(routeJson(route));
        lines.append({ code(route.kind), targetWord(route), route.way, route.address });
    }
    return Answer { { { u"rows"_s, rows }, { u"total"_s, rows.size() } },
        lines.isEmpty()
            ? u"No route yet: notices go to desktops, and where the only way for them leads.\n"_s
            : table({ u"for"_s, u"whom"_s, u"way"_s, u"address"_s }, lines) };
}

Result<Answer> routeAdd(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(route, readRoute(args));
    TIERLINE_TRY(desk, env.desk());
    storage::Connection &connection = desk->store().connection();
    TIERLINE_TRY(way, storage::findWay(connection, route.way));
    TIERLINE_TRY(kind, wayKind(way.type));
    TIERLINE_CHECK(kind->checkAddress(route.address));
    TIERLINE_TRY(held, storage::loadRoutes(connection));
    std::vector<NoticeRoute> routes = held;
    routes.push_back(route);
    TIERLINE_CHECK(changeAsLead(env, commands::SetRoutes { routes, held }));
    return Answer { routeJson(route),
        printable(u"%1 go by %2%3.\n"_s.arg(routeWords(route), route.way,
            route.address.isEmpty() ? QString() : u" to "_s + route.address)) };
}

Result<Answer> routeRemove(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(route, readRoute(args));
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_TRY(held, storage::loadRoutes(desk->store().connection()));
    std::vector<NoticeRoute> routes = held;
    if (std::erase(routes, route) == 0 || !maySee(desk->visibility(), route))
        return notFound(u"There is no such route; “route list” shows those that are there."_s);
    TIERLINE_CHECK(changeAsLead(env, commands::SetRoutes { routes, held }));
    return Answer { routeJson(route),
        printable(u"%1 do not go by %2%3 any more.\n"_s.arg(routeWords(route), route.way,
            route.address.isEmpty() ? QString() : u" to "_s + route.address)) };
}

const QStringList routeWordsOfUsage { u"KIND"_s, u"TARGET"_s, u"WAY"_s, u"[ADDRESS]"_s };

} // namespace

QList<Command> wayCommands()
{
    const QString route = u"KIND TARGET|'*' WAY [ADDRESS]"_s;
    return {
        { u"way list"_s, {}, u"ways to people, and what keeps one shut"_s, {}, wayList },
        { u"way kinds"_s, {}, u"types of ways, whom they reach, and what they want"_s, {},
            wayTypes },
        { u"way add"_s,
            u"NAME --type T [--url U] [--user U] [--option K=V]… [--authorities FILE] [--secrets-stdin]"_s,
            u"set up a way to people, or change it"_s,
            { { u"NAME"_s }, { u"--type"_s, u"--url"_s, u"--user"_s, u"--authorities"_s },
                { u"--option"_s }, { u"--secrets-stdin"_s } },
            wayAdd },
        { u"way test"_s, u"NAME [--secrets-stdin]"_s,
            u"sign in, telling nobody anything; what was shut is open again"_s,
            { { u"NAME"_s }, {}, {}, { u"--secrets-stdin"_s } }, wayTest },
        { u"way remove"_s, u"NAME"_s, u"with its routes and secrets"_s,
            { { u"NAME"_s }, {}, {}, {} }, wayRemove },
        { u"route list"_s, {}, u"where notices go besides desktops"_s, {}, routeList },
        { u"route add"_s, route, u"what is for somebody goes there besides desktops"_s,
            { routeWordsOfUsage, {}, {}, {} }, routeAdd },
        { u"route remove"_s, route, u"it does not any more"_s, { routeWordsOfUsage, {}, {}, {} },
            routeRemove },
    };
}

} // namespace tierline::cli
