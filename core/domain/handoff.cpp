#include "core/domain/handoff.h"

#include <algorithm>

namespace tierline {

using namespace Qt::StringLiterals;

Result<Done> checkForm(const HandoffForm &form, const QString &reason)
{
    const auto isBlank = [](const QString &text) { return text.trimmed().isEmpty(); };
    if (isBlank(reason))
        return badInput(
            u"The escalation has no reason code: choose why this tier cannot solve it."_s,
            u"reason"_s);
    if (isBlank(form.summary))
        return badInput(u"The summary is empty: say in a sentence what is wrong."_s, u"summary"_s);
    if (std::all_of(form.tried.begin(), form.tried.end(), isBlank))
        return badInput(
            u"No attempted step is given: say at least one thing that was tried."_s, u"tried"_s);
    if (isBlank(form.expected))
        return badInput(
            u"The expected resolution is empty: say what the customer expects in the end."_s,
            u"expected"_s);
    return Done {};
}

} // namespace tierline
