#pragma once

#include "core/commands/commands.h"

#include <QMap>

namespace tierline::commands {

// Texts that rules send to customers by name ("tell customer template …"). Their places are filled when they are
// sent (core/base/placeholders.h). Kept in the workspace's setting "templates"; every change stands in its log.

struct Template {
    QString text; ///< for every language that has none of its own; never empty once it is saved
    QMap<QString, QString> languages; ///< by code, each one of templateLanguages()
    QDate review; ///< when somebody should read it again; null: nobody said

    /// The text for a customer who writes in this language.
    const QString &in(const QString &language) const;
    bool operator==(const Template &) const = default;
};

/// By name; empty where there is none.
using Templates = QMap<QString, Template>;
Result<Templates> loadTemplates(storage::Connection &connection);
/// By name in any case of letters; null where there is none of it.
const Template *findTemplate(const Templates &templates, const QString &name);

/// The languages that are told apart by a customer's words: en, de, fr, es, pt.
const QStringList &templateLanguages();

/// What a text to a customer may name: id, subject, customer, organization, category, priority, tier, team (of a
/// confidential one "specialist"), assignee.
const QStringList &customerPlaces();
/// A sentence that says which of a text's places customers are not told, or empty.
QString wrongPlaces(const QString &text);

/// Of whom and what the places of a text speak. What is null is told by its id.
struct PlaceNames {
    const Ticket &ticket;
    QString customer, organization; ///< their names
    const Tier *tier = nullptr;
    const Team *team = nullptr;
    const Agent *assignee = nullptr;
};
/// What customers are told in each of customerPlaces().
QHash<QString, QString> customerValues(const PlaceNames &names);

/// Saves a text under a name, or with an empty text takes it away: of one language only that one. Leads and admins
/// may. BadInput where the text names a place that customers are not told; NotFound where nothing is there to take
/// away, or where a language comes before the text for all others.
struct SaveTemplate {
    QString name;
    QString text;
    QString why; ///< never empty
    QString language = {}; ///< empty: for all that have none of their own
    std::optional<QDate> review = {}; ///< none: as it was; a null date: never
};
Result<WorkspaceOutcome> run(Context &context, const SaveTemplate &command);

/// The same with all its languages and its date, in one change.
struct PutTemplate {
    QString name;
    Template content;
    QString why; ///< never empty
};
Result<WorkspaceOutcome> run(Context &context, const PutTemplate &command);

/// All of them, inside a transaction under way: what is not named is taken away, what differs gets its line in the
/// log. The same errors, naming the template.
Result<Done> replaceTemplates(
    Context &context, storage::WriteScope &scope, const Templates &templates, const QString &why);

} // namespace tierline::commands
