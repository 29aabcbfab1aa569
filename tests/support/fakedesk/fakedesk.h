#pragma once

#include "core/connectors/api/connector.h"
#include "tests/support/fakedesk/deskstate.h"
#include "tests/support/fakedesk/lies.h"
#include "tests/support/fakedesk/simloop.h"

#include <map>
#include <set>

namespace tierline::test {

struct DeskOptions {
    quint64 seed = 1;
    int tickets = 0; ///< made at once, in turn in each place, each with its first message
    qint64 firstTicketId = 1;
    qint64 firstEntryId = 101;
    bool wholeSeconds = false; ///< the server's times, and its clock, know no milliseconds
    bool hasVersions = true; ///< gives a version and answers Stale; else the last one to write wins
    bool keepsOperations = false; ///< has a field of its own for our ids
    bool appliesPartly = false; ///< of a refused change of fields, does what it can
    bool repliesOpen = false; ///< a reply opens what was new, pending or solved
    bool mendsText = true; ///< what comes out is valid text, as every connector must see to
    /// A change of several fields is one entry for each, and one for each tag, as where a history is a
    /// list of single values.
    bool oneValueAnEntry = false;
    Millis clockOffset { 0 }; ///< server minus client
    int lateCommitPercent = 0; ///< of what others do: gets its id at once and shows later
    Millis latestCommit { 20'000 };
    Millis overlap { 120'000 }; ///< how far a pull reads again for what showed late
};

/// What a user may do in a place.
struct Rights {
    bool sees = true;
    bool writes = true; ///< replies and notes
    bool edits = true; ///< fields
    bool movesIn = true; ///< may move tickets here
};

/// What others may do in someoneDoesSomething(), in parts of the whole.
struct Activity {
    int replies = 4; ///< a customer or a colleague writes
    int notes = 2;
    int changes = 4; ///< status, priority, owner, tags, own fields, subject
    int moves = 1;
    int news = 1; ///< a new ticket
    int deletes = 0;
    int merges = 0;
    int hides = 0; ///< a ticket goes out of our account's sight, or comes back
    int rights = 0; ///< what our account may do in a place changes
    int copies = 0; ///< with our own sign-in: a note of ours again, or its marker under other words
    int spoofs = 1; ///< writes our marker, or our words, where they prove nothing
    bool nastyTexts = true; ///< lone surrogates, NUL, line breaks, right to left, long, empty
};

/// The remote truth: a helpdesk in memory, with users, rights, a clock and a numbered history of its
/// own. Tests look at it, act on it as other people, and tell it what to lie about; FakeConnector
/// speaks to it as our program does. Deterministic by seed. Thread: one, the loop's.
class FakeDesk
{
public:
    explicit FakeDesk(SimLoop &loop, const DeskOptions &options = {});
    FakeDesk(const FakeDesk &) = delete;
    FakeDesk &operator=(const FakeDesk &) = delete;

    SimLoop &loop() { return m_loop; }
    const DeskOptions &options() const { return m_options; }

    // The server's clock: runs with the loop, whatever happens to the client's.
    Instant now() const;
    void setClockOffset(Millis offset) { m_options.clockOffset = offset; }

    // People and places. "7" is our account's own user, "8" and "9" are colleagues, "100" to "103" are
    // customers; places are "L1 Frontline", "L2 Technical", "L2 Billing", "L3 Engineering".
    connectors::RemoteUser user(const QString &id) const { return m_users.at(id); }
    bool hasUser(const QString &id) const { return m_users.contains(id); }
    void addUser(const connectors::RemoteUser &user) { m_users[user.id] = user; }
    void addPlace(const QString &place) { m_places.append(place); }
    const QStringList &places() const { return m_places; }
    void setRights(const QString &user, const QString &place, Rights rights);
    Rights rightsOf(const QString &user, const QString &place) const;

    // What others do. A change by others may show late (lateCommitPercent); addTicket never does.
    QString addTicket(const QString &subject, const QString &text, const QJsonObject &more = {},
        const QString &requester = QStringLiteral("100"));
    void say(const QString &ticket, const QString &author, MessageKind kind, const QString &text,
        std::vector<connectors::RemoteFile> files = {});
    void set(const QString &ticket, const QString &author, const QJsonObject &fields);
    void set(
        const QString &ticket, const QString &author, const QString &field, const QJsonValue &value)
    {
        set(ticket, author, QJsonObject { { field, value } });
    }
    void remove(const QString &ticket); ///< Presence::Deleted, and the feed says so
    void erase(const QString &ticket); ///< Presence::Gone, without a word
    void merge(const QString &from, const QString &into);
    void hide(const QString &ticket, bool isHidden = true); ///< from our account, without a word
    /// One thing that some person does, chosen by `random`. What it was, for a trace.
    QString someoneDoesSomething(RandomSource &random, const Activity &activity = {});
    /// Everything that was to show late shows now. A pull whose pass had begun may have gone past it:
    /// only the pass after the next "last page" surely has it.
    void settle();

    // Lies.
    LiePlan &lies() { return m_lies; }
    void onNth(int nth, Calls calls, Lie lie) { m_lies.onNth(nth, calls, lie); }
    void beforeNth(int nth, Calls calls, LiePlan::Action action)
    {
        m_lies.beforeNth(nth, calls, std::move(action));
    }
    void always(Calls calls, Lie lie) { m_lies.always(calls, lie); }
    void beHonest() { m_lies.beHonest(); }
    /// Until acceptToken(), every request is answered with 401.
    void revokeToken() { m_takesToken = false; }
    void acceptToken() { m_takesToken = true; }
    bool takesToken() const { return m_takesToken; }
    /// Every open request is cut; what had arrived but was not done is lost; nobody listens for `down`.
    void restart(Millis down);
    bool isDown() const { return m_loop.now() < m_downUntil; }
    int restarts() const { return m_restarts; }
    /// Called at each restart. The number forgets it.
    int onRestart(std::function<void()> action);
    void forgetRestart(int number) { m_onRestart.erase(number); }

    // What is so: assertions as values.
    DeskState state(const QString &user = QStringLiteral("7")) const; ///< what this user can see
    QString printed() const { return test::printed(state()); }
    /// How often it had the same effect here: said the same, set the same field. 0: none at all.
    int timesApplied(const QString &operation) const;
    /// Operations that had the same effect more than once; empty is good.
    QStringList appliedTwice() const;
    /// Notes that tell of an escalation: an attached tierline-*.json of the kind "escalate" (or of none),
    /// the same at the end of the text, or what countAsEscalation() says.
    int escalationsOf(const QString &ticket) const;
    void countAsEscalation(std::function<bool(const connectors::RemoteEntry &)> isOne)
    {
        m_isEscalation = std::move(isOne);
    }
    QJsonValue field(const QString &ticket, const QString &field) const;
    QStringList ticketIds() const; ///< that are There
    bool hasTakenIn(const QString &ticket) const; ///< whether another was merged into it
    int requests(Calls calls) const { return m_lies.seen(calls); } ///< that connectors began
    int answersDropped() const { return m_answersDropped; } ///< came when nobody waited
    void countDropped() { ++m_answersDropped; }

    // The run as text, one line for each request and each event. Off by default: texts cost.
    void setTracing(bool isOn) { m_isTracing = isOn; }
    bool isTracing() const { return m_isTracing; }
    void trace(const QString &line);
    const QStringList &traced() const { return m_trace; }

    // The server: what a request does once it has arrived. `user` is whose token it carries.
    connectors::Probe probe(const QString &user) const;
    connectors::PullPage page(const QString &user, const QString &cursor, int size, bool isWhole);
    connectors::PullPage::Census wholeRange() const; ///< all ids that there ever were, none listed
    connectors::RemoteTicket ticketFor(
        const QString &user, const QString &ticket, bool wantsEntries) const;
    connectors::PushOutcome apply(const connectors::PushStep &step, const QString &user);
    Result<connectors::Found> look(const connectors::PushStep &step, const QString &user) const;
    Result<QByteArray> bytesOf(const QString &file, qint64 limit) const;

    // The same for a server that speaks bytes and puts its answers together itself.
    /// A row of the numbered history. It keeps the ticket that it was made for, through a merge.
    struct Row {
        qint64 number = 0;
        QString ticket;
        std::optional<connectors::RemoteEntry> entry; ///< none: a merge, said of either ticket
    };
    /// What this user may see, after a number, rising; below 0 for `most`: the newest, falling.
    std::vector<Row> rowsAfter(const QString &user, qint64 number, int most) const;
    /// A ticket's own, and those of tickets that were merged into it.
    std::vector<Row> rowsOf(const QString &user, const QString &ticket) const;
    /// Numbers of tickets that a listing shows this user.
    std::vector<qint64> listedAfter(const QString &user, qint64 number, int most) const;
    /// The number and time that a message gets whose request has arrived but is worked on later.
    struct Reserved {
        qint64 number = 0;
        Instant at;
        Millis allocated { 0 };
    };
    Reserved reserve(int rows = 1);
    connectors::PushOutcome applyReserved(
        const connectors::PushStep &step, const QString &user, const Reserved &reserved);

private:
    struct Entry {
        qint64 number = 0;
        connectors::RemoteEntry shown;
        QStringList madeBy; ///< our operations
    };
    struct Ticket {
        qint64 number = 0;
        connectors::RemoteTicket shown; ///< without entries, fields may hold raw text
        std::vector<Entry> entries; ///< by number
        qint64 last = 0; ///< newest transaction
        bool isHidden = false;
    };
    struct FeedRow {
        qint64 ticket = 0;
        Millis allocated { 0 };
    };
    struct Late {
        Reserved reserved;
        qint64 ticket = 0;
        quint64 timer = 0;
        std::function<void(const Reserved &)> commit;
    };
    /// What a cursor says.
    struct Position {
        bool isFeed = false; ///< else the first listing of all tickets
        qint64 next = 0;
        qint64 passStart = -1; ///< simulated ms at which this pass began
        qint64 census = 0; ///< the ticket at which the next stretch begins
        static Position parse(const QString &cursor);
        QString text() const;
    };

    Ticket *find(const QString &id);
    const Ticket *find(const QString &id) const;
    bool isSeenBy(const Ticket &ticket, const QString &user) const;
    connectors::RemoteTicket shownTicket(const Ticket &ticket, qint64 sinceEntry) const;
    void whenCommitted(Ticket &ticket, int rows, std::function<void(const Reserved &)> commit);
    int rowsOfChange() const;
    std::vector<QJsonObject> entriesOf(const Ticket &ticket, const QJsonObject &changed) const;
    Row rowAt(qint64 number, const Ticket &holder) const;
    void commitLate(qint64 number);
    void settle(qint64 ticket, qint64 before);
    QString mended(const QString &text) const;
    QJsonObject mended(QJsonObject fields) const;
    Entry &addEntry(Ticket &ticket, const Reserved &reserved, const QString &author);
    void setFields(Ticket &ticket, const Reserved &reserved, const QString &author,
        const QJsonObject &fields, const QStringList &operations);
    void keepFiles(std::vector<connectors::RemoteFile> &files);
    QString refusal(const Ticket &ticket, const QString &user, const QString &field,
        const QJsonValue &value) const;
    connectors::PushOutcome applyMessage(const connectors::PushStep &step, const QString &user,
        Ticket &ticket, const Reserved &reserved);
    connectors::PushOutcome applyFields(
        const connectors::PushStep &step, const QString &user, Ticket &ticket);
    connectors::PushOutcome outcomeFor(const Ticket &ticket, const QString &user) const;
    connectors::PullPage listPage(const QString &user, Position at, int size);
    connectors::PullPage feedPage(const QString &user, Position at, int size, bool isWhole);
    connectors::PullPage::Census census(const QString &user, Position &at) const;
    bool isListed(const Ticket &ticket, const QString &user) const;
    qint64 rewound(Millis passStart, qint64 next) const;
    QString spoof(RandomSource &random, const QString &ticket);
    QString copySomething(RandomSource &random, const QString &ticket);
    QString hideSomething(RandomSource &random);
    QString changeRights(RandomSource &random);
    QString changeSomething(RandomSource &random, const QString &ticket);
    QString writeSomething(
        RandomSource &random, const QString &ticket, const Activity &activity, MessageKind kind);
    QString someText(RandomSource &random, const QString &author, bool isNasty);

    SimLoop &m_loop;
    DeskOptions m_options;
    SeededRandom m_random;
    qint64 m_startMs; ///< server time less simulated time, without the offset
    std::map<QString, connectors::RemoteUser> m_users;
    QStringList m_places;
    std::map<std::pair<QString, QString>, Rights> m_rights;
    std::map<qint64, Ticket> m_tickets;
    std::map<qint64, FeedRow> m_feed;
    std::vector<Late> m_late;
    std::map<QString, QByteArray> m_files;
    std::map<QString, std::map<QString, int>> m_applied; ///< by operation and what it did
    qint64 m_nextTicket;
    qint64 m_nextEntry;
    qint64 m_nextFile = 1;
    int m_nextText = 1;
    LiePlan m_lies;
    bool m_takesToken = true;
    Millis m_downUntil { 0 };
    int m_restarts = 0;
    int m_nextListener = 1;
    std::map<int, std::function<void()>> m_onRestart;
    int m_answersDropped = 0;
    std::function<bool(const connectors::RemoteEntry &)> m_isEscalation;
    bool m_isTracing = false;
    QStringList m_trace;
};

} // namespace tierline::test
