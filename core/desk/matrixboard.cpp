#include "core/desk/matrixboard.h"

#include "core/storage/people.h"
#include "core/storage/seenwords.h"

namespace tierline::desk {

using namespace Qt::StringLiterals;
using escalation::Destination;

namespace {

void merge(QStringList &into, const QString &word)
{
    if (!word.isEmpty() && !into.contains(word, Qt::CaseInsensitive))
        into.append(word);
}

QString row(const QStringList &cells, const QString &tag)
{
    QString html = u"<tr>"_s;
    for (const QString &cell : cells)
        html += u"<%1>%2</%1>"_s.arg(tag, cell.toHtmlEscaped());
    return html + u"</tr>\n"_s;
}

QString orAny(const QString &word)
{
    return word.isEmpty() ? u"any"_s : word;
}

QString stepWords(const escalation::PathStep &step, const escalation::PathBook &book)
{
    if (step.to == Destination::Tier) {
        const auto tier = std::ranges::find(book.tiers, step.name, &Tier::id);
        if (tier != book.tiers.end() && !tier->name.startsWith(tier->id))
            return tier->id + u' ' + tier->name;
    } else if (step.to == Destination::Person) {
        const auto agent = std::ranges::find(book.agents, step.name, &Agent::id);
        if (agent != book.agents.end())
            return agent->name;
    } else if (step.to == Destination::AccountTeam) {
        return u"the account’s team"_s;
    } else if (step.to == Destination::Manager) {
        return u"the manager"_s;
    }
    return step.name;
}

} // namespace

qsizetype MatrixBoard::gaps() const
{
    const auto all = rows();
    return std::ranges::count(
        all, static_cast<const escalation::MatrixCell *>(nullptr), &escalation::MatrixRow::cell);
}

Result<MatrixBoard> loadMatrixBoard(storage::Connection &connection)
{
    MatrixBoard board;
    TIERLINE_TRY(book, commands::loadPathBook(connection));
    TIERLINE_TRY(history, storage::loadEditionHistory(connection, storage::editionkind::matrix));
    TIERLINE_TRY(accounts, storage::loadAccountTeams(connection));
    TIERLINE_TRY(seen, storage::loadSeenWords(connection));
    board.book = std::move(book);
    board.history = std::move(history);
    board.accounts = std::move(accounts);
    for (storage::Edition &edition : board.history)
        edition.document.clear();
    if (board.book.matrix.empty()) { // an editor has to offer somebody all the same
        TIERLINE_TRY(tiers, storage::loadTiers(connection));
        TIERLINE_TRY(teams, storage::loadTeams(connection));
        TIERLINE_TRY(agents, storage::loadAgents(connection));
        board.book.tiers = tiers;
        board.book.teams = teams;
        board.book.agents = agents;
    }
    board.categories = seen.words.value(u"category"_s);
    board.plans = seen.words.value(u"plan"_s);
    for (const escalation::MatrixCell &cell : board.book.matrix) {
        merge(board.categories, cell.category);
        merge(board.plans, cell.plan);
    }
    board.categories.sort(Qt::CaseInsensitive);
    board.plans.sort(Qt::CaseInsensitive);
    return board;
}

QString pathWords(const escalation::MatrixCell &cell, const escalation::PathBook &book)
{
    QString words;
    Millis waited { 0 };
    for (const escalation::PathStep &step : cell.steps) {
        if (!words.isEmpty())
            words += u", after %1 "_s.arg(durationText(waited));
        words += stepWords(step, book);
        waited = step.wait;
    }
    return words;
}

QString matrixSheet(const MatrixBoard &board, const QString &printed)
{
    QString html
        = u"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Escalation "
          "matrix</title><style>@page{size:A4;margin:15mm}body{font:10pt sans-serif}"
          "table{border-collapse:collapse;width:100%}th,td{border:1px solid #888;padding:3px 6px;"
          "text-align:left;vertical-align:top}tr{page-break-inside:avoid}thead{display:table-header-"
          "group}h1{font-size:15pt}h2{font-size:12pt}</style></head><body>\n"_s;
    html += u"<h1>Escalation matrix, edition %1</h1>\n<p>%2</p>\n"_s.arg(
        QString::number(board.book.edition), printed.toHtmlEscaped());
    html += u"<table><thead>"_s
        + row({ u"Category"_s, u"Type"_s, u"Plan"_s, u"Severity"_s, u"Path"_s, u"Kind"_s,
                  u"Priority"_s, u"Procedure"_s },
            u"th"_s)
        + u"</thead>\n"_s;
    for (const escalation::MatrixCell &cell : board.book.matrix)
        html += row(
            { orAny(cell.category), orAny(cell.type), orAny(cell.plan),
                cell.severity ? code(*cell.severity) : u"any"_s, pathWords(cell, board.book),
                code(cell.kind), cell.priorityStep ? u"+%1"_s.arg(cell.priorityStep) : u"stays"_s,
                cell.procedure },
            u"td"_s);
    html += u"</table>\n"_s;
    QString gaps;
    for (const escalation::MatrixRow &one : board.rows()) {
        if (!one.cell)
            gaps
                += row({ one.combination.category, one.combination.plan,
                           one.combination.severity ? code(*one.combination.severity) : QString() },
                    u"td"_s);
    }
    html += gaps.isEmpty() ? u"<p>Every combination has its path.</p>\n"_s
                           : u"<h2>Without a path</h2>\n<table>"_s
            + row({ u"Category"_s, u"Plan"_s, u"Severity"_s }, u"th"_s) + gaps + u"</table>\n"_s;
    return html + u"</body></html>\n"_s;
}

} // namespace tierline::desk
