#include "core/commands/templates.h"

#include "core/base/placeholders.h"
#include "core/commands/texts.h"
#include "core/storage/people.h"
#include "core/storage/tickets.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

const auto settingName = u"templates"_s;
constexpr qsizetype longestName = 80;
constexpr int mostTemplates = 1'000;

QString keyOf(const Templates &templates, const QString &name)
{
    for (auto one = templates.cbegin(); one != templates.cend(); ++one) {
        if (one.key().compare(name, Qt::CaseInsensitive) == 0)
            return one.key();
    }
    return {};
}

Result<Done> save(Context &context, storage::WriteScope &scope, const SaveTemplate &command)
{
    TIERLINE_TRY(
        given, required(command.name, longestName, u"name"_s, u"A template needs a name."_s));
    TIERLINE_TRY(text, cleaned(command.text, MaxMessage, u"text"_s));
    TIERLINE_TRY(why,
        required(command.why, MaxLine, u"why"_s,
            u"Say why the template changes; it is kept with it."_s));
    if (const QString wrong = wrongPlaces(text); !wrong.isEmpty())
        return badInput(wrong, u"text"_s);
    TIERLINE_TRY(templates, loadTemplates(scope.connection()));
    const QString held = keyOf(templates, given);
    const QString name = held.isEmpty() ? given.simplified() : held;
    if (text.isEmpty() && held.isEmpty())
        return notFound(u"There is no template “%1”."_s.arg(name));
    if (text.isEmpty())
        templates.remove(name);
    else
        templates[name] = text;
    if (templates.size() > mostTemplates)
        return badInput(u"A workspace has at most %1 templates."_s.arg(mostTemplates), u"name"_s);
    QJsonObject all;
    for (auto one = templates.cbegin(); one != templates.cend(); ++one)
        all[one.key()] = one.value();
    TIERLINE_CHECK(storage::saveSetting(
        scope, settingName, QString::fromUtf8(QJsonDocument(all).toJson(QJsonDocument::Compact))));
    Event event { .at = context.now,
        .order = context.now,
        .kind = EventKind::Changed,
        .actor = context.actor.id };
    event.note = why;
    event.data = { { u"template."_s + name, text } };
    event.operation = context.random.uuid();
    scope.touchEverything();
    return storage::appendEvent(scope, event);
}

} // namespace

const QStringList &customerPlaces()
{
    static const QStringList places { u"id"_s, u"subject"_s, u"customer"_s, u"organization"_s,
        u"category"_s, u"priority"_s, u"tier"_s, u"team"_s, u"assignee"_s };
    return places;
}

QString wrongPlaces(const QString &text)
{
    for (const QString &name : placeholdersIn(text)) {
        if (!customerPlaces().contains(name))
            return u"“{{%1}}” is nothing that a customer is told; there is {{%2}}."_s.arg(
                name, customerPlaces().join(u"}}, {{"_s));
    }
    return {};
}

Result<Templates> loadTemplates(storage::Connection &connection)
{
    TIERLINE_TRY(setting, storage::loadSetting(connection, settingName));
    const QJsonObject all = QJsonDocument::fromJson(setting.toUtf8()).object();
    Templates templates;
    for (auto one = all.begin(); one != all.end(); ++one)
        templates.insert(one.key(), one.value().toString());
    return templates;
}

const QString *findTemplate(const Templates &templates, const QString &name)
{
    const QString key = keyOf(templates, name);
    return key.isEmpty() ? nullptr : &*templates.constFind(key);
}

Result<WorkspaceOutcome> run(Context &context, const SaveTemplate &command)
{
    if (context.actor.role != Role::Lead && context.actor.role != Role::Admin)
        return notAllowed(
            u"Only leads and admins change what rules tell customers; you are %1."_s.arg(
                code(context.actor.role)));
    TIERLINE_CHECK(context.store.write(context.durability,
        [&](storage::WriteScope &scope) { return save(context, scope, command); }));
    return WorkspaceOutcome {};
}

} // namespace tierline::commands
