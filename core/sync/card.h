#pragma once

#include "core/connectors/api/connector.h"
#include "core/domain/event.h"

#include <QJsonArray>

namespace tierline::sync {

/// What travels with an escalation, accept, return and withdrawal, so that another Tierline that sees
/// the remote rebuilds the same record, package and clocks: an internal note whose JSON is attached as
/// `tierline-<operation>.json`, or stands as its marked last block where nothing can be attached.
struct Card {
    QString operation; ///< UUID
    QString ticket; ///< remote id; a copy in another ticket's thread is a note like any other
    QString kind; ///< of the operation: "escalate"
    QString actor; ///< agent id where it was made
    QString actorName;
    std::vector<Event> events; ///< as read: without numbers, `at` by the remote's clock
    QJsonObject package; ///< masked; empty where none travels
    QJsonObject sets; ///< fields that the same operation then sets, in the remote's names
    bool operator==(const Card &) const = default;
};

/// "[tl:<operation>]": how a note of ours is found again. Public replies carry none.
QString marker(const QString &operation);
/// The operation of a marker at the very end of a text; empty where there is none.
QString markedOperation(QStringView text);

/// The document, with `events` as a queued operation's body has them. `offset` is remote minus local:
/// instants leave by the remote's clock.
QByteArray writeCard(const Card &card, const QJsonArray &events, Millis offset);
/// A card from an attachment or block. BadInput for what is none, is of a newer form, too large (1 MiB)
/// or too deep, or names more than 50 events.
/// `offset` as in writeCard: instants come by the remote's clock and are given by ours.
Result<Card> readCard(QByteArrayView bytes, Millis offset = Millis(0));

/// The whole text of a note: words, the block where `document` cannot be attached, and the marker.
QString noteText(const QString &words, const QString &operation, QByteArrayView document);
/// The card of an entry: only of an internal note that an agent of the remote wrote, and only where the
/// operation of note and card is the same. Nothing where it has none; an error where it is broken.
Result<std::optional<Card>> cardOf(const connectors::RemoteEntry &entry, Millis offset = Millis(0));
/// The note's text without block and marker, as people read it.
QString withoutCard(const QString &text);

} // namespace tierline::sync
