#include "widgets/docks/api/places.h"

#include <QCoreApplication>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {
QString tr(const char *text)
{
    return QCoreApplication::translate("Places", text);
}
} // namespace

QString homePlace(const desk::People &people)
{
    return u"tier:"_s + people.me.homeTier;
}

QList<Place> placesFor(const desk::People &people)
{
    const QString work = tr("Work");
    QList<Place> places {
        { u"mine"_s, tr("Mine"), tr("Mine"), work,
            tr("Nothing is assigned to you. Tickets that you claim or accept stand here."),
            QKeySequence(u"G, M"_s), { .assignee = people.me.id } },
        { u"flagged"_s, tr("Flagged"), tr("Flagged"), work,
            tr("No ticket is marked as out of scope. A flag asks somebody to decide whether it moves up."),
            QKeySequence(u"G, F"_s), { .onlyFlagged = true } },
        { u"unassigned"_s, tr("Unassigned"), tr("Free"), work,
            tr("Every open ticket has an owner."), QKeySequence(u"G, U"_s),
            { .assignee = u"-"_s } },
    };
    for (const Tier &tier : people.tiers) {
        const QString title
            = tier.name.startsWith(tier.id) ? tier.name : tier.id + u' ' + tier.name;
        places.append({ u"tier:"_s + tier.id, title, tier.id, tr("Tiers"),
            tr("Nothing waits at %1. What is escalated or assigned to it stands here, next breach first.")
                .arg(title),
            tier.rank > 0 && tier.rank < 10 ? QKeySequence(u"G, %1"_s.arg(tier.rank))
                                            : QKeySequence(),
            { .tier = tier.id } });
    }
    return places;
}

} // namespace tierline::ui
