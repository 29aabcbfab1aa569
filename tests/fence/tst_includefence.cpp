#include "tests/fence/includefence.h"

#include <QFile>
#include <QTest>

using namespace tierline::fence;
using namespace Qt::StringLiterals;

namespace {

const QString smallTable = uR"(
core/base | | QtCore
core/text | core/base | QtCore gumbo
core/storage | core/base core/text | QtCore sqlite3
core/connectors/api | core/base | QtCore
core/connectors/* | core/base core/connectors/api | QtCore QtNetwork
widgets/docks/* | core/base | QtCore QtGui QtWidgets
app/desktop | * | QtCore QtGui QtWidgets
)"_s;

QString readText(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

} // namespace

class TestIncludeFence : public QObject
{
    Q_OBJECT
private slots:
    void catches_data();
    void catches();
    void lets_data();
    void lets();
    void saysWhere();
    void readsNoComments();
    void refusesBadTables_data();
    void refusesBadTables();
    void knowsEveryLibrary_data();
    void knowsEveryLibrary();
    void theTableIsWhole();
    void theTableHasNoCircles();
    void holdsForEveryRoom_data();
    void holdsForEveryRoom();
};

void TestIncludeFence::catches_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("include");
    QTest::newRow("upward") << u"core/base/x.h"_s << u"\"core/storage/store.h\""_s;
    QTest::newRow("upward by one") << u"core/text/x.h"_s << u"\"core/storage/store.h\""_s;
    QTest::newRow("core to widgets")
        << u"core/text/x.h"_s << u"\"widgets/docks/queue/queuedock.h\""_s;
    QTest::newRow("core to app") << u"core/text/x.h"_s << u"\"app/desktop/shell.h\""_s;
    QTest::newRow("product to tests") << u"core/text/x.h"_s << u"\"tests/support/fakeclock.h\""_s;
    QTest::newRow("another dock") << u"widgets/docks/queue/x.h"_s
                                  << u"\"widgets/docks/ticket/ticketdock.h\""_s;
    QTest::newRow("another connector")
        << u"core/connectors/rt/x.h"_s << u"\"core/connectors/jira/jira.h\""_s;
    QTest::newRow("api to a connector")
        << u"core/connectors/api/x.h"_s << u"\"core/connectors/rt/rt.h\""_s;
    QTest::newRow("dots") << u"core/text/x.h"_s << u"\"../base/result.h\""_s;
    QTest::newRow("dots inside") << u"core/text/x.h"_s << u"\"core/base/../storage/store.h\""_s;
    QTest::newRow("a dot") << u"core/text/x.h"_s << u"\"./mask.h\""_s;
    QTest::newRow("absolute") << u"core/text/x.h"_s << u"\"/core/base/result.h\""_s;
    QTest::newRow("own room without its path") << u"core/text/x.h"_s << u"\"mask.h\""_s;
    QTest::newRow("room in angle brackets") << u"core/text/x.h"_s << u"<core/storage/store.h>"_s;
    QTest::newRow("private header") << u"core/storage/x.h"_s << u"\"core/text/html_p.h\""_s;
    QTest::newRow("Gui by its folder") << u"core/text/x.h"_s << u"<QtGui/QColor>"_s;
    QTest::newRow("Gui by class") << u"core/text/x.h"_s << u"<QColor>"_s;
    QTest::newRow("Gui by header") << u"core/text/x.h"_s << u"<qcolor.h>"_s;
    QTest::newRow("Widgets in core") << u"core/text/x.h"_s << u"<QWidget>"_s;
    QTest::newRow("all of Widgets in core") << u"core/text/x.h"_s << u"<QtWidgets/QtWidgets>"_s;
    QTest::newRow("network in text") << u"core/text/x.h"_s << u"<QNetworkAccessManager>"_s;
    QTest::newRow("SQL in widgets") << u"widgets/docks/queue/x.h"_s << u"<QSqlQuery>"_s;
    QTest::newRow("SQLite in widgets") << u"widgets/docks/queue/x.h"_s << u"<sqlite3.h>"_s;
    QTest::newRow("network in widgets")
        << u"widgets/docks/queue/x.h"_s << u"<QtNetwork/QNetworkReply>"_s;
    QTest::newRow("library of another room") << u"core/storage/x.h"_s << u"<gumbo.h>"_s;
    QTest::newRow("unknown library") << u"core/text/x.h"_s << u"<boost/asio.hpp>"_s;
    QTest::newRow("system header") << u"core/text/x.h"_s << u"<sys/file.h>"_s;
    QTest::newRow("macro") << u"core/text/x.h"_s << u"HEADER_NAME"_s;
    QTest::newRow("room without a row") << u"core/nowhere/x.h"_s << u"<QString>"_s;
    QTest::newRow("room of nobody") << u"core/text/x.h"_s << u"\"core/nowhere/y.h\""_s;
}

void TestIncludeFence::catches()
{
    QFETCH(QString, path);
    QFETCH(QString, include);
    const RoomTable table = RoomTable::parse(smallTable);
    QCOMPARE(table.problems(), QStringList());
    const SourceFile source { path, u"#pragma once\n  #  include "_s + include + u"\n"_s };
    QCOMPARE(checkIncludes(source, table, installedQtModules()).size(), 1);
}

void TestIncludeFence::lets_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("include");
    QTest::newRow("downward") << u"core/text/x.h"_s << u"\"core/base/result.h\""_s;
    QTest::newRow("own room") << u"core/text/x.h"_s << u"\"core/text/mask.h\""_s;
    QTest::newRow("own private header") << u"core/text/x.h"_s << u"\"core/text/html_p.h\""_s;
    QTest::newRow("own folder below")
        << u"core/storage/migrations/x.h"_s << u"\"core/storage/store.h\""_s;
    QTest::newRow("own connector")
        << u"core/connectors/rt/x.h"_s << u"\"core/connectors/rt/mapping.h\""_s;
    QTest::newRow("connector to api")
        << u"core/connectors/rt/x.h"_s << u"\"core/connectors/api/connector.h\""_s;
    QTest::newRow("app to anything")
        << u"app/desktop/x.h"_s << u"\"widgets/docks/queue/queuedock.h\""_s;
    QTest::newRow("standard") << u"core/text/x.h"_s << u"<memory_resource>"_s;
    QTest::newRow("Core") << u"core/text/x.h"_s << u"<QString>"_s;
    QTest::newRow("Core by its folder") << u"core/text/x.h"_s << u"<QtCore/qglobal.h>"_s;
    QTest::newRow("own library") << u"core/text/x.h"_s << u"<gumbo.h>"_s;
    QTest::newRow("generated") << u"core/text/x.cpp"_s << u"\"x.moc\""_s;
    QTest::newRow("not fenced") << u"tests/text/x.cpp"_s << u"\"core/storage/store.h\""_s;
}

void TestIncludeFence::lets()
{
    QFETCH(QString, path);
    QFETCH(QString, include);
    const SourceFile source { path, u"#include "_s + include + u" // why\n"_s };
    const auto findings = checkIncludes(source, RoomTable::parse(smallTable), installedQtModules());
    QCOMPARE(printed(findings), QString());
}

void TestIncludeFence::saysWhere()
{
    const SourceFile source { u"core/base/x.h"_s,
        u"#pragma once\n\n/* a\n b */\n#include <QColor>\n"_s };
    const auto findings = checkIncludes(source, RoomTable::parse(smallTable), installedQtModules());
    QCOMPARE(
        printed(findings), u"core/base/x.h:5: [include] <QColor> (QtGui) is not for core/base"_s);
}

void TestIncludeFence::readsNoComments()
{
    const SourceFile source { u"core/base/x.h"_s,
        u"// #include <QColor>\n/*\n#include <QWidget>\n*/\n"_s };
    const auto findings = checkIncludes(source, RoomTable::parse(smallTable), installedQtModules());
    QCOMPARE(printed(findings), QString());
}

void TestIncludeFence::refusesBadTables_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("two columns") << u"core/base | QtCore"_s;
    QTest::newRow("two rows for one room") << u"core/base | | QtCore\ncore/base | | QtCore"_s;
    QTest::newRow("unknown room") << u"core/text | core/bsae | QtCore"_s;
}

void TestIncludeFence::refusesBadTables()
{
    QFETCH(QString, text);
    QCOMPARE(RoomTable::parse(text).problems().size(), 1);
}

void TestIncludeFence::knowsEveryLibrary_data()
{
    QTest::addColumn<QString>("header");
    QTest::addColumn<QString>("library");
    QTest::newRow("std") << u"vector"_s << u"std"_s;
    QTest::newRow("C") << u"cstring"_s << u"std"_s;
    QTest::newRow("posix") << u"unistd.h"_s << u"posix"_s;
    QTest::newRow("flock") << u"sys/file.h"_s << u"posix"_s;
    QTest::newRow("windows") << u"windows.h"_s << u"windows"_s;
    QTest::newRow("core") << u"QDateTime"_s << u"QtCore"_s;
    QTest::newRow("gui") << u"QImage"_s << u"QtGui"_s;
    QTest::newRow("widgets") << u"QLabel"_s << u"QtWidgets"_s;
    QTest::newRow("network") << u"QTcpServer"_s << u"QtNetwork"_s;
    QTest::newRow("charts") << u"QChart"_s << u"QtCharts"_s;
    QTest::newRow("svg") << u"QSvgRenderer"_s << u"QtSvg"_s;
    QTest::newRow("test") << u"QSignalSpy"_s << u"QtTest"_s;
    QTest::newRow("re2") << u"re2/re2.h"_s << u"re2"_s;
    QTest::newRow("keychain") << u"qt6keychain/keychain.h"_s << u"qtkeychain"_s;
    QTest::newRow("none") << u"curl/curl.h"_s << u"curl/curl.h"_s;
}

void TestIncludeFence::knowsEveryLibrary()
{
    QFETCH(QString, header);
    QFETCH(QString, library);
    QCOMPARE(libraryOf(header, installedQtModules()), library);
}

void TestIncludeFence::theTableIsWhole()
{
    const RoomTable table
        = RoomTable::parse(readText(QStringLiteral(TIERLINE_SOURCE_DIR "/tests/fence/rooms.txt")));
    QCOMPARE(table.problems(), QStringList());
    QCOMPARE_GE(table.rules().size(), 25);
}

// The rooms are in strict order: a row names only rooms of rows above it.
void TestIncludeFence::theTableHasNoCircles()
{
    const RoomTable table
        = RoomTable::parse(readText(QStringLiteral(TIERLINE_SOURCE_DIR "/tests/fence/rooms.txt")));
    QStringList above;
    for (const RoomRule &rule : table.rules()) {
        for (const QString &room : rule.rooms) {
            if (room != "*"_L1)
                QVERIFY2(above.contains(room),
                    qPrintable(rule.room + u" names a room below it: "_s + room));
        }
        above.append(rule.room);
    }
}

void TestIncludeFence::holdsForEveryRoom_data()
{
    QTest::addColumn<QString>("room");
    const RoomTable table
        = RoomTable::parse(readText(QStringLiteral(TIERLINE_SOURCE_DIR "/tests/fence/rooms.txt")));
    QStringList rooms;
    for (const SourceFile &source :
        readSources(QStringLiteral(TIERLINE_SOURCE_DIR), { u"core"_s, u"widgets"_s, u"app"_s })) {
        const QString room = table.roomOf(source.path);
        if (!rooms.contains(room))
            rooms.append(room);
    }
    QVERIFY2(rooms.contains(u"core/base"_s), "the sources were not found");
    for (const QString &room : std::as_const(rooms))
        QTest::newRow(qPrintable(room)) << room;
}

void TestIncludeFence::holdsForEveryRoom()
{
    QFETCH(QString, room);
    static const QtModuleOf modules = installedQtModules();
    const RoomTable table
        = RoomTable::parse(readText(QStringLiteral(TIERLINE_SOURCE_DIR "/tests/fence/rooms.txt")));
    QList<Finding> findings;
    for (const SourceFile &source : readSources(QStringLiteral(TIERLINE_SOURCE_DIR), { room })) {
        if (table.roomOf(source.path) == room)
            findings += checkIncludes(source, table, modules);
    }
    QVERIFY2(findings.isEmpty(), qPrintable(u"\n"_s + printed(findings)));
}

QTEST_GUILESS_MAIN(TestIncludeFence)
#include "tst_includefence.moc"
