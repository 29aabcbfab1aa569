#include "core/rules/registry.h"

#include <QJsonValue>

#include <cmath>

using namespace Qt::StringLiterals;

namespace tierline::rules {

namespace {

/// A number as thousandths, where it fits.
std::optional<qint64> thousandthsOf(double value)
{
    if (!std::isfinite(value) || std::abs(value) > 1e12)
        return std::nullopt;
    return qRound64(value * 1'000);
}

Reading numberIn(const QJsonValue &value)
{
    if (value.isDouble()) {
        const auto number = thousandthsOf(value.toDouble());
        return number ? Reading::thousandths(*number) : Reading::wrongType(u"a number too large"_s);
    }
    // Imports and remotes write numbers as text.
    const QString text = value.toString().trimmed();
    bool isNumber = false;
    const double parsed = text.toDouble(&isNumber);
    const auto number = isNumber ? thousandthsOf(parsed) : std::nullopt;
    return number ? Reading::thousandths(*number)
                  : Reading::wrongType(u"\"%1\""_s.arg(text.left(40)));
}

Reading fieldOf(const Subject &s, const QString &name, ValueKind compared)
{
    const QJsonValue value = s.ticket->fields.value(name);
    if (value.isUndefined() || value.isNull() || (value.isString() && value.toString().isEmpty()))
        return Reading::unknown();
    if (value.isArray() || value.isObject())
        return Reading::wrongType(value.isArray() ? u"a list"_s : u"an object"_s);
    if (compared != ValueKind::Word)
        return value.isBool() ? Reading::wrongType(value.toBool() ? u"yes"_s : u"no"_s)
                              : numberIn(value);
    if (value.isBool())
        return Reading::word(value.toBool() ? u"yes"_s : u"no"_s);
    if (value.isDouble()) {
        const auto number = thousandthsOf(value.toDouble());
        return number ? Reading::word(numberText(*number))
                      : Reading::wrongType(u"a number too large"_s);
    }
    return Reading::word(value.toString());
}

Reading priorityOf(const Subject &s, const Ask &)
{
    return Reading::word(code(s.ticket->priority));
}
Reading severityOf(const Subject &s, const Ask &)
{
    return s.ticket->severity ? Reading::word(code(*s.ticket->severity)) : Reading::unknown();
}

void addState(FactTable &table)
{
    const auto group = u"issue"_s;
    table.add({ .id = u"priority"_s,
        .group = group,
        .patterns = { u"priority {is}"_s },
        .type = FactType::Choice,
        .help = u"Order of work: low, normal, high, urgent."_s,
        .example = u"priority is at least high"_s,
        .changes = Changes(Change::Priority),
        .choices = codes<Priority>(),
        .isOrdered = true,
        .read = priorityOf });
    table.add({ .id = u"severity"_s,
        .group = group,
        .patterns = { u"severity {is}"_s },
        .type = FactType::Choice,
        .help = u"What the issue does to the customer: low, medium, high, critical."_s,
        .example = u"severity is critical"_s,
        .changes = Changes(Change::Priority),
        .choices = codes<Severity>(),
        .isOrdered = true,
        .read = severityOf });
    table.add({ .id = u"complex"_s,
        .group = group,
        .patterns = { u"complex"_s },
        .type = FactType::Flag,
        .help = u"Somebody marked the ticket as complex."_s,
        .example = u"complex"_s,
        .changes = Changes(Change::Priority),
        .read = [](const Subject &s, const Ask &) { return Reading::of(s.ticket->isComplex); } });
    table.add({ .id = u"status"_s,
        .group = group,
        .patterns = { u"status {is}"_s },
        .type = FactType::Choice,
        .help = u"New, open, pending, hold, solved, closed or deleted."_s,
        .example = u"status is new or open"_s,
        .changes = Changes(Change::Status),
        .choices = codes<Status>(),
        .read
        = [](const Subject &s, const Ask &) { return Reading::word(code(s.ticket->status)); } });
}

void addWords(FactTable &table)
{
    const auto group = u"issue"_s;
    const auto changes = Changes(Change::Fields);
    table.add({ .id = u"category"_s,
        .group = group,
        .patterns = { u"category {is}"_s },
        .type = FactType::Choice,
        .help = u"What the ticket is about."_s,
        .example = u"category is billing"_s,
        .changes = changes,
        .read
        = [](const Subject &s, const Ask &) { return Reading::filled(s.ticket->category); } });
    table.add({ .id = u"product"_s,
        .group = group,
        .patterns = { u"product {is}"_s, u"product area {is}"_s },
        .type = FactType::Choice,
        .help = u"Product or product area."_s,
        .example = u"product area is not mobile"_s,
        .changes = changes,
        .read = [](const Subject &s, const Ask &) { return Reading::filled(s.ticket->product); } });
    table.add({ .id = u"type"_s,
        .group = group,
        .patterns = { u"type {is}"_s, u"issue type {is}"_s },
        .type = FactType::Choice,
        .help = u"Kind of issue: billing dispute, technical bug, feature request …"_s,
        .example = u"type is bug or \"legal liability\""_s,
        .changes = changes,
        .read = [](const Subject &s, const Ask &) { return Reading::filled(s.ticket->type); } });
    table.add({ .id = u"tags"_s,
        .group = group,
        .patterns = { u"tags|tag {is}"_s },
        .type = FactType::Names,
        .help = u"Tags of the ticket."_s,
        .example = u"tags include refund or chargeback"_s,
        .changes = changes,
        .read = [](const Subject &s, const Ask &) { return Reading::set(s.ticket->tags); } });
    table.add({ .id = u"field"_s,
        .group = group,
        .patterns = { u"field {field} {is}"_s },
        .type = FactType::Any,
        .help = u"A custom field, compared as a word, a number, an amount or a share."_s,
        .example = u"field \"impact\" is major"_s,
        .changes = changes,
        .read
        = [](const Subject &s, const Ask &ask) { return fieldOf(s, ask.name, ask.compared); } });
    table.add({ .id = u"amount"_s,
        .group = group,
        .patterns = { u"amount {is}"_s },
        .type = FactType::Money,
        .help = u"The money that the ticket is about: its field \"amount\"."_s,
        .example = u"amount is over $500"_s,
        .changes = changes,
        .read = [](const Subject &s, const Ask &) {
            return fieldOf(s, u"amount"_s, ValueKind::Money);
        } });
}

} // namespace

void factsIssue(FactTable &table)
{
    addState(table);
    addWords(table);
}

} // namespace tierline::rules
