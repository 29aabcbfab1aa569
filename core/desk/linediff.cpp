#include "core/desk/linediff.h"

#include <vector>

namespace tierline::desk {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostLineCells = 16'000'000;
constexpr qsizetype around = 2;

struct Step {
    QChar mark; ///< ' ', '-', '+'
    QString text;
    qsizetype line = 0; ///< in the later text, from 1
};

/// The lines of the middle, where both ends are cut off, by a longest common subsequence.
void addMiddle(const QStringList &a, const QStringList &b, qsizetype line, std::vector<Step> &steps)
{
    const auto n = size_t(a.size()), m = size_t(b.size());
    const bool isTooMuch = a.size() * b.size() > mostLineCells;
    std::vector<quint16> length(isTooMuch ? 0 : (n + 1) * (m + 1), 0);
    const auto at = [&](size_t i, size_t j) -> quint16 & { return length[i * (m + 1) + j]; };
    for (size_t i = n; !isTooMuch && i-- > 0;) {
        for (size_t j = m; j-- > 0;)
            at(i, j) = a[qsizetype(i)] == b[qsizetype(j)] ? quint16(at(i + 1, j + 1) + 1)
                                                          : std::max(at(i + 1, j), at(i, j + 1));
    }
    size_t i = 0, j = 0;
    while (i < n || j < m) {
        const bool isSame = !isTooMuch && i < n && j < m && a[qsizetype(i)] == b[qsizetype(j)];
        const bool goes = i < n && (j == m || isTooMuch || at(i + 1, j) >= at(i, j + 1));
        if (isSame) {
            steps.push_back({ u' ', a[qsizetype(i)], line + qsizetype(j) });
            ++i, ++j;
        } else if (goes) {
            steps.push_back({ u'-', a[qsizetype(i++)], line + qsizetype(j) });
        } else {
            steps.push_back({ u'+', b[qsizetype(j)], line + qsizetype(j) });
            ++j;
        }
    }
}

} // namespace

QStringList lineDiff(const QString &before, const QString &after)
{
    if (before == after)
        return {};
    const QStringList a = before.split(u'\n'), b = after.split(u'\n');
    qsizetype head = 0, tail = 0;
    const qsizetype shorter = std::min(a.size(), b.size());
    while (head < shorter && a[head] == b[head])
        ++head;
    while (tail < shorter - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
        ++tail;
    std::vector<Step> steps;
    for (qsizetype i = std::max<qsizetype>(0, head - around); i < head; ++i)
        steps.push_back({ u' ', b[i], i + 1 });
    addMiddle(
        a.mid(head, a.size() - head - tail), b.mid(head, b.size() - head - tail), head + 1, steps);
    for (qsizetype i = b.size() - tail; i < std::min(b.size(), b.size() - tail + around); ++i)
        steps.push_back({ u' ', b[i], i + 1 });

    std::vector<bool> isNear(steps.size(), false);
    for (size_t i = 0; i < steps.size(); ++i) {
        for (qsizetype d = -around; steps[i].mark != u' ' && d <= around; ++d) {
            const qsizetype near = qsizetype(i) + d;
            if (near >= 0 && near < qsizetype(steps.size()))
                isNear[size_t(near)] = true;
        }
    }
    QStringList lines;
    for (size_t i = 0; i < steps.size(); ++i) {
        if (!isNear[i])
            continue;
        if (i == 0 || !isNear[i - 1])
            lines.append(u"@@ line %1"_s.arg(steps[i].line));
        lines.append(steps[i].mark + steps[i].text);
    }
    return lines;
}

} // namespace tierline::desk
