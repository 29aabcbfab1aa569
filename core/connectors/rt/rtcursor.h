#pragma once

#include "core/base/instant.h"

#include <QHash>
#include <QSet>
#include <QString>
#include <QStringList>

#include <vector>

namespace tierline::connectors::rt {

/// Numbers that were seen, as stretches; small as long as they lie close together.
class SeenIds
{
public:
    bool contains(const QString &id) const;
    void insert(const QString &id);
    /// Forgets all up to and including `id`.
    void forgetUpTo(const QString &id);
    qsizetype stretchCount() const { return static_cast<qsizetype>(m_stretches.size()); }

    const std::vector<std::pair<qint64, qint64>> &stretches() const { return m_stretches; }
    bool setStretches(std::vector<std::pair<qint64, qint64>> stretches);
    bool operator==(const SeenIds &) const = default;

private:
    std::vector<std::pair<qint64, qint64>> m_stretches; // rising, apart
};

/// How far a pull has come, in a form that the engine stores without looking into it.
///
/// The feed of transactions is the truth about what changed. A row gets its number when it is written
/// but shows when its request commits, so every run over the feed reads an overlap again: all numbers
/// above `settled`, and the last few hundred in any case. What was dealt with is in `seen`, so that
/// only late and new rows lead to work.
struct Cursor {
    enum class Phase : quint8 {
        All, ///< the first sync: tickets by their numbers
        Feed,
        Census, ///< a slow pass over all numbers, for what went out of sight
    };
    Phase phase = Phase::All;
    QString after = QStringLiteral("0"); ///< last ticket of the listing in All and Census
    QString top = QStringLiteral("0"); ///< highest transaction that was dealt with
    QString settled = QStringLiteral("0"); ///< up to here no late row is possible any more
    SeenIds seen;
    QString position; ///< where a run over the feed goes on; empty: the next one is a new run
    Instant since; ///< when that run began, by the server's clock
    /// Where `top` stood at the end of runs: settled, once a run that began long enough after it ended.
    struct Mark {
        Instant at;
        QString id;
        bool operator==(const Mark &) const = default;
    };
    std::vector<Mark> marks;
    Instant polled; ///< when the feed was last read to its end
    Instant census; ///< when the last census ended
    /// Tickets that could not be read, to be tried again.
    struct Later {
        QString id;
        int tries = 0;
        Instant next;
        bool operator==(const Later &) const = default;
    };
    std::vector<Later> later;

    static constexpr qint64 LeastOverlap = 300; ///< transactions
    static constexpr qint64 MostOverlap = 3'000;
    static constexpr Millis LateFor { 90'000 }; ///< so long after its number a row may show

    bool isFirst() const { return phase == Phase::All && after == u'0' && top == u'0'; }
    /// Where a new run starts to read: rows after this.
    QString readFrom() const;
    void beginRun(Instant now);
    void deal(const QString &transaction); ///< with a row of the feed
    /// A ticket's own history holds these: their rows need no work.
    void know(const QString &transaction);
    void endRun(Instant now);

    /// Puts a ticket on the list of those to be tried again, or moves its next try further away.
    void putOff(const QString &ticket, Instant now);
    void forgetLater(const QString &ticket);
    QStringList due(Instant now, qsizetype most) const;
    /// Those that were tried often enough: better without a part of theirs than not at all.
    QSet<QString> resigned() const;

    QString text() const;
    /// BadInput for what is no cursor of ours.
    static Result<Cursor> parse(const QString &text);
    bool operator==(const Cursor &) const = default;
};

} // namespace tierline::connectors::rt
