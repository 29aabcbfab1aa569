#include "core/commands/templates.h"

#include "core/base/placeholders.h"
#include "core/commands/staffwork_p.h"
#include "core/commands/texts.h"
#include "core/storage/people.h"
#include "core/storage/tickets.h"
#include "core/triage/lexicon.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

const auto settingName = u"templates"_s;
constexpr qsizetype longestTemplateName = 80;
constexpr int mostTemplates = 1'000;

QString keyOf(const Templates &templates, const QString &name)
{
    for (auto one = templates.cbegin(); one != templates.cend(); ++one) {
        if (one.key().compare(name, Qt::CaseInsensitive) == 0)
            return one.key();
    }
    return {};
}

/// A text alone is a string: so all were kept before there were languages.
QJsonValue toJson(const Template &one)
{
    if (one.languages.isEmpty() && !one.review.isValid())
        return one.text;
    QJsonObject json { { u"text"_s, one.text } };
    QJsonObject languages;
    for (auto text = one.languages.cbegin(); text != one.languages.cend(); ++text)
        languages[text.key()] = text.value();
    if (!languages.isEmpty())
        json[u"languages"_s] = languages;
    if (one.review.isValid())
        json[u"review"_s] = one.review.toString(Qt::ISODate);
    return json;
}

Template fromJson(const QJsonValue &value)
{
    if (value.isString())
        return { .text = value.toString() };
    Template one { .text = value["text"_L1].toString() };
    const QJsonObject languages = value["languages"_L1].toObject();
    for (auto text = languages.begin(); text != languages.end(); ++text)
        one.languages.insert(text.key(), text->toString());
    one.review = QDate::fromString(value["review"_L1].toString(), Qt::ISODate);
    return one;
}

Result<QString> soundText(const QString &name, const QString &given)
{
    TIERLINE_TRY(text, cleaned(given, MaxMessage, u"text"_s));
    if (const QString wrong = wrongPlaces(text); !wrong.isEmpty())
        return badInput(u"Template “%1”: %2"_s.arg(name, wrong), u"text"_s);
    return text;
}

Result<Template> sound(const QString &name, const Template &given)
{
    Template one { .review = given.review };
    TIERLINE_TRY(text, soundText(name, given.text));
    one.text = text;
    if (text.isEmpty())
        return badInput(
            u"Template “%1” needs its text for customers of any other language."_s.arg(name),
            u"text"_s);
    for (auto other = given.languages.cbegin(); other != given.languages.cend(); ++other) {
        if (!templateLanguages().contains(other.key()))
            return badInput(
                u"Template “%1”: “%2” is no language that is told by a customer's words; there is %3."_s
                    .arg(name, other.key().left(40), templateLanguages().join(u", "_s)),
                u"language"_s);
        TIERLINE_TRY(words, soundText(name, other.value()));
        if (!words.isEmpty())
            one.languages.insert(other.key(), words);
    }
    return one;
}

Result<Done> store(storage::WriteScope &scope, const Templates &templates)
{
    if (templates.size() > mostTemplates)
        return badInput(u"A workspace has at most %1 templates."_s.arg(mostTemplates), u"name"_s);
    QJsonObject all;
    for (auto one = templates.cbegin(); one != templates.cend(); ++one)
        all[one.key()] = toJson(one.value());
    return storage::saveSetting(
        scope, settingName, QString::fromUtf8(QJsonDocument(all).toJson(QJsonDocument::Compact)));
}

/// One line in the workspace's log; without a template it was taken away.
Result<Done> log(Context &context, storage::WriteScope &scope, const QString &name,
    const Template *one, const QString &why)
{
    return logWorkspace(context, scope, why,
        { { u"template."_s + name, one ? toJson(*one) : QJsonValue(QString()) } });
}

Result<QString> reasonOf(const QString &why)
{
    return required(why, MaxLine, u"why"_s, u"Say why the template changes; it is kept with it."_s);
}

Result<QString> nameOf(const QString &name)
{
    TIERLINE_TRY(
        given, required(name, longestTemplateName, u"name"_s, u"A template needs a name."_s));
    return given.simplified();
}

/// The template as it is after the command; none: it is taken away.
Result<std::optional<Template>> changed(
    const Template *held, const QString &name, const SaveTemplate &command)
{
    const bool isRemoved = command.text.trimmed().isEmpty() && !command.review;
    if (!held && (isRemoved || !command.language.isEmpty()))
        return notFound(u"There is no template “%1”."_s.arg(name));
    if (isRemoved && command.language.isEmpty())
        return std::optional<Template>();
    Template one = held ? *held : Template {};
    if (isRemoved && one.languages.remove(command.language) == 0)
        return notFound(
            u"The template “%1” has no text in “%2”."_s.arg(name, command.language.left(40)));
    if (!command.text.trimmed().isEmpty())
        (command.language.isEmpty() ? one.text : one.languages[command.language]) = command.text;
    if (command.review)
        one.review = *command.review;
    return std::optional(one);
}

/// Puts it in the place of the one of that name, or takes it away.
Result<Done> put(Context &context, storage::WriteScope &scope, Templates &templates,
    const QString &name, const std::optional<Template> &content, const QString &why)
{
    const QString held = keyOf(templates, name);
    const QString key = held.isEmpty() ? name : held;
    if (content) {
        TIERLINE_TRY(one, sound(key, *content));
        templates[key] = one;
    } else {
        templates.remove(key);
    }
    TIERLINE_CHECK(store(scope, templates));
    return log(context, scope, key, content ? &templates[key] : nullptr, why);
}

Result<Done> mayChangeTemplates(const Context &context)
{
    return checkLead(context, u"change what rules tell customers"_s);
}

template<typename Body>
Result<WorkspaceOutcome> onTemplates(Context &context, Body body)
{
    TIERLINE_CHECK(mayChangeTemplates(context));
    TIERLINE_CHECK(
        context.store.write(context.durability, [&](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_TRY(templates, loadTemplates(scope.connection()));
            return body(scope, templates);
        }));
    return WorkspaceOutcome {};
}

} // namespace

const QString &Template::in(const QString &language) const
{
    const auto own = languages.constFind(language);
    return own == languages.cend() ? text : *own;
}

const QStringList &templateLanguages()
{
    static const QStringList languages = [] {
        QStringList codes;
        for (const triage::LexiconFile &file : triage::embeddedLexicons())
            codes.append(QString::fromLatin1(file.language));
        return codes;
    }();
    return languages;
}

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

QHash<QString, QString> customerValues(const PlaceNames &names)
{
    const Ticket &ticket = names.ticket;
    const bool isConfidential = names.team && names.team->confidential != Confidential::No;
    return { { u"id"_s, ticket.key }, { u"subject"_s, ticket.subject },
        { u"customer"_s, names.customer }, { u"organization"_s, names.organization },
        { u"category"_s, ticket.category }, { u"priority"_s, code(ticket.priority) },
        { u"tier"_s, names.tier ? names.tier->name : ticket.tier },
        { u"team"_s, isConfidential ? u"specialist"_s : ticket.team },
        { u"assignee"_s, names.assignee ? names.assignee->name : ticket.assignee } };
}

Result<Templates> loadTemplates(storage::Connection &connection)
{
    TIERLINE_TRY(setting, storage::loadSetting(connection, settingName));
    const QJsonObject all = QJsonDocument::fromJson(setting.toUtf8()).object();
    Templates templates;
    for (auto one = all.begin(); one != all.end(); ++one)
        templates.insert(one.key(), fromJson(*one));
    return templates;
}

const Template *findTemplate(const Templates &templates, const QString &name)
{
    const QString key = keyOf(templates, name);
    return key.isEmpty() ? nullptr : &*templates.constFind(key);
}

Result<WorkspaceOutcome> run(Context &context, const SaveTemplate &command)
{
    return onTemplates(
        context, [&](storage::WriteScope &scope, Templates &templates) -> Result<Done> {
            TIERLINE_TRY(name, nameOf(command.name));
            TIERLINE_TRY(why, reasonOf(command.why));
            TIERLINE_TRY(content, changed(findTemplate(templates, name), name, command));
            return put(context, scope, templates, name, content, why);
        });
}

Result<WorkspaceOutcome> run(Context &context, const PutTemplate &command)
{
    return onTemplates(
        context, [&](storage::WriteScope &scope, Templates &templates) -> Result<Done> {
            TIERLINE_TRY(name, nameOf(command.name));
            TIERLINE_TRY(why, reasonOf(command.why));
            return put(context, scope, templates, name, command.content, why);
        });
}

Result<Done> replaceTemplates(
    Context &context, storage::WriteScope &scope, const Templates &templates, const QString &why)
{
    TIERLINE_CHECK(mayChangeTemplates(context));
    TIERLINE_TRY(held, loadTemplates(scope.connection()));
    Templates all;
    for (auto one = templates.cbegin(); one != templates.cend(); ++one) {
        TIERLINE_TRY(name, nameOf(one.key()));
        if (!keyOf(all, name).isEmpty())
            return badInput(u"There are two templates of the name “%1”."_s.arg(name), u"name"_s);
        TIERLINE_TRY(content, sound(name, one.value()));
        all.insert(name, content);
    }
    for (auto one = held.cbegin(); one != held.cend(); ++one) {
        if (!all.contains(one.key()))
            TIERLINE_CHECK(log(context, scope, one.key(), nullptr, why));
    }
    for (auto one = all.cbegin(); one != all.cend(); ++one) {
        const auto before = held.constFind(one.key());
        if (before == held.cend() || *before != *one)
            TIERLINE_CHECK(log(context, scope, one.key(), &*one, why));
    }
    return store(scope, all);
}

} // namespace tierline::commands
