#include "core/escalation/fold.h"
#include "core/handoff/draw.h"
#include "core/handoff/package.h"
#include "core/import/sample.h"
#include "core/import/samplefiles.h"
#include "core/import/sampleplan.h"
#include "core/storage/people.h"
#include "core/storage/queues.h"
#include "core/storage/tickets.h"
#include "core/text/words.h"
#include "tests/support/fakeclock.h"

#include <QRegularExpression>
#include <QTemporaryDir>
#include <QtEndian>
#include <QTest>

#include <zlib.h>

using namespace tierline;
using namespace tierline::importing;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr Instant Tuesday { 1'780'996'800'000 }; // 2026-06-09T09:20:00Z

struct Whole {
    TicketState state;
    std::vector<Message> messages;
    std::vector<Event> events;
};

/// All tickets of a store with their threads and logs.
std::vector<Whole> everything(storage::Connection &connection)
{
    std::vector<Whole> all;
    auto statement = connection.prepare("SELECT id FROM ticket ORDER BY id");
    if (!statement)
        return all;
    std::vector<TicketId> ids;
    while (statement->step().value_or(false))
        ids.push_back({ statement->integer(0) });
    for (const TicketId id : ids) {
        auto state = storage::loadTicket(connection, id);
        auto messages = storage::loadMessages(connection, id);
        auto events = storage::loadEvents(connection, id);
        if (!state || !messages || !events)
            return {};
        all.push_back({ *state, *messages, *events });
    }
    return all;
}

struct Filled {
    QTemporaryDir folder;
    test::FakeClock clock { Tuesday };
    std::unique_ptr<storage::Store> store;

    Result<Done> fill(quint64 seed)
    {
        TIERLINE_TRY(
            made, storage::Store::create(storage::Workspace(folder.filePath(u"w"_s)), clock));
        store = std::move(made);
        SeededRandom random(seed);
        return makeSample(*store, clock, random);
    }
};

} // namespace

class TestSampleData : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        const auto filled = m_sample.fill(1);
        QVERIFY2(filled,
            filled ? "" : qPrintable(filled.error().detail + u" "_s + filled.error().where));
        m_all = everything(m_sample.store->connection());
        QVERIFY(m_all.size() > 380 && m_all.size() < 450);
    }

    void hasTheCompany()
    {
        const auto agents = storage::loadAgents(m_sample.store->connection());
        QVERIFY(agents);
        QCOMPARE(std::ranges::count_if(*agents, [](const Agent &a) { return a.isActive; }), 12);
        QCOMPARE(storage::loadMe(m_sample.store->connection()).value_or(QString()), u"priya"_s);
        const auto priya = storage::findAgent(m_sample.store->connection(), u"priya"_s);
        QVERIFY(priya);
        QCOMPARE(priya->homeTier, u"L2"_s);
        QSet<qint64> customers;
        for (const Whole &one : m_all)
            customers.insert(one.state.ticket.organization.v);
        QVERIFY(customers.size() >= 34 && customers.size() <= 40);
        for (const qint64 id : std::as_const(customers)) {
            const auto company = storage::loadOrganization(m_sample.store->connection(), { id });
            QVERIFY(company && !company->plan.isEmpty() && company->arr && company->health);
            QVERIFY(company->renewal > QDate(2026, 6, 9));
        }
    }

    void addressesAreInvented()
    {
        for (const Whole &one : m_all) {
            const auto requester
                = storage::loadRequester(m_sample.store->connection(), one.state.ticket.requester);
            QVERIFY(requester);
            QVERIFY2(requester->email.endsWith(u".example"), qPrintable(requester->email));
        }
    }

    void threadsAreInOrderAndOver()
    {
        for (const Whole &one : m_all) {
            QVERIFY2(!one.messages.empty(), qPrintable(one.state.ticket.key));
            Instant last = one.state.ticket.created;
            QVERIFY(last >= Tuesday - 62 * 24h);
            for (const Message &message : one.messages) {
                QVERIFY2(message.at >= last, qPrintable(one.state.ticket.key));
                last = message.at;
            }
            QVERIFY2(last <= Tuesday, qPrintable(one.state.ticket.key));
            for (const Event &event : one.events)
                QVERIFY2(event.at <= Tuesday, qPrintable(one.state.ticket.key));
        }
    }

    void statesAreConsistent()
    {
        for (const Whole &one : m_all) {
            QCOMPARE(escalation::inconsistency(one.state), QString());
            QCOMPARE(escalation::replay(one.state.ticket.id, one.events).ticket.status,
                one.state.ticket.status);
            const Escalation *record = one.state.openEscalation();
            if (record)
                QCOMPARE(std::ranges::count_if(
                             record->stages, [](const StageEntry &s) { return !s.left; }),
                    1);
        }
    }

    void queuesLookLikeAWorkingDay()
    {
        int frontline = 0, specialists = 0, late = 0, atRisk = 0, engineering = 0, confidential = 0,
            mine = 0, flagged = 0, awaiting = 0;
        for (const Whole &one : m_all) {
            const Ticket &ticket = one.state.ticket;
            awaiting += ticket.isAwaitingYes;
            if (!isWorkable(ticket.status))
                continue;
            flagged += ticket.isFlagged();
            mine += ticket.assignee == u"priya";
            if (ticket.team == u"Legal" || ticket.team == u"Security") {
                ++confidential;
                continue;
            }
            frontline += ticket.tier == u"L1";
            engineering += ticket.tier == u"L3";
            if (ticket.tier != u"L2")
                continue;
            ++specialists;
            QVERIFY2(ticket.due && ticket.clockStart, qPrintable(ticket.key));
            const auto whole = *ticket.due - *ticket.clockStart;
            const auto gone = Tuesday - *ticket.clockStart;
            late += gone >= whole;
            atRisk += gone < whole && gone * 4 >= whole * 3;
            QVERIFY2(!ticket.reason.isEmpty(), qPrintable(ticket.key));
        }
        QCOMPARE(specialists, 12);
        QCOMPARE(late, 2);
        QCOMPARE(atRisk, 3);
        QCOMPARE(engineering, 4);
        QCOMPARE(frontline, 40);
        QCOMPARE(confidential, 3);
        QCOMPARE(flagged, 5);
        QCOMPARE(awaiting, 6);
        QVERIFY(mine >= 4);
    }

    void noTwoOpenTicketsLookTheSame()
    {
        for (const quint64 seed : { 2, 3, 4 }) {
            Filled filled;
            QVERIFY(filled.fill(seed));
            QSet<std::pair<QString, qint64>> seen;
            for (const Whole &one : everything(filled.store->connection())) {
                const Ticket &ticket = one.state.ticket;
                if (isSolved(ticket.status))
                    continue;
                const std::pair pair(ticket.subject, ticket.organization.v);
                QVERIFY2(!seen.contains(pair),
                    qPrintable(u"seed %1: %2"_s.arg(seed).arg(ticket.subject)));
                seen.insert(pair);
            }
            QVERIFY(seen.size() > 50);
        }
    }

    void theLogKnowsTheCustomer()
    {
        int customers = 0;
        for (const Whole &one : m_all) {
            for (const Event &event : one.events) {
                if (event.actor != u"customer")
                    continue;
                ++customers;
                QCOMPARE(event.actorKind, AuthorKind::Customer);
            }
        }
        QVERIFY(customers > 500);
    }

    void everyKindOfEndingIsThere()
    {
        int returned = 0, reversed = 0, withdrawn = 0, reopened = 0, dropped = 0, scores = 0,
            reviewed = 0, automatic = 0, bots = 0, html = 0, pingPong = 0;
        for (const Whole &one : m_all) {
            int moves = 0;
            for (const Escalation &record : one.state.escalations) {
                returned += record.outcome == Outcome::Returned;
                reversed += record.outcome == Outcome::Reversed;
                withdrawn += record.outcome == Outcome::Withdrawn;
                dropped += record.outcome == Outcome::Dropped;
                reviewed += record.outcome == Outcome::Resolved;
                automatic += record.kind == EscalationKind::Automated;
                ++moves;
            }
            pingPong += moves >= 3;
            for (const Event &event : one.events) {
                reopened += event.kind == EventKind::Reopened;
                scores += event.kind == EventKind::Csat;
            }
            for (const Message &message : one.messages) {
                bots += message.author == AuthorKind::Bot;
                html += !message.html.isEmpty();
            }
        }
        QVERIFY(returned >= 8);
        QVERIFY(reversed >= 5);
        QVERIFY(withdrawn >= 1);
        QCOMPARE(reopened, 8);
        QVERIFY(dropped >= 3);
        QVERIFY(scores > 120);
        QVERIFY(reviewed > 50);
        QVERIFY(automatic >= 10);
        QVERIFY(pingPong >= 3);
        QVERIFY(bots > 20);
        QVERIFY(html > 100);
    }

    void readsAsReal()
    {
        QHash<QString, int> subjects;
        QSet<QString> openings;
        QHash<QString, int> languages;
        QSet<QString> categories;
        for (const Whole &one : m_all) {
            ++subjects[one.state.ticket.subject];
            ++languages[one.state.ticket.fields.value(u"language").toString()];
            categories.insert(one.state.ticket.category);
            QString whole;
            for (const Message &message : one.messages) {
                QVERIFY2(!message.text.contains(QRegularExpression(u"[${}|]"_s)),
                    qPrintable(message.text));
                QVERIFY(!message.text.contains(u"lorem", Qt::CaseInsensitive));
                QVERIFY(text::wordCount(message.text) >= 2);
                whole += message.text;
            }
            QVERIFY2(!openings.contains(whole), qPrintable(whole));
            openings.insert(whole);
        }
        const auto most = *std::ranges::max_element(subjects);
        QVERIFY2(most <= 6, qPrintable(subjects.key(most)));
        for (const QString &language : { u"en"_s, u"de"_s, u"fr"_s, u"es"_s, u"pt"_s })
            QVERIFY2(languages.value(language) >= 12, qPrintable(language));
        QCOMPARE(categories.size(), 8);
    }

    void anyTicketWouldFitItsFirstScreen()
    {
        storage::Connection &connection = m_sample.store->connection();
        const auto tiers = storage::loadTiers(connection);
        QVERIFY(tiers);
        for (const Whole &one : m_all) {
            const Ticket &ticket = one.state.ticket;
            handoff::PackageInput input { .ticket = ticket,
                .messages = one.messages,
                .events = one.events,
                .tiers = *tiers,
                .now = Tuesday };
            input.requester = storage::loadRequester(connection, ticket.requester).value_or({});
            input.organization
                = storage::loadOrganization(connection, ticket.organization).value_or({});
            input.escalation = { .id = u"6f1c1d5e-8a55-4a41-9f0e-2b7d3a0c9e11"_s,
                .reasonCode = u"beyond-skill"_s,
                .sentence = one.messages.front().text,
                .fromTier = u"L1"_s,
                .toTier = u"L2"_s,
                .actor = u"tom"_s };
            // Whole messages where a person would write a line.
            input.form = { .summary = one.messages.front().text,
                .tried = { one.messages.back().text },
                .expected = one.messages.back().text };
            for (const Message &message : one.messages)
                input.form.tried.append(message.text);
            const auto built = handoff::build(input);
            QVERIFY(built);
            const QString drawn = handoff::firstScreenText(*built);
            QVERIFY2(text::wordCount(drawn) <= handoff::FirstScreenWords, qPrintable(drawn));
            QVERIFY2(drawn.simplified().split(u' ').size() <= handoff::FirstScreenWords,
                qPrintable(drawn));
            QVERIFY(text::wordCount(handoff::firstScreenText(handoff::masked(*built)))
                <= handoff::FirstScreenWords);
            QCOMPARE(built->document.value(u"below")
                         .toObject()
                         .value(u"original")
                         .toObject()
                         .value(u"text")
                         .toString(),
                one.messages.front().text);
        }
    }

    void packagesFitTheirFirstScreen()
    {
        int packages = 0;
        for (const Whole &one : m_all) {
            const auto handoff
                = storage::loadHandoff(m_sample.store->connection(), one.state.ticket.id);
            if (!handoff)
                continue;
            ++packages;
            const QString drawn = handoff::firstScreenText(*handoff);
            QVERIFY2(text::wordCount(drawn) <= handoff::FirstScreenWords, qPrintable(drawn));
            QVERIFY(drawn.simplified().split(u' ').size() <= handoff::FirstScreenWords);
            QVERIFY(!drawn.contains(u"$"));
        }
        QVERIFY(packages > 100);
    }

    void weekdaysAreBusierThanWeekends()
    {
        std::array<int, 7> days {};
        for (const Whole &one : m_all)
            ++days[static_cast<size_t>((one.state.ticket.created.ms / 86'400'000 + 4) % 7)];
        const int weekend = days[0] + days[6];
        QVERIFY2(
            weekend * 6 < static_cast<int>(m_all.size()), qPrintable(QString::number(weekend)));
        // The outage on the last Tuesday but today: fourteen tickets within two hours.
        const auto wave = std::ranges::count_if(m_all, [](const Whole &one) {
            const Instant begin { Tuesday.ms - 7 * 86'400'000 - 20 * 60'000 };
            return one.state.ticket.category == u"outage" && one.state.ticket.created >= begin
                && one.state.ticket.created <= begin + 2h;
        });
        QVERIFY(wave >= 14);
    }

    void aSeedRepeatsItself()
    {
        SeededRandom one(42), two(42), other(43);
        const auto texts = loadSampleTexts();
        QVERIFY(texts);
        QVERIFY(texts->scenarios.size() >= 60);
        const auto shape = [&](SeededRandom &random) {
            QStringList lines;
            for (const SampleStep &step : planSample(*texts, Tuesday, random).steps)
                lines.append(
                    u"%1 %2 %3 %4"_s.arg(step.at.ms).arg(step.ticket).arg(step.actor, step.file));
            return lines;
        };
        const QStringList first = shape(one);
        QCOMPARE(shape(two), first);
        QVERIFY(shape(other) != first);
    }

    void anyMinuteWorks_data()
    {
        QTest::addColumn<qint64>("now");
        QTest::newRow("Sunday night") << Instant::parse(u"2026-06-07T02:11:00Z").value_or({}).ms;
        QTest::newRow("Monday morning") << Instant::parse(u"2026-01-05T07:01:00Z").value_or({}).ms;
        QTest::newRow("Friday evening") << Instant::parse(u"2027-10-29T18:30:00Z").value_or({}).ms;
        QTest::newRow("leap day") << Instant::parse(u"2028-02-29T12:00:00Z").value_or({}).ms;
    }

    void anyMinuteWorks()
    {
        QFETCH(qint64, now);
        const auto texts = loadSampleTexts();
        QVERIFY(texts);
        for (quint64 seed = 0; seed < 10; ++seed) {
            SeededRandom random(seed);
            const SamplePlan plan = planSample(*texts, { now }, random);
            std::vector<Instant> last(static_cast<size_t>(plan.tickets));
            for (const SampleStep &step : plan.steps) {
                QVERIFY2(step.at.ms <= now,
                    qPrintable(u"seed %1 ticket %2"_s.arg(seed).arg(step.ticket)));
                QVERIFY(step.at >= last[static_cast<size_t>(step.ticket)]);
                last[static_cast<size_t>(step.ticket)] = step.at;
            }
        }
    }

    void filesAreReal()
    {
        SeededRandom random(3);
        const SampleFile png = makeSampleFile(u"png"_s, Tuesday, random);
        QVERIFY(png.bytes.startsWith(QByteArray::fromHex("89504e470d0a1a0a")));
        QByteArray data;
        qsizetype at = 8;
        while (at + 12 <= png.bytes.size()) {
            const auto size = qFromBigEndian<quint32>(png.bytes.constData() + at);
            const QByteArray body = png.bytes.mid(at + 4, 4 + size);
            const auto sum = qFromBigEndian<quint32>(png.bytes.constData() + at + 8 + size);
            QCOMPARE(sum,
                quint32(crc32(
                    0, reinterpret_cast<const Bytef *>(body.constData()), uInt(body.size()))));
            if (body.startsWith("IDAT"))
                data = body.mid(4);
            at += 12 + size;
        }
        QCOMPARE(at, png.bytes.size());
        QByteArray pixels(320 * 180 * 4, 0);
        uLongf size = uLongf(pixels.size());
        QCOMPARE(uncompress(reinterpret_cast<Bytef *>(pixels.data()), &size,
                     reinterpret_cast<const Bytef *>(data.constData()), uLong(data.size())),
            Z_OK);
        QCOMPARE(size, uLongf((320 * 3 + 1) * 180));
        QVERIFY(makeSampleFile(u"csv"_s, Tuesday, random).bytes.count('\n') > 10);
        QVERIFY(makeSampleFile(u"log"_s, Tuesday, random).bytes.contains("ERROR"));
    }

    void aFilledWorkspaceIsLeftAlone()
    {
        SeededRandom random(1);
        const auto again = makeSample(*m_sample.store, m_sample.clock, random);
        QVERIFY(!again);
        QCOMPARE(again.error().fault, Fault::Conflict);
    }

private:
    Filled m_sample;
    std::vector<Whole> m_all;
};

QTEST_GUILESS_MAIN(TestSampleData)
#include "tst_sampledata.moc"
