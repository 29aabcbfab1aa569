#include "core/handoff/below.h"
#include "core/handoff/draw.h"
#include "core/handoff/screen.h"
#include "core/handoff/shorten.h"

namespace tierline::handoff {

using namespace Qt::StringLiterals;

namespace {

/// The page's only style; nothing is fetched from anywhere.
constexpr QStringView style
    = u"body{font:16px/1.45 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;"
      u"color:#1a1d23;background:#fff}h1{font-size:1.3rem}h2{font-size:1rem;margin-top:2rem;"
      u"border-top:1px solid #d5d9e0;padding-top:1rem}dt{font-weight:600;margin-top:.6rem}"
      u"dd{margin:0}ul{margin:.2rem 0;padding-left:1.2rem}pre{white-space:pre-wrap;"
      u"overflow-wrap:anywhere;background:#f3f4f7;padding:.75rem;border-radius:6px}"
      u".urgent{color:#b3261e}.muted{color:#5a6372}@media print{body{margin:0;max-width:none}}";

QString htmlSafe(const QString &foreign)
{
    return oneLine(foreign).toHtmlEscaped();
}

QString definition(const QString &label, const QString &value, const QString &htmlClass = {})
{
    if (value.isEmpty())
        return {};
    return u"<dt>"_s + label + u"</dt><dd dir=\"auto\""_s
        + (htmlClass.isEmpty() ? QString() : u" class=\""_s + htmlClass + u'"') + u'>'
        + htmlSafe(value) + u"</dd>\n"_s;
}

QString definitions(const QString &label, const QStringList &items, const QString &htmlClass = {})
{
    if (items.isEmpty())
        return {};
    QString drawn = u"<dt>"_s + label + u"</dt><dd"_s
        + (htmlClass.isEmpty() ? QString() : u" class=\""_s + htmlClass + u'"') + u"><ul>"_s;
    for (const QString &item : items)
        drawn += u"<li dir=\"auto\">"_s + htmlSafe(item) + u"</li>"_s;
    return drawn + u"</ul></dd>\n"_s;
}

QString partHtml(const BelowPart &part)
{
    QString drawn = u"<h2>"_s + part.title.toHtmlEscaped() + u"</h2>\n"_s;
    bool isInList = false;
    for (const BelowLine &line : part.lines) {
        if (line.isBlock == isInList)
            drawn += isInList ? u"</ul>\n"_s : u"<ul>\n"_s;
        isInList = !line.isBlock;
        if (line.isBlock)
            drawn += u"<pre dir=\"auto\">"_s + withoutControls(line.text).toHtmlEscaped()
                + u"</pre>\n"_s;
        else
            drawn += u"<li dir=\"auto\">"_s + htmlSafe(line.text) + u"</li>\n"_s;
    }
    return drawn + (isInList ? u"</ul>\n"_s : QString());
}

} // namespace

QString asHtml(const Handoff &handoff)
{
    const ScreenTexts texts = screenTexts(handoff.document);
    const QString title = htmlSafe(texts.title);
    QString drawn = u"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                    u"<meta http-equiv=\"Content-Security-Policy\" "
                    u"content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>"_s
        + title + u"</title>\n<style>"_s + style.toString() + u"</style></head><body>\n<h1>"_s
        + title + u"</h1>\n<dl>\n"_s;
    drawn += definition(u"Expects"_s, texts.expects);
    drawn += definition(u"Who"_s, (texts.who + texts.whoFlags).join(u", "_s));
    drawn += definition(u"Need"_s, texts.need);
    drawn += definition(u"Why"_s, texts.why);
    drawn += definition(u"Reason"_s, texts.whyFacts, u"muted"_s);
    drawn += definitions(u"Tried"_s, texts.tried);
    drawn += definition(u"Urgency"_s, texts.urgency.join(u", "_s), u"urgent"_s);
    drawn += definitions(u"Promised"_s, texts.promises, u"urgent"_s);
    drawn += definition(u"Next"_s, texts.next);
    drawn += definition(u"Source"_s, texts.nextSource, u"muted"_s);
    drawn += u"</dl>\n"_s;
    for (const BelowPart &part : belowParts(handoff.document))
        drawn += partHtml(part);
    return drawn + u"</body></html>\n"_s;
}

} // namespace tierline::handoff
