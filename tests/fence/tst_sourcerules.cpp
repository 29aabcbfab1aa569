#include "tests/fence/sourcerules.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace tierline::fence;
using namespace Qt::StringLiterals;

namespace {

const QString root = QStringLiteral(TIERLINE_SOURCE_DIR);

const SourceRule *ruleNamed(const QString &name)
{
    for (const SourceRule &rule : sourceRules()) {
        if (rule.name == name)
            return &rule;
    }
    return nullptr;
}

const QList<SourceFile> &allSources()
{
    static const QList<SourceFile> sources
        = readSources(root, { u"core"_s, u"widgets"_s, u"app"_s, u"tests"_s });
    return sources;
}

void write(const QString &path, const QByteArray &text)
{
    QVERIFY(QDir().mkpath(path.section(u'/', 0, -2)));
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

} // namespace

class TestSourceRules : public QObject
{
    Q_OBJECT
private slots:
    void blanks_data();
    void blanks();
    void keepsLineNumbers();
    void everyRuleBites_data();
    void everyRuleBites();
    void bitesMore_data();
    void bitesMore();
    void sparesMore_data();
    void sparesMore();
    void holdsOnlyWhereItSays();
    void takesReasonedExceptions();
    void lengthBites();
    void readmesBite();
    void sourcesHold_data();
    void sourcesHold();
    void sourcesAreShort();
    void roomsHaveReadmes();
};

void TestSourceRules::blanks_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("withStrings");
    QTest::addColumn<QString>("withoutStrings");
    QTest::newRow("line comment") << u"a; // b\nc"_s << u"a;     \nc"_s << u"a;     \nc"_s;
    QTest::newRow("block comment") << u"a/*b\nc*/d"_s << u"a   \n   d"_s << u"a   \n   d"_s;
    QTest::newRow("string") << u"f(\"x\");"_s << u"f(\"x\");"_s << u"f(\" \");"_s;
    QTest::newRow("comment in a string")
        << u"f(\"//x\");"_s << u"f(\"//x\");"_s << u"f(\"   \");"_s;
    QTest::newRow("quote in a string")
        << u"f(\"a\\\"b\");g"_s << u"f(\"a\\\"b\");g"_s << u"f(\"    \");g"_s;
    QTest::newRow("quote as a letter") << u"'\"'; x"_s << u"'\"'; x"_s << u"' '; x"_s;
    QTest::newRow("digit separator") << u"1'000; \"a\""_s << u"1'000; \"a\""_s << u"1'000; \" \""_s;
    QTest::newRow("raw string") << u"uR\"(a\"//b)\"; c"_s << u"uR\"(a\"//b)\"; c"_s
                                << u"u          ; c"_s;
    QTest::newRow("raw string with a mark")
        << u"R\"x(a)\")x\"; c"_s << u"R\"x(a)\")x\"; c"_s << u"          ; c"_s;
    QTest::newRow("open comment at the end") << u"a /* b"_s << u"a     "_s << u"a     "_s;
}

void TestSourceRules::blanks()
{
    QFETCH(QString, text);
    QFETCH(QString, withStrings);
    QFETCH(QString, withoutStrings);
    QCOMPARE(blanked(text, Blank::Comments), withStrings);
    QCOMPARE(blanked(text, Blank::CommentsAndStrings), withoutStrings);
}

void TestSourceRules::keepsLineNumbers()
{
    for (const SourceFile &source : allSources()) {
        const QString blank = blanked(source.text, Blank::CommentsAndStrings);
        QVERIFY2(
            blank.size() == source.text.size() && blank.count(u'\n') == source.text.count(u'\n'),
            qPrintable(source.path));
    }
}

void TestSourceRules::everyRuleBites_data()
{
    QTest::addColumn<QString>("name");
    for (const SourceRule &rule : sourceRules())
        QTest::newRow(qPrintable(rule.name)) << rule.name;
}

void TestSourceRules::everyRuleBites()
{
    QFETCH(QString, name);
    const SourceRule *rule = ruleNamed(name);
    QVERIFY(rule);
    const QString path = rule->within.first() + u"room/x.cpp"_s;
    const auto found = checkSource({ path, u"int a;\n"_s + rule->bites + u'\n' }, *rule);
    QVERIFY(!found.isEmpty());
    QCOMPARE(found.first().line, 2);
    QCOMPARE(printed(checkSource({ path, rule->spares }, *rule)), QString());
}

void TestSourceRules::bitesMore_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("line");
    QTest::newRow("processEvents") << u"event-loop"_s << u"QCoreApplication::processEvents();"_s;
    QTest::newRow("blocking") << u"wait"_s
                              << u"connect(a, &A::b, c, &C::d, Qt::BlockingQueuedConnection);"_s;
    QTest::newRow("std sleep") << u"sleep"_s << u"std::this_thread::sleep_for(1s);"_s;
    QTest::newRow("C sleep") << u"sleep"_s << u"usleep(100);"_s;
    QTest::newRow("qSleep") << u"sleep"_s << u"QTest::qSleep(100);"_s;
    QTest::newRow("menu") << u"exec"_s << u"menu->exec(pos);"_s;
    QTest::newRow("file dialog") << u"static-dialog"_s << u"QFileDialog::getOpenFileName(this);"_s;
    QTest::newRow("epoch") << u"clock"_s << u"QDateTime::currentMSecsSinceEpoch()"_s;
    QTest::newRow("time_t") << u"clock"_s << u"auto t = std::time(nullptr);"_s;
    QTest::newRow("date") << u"clock"_s << u"QDate::currentDate()"_s;
    QTest::newRow("uuid") << u"random"_s << u"QUuid::createUuid()"_s;
    QTest::newRow("rand") << u"random"_s << u"x = rand() % 6;"_s;
    QTest::newRow("hex string") << u"colour"_s << u"const auto c = u\"#0a0B0c\"_s;"_s;
    QTest::newRow("style sheet") << u"colour"_s << u"setStyleSheet(\"color: #fff\");"_s;
    QTest::newRow("numbers") << u"colour"_s << u"QColor(255, 0, 0)"_s;
    QTest::newRow("global colour") << u"colour"_s << u"setPen(Qt::darkRed);"_s;
    QTest::newRow("QObject::tr") << u"tr"_s << u"QObject::tr(\"x\")"_s;
    QTest::newRow("lambda without context")
        << u"connect"_s << u"connect(m_x, &X::done, [this] { go(); });"_s;
    QTest::newRow("mark in a comment") << u"todo"_s << u"// FIXME: this"_s;
}

void TestSourceRules::bitesMore()
{
    QFETCH(QString, name);
    QFETCH(QString, line);
    QCOMPARE(checkSource({ u"core/room/x.cpp"_s, line }, *ruleNamed(name)).size(), 1);
}

void TestSourceRules::sparesMore_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("line");
    QTest::newRow("in a comment") << u"event-loop"_s << u"// no QEventLoop here"_s;
    QTest::newRow("in a string") << u"wait"_s << u"log(\"waitForFinished\");"_s;
    QTest::newRow("SQLite") << u"exec"_s << u"sqlite3_exec(db, sql, nullptr, nullptr, nullptr);"_s;
    QTest::newRow("box on the heap")
        << u"static-dialog"_s << u"new QMessageBox(QMessageBox::Warning, a, b)"_s;
    QTest::newRow("member time") << u"clock"_s << u"ticket.time(0)"_s;
    QTest::newRow("elapsed") << u"clock"_s << u"QElapsedTimer timer;"_s;
    QTest::newRow("ticket number") << u"colour"_s << u"u\"see #1234 and #abc\"_s"_s;
    QTest::newRow("colour of a palette")
        << u"colour"_s << u"QColor text = palette.color(QPalette::Text);"_s;
    QTest::newRow("attr") << u"tr"_s << u"attr(x); str(y); view.tr(z);"_s;
    QTest::newRow("signal name") << u"connect"_s << u"connect(a, &A::done, this, &B::go);"_s;
}

void TestSourceRules::sparesMore()
{
    QFETCH(QString, name);
    QFETCH(QString, line);
    QCOMPARE(printed(checkSource({ u"core/room/x.cpp"_s, line }, *ruleNamed(name))), QString());
}

void TestSourceRules::holdsOnlyWhereItSays()
{
    const QString line = u"QDateTime::currentDateTimeUtc();"_s;
    QCOMPARE(checkSource({ u"core/desk/x.cpp"_s, line }, *ruleNamed(u"clock"_s)).size(), 1);
    QCOMPARE(checkSource({ u"core/base/clock.cpp"_s, line }, *ruleNamed(u"clock"_s)).size(), 0);
    QCOMPARE(checkSource({ u"tests/desk/x.cpp"_s, line }, *ruleNamed(u"clock"_s)).size(), 0);
    QCOMPARE(checkSource(
                 { u"widgets/common/tokens.cpp"_s, u"QColor(1, 2, 3)"_s }, *ruleNamed(u"colour"_s))
                 .size(),
        0);
    QCOMPARE(
        checkSource({ u"widgets/dialogs/x.cpp"_s, u"tr(\"x\")"_s }, *ruleNamed(u"tr"_s)).size(), 0);
}

void TestSourceRules::takesReasonedExceptions()
{
    const SourceRule &rule = *ruleNamed(u"exec"_s);
    const QString path = u"app/desktop/main.cpp"_s;
    QCOMPARE(checkSource(
                 { path, u"drag->exec(); // fence: exec because QDrag has no other way"_s }, rule)
                 .size(),
        0);
    QCOMPARE(checkSource(
                 { path, u"// fence: exec because QDrag has no other way\ndrag->exec();"_s }, rule)
                 .size(),
        0);
    QCOMPARE(
        checkSource(
            { path, u"// fence: exec because QDrag has no other way\n\ndrag->exec();"_s }, rule)
            .size(),
        1);
    QCOMPARE(checkSource({ path, u"drag->exec(); // fence: exec because so"_s }, rule).size(), 1);
    QCOMPARE(checkSource(
                 { path, u"drag->exec(); // fence: wait because QDrag has no other way"_s }, rule)
                 .size(),
        1);
}

void TestSourceRules::lengthBites()
{
    QCOMPARE(checkLength({ u"core/x.cpp"_s, QString(600, u'\n') }).size(), 0);
    QCOMPARE(checkLength({ u"core/x.cpp"_s, QString(601, u'\n') }).size(), 1);
}

void TestSourceRules::readmesBite()
{
    QTemporaryDir dir;
    const QString core = dir.path() + u"/core"_s;
    for (const char *room : { "/good", "/long", "/none", "/short" })
        write(core + QString::fromLatin1(room) + u"/CMakeLists.txt"_s, "x\n");
    write(core + u"/good/README.md"_s, QByteArray(60, '\n'));
    write(core + u"/long/README.md"_s, QByteArray(61, '\n'));
    write(core + u"/short/README.md"_s, "# Short\n");
    QStringList paths;
    for (const Finding &finding : checkReadmes(dir.path(), { u"core"_s }))
        paths.append(finding.path);
    QCOMPARE(paths,
        QStringList(
            { u"core/long/README.md"_s, u"core/none/README.md"_s, u"core/short/README.md"_s }));
}

void TestSourceRules::sourcesHold_data()
{
    everyRuleBites_data();
}

void TestSourceRules::sourcesHold()
{
    QFETCH(QString, name);
    QVERIFY2(allSources().size() > 10, "the sources were not found");
    QList<Finding> findings;
    for (const SourceFile &source : allSources())
        findings += checkSource(source, *ruleNamed(name));
    QVERIFY2(findings.isEmpty(), qPrintable(u"\n"_s + printed(findings)));
}

void TestSourceRules::sourcesAreShort()
{
    QList<Finding> findings;
    for (const SourceFile &source : allSources()) {
        if (!source.path.startsWith("tests/"_L1))
            findings += checkLength(source);
    }
    QVERIFY2(findings.isEmpty(), qPrintable(u"\n"_s + printed(findings)));
}

void TestSourceRules::roomsHaveReadmes()
{
    const auto findings = checkReadmes(root, { u"core"_s, u"widgets"_s, u"app"_s });
    QVERIFY2(findings.isEmpty(), qPrintable(u"\n"_s + printed(findings)));
}

QTEST_GUILESS_MAIN(TestSourceRules)
#include "tst_sourcerules.moc"
