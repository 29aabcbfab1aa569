#pragma once

#include "core/base/ids.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <functional>

namespace tierline::test {

/// Makes ticket lines as a busy desk has them, the same for the same seed on every machine: words by
/// Zipf's law out of 30,000 made-up ones, few agents with most of the work, bursts in time, one
/// ticket in twenty with over fifty messages, some hostile ones. Oldest first. About 1.4 KB a ticket.
class BigStore
{
public:
    explicit BigStore(qint64 tickets, quint64 seed = 1);

    qint64 size() const { return m_tickets; }
    /// The next line, without its end; empty after the last.
    QByteArray nextLine();
    /// A word of the vocabulary; small ranks are common.
    const QString &word(int rank) const { return m_words[rank]; }

private:
    QString randomWords(int count);
    QString hostileText(qint64 n);
    int zipf(int size);
    double unit();

    qint64 m_tickets;
    qint64 m_at = 0;
    SeededRandom m_random;
    QStringList m_words;
    std::vector<qint64> m_created; ///< creation of each ticket, sorted, in minutes
};

/// Writes the lines of a BigStore to a file.
Result<Done> writeLines(BigStore &store, const QString &file);
/// Makes a workspace in `folder` with that many tickets. `progress` is told the tickets written.
Result<Done> makeStore(const QString &folder, qint64 tickets, quint64 seed = 1,
    const std::function<void(qint64 done, qint64 total)> &progress = {});

/// The sizes that a benchmark runs at: TIERLINE_BENCH_TICKETS ("10000,100000"), else these three.
QList<qint64> benchSizes();

} // namespace tierline::test
