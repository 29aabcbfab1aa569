#pragma once

#include "core/domain/event.h"
#include "core/domain/handoff.h"
#include "core/domain/people.h"

#include <QJsonArray>

namespace tierline::handoff {

/// Another ticket of the same customer, as far as the package speaks of it.
struct RelatedTicket {
    QString key;
    QString subject;
    QString category;
    Status status = Status::New;
    Instant created;

    bool operator==(const RelatedTicket &) const = default;
};

/// A file of the thread; its bytes stay in the store.
struct FileNote {
    QString name;
    QString contentType;
    qint64 size = 0;

    bool operator==(const FileNote &) const = default;
};

/// All that a package is made of: plain values that core/commands gathers inside the transaction of
/// the move. What the caller may not see (confidential teams) must not be in here.
struct PackageInput {
    Ticket ticket; ///< after the move; its organization and requester stand below
    Requester requester;
    Organization organization; ///< name empty: the customer belongs to none
    std::vector<Message> messages; ///< the whole thread, in time order
    std::vector<Event> events; ///< the whole log in its one order, the move included
    Escalation escalation; ///< the record as it stands after the move
    HandoffForm form;
    std::vector<RelatedTicket> related; ///< last 30 days, newest first, without this ticket
    std::vector<FileNote> files;
    QList<Tier> tiers;
    Agent actor; ///< who escalates
    Instant now; ///< the instant at which the package is frozen
    int version = 1; ///< 1, and one more each time it is made again for the same escalation
};

/// Words that the first screen has room for: 30 seconds at 238 words a minute. Labels, names,
/// figures and codes are words too.
constexpr int FirstScreenWords = 119;

/// Builds the package: a JSON document by resources/schemas/handoff-1.json. Its `first_screen` has at
/// most FirstScreenWords words when drawn (draw.h), labels and facts included: long texts end at a
/// word with "…", and what a person wrote in the form gives way last; whatever was shortened stands
/// whole under `below`. Texts in it are plain and unmasked: see masked(). BadInput, with the form's
/// field in `where` (summary, tried, expected), where the form is not complete. Pure; cost linear in
/// the thread and the log.
Result<Handoff> build(const PackageInput &input);

/// The form of the package for what leaves for another system: card numbers and secrets are masked in
/// every string of the document, and the document says so (`masked`). The first screen keeps its
/// limit. Pure.
Handoff masked(const Handoff &handoff);
/// The same for what else travels with it: a note's words, and all strings of JSON values. Instants and UUIDs
/// stay as they are. A text is masked whole, before it is cut: half a number no longer looks like one.
QString masked(const QString &text);
QJsonArray masked(const QJsonArray &values);

} // namespace tierline::handoff
