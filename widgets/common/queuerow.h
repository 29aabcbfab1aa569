#pragma once

#include "widgets/common/chip.h"
#include "widgets/common/clocktext.h"

#include <QCache>
#include <QStaticText>
#include <QStyleOptionViewItem>

namespace tierline::ui {

/// Everything that a row of a queue shows. Texts may be foreign: the painter cleans and cuts them.
struct QueueRowView {
    QString tierId; ///< "L2", what the chip shows
    int tierRank = 1;
    QString subject;
    QString customer;
    QString plan;
    QString reason; ///< why it stands where it stands, as a sentence
    std::optional<int> health; ///< 0 … 100
    Priority priority = Priority::Normal;
    ClockFace clock;
    bool isUnread = false; ///< something new since the person looked
    bool isConfidential = false;
    bool hasConflict = false;
    bool waitsToBeSent = false; ///< a change of this ticket is not yet at the remote
    bool isRefused = false; ///< the remote will not have a change: a person decides
    bool isLoading = false; ///< its page is on the way: drawn as a grey shape
};

/// What all rows of a view share at the instant of painting.
struct QueueRowContext {
    Instant now;
    const TimeWords &words;
    Density density = Density::Comfortable;
};

/// Height of every row of a view; grows with the text scale. 52 or 28 at the usual one.
int queueRowHeight(Density density);

/// What the marks of a row mean, a sentence each, for its tooltip.
QStringList markSentences(const QueueRowView &row);

/// A row as a sentence, for screen readers.
QString spokenQueueRow(const QueueRowView &row, Instant now, const TimeWords &words);

/// Paints rows, and keeps what it has laid out: painting a row again costs one look-up besides the
/// drawing itself. One for each view. Thread: ui.
class QueueRowPainter
{
public:
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QueueRowView &row,
        const QueueRowContext &context);

    /// Where the clock of a row stands, glyph and words; empty where it has none.
    static QRect clockRect(const QStyleOptionViewItem &option, const QueueRowView &row,
        const QueueRowContext &context);

private:
    struct Key {
        QString subject;
        QString customer;
        QString plan;
        QString reason;
        int subjectRoom = 0; ///< pixels
        int detailsRoom = 0;
        int health = -1;
        quint8 flags = 0;

        bool operator==(const Key &) const = default;
        friend size_t qHash(const Key &key, size_t seed = 0)
        {
            return qHashMulti(seed, key.subject, key.customer, key.reason, key.subjectRoom,
                key.detailsRoom, key.flags);
        }
    };
    /// The texts of a row, cut to their room.
    struct Laid {
        QStaticText subject;
        QStaticText details; ///< customer · plan
        QStaticText reason;
        int subjectWidth = 0;
        int detailsWidth = 0;
        int reasonWidth = 0;
    };
    struct Frame; ///< one paint's rectangles

    const Laid &laidOut(const QueueRowView &row, const Frame &frame);
    static void paintShape(QPainter *painter, const Frame &frame);
    static void paintTexts(
        QPainter *painter, const Frame &frame, const QueueRowView &row, const Laid &laid);
    static void paintClock(QPainter *painter, const Frame &frame);
    static void paintMarks(QPainter *painter, const Frame &frame, const QueueRowView &row);

    QCache<Key, Laid> m_laid { 600 };
    qreal m_scale = 1.0;
};

} // namespace tierline::ui
