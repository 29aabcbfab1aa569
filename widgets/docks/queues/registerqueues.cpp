#include "widgets/docks/api/dockregistry.h"
#include "widgets/docks/queues/queuedock.h"

#include <QLocale>
#include <QTimeZone>

#include <algorithm>

namespace tierline::ui {

using namespace Qt::StringLiterals;

/// One dock for each place: the tiers first, so that they are the first tabs.
void registerqueues(DockRegistry &registry, Workbench &workbench)
{
    QList<Place> places = placesFor(workbench.people());
    std::stable_partition(
        places.begin(), places.end(), [](const Place &p) { return !p.query.tier.isEmpty(); });
    for (const Place &place : std::as_const(places)) {
        registry.add({ .id = u"queue."_s + place.id,
            .title = place.title,
            .place = DockPlace::Queues,
            .shortcut = place.shortcut,
            .make = [place](Workbench &bench, QWidget *parent) -> QWidget * {
                return new QueueDock(
                    bench, place, { QTimeZone::systemTimeZone(), QLocale() }, parent);
            } });
    }
}

} // namespace tierline::ui
