#include "core/desk/courierservice.h"
#include "core/desk/engineservice.h"
#include "core/desk/session.h"
#include "core/secrets/memorysecrets.h"
#include "core/storage/deliveries.h"
#include "core/storage/ways.h"
#include "tests/commands/commandtest.h"

#include <QMutex>
#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// What arrived, on whatever thread.
struct Post {
    QMutex mutex;
    QStringList arrived; ///< "secret address ticket"
    QSet<QThread *> threads;

    QStringList all()
    {
        const QMutexLocker lock(&mutex);
        return arrived;
    }
};

class PostWay final : public notify::Way
{
public:
    PostWay(Post &post, QByteArray secret)
        : m_post(post)
        , m_secret(std::move(secret))
    {
    }
    std::unique_ptr<notify::Errand> tell(
        const notify::Telling &telling, notify::ToldHandler done) override
    {
        const QMutexLocker lock(&m_post.mutex);
        m_post.arrived.append(
            QStringList { QString::fromUtf8(m_secret), telling.address, telling.card.ticket }.join(
                u' '));
        m_post.threads.insert(QThread::currentThread());
        return std::make_unique<Soon>(std::move(done));
    }
    std::unique_ptr<notify::Errand> look(const notify::Telling &, notify::ToldHandler done) override
    {
        return std::make_unique<Soon>(std::move(done));
    }
    std::unique_ptr<notify::Errand> test(std::function<void(Result<QString>)>) override
    {
        return {};
    }

private:
    struct Soon final : notify::Errand {
        explicit Soon(notify::ToldHandler done)
        {
            timer.callOnTimeout([this, done = std::move(done)] {
                timer.stop();
                const notify::ToldHandler last = done;
                last({ .outcome = notify::Told::Outcome::Arrived });
            });
            timer.start(0);
        }
        QTimer timer;
    };
    Post &m_post;
    QByteArray m_secret;
};

/// An open desk of ann's whose courier and engine run. What stands above outlives the session.
struct OpenDesk {
    OpenDesk(const CommandFixture &desk, MemorySecrets &secrets, const notify::WayRegistry &kinds)
        : session(desk.workspace, desk.clock, random, u"ann"_s)
    {
        session.courier().start({ .secrets = &secrets, .kinds = kinds });
        session.engine().start({}, session.courier().kinds());
        session.open();
    }
    SystemRandom random;
    desk::Session session;
};

} // namespace

/// The courier inside a desktop: its thread, its ways as they change, its end.
class TestCourierService : public QObject
{
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }
    void takesNoticesAwayOnItsOwnThread();
    void waysAreTakenUpAsTheyChange();
    void whatHasNoSecretWaitsAndIsSaid();
    void endsInTheMiddle();

private:
    static void add(notify::WayRegistry &kinds, Post &post)
    {
        kinds.add({ .type = u"post"_s,
            .name = u"Post"_s,
            .reaches = { NoticeTarget::Channel },
            .secrets = { { .field = u"token"_s, .name = u"Token"_s } },
            .check = [](const notify::WayConfig &) -> Result<Done> { return Done {}; },
            .checkAddress = [](const QString &) -> Result<Done> { return Done {}; },
            .make = [&post](const notify::WayConfig &, const notify::WaySecrets &secrets,
                        const Clock &, RandomSource &) -> Result<std::unique_ptr<notify::Way>> {
                return std::unique_ptr<notify::Way>(
                    std::make_unique<PostWay>(post, secrets.at(u"token"_s).expose().toByteArray()));
            } });
    }
    /// A workspace with one way, to which the team's escalations go, and nobody writing.
    static void prepare(CommandFixture &desk, const QString &way)
    {
        DONE(desk.begin());
        DONE(desk.write([&](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_CHECK(storage::saveWay(scope, { .name = way, .type = u"post"_s }));
            return storage::saveRoutes(
                scope, { { NoticeTarget::Team, u"Technical"_s, way, u"#tech"_s } });
        }));
        for (int i = 1; i <= 20; ++i)
            DONE(desk.newTicket(u"T-%1"_s.arg(i)));
        desk.store.reset();
    }
    static void keep(MemorySecrets &secrets, const QString &way, const QByteArray &value)
    {
        bool isKept = false;
        const auto call = secrets.write(desk::wayKey(way, u"token"_s),
            Secret::take(QByteArray(value)), [&](const SecretReply &) { isKept = true; });
        QTRY_VERIFY(isKept);
    }
    static void escalate(desk::Session &session, const QString &key)
    {
        commands::Escalate command = CommandFixture::escalation(key);
        command.team = u"Technical"_s;
        auto done = session.run(command);
        QTRY_VERIFY(done.isFinished());
        QVERIFY2(done.result().has_value(), qPrintable(key));
    }
};

void TestCourierService::takesNoticesAwayOnItsOwnThread()
{
    CommandFixture desk;
    prepare(desk, u"a"_s);
    Post post;
    MemorySecrets secrets;
    notify::WayRegistry kinds;
    add(kinds, post);
    keep(secrets, u"a"_s, "s1");
    OpenDesk open(desk, secrets, kinds);
    desk::Session &session = open.session;
    QTRY_VERIFY(session.engine().state().isHolder);
    for (int i = 1; i <= 20; ++i)
        escalate(session, u"T-%1"_s.arg(i));
    QTRY_COMPARE(post.all().size(), 20);
    QCOMPARE(post.all().first(), u"s1 #tech T-1"_s);
    QVERIFY(!post.threads.contains(QThread::currentThread()));
    session.shutDown();
    QCOMPARE(post.all().size(), 20);
}

void TestCourierService::waysAreTakenUpAsTheyChange()
{
    CommandFixture desk;
    prepare(desk, u"a"_s);
    Post post;
    MemorySecrets secrets;
    notify::WayRegistry kinds;
    add(kinds, post);
    keep(secrets, u"a"_s, "s1");
    keep(secrets, u"b"_s, "s2");
    OpenDesk open(desk, secrets, kinds);
    desk::Session &session = open.session;
    QTRY_VERIFY(session.engine().state().isHolder);
    escalate(session, u"T-1"_s);
    QTRY_COMPARE(post.all().size(), 1);
    auto done = session.onStore([](storage::Store &store) {
        return store.write(
            storage::Durability::Person, [&](storage::WriteScope &scope) -> Result<Done> {
                TIERLINE_CHECK(storage::saveWay(scope, { .name = u"b"_s, .type = u"post"_s }));
                TIERLINE_CHECK(storage::saveRoutes(
                    scope, { { NoticeTarget::Team, u"Technical"_s, u"b"_s, u"#other"_s } }));
                TIERLINE_CHECK(storage::removeWay(scope, u"a"_s));
                scope.touchEverything();
                return Done {};
            });
    });
    QTRY_VERIFY(done.isFinished());
    escalate(session, u"T-2"_s);
    QTRY_COMPARE(post.all().size(), 2);
    QCOMPARE(post.all().last(), u"s2 #other T-2"_s);
}

void TestCourierService::whatHasNoSecretWaitsAndIsSaid()
{
    CommandFixture desk;
    prepare(desk, u"a"_s);
    Post post;
    MemorySecrets secrets;
    notify::WayRegistry kinds;
    add(kinds, post);
    OpenDesk open(desk, secrets, kinds);
    desk::Session &session = open.session;
    QTRY_VERIFY(session.engine().state().isHolder);
    QTRY_COMPARE(session.courier().problems().size(), 1U);
    QCOMPARE(session.courier().problems().at(u"a"_s),
        u"Its token is not in this machine's keychain: set the way up again with it."_s);
    escalate(session, u"T-1"_s);
    std::vector<Delivery> waiting;
    for (int i = 0; i < 100 && waiting.empty(); ++i) {
        auto read = session.read([](storage::Connection &connection, const Visibility &) {
            return storage::loadDeliveries(connection, {});
        });
        QTRY_VERIFY(read.isFinished());
        waiting = read.result().value_or(std::vector<Delivery> {});
        QTest::qWait(waiting.empty() ? 20 : 0);
    }
    QCOMPARE(waiting.size(), 1U);
    QCOMPARE(waiting[0].state, Delivery::State::Waiting);
    QCOMPARE(waiting[0].attempts, 0);
    QCOMPARE(post.all().size(), 0);
}

void TestCourierService::endsInTheMiddle()
{
    for (int round = 0; round < 20; ++round) {
        CommandFixture desk;
        prepare(desk, u"a"_s);
        Post post;
        MemorySecrets secrets;
        notify::WayRegistry kinds;
        add(kinds, post);
        keep(secrets, u"a"_s, "s1");
        OpenDesk open(desk, secrets, kinds);
        desk::Session &session = open.session;
        QTRY_VERIFY(session.engine().state().isHolder);
        for (int i = 1; i <= 5; ++i)
            escalate(session, u"T-%1"_s.arg(i));
        QTest::qWait(round);
        session.shutDown();
    }
}

QTEST_GUILESS_MAIN(TestCourierService)
#include "tst_courierservice.moc"
