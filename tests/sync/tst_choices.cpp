#include "tests/sync/synctest.h"

#include "core/sync/decide.h"

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using storage::OutboxState;
using sync::Side;
namespace field = connectors::field;

// An escalation, what is said after it, and people there who change the same fields: whatever is chosen
// of the fields that both sides changed, all the rest goes on, and once.

namespace {

const QString mia = u"mia"_s;
const QString ticket = u"1"_s;
const QString notice = u"We have asked our specialists."_s;

/// When the others' change happens, seen from our side.
enum class When { Pulled, AtNote, AtMove, AtOwner };

struct Story {
    QMap<QString, QString>
        choices; ///< by field: "ours", "theirs"; where it is missing nobody else changed it
    When when = When::Pulled;
    bool isBackwards = false; ///< the last field is chosen first, with a round between the choices
    bool isReopened = false; ///< the program ends after each choice
};

const QMap<QString, QString> oursOf { { field::place, u"L2 Technical"_s },
    { field::owner, QString() }, { field::priority, u"high"_s } };
const QMap<QString, QString> theirsOf { { field::place, u"L2 Billing"_s }, { field::owner, u"9"_s },
    { field::priority, u"urgent"_s } };

/// Both workspaces of the story, and what happens in it.
class Telling
{
public:
    explicit Telling(const Story &story)
        : m_story(story)
        , m_other((m_second.create(), m_second), rig.desk, { .user = u"8"_s })
    {
    }

    void begin()
    {
        rig.syncOnce();
        DONE(rig.local.run(mia, commands::Claim { rig.local.key(ticket) }));
        rig.syncOnce();
        rig.settle();
        QCOMPARE(rig.desk.field(ticket, field::owner).toString(), u"7"_s);
        m_other.syncOnce();
        commands::Escalate escalate = escalation(rig.local.key(ticket));
        escalate.notice = notice;
        DONE(rig.local.run(mia, escalate));
        m_record = rig.local.state(ticket).escalations.back().id;
        DONE(rig.local.run(mia, commands::Note { rig.local.key(ticket), u"Behind it."_s, {} }));
        DONE(rig.local.run(mia, change(rig.local.key(ticket), u"field.Product"_s, u"P9"_s)));
        DONE(rig.local.run(mia, commands::Reply { rig.local.key(ticket), u"And this."_s }));
        const auto meddle = [this] {
            QJsonObject theirs;
            for (const QString &name : m_story.choices.keys())
                theirs[name] = theirsOf.value(name);
            rig.desk.set(ticket, u"8"_s, theirs);
        };
        switch (m_story.when) {
        case When::Pulled: meddle(); break;
        case When::AtNote: rig.desk.beforeNth(1, Push::Note, meddle); break;
        case When::AtMove: rig.desk.beforeNth(1, Push::Fields, meddle); break;
        case When::AtOwner: rig.desk.beforeNth(2, Push::Fields, meddle); break;
        }
    }

    /// What no choice is needed for has gone before anybody chooses.
    void checkUnchosen()
    {
        QCOMPARE(timesSaid(rig.desk, ticket, u"Behind it."_s), 1);
        QCOMPARE(timesSaid(rig.desk, ticket, u"And this."_s), 1);
        QCOMPARE(rig.desk.field(ticket, u"field.Product"_s).toString(), u"P9"_s);
        if (m_story.choices.contains(field::place)) {
            QCOMPARE(
                timesSaid(rig.desk, ticket, notice), 0); // nobody is told of a move in question
            return;
        }
        QCOMPARE(rig.desk.escalationsOf(ticket), 1);
        QCOMPARE(timesSaid(rig.desk, ticket, notice), 1);
        for (const QString &name : oursOf.keys()) {
            if (!m_story.choices.contains(name))
                QCOMPARE(rig.desk.field(ticket, name).toString(), oursOf.value(name));
        }
    }

    void choose()
    {
        for (int round = 0; round < 8; ++round) {
            rig.loop.runFor(2s);
            rig.syncOnce();
            QStringList open;
            for (const storage::Conflict &conflict : rig.local.conflicts())
                open.append(conflict.field);
            std::ranges::sort(open);
            if (m_story.isBackwards)
                std::ranges::reverse(open);
            for (const QString &name : std::as_const(open)) {
                decide(name);
                if (m_story.isBackwards)
                    rig.syncOnce();
            }
        }
    }

    void check()
    {
        QVERIFY(settleAll(rig.loop, rig.desk, { &rig.local, &m_other }));
        rig.loop.runFor(11min); // so long the other one shows what was announced
        QVERIFY(settleAll(rig.loop, rig.desk, { &rig.local, &m_other }));
        QVERIFY(rig.local.waiting().isEmpty());
        QVERIFY(rig.local.conflicts().empty());
        QCOMPARE(rig.desk.escalationsOf(ticket), 1);
        for (const QString &text : { u"Behind it."_s, u"And this."_s })
            QCOMPARE(timesSaid(rig.desk, ticket, text), 1);
        // Nobody is told of a move that was given up.
        const bool isMoveGivenUp
            = m_chosen.contains(field::place) && m_story.choices.value(field::place) == u"theirs";
        QCOMPARE(timesSaid(rig.desk, ticket, notice), isMoveGivenUp ? 0 : 1);
        for (const QString &name : oursOf.keys()) {
            const QString choice = m_story.choices.value(name);
            // Without a conflict theirs came when ours stood there already.
            const bool isOurs = m_chosen.contains(name) ? choice == u"ours" : choice.isEmpty();
            QCOMPARE(
                rig.desk.field(ticket, name).toString(), (isOurs ? oursOf : theirsOf).value(name));
        }
        QVERIFY(m_story.when == When::AtOwner || m_chosen.size() == m_story.choices.size());
        rig.local.know(m_other);
        m_other.know(rig.local);
        QCOMPARE(rig.local.wrong(), QString());
        QCOMPARE(m_other.wrong(), QString());
        QCOMPARE(rig.desk.appliedTwice(), QStringList());
        QVERIFY(
            std::ranges::count(m_other.state(ticket).escalations, m_record, &Escalation::id) == 1);
    }

    SyncRig rig;

private:
    void decide(const QString &name)
    {
        m_chosen.insert(name);
        const auto all = rig.local.conflicts();
        const auto one = std::ranges::find(all, name, &storage::Conflict::field);
        if (one == all.end())
            return;
        const Side side = m_story.choices.value(name) == u"ours" ? Side::Local : Side::Remote;
        DONE(rig.store.store().write(
            storage::Durability::Background, [&](storage::WriteScope &scope) {
                return sync::resolveConflict(scope, one->id, side, mia);
            }));
        if (!m_story.isReopened)
            return;
        rig.local.kill();
        rig.store.reopen();
    }

    Story m_story;
    SyncStore m_second { rig.clock };
    SyncSide m_other;
    QString m_record;
    QSet<QString> m_chosen;
};

} // namespace

class TestChoices : public QObject
{
    Q_OBJECT
private slots:
    void allElseGoesOn_data();
    void allElseGoesOn();
    void aNoteSaysWhatStayed();
    void whatWasGivenUpIsNotPlannedAgain();
    void oursIsGoneMeanwhile();
    void aRefusedFieldMayBeGivenUp();
};

void TestChoices::allElseGoesOn_data()
{
    QTest::addColumn<QString>("place");
    QTest::addColumn<QString>("owner");
    QTest::addColumn<QString>("priority");
    const QStringList all { QString(), u"ours"_s, u"theirs"_s };
    for (const QString &place : all) {
        for (const QString &owner : all) {
            for (const QString &priority : all) {
                const QString name
                    = u"place %1, owner %2, priority %3"_s.arg(place, owner, priority);
                QTest::newRow(qPrintable(name)) << place << owner << priority;
            }
        }
    }
}

void TestChoices::allElseGoesOn()
{
    QFETCH(QString, place);
    QFETCH(QString, owner);
    QFETCH(QString, priority);
    Story story { .choices
        = { { field::place, place }, { field::owner, owner }, { field::priority, priority } } };
    story.choices.removeIf([](const auto &one) { return one.value().isEmpty(); });
    for (const When when : { When::Pulled, When::AtNote, When::AtMove, When::AtOwner }) {
        const int ways = when == When::Pulled || when == When::AtMove ? 4 : 1;
        for (int way = 0; way < ways; ++way) {
            story.when = when;
            story.isBackwards = way % 2 == 1;
            story.isReopened = way / 2 == 1;
            Telling telling(story);
            telling.begin();
            telling.rig.syncOnce();
            if (when == When::Pulled)
                telling.checkUnchosen();
            telling.choose();
            telling.check();
            if (QTest::currentTestFailed())
                QFAIL(qPrintable(u"when %1, way %2"_s.arg(int(when)).arg(way)));
        }
    }
}

/// Who reads the handoff there is not told of a move that nobody made.
void TestChoices::aNoteSaysWhatStayed()
{
    Telling telling({ .choices = { { field::place, u"theirs"_s }, { field::owner, u"ours"_s } } });
    telling.begin();
    telling.choose();
    telling.check();
    const auto state = telling.rig.desk.state();
    const auto &messages = state.tickets.at(ticket).messages;
    QCOMPARE(std::ranges::count_if(messages,
                 [](const MessagePicture &message) {
                     return message.kind == MessageKind::InternalNote
                         && message.text.contains(u"The place stays “L2 Billing”, as chosen."_s)
                         && message.text.endsWith(
                             u"the notice spoke of a move that was not made."_s);
                 }),
        1);
}

/// A request that had the values of several, lost and sent again, or refused and taken apart: what was
/// given up by choice does not come back.
void TestChoices::whatWasGivenUpIsNotPlannedAgain()
{
    for (const Lie lie : { Lie::CutBeforeApply, Lie::Reject }) {
        SyncRig rig;
        rig.syncOnce();
        const QString key = rig.local.key(ticket);
        DONE(rig.local.run(mia,
            commands::SetFields { .ticket = key,
                .changes = { { u"priority"_s, u"low"_s }, { u"subject"_s, u"Better"_s } } }));
        DONE(rig.local.run(mia, change(key, u"field.Product"_s, u"P9"_s)));
        rig.desk.set(ticket, u"8"_s, field::priority, u"urgent"_s);
        rig.syncOnce({ .push = false });
        const auto conflicts = rig.local.conflicts();
        QCOMPARE(conflicts.size(), size_t(1));
        DONE(rig.store.store().write(
            storage::Durability::Background, [&](storage::WriteScope &scope) {
                return sync::resolveConflict(scope, conflicts.front().id, Side::Remote, mia);
            }));
        rig.desk.onNth(1, Push::Fields, lie);
        rig.syncOnce();
        rig.settle();
        QCOMPARE(rig.desk.field(ticket, field::priority).toString(), u"urgent"_s);
        QCOMPARE(rig.desk.field(ticket, field::subject).toString(), u"Better"_s);
        QCOMPARE(rig.desk.field(ticket, u"field.Product"_s).toString(), u"P9"_s);
        QVERIFY(rig.local.conflicts().empty());
        QVERIFY(rig.local.waiting().isEmpty());
        QCOMPARE(rig.local.wrong(), QString());
    }
}

/// Where ours was taken back there is nothing to keep: the next round takes what is there.
void TestChoices::oursIsGoneMeanwhile()
{
    SyncRig rig;
    rig.syncOnce();
    DONE(rig.local.run(mia, change(rig.local.key(ticket), u"priority"_s, u"low"_s)));
    rig.desk.set(ticket, u"8"_s, field::priority, u"urgent"_s);
    rig.syncOnce();
    const auto conflicts = rig.local.conflicts();
    QCOMPARE(conflicts.size(), size_t(1));
    DONE(rig.local.run(mia, commands::Undo { rig.local.key(ticket) }));
    const auto chosen
        = rig.store.store().write(storage::Durability::Background, [&](storage::WriteScope &scope) {
              return sync::resolveConflict(scope, conflicts.front().id, Side::Local, mia);
          });
    QVERIFY(!chosen);
    QCOMPARE(chosen.error().fault, Fault::Conflict);
    rig.settle();
    QVERIFY(rig.local.conflicts().empty());
    QCOMPARE(rig.local.wrong(), QString());
}

/// A refusal of a field that somebody then gives up holds nothing any longer.
void TestChoices::aRefusedFieldMayBeGivenUp()
{
    SyncRig rig;
    rig.syncOnce();
    DONE(rig.local.run(mia, change(rig.local.key(ticket), u"priority"_s, u"low"_s)));
    DONE(rig.local.run(mia, commands::Note { rig.local.key(ticket), u"Behind it."_s, {} }));
    rig.desk.onNth(1, Push::Fields, Lie::Reject);
    rig.syncOnce();
    DONE(rig.local.run(mia, change(rig.local.key(ticket), u"subject"_s, u"Better"_s)));
    rig.desk.set(ticket, u"8"_s, field::priority, u"urgent"_s);
    rig.syncOnce();
    const auto conflicts = rig.local.conflicts();
    QCOMPARE(conflicts.size(), size_t(1));
    DONE(rig.store.store().write(storage::Durability::Background, [&](storage::WriteScope &scope) {
        return sync::resolveConflict(scope, conflicts.front().id, Side::Remote, mia);
    }));
    rig.settle();
    QVERIFY(rig.local.waiting().isEmpty());
    QCOMPARE(timesSaid(rig.desk, ticket, u"Behind it."_s), 1);
    QCOMPARE(rig.local.wrong(), QString());
}

QTEST_GUILESS_MAIN(TestChoices)
#include "tst_choices.moc"
