#include "tests/support/reallogs/reallogs.h"

#include <QDir>
#include <QTest>

#include <algorithm>

namespace tierline::test {

using namespace Qt::StringLiterals;

namespace {

struct ProblemFigure {
    const char *path;
    double closed, open;
};

constexpr ProblemFigure problems[] = {
    { "tickets", 1487, 819 },
    { "escalated", 131, 49 },
    { "escalation_rate", 131.0 / 1487, 49.0 / 819 },
    { "by_start_tier/L1/escalated", 18, 8 },
    { "by_start_tier/L1/tickets", 66, 28 },
    { "by_start_tier/L2/escalated", 76, 38 },
    { "by_start_tier/L2/tickets", 936, 549 },
    { "by_start_tier/L3/escalated", 37, 3 },
    { "by_start_tier/L3/tickets", 485, 242 },
    { "out_of_tier/L1/escalated", 39, 9 },
    { "out_of_tier/L1/tickets", 96, 29 },
    { "out_of_tier/L2/escalated", 104, 42 },
    { "out_of_tier/L2/tickets", 1008, 567 },
    { "escalation_steps/total", 174, 59 },
    { "escalation_steps/L1>L2", 38, 11 },
    { "escalation_steps/L2>L3", 128, 48 },
    { "time_to_escalate_s/n", 131, 49 },
    { "time_to_escalate_s/median", 590646, 78186 },
    { "time_to_escalate_s/p90", 18505265, 1497240 },
    { "repeat_escalation", 31, 8 },
    { "return_steps", 154, 36 },
    { "returned_after_escalation", 53, 21 },
    { "ping_pong_teams/tickets", 107, 31 },
    { "ping_pong_teams/turns", 186, 54 },
    { "ping_pong_tiers/tickets", 86, 24 },
    { "ping_pong_tiers/turns", 145, 37 },
    { "reassignments/steps", 327, 126 },
    { "reassignments/tickets", 171, 66 },
    { "first_resolution_s/escalated/median", 7879393, 2264065 },
    { "first_resolution_s/not_escalated/median", 6795592, 2601586 },
    { "final_resolution_s/escalated/median", 8134270, 3133341 },
    { "final_resolution_s/not_escalated/median", 6985831, 2841844 },
    { "resolution_after_escalation_s/median", 6892477, 1985521 },
    { "reopened", 61, 22 },
    { "solved_at_l1/n", 48, 8 },
    { "solved_at_l1/of", 1487, 356 },
};

struct IncidentFigure {
    const char *path;
    double value;
};

constexpr IncidentFigure incidents[] = {
    { "tickets", 12416 },
    { "moved", 4777 },
    { "moves", 9577 },
    { "reassignments/steps", 9577 },
    { "reassignments/tickets", 4777 },
    { "time_to_first_move_s/n", 4777 },
    { "time_to_first_move_s/median", 4440 },
    { "time_to_first_move_s/p90", 352620 },
    { "moved_again", 2114 },
    { "ping_pong_teams/tickets", 1098 },
    { "resolution_s/moved/median", 287580 },
    { "resolution_s/not_moved/median", 4560 },
    { "resolution_s/all/n", 11625 },
    { "resolution_s/all/median", 81300 },
    { "sla/imported/all/met", 7855 },
    { "sla/imported/moved/met", 2210 },
    { "sla/imported/not_moved/met", 5645 },
    { "sla/imported/all/breached", 12416 - 7855 },
    { "reopened", 142 },
    { "priority_raised", 159 },
    { "awaited_customer", 2718 },
};

/// It has no tiers and no messages, so it says nothing of escalations and answers: no data, not 0.
constexpr const char *unknownOfIncidents[] = { "escalated", "escalation_rate", "by_start_tier",
    "into_tier", "solved_at_l1", "out_of_tier", "escalation_steps", "return_steps",
    "returned_after_escalation", "time_to_escalate_s", "repeat_escalation", "ping_pong_tiers",
    "resolution_after_escalation_s", "reversals", "first_response_s", "first_contact_resolution" };

QJsonValue at(const QJsonObject &object, const QString &path)
{
    QJsonValue value = object;
    for (const QString &name : path.split(u'/'))
        value = value.toObject().value(name);
    return value;
}

QString shown(std::optional<double> value)
{
    return value ? QString::number(*value, 'g', 12) : u"null"_s;
}

QString wrong(const RealFigure &figure, const QJsonObject &row)
{
    const QJsonValue found = at(row, figure.path);
    if (figure.value ? found.isDouble() && found.toDouble() == *figure.value : found.isNull())
        return {};
    const QString is = found.isUndefined() ? u"missing"_s
        : found.isDouble()                 ? shown(found.toDouble())
        : found.isNull()                   ? shown({})
                                           : u"something else"_s;
    return u"%1 is %2 and must be %3"_s.arg(figure.path, is, shown(figure.value));
}

} // namespace

QString dataFolder()
{
    for (const QString &folder : { qEnvironmentVariable("TIERLINE_DATA"),
             QDir::cleanPath(QStringLiteral(TIERLINE_SOURCE_DIR "/../shared/data")) }) {
        if (!folder.isEmpty() && QDir(folder).exists())
            return folder;
    }
    return {};
}

const QList<RealLog> &realLogs()
{
    static const QList<RealLog> logs {
        { u"closed"_s, u"volvo_vinst_problems/VINST_cases_closed_problems.csv"_s, u"vinst"_s, 6660,
            1487 },
        { u"closed-xes"_s, u"volvo_vinst_problems/bpi_challenge_2013_closed_problems.xes.gz"_s,
            u"vinst-xes"_s, 6660, 1487 },
        { u"open"_s, u"volvo_vinst_problems/VINST_cases_open_problems.csv"_s, u"vinst"_s, 2351,
            819 },
        { u"incidents"_s, u"uci_incident_log_a/incident_event_log_a.csv.gz"_s,
            u"servicenow-incident"_s, 70741, 12416 },
    };
    return logs;
}

const RealLog &realLog(const QString &name)
{
    const auto found = std::find_if(
        realLogs().begin(), realLogs().end(), [&](const RealLog &log) { return log.name == name; });
    if (found == realLogs().end())
        qFatal("There is no real log of that name.");
    return *found;
}

QList<RealFigure> figuresOf(const QString &log)
{
    QList<RealFigure> figures;
    if (log == u"incidents") {
        for (const IncidentFigure &figure : incidents)
            figures.append({ QString::fromLatin1(figure.path), figure.value });
        for (const char *path : unknownOfIncidents)
            figures.append({ QString::fromLatin1(path), {} });
        return figures;
    }
    const bool isOpen = log == u"open";
    for (const ProblemFigure &figure : problems)
        figures.append({ QString::fromLatin1(figure.path), isOpen ? figure.open : figure.closed });
    if (!isOpen)
        figures.append({ u"escalation_steps/L1>L3"_s, 8 });
    return figures;
}

QString wrongFigures(const QString &log, const QJsonObject &row)
{
    QStringList all;
    for (const RealFigure &figure : figuresOf(log))
        all.append(wrong(figure, row));
    all.removeAll(QString());
    return all.join(u'\n');
}

void addFigureRows(const QStringList &logs)
{
    QTest::addColumn<QString>("log");
    QTest::addColumn<QString>("path");
    for (const QString &log : logs) {
        for (const RealFigure &figure : figuresOf(log))
            QTest::addRow("%s: %s", qPrintable(log), qPrintable(figure.path)) << log << figure.path;
    }
}

QString wrongFigure(const QString &log, const QString &path, const QJsonObject &row)
{
    for (const RealFigure &figure : figuresOf(log)) {
        if (figure.path == path)
            return wrong(figure, row);
    }
    return u"nobody knows what %1 must be"_s.arg(path);
}

} // namespace tierline::test
