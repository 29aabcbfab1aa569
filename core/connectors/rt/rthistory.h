#pragma once

#include "core/connectors/rt/rtmapping.h"

#include <QSet>

#include <vector>

// A ticket's transactions and attachments, and the entries that they mean. Pure.

namespace tierline::connectors::rt {

constexpr qint64 MaxPackageBytes = 1 << 20;
constexpr qsizetype MaxHtml = 4'000'000;

/// An attachment; texts of messages are attachments too.
struct Part {
    QString id;
    QString transaction;
    QString contentType; ///< lower case
    QString name;
    qint64 size = 0;
    std::optional<QString> content; ///< as a list tells it: good for text only
    std::optional<QByteArray> bytes; ///< exact, where it was fetched for itself

    bool isContainer() const { return contentType.startsWith(u"multipart/"); }
    /// A message's own text, as opposed to a file.
    bool isText() const;
    /// A handoff package by its name and size.
    bool isPackage() const;
};

/// A transaction.
struct Change {
    QString id;
    QString ticket; ///< differs from the ticket asked for where another was merged into it
    QString type;
    QString field;
    QString oldValue, newValue;
    QString creator;
    QString reference; ///< our operation's id in the transaction's own custom field
    bool hasReferenceField = false; ///< the queue has that field
    Instant at;
    QStringList parts; ///< ids of its attachments that may be seen

    bool isMessage() const;
    bool isNote() const;
};

std::optional<Change> changeOf(const QJsonObject &transaction, const QString &referenceField);
/// TransactionId is bare in a list and a reference elsewhere.
std::optional<Part> partOf(const QJsonObject &attachment);
/// The bytes in GET /attachment/ID, which come as base64 in lines; nothing where that is broken.
std::optional<QByteArray> contentOf(const QJsonObject &attachment);

struct Thread {
    std::vector<Change> changes; ///< by id, rising, each once
    QHash<QString, Part> parts; ///< those of messages, by id
    bool isCut = false; ///< longer than what is read
    int unread = 0; ///< changes that could not be read, and are left out

    QString version() const; ///< the last transaction's id
};

/// Numbers and logins whose meaning is needed before historyOf() can be called.
struct Wanted {
    QSet<QString> users; ///< by number
    QSet<QString> people; ///< by login
    QSet<QString> queues;
    QSet<QString> fields;
};
void addWanted(const Thread &thread, const QString &requester, Wanted &wanted);

struct History {
    std::vector<RemoteEntry> entries;
    QJsonObject atCreation;
};

/// `present` is what the fields are after the last change. Values at creation, and after each change,
/// follow from undoing the changes backwards.
History historyOf(const QString &ticket, const Thread &thread, const QJsonObject &present,
    const RemoteUser &requester, const Mapping &mapping, const Names &names);

/// The id in a marker at the very end of a text, `[tl:…]`, or nothing.
QString markerOf(QStringView text);

/// What two texts are compared by when a message is looked for: words with single spaces between.
QString comparable(const QString &text, const QString &html);

/// Text and HTML of a message.
RemoteEntry::Text messageOf(const Change &change, const QHash<QString, Part> &parts);

} // namespace tierline::connectors::rt
