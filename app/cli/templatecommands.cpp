#include "app/cli/templatecommands.h"

#include "core/commands/templates.h"
#include "core/desk/agreementdesk.h"

#include <QJsonArray>

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

Result<Answer> list(Environment &env, const Arguments &)
{
    TIERLINE_TRY(store, env.store());
    TIERLINE_CHECK(env.desk());
    TIERLINE_TRY(templates, commands::loadTemplates(store->connection()));
    QJsonArray rows;
    QList<QStringList> lines;
    for (auto one = templates.cbegin(); one != templates.cend(); ++one) {
        rows.append(QJsonObject { { u"name"_s, one.key() }, { u"text"_s, one.value() } });
        lines.append({ one.key(), one.value().simplified() });
    }
    return Answer { { { u"rows"_s, rows }, { u"total"_s, rows.size() } },
        table({ u"template"_s, u"text"_s }, lines, 80) };
}

Result<Answer> save(
    Environment &env, const Arguments &args, const QString &text, const QString &done)
{
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(person, env.desk());
    desk::AgreementDesk desk(*store, env.random(), *person);
    TIERLINE_CHECK(desk.run(commands::SaveTemplate { args.at(0), text, args.value(u"--why"_s) }));
    return Answer { { { u"template"_s, args.at(0) } },
        printable(u"Template “%1” %2.\n"_s.arg(args.at(0), done)) };
}

Result<Answer> set(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(text, env.textFromInput(u"the template's text"_s));
    return save(env, args, text, u"saved"_s);
}

Result<Answer> remove(Environment &env, const Arguments &args)
{
    return save(env, args, {}, u"removed"_s);
}

} // namespace

QList<Command> templateCommands()
{
    return {
        { u"template list"_s, {}, u"texts that rules send to customers"_s, {}, list },
        { u"template set"_s, u"NAME --why S"_s,
            u"saves one; text on stdin, with places such as {{customer}} and {{subject}}"_s,
            { { u"NAME"_s }, { u"--why"_s }, {}, {} }, set },
        { u"template remove"_s, u"NAME --why S"_s, u"takes one away"_s,
            { { u"NAME"_s }, { u"--why"_s }, {}, {} }, remove },
    };
}

} // namespace tierline::cli
