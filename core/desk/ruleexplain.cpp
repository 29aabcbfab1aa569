#include "core/desk/ruleexplain.h"

#include "core/calendar/zone.h"
#include "core/metrics/days.h"
#include "core/storage/firings.h"
#include "core/storage/rulebook.h"
#include "core/storage/tickets.h"

namespace tierline::desk {

using namespace Qt::StringLiterals;

namespace {

Result<RulePast::WordsThen> wordsFor(storage::Connection &connection, const RulePast &past,
    const QString &rule, const QString &text, Instant at)
{
    RulePast::WordsThen words { .text = text };
    if (rule.isEmpty())
        return words;
    TIERLINE_TRY(book, storage::loadRuleBook(connection));
    const auto kept = std::ranges::find(book.rules, rule, &StoredRule::id);
    // Whoever has changed the words asks what these would say.
    if (kept == book.rules.end() || kept->text != text)
        return words;
    return past.wordsAt(*kept, at);
}

Result<Verdict> verdictOf(storage::Connection &connection, const Visibility &visibility,
    const QString &rule, const QString &text, const QString &key, Instant at)
{
    RuleVerdict verdict { .at = at };
    TIERLINE_TRY(id, storage::findTicket(connection, key, visibility));
    TIERLINE_TRY(state, storage::loadTicket(connection, id));
    verdict.key = state.ticket.key;
    RulePast past(connection, visibility);
    TIERLINE_TRY(words, wordsFor(connection, past, rule, text, at));
    if (words.isOther)
        verdict.words = words;
    verdict.written = words.written;
    TIERLINE_TRY(set, past.compile(QByteArrayView(words.text.toUtf8())));
    TIERLINE_TRY(told, past.explain(*set, id, at));
    verdict.told = told;
    if (rule.isEmpty())
        return std::make_shared<const RuleVerdict>(std::move(verdict));
    TIERLINE_TRY(lines,
        storage::loadFirings(
            connection, { .rule = rule, .ticket = id, .to = at + Millis(1), .limit = 1 }));
    if (!lines.empty())
        verdict.last = lines.front();
    return std::make_shared<const RuleVerdict>(std::move(verdict));
}

} // namespace

void ExplainWork::start(const QString &rule, const QString &text, const QString &ticket, Instant at)
{
    read(
        [rule, text, ticket, at](storage::Connection &connection, const Visibility &visibility,
            const rules::BacktestProgress &) {
            return verdictOf(connection, visibility, rule, text, ticket, at);
        },
        [this](const Result<Verdict> &verdict) { emit finished(verdict); });
}

Result<Instant> instantAsWritten(const QString &text, const QTimeZone &zone, Instant now)
{
    const QString written = text.simplified();
    if (written.isEmpty() || written.compare(u"now"_s, Qt::CaseInsensitive) == 0)
        return now;
    const auto refused = [&] {
        return badInput(
            u"“%1” is no time; write 14:30, 2026-06-08 14:30, or nothing for now."_s.arg(
                written.left(60)));
    };
    Instant at;
    if (const auto whole = Instant::parse(written)) {
        at = *whole;
    } else {
        const QString clock = written.section(u' ', -1);
        const QTime time = QTime::fromString(clock, clock.size() == 4 ? u"H:mm"_s : u"HH:mm"_s);
        const QDate day = written.contains(u' ')
            ? QDate::fromString(written.section(u' ', 0, -2), Qt::ISODate)
            : metrics::localDate(now, zone);
        if (!time.isValid() || !day.isValid() || day.year() < 1900 || day.year() > 2199)
            return refused();
        TIERLINE_TRY(wall, Zone::named(QString::fromUtf8(zone.id())));
        // What the wall showed then: the offset a day before tells which side of a change of clocks is meant.
        const qint64 shown
            = qint64(QDate(1970, 1, 1).daysTo(day)) * DayMs + time.msecsSinceStartOfDay();
        const qint64 guess = shown - wall.offsetAt({ shown - DayMs });
        at = { shown - wall.offsetAt({ guess }) };
    }
    if (at > now)
        return badInput(
            u"%1 is still to come; what a rule will do then is not known."_s.arg(written));
    return at;
}

} // namespace tierline::desk
