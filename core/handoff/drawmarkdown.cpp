#include "core/handoff/below.h"
#include "core/handoff/draw.h"
#include "core/handoff/screen.h"
#include "core/handoff/shorten.h"

namespace tierline::handoff {

using namespace Qt::StringLiterals;

namespace {

/// Every ASCII sign that could mean something is escaped; a mention is broken by a word joiner, which
/// nobody sees.
QString markdownSafe(const QString &foreign)
{
    QString safe;
    const QString line = oneLine(foreign);
    safe.reserve(line.size() + line.size() / 8);
    for (const QChar c : line) {
        const bool isSign = c.unicode() < 0x80 && !c.isLetterOrNumber() && !c.isSpace();
        if (isSign)
            safe.append(u'\\');
        safe.append(c);
        if (c == u'@' || c == u'#')
            safe.append(QChar(0x2060));
    }
    return safe;
}

/// A code block whose fence is longer than any run of backticks in the text.
QString fenced(const QString &foreign)
{
    const QString block = withoutControls(foreign);
    qsizetype longest = 2;
    qsizetype run = 0;
    for (const QChar c : block) {
        run = c == u'`' ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const QString fence(longest + 1, u'`');
    return fence + u"text\n"_s + block + u'\n' + fence + u'\n';
}

QString field(const QString &label, const QString &value)
{
    return value.isEmpty() ? QString()
                           : u"**"_s + label + u":** "_s + markdownSafe(value) + u"\n\n"_s;
}

QString list(const QString &label, const QStringList &items)
{
    if (items.isEmpty())
        return {};
    QString drawn = u"**"_s + label + u":**\n\n"_s;
    for (const QString &item : items)
        drawn += u"- "_s + markdownSafe(item) + u'\n';
    return drawn + u'\n';
}

QString inBrackets(const QString &text, const QString &facts)
{
    return facts.isEmpty() ? text : text + u" ("_s + facts + u')';
}

} // namespace

QString asMarkdown(const Handoff &handoff)
{
    const ScreenTexts texts = screenTexts(handoff.document);
    QString drawn = u"## "_s + markdownSafe(texts.title) + u"\n\n"_s;
    drawn += field(u"Expects"_s, texts.expects);
    drawn += field(u"Who"_s, (texts.who + texts.whoFlags).join(u", "_s));
    drawn += field(u"Need"_s, texts.need);
    drawn += field(u"Why"_s, inBrackets(texts.why, texts.whyFacts));
    drawn += list(u"Tried"_s, texts.tried);
    drawn += field(u"Urgency"_s, texts.urgency.join(u", "_s));
    drawn += list(u"Promised"_s, texts.promises);
    drawn += field(u"Next"_s, inBrackets(texts.next, texts.nextSource));
    drawn += u"---\n\n"_s;
    for (const BelowPart &part : belowParts(handoff.document)) {
        drawn += u"### "_s + part.title + u"\n\n"_s;
        bool isInList = false;
        for (const BelowLine &line : part.lines) {
            if (line.isBlock)
                drawn += (isInList ? u"\n"_s : QString()) + fenced(line.text) + u'\n';
            else
                drawn += u"- "_s + markdownSafe(line.text) + u'\n';
            isInList = !line.isBlock;
        }
        drawn += u'\n';
    }
    return drawn;
}

} // namespace tierline::handoff
