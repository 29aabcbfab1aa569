#pragma once

#include "core/base/instant.h"
#include "core/base/result.h"
#include "core/domain/codes.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

// What every remote helpdesk offers, in values that know nothing of its wire. The sync engine
// (core/sync) is written against this file alone; a new remote is a new folder beside this one.

namespace tierline::connectors {

/// Names of the fields that both sides own. Values are JSON: text, an array for tags, and for the two
/// codes the words of core/domain/codes.h. Custom fields are "field.NAME".
namespace field {
using namespace Qt::StringLiterals;
inline constexpr auto subject = "subject"_L1;
inline constexpr auto status = "status"_L1; ///< code(Status)
inline constexpr auto priority = "priority"_L1; ///< code(Priority)
inline constexpr auto place = "place"_L1; ///< queue, group or team of the remote, by its name there
inline constexpr auto owner = "owner"_L1; ///< RemoteUser::id, or ""
inline constexpr auto tags = "tags"_L1; ///< sorted array of text
inline constexpr auto custom = "field."_L1; ///< prefix
} // namespace field

struct RemoteUser {
    QString id; ///< as the remote names it in owner and author; text, whatever its type there
    QString name;
    QString email;
    bool isAgent = false; ///< works here, as opposed to a customer
    bool operator==(const RemoteUser &) const = default;
};

struct RemoteFile {
    QString id; ///< asked for by Connector::download()
    QString name; ///< as it came
    QString contentType;
    qint64 size = 0; ///< bytes, as the remote says
    /// Small files that the connector had in hand anyway, handoff packages above all; else absent.
    std::optional<QByteArray> bytes;
    bool operator==(const RemoteFile &) const = default;
};

/// One entry of a remote ticket's history. Exactly one of `message` and `fields` says something; what
/// is neither (mail records, watchers) is left out by the connector.
struct RemoteEntry {
    QString id; ///< unique within the account, for ever the same
    Instant at; ///< by the remote's clock
    RemoteUser author;
    struct Text {
        MessageKind kind = MessageKind::PublicReply; ///< never taken from the text itself
        QString text; ///< plain, always there; made by core/text where only HTML came
        QString html; ///< as it came
        std::vector<RemoteFile> files;
        bool isShortened = false; ///< the rest is in the remote only
        bool operator==(const Text &) const = default;
    };
    std::optional<Text> message;
    QJsonObject fields; ///< values after the entry, by the names above
    QString operation; ///< our own id where the remote keeps it in a field of its own; else empty
    bool operator==(const RemoteEntry &) const = default;
};

enum class Presence : quint8 {
    There,
    Deleted,
    Merged, ///< into `mergedInto`
    Hidden, ///< the account's user may not see it (any more)
    Gone, ///< the remote does not know it
};

/// A remote ticket as it stands, with what of its history is asked for.
struct RemoteTicket {
    QString id;
    Presence presence = Presence::There;
    QString mergedInto;
    QString version; ///< concurrency token for push(), or empty
    Instant created;
    Instant updated;
    RemoteUser requester;
    QString organization;
    QString channel;
    QString link; ///< the page for people, within the account's own origin; may be empty
    QJsonObject fields; ///< as it stands now
    QJsonObject fieldsAtCreation; ///< as it was made, as far as known: what history starts from
    std::vector<RemoteEntry> entries; ///< in the remote's own order
    bool operator==(const RemoteTicket &) const = default;
};

/// What one page of a pull gives. Everything in it is stored with `cursor` in one transaction.
struct PullPage {
    std::vector<RemoteTicket> tickets;
    QString cursor; ///< where the next call goes on; opaque to everybody but the connector
    bool isLast = false; ///< nothing more at this moment
    /// A stretch of ids that was compared: whoever we hold inside and is not in `listed` has vanished
    /// or is out of sight. Bounds are whole: every listed id lies between them.
    struct Census {
        qint64 from = 0, to = 0;
        std::vector<qint64> listed; ///< sorted
    };
    std::optional<Census> census;
    QStringList setAside; ///< sentences about what could not be read; the page goes on without it
};

/// What a probe tells of an account: shown by the live test, stored with the account.
struct Probe {
    RemoteUser me;
    QString product; ///< "Request Tracker 5.0.3"
    QStringList places; ///< queues or groups one may see, by name
    std::vector<RemoteUser> agents; ///< as far as the remote tells
    QStringList warnings; ///< what will not work, in sentences
    std::optional<Millis> clockOffset; ///< remote minus local
};

/// One request of an operation. Notes, replies and moves are never joined; neighbouring field changes
/// of one ticket are, and `operations` then has all their ids.
struct PushStep {
    enum class Kind : quint8 { Reply, Note, Fields };
    Kind kind = Kind::Note;
    QString ticket; ///< remote id
    QStringList operations; ///< ours; the first one is the marker
    Instant queued; ///< when it was done here, by the remote's clock as far as it is known
    QString text; ///< Reply and Note: whole, the note's marker included
    QString html; ///< may be empty
    std::vector<RemoteFile> files; ///< with bytes
    QJsonObject fields; ///< Fields: what to set
    QString version; ///< Fields: RemoteTicket::version that the merge was made against
    RemoteUser as; ///< the account's own user
    /// An earlier attempt at it had an unknown outcome: a ticket that went out of sight meanwhile was
    /// then moved by that attempt, where the step moves it.
    bool mayBeDone = false;
    /// For find(): entries that were there before it was sent, or that belong to other operations.
    QStringList taken;
};

/// What became of a step. A refusal, or an answer that cannot be told from one, is never an error.
struct PushOutcome {
    enum class State : quint8 {
        Done, ///< the remote has it; read back where the remote allows
        Refused, ///< the remote will not have it as it is; `sentence` says why
        /// Somebody changed the ticket since `version`: merge again. Nothing was changed, or, of a step
        /// that takes several requests, its first part: `readBack` then tells.
        Stale,
        NotSent, ///< the first byte never left, or the server said that it did nothing: send again
        Unknown, ///< it may have happened, now or within the in-flight limit: look before sending
    };
    State state = State::Unknown;
    QString sentence; ///< for people
    QString entry; ///< id of the entry it made, where the remote tells
    bool isOutOfSight = false; ///< Done, and the ticket can no longer be read
    std::optional<RemoteTicket> readBack; ///< fields and version after it, without entries
    Retry retry = Retry::Never; ///< of Refused and NotSent
    Millis wait { 0 }; ///< asked for by the remote; with Retry::Later
};

/// Whether a step of unknown outcome is there.
struct Found {
    bool isThere = false;
    QString entry;
    Instant serverNow; ///< by the remote's clock, for the in-flight limit
};

/// Limits that the engine keeps for a remote.
struct Manner {
    int parallel = 2; ///< requests at a time
    Millis inFlightLimit { 60'000 }; ///< after its last byte a request may still take effect
    bool canAttach = true; ///< else a package goes as a marked last block
};

template<typename T>
using Answer = std::function<void(Result<T>)>;

/// A connection to one account. Thread: the sync thread, all of it. Every call ends in exactly one
/// answer, never from inside the call itself and never after the connector is gone; cancelAll() ends
/// the open ones with Cancelled. No call retries by itself: who waits and when is the engine's.
/// Errors carry Fault::SignIn (stop the account), RateLimited, Offline, Timeout, BadReply, NotFound.
class Connector
{
public:
    virtual ~Connector() = default;
    virtual Manner manner() const = 0;
    virtual void probe(Answer<Probe> answer) = 0;
    /// As much of a probe as a round needs of an account that is known: who signs in, what is there, its
    /// clock. In as few requests as can be; places and agents may be left out.
    virtual void greet(Answer<Probe> answer) { probe(std::move(answer)); }
    /// `cursor` is empty at the very first pull. Asks for a bounded page only.
    virtual void pull(const QString &cursor, Answer<PullPage> answer) = 0;
    /// One ticket as it stands; with its entries where `wantsEntries`. A ticket that is hidden or gone
    /// is an answer (Presence), not an error.
    virtual void fetch(const QString &ticket, bool wantsEntries, Answer<RemoteTicket> answer) = 0;
    /// Sends one step. Errors are only those before anything was sent, SignIn above all.
    virtual void push(const PushStep &step, Answer<PushOutcome> answer) = 0;
    /// Looks for a Reply or Note of unknown outcome: by marker, field, or author, text and time.
    virtual void find(const PushStep &step, Answer<Found> answer) = 0;
    /// Bytes of a file, at most `limit`; BadReply where it is longer.
    virtual void download(const RemoteFile &file, qint64 limit, Answer<QByteArray> answer) = 0;
    virtual void cancelAll() = 0;
};

} // namespace tierline::connectors
