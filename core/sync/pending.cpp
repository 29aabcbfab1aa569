#include "core/sync/pending.h"

namespace tierline::sync {

using namespace Qt::StringLiterals;
using Kind = connectors::PushStep::Kind;
namespace field = connectors::field;

namespace {

constexpr std::array kinds { "reply"_L1, "note"_L1, "fields"_L1 };
constexpr std::array states { "todo"_L1, "sending"_L1, "unknown"_L1, "done"_L1, "refused"_L1,
    "skipped"_L1 };

template<typename T, size_t N>
T valueOf(const std::array<QLatin1StringView, N> &names, const QString &text, T otherwise)
{
    const auto found = std::ranges::find(names, text);
    return found == names.end() ? otherwise : static_cast<T>(found - names.begin());
}

/// Fields of an operation by the remote's names, with the values that they have here.
QJsonObject unspoken(const QJsonObject &changed)
{
    QJsonObject fields;
    for (auto at = changed.begin(); at != changed.end(); ++at) {
        if (at.key() == u"tier")
            fields[field::place] = at.value();
        else if (at.key() == u"assignee")
            fields[field::owner] = at.value();
        else if (at.key() != u"team" && at.key() != u"fields")
            fields[at.key()] = at.value();
    }
    const QJsonObject own = changed.value("fields"_L1).toObject();
    for (auto at = own.begin(); at != own.end(); ++at)
        fields[field::custom + at.key()] = at.value();
    return fields;
}

Step fieldsStep(const QJsonObject &fields)
{
    return { .kind = Kind::Fields, .fields = fields };
}

std::vector<Step> messageSteps(const QJsonArray &messages)
{
    std::vector<Step> steps;
    for (qsizetype i = 0; i < messages.size(); ++i) {
        const QString kind = messages[i].toObject().value("kind"_L1).toString();
        const bool isPublic = fromCode<MessageKind>(kind) == MessageKind::PublicReply;
        steps.push_back(
            { .kind = isPublic ? Kind::Reply : Kind::Note, .message = static_cast<int>(i) });
    }
    return steps;
}

} // namespace

void Step::forget(const QString &field)
{
    fields.remove(field);
    if (!own)
        return;
    own->remove(field);
    if (own->isEmpty())
        fields = {};
}

void Step::goAlone()
{
    if (own)
        fields = *std::exchange(own, std::nullopt);
    state = fields.isEmpty() ? StepState::Done : StepState::Todo;
}

QJsonArray toJson(const std::vector<Step> &steps)
{
    QJsonArray array;
    for (const Step &step : steps) {
        QJsonObject json { { u"kind"_s, QString(kinds.at(static_cast<size_t>(step.kind))) },
            { u"state"_s, QString(states.at(static_cast<size_t>(step.state))) } };
        if (step.isCard)
            json[u"card"_s] = true;
        if (step.message >= 0)
            json[u"message"_s] = step.message;
        if (!step.fields.isEmpty())
            json[u"fields"_s] = step.fields;
        if (step.own)
            json[u"own"_s] = *step.own;
        if (!step.entry.isEmpty())
            json[u"entry"_s] = step.entry;
        if (!step.sentence.isEmpty())
            json[u"sentence"_s] = step.sentence;
        array.append(json);
    }
    return array;
}

std::vector<Step> stepsOf(const QJsonArray &array)
{
    std::vector<Step> steps;
    for (const QJsonValue &value : array) {
        const QJsonObject json = value.toObject();
        const QJsonValue own = json.value("own"_L1);
        steps.push_back({ .kind = valueOf(kinds, json.value("kind"_L1).toString(), Kind::Note),
            // A word that this version does not know: it may have been sent.
            .state = valueOf(states, json.value("state"_L1).toString(), StepState::Unknown),
            .isCard = json.value("card"_L1).toBool(),
            .message = json.value("message"_L1).toInt(-1),
            .fields = json.value("fields"_L1).toObject(),
            .own = own.isObject() ? std::optional(own.toObject()) : std::nullopt,
            .entry = json.value("entry"_L1).toString(),
            .sentence = json.value("sentence"_L1).toString() });
    }
    return steps;
}

Result<std::vector<Step>> planSteps(const storage::OutboxEntry &entry, const FieldMap &map)
{
    TIERLINE_TRY(fields, map.fieldsOf(entry.body.value("changed"_L1).toObject()));
    std::vector<Step> steps;
    if (!entry.body.value("note"_L1).toString().isEmpty())
        steps.push_back({ .kind = Kind::Note, .isCard = true });
    const QJsonValue place = fields.take(field::place);
    const bool isMove = !place.isUndefined();
    const std::vector<Step> said = messageSteps(entry.body.value("messages"_L1).toArray());
    const bool isSaidFirst = isMove && map.account().hides(place.toString());
    if (isSaidFirst)
        steps.insert(steps.end(), said.begin(), said.end());
    if (isMove)
        steps.push_back(fieldsStep({ { field::place, place } }));
    if (!isSaidFirst)
        steps.insert(steps.end(), said.begin(), said.end());
    if (isMove && fields.contains(field::owner)) {
        steps.push_back(fieldsStep({ { field::owner, fields.value(field::owner) } }));
        fields.remove(field::owner);
    }
    if (!fields.isEmpty())
        steps.push_back(fieldsStep(fields));
    return steps;
}

Result<std::vector<Step>> currentSteps(const storage::OutboxEntry &entry, const FieldMap &map)
{
    if (!entry.steps.isEmpty())
        return stepsOf(entry.steps);
    return planSteps(entry, map);
}

Result<Pending> pendingFields(const std::vector<storage::OutboxEntry> &entries, const FieldMap &map)
{
    Pending pending;
    for (const storage::OutboxEntry &entry : entries) {
        const auto steps = currentSteps(entry, map);
        const QString actor = entry.body.value("actor"_L1).toString();
        if (!steps) {
            // It cannot be said in the remote's words (yet), and still nothing may overwrite it.
            const QJsonObject own = unspoken(entry.body.value("changed"_L1).toObject());
            for (auto at = own.begin(); at != own.end(); ++at) {
                pending.fields[at.key()] = at.value();
                pending.by[at.key()] = actor;
            }
            continue;
        }
        for (const Step &step : *steps) {
            if (!step.isOpen())
                continue;
            for (auto at = step.fields.begin(); at != step.fields.end(); ++at) {
                pending.fields[at.key()] = at.value();
                pending.by[at.key()] = actor;
            }
        }
    }
    return pending;
}

} // namespace tierline::sync
