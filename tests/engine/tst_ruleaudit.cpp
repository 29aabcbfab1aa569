#include "enginetest.h"

#include "core/import/exporter.h"
#include "core/storage/accounts.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// Whatever rules do, would do or are kept from doing, whatever people decide about it and every change of a rule stands
// in `export audit`.

class TestRuleAudit : public QObject
{
    Q_OBJECT
private slots:
    void everyKindOfFiring();
    void everyKindOfDecision();
    void everyChangeOfTheBook();

private:
    static std::vector<QJsonObject> audit(EngineFixture &desk)
    {
        const QString file = desk.path(u"audit.jsonl"_s);
        std::vector<QJsonObject> rows;
        if (!importing::exportAudit(desk.connection(), file, {}))
            return rows;
        QFile in(file);
        if (!in.open(QIODevice::ReadOnly))
            return rows;
        for (const QByteArray &line : in.readAll().split('\n')) {
            if (!line.isEmpty())
                rows.push_back(QJsonDocument::fromJson(line).object());
        }
        return rows;
    }
    static bool has(const std::vector<QJsonObject> &rows, const QString &ticket,
        const QString &field, const QString &actor)
    {
        return std::ranges::any_of(rows, [&](const QJsonObject &row) {
            return row[u"ticket"_s].toString() == ticket && row[u"field"_s].toString() == field
                && row[u"actor"_s].toString() == actor && !row[u"at"_s].toString().isEmpty();
        });
    }
};

void TestRuleAudit::everyKindOfFiring()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.write([](storage::WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(storage::saveSetting(scope, u"do_not_escalate"_s,
            u"[{\"words\":\"log in\",\"recipe\":\"Send the link.\"}]"_s));
        return storage::addAccount(scope,
            { .name = u"rt"_s,
                .type = u"rt"_s,
                .url = u"https://rt.example"_s,
                .created = scope.now() });
    }));
    DONE(desk.newTicket(u"T-old"_s, Priority::Urgent));
    desk.clock.advance(1min);
    DONE(desk.rules(
        u"rule \"Tags\" when priority is urgent then tag seen continue\n"
        "rule \"Up\" when priority is urgent then escalate to L2 reason sla-risk continue\n"
        "rule \"Steps\" when priority is urgent then ladder (after 10m remind, after 20m "
        "notify manager) continue\n"
        "rule \"First\" when priority is high then tag first\n"
        "rule \"Second\" when priority is high then tag second"_s));
    DONE(desk.rules(
        u"rule \"Watches\" when priority is urgent then tag watched"_s, RuleState::Shadow));
    DONE(desk.rules(
        u"rule \"Capped\" when priority is low then tag calm"_s, RuleState::Live, false, 1));
    QString chain;
    for (int i = 0; i < 7; ++i)
        chain += u"rule \"C%1\" when tags include c%1 then tag c%2 continue\n"_s.arg(i).arg(i + 1);
    DONE(desk.rules(chain));
    desk.settle();
    DONE(desk.newTicket(u"T-1"_s, Priority::Urgent));
    DONE(desk.newTicket(u"rt:7"_s, Priority::Urgent));
    DONE(desk.newTicket(u"T-2"_s, Priority::High));
    DONE(desk.newTicket(u"T-3"_s, Priority::Low));
    DONE(desk.newTicket(u"T-4"_s, Priority::Low));
    DONE(desk.newTicket(u"T-5"_s));
    DONE(desk.run("ann", commands::SetFields { u"T-5"_s, { { u"tags"_s, u"c0"_s } } }));
    desk.settle();
    desk.clock.passAsleep(30min);
    desk.settle();
    QCOMPARE(desk.problem, QString());

    const std::vector<QJsonObject> rows = audit(desk);
    VALUE(all, storage::loadFirings(desk.connection(), { .limit = 10'000 }));
    const auto lines = std::ranges::count_if(
        rows, [](const QJsonObject &row) { return row[u"kind"_s].toString() == u"firing"; });
    QCOMPARE(size_t(lines), all.size()); // each, and none twice
    QSet<int> kinds;
    for (const Firing &one : all) {
        kinds.insert(int(one.outcome));
        VALUE(state, storage::loadTicket(desk.connection(), one.ticket));
        QVERIFY2(has(rows, state.ticket.key, u"rule.%1.%2"_s.arg(one.name, code(one.outcome)),
                     u"rule:"_s + one.name),
            qPrintable(one.name + u' ' + code(one.outcome)));
    }
    for (int kind = 0; kind <= int(FiringOutcome::Stopped); ++kind)
        QVERIFY2(kinds.contains(kind), qPrintable(code(FiringOutcome(kind))));
    // A guard is named with what it kept from being done.
    const auto refused = std::ranges::find_if(rows, [](const QJsonObject &row) {
        return row[u"field"_s].toString() == u"rule.Up.refused"
            && row[u"ticket"_s].toString() == u"T-1";
    });
    QVERIFY(refused != rows.end());
    QVERIFY(QJsonDocument(*refused).toJson().contains("do-not-escalate"));
}

void TestRuleAudit::everyKindOfDecision()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.write([](storage::WriteScope &scope) {
        return storage::saveSetting(scope, u"do_not_escalate"_s,
            u"[{\"words\":\"log in\",\"recipe\":\"Send the link.\"}]"_s);
    }));
    DONE(desk.rules(
        u"rule \"Asks\" when priority is urgent then ask approval of role lead and tag yes"_s));
    DONE(desk.newTicket(u"T-1"_s, Priority::Urgent));
    DONE(desk.newTicket(u"T-2"_s, Priority::Urgent));
    desk.settle();
    VALUE(lea, storage::findAgent(desk.connection(), u"lea"_s));
    VALUE(questions, storage::loadOpenQuestions(desk.connection(), 10));
    QCOMPARE(questions.size(), 2U);
    for (const EngineQuestion &question : questions)
        DONE(desk.engine->answer(question.id, question.ticket == desk.id(u"T-1"_s), lea));
    commands::Escalate escalate = EngineFixture::escalation(u"T-2"_s);
    QVERIFY(!desk.run("ann", escalate));
    escalate.overrideGuard = u"The customer waits on the phone"_s;
    DONE(desk.run("ann", escalate));

    const std::vector<QJsonObject> rows = audit(desk);
    QVERIFY(has(rows, u"T-2"_s, u"escalation.override_guard"_s, u"ann"_s));
    for (const auto &[ticket, answer] : { std::pair(u"T-1"_s, u"yes"_s), { u"T-2"_s, u"no"_s } }) {
        const auto row = std::ranges::find_if(rows, [&](const QJsonObject &one) {
            return one[u"kind"_s].toString() == u"answer" && one[u"ticket"_s].toString() == ticket;
        });
        QVERIFY(row != rows.end());
        QCOMPARE((*row)[u"actor"_s].toString(), u"lea"_s);
        QCOMPARE((*row)[u"after"_s].toString(), answer);
        QCOMPARE((*row)[u"before"_s].toString(), u"tag yes"_s);
    }
}

void TestRuleAudit::everyChangeOfTheBook()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(u"rule \"A\" when priority is urgent then tag a\n"
                    "rule \"B\" when priority is low then tag b"_s));
    DONE(desk.rules(u"rule \"A\" when priority is urgent then tag aa"_s));
    commands::Context context = desk.as(u"lea"_s);
    const commands::RuleReason why { u"it was too loud"_s, u"precision 40 %"_s };
    DONE(commands::run(context, commands::SetRuleCap { u"A"_s, 7, why }));
    DONE(commands::run(
        context, commands::RollBackRule { .rule = u"A"_s, .version = 1, .reason = why }));
    VALUE(book, storage::loadRuleBook(desk.connection()));
    DONE(commands::run(context,
        commands::OrderRules { .ids = { book.rules[1].id, book.rules[0].id }, .reason = why }));
    DONE(commands::run(context,
        commands::SetRuleState { .rule = u"B"_s, .state = RuleState::Retired, .reason = why }));

    const std::vector<QJsonObject> rows = audit(desk);
    VALUE(changes, storage::loadRuleChanges(desk.connection(), {}, 1'000));
    QSet<int> kinds;
    for (const RuleChange &change : changes) {
        kinds.insert(int(change.what));
        const bool isThere = std::ranges::any_of(rows, [&](const QJsonObject &row) {
            return row[u"operation"_s].toString() == change.operation
                && row[u"field"_s].toString().startsWith(u"rule.%1."_s.arg(change.name))
                && row[u"actor"_s].toString() == change.actor
                && row[u"note"_s].toString() == change.why;
        });
        QVERIFY2(isThere, qPrintable(change.name + u' ' + code(change.what)));
    }
    for (int kind = 0; kind <= int(RuleChange::What::RolledBack); ++kind)
        QVERIFY2(kinds.contains(kind), qPrintable(code(RuleChange::What(kind))));
}

QTEST_GUILESS_MAIN(TestRuleAudit)
#include "tst_ruleaudit.moc"
