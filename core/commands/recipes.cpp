#include "core/commands/recipes.h"

#include "core/base/json.h"
#include "core/commands/staffwork_p.h"
#include "core/commands/texts.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QSet>

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

const auto recipesSetting = u"do_not_escalate"_s;
constexpr qsizetype longestWords = 200;
constexpr qsizetype longestRecipe = 4'000;
constexpr qsizetype mostRecipes = 500;

Result<Recipes> sound(const Recipes &given)
{
    if (given.size() > mostRecipes)
        return badInput(
            u"At most %1 kinds of tickets are kept from being escalated."_s.arg(mostRecipes));
    Recipes recipes;
    QSet<QStringList> known;
    for (const escalation::DoNotEscalate &one : given) {
        TIERLINE_TRY(words,
            required(one.words, longestWords, u"words"_s,
                u"By which words is the ticket known that is not to be escalated?"_s));
        TIERLINE_TRY(recipe,
            required(one.recipe, longestRecipe, u"recipe"_s,
                u"“%1” needs its recipe: what is done instead of escalating it."_s.arg(
                    one.words.simplified().left(80))));
        QStringList mark = escalation::wordsOf(words);
        if (mark.isEmpty())
            return badInput(
                u"“%1” has no letter and no digit: no ticket would be known by it."_s.arg(
                    words.left(80)),
                u"words"_s);
        mark.sort();
        mark.removeDuplicates();
        if (known.contains(mark))
            return badInput(u"“%1” stands there twice: put both recipes into one."_s.arg(
                                words.simplified().left(80)),
                u"words"_s);
        known.insert(mark);
        recipes.append({ words.simplified(), recipe.trimmed() });
    }
    return recipes;
}

QJsonArray toJson(const Recipes &recipes)
{
    QJsonArray json;
    for (const escalation::DoNotEscalate &one : recipes)
        json.append(QJsonObject { { u"words"_s, one.words }, { u"recipe"_s, one.recipe } });
    return json;
}

} // namespace

Result<Recipes> loadRecipes(storage::Connection &connection)
{
    TIERLINE_TRY(setting, storage::loadSetting(connection, recipesSetting));
    return escalation::readDoNotEscalate(setting);
}

Result<WorkspaceOutcome> run(Context &context, const SaveRecipes &command)
{
    TIERLINE_CHECK(
        context.store.write(context.durability, [&](storage::WriteScope &scope) -> Result<Done> {
            return replaceRecipes(context, scope, command.recipes, command.why);
        }));
    return WorkspaceOutcome {};
}

Result<Done> replaceRecipes(
    Context &context, storage::WriteScope &scope, const Recipes &recipes, const QString &why)
{
    TIERLINE_CHECK(checkLead(context, u"say what is not to be escalated"_s));
    TIERLINE_TRY(reason,
        required(why, MaxLine, u"why"_s, u"Say why the recipes change; it is kept with them."_s));
    TIERLINE_TRY(all, sound(recipes));
    TIERLINE_TRY(held, loadRecipes(scope.connection()));
    if (all == held)
        return Done {};
    TIERLINE_CHECK(storage::saveSetting(scope, recipesSetting,
        QString::fromUtf8(QJsonDocument(toJson(all)).toJson(QJsonDocument::Compact))));
    return logWorkspace(context, scope, reason, { { recipesSetting, toJson(all) } });
}

} // namespace tierline::commands
