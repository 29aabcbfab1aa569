#include "tests/fence/includefence.h"

#include <QDir>
#include <QFileInfo>
#include <QLibraryInfo>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace tierline::fence {

namespace {

QStringList words(QStringView text)
{
    QStringList result;
    for (const QStringView word : text.split(u' ', Qt::SkipEmptyParts))
        result.append(word.toString());
    return result;
}

bool isFenced(const QString &path)
{
    return path.startsWith("core/"_L1) || path.startsWith("widgets/"_L1)
        || path.startsWith("app/"_L1);
}

} // namespace

RoomTable RoomTable::parse(const QString &text)
{
    RoomTable table;
    int number = 0;
    for (const QString &raw : text.split(u'\n')) {
        ++number;
        const QString line = raw.section(u'#', 0, 0).trimmed();
        if (line.isEmpty())
            continue;
        const QStringList parts = line.split(u'|');
        if (parts.size() != 3) {
            table.m_problems.append(u"line %1 is not \"room | rooms | libraries\""_s.arg(number));
            continue;
        }
        const QString room = parts[0].trimmed();
        for (const RoomRule &other : table.m_rules) {
            if (other.room == room)
                table.m_problems.append(u"line %1: %2 has two rows"_s.arg(number).arg(room));
        }
        table.m_rules.append({ room, words(parts[1]), words(parts[2]) });
    }
    for (const RoomRule &rule : table.m_rules) {
        for (const QString &allowed : rule.rooms) {
            if (allowed != "*"_L1 && !table.ruleFor(allowed))
                table.m_problems.append(
                    u"%1 may include %2, which has no row"_s.arg(rule.room, allowed));
        }
    }
    return table;
}

const RoomRule *RoomTable::ruleFor(const QString &room) const
{
    const RoomRule *wild = nullptr;
    for (const RoomRule &rule : m_rules) {
        if (rule.room == room)
            return &rule;
        if (rule.room.endsWith("/*"_L1) && room.section(u'/', 0, -2) == rule.room.chopped(2))
            wild = &rule;
    }
    return wild;
}

QString RoomTable::roomOf(const QString &path) const
{
    if (!isFenced(path))
        return {};
    // A folder inside a room (fixtures, migrations) belongs to it; the nearest row decides.
    QString folder = path.section(u'/', 0, -2);
    for (QString candidate = folder; candidate.contains(u'/');
         candidate = candidate.section(u'/', 0, -2)) {
        if (ruleFor(candidate))
            return candidate;
    }
    return folder;
}

QtModuleOf installedQtModules()
{
    const QString root = QLibraryInfo::path(QLibraryInfo::HeadersPath);
    QHash<QString, QString> moduleOf;
    // The order decides between modules that forward the same header.
    const QStringList modules { u"QtCore"_s, u"QtGui"_s, u"QtWidgets"_s, u"QtNetwork"_s, u"QtSql"_s,
        u"QtCharts"_s, u"QtSvg"_s, u"QtSvgWidgets"_s, u"QtTest"_s, u"QtConcurrent"_s, u"QtDBus"_s,
        u"QtPrintSupport"_s, u"QtOpenGL"_s, u"QtOpenGLWidgets"_s, u"QtXml"_s };
    for (const QString &module : modules) {
        for (const QString &header : QDir(root + u'/' + module).entryList(QDir::Files)) {
            if (!moduleOf.contains(header))
                moduleOf.insert(header, module);
        }
    }
    return [moduleOf](const QString &header) -> std::optional<QString> {
        const auto found = moduleOf.constFind(header);
        return found == moduleOf.cend() ? std::nullopt : std::optional(*found);
    };
}

QString libraryOf(const QString &header, const QtModuleOf &qtModuleOf)
{
    static const QHash<QString, QString> known { { u"gumbo.h"_s, u"gumbo"_s },
        { u"simdjson.h"_s, u"simdjson"_s }, { u"zlib.h"_s, u"zlib"_s },
        { u"sqlite3.h"_s, u"sqlite3"_s } };
    static const QRegularExpression posix(
        u"^(sys/.*|unistd|fcntl|signal|poll|pwd|grp|errno|time|termios|locale|pthread|netdb|arpa/.*)(\\.h)?$"_s);
    static const QRegularExpression windows(u"^(io|windows|process|direct)\\.h$"_s);
    static const QRegularExpression standard(u"^[a-z_0-9]+$"_s);
    if (const QString first = header.section(u'/', 0, 0);
        header.startsWith("Qt"_L1) && header.contains(u'/'))
        return first;
    if (const auto module = qtModuleOf(header))
        return *module;
    if (known.contains(header))
        return known.value(header);
    if (header.startsWith("re2/"_L1))
        return u"re2"_s;
    if (header.startsWith("libical/"_L1))
        return u"libical"_s;
    if (header.contains("keychain"_L1))
        return u"qtkeychain"_s;
    if (header.endsWith(".h"_L1) && posix.match(header).hasMatch())
        return u"posix"_s;
    if (windows.match(header).hasMatch())
        return u"windows"_s;
    if (header.startsWith("sys/"_L1))
        return u"posix"_s;
    return standard.match(header).hasMatch() ? u"std"_s : header;
}

namespace {

class Checker
{
public:
    Checker(const SourceFile &source, const RoomTable &table, const QtModuleOf &qtModuleOf)
        : m_source(source)
        , m_table(table)
        , m_qtModuleOf(qtModuleOf)
        , m_room(table.roomOf(source.path))
        , m_rule(table.ruleFor(m_room))
    {
    }

    QList<Finding> run()
    {
        if (!isFenced(m_source.path))
            return {};
        if (!m_rule) {
            report(0, u"%1 is in no row of tests/fence/rooms.txt"_s.arg(m_room));
            return m_findings;
        }
        static const QRegularExpression include(
            u"^[ \\t]*#[ \\t]*(?:include|import)\\b[ \\t]*([^\\n]*)"_s,
            QRegularExpression::MultilineOption);
        const QString code = blanked(m_source.text, Blank::Comments);
        auto matches = include.globalMatch(code);
        while (matches.hasNext()) {
            const auto match = matches.next();
            check(lineAt(code, match.capturedStart()), match.captured(1).trimmed());
        }
        return m_findings;
    }

private:
    void report(int line, const QString &detail)
    {
        m_findings.append({ m_source.path, line, u"include"_s, detail });
    }

    void check(int line, const QString &what)
    {
        const QString name = what.mid(1).section(what.startsWith(u'<') ? u'>' : u'"', 0, 0);
        if (what.startsWith(u'<'))
            checkLibrary(line, name);
        else if (what.startsWith(u'"'))
            checkRoom(line, name);
        else
            report(line, u"include of a macro hides what is included"_s);
    }

    void checkLibrary(int line, const QString &header)
    {
        if (isFenced(header)) {
            report(line, u"<%1> goes around the fence: quote it"_s.arg(header));
            return;
        }
        const QString library = libraryOf(header, m_qtModuleOf);
        if (library != "std"_L1 && !m_rule->libraries.contains(library))
            report(line, u"<%1> (%2) is not for %3"_s.arg(header, library, m_room));
    }

    void checkRoom(int line, const QString &path)
    {
        if (path.contains("../"_L1) || path.startsWith(u'/') || path.startsWith("./"_L1)) {
            report(line,
                u"\"%1\" goes around the fence: write it from the project's root"_s.arg(path));
            return;
        }
        if (!path.contains(u'/')) {
            // What Qt's tools generate lies beside nothing.
            if (!path.endsWith(".moc"_L1) && !path.startsWith("ui_"_L1)
                && !path.startsWith("moc_"_L1))
                report(line, u"\"%1\" must be written from the project's root"_s.arg(path));
            return;
        }
        const QString room = m_table.roomOf(path);
        if (room.isEmpty()) {
            report(line, u"\"%1\" is in no room of core, widgets or app"_s.arg(path));
        } else if (room != m_room) {
            if (path.endsWith("_p.h"_L1))
                report(line, u"\"%1\" is private to %2"_s.arg(path, room));
            else if (!m_rule->rooms.contains(room) && !m_rule->rooms.contains(u"*"_s))
                report(line, u"%1 may not include %2 (\"%3\")"_s.arg(m_room, room, path));
        }
    }

    const SourceFile &m_source;
    const RoomTable &m_table;
    const QtModuleOf &m_qtModuleOf;
    QString m_room;
    const RoomRule *m_rule;
    QList<Finding> m_findings;
};

} // namespace

QList<Finding> checkIncludes(
    const SourceFile &source, const RoomTable &table, const QtModuleOf &qtModuleOf)
{
    return Checker(source, table, qtModuleOf).run();
}

} // namespace tierline::fence
