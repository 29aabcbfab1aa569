#include "app/cli/arguments.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

qsizetype distance(const QString &a, const QString &b)
{
    std::vector<qsizetype> row(static_cast<size_t>(b.size()) + 1);
    std::iota(row.begin(), row.end(), 0);
    for (qsizetype i = 1; i <= a.size(); ++i) {
        qsizetype diagonal = row[0];
        row[0] = i;
        for (qsizetype j = 1; j <= b.size(); ++j) {
            const auto at = static_cast<size_t>(j);
            const qsizetype change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[at];
            row[at] = std::min({ row[at] + 1, row[at - 1] + 1, change });
        }
    }
    return row.back();
}

} // namespace

QString nearest(const QString &word, const QStringList &candidates)
{
    const QString typed = word.left(64);
    QString best;
    qsizetype least = std::max<qsizetype>(2, typed.size() / 3) + 1;
    for (const QString &candidate : candidates) {
        const qsizetype d = distance(typed, candidate);
        if (d < least) {
            least = d;
            best = candidate;
        }
    }
    return best;
}

Result<Arguments> Arguments::parse(
    const QStringList &words, const Shape &shape, const QString &usage)
{
    Arguments result;
    const auto refuse
        = [&](const QString &what) { return usageError(what + u" Usage: "_s + usage); };
    bool onlyPositionals = false;
    for (qsizetype i = 0; i < words.size(); ++i) {
        QString word = words[i];
        if (onlyPositionals || !word.startsWith(u"--"_s)) {
            result.m_positionals.append(word);
            continue;
        }
        if (word == u"--"_s && !(shape.takesAnyText && i + 1 == words.size())) {
            onlyPositionals = true;
            continue;
        }
        QString inlineValue;
        const qsizetype equals = word.indexOf(u'=');
        const bool hasInline = equals > 0;
        if (hasInline) {
            inlineValue = word.mid(equals + 1);
            word = word.left(equals);
        }
        if (shape.flags.contains(word) && !hasInline) {
            result.m_values[word];
            continue;
        }
        const bool isRepeated = shape.repeated.contains(word);
        if (!isRepeated && !shape.options.contains(word)) {
            if (shape.takesAnyText) {
                result.m_positionals.append(words[i]);
                continue;
            }
            const QString near = nearest(word, shape.options + shape.repeated + shape.flags);
            return refuse(u"“%1” is no option of this command.%2"_s.arg(
                word, near.isEmpty() ? QString() : u" Did you mean %1?"_s.arg(near)));
        }
        if (!hasInline && i + 1 >= words.size())
            return refuse(u"%1 needs a value."_s.arg(word));
        if (!isRepeated && result.m_values.contains(word))
            return refuse(u"%1 was given twice."_s.arg(word));
        result.m_values[word].append(hasInline ? inlineValue : words[++i]);
    }
    const bool isOpenEnded
        = !shape.positionals.isEmpty() && shape.positionals.last().contains(u'…');
    const auto needed = std::ranges::count_if(
        shape.positionals, [](const QString &name) { return !name.startsWith(u'['); });
    if (result.m_positionals.size() < needed) {
        return refuse(u"%1 is missing."_s.arg(shape.positionals[result.m_positionals.size()]));
    }
    if (!isOpenEnded && result.m_positionals.size() > shape.positionals.size())
        return refuse(
            u"“%1” is one word too many."_s.arg(result.m_positionals[shape.positionals.size()]));
    return result;
}

QString Arguments::value(const QString &option, const QString &otherwise) const
{
    const QStringList values = m_values.value(option);
    return values.isEmpty() ? otherwise : values.first();
}

} // namespace tierline::cli
