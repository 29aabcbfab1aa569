#pragma once

#include "core/connectors/rt/rtmapping.h"

namespace tierline::connectors::rt {

// A change of fields goes out in at most three requests: the queue alone, since everything else is
// checked against it; then the owner, whom Request Tracker would else check against the old queue; then
// the rest. Pure.

enum class WritePart : quint8 { Queue, Owner, Rest };

/// Which of `wanted` belong to a part and are not yet so in `present`, by the fields' own names.
QJsonObject openWishes(
    WritePart part, const QJsonObject &wanted, const QJsonObject &present, const Mapping &mapping);

/// The body of the PUT that sets them. `raw` is the ticket as it was read last. BadInput in a sentence
/// for what this ticket does not have or Request Tracker cannot hold.
Result<QJsonObject> writeBody(
    const QJsonObject &wishes, const QJsonObject &raw, const Mapping &mapping, const Names &names);

/// Whether two values of a field are the same thing there: two statuses with one word are.
bool isSameValue(
    const QString &field, const QJsonValue &a, const QJsonValue &b, const Mapping &mapping);

/// A field in words, for sentences: "queue", "owner", "custom field “CSAT”".
QString fieldWords(const QString &field, const Mapping &mapping);

} // namespace tierline::connectors::rt
