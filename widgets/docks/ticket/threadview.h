#pragma once

#include "core/desk/openticket.h"
#include "core/desk/session.h"
#include "widgets/common/clocktext.h"
#include "widgets/common/safebrowser.h"

#include <QPointer>
#include <QTimer>

namespace tierline::ui {

/// The conversation of a ticket as one document, oldest first, newest in view. Each entry stands in
/// a frame of its kind. Thread: ui.
class ThreadView : public SafeBrowser
{
    Q_OBJECT
public:
    explicit ThreadView(TimeWords words, QWidget *parent = nullptr);

    /// Shows a ticket. With the same ticket as before, the place that is read stays where it is
    /// unless the end was in view.
    void show(const std::shared_ptr<const desk::OpenTicket> &ticket, const desk::People &people,
        Instant now);
    void clearTicket();
    /// Which files are on their way from the helpdesk at this moment.
    void setFetching(const QSet<qint64> &files);
    /// Marks the words of the customer that give the ticket its signs, or none any more.
    void setMarksSigns(bool on);
    /// How many places are marked at present.
    int markedPlaces() const { return int(extraSelections().size()); }
    /// How many of the newest entries are shown at first.
    static constexpr int FirstEntries = 100;
    /// How many of them are built before the first paint; the others follow at once, above them.
    static constexpr int InView = 20;

signals:
    void fetchWanted(qint64 remoteFile);
    void stopWanted(qint64 remoteFile);
    void saveWanted(qint64 attachment, const QString &name);

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void follow(const QString &link);
    void addFiles(QTextCursor &cursor, const desk::ThreadEntry &entry);
    void build(bool wholly);
    void markSigns();
    void addLinkToEarlier(QTextCursor &cursor);
    void addEarlier();
    void addEntry(QTextCursor &cursor, const desk::ThreadEntry &entry);
    void addHead(QTextCursor &cursor, const desk::ThreadEntry &entry);

    TimeWords m_words;
    std::shared_ptr<const desk::OpenTicket> m_ticket;
    const desk::People *m_people = nullptr;
    Instant m_now; ///< what the times are told from
    QSet<qint64> m_fetching;
    bool m_showsAll = false;
    size_t m_first = 0; ///< the oldest entry that is to be shown
    size_t m_built = 0; ///< the oldest entry that is in the document
    QTimer m_earlier;
    QHash<qint64, QPointer<QTextFrame>> m_frames; ///< of each message
    bool m_marksSigns = false;
    QList<std::pair<QPointer<QTextFrame>, bool>>
        m_edges; ///< notes: frames with an edge at the left
};

} // namespace tierline::ui
