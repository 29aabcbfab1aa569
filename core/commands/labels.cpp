#include "core/commands/labels.h"

#include "core/base/json.h"
#include "core/commands/staffwork_p.h"
#include "core/commands/texts.h"

#include <QJsonDocument>

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

const QString labelsSetting = u"labels"_s;
constexpr qsizetype mostLabels = 10'000;

Result<Done> checkMay(const Context &context)
{
    if (context.actor.role == Role::Admin || context.actor.role == Role::Lead)
        return Done {};
    return notAllowed(u"Leads and admins say what rules are held to, and you are %1."_s.arg(
        code(context.actor.role)));
}

Result<Done> store(storage::WriteScope &scope, const Labels &labels)
{
    QJsonObject json;
    for (auto label = labels.cbegin(); label != labels.cend(); ++label)
        json[label.key()] = label.value();
    return storage::saveSetting(scope, labelsSetting,
        QString::fromUtf8(QJsonDocument(json).toJson(QJsonDocument::Compact)));
}

/// Whether a ticket of that key is there and may not be seen.
Result<bool> isHidden(
    storage::Connection &connection, const QString &key, const Visibility &visibility)
{
    if (visibility.deniedTeams.isEmpty())
        return false;
    const auto id = storage::findAnyTicket(connection, key);
    if (!id)
        return id.error().fault == Fault::NotFound ? Result<bool>(false) : id.error();
    TIERLINE_TRY(state, storage::loadTicket(connection, *id));
    return !visibility.sees(state.ticket.team);
}

} // namespace

Result<Labels> loadLabels(storage::Connection &connection)
{
    Labels labels;
    TIERLINE_TRY(text, storage::loadSetting(connection, labelsSetting));
    if (text.isEmpty())
        return labels;
    const auto json = readJsonObject(text.toUtf8());
    if (!json)
        return labels; // what cannot be read says nothing of any ticket
    for (auto label = json->begin(); label != json->end(); ++label) {
        if (label->isBool())
            labels.insert(label.key(), label->toBool());
    }
    return labels;
}

Result<WorkspaceOutcome> run(Context &context, const SetLabel &command)
{
    TIERLINE_CHECK(checkMay(context));
    TIERLINE_CHECK(
        context.store.write(context.durability, [&](storage::WriteScope &scope) -> Result<Done> {
            storage::Connection &connection = scope.connection();
            TIERLINE_TRY(
                id, storage::findTicket(connection, command.ticket.trimmed(), context.visibility));
            TIERLINE_TRY(state, storage::loadTicket(connection, id));
            TIERLINE_TRY(labels, loadLabels(connection));
            const QString &key = state.ticket.key;
            if (command.shouldEscalate)
                labels.insert(key, *command.shouldEscalate);
            else
                labels.remove(key);
            if (labels.size() > mostLabels)
                return conflictError(
                    u"%1 tickets are labelled already; take some labels back first."_s.arg(
                        mostLabels));
            TIERLINE_CHECK(store(scope, labels));
            Event event { .at = context.now,
                .order = context.now,
                .kind = EventKind::Changed,
                .actor = context.actor.id };
            event.data = { { u"label"_s,
                QJsonObject { { u"ticket"_s, key },
                    { u"should_escalate"_s,
                        command.shouldEscalate ? QJsonValue(*command.shouldEscalate)
                                               : QJsonValue() } } } };
            event.operation = context.random.uuid();
            return storage::appendEvent(scope, event);
        }));
    return WorkspaceOutcome {};
}

Result<Labels> visibleLabels(storage::Connection &connection, const Visibility &visibility)
{
    TIERLINE_TRY(labels, loadLabels(connection));
    Labels seen;
    for (auto label = labels.cbegin(); label != labels.cend(); ++label) {
        TIERLINE_TRY(hidden, isHidden(connection, label.key(), visibility));
        if (!hidden)
            seen.insert(label.key(), label.value());
    }
    return seen;
}

Result<Done> replaceLabels(
    Context &context, storage::WriteScope &scope, const Labels &labels, const QString &why)
{
    TIERLINE_CHECK(checkMay(context));
    storage::Connection &connection = scope.connection();
    TIERLINE_TRY(held, loadLabels(connection));
    Labels after;
    for (auto label = held.cbegin(); label != held.cend(); ++label) {
        TIERLINE_TRY(hidden, isHidden(connection, label.key(), context.visibility));
        if (hidden)
            after.insert(label.key(), label.value());
    }
    for (auto label = labels.cbegin(); label != labels.cend(); ++label) {
        if (label.key().isEmpty() || label.key().size() > MaxLine)
            return badInput(u"A label needs the key of its ticket."_s, u"labels"_s);
        TIERLINE_TRY(hidden, isHidden(connection, label.key(), context.visibility));
        if (!hidden)
            after.insert(label.key(), label.value());
    }
    if (after.size() > mostLabels)
        return badInput(u"At most %1 tickets can be labelled."_s.arg(mostLabels), u"labels"_s);
    QJsonObject changes; // null: taken back
    for (auto label = after.cbegin(); label != after.cend(); ++label) {
        if (held.value(label.key(), !label.value()) != label.value())
            changes[label.key()] = label.value();
    }
    for (auto label = held.cbegin(); label != held.cend(); ++label) {
        if (!after.contains(label.key()))
            changes[label.key()] = QJsonValue();
    }
    TIERLINE_CHECK(store(scope, after));
    return logWorkspace(context, scope, why, { { u"labels"_s, changes } });
}

} // namespace tierline::commands
