#pragma once

#include "core/commands/agreements.h"
#include "core/commands/rules.h"

namespace tierline::commands {

/// The whole rule book and what is agreed, in one transaction or not at all. Calendars and policies that
/// `agreements` does not name stay.
struct ReplaceSettings {
    ReplaceRules rules;
    std::optional<SaveAgreements> agreements; ///< none: they stay as they are
};

struct SettingsOutcome {
    RuleOutcome rules;
    MovedDues dues; ///< placed anew after the transaction; in vain where nothing was agreed anew
};

Result<SettingsOutcome> run(
    Context &context, const ReplaceSettings &change, const Progress &progress = {});

} // namespace tierline::commands
