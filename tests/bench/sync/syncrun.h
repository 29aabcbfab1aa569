#pragma once

#include "core/connectors/rt/rtconnector.h"
#include "core/net/transport.h"
#include "core/storage/store.h"
#include "core/sync/round.h"

#include <QTemporaryDir>

namespace tierline::bench {

/// An empty workspace with one account of Request Tracker, and rounds of it.
class SyncRun
{
public:
    SyncRun(const QString &url, const QByteArray &token, const net::PacePolicy &pace);

    /// One round, with the loop running; ends the program where it fails.
    sync::RoundSummary round(int patience);
    /// The same, but what was done until then when it takes longer: the round is cancelled.
    sync::RoundSummary roundFor(int milliseconds);
    qint64 tickets();

private:
    sync::RoundSummary run(int patience, bool isEndedThen);

    QTemporaryDir m_folder;
    SystemClock m_clock;
    SeededRandom m_random { 1 };
    std::unique_ptr<storage::Store> m_store;
    std::unique_ptr<sync::DirectGate> m_gate;
    std::unique_ptr<net::Transport> m_transport;
    std::unique_ptr<connectors::Connector> m_connector;
};

/// Processor seconds of this process, all threads, and of the calling thread.
double processSeconds();
double threadSeconds();

} // namespace tierline::bench
