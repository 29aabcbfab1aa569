#include "core/commands/paths.h"

#include "core/base/json.h"
#include "core/commands/staffwork_p.h"
#include "core/commands/texts.h"
#include "core/escalation/eventdata.h"
#include "core/escalation/matrixjson.h"
#include "core/storage/agreements.h"
#include "core/storage/editions.h"

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

Result<QString> planOf(storage::Connection &connection, const Ticket &ticket)
{
    if (!ticket.organization)
        return QString();
    TIERLINE_TRY(organization, storage::loadOrganization(connection, ticket.organization));
    return organization.plan;
}

Result<escalation::PathBook> matrixOf(storage::Connection &connection)
{
    TIERLINE_TRY(edition, storage::loadEdition(connection, storage::editionkind::matrix));
    escalation::PathBook book;
    if (!edition)
        return book;
    TIERLINE_TRY(json, readJsonObject(edition->document.toUtf8()));
    TIERLINE_TRY(matrix, escalation::matrixFromJson(json));
    book.matrix = matrix;
    book.edition = edition->number;
    return book;
}

} // namespace

Result<escalation::Matrix> loadMatrix(storage::Connection &connection)
{
    TIERLINE_TRY(book, matrixOf(connection));
    return book.matrix;
}

Result<escalation::PathBook> loadPathBook(storage::Connection &connection)
{
    TIERLINE_TRY(book, matrixOf(connection));
    if (book.matrix.empty())
        return book;
    TIERLINE_TRY(staff, loadStaff(connection));
    TIERLINE_TRY(accounts, storage::loadAccountTeams(connection));
    book.tiers = staff.tiers;
    book.teams = staff.teams;
    book.agents = staff.agents;
    for (const storage::AccountTeam &one : accounts)
        book.accountTeams.insert(one.organization.v, one.team);
    return book;
}

Result<WorkspaceOutcome> run(Context &context, const SaveMatrix &command)
{
    TIERLINE_CHECK(
        context.store.write(context.durability, [&](storage::WriteScope &scope) -> Result<Done> {
            return replaceMatrix(context, scope, command.matrix, command.why);
        }));
    return WorkspaceOutcome {};
}

Result<Done> replaceMatrix(Context &context, storage::WriteScope &scope,
    const escalation::Matrix &matrix, const QString &why)
{
    TIERLINE_CHECK(checkLead(context, u"change the escalation matrix"_s));
    TIERLINE_TRY(reason,
        required(why, MaxLine, u"why"_s, u"Say why the matrix changes; it is kept with it."_s));
    TIERLINE_TRY(staff, loadStaff(scope.connection()));
    TIERLINE_CHECK(escalation::check(matrix, staff.tiers, staff.teams, staff.agents));
    TIERLINE_TRY(held, loadMatrix(scope.connection()));
    if (held == matrix)
        return Done {};
    const QJsonObject json = escalation::toJson(matrix);
    storage::Edition edition { .kind = storage::editionkind::matrix,
        .made = context.now,
        .actor = context.actor.id,
        .why = reason,
        .document = matrix.empty() ? QString() : compactJson(json) };
    TIERLINE_CHECK(storage::addEdition(scope, edition));
    return logWorkspace(context, scope, reason,
        { { u"matrix"_s, json }, { u"edition"_s, edition.number },
            { u"before"_s, escalation::toJson(held) } });
}

Result<WorkspaceOutcome> run(Context &context, const BeginMatrix &command)
{
    const escalation::ShippedMatrix &shipped = escalation::shippedMatrix();
    TIERLINE_CHECK(
        context.store.write(context.durability, [&](storage::WriteScope &scope) -> Result<Done> {
            if (context.actor.role != Role::Admin)
                return notAllowed(u"An admin begins the matrix, since it brings new teams."_s);
            TIERLINE_TRY(held, loadMatrix(scope.connection()));
            if (!held.empty())
                return conflictError(
                    u"There is a matrix already: change its lines, or save it and take them out."_s);
            TIERLINE_TRY(staff, loadStaff(scope.connection()));
            for (const Team &team : shipped.teams) {
                if (!staff.team(team.name))
                    TIERLINE_CHECK(putTeam(context, scope, staff, nullptr, team));
            }
            return replaceMatrix(context, scope, shipped.matrix, command.why);
        }));
    return WorkspaceOutcome {};
}

Result<WorkspaceOutcome> run(Context &context, const SetAccountTeam &command)
{
    TIERLINE_CHECK(checkLead(context, u"say which team has an account"_s));
    TIERLINE_TRY(why,
        required(command.why, MaxLine, u"why"_s,
            u"Say why the account's team changes; it is kept with it."_s));
    TIERLINE_CHECK(
        context.store.write(context.durability, [&](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_TRY(staff, loadStaff(scope.connection()));
            if (!command.team.isEmpty() && !staff.team(command.team))
                return badInput(u"There is no team “%1”."_s.arg(command.team.left(80)), u"team"_s);
            TIERLINE_TRY(number,
                storage::findOrganization(scope.connection(), command.organization.simplified()));
            if (number == 0)
                return notFound(
                    u"There is no organization “%1”: the names are those of the tickets' customers."_s
                        .arg(command.organization.left(80)));
            const OrganizationId id { number };
            TIERLINE_TRY(before, storage::loadAccountTeam(scope.connection(), id));
            if (before == command.team)
                return Done {};
            TIERLINE_TRY(organization, storage::loadOrganization(scope.connection(), id));
            TIERLINE_CHECK(storage::saveAccountTeam(scope, id, command.team));
            return logWorkspace(context, scope, why,
                { { u"account_team"_s,
                    QJsonObject { { u"organization"_s, organization.name },
                        { u"team"_s, command.team }, { u"before"_s, before } } } });
        }));
    return WorkspaceOutcome {};
}

QJsonObject toJson(const PathMark &mark)
{
    return { { eventdata::matrix, mark.edition }, { eventdata::cell, mark.cell },
        { eventdata::step, mark.step } };
}

std::optional<PathMark> pathMarkOf(const Event &event)
{
    if (event.kind != EventKind::Escalated && event.kind != EventKind::Reassigned)
        return std::nullopt;
    const QJsonObject holder = event.kind == EventKind::Escalated
        ? event.data[eventdata::escalation].toObject()
        : event.data;
    const QJsonObject mark = holder[eventdata::path].toObject();
    if (mark.isEmpty())
        return std::nullopt;
    return PathMark { mark[eventdata::matrix].toInt(), mark[eventdata::cell].toString(),
        mark[eventdata::step].toInt() };
}

Result<escalation::MatrixCell> loadCell(storage::Connection &connection, const PathMark &mark)
{
    TIERLINE_TRY(
        edition, storage::loadEdition(connection, storage::editionkind::matrix, {}, mark.edition));
    TIERLINE_TRY(json, readJsonObject(edition.document.toUtf8()));
    TIERLINE_TRY(matrix, escalation::matrixFromJson(json));
    for (const escalation::MatrixCell &cell : matrix) {
        if (escalation::nameOf(cell) == mark.cell)
            return cell;
    }
    return notFound(u"Edition %1 of the matrix has no line “%2”."_s.arg(
        QString::number(mark.edition), mark.cell.left(80)));
}

PathMove alongPath(const escalation::TicketPath &path, const Escalate &asked)
{
    const PathMark mark { path.edition, escalation::nameOf(path.cell), int(path.step) };
    if (!path.target.isUp)
        return Reassign { .ticket = asked.ticket,
            .team = path.target.team,
            .to = path.target.agent,
            .note = asked.form.summary,
            .path = mark,
            .isOwnReason = asked.isOwnReason };
    Escalate command = asked;
    command.toTier = path.target.tier;
    command.team = path.target.team;
    command.to = path.target.agent;
    command.kind = path.cell.kind;
    command.priorityStep = path.cell.priorityStep;
    command.path = mark;
    return command;
}

Result<PathMove> alongPath(const escalation::PathBook &book, const Escalate &asked,
    const Ticket &ticket, const QString &plan)
{
    TIERLINE_TRY(path, book.pathOf(ticket, plan));
    return alongPath(path, asked);
}

Result<PathMove> alongPath(
    storage::Connection &connection, const Escalate &asked, const Visibility &visibility)
{
    TIERLINE_TRY(id, storage::findTicket(connection, asked.ticket.trimmed(), visibility));
    TIERLINE_TRY(state, storage::loadTicket(connection, id));
    TIERLINE_TRY(book, loadPathBook(connection));
    TIERLINE_TRY(plan, planOf(connection, state.ticket));
    return alongPath(book, asked, state.ticket, plan);
}

} // namespace tierline::commands
