#include "core/commands/paths.h"
#include "core/desk/desk.h"
#include "core/desk/matrixboard.h"
#include "core/engine/deeds.h"
#include "core/rules/parse.h"
#include "core/storage/people.h"
#include "core/storage/tickets.h"
#include "tests/support/cli/clirunner.h"

#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

// Escalate form, rule and command line send a ticket the same way by the matrix: 1,000 random tickets of the sample
// workspace, over all that its tickets and customers have, and a sample of them through the real program.

namespace {

/// Where a ticket goes. What one of the three cannot say (a form has no way sideways) stands in words.
struct Going {
    QString place; ///< "up L2 Billing ingrid"
    QString how; ///< "functional +1"
    QString refusal; ///< instead of both

    bool operator==(const Going &) const = default;
};

QString placed(bool isUp, const QString &tier, const QString &team, const QString &agent)
{
    return QStringList { isUp ? u"up"_s : u"sideways"_s, isUp ? tier : QString(), team, agent }
        .join(u'|');
}

QString pursued(const QString &kind, int step)
{
    return kind + u" +"_s + QString::number(step);
}

Going wayOf(const commands::PathMove &move)
{
    if (const auto *up = std::get_if<commands::Escalate>(&move))
        return { placed(true, up->toTier, up->team, up->to),
            pursued(code(up->kind), up->priorityStep), {} };
    const auto &sideways = std::get<commands::Reassign>(move);
    return { placed(false, {}, sideways.team, sideways.to), {}, {} };
}

} // namespace

class TestMatrixSame : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void formRuleAndCommandLineAgree();
    void soDoesTheProgram();

private:
    quint64 below(quint64 n) { return m_random.next64() % n; }
    QString oneOf(const QStringList &words) { return words[qsizetype(below(words.size()))]; }
    void fillCustomers(desk::Desk &desk, const desk::MatrixBoard &board);
    void fillTickets(desk::Desk &desk, const desk::MatrixBoard &board);
    /// As the rule "escalate by matrix reason R" would do it.
    Going byRule(const engine::Frame &frame, const Ticket &ticket, const QString &plan,
        const QString &reason);

    static constexpr int Tickets = 1'000;
    CliRunner m_cli;
    const SystemClock m_clock;
    quint64 m_seed = 0;
    SeededRandom m_random { 0 };
    std::unique_ptr<storage::Store> m_store;
    std::vector<Organization> m_customers;
    QStringList m_keys;
};

void TestMatrixSame::initTestCase()
{
    m_seed = qEnvironmentVariableIntValue("TIERLINE_SEED");
    if (m_seed == 0)
        m_seed = 20'260'611;
    qInfo("seed %llu", static_cast<unsigned long long>(m_seed));
    m_random = SeededRandom(m_seed);
    RAN(made, 0, m_cli.json({ u"init"_s, u"--sample"_s }));
    m_cli.setAs(u"ruth"_s);
    auto store = storage::Store::open(storage::Workspace(m_cli.folder()), m_clock);
    QVERIFY2(store, store ? "" : qPrintable(store.error().detail));
    m_store = std::move(*store);
    auto desk = desk::Desk::open(*m_store, m_random, u"ruth"_s);
    QVERIFY(desk);
    const auto board = desk::loadMatrixBoard(m_store->connection());
    QVERIFY(board && board->book.matrix.size() > 5);
    fillCustomers(*desk, *board);
    fillTickets(*desk, *board);
}

/// Forty customers of every plan; one in three has a team of their own.
void TestMatrixSame::fillCustomers(desk::Desk &desk, const desk::MatrixBoard &board)
{
    QStringList teams;
    for (const Team &team : board.book.teams)
        teams.append(team.name);
    const QStringList plans = board.plans + QStringList { QString(), u"a plan of nobody"_s };
    for (int i = 0; i < 40; ++i)
        m_customers.push_back({ .name = u"Customer %1"_s.arg(i), .plan = plans[i % plans.size()] });
    for (const Organization &customer : m_customers) {
        commands::CreateTicket first;
        first.ticket.subject = u"The first"_s;
        first.requester = { .name = u"Ada"_s, .email = u"ada@example.org"_s };
        first.organization = customer;
        first.text = u"Hello"_s;
        const auto made = desk.run(first);
        QVERIFY2(made, made ? "" : qPrintable(made.error().detail));
        if (below(3) != 0)
            continue;
        const auto given
            = desk.change(commands::SetAccountTeam { customer.name, oneOf(teams), u"a test"_s });
        QVERIFY2(given, given ? "" : qPrintable(given.error().detail));
    }
}

void TestMatrixSame::fillTickets(desk::Desk &desk, const desk::MatrixBoard &board)
{
    QStringList types { QString() };
    for (const escalation::MatrixCell &cell : board.book.matrix)
        types.append(cell.type);
    const QStringList categories = board.categories + QStringList { QString(), u"unheard of"_s };
    const QStringList words { u"It does not work."_s, u"I want to speak to a manager."_s,
        u"My lawyer will hear of it."_s };
    const QList<Tier> &tiers = board.book.tiers;
    for (int i = 0; i < Tickets; ++i) {
        commands::CreateTicket create;
        Ticket &ticket = create.ticket;
        ticket.subject = u"Random %1"_s.arg(i);
        ticket.category = oneOf(categories);
        ticket.type = oneOf(types);
        if (const quint64 severity = below(codes<Severity>().size() + 1); severity > 0)
            ticket.severity = fromCode<Severity>(codes<Severity>()[qsizetype(severity - 1)]);
        ticket.tier = tiers[qsizetype(below(tiers.size()))].id;
        QStringList teams { QString() };
        for (const Team &team : board.book.teams) {
            if (team.tier == ticket.tier)
                teams.append(team.name);
        }
        ticket.team = oneOf(teams);
        create.requester = { .name = u"Ada"_s, .email = u"ada@example.org"_s };
        create.organization = m_customers[below(m_customers.size())];
        create.text = oneOf(words);
        const auto made = desk.run(create);
        QVERIFY2(made, made ? "" : qPrintable(made.error().detail));
        m_keys.append(made->state.ticket.key);
    }
}

Going TestMatrixSame::byRule(
    const engine::Frame &frame, const Ticket &ticket, const QString &plan, const QString &reason)
{
    const rules::ParsedActions parsed = rules::parseActions(
        u"escalate by matrix"_s + (reason.isEmpty() ? QString() : u" reason "_s + reason));
    const engine::Telling telling {
        .ticket = ticket, .rule = u"A rule"_s, .sentence = u"It holds"_s, .plan = plan
    };
    const engine::Deeds deeds = engine::deedsFor(parsed.actions, frame, telling);
    if (deeds.steps.empty())
        return { .refusal = deeds.deeds.empty() ? u"no deed"_s : deeds.deeds.front().why };
    if (const auto *up = std::get_if<commands::Escalate>(&deeds.steps.front()))
        return wayOf(*up);
    return wayOf(std::get<commands::Reassign>(deeds.steps.front()));
}

void TestMatrixSame::formRuleAndCommandLineAgree()
{
    storage::Connection &connection = m_store->connection();
    auto desk = desk::Desk::open(*m_store, m_random, u"ruth"_s);
    QVERIFY(desk);
    const auto frame = engine::Frame::load(connection);
    QVERIFY(frame);
    QHash<QString, int> seen;
    for (const QString &key : std::as_const(m_keys)) {
        const auto id = storage::findAnyTicket(connection, key);
        QVERIFY(id);
        const Ticket ticket = storage::loadTicket(connection, *id)->ticket;
        const Organization customer = *storage::loadOrganization(connection, ticket.organization);
        const auto draft = desk->draftEscalation(key);
        commands::Escalate asked;
        asked.ticket = key;
        asked.reason = draft ? draft->command.reason : QString();

        const auto move = commands::alongPath(connection, asked, desk->visibility());
        const Going line = move ? wayOf(*move) : Going { .refusal = move.error().detail };
        const Going rule = byRule(**frame, ticket, customer.plan, asked.reason);
        const QString which = u"%1 (%2|%3|%4|%5|%6 %7): %8 %9"_s.arg(key, ticket.category,
            ticket.type, customer.plan, ticket.severity ? code(*ticket.severity) : QString(),
            ticket.tier, ticket.team, line.place + line.how + line.refusal,
            rule.place + rule.how + rule.refusal);
        QVERIFY2(rule == line, qPrintable(which));
        if (!draft) { // nobody is above: the form says so, and the others go sideways or nowhere
            QCOMPARE(draft.error().fault, Fault::Conflict);
            QVERIFY2(!line.place.startsWith(u"up"_s), qPrintable(which + draft.error().detail));
            ++seen[u"at the top"_s];
        } else if (!line.refusal.isEmpty()) {
            QVERIFY2(draft->path == line.refusal, qPrintable(which + draft->path));
            ++seen[u"nowhere"_s];
        } else if (line.place.startsWith(u"up"_s)) {
            QVERIFY2(wayOf(draft->command) == line, qPrintable(which));
            ++seen[u"up"_s];
        } else {
            QVERIFY2(draft->path.endsWith(u"That is no way up: reassign the ticket there."_s),
                qPrintable(which + draft->path));
            ++seen[u"sideways"_s];
        }
    }
    qInfo("up %d, sideways %d, nowhere %d, at the top %d", seen[u"up"_s], seen[u"sideways"_s],
        seen[u"nowhere"_s], seen[u"at the top"_s]);
    QVERIFY(seen[u"up"_s] > 300 && seen[u"at the top"_s] > 100);
}

/// `matrix path` says where, and `escalate` without a target goes there.
void TestMatrixSame::soDoesTheProgram()
{
    storage::Connection &connection = m_store->connection();
    for (int i = 0; i < 25; ++i) {
        const QString key = oneOf(m_keys);
        m_keys.removeAll(key);
        commands::Escalate asked;
        asked.ticket = key;
        asked.reason = u"beyond-skill"_s;
        const auto move = commands::alongPath(connection, asked, Visibility::all());
        const Ran path = m_cli.json({ u"matrix"_s, u"path"_s, key });
        const QJsonObject to = path.json();
        if (!move) {
            QCOMPARE(path.exitCode, 1);
            QCOMPARE(path.error, move.error().detail);
            continue;
        }
        QVERIFY2(path.exitCode == 0, path.told().constData());
        const bool isUp = to[u"is_up"_s].toBool();
        const Going way { placed(isUp, to[u"tier"_s].toString(), to[u"team"_s].toString(),
                              to[u"agent"_s].toString()),
            isUp ? pursued(to[u"kind"_s].toString(), to[u"priority_step"_s].toInt()) : QString(),
            {} };
        QVERIFY2(way == wayOf(*move), path.told().constData());
        const Ran gone = m_cli.json({ u"escalate"_s, key, u"--reason"_s, u"beyond-skill"_s,
            u"--summary"_s, u"By the matrix"_s, u"--tried"_s, u"The manual"_s, u"--expected"_s,
            u"An answer"_s, u"--override-guard"_s, u"a test"_s });
        QVERIFY2(gone.exitCode == 0, gone.told().constData());
        const auto id = storage::findAnyTicket(connection, key);
        const Ticket ticket = storage::loadTicket(connection, *id)->ticket;
        QCOMPARE(ticket.tier, to[u"tier"_s].toString());
        if (!to[u"team"_s].isNull())
            QCOMPARE(ticket.team, to[u"team"_s].toString());
        QCOMPARE(ticket.assignee, to[u"agent"_s].toString());
    }
}

QTEST_GUILESS_MAIN(TestMatrixSame)
#include "tst_matrixsame.moc"
