#pragma once

#include "core/commands/commands.h"

#include <QMap>

namespace tierline::commands {

// Texts that rules send to customers by name ("tell customer template …"). Their places are filled when they are
// sent (core/base/placeholders.h). Kept in the workspace's setting "templates"; every change stands in its log.

/// By name; empty where there is none.
using Templates = QMap<QString, QString>;
Result<Templates> loadTemplates(storage::Connection &connection);
/// By name in any case of letters; null where there is none of it.
const QString *findTemplate(const Templates &templates, const QString &name);

/// What a text to a customer may name: id, subject, customer, organization, category, priority, tier, team (of a
/// confidential one "specialist"), assignee.
const QStringList &customerPlaces();
/// A sentence that says which of a text's places customers are not told, or empty.
QString wrongPlaces(const QString &text);

/// Saves a text under a name, or with an empty text takes it away. Leads and admins may. BadInput where the text
/// names a place that customers are not told; NotFound where nothing is there to take away.
struct SaveTemplate {
    QString name;
    QString text;
    QString why; ///< never empty
};
Result<WorkspaceOutcome> run(Context &context, const SaveTemplate &command);

} // namespace tierline::commands
