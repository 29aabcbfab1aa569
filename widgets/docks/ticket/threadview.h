#pragma once

#include "core/desk/openticket.h"
#include "core/desk/session.h"
#include "widgets/common/clocktext.h"
#include "widgets/common/safebrowser.h"

#include <QPointer>

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
    void show(const std::shared_ptr<const desk::OpenTicket> &ticket, const desk::People &people);
    void clearTicket();
    /// How many of the newest entries are shown at first.
    static constexpr int FirstEntries = 100;

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void build();
    void addEntry(QTextCursor &cursor, const desk::ThreadEntry &entry);
    void addHead(QTextCursor &cursor, const desk::ThreadEntry &entry);
    QString labelOf(const desk::ThreadEntry &entry) const;

    TimeWords m_words;
    std::shared_ptr<const desk::OpenTicket> m_ticket;
    const desk::People *m_people = nullptr;
    bool m_showsAll = false;
    QList<std::pair<QPointer<QTextFrame>, bool>>
        m_edges; ///< notes: frames with an edge at the left
};

} // namespace tierline::ui
