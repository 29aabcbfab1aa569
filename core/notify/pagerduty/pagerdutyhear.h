#pragma once

#include "core/notify/api/httperrand.h"

#include <QJsonObject>

#include <map>

namespace tierline::notify::pagerduty {

/// Somebody in an account of PagerDuty.
struct Person {
    QString name;
    QString email;
};

/// What reading back needs; lives as long as its way.
struct PagerDesk {
    net::Transport &reads;
    std::map<QString, Person> people; ///< by id, since the start; begins anew when it is full

    static constexpr size_t Remembered = 500;
};

/// What people did to one incident: acknowledgements, or that it is over. Nothing for what a service or a rule did:
/// our own events come back as such. Names and mail addresses are still missing, apart from the short name. Pure.
std::vector<Heard> heardOf(const QJsonObject &incident, const QString &topic);

/// Asks for the incidents of each open topic, then who those people are. In the order of their instants.
std::unique_ptr<Errand> hearPagerDuty(
    PagerDesk &desk, const std::vector<Open> &open, HeardHandler done);

/// Whether the token is good; changes nothing.
std::unique_ptr<Errand> greetPagerDuty(PagerDesk &desk, std::function<void(Result<QString>)> done);

} // namespace tierline::notify::pagerduty
