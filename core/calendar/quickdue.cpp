#include "core/calendar/quickdue.h"

#include "core/base/json.h"
#include "core/calendar/duejson.h"
#include "core/calendar/slaclock.h"

#include <QVarLengthArray>

#include <simdjson.h>

namespace tierline::sla {

using namespace Qt::StringLiterals;
namespace dom = simdjson::dom;

namespace {

constexpr size_t mostKnown = 8; ///< calendars
constexpr size_t longestWord = 64; ///< an instant, a target, an id
constexpr size_t mostFacts = MostDueFacts; // for what is above, DueReader finds the words
constexpr int calendarDepth = 63; ///< of the 64 of a line

/// A plain word: ASCII that stands in JSON as it is. Empty where it is none.
std::string_view wordOf(dom::element value)
{
    std::string_view word;
    if (value.get(word) != simdjson::SUCCESS || word.size() > longestWord)
        return {};
    const auto isPlain = [](char c) { return c >= ' ' && c < 0x7f && c != '"' && c != '\\'; };
    return std::ranges::all_of(word, isPlain) ? word : std::string_view();
}

std::optional<Instant> instantOf(dom::element value)
{
    const std::string_view word = wordOf(value);
    QVarLengthArray<char16_t, longestWord> wide(word.begin(), word.end());
    const auto at = Instant::parse(QStringView(wide.data(), wide.size()));
    return at ? std::optional(*at) : std::nullopt;
}

std::optional<Millis> targetOf(dom::element value)
{
    const std::string_view word = wordOf(value);
    const auto length
        = targetFromText(QString::fromLatin1(word.data(), static_cast<qsizetype>(word.size())));
    return length ? std::optional(*length) : std::nullopt;
}

bool takePauses(dom::element value, Cycle &cycle)
{
    dom::array pauses;
    if (value.get(pauses) != simdjson::SUCCESS || pauses.size() > mostFacts)
        return false;
    for (const dom::element pause : pauses) {
        dom::array ends;
        if (pause.get(ends) != simdjson::SUCCESS || ends.size() != 2)
            return false;
        const auto from = instantOf(ends.at(0).value_unsafe());
        const dom::element end = ends.at(1).value_unsafe();
        const auto to = end.is_null() ? std::optional(Cycle::openEnd) : instantOf(end);
        if (!from || !to || *to < *from)
            return false;
        cycle.pauses.push_back({ *from, *to });
    }
    return true;
}

bool takeChanges(dom::element value, Cycle &cycle)
{
    dom::array changes;
    if (value.get(changes) != simdjson::SUCCESS || changes.size() > mostFacts)
        return false;
    for (const dom::element one : changes) {
        dom::object change;
        if (one.get(change) != simdjson::SUCCESS || change.size() != 2)
            return false;
        std::optional<Instant> at;
        std::optional<Millis> length;
        for (const dom::key_value_pair field : change) {
            if (field.key == "at")
                at = instantOf(field.value);
            else if (field.key == "target")
                length = targetOf(field.value);
        }
        if (!at || !length)
            return false;
        cycle.targets.push_back({ *at, *length });
    }
    std::stable_sort(cycle.targets.begin() + 1, cycle.targets.end(),
        [](const Cycle::Target &a, const Cycle::Target &b) { return a.from < b.from; });
    return true;
}

/// The values of a line, each there or not.
struct Line {
    enum Key { Id, Calendar, Start, Target, Pauses, Changes, Met, Cancelled, Now };
    static constexpr std::array<std::string_view, 9> names { "id", "calendar", "start", "target",
        "pauses", "changes", "met", "cancelled", "now" };
    std::array<std::optional<dom::element>, 9> values;

    bool take(dom::object root)
    {
        for (const dom::key_value_pair field : root) {
            const auto name = std::ranges::find(names, field.key);
            if (name == names.end())
                return false;
            auto &value = values[static_cast<size_t>(name - names.begin())];
            if (value)
                return false; // twice
            value = field.value;
        }
        return values[Id] && values[Calendar] && values[Target] && values[Now];
    }
    bool has(Key key) const { return values[key] && !values[key]->is_null(); }
    /// False where what stands there is no instant.
    bool read(Key key, std::optional<Instant> &into) const
    {
        if (!has(key))
            return true;
        into = instantOf(*values[key]);
        return into.has_value();
    }
};

bool readCycle(const Line &line, Cycle &cycle, Instant &now)
{
    std::optional<Instant> at;
    const bool isRead = line.read(Line::Start, cycle.start) && line.read(Line::Met, cycle.met)
        && line.read(Line::Cancelled, cycle.cancelled) && line.read(Line::Now, at);
    const std::optional<Millis> target = targetOf(*line.values[Line::Target]);
    if (!isRead || !at || !target)
        return false;
    now = *at;
    cycle.targets.push_back({ cycle.start.value_or(now), *target });
    return (!line.has(Line::Pauses) || takePauses(*line.values[Line::Pauses], cycle))
        && (!line.has(Line::Changes) || takeChanges(*line.values[Line::Changes], cycle))
        && check(cycle);
}

void append(QByteArray &out, const char *name, const std::optional<Instant> &at)
{
    out += name;
    if (at)
        out.append('"').append(at->iso().toLatin1()).append('"');
    else
        out += "null";
}

QByteArray told(const Reading &reading, std::string_view id)
{
    const auto seconds = [](Millis length) { return QByteArray::number(length.count() / 1000); };
    const QString cause = text(reading.cause);
    QByteArray out;
    out.reserve(256);
    append(out, "{\"breached_at\":", reading.breachedAt);
    out += ",\"cause\":";
    out += cause.isEmpty() ? QByteArray("null") : '"' + cause.toLatin1() + '"';
    append(out, ",\"due\":", reading.due);
    out += ",\"elapsed_s\":" + seconds(reading.elapsed) + ",\"id\":\"";
    out.append(id.data(), static_cast<qsizetype>(id.size()));
    out += "\",\"overdue_s\":" + seconds(reading.overdue) + ",\"remaining_s\":"
        + seconds(reading.remaining) + ",\"state\":\"" + code(reading.state).toLatin1() + "\"}";
    return out;
}

} // namespace

struct QuickDue::Private {
    struct Known {
        std::string text;
        CalendarEditions hours;
    };
    dom::parser parser;
    std::vector<Known> known; ///< the latest last

    const CalendarEditions *hoursOf(dom::element value)
    {
        const std::string text = simdjson::minify(value);
        const auto found = std::ranges::find(known, text, &Known::text);
        if (found != known.end())
            return &found->hours;
        const auto json
            = readJsonObject(QByteArrayView(text.data(), static_cast<qsizetype>(text.size())),
                { .depth = calendarDepth });
        const auto calendar = json ? calendarFromJson(*json) : Result<Calendar>(json.error());
        if (!calendar)
            return nullptr;
        if (known.size() == mostKnown)
            known.erase(known.begin());
        known.push_back({ text, CalendarEditions(*calendar) });
        return &known.back().hours;
    }
};

QuickDue::QuickDue()
    : d(std::make_unique<Private>())
{
}

QuickDue::~QuickDue() = default;

std::optional<QByteArray> QuickDue::answer(QByteArrayView bytes)
{
    if (!bytes.startsWith('{'))
        return {};
    dom::object root;
    if (d->parser.parse(bytes.data(), static_cast<size_t>(bytes.size())).get(root)
        != simdjson::SUCCESS)
        return {};
    Line line;
    Cycle cycle;
    Instant now;
    if (!line.take(root))
        return {};
    const std::string_view id = wordOf(*line.values[Line::Id]);
    if (id.empty() || !readCycle(line, cycle, now))
        return {};
    const CalendarEditions *hours = d->hoursOf(*line.values[Line::Calendar]);
    if (!hours)
        return {};
    return told(read(cycle, *hours, now), id);
}

} // namespace tierline::sla
