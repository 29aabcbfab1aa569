#include "widgets/docks/ticket/actorwords.h"

#include "core/escalation/eventdata.h"
#include "widgets/common/plainlabel.h"

#include <QCoreApplication>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

const QString rulePrefix = u"rule:"_s;

struct Actors {
    Q_DECLARE_TR_FUNCTIONS(ActorWords)
};

QString named(const QString &name)
{
    return oneLine(name, 80);
}

} // namespace

QString ActorWords::line() const
{
    return badge.isEmpty() ? name : name.isEmpty() ? badge : badge + u" · "_s + name;
}

ActorWords actorWords(
    const QString &actor, AuthorKind kind, const QString &customer, const desk::People &people)
{
    if (actor.startsWith(rulePrefix))
        return { Actors::tr("Rule"), named(actor.mid(rulePrefix.size())) };
    if (actor == eventdata::triage)
        return { Actors::tr("Triage"), {} };
    const bool isAgent = people.agent(actor) != nullptr;
    if (kind == AuthorKind::Customer || (actor == u"customer" && !isAgent))
        return { {}, customer.isEmpty() ? Actors::tr("Customer") : named(customer) };
    if (kind == AuthorKind::Bot)
        return { Actors::tr("Bot"), named(actor) };
    if (kind == AuthorKind::System || actor.isEmpty())
        return { Actors::tr("System"), named(isAgent ? people.nameOf(actor) : actor) };
    return { {}, named(people.nameOf(actor)) };
}

ActorWords authorWords(const Message &message, const QString &customer, const desk::People &people)
{
    ActorWords words = actorWords(message.authorName, message.author,
        message.author == AuthorKind::Customer && !message.authorName.isEmpty() ? message.authorName
                                                                                : customer,
        people);
    // The notice of a move goes out by itself, in the name of who moved the ticket.
    if (message.author == AuthorKind::System && people.agent(message.authorName))
        words.badge = Actors::tr("Notice");
    return words;
}

} // namespace tierline::ui
