#include "core/handoff/package.h"

#include "core/handoff/document.h"
#include "core/handoff/screen.h"

namespace tierline::handoff {

using namespace Qt::StringLiterals;

Result<Done> checkForm(const HandoffForm &form, const QString &reason)
{
    if (reason.trimmed().isEmpty())
        return badInput(
            u"The escalation has no reason code; choose why this tier cannot solve it."_s,
            u"reason"_s);
    if (form.summary.trimmed().isEmpty())
        return badInput(
            u"The handoff form has no summary; say in a sentence what the customer needs."_s,
            u"summary"_s);
    const bool hasTried = std::any_of(form.tried.begin(), form.tried.end(),
        [](const QString &step) { return !step.trimmed().isEmpty(); });
    if (!hasTried)
        return badInput(
            u"The handoff form names no attempted step; say what was tried, so that nobody asks again."_s,
            u"tried"_s);
    if (form.expected.trimmed().isEmpty())
        return badInput(
            u"The handoff form has no expected resolution; say what the customer expects in the end."_s,
            u"expected"_s);
    return Done {};
}

Result<Handoff> build(const PackageInput &input)
{
    TIERLINE_CHECK(checkForm(input.form, input.escalation.reasonCode));
    Handoff handoff { .escalation = input.escalation.id,
        .ticket = input.ticket.id,
        .version = input.version,
        .frozen = input.now,
        .document = documentOf(input) };
    handoff.document.insert(u"first_screen"_s, screenOf(handoff.document));
    return handoff;
}

} // namespace tierline::handoff
