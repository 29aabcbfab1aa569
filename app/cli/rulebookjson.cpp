#include "app/cli/rulebookjson.h"

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

struct LineColumn {
    int line = 1;
    int column = 1;
};

LineColumn placeIn(const QString &text, qsizetype start)
{
    LineColumn place;
    for (qsizetype i = 0; i < start && i < text.size(); ++i) {
        if (text[i] == u'\n') {
            ++place.line;
            place.column = 1;
        } else {
            ++place.column;
        }
    }
    return place;
}

} // namespace

QString firstError(const desk::RuleCheck &check)
{
    if (!check.isWhole())
        return check.firstProblem();
    for (const rules::Finding &finding : check.findings) {
        if (finding.gravity == rules::Gravity::Wrong)
            return finding.message;
    }
    return {};
}

QJsonArray findingsJson(const std::vector<rules::Finding> &findings, QByteArrayView text)
{
    const QString read = QString::fromUtf8(text);
    QJsonArray rows;
    for (const rules::Finding &finding : findings) {
        const LineColumn place = placeIn(read, finding.place.start);
        rows.append(QJsonObject { { u"code"_s, finding.code },
            { u"gravity"_s, rules::code(finding.gravity) }, { u"rule"_s, finding.rule },
            { u"other"_s, finding.other }, { u"line"_s, place.line }, { u"column"_s, place.column },
            { u"message"_s, finding.message } });
    }
    return rows;
}

QString findingsText(const std::vector<rules::Finding> &findings, QByteArrayView text)
{
    const QString read = QString::fromUtf8(text);
    QString out;
    for (const rules::Finding &finding : findings) {
        const LineColumn place = placeIn(read, finding.place.start);
        out += read.isEmpty() || finding.rule.isEmpty()
            ? u"%1: %2\n"_s.arg(rules::code(finding.gravity), finding.message)
            : u"%1, line %2: %3\n"_s.arg(rules::code(finding.gravity))
                  .arg(place.line)
                  .arg(finding.message);
    }
    return out;
}

QJsonObject checkJson(const desk::RuleCheck &check, QByteArrayView text)
{
    QJsonArray errors;
    for (const rules::Problem &problem : check.parsed.problems) {
        errors.append(QJsonObject { { u"line"_s, problem.line }, { u"column"_s, problem.column },
            { u"message"_s, problem.message },
            { u"nearest"_s,
                problem.nearest.isEmpty() ? QJsonValue() : QJsonValue(problem.nearest) },
            { u"expected"_s, QJsonArray::fromStringList(problem.expected) } });
    }
    const rules::Document &document = check.parsed.document;
    return { { u"ok"_s, check.isSound() }, { u"rules"_s, qint64(document.rules.size()) },
        { u"lists"_s, qint64(document.lists.size()) },
        { u"policies"_s, qint64(document.policies.size()) }, { u"errors"_s, errors },
        { u"findings"_s, findingsJson(check.findings, text) } };
}

QString checkText(const desk::RuleCheck &check, QByteArrayView text)
{
    QString out;
    for (const rules::Problem &problem : check.parsed.problems)
        out += problem.text() + u'\n';
    return out + findingsText(check.findings, text);
}

QJsonObject readinessJson(const rules::Readiness &readiness)
{
    QJsonArray fields, ruleRows;
    for (const rules::FieldReadiness &field : readiness.fields) {
        fields.append(QJsonObject { { u"field"_s, field.field }, { u"filled"_s, field.filled },
            { u"percent"_s, readiness.percent(field.filled) }, { u"wrong_type"_s, field.wrongType },
            { u"rules"_s, QJsonArray::fromStringList(field.rules) } });
    }
    for (const rules::RuleReadiness &rule : readiness.rules) {
        ruleRows.append(QJsonObject { { u"rule"_s, rule.rule }, { u"judged"_s, rule.judged },
            { u"percent"_s, readiness.percent(rule.judged) } });
    }
    return { { u"tickets"_s, readiness.tickets }, { u"fields"_s, fields },
        { u"rules"_s, ruleRows } };
}

QString readinessText(const rules::Readiness &readiness)
{
    QList<QStringList> lines;
    for (const rules::FieldReadiness &field : readiness.fields) {
        const int percent = readiness.percent(field.filled);
        lines.append({ field.field, u"%1 %"_s.arg(percent),
            percent < rules::readyPercent ? u"sparse"_s : QString(), field.rules.join(u", "_s) });
    }
    return u"Of %1 open tickets so many have what the rules read:\n"_s.arg(readiness.tickets)
        + table({ u"field"_s, u"filled"_s, {}, u"read by"_s }, lines, 60);
}

QJsonObject changeJson(const RuleChange &change)
{
    return { { u"number"_s, change.number }, { u"rule"_s, change.name },
        { u"change"_s, code(change.what) }, { u"at"_s, change.at.iso() },
        { u"actor"_s, change.actor }, { u"before"_s, change.before }, { u"after"_s, change.after },
        { u"why"_s, change.why }, { u"metric"_s, change.metric },
        { u"operation"_s, change.operation } };
}

QString changeText(const RuleChange &change)
{
    switch (change.what) {
    case RuleChange::What::Added: return u"“%1” is new."_s.arg(change.name);
    case RuleChange::What::Text: return u"“%1” is version %2 now."_s.arg(change.name, change.after);
    case RuleChange::What::State:
        return u"“%1” is %2 (was %3)."_s.arg(change.name, change.after, change.before);
    case RuleChange::What::Order:
        return u"“%1” runs at place %2 (was %3)."_s.arg(change.name, change.after, change.before);
    case RuleChange::What::Cap:
        return change.after == u"0"
            ? u"“%1” fires as often as it holds."_s.arg(change.name)
            : u"“%1” fires at most %2 times in a week, then goes on as a shadow."_s.arg(
                change.name, change.after);
    case RuleChange::What::RolledBack:
        return u"“%1” is as it was before, as version %2."_s.arg(change.name, change.after);
    }
    return {};
}

} // namespace tierline::cli
