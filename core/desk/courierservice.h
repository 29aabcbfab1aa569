#pragma once

#include "core/desk/waykeys.h"

#include <QObject>
#include <QThread>
#include <QTimer>

namespace tierline::desk {

class Session;

/// Has the open workspace's notices taken to people over networks, on a thread of its own, as long as this program's
/// engine fires. Ways that are added, changed or shut are taken up by themselves.
/// Thread: ui, which waits for no network. Owned by its session; secrets are read on the ui thread.
class CourierService : public QObject
{
    Q_OBJECT
public:
    explicit CourierService(Session &session);
    ~CourierService() override;

    struct Setup {
        SecretStore *secrets = nullptr; ///< outlives the session's shutDown()
        notify::WayRegistry kinds;
        engine::Courier::Settings settings = {};
    };
    /// Begins as soon as the session can be written and its engine fires; does nothing the second time.
    void start(Setup setup);
    /// Ends the thread. What was being sent is of unknown outcome, and looked for at the next start.
    void shutDown();
    bool isStarted() const { return m_isStarted; }
    /// What ways there can be; null before start().
    const notify::WayRegistry *kinds() const { return m_isStarted ? &m_setup.kinds : nullptr; }

    /// Why ways are shut that are set up, by name; those that the other side shut, too.
    const std::map<QString, QString> &problems() const { return m_problems; }

signals:
    void changed(); ///< problems(), or what became of deliveries

private:
    struct Room; ///< lives on the courier's thread
    class Gate;
    void look();
    void takeWays(std::vector<Way> ways);
    void keyed(std::vector<KeyedWay> ways);
    void close();
    template<typename F>
    void toRoom(F work);

    Session &m_session;
    Setup m_setup;
    SystemRandom m_random; ///< of the courier's thread, and of the store's for it
    QThread m_thread;
    std::unique_ptr<Gate> m_gate;
    std::unique_ptr<Room> m_room;
    std::unique_ptr<WayKeys> m_keys;
    std::optional<std::vector<Way>> m_ways; ///< that are open or being opened
    std::map<QString, QString> m_problems;
    QTimer m_again; ///< ways are looked at now and then: another program may have changed them
    bool m_isStarted = false;
    bool m_isOver = false;
    bool m_isReading = false;
};

} // namespace tierline::desk
