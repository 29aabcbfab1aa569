#pragma once

#include "core/calendar/agreementjson.h"
#include "core/calendar/ticketclocks.h"
#include "core/commands/commands.h"

#include <functional>

namespace tierline::commands {

// What is agreed with customers, between tiers and with suppliers, and the clocks of tickets under it.

/// Everything that is agreed now; null where nothing ever was. Each thread keeps the last one that it has
/// read, so that asking again costs one look-up.
Result<std::shared_ptr<const sla::AgreementBook>> loadAgreements(storage::Connection &connection);

/// Whether what the log says of later than `now` counts (it is only ahead of this machine's clock), or a
/// past instant is asked for.
enum class Knowledge : quint8 { All, OnlyUntilThen };

/// All clocks of a ticket at `now`, from its log; what passed and what runs, and what was breached of tickets that
/// were merged into it. With another book: as they would be under that.
Result<std::vector<sla::TicketClock>> loadClocks(storage::Connection &connection,
    const Ticket &ticket, Instant now, const sla::AgreementBook *under = nullptr,
    Knowledge knowledge = Knowledge::All);

/// A change of what is agreed. Calendars that are named get a new edition from `calendarsFrom` on, policies
/// one from now on where there are any; what is not named stays.
struct SaveAgreements {
    sla::Agreements agreements;
    bool hasPolicies = true; ///< false: the policies stay as they are
    std::optional<Instant> calendarsFrom; ///< none: now
    QString why; ///< never empty
};

/// A ticket whose next due time another agreement would move.
struct MovedDue {
    QString ticket; ///< its key
    QString clockBefore, clockAfter;
    std::optional<Instant> before, after;
    bool operator==(const MovedDue &) const = default;
};
struct MovedDues {
    std::vector<MovedDue> rows; ///< the first thousand, oldest ticket first
    qint64 moved = 0;
    qint64 tickets = 0; ///< looked at: those that can still be worked on
    bool operator==(const MovedDues &) const = default;
};
/// Told now and then with how many tickets are done; false stops.
using Progress = std::function<bool(qint64 done)>;

/// What saving would move, with nothing changed. Tickets that may not be seen are counted, never named.
/// Cost: the log of every ticket that can be worked on.
Result<MovedDues> preview(storage::Connection &connection, const SaveAgreements &change,
    const Visibility &visibility, Instant now, const Progress &progress = {});

/// Saves the editions in one transaction with their line in the workspace's log, then places the due times
/// anew, see placeDueTimes(). BadInput where the change is not sound, NotAllowed for who may not.
Result<MovedDues> run(
    Context &context, const SaveAgreements &change, const Progress &progress = {});

/// The same inside a transaction under way, without the due times: whoever calls places them afterwards.
Result<Done> saveAgreements(
    Context &context, storage::WriteScope &scope, const SaveAgreements &change);

/// What is shipped, in the name of `me`, for a workspace in which nothing was agreed yet; nothing otherwise.
Result<Done> installDefaults(storage::Store &store, RandomSource &random);

/// Due times in tickets' rows are an index of what the logs say. Makes it again, a hundred tickets in
/// each transaction; killed in the middle it goes on from there, see placeNextDueTimes().
Result<MovedDues> placeDueTimes(Context &context, const Progress &progress = {});

/// How far the due times follow what is agreed. Whoever saves agreements notes in the same transaction that none
/// does yet; which version they follow, and up to which ticket, stands in the setting "due_times".
struct DueProgress {
    bool isWhole = true; ///< nothing is left to be placed
    int percent = 100; ///< of the tickets, by their numbers
    bool operator==(const DueProgress &) const = default;
};
Result<DueProgress> dueProgress(storage::Connection &connection);
/// Places those of the next hundred tickets in one transaction, together with how far that came: whoever comes
/// after a kill, or at the same time, goes on there. Does nothing where all are placed.
Result<DueProgress> placeNextDueTimes(Context &context);
/// Due times follow the system's zone data, and an update of those reaches a program when it starts. Where a zone
/// that is used here has other rules than the last program saw, all due times wait to be placed anew, with a line
/// in the workspace's log that names the zones. Those names; none: nothing changed. Called once by each program
/// that places due times, so that two with different data are not at odds for ever.
Result<QStringList> takeUpZoneData(Context &context);
/// Saves the editions alone; the due times follow by placeNextDueTimes(). For a program that does other things
/// meanwhile. The errors of run().
Result<Done> saveEditions(Context &context, const SaveAgreements &change);

/// The zone of a customer (by address), an organization or a team (by name), for policies that read hours
/// there. An empty zone takes it away.
struct SetZone {
    enum class Owner : quint8 { Customer, Organization, Team };
    Owner owner = Owner::Organization;
    QString name;
    QString zone;
};
Result<Done> run(Context &context, const SetZone &change);

/// A due time by hand; it wins until it is released. `due` none: released.
struct SetDue {
    QString ticket;
    QString clock; ///< code of a clock that runs
    std::optional<Instant> due;
    QString reason;
};
/// The customer's last word needs no answer.
struct NeedsNoAnswer {
    QString ticket;
    QString reason;
};
/// Somebody of us stated a time to the customer.
struct Promise {
    QString ticket;
    Instant until;
    QString note;
};
/// Puts a ticket under a policy by its name, whatever matches, until it is given back; a policy of that name in a
/// later edition rules on, and where there is none any more what matches does.
struct GiveAgreement {
    QString ticket;
    QString policy; ///< empty: given back, of the party
    sla::Party party = sla::Party::Customer; ///< read where `policy` is empty
    QString reason;
};
Result<Outcome> run(Context &context, const GiveAgreement &command);
Result<Outcome> run(Context &context, const SetDue &command);
Result<Outcome> run(Context &context, const NeedsNoAnswer &command);
Result<Outcome> run(Context &context, const Promise &command);

} // namespace tierline::commands
