#include "app/cli/syncrun.h"

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

QJsonValue instantOrNull(const std::optional<Instant> &at)
{
    return at ? QJsonValue(at->iso()) : QJsonValue(QJsonValue::Null);
}

QJsonObject toJson(const sync::RoundSummary &round)
{
    QJsonObject json { { u"name"_s, round.account },
        { u"pulled"_s,
            QJsonObject { { u"tickets"_s, round.tickets }, { u"messages"_s, round.messages } } },
        { u"pushed"_s, round.pushed }, { u"conflicts"_s, round.conflicts },
        { u"pending"_s, round.pending }, { u"failed"_s, round.failed },
        { u"next_retry"_s, instantOrNull(round.nextRetry) },
        { u"problems"_s, QJsonArray::fromStringList(round.problems) } };
    if (round.error)
        json[u"error"_s] = QJsonObject { { u"code"_s, faultCode(round.error->fault) },
            { u"message"_s, round.error->detail } };
    return json;
}

QString inWords(const sync::RoundSummary &round)
{
    QStringList words {
        u"%1 tickets and %2 messages received"_s.arg(round.tickets).arg(round.messages),
        u"%1 sent"_s.arg(round.pushed)
    };
    if (round.pending > round.failed)
        words.append(u"%1 waiting"_s.arg(round.pending - round.failed));
    if (round.failed > 0)
        words.append(u"%1 refused (see “outbox list”)"_s.arg(round.failed));
    if (round.conflicts > 0)
        words.append(u"%1 in conflict (see “conflict list”)"_s.arg(round.conflicts));
    QString text = round.account + u": "_s + words.join(u", "_s) + u".\n"_s;
    for (const QString &problem : round.problems)
        text += u"  "_s + problem + u'\n';
    return text; // an error is said on the other stream
}

/// Done, failed or partly done. What was refused is not done, and stays listed with its reason; where several
/// accounts fail each has its error in its row, and the first of them is the document's too.
Answer toldOf(const std::vector<sync::RoundSummary> &rounds, qsizetype asked)
{
    QJsonArray rows;
    QString text;
    QStringList failures;
    bool isPartly = std::ssize(rounds) < asked; // somebody stopped it between two accounts
    for (const sync::RoundSummary &round : rounds) {
        rows.append(toJson(round));
        text += inWords(round);
        isPartly = isPartly || round.error || round.failed > 0;
        if (round.error)
            failures.append(rounds.size() == 1
                    ? round.error->detail
                    : u"%1: %2"_s.arg(round.account, round.error->detail));
    }
    Answer answer { { { u"accounts"_s, rows } }, text, isPartly ? 3 : 0 };
    if (failures.isEmpty())
        return answer;
    printError(printable(failures.join(u' ')).replace(u'\n', u' '));
    if (failures.size() == std::ssize(rounds)) {
        const Error &first = *rounds.front().error;
        answer.document[u"error"_s] = QJsonObject { { u"code"_s, faultCode(first.fault) },
            { u"message"_s, failures.join(u' ') }, { u"where"_s, first.where } };
        answer.exitCode = 1;
    }
    return answer;
}

Result<QList<storage::Account>> chosenAccounts(Environment &env, const QStringList &names)
{
    TIERLINE_TRY(store, env.store());
    if (names.isEmpty()) {
        TIERLINE_TRY(all, storage::loadAccounts(store->connection()));
        if (all.isEmpty())
            return notFound(u"This workspace has no account yet: add one with “account add”."_s);
        return all;
    }
    QList<storage::Account> chosen;
    for (const QString &name : names) {
        TIERLINE_TRY(account, storage::findAccount(store->connection(), name));
        chosen.append(account);
    }
    return chosen;
}

Result<Answer> syncNow(Environment &env, const Arguments &args)
{
    const bool pullOnly = args.has(u"--pull-only"_s);
    const bool pushOnly = args.has(u"--push-only"_s);
    if (pullOnly && pushOnly)
        return usageError(u"Take --pull-only or --push-only, not both."_s);
    TIERLINE_TRY(accounts, chosenAccounts(env, args.positionals()));
    TIERLINE_TRY(secrets, openSecrets(args.has(u"--secrets-stdin"_s)));
    TIERLINE_TRY(rounds,
        syncAccounts(env, accounts, *secrets,
            { .pull = !pushOnly,
                .push = !pullOnly,
                .acceptVanished = args.has(u"--accept-vanished"_s) }));
    return toldOf(rounds, accounts.size());
}

Result<Answer> outboxList(Environment &env, const Arguments &)
{
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_TRY(entries, desk->outbox());
    QJsonArray rows;
    QList<QStringList> lines;
    for (const storage::OutboxEntry &entry : entries) {
        const QString ticket = entry.body.value("ticket"_L1).toString();
        const Instant next = qMax(entry.nextTry, entry.notBefore);
        rows.append(QJsonObject { { u"id"_s, entry.id }, { u"account"_s, entry.account },
            { u"ticket"_s, ticket }, { u"kind"_s, entry.kind }, { u"state"_s, code(entry.state) },
            { u"attempts"_s, entry.attempts },
            { u"next_try"_s, next.ms > 0 ? QJsonValue(next.iso()) : QJsonValue() },
            { u"error"_s, entry.error } });
        lines.append({ entry.id, ticket, entry.kind, code(entry.state),
            QString::number(entry.attempts), entry.error });
    }
    return Answer { { { u"rows"_s, rows }, { u"total"_s, rows.size() } },
        entries.empty()
            ? u"Nothing waits to be sent.\n"_s
            : table(
                { u"id"_s, u"ticket"_s, u"change"_s, u"state"_s, u"tries"_s, u"why"_s }, lines) };
}

Result<Answer> conflictList(Environment &env, const Arguments &)
{
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_TRY(conflicts, desk->conflicts());
    QJsonArray rows;
    QList<QStringList> lines;
    for (const storage::Conflict &conflict : conflicts) {
        rows.append(QJsonObject { { u"id"_s, conflict.id }, { u"ticket"_s, conflict.key },
            { u"field"_s, conflict.field }, { u"base"_s, conflict.base },
            { u"local"_s, conflict.local }, { u"remote"_s, conflict.remote },
            { u"local_by"_s, conflict.localBy }, { u"remote_by"_s, conflict.remoteBy },
            { u"at"_s, conflict.at.iso() } });
        lines.append(
            { conflict.id, conflict.key, conflict.field, conflict.local.toVariant().toString(),
                conflict.remote.toVariant().toString(), conflict.remoteBy });
    }
    return Answer { { { u"rows"_s, rows }, { u"total"_s, rows.size() } },
        conflicts.empty()
            ? u"Nothing is in conflict.\n"_s
            : table({ u"id"_s, u"ticket"_s, u"field"_s, u"here"_s, u"there"_s, u"there by"_s },
                lines) };
}

Result<Answer> conflictResolve(Environment &env, const Arguments &args)
{
    const QString take = args.value(u"--take"_s);
    if (take != u"local" && take != u"remote")
        return usageError(u"Say which value holds: --take local or --take remote."_s);
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_CHECK(desk->resolveConflict(
        args.at(0), take == u"local" ? sync::Side::Local : sync::Side::Remote));
    return Answer { { { u"id"_s, args.at(0) }, { u"take"_s, take } },
        take == u"local" ? u"Ours holds; it is sent with the next sync.\n"_s
                         : u"Theirs holds.\n"_s };
}

Result<Answer> outboxRetry(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_CHECK(desk->retryOperation(args.at(0)));
    return Answer { { { u"id"_s, args.at(0) } }, u"Tried again with the next sync.\n"_s };
}

Result<Answer> outboxDrop(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_CHECK(desk->dropOperation(args.at(0)));
    return Answer { { { u"id"_s, args.at(0) } }, u"Given up, and taken back here.\n"_s };
}

} // namespace

QList<Command> syncCommands()
{
    return {
        { u"sync"_s, u"[NAME…] [--pull-only] [--push-only] [--accept-vanished] [--secrets-stdin]"_s,
            u"one round with the helpdesks"_s,
            { { u"[NAME…]"_s }, {}, {},
                { u"--pull-only"_s, u"--push-only"_s, u"--accept-vanished"_s,
                    u"--secrets-stdin"_s } },
            syncNow },
        { u"outbox"_s, {}, u"the same as outbox list"_s, {}, outboxList },
        { u"outbox list"_s, {}, u"changes that wait to be sent"_s, {}, outboxList },
        { u"outbox retry"_s, u"ID"_s, u"try a change again"_s, { { u"ID"_s }, {}, {}, {} },
            outboxRetry },
        { u"outbox drop"_s, u"ID"_s, u"give a change up, and take it back here"_s,
            { { u"ID"_s }, {}, {}, {} }, outboxDrop },
        { u"conflict"_s, {}, u"the same as conflict list"_s, {}, conflictList },
        { u"conflict list"_s, {}, u"fields that both sides changed"_s, {}, conflictList },
        { u"conflict resolve"_s, u"ID --take local|remote"_s, u"choose which value holds"_s,
            { { u"ID"_s }, { u"--take"_s }, {}, {} }, conflictResolve },
    };
}

} // namespace tierline::cli
