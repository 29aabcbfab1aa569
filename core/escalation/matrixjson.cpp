#include "core/escalation/matrixjson.h"

#include "core/base/json.h"
#include "core/base/jsonkeys.h"

#include <QFile>

// A static library's resources are known only once this has run; it cannot stand in a namespace.
static void loadShipped()
{
    Q_INIT_RESOURCE(matrix);
}

namespace tierline::escalation {

using namespace Qt::StringLiterals;

namespace {

QJsonObject toJson(const PathStep &step)
{
    QJsonObject json { { u"to"_s, code(step.to) } };
    if (!step.name.isEmpty())
        json[u"name"_s] = step.name;
    if (step.wait > Millis(0))
        json[u"wait"_s] = shortDuration(step.wait);
    return json;
}

QJsonObject toJson(const MatrixCell &cell)
{
    QJsonObject json;
    for (const auto &[key, value] :
        { std::pair(u"category"_s, cell.category), std::pair(u"type"_s, cell.type),
            std::pair(u"plan"_s, cell.plan), std::pair(u"procedure"_s, cell.procedure) }) {
        if (!value.isEmpty())
            json[key] = value;
    }
    if (cell.severity)
        json[u"severity"_s] = tierline::code(*cell.severity);
    QJsonArray path;
    for (const PathStep &step : cell.steps)
        path.append(toJson(step));
    json[u"path"_s] = path;
    json[u"kind"_s] = tierline::code(cell.kind);
    json[u"priority_step"_s] = cell.priorityStep;
    return json;
}

ShippedMatrix readShipped()
{
    loadShipped();
    QFile file(u":/tierline/policies/matrix.json"_s);
    const bool isThere = file.open(QIODevice::ReadOnly);
    Q_ASSERT(isThere);
    Q_UNUSED(isThere);
    QJsonObject json = readJsonObject(file.readAll()).value_or(QJsonObject());
    ShippedMatrix shipped;
    for (const QJsonValue &team : json.take(u"teams"_s).toArray())
        shipped.teams.append({ team[u"name"_s].toString(), team[u"tier"_s].toString() });
    shipped.matrix = matrixFromJson(json).value_or(Matrix());
    return shipped;
}

Result<PathStep> stepFrom(const QJsonValue &value, const QString &where)
{
    JsonKeys keys(value.toObject(), u"a step of "_s + where);
    TIERLINE_TRY(word, keys.needed(u"to"_s));
    const auto to = destinationFrom(word);
    if (!to)
        return keys.wrong(u"to"_s, u"one of tier, team, account-team, manager, person"_s);
    TIERLINE_TRY(name, keys.text(u"name"_s));
    PathStep step { *to, name.trimmed() };
    if (keys.has(u"wait"_s)) {
        TIERLINE_TRY(wait, keys.length(u"wait"_s, parseDuration));
        step.wait = wait;
    }
    TIERLINE_CHECK(keys.nothingElse());
    return step;
}

Result<MatrixCell> cellFrom(const QJsonValue &value, qsizetype number)
{
    JsonKeys keys(value.toObject(), u"line %1 of the matrix"_s.arg(number));
    MatrixCell cell;
    for (const auto &[key, into] :
        { std::pair(u"category"_s, &cell.category), std::pair(u"type"_s, &cell.type),
            std::pair(u"plan"_s, &cell.plan), std::pair(u"procedure"_s, &cell.procedure) }) {
        TIERLINE_TRY(text, keys.text(key));
        *into = text.trimmed();
    }
    if (keys.has(u"severity"_s)) {
        TIERLINE_TRY(severity,
            keys.coded(
                u"severity"_s, Severity::Low, fromCode<Severity>, codes<Severity>().join(u", "_s)));
        cell.severity = severity;
    }
    keys.take(u"severity"_s);
    TIERLINE_TRY(path, keys.list(u"path"_s, qsizetype(mostSteps)));
    for (const QJsonValue &one : path) {
        TIERLINE_TRY(step, stepFrom(one, keys.where()));
        cell.steps.push_back(step);
    }
    TIERLINE_TRY(kind,
        keys.coded(
            u"kind"_s, cell.kind, fromCode<EscalationKind>, codes<EscalationKind>().join(u", "_s)));
    TIERLINE_TRY(priority, keys.number(u"priority_step"_s, cell.priorityStep, 0, 3));
    TIERLINE_CHECK(keys.nothingElse());
    cell.kind = kind;
    cell.priorityStep = priority;
    return cell;
}

} // namespace

QJsonObject toJson(const Matrix &matrix)
{
    QJsonArray cells;
    for (const MatrixCell &cell : matrix)
        cells.append(toJson(cell));
    return { { u"form"_s, 1 }, { u"cells"_s, cells } };
}

Result<Matrix> matrixFromJson(const QJsonObject &json)
{
    JsonKeys keys(json, u"the matrix"_s);
    TIERLINE_TRY(form, keys.number(u"form"_s, 1, 1, 1));
    Q_UNUSED(form);
    TIERLINE_TRY(cells, keys.list(u"cells"_s, mostCells));
    TIERLINE_CHECK(keys.nothingElse());
    Matrix matrix;
    for (const QJsonValue &value : cells) {
        if (!value.isObject())
            return badInput(
                u"Line %1 of the matrix is no object."_s.arg(matrix.size() + 1), u"cells"_s);
        TIERLINE_TRY(cell, cellFrom(value, qsizetype(matrix.size()) + 1));
        matrix.push_back(cell);
    }
    return matrix;
}

const ShippedMatrix &shippedMatrix()
{
    static const ShippedMatrix shipped = readShipped();
    return shipped;
}

} // namespace tierline::escalation
