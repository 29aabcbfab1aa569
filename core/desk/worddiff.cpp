#include "core/desk/worddiff.h"

#include <QStringList>

namespace tierline::desk {

namespace {

constexpr qsizetype mostWordCells = 4'000'000;

/// Words and what is between them, in turn: joined they are the text.
QStringList wordsAndGaps(const QString &text)
{
    QStringList words;
    for (qsizetype from = 0; from < text.size();) {
        const bool isSpace = text[from].isSpace();
        qsizetype to = from + 1;
        while (to < text.size() && text[to].isSpace() == isSpace)
            ++to;
        words.append(text.mid(from, to - from));
        from = to;
    }
    return words;
}

class Pieces
{
public:
    void add(DiffPiece::Mark mark, const QString &text)
    {
        if (text.isEmpty())
            return;
        if (!m_pieces.empty() && m_pieces.back().mark == mark)
            m_pieces.back().text += text;
        else
            m_pieces.push_back({ mark, text });
    }
    std::vector<DiffPiece> take() { return std::move(m_pieces); }

private:
    std::vector<DiffPiece> m_pieces;
};

/// Where both ends are cut off, by a longest common subsequence.
void addMiddle(const QStringList &a, const QStringList &b, Pieces &pieces)
{
    using Mark = DiffPiece::Mark;
    const qsizetype n = a.size(), m = b.size();
    if (n * m > mostWordCells) {
        pieces.add(Mark::Gone, a.join(QString()));
        pieces.add(Mark::Come, b.join(QString()));
        return;
    }
    std::vector<quint16> length(size_t((n + 1) * (m + 1)), 0);
    const auto at
        = [&](qsizetype i, qsizetype j) -> quint16 & { return length[size_t(i * (m + 1) + j)]; };
    for (qsizetype i = n; i-- > 0;) {
        for (qsizetype j = m; j-- > 0;)
            at(i, j) = a[i] == b[j] ? quint16(at(i + 1, j + 1) + 1)
                                    : std::max(at(i + 1, j), at(i, j + 1));
    }
    QString gone, come;
    const auto flush = [&] {
        pieces.add(Mark::Gone, std::exchange(gone, {}));
        pieces.add(Mark::Come, std::exchange(come, {}));
    };
    for (qsizetype i = 0, j = 0; i < n || j < m;) {
        if (i < n && j < m && a[i] == b[j]) {
            flush();
            pieces.add(Mark::Same, a[i]);
            ++i, ++j;
        } else if (i < n && (j == m || at(i + 1, j) >= at(i, j + 1))) {
            gone += a[i++];
        } else {
            come += b[j++];
        }
    }
    flush();
}

} // namespace

std::vector<DiffPiece> wordDiff(const QString &before, const QString &after)
{
    const QStringList a = wordsAndGaps(before), b = wordsAndGaps(after);
    const qsizetype shorter = std::min(a.size(), b.size());
    qsizetype head = 0, tail = 0;
    while (head < shorter && a[head] == b[head])
        ++head;
    while (tail < shorter - head && a[a.size() - 1 - tail] == b[b.size() - 1 - tail])
        ++tail;
    Pieces pieces;
    pieces.add(DiffPiece::Mark::Same, b.mid(0, head).join(QString()));
    addMiddle(a.mid(head, a.size() - head - tail), b.mid(head, b.size() - head - tail), pieces);
    pieces.add(DiffPiece::Mark::Same, b.mid(b.size() - tail).join(QString()));
    return pieces.take();
}

} // namespace tierline::desk
