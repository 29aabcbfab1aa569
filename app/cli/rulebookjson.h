#pragma once

#include "app/cli/output.h"
#include "core/desk/rulecheck.h"

namespace tierline::cli {

// What `rules` prints of checks and changes. Lines and columns are those of the text that was read; of rules
// that stand in the workspace they count from the rule's own first line.

/// `{"ok","rules","lists","policies","errors":[{"line","column","message","nearest","expected"}],"findings"}`
QJsonObject checkJson(const desk::RuleCheck &check, QByteArrayView text);
QString checkText(const desk::RuleCheck &check, QByteArrayView text);
/// The first thing for which a text cannot be taken as it is.
QString firstError(const desk::RuleCheck &check);

/// `[{"code","gravity","rule","other","line","column","message"}]`
QJsonArray findingsJson(const std::vector<rules::Finding> &findings, QByteArrayView text);
QString findingsText(const std::vector<rules::Finding> &findings, QByteArrayView text);

/// `{"tickets","fields":[{"field","filled","percent","rules"}],"rules":[{"rule","judged","percent"}]}`
QJsonObject readinessJson(const rules::Readiness &readiness);
QString readinessText(const rules::Readiness &readiness);

QJsonObject changeJson(const RuleChange &change);
/// "“Name” is live (was shadow)."
QString changeText(const RuleChange &change);

} // namespace tierline::cli
