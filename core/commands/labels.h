#pragma once

#include "core/commands/commands.h"

#include <QHash>

namespace tierline::commands {

/// What people said of past tickets, by key: should this have been escalated (setting "labels")? Rules are held
/// to it; it goes before what the ends of escalations say.
using Labels = QHash<QString, bool>;
Result<Labels> loadLabels(storage::Connection &connection);

/// Says it of one ticket, or takes it back. NotFound for tickets that may not be seen, NotAllowed for who may not
/// change rules, Conflict where ten thousand are labelled already.
struct SetLabel {
    QString ticket; ///< its key
    std::optional<bool> shouldEscalate; ///< none: nobody said
};
Result<WorkspaceOutcome> run(Context &context, const SetLabel &command);

} // namespace tierline::commands
