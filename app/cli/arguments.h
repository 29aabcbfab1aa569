#pragma once

#include "core/base/result.h"

#include <QHash>
#include <QStringList>

namespace tierline::cli {

/// What a command takes. `positionals` are names for messages ("ID"); a trailing "…" repeats, and one
/// in brackets ("[NAME…]") may be absent.
struct Shape {
    QStringList positionals;
    QStringList options; ///< with a value: "--to"
    QStringList repeated; ///< with a value, any number of times: "--tried"
    QStringList flags; ///< without: "--sample"
    bool takesAnyText = false; ///< words that look like options and are none are text
};

/// The words after the command, sorted by a Shape. Usage fault naming the word that does not fit and
/// the nearest one that would.
class Arguments
{
public:
    static Result<Arguments> parse(
        const QStringList &words, const Shape &shape, const QString &usage);

    const QStringList &positionals() const { return m_positionals; }
    QString at(int i) const { return m_positionals.value(i); }
    bool has(const QString &option) const { return m_values.contains(option); }
    QString value(const QString &option, const QString &otherwise = {}) const;
    QStringList values(const QString &option) const { return m_values.value(option); }

private:
    QStringList m_positionals;
    QHash<QString, QStringList> m_values;
};

/// The candidate that differs least from `word`, or empty where none is near.
QString nearest(const QString &word, const QStringList &candidates);

} // namespace tierline::cli
