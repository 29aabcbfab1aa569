#pragma once

#include "tests/support/wire/dialect.h"

#include <memory>

namespace tierline::net {
class Transport;
}

namespace tierline::test {

struct WireOptions {
    quint64 seed = 1; ///< of delays, and of what a lie leaves open
    Millis slowest { 120 }; ///< each way takes 1 ms up to this, of simulated time
};

/// A FakeDesk behind an HTTP server on loopback: real bytes, and simulated time. It tells the lies that
/// the desk was told to tell, as a network and a server tell them: connections refused and reset, half an
/// answer, a length that is not its own, headers that come slowly, packed bytes that are broken, a deed
/// without an answer.
///
/// Time stands still as long as a byte is under way: the desk knows how many requests the transports under
/// watch have out, and moves time on when all of them lie here, waiting for it. So nothing sleeps, an hour
/// costs what its requests cost, and the order of deeds depends on the seed and not on the machine.
/// Thread: one, with an event loop and nobody else's in it. The desk and its loop outlive it.
class WireDesk
{
public:
    WireDesk(FakeDesk &desk, std::unique_ptr<Dialect> dialect, const WireOptions &options = {});
    ~WireDesk();
    WireDesk(const WireDesk &) = delete;
    WireDesk &operator=(const WireDesk &) = delete;

    FakeDesk &desk() { return m_desk; }
    const Dialect &dialect() const { return *m_dialect; }
    QUrl url() const { return m_server.url(); }

    // The client's side.
    void watch(net::Transport &transport);
    /// Its connections end before this returns; what had left goes on here.
    void forget(std::unique_ptr<net::Transport> transport);
    /// Before a request is made: opens or shuts the door as the plan of lies has it.
    void beforeCall();
    /// Which of our operations the next change or message for a ticket belongs to: bytes do not say it.
    void expect(const QString &ticket, const QStringList &operations);

    /// From now on an answer that is dropped ends (or is reset, by seed) behind this many of its bytes, instead of
    /// in one of the ways that are drawn; nothing: drawn again.
    void cutAnswersAt(std::optional<qsizetype> bytes) { m_cutAt = bytes; }
    /// Length of the answer that was cut last: whoever goes through all positions ends there.
    qsizetype lastCutLength() const { return m_lastCut; }

    qint64 requests() const { return m_server.received(); }
    const WireServer &server() const { return m_server; }
    QMap<QString, int> broken() const { return m_broken; } ///< how often which break was made

private:
    struct Deed;
    using DeedPtr = std::shared_ptr<Deed>;

    bool settle();
    bool turn(bool mayWait);
    bool isQuiet() const;
    void beat();
    void begin(const WireRequest &request);
    void arrive(const DeedPtr &deed);
    void strike(const DeedPtr &deed);
    WireAnswer served(const DeedPtr &deed) const;
    void answer(const DeedPtr &deed, WireAnswer answer, Millis more = Millis(0));
    void answerSlowly(const DeedPtr &deed, const WireAnswer &answer, Millis more);
    void breakOff(const DeedPtr &deed, const std::optional<WireAnswer> &answer);
    void countBreak(const QString &name) { ++m_broken[name]; }
    net::Header date() const;

    FakeDesk &m_desk;
    std::unique_ptr<Dialect> m_dialect;
    WireOptions m_options;
    WireServer m_server;
    std::vector<net::Transport *> m_clients;
    std::vector<WireRequest> m_arrived; ///< and not begun: begun in an order of their own
    QHash<QByteArray, int> m_times; ///< how often a request of these words came
    QHash<QString, QStringList> m_expected;
    QMap<QString, int> m_broken;
    bool m_hasBeat = false;
    std::optional<qsizetype> m_cutAt;
    qsizetype m_lastCut = 0;
    int m_listener = 0;
    std::shared_ptr<bool> m_alive
        = std::make_shared<bool>(true); ///< work in the loop may come later
};

} // namespace tierline::test
