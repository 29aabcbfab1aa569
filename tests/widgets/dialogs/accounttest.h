#pragma once

#include "core/desk/accountsetup.h"
#include "core/secrets/sessionsecrets.h"
#include "tests/connectors/rt/cannedrt.h"
#include "tests/connectors/rt/fixtures.h"
#include "tests/widgets/dialogs/dialogtest.h"

// A workspace, a helpdesk that answers over loopback, and a keychain of the test's own.

namespace tierline::test {

/// A keychain in a given state. What is under way is kept, so that a test can answer it later.
class FakeKeychain final : public SecretStore
{
public:
    enum class State : quint8 { Works, Absent, Locked, Garbled, Denied, Silent };

    std::unique_ptr<SecretCall> read(const SecretKey &key, SecretHandler done) override
    {
        ++reads;
        return state == State::Works ? entries.read(key, std::move(done)) : say(key, done);
    }
    std::unique_ptr<SecretCall> write(
        const SecretKey &key, const Secret &secret, SecretHandler done) override
    {
        if (state == State::Works)
            return entries.write(key, secret, std::move(done));
        return say(key, done);
    }
    std::unique_ptr<SecretCall> remove(const SecretKey &key, SecretHandler done) override
    {
        return state == State::Works ? entries.remove(key, std::move(done)) : say(key, done);
    }
    bool isPermanent() const override { return true; }

    State state = State::Works;
    int reads = 0;
    MemorySecrets entries;

private:
    struct Silence : SecretCall {
    };
    std::unique_ptr<SecretCall> say(const SecretKey &key, const SecretHandler &done)
    {
        if (state == State::Silent)
            return std::make_unique<Silence>();
        SecretReply reply { .fault = state == State::Absent ? SecretFault::NoKeychain
                : state == State::Locked                    ? SecretFault::Locked
                : state == State::Denied                    ? SecretFault::Denied
                                                            : SecretFault::Garbled,
            .detail = QStringLiteral("The keychain says no, as this test wants.") };
        // Later, by way of a store that answers later.
        return entries.read(key, [done, reply](const SecretReply &) { done(reply); });
    }
};

/// A Request Tracker that passes a live test: two queues for L1 and L2, one more, and a colleague.
class CannedHelpdesk : public CannedRt
{
public:
    CannedHelpdesk()
    {
        tickets = { 11, 12 };
        const auto say = [](const QByteArray &body) {
            return [body](const Arrival &) { return Script { send(answer(200, body)) }; };
        };
        instead[QStringLiteral("rt")] = say(rtBody(QStringLiteral("rt")));
        instead[QStringLiteral("user/51")] = say(
            R"({"id":51,"Name":"ana","RealName":"Ana Ilić","EmailAddress":"ana@desk.example",)"
            R"("Privileged":1,"Memberships":[{"id":"70","type":"group"}]})");
        instead[QStringLiteral("queues/all")]
            = say(R"({"total":3,"count":3,"page":1,"pages":1,"per_page":100,"items":[)"
                  R"({"id":"3","type":"queue","Name":"L1 Frontline"},)"
                  R"({"id":"4","type":"queue","Name":"L2 Billing"},)"
                  R"({"id":"6","type":"queue","Name":"General"}]})");
        for (const auto *queue : { "queue/3", "queue/4", "queue/6" })
            instead[QString::fromLatin1(queue)] = say(rtBody(QStringLiteral("queue-3")));
        instead[QStringLiteral("group/70")]
            = say(R"({"id":70,"Members":[{"id":"jonas","type":"user"}]})");
        instead[QStringLiteral("user/jonas")]
            = say(R"({"id":52,"Name":"jonas","RealName":"Jonas Weber","Privileged":1})");
        instead[QStringLiteral("ticket/12")]
            = say(R"({"id":12,"_hyperlinks":[{"ref":"correspond"},{"ref":"comment"}]})");
        feed = { { 120, 12 }, { 110, 11 } };
    }
    /// Every path answers so.
    void always(const QByteArray &bytes)
    {
        server.script = [bytes](const Arrival &) { return Script { send(bytes), test::close() }; };
    }
    QString url() const { return server.url(QString()).toString(); }
};

/// A desk whose session has an account setup.
class AccountDesk : public DialogDesk
{
public:
    ~AccountDesk()
    {
        // As at the program's end: what asks for secrets goes with the session, before the secrets.
        window.reset();
        bench.reset();
        session.reset();
    }
    bool open(bool isConnected = false)
    {
        if (!DialogDesk::open())
            return false;
        connectors::Registry registry;
        registry.add(connectors::rt::rtKind());
        setup = new desk::AccountSetup(*session, secrets, registry);
        return !isConnected || connectDirectly();
    }
    /// An account by the store alone.
    bool connectDirectly(const storage::Account &more = {})
    {
        storage::Account account = more;
        account.name = QStringLiteral("desk");
        account.type = QStringLiteral("rt");
        account.url = helpdesk.url();
        account.places = { { QStringLiteral("L1 Frontline"), QStringLiteral("L1"), QString() } };
        auto done = session->onStore([account](storage::Store &store) {
            return store.write(storage::Durability::Person,
                [&](storage::WriteScope &scope) { return storage::addAccount(scope, account); });
        });
        return QTest::qWaitFor([&] { return done.isFinished(); }, 10'000)
            && done.result().has_value();
    }
    QList<desk::AccountState> accounts()
    {
        auto list = setup->list();
        if (!QTest::qWaitFor([&] { return list.isFinished(); }, 10'000))
            return {};
        return list.result().value_or({});
    }

    CannedHelpdesk helpdesk;
    FakeKeychain keychain;
    SessionSecrets secrets { keychain };
    desk::AccountSetup *setup = nullptr; ///< the session's
};

} // namespace tierline::test
