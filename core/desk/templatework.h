#pragma once

#include "core/commands/templates.h"
#include "core/desk/session.h"

namespace tierline::desk {

/// The texts that rules send, and a ticket to try them on.
struct TemplateBoard {
    commands::Templates templates;
    QString ticket; ///< its key; empty where there is none that may be seen
    QHash<QString, QString> values; ///< of that ticket, by place; empty without one
};

/// Reads them off the ui thread. The ticket is `preferred` where it may be seen, else the oldest that can still be
/// worked on. Saved by Session::change(commands::PutTemplate), which leads and admins may. Thread: ui.
QFuture<Result<TemplateBoard>> readTemplates(Session &session, TicketId preferred = {});

} // namespace tierline::desk
