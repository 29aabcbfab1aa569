#include "core/commands/templates.h"
#include "tests/widgets/dialogs/dialogtest.h"
#include "widgets/common/choicebox.h"
#include "widgets/common/plainlabel.h"
#include "widgets/dialogs/settingsdialog.h"
#include "widgets/dialogs/templatespage.h"
#include "widgets/dialogs/templatetexts.h"

#include <QDir>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTest>

using namespace tierline;
using namespace tierline::ui;
using namespace tierline::test;
using namespace Qt::StringLiterals;

/// The texts that rules send to customers are written, tried and taken away in the settings, all by key.
class TestTemplatesPage : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init() { d = std::make_unique<DialogDesk>(); }
    void oneIsWrittenByKey();
    void placesAreOfferedAndTried();
    void languagesHaveTheirOwnWords();
    void whatIsWrongStandsAtItsField();
    void theDayToReadItAgainIsMarked();
    void oneIsTakenAway();
    void newsDoNotReplaceWhatIsTyped();
    void leadsMayAndAgentsRead();
    void everythingIsNamed();
    void pictures_data();
    void pictures();

private:
    bool begin(const QString &me = u"lea"_s, bool hasTemplates = true);
    TemplatesPage *open();
    commands::Templates stored();
    template<typename W>
    W *on(QWidget *page, const char *name)
    {
        return page->findChild<W *>(QString::fromLatin1(name));
    }
    std::unique_ptr<DialogDesk> d;
    Appearance *m_appearance = nullptr;
};

void TestTemplatesPage::initTestCase()
{
    m_appearance = new Appearance(*qApp, SchemeChoice::Light);
    m_appearance->setMotion(false);
}

bool TestTemplatesPage::begin(const QString &me, bool hasTemplates)
{
    const auto begun = d->begin(me, [&](CommandFixture &f) -> Result<Done> {
        if (!hasTemplates)
            return Done {};
        const commands::Template outage { .text
            = u"Hello {{customer}},\n\nwe know of it and are working on {{id}}: {{subject}}.\nThe next word "
              "comes within an hour."_s,
            .languages = { { u"de"_s, u"Guten Tag {{customer}},\n\nwir arbeiten an {{id}}."_s } },
            .review = QDate(2020, 1, 31) };
        TIERLINE_CHECK(f.change("lea", commands::PutTemplate { u"outage"_s, outage, u"a test"_s }));
        TIERLINE_CHECK(f.change("lea",
            commands::SaveTemplate {
                u"refund"_s, u"The refund of {{id}} is on its way."_s, u"a test"_s }));
        return Done {};
    });
    return begun && d->open();
}

TemplatesPage *TestTemplatesPage::open()
{
    auto *settings = d->dialog<SettingsDialog>(u"settings"_s);
    if (!settings)
        return nullptr;
    settings->showPage(u"templates"_s);
    auto *page = qobject_cast<TemplatesPage *>(settings->page());
    return page && QTest::qWaitFor([&] { return page->isRead(); }, 10'000) ? page : nullptr;
}

commands::Templates TestTemplatesPage::stored()
{
    auto read = d->session->read([](storage::Connection &connection, const Visibility &) {
        return commands::loadTemplates(connection);
    });
    if (!QTest::qWaitFor([&] { return read.isFinished(); }, 10'000))
        return {};
    return read.result().value_or(commands::Templates {});
}

void TestTemplatesPage::oneIsWrittenByKey()
{
    QVERIFY(begin(u"lea"_s, false));
    auto *page = open();
    QVERIFY(page);
    QWidget *dialog = page->window();
    on<QPushButton>(page, "add")->setFocus();
    press(dialog, Qt::Key_Space);
    QCOMPARE(dialog->focusWidget(), on<QLineEdit>(page, "name"));
    type(dialog, u"wait"_s);
    press(dialog, Qt::Key_Tab); // the language
    press(dialog, Qt::Key_Tab); // the places
    press(dialog, Qt::Key_Tab);
    QCOMPARE(dialog->focusWidget(), on<QPlainTextEdit>(page, "words"));
    type(dialog, u"We are on it."_s);
    press(dialog, Qt::Key_Tab);
    QCOMPARE(dialog->focusWidget(), on<QLineEdit>(page, "review"));
    type(dialog, u"2099-01-31"_s);
    press(dialog, Qt::Key_Tab);
    type(dialog, u"asked for"_s);
    go(dialog);
    const commands::Template wanted { .text = u"We are on it."_s, .review = QDate(2099, 1, 31) };
    QTRY_COMPARE(stored(), (commands::Templates { { u"wait"_s, wanted } }));
    QTRY_COMPARE(on<QListWidget>(page, "entries")->count(), 1);
    QTRY_VERIFY(page->unsaved().isEmpty());
    QCOMPARE(on<QLineEdit>(page, "why")->text(), QString());
}

void TestTemplatesPage::placesAreOfferedAndTried()
{
    QVERIFY(begin(u"lea"_s, false));
    auto *page = open();
    QVERIFY(page);
    QWidget *dialog = page->window();
    auto *words = on<QPlainTextEdit>(page, "words");
    words->setFocus();
    type(dialog, u"Dear "_s);
    press(dialog, Qt::Key_Space, Qt::ControlModifier);
    auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    QVERIFY(menu);
    QCOMPARE(menu->actions().size(), commands::customerPlaces().size());
    press(dialog, Qt::Key_Down);
    press(dialog, Qt::Key_Down);
    press(dialog, Qt::Key_Down);
    press(dialog, Qt::Key_Return);
    QTRY_COMPARE(words->toPlainText(), u"Dear {{customer}}"_s);
    auto *texts = page->findChild<TemplateTexts *>();
    QCOMPARE(texts->preview(), u"Dear Dana Whitfield"_s);
    type(dialog, u" {{rule}}"_s);
    QVERIFY(on<PlainLabel>(page, "placeProblem")->isVisible());
    QVERIFY(on<PlainLabel>(page, "placeProblem")->text().contains(u"{{rule}}"));
}

void TestTemplatesPage::languagesHaveTheirOwnWords()
{
    QVERIFY(begin());
    auto *page = open();
    QVERIFY(page);
    auto *texts = page->findChild<TemplateTexts *>();
    on<ChoiceBox>(page, "language")->choose(u"de"_s);
    QVERIFY(texts->preview().startsWith(u"Guten Tag Dana Whitfield"));
    on<ChoiceBox>(page, "language")->choose(u"fr"_s);
    QCOMPARE(on<QPlainTextEdit>(page, "words")->toPlainText(), QString());
    QVERIFY(texts->preview().startsWith(u"Hello Dana Whitfield")); // what they get so far
    on<QPlainTextEdit>(page, "words")->setFocus();
    type(page->window(), u"Bonjour {{customer}}"_s);
    QCOMPARE(texts->preview(), u"Bonjour Dana Whitfield"_s);
    QCOMPARE(page->unsaved().size(), 1);
    QVERIFY(page->unsaved().first().contains(u"outage"_s));
    QSignalSpy saved(page, &SettingsPage::saved);
    on<QLineEdit>(page, "why")->setText(u"asked for"_s);
    go(page->window());
    QTRY_COMPARE(saved.count(), 1);
    QTRY_COMPARE(stored()[u"outage"_s].languages.value(u"fr"_s), u"Bonjour {{customer}}"_s);
    QCOMPARE(stored()[u"outage"_s].languages.size(), 2);
    // Words that are taken out of a language leave it to those for all others.
    on<ChoiceBox>(page, "language")->choose(u"de"_s);
    on<QPlainTextEdit>(page, "words")->clear();
    on<QLineEdit>(page, "why")->setText(u"not needed"_s);
    QTRY_VERIFY(static_cast<FormDialog *>(page->window())->verbButton()->isEnabled());
    go(page->window());
    QTRY_COMPARE(stored()[u"outage"_s].languages.keys(), QStringList { u"fr"_s });
}

void TestTemplatesPage::whatIsWrongStandsAtItsField()
{
    QVERIFY(begin());
    auto *page = open();
    QVERIFY(page);
    QWidget *dialog = page->window();
    on<QLineEdit>(page, "review")->setText(u"soon"_s);
    go(dialog);
    QCOMPARE(page->set().refusedField(), u"review"_s);
    on<QLineEdit>(page, "review")->clear();
    go(dialog); // without a reason
    QTRY_COMPARE(page->set().refusedField(), u"why"_s);
    on<QLineEdit>(page, "why")->setText(u"x"_s);
    on<QPlainTextEdit>(page, "words")->setPlainText(u"{{nobody}}"_s);
    QTRY_VERIFY(static_cast<FormDialog *>(dialog)->verbButton()->isEnabled());
    go(dialog);
    QTRY_COMPARE(page->set().refusedField(), u"text"_s);
    on<ChoiceBox>(page, "language")->choose(u"es"_s);
    on<QPlainTextEdit>(page, "words")->setPlainText(u"Hola"_s);
    on<ChoiceBox>(page, "language")->choose(u"any"_s);
    on<QPlainTextEdit>(page, "words")->clear();
    on<ChoiceBox>(page, "language")->choose(u"es"_s);
    QTRY_VERIFY(static_cast<FormDialog *>(dialog)->verbButton()->isEnabled());
    go(dialog);
    QTRY_VERIFY(page->set().refusal().contains(u"any other language"));
    QCOMPARE(on<ChoiceBox>(page, "language")->value(), u"any"_s);
    QTest::mouseClick(on<QPushButton>(page, "add"), Qt::LeftButton);
    on<QLineEdit>(page, "name")->setText(u"Outage"_s);
    go(dialog);
    QTRY_COMPARE(page->set().refusedField(), u"name"_s);
    QVERIFY(stored()[u"outage"_s].text.startsWith(u"Hello"));
}

void TestTemplatesPage::theDayToReadItAgainIsMarked()
{
    QVERIFY(begin());
    auto *page = open();
    QVERIFY(page);
    auto *list = on<QListWidget>(page, "entries");
    QVERIFY(list->item(0)->text().contains(u"outage · read again"_s));
    QCOMPARE(list->item(1)->text(), u"refund"_s);
}

void TestTemplatesPage::oneIsTakenAway()
{
    QVERIFY(begin());
    auto *page = open();
    QVERIFY(page);
    on<QPushButton>(page, "remove")->click();
    QTRY_COMPARE(page->set().refusedField(), u"why"_s);
    on<QLineEdit>(page, "why")->setText(u"it is over"_s);
    on<QPushButton>(page, "remove")->click();
    QTRY_COMPARE(stored().keys(), QStringList { u"refund"_s });
    QTRY_COMPARE(on<QListWidget>(page, "entries")->count(), 1);
    QCOMPARE(on<QLineEdit>(page, "name")->text(), u"refund"_s);
    QCOMPARE(page->unsaved(), QStringList());
}

void TestTemplatesPage::newsDoNotReplaceWhatIsTyped()
{
    QVERIFY(begin());
    auto *page = open();
    QVERIFY(page);
    on<QPlainTextEdit>(page, "words")->setPlainText(u"Mine"_s);
    auto saved = d->session->change(
        commands::SaveTemplate { u"outage"_s, u"Theirs"_s, u"from elsewhere"_s });
    QTRY_VERIFY(saved.isFinished());
    QVERIFY(saved.result().has_value());
    auto added
        = d->session->change(commands::SaveTemplate { u"zoo"_s, u"New"_s, u"from elsewhere"_s });
    QTRY_COMPARE(on<QListWidget>(page, "entries")->count(), 3);
    QCOMPARE(on<QPlainTextEdit>(page, "words")->toPlainText(), u"Mine"_s);
}

void TestTemplatesPage::leadsMayAndAgentsRead()
{
    QVERIFY(begin(u"bob"_s));
    auto *page = open();
    QVERIFY(page);
    auto *settings = qobject_cast<SettingsDialog *>(page->window());
    const auto *whose = on<PlainLabel>(settings, "whoMay");
    QVERIFY(!settings->verbButton()->isVisible());
    QVERIFY(whose->isVisible() && whose->text().contains(u"for leads and admins"));
    QVERIFY(!on<QLineEdit>(page, "name")->isEnabled());
    QVERIFY(!on<QPushButton>(page, "add")->isEnabled());
    QVERIFY(!on<QPushButton>(page, "remove")->isEnabled());
    QVERIFY(!on<QPushButton>(page, "places")->isEnabled());
    QVERIFY(on<QPlainTextEdit>(page, "words")->isReadOnly());
    on<ChoiceBox>(page, "language")->choose(u"de"_s);
    QVERIFY(on<QPlainTextEdit>(page, "words")->toPlainText().startsWith(u"Guten Tag"));
    // Each page says whose it is, and one's own says nothing.
    d = std::make_unique<DialogDesk>();
    QVERIFY(begin(u"lea"_s));
    page = open();
    QVERIFY(page);
    settings = qobject_cast<SettingsDialog *>(page->window());
    whose = on<PlainLabel>(settings, "whoMay");
    QVERIFY(!whose->isVisible());
    settings->showPage(u"hours"_s);
    QVERIFY(!whose->isVisible());
    settings->showPage(u"teams"_s);
    QVERIFY(whose->isVisible() && whose->text().contains(u"an admin's to change"));
    settings->showPage(u"quiet"_s);
    QVERIFY(whose->isVisible() && whose->text().contains(u"Quiet times"));
}

void TestTemplatesPage::everythingIsNamed()
{
    QVERIFY(begin());
    auto *page = open();
    QVERIFY(page);
    QCOMPARE(unnamedControls(page->window()).join(u'|'), QString());
}

void TestTemplatesPage::pictures_data()
{
    QTest::addColumn<SchemeChoice>("scheme");
    QTest::addColumn<qreal>("scale");
    QTest::newRow("light") << SchemeChoice::Light << 1.0;
    QTest::newRow("dark") << SchemeChoice::Dark << 1.0;
    QTest::newRow("large") << SchemeChoice::Light << 1.5;
}

void TestTemplatesPage::pictures()
{
    QFETCH(SchemeChoice, scheme);
    QFETCH(qreal, scale);
    m_appearance->setChoice(scheme);
    m_appearance->setTextScale(scale);
    const auto save = [](QWidget *dialog, const QString &name) {
        QTest::qWait(0);
        if (const QString folder = qEnvironmentVariable("TIERLINE_GALLERY"); !folder.isEmpty()) {
            QVERIFY(QDir().mkpath(folder));
            QVERIFY(dialog->grab().save(u"%1/templates-%2-%3.png"_s.arg(
                folder, name, QString::fromLatin1(QTest::currentDataTag()))));
        }
        QCOMPARE(clipped(dialog).join(u'|'), QString());
    };
    QVERIFY(begin());
    auto *page = open();
    QVERIFY(page);
    save(page->window(), u"one"_s);
    on<ChoiceBox>(page, "language")->choose(u"de"_s);
    on<QPlainTextEdit>(page, "words")->setPlainText(u"Guten Tag {{customer}}, {{regel}}"_s);
    save(page->window(), u"wrong"_s);
    d = std::make_unique<DialogDesk>();
    QVERIFY(begin(u"bob"_s));
    page = open();
    QVERIFY(page);
    save(page->window(), u"read"_s);
    m_appearance->setChoice(SchemeChoice::Light);
    m_appearance->setTextScale(1.0);
}

QTEST_MAIN(TestTemplatesPage)
#include "tst_templatespage.moc"
