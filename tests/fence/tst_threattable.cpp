#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;

namespace {

const QString root = QStringLiteral(TIERLINE_SOURCE_DIR);

QString textOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

/// "tst_links::verdicts" of each row of the table of threats in tests/README.md, by its subject.
struct Row {
    QString subject;
    QStringList tests;
};

QList<Row> rowsOf(const QString &readme)
{
    static const QRegularExpression line(
        u"^\\| ([^|`]+?) \\| ([^|]*`[^|]*) \\|$"_s, QRegularExpression::MultilineOption);
    static const QRegularExpression name(u"`([a-z_]+(?:::\\w+)?)`"_s);
    QList<Row> rows;
    for (const auto &found : line.globalMatch(readme)) {
        Row row { .subject = found.captured(1) };
        for (const auto &test : name.globalMatch(found.captured(2)))
            row.tests.append(test.captured(1));
        rows.append(row);
    }
    return rows;
}

/// What is wrong with a name; empty: there is such a test function.
QString wrong(const QString &test, const QHash<QString, QString> &programs)
{
    const QString program = test.section(u"::"_s, 0, 0);
    const QString function = test.section(u"::"_s, 1);
    if (function.isEmpty())
        return u"%1 names no function"_s.arg(test);
    if (!programs.contains(program))
        return u"there is no test program %1"_s.arg(program);
    const QRegularExpression slot(u"\\bvoid (\\w+::)?%1\\(\\)"_s.arg(function));
    return slot.match(programs.value(program)).hasMatch()
        ? QString()
        : u"%1 has no test function %2"_s.arg(program, function);
}

} // namespace

/// The table in tests/README.md says which test stands for which threat; each of them is there.
class TestThreatTable : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void bites();
    void everyNamedTestIsThere();

private:
    QHash<QString, QString> m_programs; ///< text by name
};

void TestThreatTable::initTestCase()
{
    QDirIterator files(root + u"/tests"_s, { u"tst_*.cpp"_s, u"fuzz_*.cpp"_s }, QDir::Files,
        QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString path = files.next();
        m_programs.insert(files.fileInfo().completeBaseName(), textOf(path));
    }
    QVERIFY(m_programs.size() > 50);
}

void TestThreatTable::bites()
{
    const auto rows
        = rowsOf(u"| A thing | `tst_a::b`, `tst_c` |\n| --- | --- |\n| no test |  |\n"_s);
    QCOMPARE(rows.size(), 1);
    QCOMPARE(rows[0].subject, u"A thing"_s);
    QCOMPARE(rows[0].tests, QStringList({ u"tst_a::b"_s, u"tst_c"_s }));
    const QHash<QString, QString> programs { { u"tst_a"_s, u"void b();\nvoid TestA::d()\n"_s } };
    QCOMPARE(wrong(u"tst_a::b"_s, programs), QString());
    QCOMPARE(wrong(u"tst_a::d"_s, programs), QString());
    QVERIFY(!wrong(u"tst_a::e"_s, programs).isEmpty());
    QVERIFY(!wrong(u"tst_c"_s, programs).isEmpty());
    QVERIFY(!wrong(u"tst_c::x"_s, programs).isEmpty());
}

void TestThreatTable::everyNamedTestIsThere()
{
    const QList<Row> rows = rowsOf(textOf(root + u"/tests/README.md"_s));
    QVERIFY2(rows.size() >= 18, qPrintable(QString::number(rows.size())));
    QStringList problems;
    for (const Row &row : rows) {
        for (const QString &test : row.tests) {
            if (const QString problem = wrong(test, m_programs); !problem.isEmpty())
                problems.append(row.subject + u": "_s + problem);
        }
    }
    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
}

QTEST_GUILESS_MAIN(TestThreatTable)
#include "tst_threattable.moc"
