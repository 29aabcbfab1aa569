#include "core/commands/settings.h"

namespace tierline::commands {

Result<SettingsOutcome> run(
    Context &context, const ReplaceSettings &change, const Progress &progress)
{
    SettingsOutcome outcome;
    TIERLINE_CHECK(
        context.store.write(context.durability, [&](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_TRY(rules, replaceRules(context, scope, change.rules));
            outcome.rules = rules;
            return change.agreements ? saveAgreements(context, scope, *change.agreements)
                                     : Result<Done>(Done {});
        }));
    if (!change.agreements)
        return outcome;
    TIERLINE_TRY(dues, placeDueTimes(context, progress));
    outcome.dues = dues;
    return outcome;
}

} // namespace tierline::commands
