#pragma once

#include "core/desk/dropeffect.h"
#include "core/desk/remoteside.h"
#include "core/desk/syncstate.h"
#include "widgets/common/clocktext.h"

#include <QCoreApplication>

namespace tierline::ui {

/// How well something stands, for its icon and its colour; the words say it too.
enum class SyncTone : quint8 { Good, Busy, Waiting, Bad };
Token syncToken(SyncTone tone);
Icon syncIcon(SyncTone tone);

/// How an account, a change and a ticket stand, in plain words. Names and what a helpdesk said are
/// foreign text: made harmless here, to be shown as plain text. Thread: ui.
class SyncWords
{
    Q_DECLARE_TR_FUNCTIONS(tierline::ui::SyncWords)
public:
    struct Said {
        QString text;
        SyncTone tone = SyncTone::Good;
        bool operator==(const Said &) const = default;
    };

    /// "40 s", "3 min", "2 h"; at least a second.
    static QString span(Millis time);
    /// One line about an account: "3 changes wait: desk cannot be reached, next try in 40 s".
    static Said account(const desk::SyncState &state, const TimeWords &words, Instant now);
    /// Of several accounts the one that needs a person most; null where there is none.
    static const desk::SyncState *mostUrgent(const QList<desk::SyncState> &states);

    /// "Reply", "Escalation", "Change of status and priority".
    static QString change(const desk::WaitingChange &change);
    /// Why it has not gone yet, and what to do where something is to be done. `account` may be null.
    static Said why(const desk::WaitingChange &change, const desk::SyncState *account, Instant now);
    /// What dropping it loses, part by part; one paragraph a line.
    static QString dropping(const desk::DropEffect &effect);
    /// A field of both sides, for people: "Priority"; own fields by their name.
    static QString field(const QString &field);
    /// Its value: "urgent", "nobody", "empty".
    static QString value(const QString &field, const QString &value);
    /// One line on how an open ticket stands; empty where there is nothing to say.
    static Said ticket(const desk::RemoteSide &side, const desk::SyncState *account, Instant now);
};

} // namespace tierline::ui
