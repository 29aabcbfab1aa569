#include "core/commands/commands.h"
#include "core/storage/tickets.h"
#include "tests/support/livedesk/liveprogram.h"
#include "widgets/common/accessible.h"
#include "widgets/common/appearance.h"
#include "widgets/common/dialogseams.h"
#include "widgets/common/emptystate.h"
#include "widgets/common/safebrowser.h"
#include "widgets/docks/conflicts/conflictsdock.h"
#include "widgets/docks/outbox/outboxdock.h"
#include "widgets/docks/queues/queuedock.h"
#include "widgets/docks/ticket/syncrow.h"
#include "widgets/docks/ticket/threadview.h"
#include "widgets/docks/ticket/ticketdock.h"

#include <QApplication>
#include <QFile>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTextBlock>
#include <QToolButton>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
namespace field = connectors::field;

namespace {

/// A program in step with its desk, and the docks over it.
struct Docks {
    LiveProgram program;
    ui::QueuedAnswers answers;
    std::unique_ptr<ui::Workbench> bench;
    std::unique_ptr<ui::OutboxDock> outbox;
    std::unique_ptr<ui::ConflictsDock> conflicts;
    std::unique_ptr<ui::TicketDock> ticket;
    QStringList reported;

    bool start()
    {
        program.start();
        if (!QTest::qWaitFor([this] { return program.isInStep(); }, Patience))
            return false;
        bench = std::make_unique<ui::Workbench>(*program.session);
        QObject::connect(bench.get(), &ui::Workbench::reported, bench.get(),
            [this](const Error &error) { reported.append(error.detail); });
        outbox = std::make_unique<ui::OutboxDock>(*bench, ui::TimeWords {});
        conflicts = std::make_unique<ui::ConflictsDock>(*bench, ui::TimeWords {});
        ticket = std::make_unique<ui::TicketDock>(*bench, ui::TimeWords {});
        for (QWidget *dock : { static_cast<QWidget *>(outbox.get()),
                 static_cast<QWidget *>(conflicts.get()), static_cast<QWidget *>(ticket.get()) }) {
            dock->resize(420, 700);
            dock->show();
        }
        return true;
    }
    ~Docks()
    {
        if (program.session)
            program.session->shutDown();
        ticket.reset();
        conflicts.reset();
        outbox.reset();
        bench.reset();
    }
    template<typename Command>
    bool run(const Command &command)
    {
        auto done = program.session->run(command);
        return QTest::qWaitFor([&] { return done.isFinished(); }) && done.result().has_value();
    }
    bool openTicket(const QString &key)
    {
        bench->openKey(key);
        return QTest::qWaitFor(
            [&] {
                return bench->loading() == ui::Workbench::Loading::Ready && bench->ticket()
                    && bench->ticket()->details.state.ticket.key == key;
            },
            Patience);
    }
    static QString heard(const ui::ListDock &dock)
    {
        QStringList all;
        auto *model = const_cast<ui::ListDock &>(dock).view().model();
        for (int row = 0; row < model->rowCount(); ++row)
            all.append(model->index(row, 0).data(Qt::AccessibleTextRole).toString());
        return all.join(u'\n');
    }
    Priority priority(const QString &id)
    {
        auto store = storage::Store::open(program.workspace(), program.clock);
        const auto found = storage::findAnyTicket((*store)->connection(), u"desk:"_s + id);
        return storage::loadTicket((*store)->connection(), *found)->ticket.priority;
    }
    QJsonValue there(const QString &id, const QString &name)
    {
        return program.live.with([&](FakeDesk &desk) { return desk.field(id, name); });
    }
};

const QString urgent = u"urgent"_s, low = u"low"_s;

} // namespace

class TestSyncDocks : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void emptyStatesSayWhy();
    void whatWaitsIsListedUntilItIsSent();
    void aRefusedChangeIsTriedAgain();
    void aChangeIsGivenUp();
    void oursIsKept();
    void theirsIsTaken();
    void theTicketSaysHowItStands();
    void aFileIsFetchedAndSaved();
    void theQueueMarksWhatWaits();
    void everythingIsNamed();

private:
    std::unique_ptr<ui::Appearance> m_appearance;
};

void TestSyncDocks::initTestCase()
{
    m_appearance = std::make_unique<ui::Appearance>(*qApp, ui::SchemeChoice::Light);
}

void TestSyncDocks::emptyStatesSayWhy()
{
    Docks docks;
    QVERIFY(docks.start());
    QTRY_VERIFY(docks.outbox->empty().isVisible());
    QVERIFY(docks.outbox->empty().sentence().contains(u"Nothing waits"_s));
    QVERIFY(docks.conflicts->empty().isVisible());
    QVERIFY(docks.conflicts->empty().sentence().contains(u"No conflicts"_s));
}

void TestSyncDocks::whatWaitsIsListedUntilItIsSent()
{
    Docks docks;
    QVERIFY(docks.start());
    docks.program.tell(anyCall, Lie::RefuseConnection);
    QVERIFY(docks.run(commands::Reply { u"desk:1"_s, u"We look at it."_s }));
    QTRY_VERIFY_WITH_TIMEOUT(
        Docks::heard(*docks.outbox).contains(u"desk cannot be reached"_s), Patience);
    const QString heard = Docks::heard(*docks.outbox);
    for (const QString &part : { u"Reply"_s, u"desk:1"_s, u"We look at it."_s })
        QVERIFY2(heard.contains(part), qPrintable(heard));
    // Enter opens the ticket.
    docks.outbox->view().setFocus();
    QTest::keyClick(&docks.outbox->view(), Qt::Key_Return);
    QTRY_VERIFY(docks.bench->ticket());
    QCOMPARE(docks.bench->ticket()->details.state.ticket.key, u"desk:1"_s);
    docks.program.beHonest();
    QTRY_VERIFY_WITH_TIMEOUT(docks.outbox->empty().isVisible(), Patience);
    QCOMPARE(docks.program.replies(u"We look at it."_s), 1);
}

void TestSyncDocks::aRefusedChangeIsTriedAgain()
{
    Docks docks;
    QVERIFY(docks.start());
    docks.program.tell(Push::Note, Lie::Reject);
    QVERIFY(docks.run(commands::Note { u"desk:1"_s, u"For colleagues."_s, {} }));
    QTRY_VERIFY_WITH_TIMEOUT(Docks::heard(*docks.outbox).contains(u"Refused"_s), Patience);
    docks.program.beHonest();
    auto *retry = docks.outbox->findChild<QPushButton *>(u"outboxRetry"_s);
    QVERIFY(retry->isEnabled());
    QApplication::setActiveWindow(docks.outbox.get()); // keys go nowhere else
    docks.outbox->view().setFocus();
    QTest::keyClick(&docks.outbox->view(), Qt::Key_F5);
    QTRY_VERIFY_WITH_TIMEOUT(docks.outbox->empty().isVisible(), Patience);
    QTRY_COMPARE(docks.program.state().waiting, 0);
    QCOMPARE(docks.reported, QStringList());
}

void TestSyncDocks::aChangeIsGivenUp()
{
    Docks docks;
    QVERIFY(docks.start());
    docks.program.tell(anyCall, Lie::RefuseConnection);
    const Priority before = docks.priority(u"1"_s);
    QVERIFY(before != Priority::Urgent);
    QVERIFY(docks.run(commands::SetFields { u"desk:1"_s, { { u"priority"_s, urgent } } }));
    QTRY_COMPARE(docks.outbox->changes().size(), 1);
    QTRY_VERIFY_WITH_TIMEOUT(
        Docks::heard(*docks.outbox).contains(u"cannot be reached"_s), Patience);
    auto *drop = docks.outbox->findChild<QPushButton *>(u"outboxDrop"_s);
    docks.answers.refuse();
    drop->click();
    QTRY_COMPARE(docks.answers.left(), 0);
    QCOMPARE(docks.outbox->changes().size(), 1);
    // It says what is lost, not that something is.
    const QString asked = docks.answers.asked().last();
    for (const QString &part :
        { u"Drop: Change of priority"_s, u"Priority: "_s, u"desk"_s, u"cannot be undone"_s })
        QVERIFY2(asked.contains(part), qPrintable(asked));
    docks.answers.confirm();
    drop->click();
    QTRY_VERIFY(docks.outbox->empty().isVisible());
    QCOMPARE(docks.priority(u"1"_s), before);
    QCOMPARE(docks.reported, QStringList());
}

void TestSyncDocks::oursIsKept()
{
    Docks docks;
    QVERIFY(docks.start());
    QVERIFY(docks.run(commands::SetFields { u"desk:1"_s, { { u"priority"_s, urgent } } }));
    docks.program.live.with([](FakeDesk &desk) { desk.set(u"1"_s, u"8"_s, field::priority, low); });
    QTRY_COMPARE_WITH_TIMEOUT(docks.conflicts->disagreements().size(), 1, Patience);
    const QString heard = Docks::heard(*docks.conflicts);
    for (const QString &part :
        { u"Priority"_s, u"desk:1"_s, u"Ours: urgent"_s, u"Theirs: low"_s, u"Before: "_s })
        QVERIFY2(heard.contains(part), qPrintable(heard));
    QApplication::setActiveWindow(docks.conflicts.get()); // keys go nowhere else
    docks.conflicts->view().setFocus();
    QTest::keyClick(&docks.conflicts->view(), Qt::Key_1);
    QTRY_VERIFY_WITH_TIMEOUT(docks.conflicts->empty().isVisible(), Patience);
    QTRY_COMPARE_WITH_TIMEOUT(docks.there(u"1"_s, field::priority).toString(), urgent, Patience);
    QTRY_COMPARE_WITH_TIMEOUT(docks.program.state().conflicts, 0, Patience);
}

void TestSyncDocks::theirsIsTaken()
{
    Docks docks;
    QVERIFY(docks.start());
    QVERIFY(docks.run(commands::SetFields { u"desk:1"_s, { { u"priority"_s, urgent } } }));
    docks.program.live.with([](FakeDesk &desk) { desk.set(u"1"_s, u"8"_s, field::priority, low); });
    QTRY_COMPARE_WITH_TIMEOUT(docks.conflicts->disagreements().size(), 1, Patience);
    QTest::mouseClick(
        docks.conflicts->findChild<QPushButton *>(u"conflictTheirs"_s), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(docks.conflicts->empty().isVisible(), Patience);
    QCOMPARE(docks.priority(u"1"_s), Priority::Low);
    QCOMPARE(docks.there(u"1"_s, field::priority).toString(), low);
    QTRY_COMPARE_WITH_TIMEOUT(docks.program.state().waiting, 0, Patience);
}

void TestSyncDocks::theTicketSaysHowItStands()
{
    Docks docks;
    QVERIFY(docks.start());
    QVERIFY(docks.openTicket(u"desk:2"_s));
    auto *row = docks.ticket->findChild<ui::SyncRow *>();
    QVERIFY(row->text().isEmpty()); // what is well is quiet
    docks.program.tell(anyCall, Lie::RefuseConnection);
    QVERIFY(docks.run(commands::Reply { u"desk:2"_s, u"Soon."_s }));
    QTRY_VERIFY_WITH_TIMEOUT(row->text().contains(u"Reply · desk cannot be reached"_s), Patience);
    QSignalSpy wanted(docks.bench.get(), &ui::Workbench::dockWanted);
    row->findChild<QPushButton *>(u"syncAction"_s)->click();
    QCOMPARE(wanted.takeFirst().first().toString(), u"outbox"_s);
    docks.program.beHonest();
    QTRY_VERIFY_WITH_TIMEOUT(row->text().isEmpty(), Patience);
    // Merged there, it leads to the other.
    docks.program.live.with([](FakeDesk &desk) { desk.merge(u"2"_s, u"3"_s); });
    QTRY_VERIFY_WITH_TIMEOUT(row->text().contains(u"merged this ticket into desk:3"_s), Patience);
    row->findChild<QPushButton *>(u"syncAction"_s)->click();
    QTRY_VERIFY(
        docks.bench->ticket() && docks.bench->ticket()->details.state.ticket.key == u"desk:3"_s);
}

void TestSyncDocks::aFileIsFetchedAndSaved()
{
    Docks docks;
    QVERIFY(docks.start());
    docks.program.live.with([](FakeDesk &desk) {
        desk.say(u"1"_s, u"100"_s, MessageKind::PublicReply, u"See the log."_s,
            { { .name = u"../../error log.txt"_s,
                .contentType = u"text/plain"_s,
                .size = 5,
                .bytes = "abcde" } });
    });
    QVERIFY(docks.openTicket(u"desk:1"_s));
    ui::ThreadView &thread = docks.ticket->thread();
    const auto hrefs = [&thread] {
        QStringList found;
        for (QTextBlock block = thread.document()->begin(); block.isValid(); block = block.next()) {
            for (auto it = block.begin(); !it.atEnd(); ++it) {
                if (it.fragment().charFormat().isAnchor())
                    found.append(it.fragment().charFormat().anchorHref());
            }
        }
        return found.join(u' ');
    };
    QTRY_VERIFY_WITH_TIMEOUT(hrefs().startsWith(u"tierline:fetch/"_s), Patience);
    QVERIFY(thread.toPlainText().contains(u"still at desk"_s));
    // Stopped, it can be fetched again.
    docks.program.tell(Ask::Download, Lie::Hang);
    emit thread.anchorClicked(QUrl(hrefs()));
    QTRY_VERIFY(hrefs().startsWith(u"tierline:stop/"_s));
    emit thread.anchorClicked(QUrl(hrefs()));
    QTRY_VERIFY(hrefs().startsWith(u"tierline:fetch/"_s));
    docks.program.beHonest();
    emit thread.anchorClicked(QUrl(hrefs()));
    QTRY_VERIFY_WITH_TIMEOUT(hrefs().startsWith(u"tierline:save/"_s), Patience);
    const QString path = docks.program.folder.filePath(u"saved.txt"_s);
    docks.answers.choose({ path });
    emit thread.anchorClicked(QUrl(hrefs()));
    QTRY_VERIFY(QFile::exists(path));
    QFile saved(path);
    QVERIFY(saved.open(QIODevice::ReadOnly));
    QCOMPARE(saved.readAll(), QByteArray("abcde"));
    QCOMPARE(docks.reported, QStringList());
}

void TestSyncDocks::theQueueMarksWhatWaits()
{
    Docks docks;
    QVERIFY(docks.start());
    ui::QueueDock queue(*docks.bench, { .id = u"L1"_s, .title = u"L1"_s }, ui::TimeWords {});
    queue.resize(420, 700);
    queue.show();
    QTRY_VERIFY(queue.model().rowCount() == 3);
    const auto heard = [&queue](const QString &key) {
        const model::QueueModel &model = queue.model();
        for (int row = 0; row < model.rowCount(); ++row) {
            if (model.index(row, 0).data(model::QueueModel::KeyRole).toString() == key)
                return model.index(row, model::QueueModel::Subject)
                    .data(Qt::AccessibleTextRole)
                    .toString();
        }
        return QString();
    };
    QTRY_VERIFY(heard(u"desk:1"_s).contains(u"priority"_s));
    QVERIFY(!heard(u"desk:1"_s).contains(u"waits"_s));
    docks.program.tell(anyCall, Lie::RefuseConnection);
    QVERIFY(docks.run(commands::Note { u"desk:1"_s, u"For colleagues."_s, {} }));
    QTRY_VERIFY(heard(u"desk:1"_s).contains(u"waits to be sent"_s));
    QVERIFY(!heard(u"desk:2"_s).contains(u"waits"_s));
    docks.program.beHonest();
    docks.program.tell(Push::Note, Lie::Reject);
    QTRY_VERIFY_WITH_TIMEOUT(heard(u"desk:1"_s).contains(u"a change was refused"_s), Patience);
    // Given up in the Outbox, the mark goes.
    QTRY_COMPARE(docks.outbox->changes().size(), 1);
    QTRY_VERIFY(docks.outbox->findChild<QPushButton *>(u"outboxDrop"_s)->isEnabled());
    docks.answers.confirm();
    docks.outbox->findChild<QPushButton *>(u"outboxDrop"_s)->click();
    QTRY_VERIFY(!heard(u"desk:1"_s).contains(u"refused"_s));
    QVERIFY(!heard(u"desk:1"_s).isEmpty());
}

void TestSyncDocks::everythingIsNamed()
{
    Docks docks;
    QVERIFY(docks.start());
    for (const QWidget *dock : { static_cast<QWidget *>(docks.outbox.get()),
             static_cast<QWidget *>(docks.conflicts.get()) })
        QCOMPARE(ui::unnamedControls(dock), QStringList());
}

QTEST_MAIN(TestSyncDocks)
#include "tst_syncdocks.moc"
