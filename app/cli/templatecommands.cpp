#include "app/cli/templatecommands.h"

#include "core/commands/templates.h"
#include "core/desk/agreementdesk.h"

#include <QJsonArray>

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

Result<Answer> listTemplates(Environment &env, const Arguments &)
{
    TIERLINE_TRY(store, env.store());
    TIERLINE_CHECK(env.desk());
    TIERLINE_TRY(templates, commands::loadTemplates(store->connection()));
    QJsonArray rows;
    QList<QStringList> lines;
    for (auto one = templates.cbegin(); one != templates.cend(); ++one) {
        const commands::Template &held = one.value();
        QJsonObject row { { u"name"_s, one.key() }, { u"text"_s, held.text } };
        QJsonObject languages;
        for (auto text = held.languages.cbegin(); text != held.languages.cend(); ++text)
            languages[text.key()] = text.value();
        if (!languages.isEmpty())
            row[u"languages"_s] = languages;
        if (held.review.isValid())
            row[u"review"_s] = held.review.toString(Qt::ISODate);
        rows.append(row);
        lines.append({ one.key(), QStringList(held.languages.keys()).join(u' '),
            held.review.toString(Qt::ISODate), held.text.simplified() });
    }
    return Answer { { { u"rows"_s, rows }, { u"total"_s, rows.size() } },
        table({ u"template"_s, u"also in"_s, u"review"_s, u"text"_s }, lines, 80) };
}

Result<Answer> save(Environment &env, const commands::SaveTemplate &command, const QString &done)
{
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(person, env.desk());
    desk::AgreementDesk desk(*store, env.random(), *person);
    TIERLINE_CHECK(desk.run(command));
    return Answer { { { u"template"_s, command.name } },
        printable(u"Template “%1” %2.\n"_s.arg(command.name, done)) };
}

/// "--review DATE", or "never".
Result<std::optional<QDate>> reviewOf(const Arguments &args)
{
    if (!args.has(u"--review"_s))
        return std::optional<QDate>();
    const QString word = args.value(u"--review"_s);
    const QDate date = QDate::fromString(word, Qt::ISODate);
    if (!date.isValid() && word != u"never")
        return usageError(
            u"“%1” is no day to review a template: write it as 2027-01-31, or never."_s.arg(
                word.left(40)));
    return std::optional(date);
}

Result<Answer> setTemplate(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(review, reviewOf(args));
    TIERLINE_TRY(text, env.textFromInput(u"the template's text"_s));
    return save(env,
        { args.at(0), text, args.value(u"--why"_s), args.value(u"--language"_s), review },
        u"saved"_s);
}

Result<Answer> remove(Environment &env, const Arguments &args)
{
    return save(
        env, { args.at(0), {}, args.value(u"--why"_s), args.value(u"--language"_s) }, u"removed"_s);
}

} // namespace

QList<Command> templateCommands()
{
    return {
        { u"template list"_s, {}, u"texts that rules send to customers"_s, {}, listTemplates },
        { u"template set"_s, u"NAME [--language de] [--review DATE] --why S"_s,
            u"saves one, or its words in another language; text on stdin, with places such as {{customer}}"_s,
            { { u"NAME"_s }, { u"--why"_s, u"--language"_s, u"--review"_s }, {}, {} },
            setTemplate },
        { u"template remove"_s, u"NAME [--language de] --why S"_s, u"takes one away"_s,
            { { u"NAME"_s }, { u"--why"_s, u"--language"_s }, {}, {} }, remove },
    };
}

} // namespace tierline::cli
