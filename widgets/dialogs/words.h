#pragma once

#include "core/domain/codes.h"

namespace tierline::ui {

// Codes in the person's words, as the dialogs name them. A code that is not known comes back as it is,
// its dashes as spaces.

QString reasonText(const QString &reason);
QString kindText(EscalationKind kind);
QString roleText(Role role);
QString confidentialText(Confidential confidential);

} // namespace tierline::ui
