#include "core/commands/agreements.h"
#include "core/commands/clocks_p.h"
#include "core/commands/staffwork_p.h"
#include "core/commands/texts.h"

#include "core/base/json.h"
#include "core/calendar/duejson.h"
#include "core/storage/agreements.h"

#include <QJsonArray>

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

constexpr int ticketsAtOnce = 300; ///< that are read
constexpr int ticketsInSlice = 100; ///< that are written: others wait for one slice
const auto placingSetting = u"due_times"_s;
constexpr size_t mostRows = 1'000;

QStringList calendarsOf(const sla::AgreementBook *book)
{
    QStringList names;
    for (const auto &[name, editions] :
        book ? book->calendars() : std::map<QString, CalendarEditions>())
        names.append(name);
    return names;
}

/// The book as it would be.
Result<sla::AgreementBook> bookAfter(
    const sla::AgreementBook *before, const SaveAgreements &change, Instant now)
{
    sla::AgreementBook book = before ? *before : sla::AgreementBook();
    for (const auto &[name, calendar] : change.agreements.calendars) {
        const auto known = book.calendars().find(name);
        CalendarEditions editions
            = known == book.calendars().end() ? CalendarEditions(calendar) : known->second;
        if (known != book.calendars().end())
            editions.add(change.calendarsFrom.value_or(now), calendar);
        book.setCalendar(name, std::move(editions));
    }
    if (change.hasPolicies) {
        const int number = book.isEmpty() ? 1 : book.editions().back().number + 1;
        TIERLINE_CHECK(book.add({ number, now, change.agreements.policies }));
    }
    return book;
}

Result<Done> checkChange(storage::Connection &connection, const SaveAgreements &change)
{
    if (change.why.trimmed().isEmpty())
        return badInput(u"Say why the agreements change; it is kept with them."_s, u"why"_s);
    if (!change.hasPolicies && change.agreements.calendars.empty())
        return badInput(u"There is nothing to save: no calendar and no policy."_s);
    TIERLINE_TRY(book, loadAgreements(connection));
    if (!change.hasPolicies)
        return Done {};
    QStringList calendars = calendarsOf(book.get());
    for (const auto &[name, calendar] : change.agreements.calendars)
        calendars.append(name);
    return sla::check(change.agreements.policies, calendars);
}

/// Which version the due times follow, and up to which ticket.
struct Placing {
    QString revision;
    TicketId after;
    bool isWhole = true;
};

Result<Placing> loadPlacing(storage::Connection &connection)
{
    TIERLINE_TRY(revision, storage::agreementRevision(connection));
    TIERLINE_TRY(text, storage::loadSetting(connection, placingSetting));
    const QJsonObject json = QJsonDocument::fromJson(text.toUtf8()).object();
    if (json.isEmpty())
        return Placing { .revision = revision }; // from before this was noted
    if (json["revision"_L1].toString() != revision)
        return Placing { .revision = revision, .isWhole = false };
    const qint64 after = json["after"_L1].toInteger(-1);
    return Placing { revision, { std::max<qint64>(after, 0) }, after < 0 };
}

Result<Done> savePlacing(storage::WriteScope &scope, const Placing &placing)
{
    const QJsonObject json { { u"revision"_s, placing.revision },
        { u"after"_s, placing.isWhole ? qint64(-1) : placing.after.v } };
    return storage::saveSetting(scope, placingSetting, compactJson(json));
}

Result<DueProgress> progressOf(storage::Connection &connection, const Placing &placing)
{
    if (placing.isWhole)
        return DueProgress {};
    TIERLINE_TRY(range, storage::ticketRange(connection));
    const double all = double(range.second.v - range.first.v) + 1;
    const double done = double(placing.after.v - range.first.v) + 1;
    return DueProgress { false, placing.after ? std::clamp(int(done * 100 / all), 0, 99) : 0 };
}

Result<QStringList> writeEditions(
    Context &context, storage::WriteScope &scope, const SaveAgreements &change)
{
    QStringList saved;
    const auto write
        = [&](const QString &calendar, Instant from, const QString &document) -> Result<Done> {
        storage::AgreementEdition edition { .calendar = calendar,
            .from = from,
            .made = context.now,
            .actor = context.actor.id,
            .why = change.why.trimmed(),
            .document = document };
        TIERLINE_CHECK(storage::addAgreementEdition(scope, edition, context.random.uuid()));
        saved.append(calendar.isEmpty()
                ? u"policies, edition %1"_s.arg(edition.number)
                : u"calendar “%1”, edition %2"_s.arg(calendar).arg(edition.number));
        return Done {};
    };
    for (const auto &[name, calendar] : change.agreements.calendars) {
        TIERLINE_CHECK(write(
            name, change.calendarsFrom.value_or(context.now), compactJson(sla::toJson(calendar))));
    }
    if (change.hasPolicies) {
        const QByteArray text
            = QJsonDocument(sla::toJson(change.agreements.policies)).toJson(QJsonDocument::Compact);
        TIERLINE_CHECK(write({}, context.now, QString::fromUtf8(text)));
    }
    TIERLINE_CHECK(beginPlacing(scope));
    scope.touchEverything();
    return saved;
}

Result<Done> logChange(Context &context, storage::WriteScope &scope, const SaveAgreements &change)
{
    TIERLINE_TRY(saved, writeEditions(context, scope, change));
    Event event { .at = context.now,
        .order = context.now,
        .kind = EventKind::Changed,
        .actor = context.actor.id };
    event.note = change.why.trimmed();
    event.data = { { u"agreements"_s, QJsonArray::fromStringList(saved) } };
    event.operation = context.random.uuid();
    return storage::appendEvent(scope, event);
}

void note(MovedDues &dues, const Ticket &before, const Ticket &after, bool isVisible)
{
    ++dues.tickets;
    if (before.due == after.due && before.clock == after.clock)
        return;
    ++dues.moved;
    if (isVisible && dues.rows.size() < mostRows)
        dues.rows.push_back({ after.key, before.clock, after.clock, before.due, after.due });
}

/// Places the due times of some tickets; the number of the last of them, or 0 where none were left.
Result<TicketId> placeSome(
    Context &context, storage::WriteScope &scope, TicketId after, MovedDues &dues)
{
    storage::Connection &connection = scope.connection();
    TIERLINE_TRY(ids, storage::workableTickets(connection, after, ticketsInSlice));
    if (ids.empty())
        return TicketId {};
    TIERLINE_TRY(staff, loadStaff(connection));
    for (const TicketId id : ids) {
        TIERLINE_TRY(before, storage::loadTicket(connection, id));
        TicketState state = before;
        TIERLINE_CHECK(placeNextDue(connection, state, context.now, &staff));
        note(dues, before.ticket, state.ticket, context.visibility.sees(state.ticket.team));
        if (state == before)
            continue;
        scope.touch(id);
        TIERLINE_CHECK(storage::saveTicket(scope, before, state));
    }
    return ids.back();
}

/// The next slice, in one transaction with how far it came.
Result<DueProgress> placeSlice(Context &context, MovedDues &all)
{
    DueProgress progress;
    MovedDues dues;
    TIERLINE_CHECK(context.store.write(
        storage::Durability::Background, [&](storage::WriteScope &scope) -> Result<Done> {
            dues = {};
            TIERLINE_TRY(placing, loadPlacing(scope.connection()));
            if (!placing.isWhole) {
                TIERLINE_TRY(last, placeSome(context, scope, placing.after, dues));
                placing.isWhole = !last;
                placing.after = last;
                TIERLINE_CHECK(savePlacing(scope, placing));
            }
            TIERLINE_TRY(now, progressOf(scope.connection(), placing));
            progress = now;
            return Done {};
        }));
    all.tickets += dues.tickets;
    all.moved += dues.moved;
    for (MovedDue &row : dues.rows) {
        if (all.rows.size() < mostRows)
            all.rows.push_back(std::move(row));
    }
    return progress;
}

Result<MovedDues> placeRest(Context &context, const Progress &told)
{
    MovedDues dues;
    while (true) {
        TIERLINE_TRY(progress, placeSlice(context, dues));
        if (progress.isWhole)
            return dues;
        if (told && !told(dues.tickets))
            return cancelled();
    }
}

Result<Done> mayChangeAgreements(const Context &context)
{
    return checkLead(context, u"change what is agreed"_s);
}

/// Due times are set by those who work where the ticket is.
Result<Done> checkWorks(const Work &work)
{
    TIERLINE_CHECK(work.checkWorkable());
    const Agent &actor = work.actor();
    const bool isLead = actor.role == Role::Lead || actor.role == Role::Admin;
    if (isLead || (actor.role != Role::ReadOnly && actor.worksAt(work.ticket().tier)))
        return Done {};
    return notAllowed(
        u"Ticket %1 is at %2, where you do not work: ask somebody there, or a lead."_s.arg(
            work.ticket().key, work.ticket().tier));
}

/// The policies of the edition that rules at the command's instant.
const sla::Policies &ruling(const sla::AgreementBook &book, const Work &work)
{
    const sla::AgreementBook::Edition *edition = &book.editions().front();
    for (const sla::AgreementBook::Edition &one : book.editions()) {
        if (one.from <= work.now())
            edition = &one;
    }
    return edition->policies;
}

} // namespace

Result<Done> beginPlacing(storage::WriteScope &scope)
{
    TIERLINE_TRY(revision, storage::agreementRevision(scope.connection()));
    TIERLINE_TRY(range, storage::ticketRange(scope.connection()));
    return savePlacing(scope, { .revision = revision, .isWhole = !range.second });
}

Result<MovedDues> preview(storage::Connection &connection, const SaveAgreements &change,
    const Visibility &visibility, Instant now, const Progress &progress)
{
    TIERLINE_CHECK(checkChange(connection, change));
    TIERLINE_TRY(held, loadAgreements(connection));
    TIERLINE_TRY(book, bookAfter(held.get(), change, now));
    MovedDues dues;
    for (TicketId last;;) {
        TIERLINE_TRY(ids, storage::workableTickets(connection, last, ticketsAtOnce));
        if (ids.empty())
            return dues;
        last = ids.back();
        for (const TicketId id : ids) {
            TIERLINE_TRY(state, storage::loadTicket(connection, id));
            const Ticket before = state.ticket;
            TIERLINE_TRY(clocks, loadClocks(connection, before, now, &book));
            escalation::setNextDue(state, clocks);
            note(dues, before, state.ticket, visibility.sees(before.team));
        }
        if (progress && !progress(dues.tickets))
            return cancelled();
    }
}

Result<MovedDues> placeDueTimes(Context &context, const Progress &progress)
{
    TIERLINE_CHECK(context.store.write(storage::Durability::Background, beginPlacing));
    return placeRest(context, progress);
}

Result<DueProgress> dueProgress(storage::Connection &connection)
{
    TIERLINE_TRY(placing, loadPlacing(connection));
    return progressOf(connection, placing);
}

Result<DueProgress> placeNextDueTimes(Context &context)
{
    MovedDues dues;
    return placeSlice(context, dues);
}

Result<Done> saveAgreements(
    Context &context, storage::WriteScope &scope, const SaveAgreements &change)
{
    TIERLINE_CHECK(mayChangeAgreements(context));
    TIERLINE_CHECK(checkChange(scope.connection(), change));
    return logChange(context, scope, change);
}

Result<Done> saveEditions(Context &context, const SaveAgreements &change)
{
    return context.store.write(context.durability,
        [&](storage::WriteScope &scope) { return saveAgreements(context, scope, change); });
}

Result<MovedDues> run(Context &context, const SaveAgreements &change, const Progress &progress)
{
    TIERLINE_CHECK(saveEditions(context, change));
    return placeRest(context, progress);
}

Result<Done> installDefaults(storage::Store &store, RandomSource &random)
{
    TIERLINE_TRY(me, storage::loadMe(store.connection()));
    Context context { store, random, Agent { .id = me }, Visibility::all(), store.clock().now() };
    const SaveAgreements shipped { .agreements = sla::defaultAgreements(),
        .why = u"What a new workspace begins with."_s };
    return store.write(context.durability, [&](storage::WriteScope &scope) -> Result<Done> {
        TIERLINE_TRY(there, storage::agreementRevision(scope.connection()));
        if (!there.isEmpty())
            return Done {};
        // Where a workspace begins nothing has changed: no line in its log.
        TIERLINE_CHECK(writeEditions(context, scope, shipped));
        return Done {};
    });
}

Result<Done> run(Context &context, const SetZone &change)
{
    TIERLINE_CHECK(mayChangeAgreements(context));
    if (!change.zone.isEmpty())
        TIERLINE_CHECK(Zone::named(change.zone));
    return context.store.write(context.durability, [&](storage::WriteScope &scope) -> Result<Done> {
        storage::ZoneOwner owner = storage::ZoneOwner::Team;
        QString id = change.name;
        if (change.owner == SetZone::Owner::Team) {
            TIERLINE_TRY(staff, loadStaff(scope.connection()));
            if (!staff.team(change.name))
                return notFound(u"There is no team “%1”."_s.arg(change.name.left(80)));
        } else {
            const bool isCustomer = change.owner == SetZone::Owner::Customer;
            owner = isCustomer ? storage::ZoneOwner::Customer : storage::ZoneOwner::Organization;
            TIERLINE_TRY(number,
                isCustomer ? storage::findRequester(scope.connection(), change.name)
                           : storage::findOrganization(scope.connection(), change.name));
            if (number == 0)
                return notFound(u"There is no %1 “%2”."_s.arg(
                    isCustomer ? u"customer with the address"_s : u"organization"_s,
                    change.name.left(80)));
            id = QString::number(number);
        }
        scope.touchEverything();
        return storage::saveZone(scope, owner, id, change.zone, context.random.uuid());
    });
}

Result<Done> giveAgreement(Work &work, const GiveAgreement &command)
{
    TIERLINE_CHECK(checkWorks(work));
    TIERLINE_TRY(reason,
        required(command.reason, MaxLine, u"reason"_s,
            u"Say why the ticket comes under another agreement; it is kept."_s));
    TIERLINE_TRY(book, loadAgreements(work.connection()));
    sla::Party party = command.party;
    QString name;
    if (!command.policy.isEmpty()) {
        const sla::Policies none;
        const sla::Policies &policies = book && !book->isEmpty() ? ruling(*book, work) : none;
        const auto found = std::ranges::find_if(policies, [&](const sla::Policy &policy) {
            return policy.name.compare(command.policy, Qt::CaseInsensitive) == 0;
        });
        if (found == policies.end())
            return notFound(u"No policy “%1” is agreed now; `sla list` shows them."_s.arg(
                command.policy.left(80)));
        party = found->party;
        name = found->name;
    }
    TIERLINE_TRY(events, storage::loadEvents(work.connection(), work.ticket().id));
    const sla::TicketPast past = escalation::clockPast(events, {});
    const QString before = past.fields.empty()
        ? QString()
        : past.fields.back().fields.given[static_cast<size_t>(party)];
    if (before == name)
        return Done {}; // it is so already
    Event event = work.event(EventKind::Changed, reason);
    event.data[eventdata::agreement]
        = QJsonObject { { eventdata::party, sla::code(party) }, { eventdata::policy, name } };
    return work.add(std::move(event));
}

Result<Outcome> run(Context &context, const GiveAgreement &command)
{
    return onTicket(context, command.ticket, u"agreement"_s, [&](Work &work) -> Result<Done> {
        work.staysHere();
        return giveAgreement(work, command);
    });
}

Result<Outcome> run(Context &context, const SetDue &command)
{
    return onTicket(context, command.ticket, u"due"_s, [&](Work &work) -> Result<Done> {
        TIERLINE_CHECK(checkWorks(work));
        TIERLINE_TRY(reason,
            required(command.reason, MaxLine, u"reason"_s,
                u"Say why the due time is set or released by hand; it is kept."_s));
        const auto kind = sla::clockFromCode(command.clock);
        TIERLINE_TRY(clocks, loadClocks(work.connection(), work.ticket(), context.now));
        const auto running = std::ranges::find_if(clocks,
            [&](const sla::TicketClock &clock) { return kind == clock.kind && clock.isOpen(); });
        if (running == clocks.end())
            return conflictError(u"Ticket %1 has no clock “%2” that runs."_s.arg(
                work.ticket().key, command.clock.left(40)));
        const auto &manual = running->cycle.manual;
        const bool isSet = !manual.empty() && !manual.back().released;
        if (!command.due && !isSet)
            return conflictError(u"The due time of %1 was not set by hand, so there is nothing to "
                                 "release."_s.arg(command.clock));
        QJsonObject set { { eventdata::clock, command.clock }, { eventdata::reason, reason } };
        if (command.due)
            set[eventdata::due] = command.due->ms;
        Event event = work.event(EventKind::Changed, reason);
        event.data[eventdata::handDue] = set;
        work.staysHere();
        return work.add(std::move(event));
    });
}

Result<Outcome> run(Context &context, const NeedsNoAnswer &command)
{
    return onTicket(context, command.ticket, u"no-answer"_s, [&](Work &work) -> Result<Done> {
        TIERLINE_CHECK(checkWorks(work));
        TIERLINE_TRY(reason,
            required(command.reason, MaxLine, u"reason"_s,
                u"Say why the customer's last word needs no answer; it is kept."_s));
        Event event = work.event(EventKind::Changed, reason);
        event.data[eventdata::noAnswer] = reason;
        work.staysHere();
        return work.add(std::move(event));
    });
}

Result<Outcome> run(Context &context, const Promise &command)
{
    return onTicket(context, command.ticket, u"promise"_s, [&](Work &work) -> Result<Done> {
        TIERLINE_CHECK(checkWorks(work));
        TIERLINE_TRY(note, cleaned(command.note, MaxNote, u"note"_s));
        if (command.until <= context.now)
            return badInput(
                u"A promise names a time to come; %1 is past."_s.arg(command.until.iso()),
                u"until"_s);
        Event event = work.event(EventKind::Changed, note);
        event.data[eventdata::promised] = command.until.ms;
        work.staysHere();
        return work.add(std::move(event));
    });
}

} // namespace tierline::commands
