#include "core/commands/ways.h"

#include "core/commands/staffwork_p.h"
#include "core/commands/texts.h"
#include "core/storage/deliveries.h"
#include "core/storage/tickets.h"
#include "core/storage/ways.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QUrl>

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestWayName = 40;
constexpr qsizetype mostWayOptions = 50;
constexpr qsizetype longestAuthorities = 256 * 1024;

Result<Done> checkWayName(const QString &name)
{
    const bool isName = !name.isEmpty() && name.size() <= longestWayName
        && std::ranges::all_of(
            name, [](QChar c) { return c.isLetterOrNumber() || c == u'-' || c == u'_'; });
    if (isName)
        return Done {};
    return badInput(u"“%1” is no name for a way: take 1 to 40 letters, digits, “-” or “_”."_s.arg(
                        name.left(longestWayName)),
        u"name"_s);
}

Result<Done> checkLine(const QString &text, const QString &where)
{
    TIERLINE_TRY(clean, cleaned(text, MaxLine, where));
    if (clean == text)
        return Done {};
    return badInput(
        u"“%1” has spaces around it, or signs that are none."_s.arg(clean.left(80)), where);
}

Result<Done> checkWay(const Way &way)
{
    TIERLINE_CHECK(checkWayName(way.name));
    TIERLINE_CHECK(required(way.type, MaxLine, u"type"_s, u"Say of which type the way is."_s));
    TIERLINE_CHECK(checkLine(way.url, u"url"_s));
    TIERLINE_CHECK(checkLine(way.user, u"user"_s));
    if (way.options.size() > mostWayOptions || way.authorities.size() > longestAuthorities)
        return badInput(
            u"The way “%1” has more options, or a longer list of authorities, than can be kept."_s
                .arg(way.name));
    for (auto option = way.options.begin(); option != way.options.end(); ++option) {
        TIERLINE_CHECK(checkLine(option.key(), u"option"_s));
        TIERLINE_CHECK(checkLine(option.value(), option.key()));
    }
    return Done {};
}

/// What the log keeps of it. Of an address only where it is: many a receiver knows us by the path.
QJsonObject wayForLog(const Way &way)
{
    QJsonObject options;
    for (auto option = way.options.begin(); option != way.options.end(); ++option)
        options[option.key()] = option.value();
    QJsonObject json { { u"type"_s, way.type }, { u"user"_s, way.user },
        { u"host"_s, QUrl(way.url).host() }, { u"options"_s, options } };
    if (!way.authorities.isEmpty())
        json[u"authorities_sha256"_s] = QString::fromLatin1(
            QCryptographicHash::hash(way.authorities, QCryptographicHash::Sha256).toHex());
    return json;
}

QJsonArray routesForLog(const std::vector<NoticeRoute> &routes)
{
    QJsonArray json;
    for (const NoticeRoute &route : routes)
        json.append(QJsonObject { { u"kind"_s, code(route.kind) }, { u"target"_s, route.target },
            { u"way"_s, route.way }, { u"address"_s, route.address } });
    return json;
}

/// Whether there is somebody of that name; of a team that may not be seen nothing is told.
bool isThere(const Context &context, const Staff &staff, const NoticeRoute &route)
{
    switch (route.kind) {
    case NoticeTarget::Agent: return staff.agent(route.target);
    case NoticeTarget::Team:
        return staff.team(route.target) && context.visibility.sees(route.target);
    case NoticeTarget::Tier: return staff.tier(route.target);
    case NoticeTarget::Role: return fromCode<Role>(route.target).has_value();
    case NoticeTarget::Channel:
    case NoticeTarget::Pager:
    case NoticeTarget::Mail:
    case NoticeTarget::Webhook: return true; // named by rules, and nowhere else
    }
    return false;
}

Result<Done> checkNewRoute(const Context &context, const Staff &staff, const std::vector<Way> &ways,
    const NoticeRoute &route)
{
    TIERLINE_CHECK(checkLine(route.target, u"target"_s));
    TIERLINE_CHECK(checkLine(route.address, u"address"_s));
    if (std::ranges::find(ways, route.way, &Way::name) == ways.end())
        return badInput(
            u"There is no way “%1”: add it first."_s.arg(route.way.left(longestWayName)), u"way"_s);
    if (route.target.isEmpty() || isThere(context, staff, route))
        return Done {};
    return badInput(
        u"There is no %1 “%2” here."_s.arg(code(route.kind), route.target.left(80)), u"target"_s);
}

Result<Done> checkRoutes(const Context &context, storage::Connection &connection,
    const std::vector<NoticeRoute> &routes, const std::vector<NoticeRoute> &held)
{
    if (std::ssize(routes) > mostRoutes)
        return badInput(
            u"There can be %1 routes; one with the target “*” is for all of a kind."_s.arg(
                mostRoutes),
            u"routes"_s);
    TIERLINE_TRY(staff, loadStaff(connection));
    TIERLINE_TRY(ways, storage::loadWays(connection));
    for (auto route = routes.begin(); route != routes.end(); ++route) {
        if (std::find(routes.begin(), route, *route) != route)
            return badInput(
                u"The route for %1 “%2” by “%3” is there already."_s.arg(code(route->kind),
                    route->target.isEmpty() ? u"*"_s : route->target.left(80), route->way),
                u"routes"_s);
        // Somebody who left since hinders no change of another route.
        if (std::ranges::find(held, *route) == held.end())
            TIERLINE_CHECK(checkNewRoute(context, staff, ways, *route));
    }
    return Done {};
}

/// NotFound in the same words where its ticket may not be seen.
Result<Delivery> visibleDelivery(
    const Context &context, storage::Connection &connection, const QString &id)
{
    TIERLINE_TRY(found, storage::findDelivery(connection, id));
    if (found) {
        TIERLINE_TRY(state, storage::loadTicket(connection, found->ticket));
        if (context.visibility.sees(state.ticket.team))
            return *found;
    }
    return notFound(
        u"There is no notice “%1”: “notices” lists those that are there."_s.arg(id.left(64)));
}

QString inWords(Delivery::State state)
{
    return code(state).replace(u'_', u' ');
}

Result<Done> saveDecided(Context &context, storage::WriteScope &scope, const Delivery &delivery)
{
    TIERLINE_CHECK(storage::saveDelivery(scope, delivery));
    return logWorkspace(
        context, scope, {}, { { u"notice."_s + delivery.id, code(delivery.state) } });
}

/// One transaction of a lead.
Result<WorkspaceOutcome> changeAsLead(Context &context, const QString &what,
    const std::function<Result<Done>(storage::WriteScope &)> &work)
{
    TIERLINE_CHECK(checkLead(context, what));
    TIERLINE_CHECK(context.store.write(context.durability, work));
    return WorkspaceOutcome {};
}

} // namespace

Result<WorkspaceOutcome> run(Context &context, const SaveWay &command)
{
    return changeAsLead(
        context, u"set up ways to people"_s, [&](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_CHECK(checkWay(command.way));
            Way way = command.way;
            way.problem.clear();
            way.created
                = context.now; // set up anew, too: whoever has it open takes its secret anew
            TIERLINE_CHECK(storage::saveWay(scope, way));
            return logWorkspace(context, scope, {}, { { u"way."_s + way.name, wayForLog(way) } });
        });
}

Result<WorkspaceOutcome> run(Context &context, const RemoveWay &command)
{
    return changeAsLead(
        context, u"remove ways to people"_s, [&](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_CHECK(storage::removeWay(scope, command.name));
            return logWorkspace(context, scope, {}, { { u"way."_s + command.name, QJsonValue() } });
        });
}

Result<WorkspaceOutcome> run(Context &context, const SetRoutes &command)
{
    return changeAsLead(
        context, u"say where notices go"_s, [&](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_TRY(held, storage::loadRoutes(scope.connection()));
            if (command.held && *command.held != held)
                return conflictError(
                    u"Somebody changed the routes meanwhile: look at them, and do it again."_s);
            TIERLINE_CHECK(checkRoutes(context, scope.connection(), command.routes, held));
            TIERLINE_CHECK(storage::saveRoutes(scope, command.routes));
            return logWorkspace(
                context, scope, {}, { { u"routes"_s, routesForLog(command.routes) } });
        });
}

Result<WorkspaceOutcome> run(Context &context, const DropDelivery &command)
{
    return changeAsLead(context, u"drop notices"_s, [&](storage::WriteScope &scope) -> Result<Done> {
        TIERLINE_TRY(delivery, visibleDelivery(context, scope.connection(), command.id));
        if (delivery.state == Delivery::State::Sending)
            return conflictError(
                u"This notice is being sent; once it is known what came of it, drop it if it waits again."_s);
        if (delivery.state != Delivery::State::Waiting && delivery.state != Delivery::State::Digest)
            return conflictError(
                u"This notice does not wait: it is %1."_s.arg(inWords(delivery.state)));
        delivery.state = Delivery::State::Dropped;
        delivery.next.reset();
        delivery.error = u"%1 dropped it."_s.arg(context.actor.name);
        return saveDecided(context, scope, delivery);
    });
}

Result<WorkspaceOutcome> run(Context &context, const RetryDelivery &command)
{
    return changeAsLead(
        context, u"try notices again"_s, [&](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_TRY(delivery, visibleDelivery(context, scope.connection(), command.id));
            if (delivery.state != Delivery::State::Refused
                && delivery.state != Delivery::State::GivenUp)
                return conflictError(
                    u"This notice was neither refused nor given up: it is %1."_s.arg(
                        inWords(delivery.state)));
            TIERLINE_CHECK(storage::findWay(scope.connection(), delivery.way));
            delivery.state = Delivery::State::Waiting;
            delivery.next = context.now;
            delivery.refusedSince.reset();
            delivery.looks = 0;
            return saveDecided(context, scope, delivery);
        });
}

} // namespace tierline::commands
