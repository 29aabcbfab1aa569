#pragma once

#include "tests/support/fakedesk/fakeconnector.h"

#include <QObject>

namespace tierline::test {

/// What the remote of one kind of connector is like, as far as a client can tell.
struct RemoteKind {
    QString name;
    DeskOptions desk;
    FakeConnectorOptions connector;
    /// What could not be read is tried again so long after everything is well.
    Millis triesAgain { 1'000 };
};

/// One for each kind of remote that Tierline speaks to.
const std::vector<RemoteKind> &remoteKinds();

/// The client under test: a workspace with one account that speaks to `desk` by a FakeConnector of
/// `kind.connector`, as user "7", on `loop`'s time. Made by whoever has a sync engine.
class ContractRig
{
public:
    virtual ~ContractRig() = default;

    // What a person does here. Each gives the id of the operation.
    virtual QString reply(const QString &ticket, const QString &text) = 0;
    virtual QString note(const QString &ticket, const QString &text) = 0;
    virtual QString set(const QString &ticket, const QString &field, const QJsonValue &value) = 0;

    /// One round: pulls to the end and pushes what may go now; runs the loop until it is over. False where
    /// it ended with an error.
    virtual bool syncOnce() = 0;
    /// What this side holds and shows, marked values in conflict included.
    virtual DeskState state() = 0;
    /// Operations that wait or were refused; those that a conflict holds included.
    virtual QStringList outbox() = 0;
    /// Fields of a ticket that wait for a person's choice.
    virtual QStringList conflicts(const QString &ticket) = 0;
    /// Takes the local or the remote value of one of them.
    virtual void choose(const QString &ticket, const QString &field, bool isOurs) = 0;
    /// Sentences that a person can read now, of the last round and of the outbox.
    virtual QStringList problems() = 0;
    virtual bool needsSignIn() = 0;
    virtual void signIn() = 0;

    /// The process dies right after the `nth` commit of the store from now on, within syncOnce(), which
    /// then starts it again and returns false. 0: it lives.
    virtual void killAfterCommit(int nth) = 0;
    /// The process dies at this instant, within syncOnce(): called by the desk, while a request of it is on
    /// its way. Then as above.
    virtual void killNow() = 0;
    virtual bool wasKilled() const = 0; ///< in the last syncOnce()
    /// While full, every commit fails. False where the rig has no such disk: the test is then skipped.
    virtual bool fillDisk(bool isFull) = 0;
};

using MakeRig = std::function<std::unique_ptr<ContractRig>(FakeDesk &desk, const RemoteKind &kind)>;

/// The list that every connector's sync must pass, against every kind of remote. Run it with
/// QTest::qExec. Each test ends the same way: once the remote is honest, both sides are equal, nothing
/// waits, and every operation had its effect exactly once.
class ConnectorContract : public QObject
{
    Q_OBJECT
public:
    explicit ConnectorContract(MakeRig make, std::vector<RemoteKind> kinds = remoteKinds())
        : m_make(std::move(make))
        , m_kinds(std::move(kinds))
    {
    }

private slots:
    void initTestCase_data();
    void init();
    void firstSyncBringsAll();
    void refusedConnection();
    void hanging();
    void signInRefusedInTheMiddle();
    void tooManyRequests_data();
    void tooManyRequests();
    void serverErrorThenFine();
    void goneByMistake();
    void goneForGood();
    void duplicatePage();
    void pageShifting();
    void stuckCursorIsReported();
    void emptyListByMistake();
    void clockSkew_data();
    void clockSkew();
    void unknownCode();
    void appliedButAnswerLost();
    void appliedLate();
    void appliedWhileTheLookIsSlow();
    void conflictOnBothSides();
    void anotherFieldMerges();
    void brokenTextIsStable();
    void bigNumbers();
    void killedBetweenTwoCommits();
    void killedWhileARequestIsOnItsWay();
    void fullDisk();
    void anyLiesInAnyOrder();

private:
    const RemoteKind &kindOfRow() const;

    MakeRig m_make;
    std::vector<RemoteKind> m_kinds;
};

} // namespace tierline::test
