#pragma once

#include "core/calendar/agreement.h"

#include <QJsonObject>

namespace tierline::sla {

// Policies and calendars as text, by resources/schemas/agreements-1.json:
// `{"calendars":{"Office":{…}},"policies":[{"name","for":"customer|internal|supplier","default":true,
// "when":{"tier":[],"team":[],"channel":[],"plan":[],"organization":[],"category":[],"product":[],
// "type":[],"tag":[],"priority":[],"severity":[]},"calendar","zone","targets":[{"clock":"first_response","target":"1h","when":{…}}],"pauses":["next_response"],
// "calls_answer","grace":"15m","change_runs_ladder","climbs_to":"urgent"}]}`.
// Reading is strict: an unknown key is refused by its name, every list and text is bounded.

struct Agreements {
    std::map<QString, Calendar> calendars;
    Policies policies;
};

/// BadInput with the place where it cannot be used, nothing taken then. `known` are calendars that are
/// there already. Whether the policies are sound together is checked too.
Result<Agreements> agreementsFromJson(const QJsonObject &json, const QStringList &known = {});
/// The same without the calendars, as one edition of policies is kept.
Result<Policies> policiesFromJson(const QJsonArray &json);
QJsonArray toJson(const Policies &policies);
QJsonObject toJson(const Agreements &agreements);

/// What a new workspace begins with: answers by channel, five minutes to accept, an hour for L3.
const Agreements &defaultAgreements();

} // namespace tierline::sla
