#pragma once

#include "core/domain/codes.h"
#include "core/import/logreader.h"
#include "core/import/walltime.h"

#include <QHash>
#include <QJsonObject>

namespace tierline::importing {

/// Which columns of an event log mean what: MAP.json, read. Column members are indexes into
/// `columns`, or -1 where the map names none. Immutable once read.
struct EventMap {
    struct TierRule {
        enum class Test : quint8 { Equals, Prefix, Suffix, Contains, Else } test = Test::Else;
        QString text;
        QString tier;
    };
    struct Field {
        QString name;
        int column = -1;
    };

    QString name; ///< file name or shipped name, for sentences and for the import's record
    LogFormat format;
    QString timeFormat, zone;
    QStringList columns; ///< every column that is read, each once
    int caseColumn = -1, time = -1, order = -1, team = -1, status = -1;
    std::vector<int> agent; ///< joined by ", "
    int tierFrom = -1;
    std::vector<TierRule> tierRules; ///< empty: every ticket is at the lowest human tier
    QHash<QString, Status> statusOf;
    std::optional<Status> statusElse;
    std::vector<Field> fields;
    QStringList nulls;
    // known
    int createdAt = -1, resolvedAt = -1, slaMet = -1, reopenCount = -1, priority = -1,
        awaiting = -1;
    QHash<QString, Priority> priorityOf; ///< empty: read by priorityFromText()
    QStringList awaitingStates; ///< values of `awaiting` that wait; empty: any true value

    /// Reads a map. BadInput names a key that is missing, has the wrong kind, or is not known (with
    /// the nearest one that is).
    static Result<EventMap> parse(const QByteArray &json, const QString &name);
    /// A map from a file, or by the name of one that ships ("vinst", "servicenow-incident", …).
    static Result<EventMap> load(const QString &fileOrName);
    static QStringList shippedNames();

    /// Tiers that the rules name, each once.
    QStringList tiers() const;
    /// Tier of a value, or nothing where no rule fits.
    std::optional<QString> tierOf(const QString &value) const;
    bool isNull(const QString &value) const { return value.isNull() || nulls.contains(value); }
};

/// `1 - Critical`, `2`, `High`, `medium`, `P3` …: urgent, high, normal or low; nothing where it is none.
std::optional<Priority> priorityFromText(const QString &text);

} // namespace tierline::importing
