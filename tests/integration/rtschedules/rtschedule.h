#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "tests/integration/rtschedules/rtside.h"
#include "tests/integration/rtschedules/rttruth.h"

#include <array>

namespace tierline::test {

/// What all schedules of a program share.
struct RtStage {
    RealRt server;
    std::unique_ptr<RtLogin> people; ///< somebody who works in the browser, straight at the server
    std::unique_ptr<RtLogin> root; ///< sees all; only for looking
    std::unique_ptr<RtSide> a, b;
};

/// One random schedule over a handful of tickets of its own: work in two workspaces, rounds through bad
/// lines that are killed or left running, people who change the same tickets meanwhile, a server that
/// restarts. play() leaves everything as it came out; check() is asked after quiet rounds.
class RtSchedule
{
public:
    RtSchedule(RtStage &stage, quint64 seed);

    /// Makes its tickets; empty, or why not.
    QString prepare();
    QString play();
    /// Every message and package on the server exactly once and in order, and both workspaces equal to
    /// the server where no open conflict says otherwise. One sentence for each fault.
    QStringList check() const;

    /// A choice by its seed for each open conflict of its tickets; how many.
    int resolveConflicts();
    bool owns(const QString &key) const;
    int operations() const { return m_operations; }
    QString printed() const; ///< what it did, in order

private:
    struct Deed {
        enum class What : quint8 { Reply, Note, Escalation, Subject };
        What what = What::Note;
        int side = 0;
        QString key;
        QString operation;
        QString token; ///< in the reply's text, or the subject that was set
    };

    RtSide &side(int which) const { return which == 0 ? *m_stage.a : *m_stage.b; }
    const QString &anyTicket() { return m_tickets[m_random.below(m_tickets.size())]; }
    QString nextToken(const QString &word);
    QString act(int which);
    void actByHand(int which, const QString &key);
    void escalate(int which, const QString &key);
    void meddle();
    QString sync(int which);
    QString restart();
    void note(const QString &line);
    Ran change(int which, const QStringList &words, const QByteArray &input = {});
    void remember(Deed::What what, int which, const QString &key, const Ran &ran,
        const QString &token, const QString &list = {});

    QStringList checkTicket(const QString &key) const;
    void checkMessages(const QString &key, const RtTruth &truth, QStringList &faults) const;
    void checkSubjects(const QString &key, const RtTruth &truth, QStringList &faults) const;
    bool isKeptBack(const Deed &deed) const;
    QSet<QString> heldOperations(int which, const QString &key) const;
    bool isAnnounced(int which, const QString &key, const QString &field) const;
    void checkSide(int which, const QString &key, const RtTruth &truth, QStringList &faults) const;

    void checkThread(int which, const QString &key, const RtTruth &truth, const QJsonObject &shown,
        QStringList &faults) const;
    void checkRecords(int which, const QString &key, const RtTruth &truth, const QJsonObject &shown,
        QStringList &faults) const;

    RtStage &m_stage;
    quint64 m_seed;
    SeededRandom m_random;
    QStringList m_tickets; ///< keys
    std::vector<Deed> m_deeds;
    QStringList m_spoken; ///< tokens of what people said
    QSet<QString> m_given; ///< subjects of ours that a conflict gave up for the other side's
    std::array<QSet<QString>, 2> m_yielded; ///< "key field" of those, by side, of whatever field
    std::array<QSet<QString>, 2>
        m_waitedForChoice; ///< operations that stood in the outbox when somebody chose, by side
    QStringList m_log;
    int m_tokens = 0;
    int m_operations = 0;
    bool m_hasRestarted = false;
};

} // namespace tierline::test
