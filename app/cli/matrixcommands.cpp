#include "app/cli/matrixcommands.h"

#include "core/base/json.h"
#include "core/desk/matrixboard.h"
#include "core/escalation/matrixjson.h"
#include "core/storage/people.h"
#include "core/storage/tickets.h"

#include <QSaveFile>

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

QString severityOf(const std::optional<Severity> &severity)
{
    return severity ? code(*severity) : QString();
}

Result<Answer> showMatrix(Environment &env, const Arguments &)
{
    TIERLINE_TRY(store, env.store());
    TIERLINE_CHECK(env.desk());
    TIERLINE_TRY(board, desk::loadMatrixBoard(store->connection()));
    QList<QStringList> lines;
    for (const escalation::MatrixCell &cell : board.book.matrix)
        lines.append({ escalation::nameOf(cell), desk::pathWords(cell, board.book), code(cell.kind),
            QString::number(cell.priorityStep), cell.procedure });
    QJsonObject document = escalation::toJson(board.book.matrix);
    document[u"edition"_s] = board.book.edition;
    document[u"gaps"_s] = board.gaps();
    QJsonArray accounts;
    for (const storage::AccountTeam &one : board.accounts)
        accounts.append(QJsonObject { { u"organization"_s, one.name }, { u"team"_s, one.team } });
    document[u"account_teams"_s] = accounts;
    if (board.book.matrix.empty())
        return Answer { document,
            u"There is no escalation matrix: write one and load it with `matrix load FILE`.\n"_s };
    return Answer { document,
        printable(u"Edition %1, %2 combinations without a path.\n"_s.arg(board.book.edition)
                      .arg(board.gaps()))
            + table({ u"ticket"_s, u"path"_s, u"kind"_s, u"priority +"_s, u"procedure"_s }, lines,
                60) };
}

Result<escalation::Matrix> readMatrix(const QString &file)
{
    TIERLINE_TRY(bytes, readFile(file));
    TIERLINE_TRY(json, readJsonObject(bytes));
    return escalation::matrixFromJson(json);
}

Result<Answer> loadMatrixFile(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(matrix, readMatrix(args.at(0)));
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_CHECK(desk->change(commands::SaveMatrix { matrix, args.value(u"--why"_s) }));
    TIERLINE_TRY(board, desk::loadMatrixBoard(desk->store().connection()));
    return Answer { { { u"edition"_s, board.book.edition }, { u"gaps"_s, board.gaps() } },
        u"Edition %1 of the matrix rules; %2 combinations are without a path.\n"_s
            .arg(board.book.edition)
            .arg(board.gaps()) };
}

Result<Answer> beginMatrix(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_CHECK(desk->change(commands::BeginMatrix { args.value(u"--why"_s) }));
    return showMatrix(env, args);
}

/// What escalating the ticket without a target would do.
Result<Answer> showPath(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(desk, env.desk());
    storage::Connection &connection = desk->store().connection();
    TIERLINE_TRY(id, storage::findTicket(connection, args.at(0).trimmed(), desk->visibility()));
    TIERLINE_TRY(state, storage::loadTicket(connection, id));
    Organization organization;
    if (state.ticket.organization) {
        TIERLINE_TRY(found, storage::loadOrganization(connection, state.ticket.organization));
        organization = found;
    }
    TIERLINE_TRY(book, commands::loadPathBook(connection));
    TIERLINE_TRY(found, book.pathOf(state.ticket, organization.plan));
    const QString words = desk::pathWords(found.cell, book);
    return Answer { { { u"ticket"_s, state.ticket.key }, { u"edition"_s, found.edition },
                        { u"cell"_s, escalation::nameOf(found.cell) }, { u"path"_s, words },
                        { u"step"_s, int(found.step) }, { u"tier"_s, found.target.tier },
                        { u"team"_s, orNull(found.target.team) },
                        { u"agent"_s, orNull(found.target.agent) },
                        { u"is_up"_s, found.target.isUp }, { u"kind"_s, code(found.cell.kind) },
                        { u"priority_step"_s, found.cell.priorityStep },
                        { u"procedure"_s, orNull(found.cell.procedure) } },
        printable(u"%1, by “%2” of edition %3: %4.\n"_s.arg(state.ticket.key,
            escalation::nameOf(found.cell), QString::number(found.edition), words)) };
}

Result<Answer> listGaps(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(store, env.store());
    TIERLINE_CHECK(env.desk());
    TIERLINE_TRY(board, desk::loadMatrixBoard(store->connection()));
    const bool wantsAll = args.has(u"--all"_s);
    QJsonArray rows;
    QList<QStringList> lines;
    for (const escalation::MatrixRow &one : board.rows()) {
        if (one.cell && !wantsAll)
            continue;
        const escalation::MatrixGap &at = one.combination;
        const QString words = one.cell ? desk::pathWords(*one.cell, board.book) : QString();
        rows.append(QJsonObject { { u"category"_s, at.category }, { u"plan"_s, at.plan },
            { u"severity"_s, orNull(severityOf(at.severity)) },
            { u"cell"_s, one.cell ? QJsonValue(escalation::nameOf(*one.cell)) : QJsonValue() },
            { u"path"_s, orNull(words) } });
        lines.append({ at.category, at.plan, severityOf(at.severity),
            one.cell ? escalation::nameOf(*one.cell) : u"–"_s, words });
    }
    const qsizetype total = rows.size();
    return Answer { { { u"rows"_s, rows }, { u"total"_s, total } },
        total == 0
            ? u"Every combination has its path.\n"_s
            : table({ u"category"_s, u"plan"_s, u"severity"_s, u"line"_s, u"path"_s }, lines, 60) };
}

Result<Done> writeMatrixFile(const QString &name, const QByteArray &bytes)
{
    QSaveFile file(name);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit())
        return Done {};
    return storageError(u"%1 cannot be written: %2."_s.arg(name, file.errorString()));
}

Result<Answer> saveMatrix(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(store, env.store());
    TIERLINE_CHECK(env.desk());
    TIERLINE_TRY(board, desk::loadMatrixBoard(store->connection()));
    const QString &name = args.at(0);
    const bool isSheet = name.endsWith(u".html", Qt::CaseInsensitive);
    if (!isSheet && !name.endsWith(u".json", Qt::CaseInsensitive))
        return usageError(u"The file's name says what it becomes: .json to load it elsewhere, "
                          ".html to print it on A4."_s);
    const QString printed = u"%1 · %2 lines"_s.arg(
        env.clock().now().iso(), QString::number(board.book.matrix.size()));
    TIERLINE_CHECK(writeMatrixFile(name,
        isSheet ? desk::matrixSheet(board, printed).toUtf8()
                : QJsonDocument(escalation::toJson(board.book.matrix)).toJson()));
    return Answer { { { u"file"_s, name }, { u"edition"_s, board.book.edition } },
        printable(u"Edition %1 of the matrix is in %2.\n"_s.arg(board.book.edition).arg(name)) };
}

Result<Answer> setAccount(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(desk, env.desk());
    const QString team = args.value(u"--team"_s);
    TIERLINE_CHECK(
        desk->change(commands::SetAccountTeam { args.at(0), team, args.value(u"--why"_s) }));
    return Answer { { { u"organization"_s, args.at(0) }, { u"team"_s, orNull(team) } },
        printable(team.isEmpty() ? u"No team has the account of %1.\n"_s.arg(args.at(0))
                                 : u"%1 has the account of %2.\n"_s.arg(team, args.at(0))) };
}

} // namespace

QList<Command> matrixCommands()
{
    return {
        { u"matrix show"_s, {}, u"which ticket goes where"_s, {}, showMatrix },
        { u"matrix begin"_s, u"--why S"_s, u"with the lines that come with Tierline"_s,
            { {}, { u"--why"_s }, {}, {} }, beginMatrix },
        { u"matrix load"_s, u"FILE --why S"_s, u"the file becomes the next edition"_s,
            { { u"FILE"_s }, { u"--why"_s }, {}, {} }, loadMatrixFile },
        { u"matrix save"_s, u"FILE.json|FILE.html"_s, u"to load elsewhere, or to print on A4"_s,
            { { u"FILE"_s }, {}, {}, {} }, saveMatrix },
        { u"matrix path"_s, u"ID"_s, u"where this ticket goes, and by which line"_s,
            { { u"ID"_s }, {}, {}, {} }, showPath },
        { u"matrix gaps"_s, u"[--all]"_s, u"combinations without a path, or all with theirs"_s,
            { {}, {}, {}, { u"--all"_s } }, listGaps },
        { u"matrix account"_s, u"ORGANIZATION [--team T] --why S"_s,
            u"which team has a customer's account"_s,
            { { u"ORGANIZATION"_s }, { u"--team"_s, u"--why"_s }, {}, {} }, setAccount },
    };
}

} // namespace tierline::cli
