#include "core/escalation/transitions.h"

#include <QSet>
#include <QTest>

using namespace tierline;
using namespace tierline::escalation;
using namespace Qt::StringLiterals;

namespace {

// The whole table once more, written as people say it: rows are stages, columns actions. "." is
// refused, a stage's code is where it leads, "-outcome" ends the record, "+" opens the next one.
const char *const columns
    = "flag unflag triage escalate withdraw accept return reassign public-reply "
      "customer-word solve confirm reopen review";
const char *const rows[] = {
    "none          detection . . handoff . . . . . . . . . .",
    "detection     . -dropped triage handoff . . . detection . . -dropped . . .",
    "triage        . -dropped . handoff . . . triage . . -dropped . . .",
    "handoff       . . . +superseded -withdrawn resolution -returned handoff resolution . . . . .",
    "resolution    . . . +superseded . . -returned resolution communication . closure . . .",
    "communication . . . +superseded . . -returned communication . resolution closure . . .",
    "closure       . . . +superseded . . . . . . . review resolution .",
    "review        . . . . . . . . . . . . resolution -resolved",
};
constexpr int actionCount = 14;

QString asText(const Transition *line)
{
    if (!line)
        return u"."_s;
    if (line->opensNext)
        return line->to == Stage::Handoff ? u'+' + code(line->outcome) : u"?"_s;
    if (!line->to)
        return u'-' + code(line->outcome);
    return line->outcome == Outcome::None ? code(*line->to) : u"?"_s;
}

} // namespace

class TestTransitions : public QObject
{
    Q_OBJECT
private slots:
    void everyPair_data();
    void everyPair();
    void noPairTwice();
    void everyStageIsReachedAndLeft();
    void printsWhole();
};

void TestTransitions::everyPair_data()
{
    QTest::addColumn<int>("from"); // -1: no open record
    QTest::addColumn<int>("action");
    QTest::addColumn<QString>("leadsTo");
    const QStringList actions = QString::fromLatin1(columns).simplified().split(u' ');
    QCOMPARE(actions.size(), actionCount);
    for (const char *row : rows) {
        const QStringList cells = QString::fromLatin1(row).simplified().split(u' ');
        QCOMPARE(cells.size(), actionCount + 1);
        const auto stage = fromCode<Stage>(cells.first());
        for (int i = 0; i < actionCount; ++i) {
            QCOMPARE(code(static_cast<Action>(i)), actions[i]);
            QTest::addRow("%s %s", qPrintable(cells.first()), qPrintable(actions[i]))
                << (stage ? static_cast<int>(*stage) : -1) << i << cells[i + 1];
        }
    }
}

void TestTransitions::everyPair()
{
    QFETCH(int, from);
    QFETCH(int, action);
    QFETCH(QString, leadsTo);
    const auto stage = from < 0 ? std::nullopt : std::optional(static_cast<Stage>(from));
    QCOMPARE(asText(find(stage, static_cast<Action>(action))), leadsTo);
}

void TestTransitions::noPairTwice()
{
    QSet<std::pair<int, int>> seen;
    for (const Transition &line : transitions()) {
        const std::pair pair { line.from ? static_cast<int>(*line.from) : -1,
            static_cast<int>(line.action) };
        QVERIFY2(!seen.contains(pair), qPrintable(code(line.action)));
        seen.insert(pair);
        QCOMPARE(find(line.from, line.action), &line);
    }
}

void TestTransitions::everyStageIsReachedAndLeft()
{
    for (int i = 0; i <= static_cast<int>(Stage::Review); ++i) {
        const auto stage = static_cast<Stage>(i);
        const auto reaches = [&](const Transition &t) { return t.to == stage && t.from != stage; };
        const auto leaves = [&](const Transition &t) { return t.from == stage && t.to != stage; };
        QVERIFY2(std::ranges::any_of(transitions(), reaches), qPrintable(code(stage)));
        QVERIFY2(std::ranges::any_of(transitions(), leaves), qPrintable(code(stage)));
    }
}

void TestTransitions::printsWhole()
{
    const QStringList lines = printedTable().trimmed().split(u'\n');
    QCOMPARE(static_cast<size_t>(lines.size()), transitions().size());
    QCOMPARE(lines.first(), u"none          flag          -> detection"_s);
    QVERIFY(lines.contains(u"handoff       withdraw      -> ended (withdrawn)"_s));
    QVERIFY(lines.contains(
        u"closure       escalate      -> handoff (this one ends superseded, the next opens)"_s));
    QVERIFY(lines.contains(
        u"resolution    return        -> ended (returned, or reversed where L1 could have solved it)"_s));
}

QTEST_GUILESS_MAIN(TestTransitions)
#include "tst_transitions.moc"
