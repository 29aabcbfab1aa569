#pragma once

#include "core/sync/decide.h"
#include "tests/connectors/contract/connectorcontract.h"
#include "tests/support/syncrig/syncrig.h"

namespace tierline::test {

/// The client of the connectors' contract with the real engine and a real store, through whichever
/// connector the options make.
class EngineRig : public ContractRig
{
public:
    EngineRig(FakeDesk &desk, SideOptions options)
        : m_desk(desk)
        , m_store(desk.loop().clock(), SyncStore::Weight::Light)
        , m_side((m_store.create(), m_store), desk, std::move(options))
    {
    }

    QString reply(const QString &ticket, const QString &text) override
    {
        return idOf(
            m_side.run(QStringLiteral("mia"), commands::Reply { m_side.key(ticket), text }));
    }
    QString note(const QString &ticket, const QString &text) override
    {
        return idOf(
            m_side.run(QStringLiteral("mia"), commands::Note { m_side.key(ticket), text, {} }));
    }
    QString set(const QString &ticket, const QString &field, const QJsonValue &value) override
    {
        return idOf(m_side.run(QStringLiteral("mia"),
            commands::SetFields {
                .ticket = m_side.key(ticket), .changes = { { field, value.toString() } } }));
    }

    bool syncOnce() override
    {
        askTheTime();
        m_ended = m_side.roundsEnded();
        KillingGate &gate = m_side.gate();
        gate.killAt = m_killAfter > 0 ? gate.writes + m_killAfter : 0;
        const sync::RoundSummary summary = m_side.syncOnce();
        gate.killAt = 0;
        return !wasKilled() && !summary.error;
    }
    DeskState state() override { return m_side.state(); }
    QStringList outbox() override { return m_side.waiting().keys(); }
    QStringList conflicts(const QString &ticket) override
    {
        QStringList fields;
        for (const storage::Conflict &conflict : m_side.conflicts()) {
            if (conflict.ticket == m_side.idOf(ticket))
                fields.append(conflict.field);
        }
        return fields;
    }
    void choose(const QString &ticket, const QString &field, bool isOurs) override
    {
        for (const storage::Conflict &conflict : m_side.conflicts()) {
            if (conflict.ticket != m_side.idOf(ticket) || conflict.field != field)
                continue;
            write([&](storage::WriteScope &scope) {
                return sync::resolveConflict(scope, conflict.id,
                    isOurs ? sync::Side::Local : sync::Side::Remote, QStringLiteral("mia"));
            });
        }
    }
    QStringList problems() override
    {
        QStringList sentences = m_side.last().problems;
        if (m_side.last().error)
            sentences.append(m_side.last().error->detail);
        for (const storage::OutboxEntry &entry : m_side.waiting()) {
            if (!entry.error.isEmpty())
                sentences.append(entry.error);
        }
        return sentences;
    }
    bool needsSignIn() override { return account().needsSignIn; }
    void signIn() override { m_side.signIn(); }

    void killAfterCommit(int nth) override { m_killAfter = nth; }
    void killNow() override
    {
        m_desk.loop().after(Millis(0), [this] { m_side.kill(); });
    }
    bool wasKilled() const override { return m_side.roundsEnded() == m_ended; }
    bool fillDisk(bool isFull) override
    {
        m_side.gate().isFull = isFull;
        return true;
    }

private:
    static QString idOf(const Result<commands::Outcome> &outcome)
    {
        if (!outcome)
            qFatal("%s", qPrintable(outcome.error().detail));
        return outcome->operation;
    }
    void write(const std::function<Result<Done>(storage::WriteScope &)> &work)
    {
        const auto written = m_store.store().write(storage::Durability::Background, work);
        if (!written)
            qFatal("%s", qPrintable(written.error().detail));
    }
    storage::Account account()
    {
        return *storage::findAccount(m_store.connection(), m_side.account());
    }
    /// As the desk does when a session begins: the account knows how far the clocks are apart.
    void askTheTime()
    {
        const Millis offset = m_desk.now() - m_desk.loop().clock().now();
        if (!m_desk.takesToken() || account().clockOffset == offset)
            return;
        write([&](storage::WriteScope &scope) {
            storage::Account mine = account();
            mine.clockOffset = offset;
            return storage::saveAccount(scope, mine);
        });
    }

    FakeDesk &m_desk;
    SyncStore m_store;
    SyncSide m_side;
    int m_killAfter = 0;
    int m_ended = 0;
};

} // namespace tierline::test
