#include "core/storage/rulebook.h"

#include <QCryptographicHash>

namespace tierline::storage {

using namespace Qt::StringLiterals;

namespace {

StoredRule ruleOf(const Statement &row)
{
    return { .id = row.text(0),
        .kind = static_cast<RuleKind>(row.integer(1)),
        .name = row.text(2),
        .state = static_cast<RuleState>(row.integer(3)),
        .order = static_cast<int>(row.integer(4)),
        .version = static_cast<int>(row.integer(5)),
        .era = static_cast<int>(row.integer(6)),
        .since = { row.integer(7) },
        .appliesToStanding = row.integer(8) != 0,
        .weeklyCap = static_cast<int>(row.integer(9)),
        .text = row.text(10) };
}

RuleVersion versionOf(const Statement &row)
{
    return { .rule = row.text(0),
        .name = row.text(8),
        .number = static_cast<int>(row.integer(1)),
        .era = static_cast<int>(row.integer(2)),
        .made = { row.integer(3) },
        .actor = row.text(4),
        .why = row.text(5),
        .metric = row.text(6),
        .text = row.text(7) };
}

RuleChange changeOf(const Statement &row)
{
    return { .number = row.integer(0),
        .rule = row.text(1),
        .name = row.text(2),
        .what = static_cast<RuleChange::What>(row.integer(3)),
        .at = { row.integer(4) },
        .actor = row.text(5),
        .before = row.text(6),
        .after = row.text(7),
        .why = row.text(8),
        .metric = row.text(9),
        .operation = row.text(10) };
}

/// Each is made of the one before and of what is written: equal ones mean equal books, in any workspace.
Result<Done> setRevision(WriteScope &scope, const RuleChange &change)
{
    TIERLINE_TRY(before, ruleRevision(scope.connection()));
    const QStringList written { before, change.rule, change.name, code(change.what), change.after,
        change.at.iso(), change.operation };
    const QByteArray revision
        = QCryptographicHash::hash(written.join(u'\n').toUtf8(), QCryptographicHash::Sha256)
              .toHex()
              .left(32);
    TIERLINE_TRY(row,
        scope.connection().prepare("INSERT INTO meta (key, value) VALUES ('rules', ?1)"
                                   " ON CONFLICT (key) DO UPDATE SET value = excluded.value"));
    return row.bind(1, QString::fromLatin1(revision)).run();
}

} // namespace

Result<QString> ruleRevision(Connection &connection)
{
    TIERLINE_TRY(row, connection.prepare("SELECT value FROM meta WHERE key = 'rules'"));
    TIERLINE_TRY(hasRow, row.step());
    return hasRow ? row.text(0) : QString();
}

Result<RuleBook> loadRuleBook(Connection &connection)
{
    RuleBook book;
    TIERLINE_TRY(revision, ruleRevision(connection));
    book.revision = revision;
    TIERLINE_TRY(rows,
        connection.prepare(
            "SELECT i.id, i.kind, i.name, i.state, i.place, i.version, i.era, i.since, i.standing,"
            " i.weekly_cap, v.text FROM rule_item i JOIN rule_version v"
            " ON v.rule = i.id AND v.number = i.version ORDER BY i.kind, i.place, i.folded"));
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return book;
        StoredRule rule = ruleOf(rows);
        auto &shelf = rule.kind == RuleKind::Rule ? book.rules
            : rule.kind == RuleKind::List         ? book.lists
                                                  : book.policies;
        shelf.push_back(std::move(rule));
    }
}

Result<std::vector<RuleVersion>> loadRuleVersions(Connection &connection, const QString &rule)
{
    std::vector<RuleVersion> versions;
    TIERLINE_TRY(rows,
        connection.prepare("SELECT rule, number, era, made, actor, why, metric, text, name"
                           " FROM rule_version WHERE rule = ?1 ORDER BY number"));
    rows.bind(1, rule);
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return versions;
        versions.push_back(versionOf(rows));
    }
}

Result<RuleVersion> loadRuleVersion(Connection &connection, const QString &rule, int number)
{
    TIERLINE_TRY(row,
        connection.prepare("SELECT rule, number, era, made, actor, why, metric, text, name"
                           " FROM rule_version WHERE rule = ?1 AND number = ?2"));
    TIERLINE_TRY(hasRow, row.bind(1, rule).bind(2, number).step());
    if (!hasRow)
        return notFound(u"This rule has no version %1."_s.arg(number));
    return versionOf(row);
}

Result<std::vector<RuleChange>> loadRuleChanges(
    Connection &connection, const QString &rule, int limit)
{
    std::vector<RuleChange> changes;
    TIERLINE_TRY(rows,
        rule.isEmpty()
            ? connection.prepare(
                "SELECT number, rule, name, what, at, actor, before, after, why,"
                " metric, operation FROM rule_change ORDER BY number DESC LIMIT ?1")
            : connection.prepare("SELECT number, rule, name, what, at, actor, before, after, why,"
                                 " metric, operation FROM rule_change WHERE rule = ?2"
                                 " ORDER BY number DESC LIMIT ?1"));
    rows.bind(1, limit);
    if (!rule.isEmpty())
        rows.bind(2, rule);
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return changes;
        changes.push_back(changeOf(rows));
    }
}

Result<Done> saveRule(WriteScope &scope, const StoredRule &rule)
{
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "INSERT INTO rule_item (id, kind, name, folded, state, place, version, era, since,"
            " standing, weekly_cap) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"
            " ON CONFLICT (id) DO UPDATE SET name = excluded.name, folded = excluded.folded,"
            " state = excluded.state, place = excluded.place, version = excluded.version,"
            " era = excluded.era, since = excluded.since, standing = excluded.standing,"
            " weekly_cap = excluded.weekly_cap"));
    row.bind(1, rule.id).bind(2, static_cast<int>(rule.kind)).bind(3, rule.name);
    row.bind(4, rule.name.toCaseFolded()).bind(5, static_cast<int>(rule.state));
    row.bind(6, rule.order).bind(7, rule.version).bind(8, rule.era).bind(9, rule.since.ms);
    row.bind(10, rule.appliesToStanding ? 1 : 0).bind(11, rule.weeklyCap);
    scope.touchEverything();
    return row.run();
}

Result<Done> addRuleVersion(WriteScope &scope, const RuleVersion &version)
{
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "INSERT INTO rule_version (rule, number, era, made, actor, why, metric, text, name)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"));
    row.bind(1, version.rule).bind(2, version.number).bind(3, version.era);
    row.bind(4, version.made.ms).bind(5, version.actor).bind(6, version.why);
    return row.bind(7, version.metric).bind(8, version.text).bind(9, version.name).run();
}

Result<Done> addRuleChange(WriteScope &scope, RuleChange &change)
{
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "INSERT INTO rule_change (rule, name, what, at, actor, before, after, why, metric,"
            " operation) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"));
    row.bind(1, change.rule).bind(2, change.name).bind(3, static_cast<int>(change.what));
    row.bind(4, change.at.ms).bind(5, change.actor).bind(6, change.before).bind(7, change.after);
    TIERLINE_CHECK(row.bind(8, change.why).bind(9, change.metric).bind(10, change.operation).run());
    change.number = scope.connection().lastInsertId();
    scope.touchEverything();
    return setRevision(scope, change);
}

} // namespace tierline::storage
