#include "core/rules/words.h"

#include "core/rules/registry.h"

#include <QSet>

using namespace Qt::StringLiterals;

namespace tierline::rules {

bool isWordStart(QChar c)
{
    return c.isLetter() || c == u'_';
}

bool isWordPart(QChar c)
{
    return c.isLetterOrNumber() || c.isMark() || c == u'_' || c == u'-' || c == u'.' || c == u'/'
        || c == u'@' || c == u'+';
}

bool isReserved(QStringView word)
{
    static const QSet<QString> joints { u"and"_s, u"or"_s, u"not"_s, u"rule"_s, u"when"_s,
        u"then"_s, u"stop"_s, u"continue"_s, u"list"_s, u"is"_s, u"are"_s, u"empty"_s, u"filled"_s,
        u"at"_s, u"over"_s, u"above"_s, u"under"_s, u"below"_s, u"more"_s, u"less"_s, u"exactly"_s,
        u"include"_s, u"includes"_s, u"mentions"_s, u"mention"_s, u"matches"_s, u"match"_s,
        u"after"_s, u"from"_s, u"otherwise"_s, u"policy"_s };
    const QString lower = word.toString().toLower();
    return joints.contains(lower) || factTable().oneWordNames().contains(lower);
}

int editDistance(QStringView a, QStringView b, int most)
{
    constexpr qsizetype longest = 64;
    if (a.size() > longest || b.size() > longest || qAbs(a.size() - b.size()) > most)
        return most + 1;
    std::array<std::array<int, longest + 1>, 3> rows {};
    for (int j = 0; j <= b.size(); ++j)
        rows[0][size_t(j)] = j;
    for (int i = 1; i <= a.size(); ++i) {
        auto &row = rows[size_t(i % 3)];
        const auto &last = rows[size_t((i + 2) % 3)];
        const auto &before = rows[size_t((i + 1) % 3)];
        row[0] = i;
        int least = i;
        for (int j = 1; j <= b.size(); ++j) {
            const auto same
                = [&](int x, int y) { return a[x].toCaseFolded() == b[y].toCaseFolded(); };
            const auto at = size_t(j);
            int cost = last[at - 1] + (same(i - 1, j - 1) ? 0 : 1);
            cost = std::min({ cost, last[at] + 1, row[at - 1] + 1 });
            if (i > 1 && j > 1 && same(i - 1, j - 2) && same(i - 2, j - 1))
                cost = std::min(cost, before[at - 2] + 1);
            row[at] = cost;
            least = std::min(least, cost);
        }
        if (least > most)
            return most + 1;
    }
    return std::min(rows[size_t(a.size() % 3)][size_t(b.size())], most + 1);
}

QString nearest(QStringView word, const QStringList &known)
{
    int best = word.size() <= 3 ? 1 : word.size() <= 6 ? 2 : 3;
    QString found;
    for (const QString &candidate : known) {
        const int distance = editDistance(word, candidate, best);
        if (distance < best || (distance == best && found.isEmpty())) {
            best = distance;
            found = candidate;
        }
    }
    return found;
}

} // namespace tierline::rules
