#pragma once

#include "widgets/common/icons.h"

#include <QAction>
#include <QObject>

namespace tierline::ui {

class Workbench;

/// What a person can do with the open ticket, as actions with names, keys and icons. Enabled only
/// where the transition table and the ticket's state allow it, so that no button leads to a refusal
/// that could be foreseen. Window and docks show the same actions. Thread: ui; owned by the workbench.
class Verbs : public QObject
{
    Q_OBJECT
public:
    enum Verb {
        Reply,
        Note,
        Accept,
        Escalate,
        Return,
        Solve,
        Confirm,
        Reopen,
        Claim,
        Reassign,
        Flag,
        Unflag,
        TriageIt,
        Withdraw,
        Review,
        Undo,
        VerbCount
    };

    explicit Verbs(Workbench &workbench);

    QAction *action(Verb verb) const { return m_actions[verb]; }
    /// The one verb that this ticket waits for (accept, else reply …): the view's accent button.
    Verb primary() const;
    QList<QAction *> all() const;

signals:
    void changed(); ///< what is enabled, or primary

private:
    void make(
        Verb verb, const QString &id, const QString &text, Icon icon, const QKeySequence &key);
    void refresh();
    void trigger(Verb verb);
    bool isPossible(Verb verb) const;

    Workbench &m_workbench;
    QAction *m_actions[VerbCount] = {};
};

} // namespace tierline::ui
