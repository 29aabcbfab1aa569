#pragma once

#include "widgets/docks/api/workbench.h"

namespace tierline::ui {

/// Opens a dialog by id over `parent` and returns at once; one of a kind at a time (a second call
/// brings the first to front). For the open ticket: escalate return solve confirm reopen reassign
/// flag withdraw review. For the workspace: newticket import export backup settings keys about, and
/// settings:agreements settings:hours for a page of the settings. For
/// helpdesks: connect, account:NAME to change one, signin:NAME where one asks for a new sign-in.
/// Unknown ids do nothing. Thread: ui.
void openDialog(const QString &id, Workbench &workbench, QWidget *parent);

} // namespace tierline::ui
