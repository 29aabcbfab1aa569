#pragma once

#include <QString>

#include <vector>

namespace tierline::desk {

/// Part of two texts laid over each other.
struct DiffPiece {
    enum class Mark : quint8 { Same, Gone, Come };
    Mark mark = Mark::Same;
    QString text;
    bool operator==(const DiffPiece &) const = default;
};

/// The difference of two sentences, word by word: what stays and what goes is the first text, what stays and what
/// comes is the second. Neighbours have different marks. Pure; above some thousand different words on each side they
/// are told as one block.
std::vector<DiffPiece> wordDiff(const QString &before, const QString &after);

} // namespace tierline::desk
