#pragma once

#include "tests/fence/sourcetree.h"

#include <QHash>

#include <functional>
#include <optional>

namespace tierline::fence {

/// One row of rooms.txt.
struct RoomRule {
    QString
        room; ///< "core/text", or "core/connectors/*" for every folder there without a row of its own
    QStringList rooms; ///< rooms it may include; "*" means every room
    QStringList libraries; ///< names as libraryOf() gives them
};

/// The table of rooms.txt.
class RoomTable
{
public:
    /// Lines "room | rooms | libraries"; '#' begins a comment. What cannot be read is in problems().
    static RoomTable parse(const QString &text);

    const RoomRule *ruleFor(const QString &room) const;
    /// The room a path below core, widgets or app lies in: its folder. Empty for other paths.
    QString roomOf(const QString &path) const;
    const QStringList &problems() const { return m_problems; }
    const QList<RoomRule> &rules() const { return m_rules; }

private:
    QList<RoomRule> m_rules;
    QStringList m_problems;
};

/// Which module of Qt has the header ("QString" gives "QtCore"); nothing when no module has it.
using QtModuleOf = std::function<std::optional<QString>(const QString &header)>;

/// Looks the header up in the folders of the Qt that this program was built with.
QtModuleOf installedQtModules();

/// The library that an angle-bracket header belongs to: "std", "posix", "windows", "QtCore", "gumbo", "re2",
/// "simdjson", "zlib", "sqlite3", "qtkeychain"; the header itself where none is known.
QString libraryOf(const QString &header, const QtModuleOf &qtModuleOf);

/// Every include in the source that the table does not allow.
QList<Finding> checkIncludes(
    const SourceFile &source, const RoomTable &table, const QtModuleOf &qtModuleOf);

} // namespace tierline::fence
