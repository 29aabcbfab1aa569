#include "core/handoff/package.h"

#include "core/handoff/document.h"
#include "core/handoff/screen.h"

namespace tierline::handoff {

using namespace Qt::StringLiterals;

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
