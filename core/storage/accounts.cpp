#include "core/storage/accounts.h"

#include "core/storage/columns.h"

#include <QJsonArray>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace tierline::storage {

namespace {

QString placesText(const QList<PlaceMapping> &places)
{
    QJsonArray array;
    for (const PlaceMapping &mapping : places)
        array.append(QJsonObject { { u"place"_s, mapping.place }, { u"tier"_s, mapping.tier },
            { u"team"_s, mapping.team } });
    return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact));
}

QList<PlaceMapping> placesOf(QByteArrayView json)
{
    QList<PlaceMapping> places;
    const QJsonArray array = QJsonDocument::fromJson(json.toByteArray()).array();
    for (const QJsonValue &value : array) {
        const QJsonObject one = value.toObject();
        places.append({ one.value("place"_L1).toString(), one.value("tier"_L1).toString(),
            one.value("team"_L1).toString() });
    }
    return places;
}

constexpr const char *selectAccounts
    = "SELECT name, type, url, user, options, places, me, product, cursor, clock_offset,"
      " needs_sign_in, problem, synced, created FROM account ORDER BY name";
constexpr const char *selectAccount
    = "SELECT name, type, url, user, options, places, me, product, cursor, clock_offset,"
      " needs_sign_in, problem, synced, created FROM account WHERE name = ?1";

Account accountOf(const Statement &row)
{
    Account account { .name = row.text(0),
        .type = row.text(1),
        .url = row.text(2),
        .user = row.text(3),
        .options = objectOf(row.utf8(4)),
        .places = placesOf(row.utf8(5)),
        .me = objectOf(row.utf8(6)),
        .product = row.text(7),
        .cursor = row.text(8),
        .needsSignIn = row.integer(10) != 0,
        .problem = row.text(11),
        .synced = optionalInstant(row, 12),
        .created = { row.integer(13) } };
    if (!row.isNull(9))
        account.clockOffset = Millis(row.integer(9));
    return account;
}

void bindAccount(Statement &row, const Account &account)
{
    row.bind(1, account.name).bind(2, account.type).bind(3, account.url).bind(4, account.user);
    row.bind(5, objectText(account.options)).bind(6, placesText(account.places));
    row.bind(7, objectText(account.me)).bind(8, account.product).bind(9, account.cursor);
    if (account.clockOffset)
        row.bind(10, static_cast<qint64>(account.clockOffset->count()));
    else
        row.bindNull(10);
    row.bind(11, account.needsSignIn ? 1 : 0).bind(12, account.problem);
    row.bindOptional(13, account.synced);
}

Result<qint64> count(Connection &connection, const char *sql, const QString &name)
{
    TIERLINE_TRY(row, connection.prepare(sql));
    TIERLINE_CHECK(row.bind(1, name).step());
    return row.integer(0);
}

} // namespace

bool Account::hides(const QString &place) const
{
    return me.value("hides"_L1).toArray().contains(place);
}

void Account::setHides(const QString &place, bool hides)
{
    if (hides == this->hides(place))
        return;
    QJsonArray places;
    for (const QJsonValue &held : me.value("hides"_L1).toArray()) {
        if (held != place)
            places.append(held);
    }
    if (hides)
        places.append(place);
    me[u"hides"_s] = places;
}

Result<QList<Account>> loadAccounts(Connection &connection)
{
    TIERLINE_TRY(rows, connection.prepare(selectAccounts));
    QList<Account> accounts;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return accounts;
        accounts.append(accountOf(rows));
    }
}

Result<Account> findAccount(Connection &connection, const QString &name)
{
    {
        TIERLINE_TRY(row, connection.prepare(selectAccount));
        TIERLINE_TRY(hasRow, row.bind(1, name).step());
        if (hasRow)
            return accountOf(row);
    }
    TIERLINE_TRY(accounts, loadAccounts(connection));
    QStringList names;
    for (const Account &account : accounts)
        names.append(account.name);
    if (names.isEmpty())
        return notFound(u"This workspace has no account yet: add one with “account add”."_s);
    return notFound(
        u"There is no account “%1” here; there is %2."_s.arg(name.left(64), names.join(u", "_s)));
}

Result<Done> checkAccountName(const QString &name)
{
    static const QRegularExpression shape(u"^[A-Za-z][A-Za-z0-9_-]{0,31}\\z"_s);
    if (shape.match(name).hasMatch() && name != u"T"_s)
        return Done {};
    return badInput(u"“%1” cannot name an account: take a letter and then letters, digits, “-” or "
                    "“_”, 32 at most."_s.arg(name.left(64)),
        u"name"_s);
}

Result<Done> addAccount(WriteScope &scope, const Account &account)
{
    TIERLINE_CHECK(checkAccountName(account.name));
    TIERLINE_TRY(isThere, isAccount(scope.connection(), account.name));
    if (isThere)
        return conflictError(u"There is an account “%1” already."_s.arg(account.name));
    TIERLINE_TRY(insert,
        scope.connection().prepare(
            "INSERT INTO account (name, type, url, user, options, places, me, product, cursor,"
            " clock_offset, needs_sign_in, problem, synced, created)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"));
    bindAccount(insert, account);
    scope.touchEverything();
    return insert.bind(14, account.created.ms).run();
}

Result<Done> saveAccount(WriteScope &scope, const Account &account)
{
    TIERLINE_TRY(update,
        scope.connection().prepare(
            "UPDATE account SET type = ?2, url = ?3, user = ?4, options = ?5, places = ?6, me = ?7,"
            " product = ?8, cursor = ?9, clock_offset = ?10, needs_sign_in = ?11, problem = ?12,"
            " synced = ?13 WHERE name = ?1"));
    bindAccount(update, account);
    TIERLINE_CHECK(update.run());
    if (scope.connection().changes() == 0)
        return notFound(u"The account “%1” has been removed."_s.arg(account.name));
    return Done {};
}

Result<Done> removeAccount(WriteScope &scope, const QString &name, bool evenIfPending)
{
    TIERLINE_TRY(
        pending, count(scope.connection(), "SELECT count(*) FROM outbox WHERE account = ?1", name));
    if (pending > 0 && !evenIfPending)
        return conflictError(
            u"%1 changes still wait to be sent to “%2”: sync first, or drop them."_s.arg(pending)
                .arg(name));
    for (const char *sql :
        { "DELETE FROM outbox WHERE account = ?1", "DELETE FROM conflict WHERE account = ?1",
            "DELETE FROM echo WHERE account = ?1", "DELETE FROM remote_entry WHERE account = ?1",
            "DELETE FROM remote_file WHERE account = ?1",
            "DELETE FROM remote_ticket WHERE account = ?1",
            "DELETE FROM account_user WHERE account = ?1",
            "DELETE FROM account WHERE name = ?1" }) {
        TIERLINE_TRY(remove, scope.connection().prepare(sql));
        TIERLINE_CHECK(remove.bind(1, name).run());
    }
    const bool wasThere = scope.connection().changes() > 0;
    scope.touchEverything();
    if (!wasThere)
        return notFound(u"There is no account “%1” here."_s.arg(name.left(64)));
    return Done {};
}

Result<bool> isAccount(Connection &connection, const QString &name)
{
    TIERLINE_TRY(found, count(connection, "SELECT count(*) FROM account WHERE name = ?1", name));
    return found > 0;
}

Result<QList<AccountUser>> loadAccountUsers(Connection &connection, const QString &account)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT remote, name, email, is_agent, agent FROM account_user"
                           " WHERE account = ?1 ORDER BY remote"));
    rows.bind(1, account);
    QList<AccountUser> users;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return users;
        users.append({ .remote = rows.text(0),
            .name = rows.text(1),
            .email = rows.text(2),
            .isAgent = rows.integer(3) != 0,
            .agent = rows.text(4) });
    }
}

Result<Done> saveAccountUser(WriteScope &scope, const QString &account, const AccountUser &user)
{
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "INSERT INTO account_user (account, remote, name, email, is_agent, agent)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (account, remote) DO UPDATE SET"
            " name = iif(excluded.name = '', name, excluded.name),"
            " email = iif(excluded.email = '', email, excluded.email),"
            " is_agent = max(is_agent, excluded.is_agent),"
            " agent = iif(excluded.agent = '', agent, excluded.agent)"));
    row.bind(1, account).bind(2, user.remote).bind(3, user.name).bind(4, user.email);
    return row.bind(5, user.isAgent ? 1 : 0).bind(6, user.agent).run();
}

} // namespace tierline::storage
