#include "core/base/ids.h"
#include "core/base/json.h"
#include "core/calendar/agreementjson.h"
#include "core/calendar/quickdue.h"
#include "core/calendar/ticketclocks.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>

#include <cstdio>
#include <ctime>

// How many clocks are computed in a second: cycles with pauses and changed targets on office calendars of
// several zones; the same as lines of JSON in and out; and all clocks of a ticket with a dozen events.

using namespace tierline;
using namespace tierline::sla;
using namespace Qt::StringLiterals;

namespace {

constexpr int caseCount = 20'000;
constexpr int rounds = 7;
constexpr qint64 minuteMs = 60'000;

QJsonObject calendarJson(const QString &zone)
{
    QJsonObject week;
    for (const QString &day : { u"mon"_s, u"tue"_s, u"wed"_s, u"thu"_s, u"fri"_s })
        week[day] = QJsonArray { QJsonArray { u"09:00"_s, u"12:00"_s },
            QJsonArray { u"13:00"_s, u"17:00"_s } };
    return { { u"zone"_s, zone }, { u"hours"_s, week },
        { u"exceptions"_s,
            QJsonArray {
                QJsonObject { { u"date"_s, u"2026-05-01"_s }, { u"hours"_s, QJsonArray() } },
                QJsonObject { { u"yearly"_s, u"12-25"_s }, { u"hours"_s, QJsonArray() } } } } };
}

template<typename T>
T take(Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "%s\n", qPrintable(result.error().detail));
        std::exit(1);
    }
    return *std::move(result);
}

struct Case {
    Cycle cycle;
    Instant now;
    size_t calendar = 0;
};

/// Targets of minutes to two days, started at any time of a year, up to three pauses, one change in three.
std::vector<Case> makeCases(RandomSource &random, size_t calendars)
{
    std::vector<Case> cases;
    for (int i = 0; i < caseCount; ++i) {
        const Instant start { 1'767'225'600'000 + random.below(365 * 1440) * minuteMs };
        const auto length = [&] { return Millis((5 + random.below(16 * 60)) * minuteMs); };
        Case one { { .start = start, .targets = { { start, length() } } }, {}, {} };
        for (qint64 n = random.below(4); n > 0; --n) {
            const Instant from = start + Millis(random.below(2 * 1440) * minuteMs);
            one.cycle.pauses.push_back({ from, from + Millis(random.below(600) * minuteMs) });
        }
        if (random.below(3) == 0)
            one.cycle.targets.push_back(
                { start + Millis(random.below(1440) * minuteMs), length() });
        if (random.below(2))
            one.cycle.met = start + Millis(random.below(3 * 1440) * minuteMs);
        one.now = start + Millis(random.below(5 * 1440) * minuteMs);
        one.calendar = static_cast<size_t>(random.below(static_cast<qint64>(calendars)));
        cases.push_back(std::move(one));
    }
    return cases;
}

QByteArray lineOf(const Case &one, int number, const QJsonObject &calendar)
{
    const auto minutes
        = [](Millis length) { return QString::number(length.count() / minuteMs) + u'm'; };
    QJsonArray pauses, changes;
    for (const TimeSpan &pause : one.cycle.pauses)
        pauses.append(QJsonArray { pause.from.iso(), pause.to.iso() });
    for (size_t i = 1; i < one.cycle.targets.size(); ++i)
        changes.append(QJsonObject { { u"at"_s, one.cycle.targets[i].from.iso() },
            { u"target"_s, minutes(one.cycle.targets[i].length) } });
    const QJsonObject json { { u"id"_s, u"V%1"_s.arg(number) }, { u"calendar"_s, calendar },
        { u"start"_s, one.cycle.start->iso() },
        { u"target"_s, minutes(one.cycle.targets.front().length) }, { u"pauses"_s, pauses },
        { u"changes"_s, changes },
        { u"met"_s, one.cycle.met ? QJsonValue(one.cycle.met->iso()) : QJsonValue() },
        { u"now"_s, one.now.iso() } };
    return QJsonDocument(json).toJson(QJsonDocument::Compact);
}

/// Of this thread: what others do on the machine meanwhile does not count.
double processorSeconds()
{
    timespec time {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) + 1e-9 * double(time.tv_nsec);
}

/// The median of several rounds over `count` things, a second of one core and a second of the wall.
template<typename Work>
void measure(const char *what, int count, double bar, Work work)
{
    std::vector<double> rates, wallRates;
    for (int round = 0; round < rounds; ++round) {
        QElapsedTimer took;
        took.start();
        const double before = processorSeconds();
        work();
        rates.push_back(count / std::max(1e-9, processorSeconds() - before));
        wallRates.push_back(
            count / (static_cast<double>(std::max<qint64>(1, took.nsecsElapsed())) / 1e9));
    }
    std::ranges::sort(rates);
    std::ranges::sort(wallRates);
    const double median = rates[rates.size() / 2];
    std::printf("%-44s %8d  %.0f a second of a core, %.0f by the wall", what, count, median,
        wallRates[wallRates.size() / 2]);
    if (bar > 0)
        std::printf("  bar >= %.0f %s", bar, median >= bar ? "holds" : "MISSED");
    std::printf("\n");
    std::fflush(stdout);
}

TicketPast pastOf(RandomSource &random)
{
    using Kind = Fact::Kind;
    const Instant start { 1'767'225'600'000 + random.below(365 * 1440) * minuteMs };
    TicketPast past;
    const auto add = [&](qint64 minute, Kind kind) -> Fact & {
        past.facts.push_back({ .at = start + Millis(minute * minuteMs), .kind = kind });
        return past.facts.back();
    };
    add(0, Kind::Created).tier = u"L1"_s;
    add(0, Kind::CustomerWord);
    past.fields.push_back({ start, { .tier = u"L1"_s, .channel = u"email"_s } });
    qint64 minute = 0;
    for (int i = 0; i < 4; ++i) {
        add(minute += random.below(300), Kind::HumanReply).tiers = QStringList { u"L1"_s };
        add(minute, Kind::StatusSet).status = Status::Pending;
        add(minute += random.below(300), Kind::CustomerWord);
        add(minute, Kind::StatusSet).status = Status::Open;
    }
    add(minute += 5, Kind::Escalated).tier = u"L3"_s;
    past.fields.push_back(
        { start + Millis(minute * minuteMs), { .tier = u"L3"_s, .channel = u"email"_s } });
    sortFacts(past.facts);
    return past;
}

} // namespace

int main()
{
    const quint64 seed = 20260613;
    SeededRandom random(seed);
    std::vector<QJsonObject> texts;
    std::vector<CalendarEditions> calendars;
    for (const QString &zone : { u"Europe/Berlin"_s, u"America/New_York"_s, u"Asia/Kolkata"_s }) {
        texts.push_back(calendarJson(zone));
        calendars.emplace_back(take(calendarFromJson(texts.back())));
    }
    const std::vector<Case> cases = makeCases(random, calendars.size());
    qint64 sum = 0;
    measure("a clock read (F: pure function)", caseCount, 200'000, [&] {
        for (const Case &one : cases)
            sum += read(one.cycle, calendars[one.calendar], one.now).elapsed.count();
    });

    std::vector<QByteArray> lines;
    for (int i = 0; i < caseCount; ++i)
        lines.push_back(lineOf(
            cases[static_cast<size_t>(i)], i, texts[cases[static_cast<size_t>(i)].calendar]));
    QuickDue quick;
    qint64 left = 0;
    measure("sla due, lines in and out", caseCount, 50'000, [&] {
        for (const QByteArray &line : lines) {
            const auto out = quick.answer(line);
            left += !out;
            sum += out ? out->size() : 0;
        }
    });
    if (left > 0) {
        std::fprintf(
            stderr, "%lld lines were left to the other reader\n", static_cast<long long>(left));
        return 1;
    }
    DueReader reader;
    measure("the same through Qt's JSON (odd lines)", caseCount, 0, [&] {
        for (const QByteArray &line : lines) {
            const QJsonObject out = take(reader.read(take(readJsonObject(line))));
            sum += QJsonDocument(out).toJson(QJsonDocument::Compact).size();
        }
    });

    AgreementBook book;
    for (const auto &[name, calendar] : defaultAgreements().calendars)
        book.setCalendar(name, calendar);
    take(book.add({ 1, { Instant::MinMs }, defaultAgreements().policies }));
    std::vector<TicketPast> pasts;
    for (int i = 0; i < 2'000; ++i)
        pasts.push_back(pastOf(random));
    measure("all clocks of a ticket with 18 facts", 2'000, 0, [&] {
        for (const TicketPast &past : pasts)
            sum += static_cast<qint64>(
                clocksOf(past, book, past.facts.back().at + Millis(3'600'000)).size());
    });
    return sum == 0 ? 1 : 0;
}
