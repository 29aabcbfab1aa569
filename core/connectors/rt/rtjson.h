#pragma once

#include "core/base/instant.h"

#include <QJsonObject>
#include <QStringList>

#include <optional>

// Reading what Request Tracker writes: numbers as numbers or text, references as objects or bare,
// "", null and any time in 1970 for nothing. All text comes out valid and bounded.

namespace tierline::connectors::rt {

constexpr qsizetype MaxSubject = 1'000;
constexpr qsizetype MaxValue = 10'000;
constexpr qsizetype MaxName = 300;

/// Whether a text is an id: decimal, not negative, at most 2^63 - 1. "0" is one, and means none.
bool isId(QStringView text);

/// -1, 0 or 1 as `a` is less than, equal to or more than `b`; both are ids.
int compareIds(const QString &a, const QString &b);
inline bool isAfter(const QString &a, const QString &b)
{
    return compareIds(a, b) > 0;
}
/// `id` - `count`, at least 0.
QString idBefore(const QString &id, qint64 count);

/// The id in a number, a text, or a reference {"id": …}; empty where there is none. Never through a
/// double: 2^53 + 1 comes out as itself.
QString idOf(const QJsonValue &value);

/// The name in a reference {"id": "agent"} or in bare text; users are named by their login.
QString referenceOf(const QJsonValue &value);

/// The text in a text or a number, valid and at most `limit` letters long.
QString textOf(const QJsonValue &value, qsizetype limit = MaxValue);

/// A subject, cut with an ellipsis where it is longer than one may be.
QString subjectOf(const QString &text);

std::optional<qint64> numberOf(const QJsonValue &value);

/// `2026-11-21T02:47:55Z`, or the form of its database, which is UTC too.
std::optional<Instant> instantOf(const QJsonValue &value);

/// An instant as its database writes it, the only form that a PUT takes: `2026-12-01 10:00:00`.
QString sqlInstant(Instant at);

/// The last segment of a path or an URL where it is an id: what a Location header says.
QString lastIdOf(const QByteArray &location);

/// What an answer says in words: an array of sentences, or {"message": …}. For people, never for logic.
QStringList sentencesOf(const QJsonDocument &document);

} // namespace tierline::connectors::rt
