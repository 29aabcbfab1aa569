#include "core/commands/labels.h"

#include "core/base/json.h"
#include "core/storage/people.h"
#include "core/storage/tickets.h"

#include <QJsonDocument>

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

const QString setting = u"labels"_s;
constexpr qsizetype mostLabels = 10'000;

} // namespace

Result<Labels> loadLabels(storage::Connection &connection)
{
    Labels labels;
    TIERLINE_TRY(text, storage::loadSetting(connection, setting));
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
    if (context.actor.role != Role::Admin && context.actor.role != Role::Lead)
        return notAllowed(u"Leads and admins say what rules are held to, and you are %1."_s.arg(
            code(context.actor.role)));
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
            QJsonObject json;
            for (auto label = labels.cbegin(); label != labels.cend(); ++label)
                json[label.key()] = label.value();
            TIERLINE_CHECK(storage::saveSetting(scope, setting,
                QString::fromUtf8(QJsonDocument(json).toJson(QJsonDocument::Compact))));
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

} // namespace tierline::commands
