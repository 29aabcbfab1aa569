#include "core/handoff/below.h"
#include "core/handoff/draw.h"
#include "core/handoff/screen.h"
#include "core/handoff/shorten.h"

namespace tierline::handoff {

using namespace Qt::StringLiterals;

QString firstScreenText(const Handoff &handoff)
{
    return screenLines(handoff.document).join(u'\n') + u'\n';
}

QString asText(const Handoff &handoff)
{
    QString drawn = firstScreenText(handoff);
    drawn += u"\n"_s + QString(72, u'-') + u'\n';
    for (const BelowPart &part : belowParts(handoff.document)) {
        drawn += u'\n' + part.title + u'\n';
        for (const BelowLine &line : part.lines) {
            if (!line.isBlock) {
                drawn += u"  "_s + oneLine(line.text) + u'\n';
                continue;
            }
            // Blocks are set in, so that nothing in them can pass for a title of ours.
            for (const QString &row : withoutControls(line.text).split(u'\n'))
                drawn += u"    "_s + row + u'\n';
        }
    }
    return drawn;
}

} // namespace tierline::handoff
