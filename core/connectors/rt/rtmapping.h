#pragma once

#include "core/base/instant.h"
#include "core/connectors/api/connector.h"

#include <QHash>
#include <QJsonObject>

#include <map>
#include <optional>

namespace tierline::connectors::rt {

/// The account's settings, as a value.
struct Mapping {
    QHash<QString, Status> statuses; ///< by the server's word, in lower case
    /// The word that is written for each status; no entry: this server has none.
    std::map<Status, QString> statusWords;
    qint64 urgentFrom = 80, highFrom = 50, normalFrom = 20;
    QString tagsField; ///< the custom field that holds the tags
    /// The custom fields that hold what triage reads here, by our fields; none: that one is not mapped.
    QHash<QString, QString> triageFields;
    QString referenceField; ///< the transactions' custom field that holds our operation's id
    Millis censusEvery { 6 * 3'600'000 };

    /// Settings that cannot be read keep their default and add a sentence to `problems`.
    static Mapping fromOptions(const std::map<QString, QString> &options, QStringList *problems);
    static QStringList optionNames();

    /// A word that nobody mapped is open: a ticket that is in no known end still needs somebody.
    Status status(const QString &word) const;
    Priority priority(qint64 number) const;
    /// The number that is written where the priority changed: 90, 60, 30, 10 by default.
    qint64 numberOf(Priority priority) const;
    /// "tags" or "field.NAME".
    QString fieldName(const QString &customField) const;
    /// And back: the custom field's name, empty where `field` is none.
    QString customField(const QString &field) const;
};

/// What is known of a custom field.
struct FieldShape {
    QString id;
    QString name;
    bool isMany = false;
    bool isInstant = false;
    bool operator==(const FieldShape &) const = default;
};

/// What numbers in histories stand for. Plain data; RtDirectory fills it.
struct Names {
    QHash<QString, QString> queues; ///< id to name
    QHash<QString, QString> logins; ///< a user's number to the login
    QHash<QString, FieldShape> fields; ///< custom fields by id
    QHash<QString, RemoteUser> people; ///< by login
};

/// The login, "" where nobody owns it.
QString ownerOf(const QString &login);

/// A custom field's values in the form that fields have here: text, or a sorted array.
QJsonValue valueOf(const FieldShape &shape, bool isTags, const QStringList &values);
/// More values of one custom field than are taken, at most MaxValues: such a field is neither shown nor
/// written.
constexpr qsizetype MaxValues = 500;
bool hasTooManyValues(const QJsonValue &values);
/// One raw value in that form: instants as ISO 8601, everything else as it is.
QString singleOf(const FieldShape &shape, const QString &raw);

/// The fields that both sides own, of a ticket as a list or GET /ticket tells it. What it does not
/// tell is left out.
QJsonObject fieldsOf(const QJsonObject &ticket, const Mapping &mapping, const Names &names);

/// The ticket without presence and history. `link` is the address of tickets' pages, up to the id.
RemoteTicket ticketOf(
    const QJsonObject &ticket, const Mapping &mapping, const Names &names, const QString &link);

/// {id, Name, RealName, EmailAddress} as a person; nobody for a reference to nobody.
RemoteUser personOf(const QJsonValue &reference);

/// Logins that mean no person, and words of the desk itself.
bool isNobody(const QString &login);
bool isSystem(const QString &login);

} // namespace tierline::connectors::rt
