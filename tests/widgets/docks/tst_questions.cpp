#include "core/commands/rules.h"
#include "core/desk/engineservice.h"
#include "core/storage/firings.h"
#include "tests/commands/commandtest.h"
#include "widgets/common/accessible.h"
#include "widgets/common/appearance.h"
#include "widgets/common/emptystate.h"
#include "widgets/docks/questions/questionsdock.h"

#include <QApplication>
#include <QDir>
#include <QListView>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QString late
    = u"rule \"Waits\" when no agent reply for 2h then tell customer saying \"We are on it.\""_s;
const QString approval
    = u"rule \"Waits\" when no agent reply for 2h then ask approval of role lead "
      "saying \"Refund above the limit\" and tag approved"_s;

/// A machine that slept three hours past the instant of a rule, with the engine and the dock over it.
struct Asked {
    CommandFixture desk;
    SeededRandom random { 3 };
    std::unique_ptr<desk::Session> session;
    std::unique_ptr<ui::Workbench> bench;
    std::unique_ptr<ui::QuestionsDock> dock;
    QStringList said, reported;

    Result<Done> begin(const QString &rule, int tickets = 1)
    {
        if (auto begun = desk.begin(); !begun)
            return begun;
        commands::Context context = desk.as(u"lea"_s);
        if (!rule.isEmpty()) {
            auto saved = commands::run(context,
                commands::SaveRules {
                    .texts = { { .kind = RuleKind::Rule, .name = u"Waits"_s, .text = rule } },
                    .reason = { u"a test"_s } });
            if (!saved)
                return saved.error();
            auto live = commands::run(context,
                commands::SetRuleState { .rule = u"Waits"_s,
                    .state = RuleState::Live,
                    .reason = { u"a test"_s },
                    .weeklyCap = 0 });
            if (!live)
                return live.error();
        }
        for (int i = 1; i <= tickets; ++i) {
            if (auto made = desk.newTicket(u"T-%1"_s.arg(i)); !made)
                return made.error();
        }
        desk.store.reset();
        desk.clock.advance(5h);
        return Done {};
    }
    bool open(const QString &as, QSize size = { 360, 640 })
    {
        session = std::make_unique<desk::Session>(desk.workspace, desk.clock, random, as);
        bench = std::make_unique<ui::Workbench>(*session);
        QObject::connect(bench.get(), &ui::Workbench::said, bench.get(),
            [this](const QString &sentence) { said.append(sentence); });
        QObject::connect(bench.get(), &ui::Workbench::reported, bench.get(),
            [this](const Error &error) { reported.append(error.detail); });
        QSignalSpy writable(session.get(), &desk::Session::writable);
        session->engine().start({});
        session->open();
        if (!QTest::qWaitFor([&] { return writable.count() > 0; }, 20'000))
            return false;
        dock = std::make_unique<ui::QuestionsDock>(
            *bench, ui::TimeWords { QTimeZone("Europe/Berlin"), QLocale::c() });
        dock->resize(size);
        dock->show();
        QApplication::setActiveWindow(dock.get());
        dock->view().setFocus();
        return QTest::qWaitForWindowActive(dock.get());
    }
    bool waitsFor(size_t count)
    {
        return QTest::qWaitFor(
            [&] {
                return dock->questions().size() == count
                    && size_t(session->engine().state().questions) == count;
            },
            20'000);
    }
    QString heard(int row)
    {
        return dock->view().model()->index(row, 0).data(Qt::AccessibleTextRole).toString();
    }
    template<typename W>
    W *find(const char *name)
    {
        return dock->findChild<W *>(QString::fromLatin1(name));
    }
    /// After the session has ended.
    std::vector<Message> messages()
    {
        dock.reset();
        session->shutDown();
        bench.reset();
        if (!desk.reopen())
            return {};
        return storage::loadMessages(
            desk.connection(), *storage::findAnyTicket(desk.connection(), u"T-1"_s))
            .value_or(std::vector<Message> {});
    }
    ~Asked()
    {
        dock.reset();
        if (session)
            session->shutDown();
        bench.reset();
    }
};

} // namespace

/// What rules do not do without a yes, listed and answered by key.
class TestQuestions : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void anEmptyListSaysWhy();
    void aQuestionSaysWhatIsNeeded();
    void oneKeyIsYes();
    void oneKeyIsNo();
    void theNextOneIsChosen();
    void approvalsAreAskedToo();
    void readersMayNotAnswer();
    void everythingIsNamed();
    void pictures_data();
    void pictures();

private:
    std::unique_ptr<ui::Appearance> m_appearance;
};

void TestQuestions::initTestCase()
{
    m_appearance = std::make_unique<ui::Appearance>(*qApp, ui::SchemeChoice::Light);
    m_appearance->setMotion(false);
}

void TestQuestions::anEmptyListSaysWhy()
{
    Asked d;
    DONE(d.begin({}));
    QVERIFY(d.open(u"ann"_s));
    QTRY_VERIFY(d.dock->empty().isVisible());
    QVERIFY(d.dock->empty().sentence().startsWith(u"Nothing waits for a yes."_s));
    QTest::keyClick(&d.dock->view(), Qt::Key_1); // and there is nothing to answer
    QVERIFY(d.said.isEmpty() && d.reported.isEmpty());
}

void TestQuestions::aQuestionSaysWhatIsNeeded()
{
    Asked d;
    DONE(d.begin(late));
    QVERIFY(d.open(u"ann"_s));
    QVERIFY(d.waitsFor(1));
    const QString heard = d.heard(0);
    for (const QString &part : { u"T-1 · Cannot log in"_s, u"To Ada Lind, Lind AB"_s,
             u"tell customer saying \"We are on it.\""_s, u"3 h late"_s,
             u"Rule “Waits”: no agent reply for 2h"_s })
        QVERIFY2(heard.contains(part), qPrintable(heard));
    QVERIFY(d.find<QPushButton>("questionYes")->isEnabled());
    QTest::keyClick(&d.dock->view(), Qt::Key_Return);
    QTRY_VERIFY(d.bench->ticket() && d.bench->ticket()->details.state.ticket.key == u"T-1"_s);
}

void TestQuestions::oneKeyIsYes()
{
    Asked d;
    DONE(d.begin(late));
    QVERIFY(d.open(u"ann"_s));
    QVERIFY(d.waitsFor(1));
    QTest::keyClick(&d.dock->view(), Qt::Key_1);
    QVERIFY(!d.find<QPushButton>("questionYes")->isEnabled()); // one answer at a time
    QVERIFY(d.waitsFor(0));
    QTRY_VERIFY(d.dock->empty().isVisible());
    QCOMPARE(d.said, QStringList { u"T-1: it is done."_s });
    QVERIFY(d.reported.isEmpty());
    const std::vector<Message> messages = d.messages();
    QCOMPARE(messages.size(), 2U);
    QVERIFY(messages.back().text.contains(u"We are on it."_s));
}

void TestQuestions::oneKeyIsNo()
{
    Asked d;
    DONE(d.begin(late));
    QVERIFY(d.open(u"ann"_s));
    QVERIFY(d.waitsFor(1));
    QTest::keyClick(&d.dock->view(), Qt::Key_2);
    QVERIFY(d.waitsFor(0));
    QCOMPARE(d.said, QStringList { u"T-1: it is not done."_s });
    QCOMPARE(d.messages().size(), 1U);
}

void TestQuestions::theNextOneIsChosen()
{
    Asked d;
    DONE(d.begin(late, 3));
    QVERIFY(d.open(u"ann"_s));
    QVERIFY(d.waitsFor(3));
    d.dock->view().setCurrentIndex(d.dock->view().model()->index(1, 0));
    const QString chosen = d.dock->currentId();
    QTest::keyClick(&d.dock->view(), Qt::Key_2);
    QVERIFY(d.waitsFor(2));
    QVERIFY(!d.dock->currentId().isEmpty() && d.dock->currentId() != chosen);
    QCOMPARE(d.dock->view().currentIndex().row(), 1);
}

void TestQuestions::approvalsAreAskedToo()
{
    Asked d;
    DONE(d.begin(approval));
    QVERIFY(d.open(u"lea"_s));
    QVERIFY(d.waitsFor(1));
    QVERIFY2(d.heard(0).contains(u"tag approved"_s), qPrintable(d.heard(0)));
    QTest::mouseClick(d.find<QPushButton>("questionYes"), Qt::LeftButton);
    QVERIFY(d.waitsFor(0));
    (void)d.messages();
    QVERIFY(d.desk.state(u"T-1"_s).ticket.tags.contains(u"approved"_s));
}

void TestQuestions::readersMayNotAnswer()
{
    Asked d;
    DONE(d.begin(late));
    QVERIFY(d.open(u"ro"_s));
    QVERIFY(d.waitsFor(1));
    QVERIFY(!d.find<QPushButton>("questionYes")->isEnabled());
    QVERIFY(!d.find<QPushButton>("questionNo")->isEnabled());
    QVERIFY(d.find<QPushButton>("questionOpen")->isEnabled());
    QTest::keyClick(&d.dock->view(), Qt::Key_1);
    QVERIFY(d.said.isEmpty());
    QCOMPARE(d.messages().size(), 1U);
}

void TestQuestions::everythingIsNamed()
{
    Asked d;
    DONE(d.begin(late));
    QVERIFY(d.open(u"ann"_s));
    QVERIFY(d.waitsFor(1));
    QCOMPARE(ui::unnamedControls(d.dock.get()).join(u" | "_s), QString());
}

void TestQuestions::pictures_data()
{
    QTest::addColumn<ui::SchemeChoice>("scheme");
    QTest::addColumn<QSize>("size");
    for (const QSize size : { QSize(324, 640), QSize(620, 900) }) {
        QTest::addRow("light-%d", size.width()) << ui::SchemeChoice::Light << size;
        QTest::addRow("dark-%d", size.width()) << ui::SchemeChoice::Dark << size;
    }
}

void TestQuestions::pictures()
{
    QFETCH(ui::SchemeChoice, scheme);
    QFETCH(QSize, size);
    m_appearance->setChoice(scheme);
    Asked d;
    DONE(d.begin(late, 4));
    QVERIFY(d.open(u"ann"_s, size));
    QVERIFY(d.waitsFor(4));
    const QImage picture = d.dock->grab().toImage();
    if (const QString folder = qEnvironmentVariable("TIERLINE_GALLERY"); !folder.isEmpty()) {
        QVERIFY(QDir().mkpath(folder));
        QVERIFY(picture.save(
            u"%1/questions-%2.png"_s.arg(folder, QString::fromLatin1(QTest::currentDataTag()))));
    }
    m_appearance->setChoice(ui::SchemeChoice::Light);
}

QTEST_MAIN(TestQuestions)
#include "tst_questions.moc"
