#include "app/cli/agreementcommands.h"

#include "core/base/json.h"
#include "core/calendar/duejson.h"
#include "core/calendar/holidays.h"
#include "core/desk/agreementdesk.h"
#include "core/desk/clockjson.h"
#include "core/storage/tickets.h"

#include <QSaveFile>

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

Result<std::optional<Instant>> instantOption(const Arguments &args, const QString &name)
{
    if (!args.has(name))
        return std::optional<Instant>();
    auto at = Instant::parse(args.value(name));
    if (!at)
        return usageError(u"%1: %2"_s.arg(name, at.error().detail));
    return std::optional(*at);
}

Result<std::shared_ptr<const sla::AgreementBook>> bookOf(Environment &env)
{
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(book, commands::loadAgreements(store->connection()));
    return book ? book : std::make_shared<const sla::AgreementBook>();
}

/// What rules now, as `sla import` would read it.
sla::Agreements rulingNow(const sla::AgreementBook &book, Instant now)
{
    sla::Agreements agreements;
    for (const auto &[name, editions] : book.calendars()) {
        const Calendar *ruling = &editions.all().front().calendar;
        for (const CalendarEditions::Edition &edition : editions.all()) {
            if (edition.from <= now)
                ruling = &edition.calendar;
        }
        agreements.calendars.insert_or_assign(name, *ruling);
    }
    if (!book.isEmpty())
        agreements.policies = book.editions().back().policies;
    return agreements;
}

QString matchText(const sla::Policy &policy)
{
    if (policy.when.isBlank())
        return policy.isDefault ? u"every ticket"_s : u"none"_s;
    QStringList parts;
    const QJsonObject when
        = sla::toJson(sla::Policies { policy }).first().toObject()[u"when"_s].toObject();
    for (auto part = when.begin(); part != when.end(); ++part) {
        QStringList values;
        for (const QJsonValue &value : part.value().toArray())
            values.append(value.toString());
        parts.append(u"%1 %2"_s.arg(part.key(), values.join(u" or "_s)));
    }
    return parts.join(u", "_s);
}

Result<Answer> listAgreements(Environment &env, const Arguments &)
{
    TIERLINE_TRY(book, bookOf(env));
    const sla::Agreements now = rulingNow(*book, env.clock().now());
    QJsonObject document = sla::toJson(now);
    document[u"edition"_s]
        = book->isEmpty() ? QJsonValue() : QJsonValue(book->editions().back().number);
    QList<QStringList> lines;
    for (const sla::Policy &policy : now.policies) {
        for (const sla::PolicyTarget &target : policy.targets)
            lines.append({ policy.name, sla::code(policy.party), matchText(policy),
                sla::code(target.clock), sla::targetText(target.length), policy.calendar });
    }
    QString text = lines.isEmpty()
        ? u"Nothing is agreed; `sla import FILE` brings policies and calendars.\n"_s
        : table({ u"policy"_s, u"for"_s, u"when"_s, u"clock"_s, u"target"_s, u"calendar"_s }, lines,
            36);
    return Answer { document, text };
}

QJsonObject movedJson(const commands::MovedDues &dues)
{
    QJsonArray rows;
    const auto orNull = [](const std::optional<Instant> &at) {
        return at ? QJsonValue(at->iso()) : QJsonValue();
    };
    const auto clockOrNull
        = [](const QString &clock) { return clock.isEmpty() ? QJsonValue() : QJsonValue(clock); };
    for (const commands::MovedDue &due : dues.rows)
        rows.append(QJsonObject { { u"id"_s, due.ticket },
            { u"clock_before"_s, clockOrNull(due.clockBefore) },
            { u"clock_after"_s, clockOrNull(due.clockAfter) },
            { u"due_before"_s, orNull(due.before) }, { u"due_after"_s, orNull(due.after) } });
    return { { u"moved"_s, dues.moved }, { u"tickets"_s, dues.tickets }, { u"rows"_s, rows } };
}

Answer movedAnswer(const commands::MovedDues &dues, QJsonObject document, const QString &sentence)
{
    const QJsonObject moved = movedJson(dues);
    for (auto key = moved.begin(); key != moved.end(); ++key)
        document[key.key()] = key.value();
    QList<QStringList> lines;
    const auto dueOrNone
        = [](const std::optional<Instant> &at) { return at ? at->iso() : u"none"_s; };
    for (const commands::MovedDue &due : dues.rows) {
        lines.append({ due.ticket, due.clockBefore, dueOrNone(due.before), due.clockAfter,
            dueOrNone(due.after) });
    }
    QString text = sentence
        + u"\n%1 of %2 open tickets get another due time.\n"_s.arg(dues.moved).arg(dues.tickets);
    if (!lines.isEmpty())
        text += table({ u"id"_s, u"clock"_s, u"due"_s, u"now"_s, u"now due"_s }, lines);
    return { document, text };
}

commands::Progress progressOf(Environment &env)
{
    return [&env](qint64 done) {
        env.progress(u"due times, ticket %1"_s.arg(done));
        return !Environment::isInterrupted();
    };
}

/// Shows what a change moves, and makes it where `--preview` does not say otherwise.
Result<Answer> saveOrShow(
    Environment &env, const Arguments &args, commands::SaveAgreements change, QJsonObject document)
{
    TIERLINE_TRY(desk, openDesk<desk::AgreementDesk>(env));
    TIERLINE_TRY(from, instantOption(args, u"--from"_s));
    change.calendarsFrom = from;
    change.why = args.value(u"--why"_s);
    const bool isPreview = args.has(u"--preview"_s);
    document[u"saved"_s] = !isPreview;
    if (isPreview) {
        if (change.why.isEmpty())
            change.why = u"preview"_s;
        TIERLINE_TRY(dues, desk.preview(change, progressOf(env)));
        return movedAnswer(dues, document, u"Nothing is saved yet."_s);
    }
    if (change.why.trimmed().isEmpty())
        return usageError(u"Say why with --why; it is kept. --preview shows what would move."_s);
    TIERLINE_TRY(dues, desk.save(change, progressOf(env)));
    return movedAnswer(dues, document, u"Saved."_s);
}

Result<Answer> import(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(bytes, readFile(args.at(0)));
    TIERLINE_TRY(json, readJsonObject(bytes));
    TIERLINE_TRY(book, bookOf(env));
    QStringList known;
    for (const auto &[name, editions] : book->calendars())
        known.append(name);
    TIERLINE_TRY(agreements, sla::agreementsFromJson(json, known));
    const QJsonObject document { { u"policies"_s, static_cast<qint64>(agreements.policies.size()) },
        { u"calendars"_s, static_cast<qint64>(agreements.calendars.size()) } };
    return saveOrShow(env, args,
        { .agreements = agreements, .hasPolicies = json.contains(u"policies"_s) }, document);
}

Result<Answer> exportTo(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(book, bookOf(env));
    QSaveFile file(args.at(0));
    const QByteArray text
        = QJsonDocument(sla::toJson(rulingNow(*book, env.clock().now()))).toJson();
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit())
        return storageError(u"%1 cannot be written: %2."_s.arg(args.at(0), file.errorString()));
    return Answer { { { u"file"_s, args.at(0) } },
        u"Agreements written to %1.\n"_s.arg(args.at(0)) };
}

/// `--tick` and `--untick` name days; what they do not name stays as the file suggests.
Result<Done> tick(const Arguments &args, std::vector<Holiday> &days)
{
    for (const QString &option : { u"--tick"_s, u"--untick"_s }) {
        for (const QString &text : args.values(option)) {
            const QDate date = QDate::fromString(text, Qt::ISODate);
            bool isThere = false;
            for (Holiday &day : days) {
                if (day.date != date)
                    continue;
                isThere = true;
                day.isTicked = option == u"--tick";
            }
            if (!isThere)
                return usageError(
                    u"%1 %2: the file has no such day; without --save it lists them."_s.arg(
                        option, text));
        }
    }
    return Done {};
}

Answer holidayList(const HolidayFile &file)
{
    QJsonArray rows;
    QList<QStringList> lines;
    for (const Holiday &day : file.days) {
        QStringList closed;
        for (const WallSpan &span : day.closed)
            closed.append(sla::wallTimeText(span.from) + u'-' + sla::wallTimeText(span.to));
        const QString date = day.date.toString(Qt::ISODate);
        rows.append(QJsonObject { { u"date"_s, date }, { u"yearly"_s, day.isYearly },
            { u"name"_s, day.name }, { u"closed"_s, QJsonArray::fromStringList(closed) },
            { u"ticked"_s, day.isTicked } });
        lines.append({ day.isTicked ? u"[x]"_s : u"[ ]"_s, date,
            day.isYearly ? u"every year"_s : QString(), closed.join(u' '), day.name });
    }
    QString text = lines.isEmpty() ? u"No day in the file falls into these years.\n"_s
                                   : table({ {}, u"day"_s, {}, u"closed"_s, u"name"_s }, lines);
    for (const QString &sentence : file.leftOut)
        text += sentence + u'\n';
    return { { { u"rows"_s, rows }, { u"total"_s, rows.size() },
                 { u"left_out"_s, QJsonArray::fromStringList(file.leftOut) } },
        text };
}

Result<Answer> holidays(Environment &env, const Arguments &args)
{
    const QString name = args.value(u"--calendar"_s);
    TIERLINE_TRY(book, bookOf(env));
    const sla::Agreements now = rulingNow(*book, env.clock().now());
    const auto calendar = now.calendars.find(name);
    if (calendar == now.calendars.end())
        return notFound(u"There is no calendar “%1”; `sla list` shows them."_s.arg(name));
    TIERLINE_TRY(bytes, readFile(args.at(0)));
    const QDate today = QDateTime::fromMSecsSinceEpoch(env.clock().now().ms, Qt::UTC).date();
    bool isYears = true;
    const int years = args.value(u"--years"_s, u"3"_s).toInt(&isYears);
    if (!isYears || years < 1 || years > 20)
        return usageError(u"--years takes a whole number from 1 to 20."_s);
    TIERLINE_TRY(file,
        readHolidays(bytes, calendar->second.zone(), QDate(today.year(), 1, 1),
            QDate(today.year() + years - 1, 12, 31)));
    TIERLINE_CHECK(tick(args, file.days));
    const Answer shown = holidayList(file);
    if (!args.has(u"--save"_s) && !args.has(u"--preview"_s))
        return shown;
    TIERLINE_TRY(closed, withHolidays(calendar->second.definition(), file.days));
    TIERLINE_TRY(made, Calendar::make(closed));
    sla::Agreements change;
    change.calendars.insert_or_assign(name, made);
    return saveOrShow(env, args, { .agreements = change, .hasPolicies = false },
        { { u"calendar"_s, name }, { u"days"_s, shown.document[u"rows"_s] } });
}

Result<Answer> zone(Environment &env, const Arguments &args)
{
    using Owner = commands::SetZone::Owner;
    static const QMap<QString, Owner> owners { { u"customer"_s, Owner::Customer },
        { u"organization"_s, Owner::Organization }, { u"team"_s, Owner::Team } };
    if (!owners.contains(args.at(0)))
        return usageError(
            u"“%1” has no zone; one of: customer, organization, team."_s.arg(args.at(0)));
    TIERLINE_TRY(desk, openDesk<desk::AgreementDesk>(env));
    const QString name = args.at(2) == u"-" ? QString() : args.at(2);
    TIERLINE_CHECK(desk.run(commands::SetZone { owners[args.at(0)], args.at(1), name }));
    TIERLINE_TRY(dues, desk.placeDueTimes(progressOf(env)));
    return movedAnswer(dues, { { u"zone"_s, name } }, u"Saved."_s);
}

QString ledgerText(const sla::TicketClock &clock, Instant now)
{
    const QJsonObject json = desk::ledgerJson(clock, now);
    QString text = u"%1, %2"_s.arg(sla::code(clock.kind), sla::code(clock.reading.state));
    if (!clock.of.isEmpty())
        text += u", of %1, which was merged into this ticket"_s.arg(clock.of);
    if (!clock.policy.isEmpty())
        text += u", by “%1” (edition %2) on “%3”, read in %4"_s.arg(clock.policy)
                    .arg(clock.edition)
                    .arg(clock.calendar, clock.zone);
    if (clock.reading.due)
        text += u", due "_s + clock.reading.due->iso();
    if (clock.reading.breachedAt)
        text += u", breached "_s + clock.reading.breachedAt->iso();
    if (clock.stopsWhenSent)
        text += u", stops when what waits in the outbox is sent"_s;
    if (!sla::text(clock.reading.cause).isEmpty())
        text += u" (%1)"_s.arg(sla::text(clock.reading.cause));
    text += u'\n';
    QList<QStringList> lines;
    for (const QJsonValue &line : json[u"ledger"_s].toArray())
        lines.append(
            { line[u"kind"_s].toString(), line[u"from"_s].toString(), line[u"to"_s].toString(),
                durationText(Millis(line[u"seconds"_s].toInteger() * 1000)) });
    if (!lines.isEmpty())
        text += table({ u"time"_s, u"from"_s, u"to"_s, u"for"_s }, lines);
    return text;
}

Result<Answer> explain(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(at, instantOption(args, u"--at"_s));
    const Instant now = at.value_or(env.clock().now());
    const QString wanted = args.value(u"--clock"_s);
    if (!wanted.isEmpty() && !sla::clockFromCode(wanted))
        return usageError(u"“%1” is no clock; first_response and next_response are."_s.arg(wanted));
    TIERLINE_TRY(id, storage::findTicket(store->connection(), args.at(0), desk->visibility()));
    TIERLINE_TRY(state, storage::loadTicket(store->connection(), id));
    TIERLINE_TRY(clocks,
        commands::loadClocks(store->connection(), state.ticket, now, nullptr,
            at ? commands::Knowledge::OnlyUntilThen : commands::Knowledge::All));
    QJsonArray rows;
    QString text;
    for (const sla::TicketClock &clock : desk::inOrder(clocks)) {
        if (!wanted.isEmpty() && sla::code(clock.kind) != wanted)
            continue;
        rows.append(desk::ledgerJson(clock, now));
        text += ledgerText(clock, now) + u'\n';
    }
    if (rows.isEmpty())
        text = u"No SLA: nothing is agreed of ticket %1 that has begun.\n"_s.arg(state.ticket.key);
    return Answer { { { u"ticket"_s, state.ticket.key }, { u"at"_s, now.iso() },
                        { u"clocks"_s, rows } },
        printable(text) };
}

template<typename Command>
Result<Answer> runOn(Environment &env, const Command &command, const QString &sentence)
{
    TIERLINE_TRY(desk, openDesk<desk::AgreementDesk>(env));
    TIERLINE_TRY(outcome, desk.run(command));
    return outcomeAnswer(outcome, sentence);
}

Result<Answer> setDue(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(due, instantOption(args, u"--due"_s));
    if (!due)
        return usageError(u"Say when with --due; `sla release` gives it back to the policy."_s);
    return runOn(env, commands::SetDue { args.at(0), args.at(1), due, args.value(u"--why"_s) },
        u"due time set by hand"_s);
}

Result<Answer> release(Environment &env, const Arguments &args)
{
    return runOn(env, commands::SetDue { args.at(0), args.at(1), {}, args.value(u"--why"_s) },
        u"due time released"_s);
}

Result<Answer> give(Environment &env, const Arguments &args)
{
    commands::GiveAgreement given { args.at(0), args.at(1), {}, args.value(u"--why"_s) };
    if (given.policy != u"-")
        return runOn(env, given, u"comes under “%1”"_s.arg(given.policy));
    const QString party = args.value(u"--party"_s, sla::code(sla::Party::Customer));
    if (!sla::partyFromCode(party))
        return usageError(
            u"--party takes one of: customer, internal, supplier; not “%1”."_s.arg(party));
    given.policy.clear();
    given.party = *sla::partyFromCode(party);
    return runOn(env, given, u"comes under what matches"_s);
}

Result<Answer> noAnswer(Environment &env, const Arguments &args)
{
    return runOn(
        env, commands::NeedsNoAnswer { args.at(0), args.value(u"--why"_s) }, u"needs no answer"_s);
}

Result<Answer> promise(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(until, instantOption(args, u"--until"_s));
    if (!until)
        return usageError(u"Say until when with --until."_s);
    return runOn(
        env, commands::Promise { args.at(0), *until, args.value(u"--note"_s) }, u"promise noted"_s);
}

Result<Answer> recompute(Environment &env, const Arguments &)
{
    TIERLINE_TRY(desk, openDesk<desk::AgreementDesk>(env));
    TIERLINE_TRY(dues, desk.placeDueTimes(progressOf(env)));
    return movedAnswer(dues, {}, u"Due times made again from the tickets' logs."_s);
}

} // namespace

QList<Command> agreementCommands()
{
    const QStringList saving { u"--why"_s, u"--from"_s };
    return {
        { u"sla list"_s, {}, u"policies and calendars that rule now"_s, {}, listAgreements },
        { u"sla import"_s, u"FILE --why S [--from T] [--preview]"_s,
            u"policies and calendars from a file; shows the tickets whose due time moves"_s,
            { { u"FILE"_s }, saving, {}, { u"--preview"_s } }, import },
        { u"sla export"_s, u"FILE"_s, u"what rules now, as `sla import` reads it"_s,
            { { u"FILE"_s }, {}, {}, {} }, exportTo },
        { u"sla holidays"_s,
            u"FILE --calendar NAME [--years N] [--tick D]… [--untick D]… [--preview | --save --why S]"_s,
            u"days of an ICS file, each with its tick, and into a calendar"_s,
            { { u"FILE"_s }, QStringList { u"--calendar"_s, u"--years"_s } + saving,
                { u"--tick"_s, u"--untick"_s }, { u"--preview"_s, u"--save"_s } },
            holidays },
        { u"sla zone"_s, u"customer|organization|team NAME ZONE"_s,
            u"whose wall hours may be read on; - takes the zone away"_s,
            { { u"WHOSE"_s, u"NAME"_s, u"ZONE"_s }, {}, {}, {} }, zone },
        { u"sla explain"_s, u"ID [--clock C] [--at T]"_s,
            u"why a ticket is due then: the ledger of each clock"_s,
            { { u"ID"_s }, { u"--clock"_s, u"--at"_s }, {}, {} }, explain },
        { u"sla set"_s, u"ID CLOCK --due T --why S"_s, u"a due time by hand"_s,
            { { u"ID"_s, u"CLOCK"_s }, { u"--due"_s, u"--why"_s }, {}, {} }, setDue },
        { u"sla release"_s, u"ID CLOCK --why S"_s, u"back to what the policy says"_s,
            { { u"ID"_s, u"CLOCK"_s }, { u"--why"_s }, {}, {} }, release },
        { u"sla give"_s, u"ID POLICY|- --why S [--party P]"_s,
            u"puts one ticket under a policy, whatever matches; - gives it back"_s,
            { { u"ID"_s, u"POLICY"_s }, { u"--why"_s, u"--party"_s }, {}, {} }, give },
        { u"sla no-answer"_s, u"ID --why S"_s, u"the customer's last word needs none"_s,
            { { u"ID"_s }, { u"--why"_s }, {}, {} }, noAnswer },
        { u"sla promise"_s, u"ID --until T [--note S]"_s, u"the customer was told a time"_s,
            { { u"ID"_s }, { u"--until"_s, u"--note"_s }, {}, {} }, promise },
        { u"sla recompute"_s, {}, u"due times again from the tickets' logs"_s, {}, recompute },
    };
}

} // namespace tierline::cli
