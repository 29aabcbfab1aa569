// Sanitiser fuzz: seeded mutations of a corpus of hostile and ordinary pieces.
//
//   fuzz_sanitize --seed N --seconds S [--rounds R]
//
// Each output is parsed anew and must hold only listed elements, attributes and addresses, be bounded
// in size and depth, and come out of a second pass unchanged. Ends with 1 and prints the input where
// one of these fails.

#include "core/base/unicode.h"
#include "core/text/plaintext.h"
#include "core/text/sanitize.h"
#include "tests/fuzz/fuzzrun.h"
#include "tests/text/htmlcheck.h"

#include <QRandomGenerator>

using namespace tierline;
using namespace Qt::StringLiterals;

namespace {

const char *const Pieces[] = { "<p>", "</p>", "<div>", "</div>", "<div style=\"", "<span style='",
    "\">", "'>", "<b>", "</b>", "<i>", "</i>", "<strong>", "<em>", "</em>", "<u>", "<s>", "<code>",
    "</code>", "<pre>", "</pre>", "<pre>\n", "<blockquote>", "</blockquote>", "<ul>",
    "<ol start=3>", "<li>", "</li>", "</ul>", "</ol>", "<h1>", "</h1>", "<h3>", "<h6>", "</h6>",
    "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th colspan=3>", "<tbody>", "<thead>",
    "<tfoot>", "<caption>", "<colgroup><col>", "<hr>", "<br>", "</br>",
    "<a href=\"https://a.example/x?y=1&z=2\">", "<a href='javascript:alert(1)'>",
    "<a href=mailto:a@b.example>", "<a href=\"  java\tscript:x\">", "</a>", "<a name=x>",
    "<img src=cid:one alt=\"o&quot;ne\">", "<img src=https://t.example/p.gif width=1>",
    "<img src=\"data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==\">",
    "<img src=\"data:image/svg+xml,<svg onload=1>\">", "<img src=\\\\host\\share>", "<script>",
    "</script>", "<style>", "</style>", "<!--", "-->", "<![CDATA[", "]]>", "<?php", "?>",
    "<!DOCTYPE html>", "<title>", "</title>", "<textarea>", "</textarea>", "<svg>", "</svg>",
    "<svg><style><img src=x onerror=1>", "<math>", "<mi>", "<mtext>", "<template>", "</template>",
    "<noscript>", "</noscript>", "<iframe src=x>", "<select>", "<option>", "<button>",
    "<form action=x>", "<input value=\"<script>\">", "<frameset>", "<frame>", "<body onload=1>",
    "<html>", "<head>", "<base href=//evil>", "<link rel=stylesheet href=x>",
    "<meta http-equiv=refresh>", "<object data=x>", "<embed src=x>", "<marquee>",
    "<font color=red size=7>", "<center>", "<nobr>", "<xmp>", "<plaintext>", "<isindex>",
    "<ruby><rt>", "<image src=x>", "<dl><dt>a<dd>b", "&lt;script&gt;", "&#60;b&#62;", "&amp;lt;",
    "&nbsp;", "&#0;", "&#x10FFFF;", "&#xD800;", "&notit;", "&", "<", ">", "\"", "'", "=", "/", "`",
    "font-weight:bold;", "position:fixed;", "background:url(x);", "text-align:center;",
    "white-space:pre-wrap;", " onclick=x ", " style=font-style:italic ", " dir=rtl ",
    " align=right ", "text", " two  words ", "\n", "\n\n", "\t", "\r\n", "\xE2\x80\x8B",
    "\xE2\x80\xAE", "\xCC\x81\xCC\x81\xCC\x81", "\xF0\x9F\x91\x8D", "\xC2\xA0",
    "\xE4\xBD\xA0\xE5\xA5\xBD",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" };

class Mutator
{
public:
    explicit Mutator(quint32 seed)
        : m_random(seed)
    {
    }

    QString next()
    {
        QByteArray text;
        const int pieces = 1 + below(below(8) == 0 ? 400 : 30);
        for (int i = 0; i < pieces; ++i) {
            const QByteArray piece(Pieces[below(int(std::size(Pieces)))]);
            text += below(40) == 0 ? piece.repeated(1 + below(90)) : piece;
        }
        const int damages = below(3) == 0 ? below(12) : 0;
        for (int i = 0; i < damages && !text.isEmpty(); ++i)
            damage(text);
        return validText(QByteArrayView(text));
    }

    tierline::text::SanitizeOptions options()
    {
        tierline::text::SanitizeOptions options;
        options.pictureNames = { u"one"_s };
        if (below(3) == 0) { // small limits are reached more often
            options.limits.elementDepth = 4 + below(12);
            options.limits.nodes = 5 + below(60);
            options.limits.gridCells = below(20);
            options.limits.outputCharacters = 20 + below(600);
            options.limits.wordCharacters = 5 + below(40);
            options.limits.marksPerLetter = 1 + below(3);
            options.limits.tableDepth = below(3);
        }
        return options;
    }

private:
    int below(int bound) { return int(m_random.bounded(bound)); }

    void damage(QByteArray &text)
    {
        const qsizetype at = below(int(text.size()));
        switch (below(4)) {
        case 0: text.remove(at, 1 + below(5)); break;
        case 1: text.insert(at, char(below(256))); break;
        case 2: text[at] = "<>\"'/=& \n-!"[below(11)]; break;
        default: text.insert(at, text.mid(below(int(text.size())), below(60)));
        }
    }

    QRandomGenerator m_random;
};

QString problemOf(const QString &input, const tierline::text::SanitizeOptions &options)
{
    const auto once = tierline::text::sanitizeHtml(input, options);
    const htmlcheck::Walk found = htmlcheck::inspect(once.html);
    if (!found.problem.isEmpty())
        return found.problem;
    if (found.deepest > options.limits.elementDepth)
        return u"depth %1"_s.arg(found.deepest);
    if (found.deepestTable > options.limits.tableDepth)
        return u"table depth %1"_s.arg(found.deepestTable);
    if (found.elements > options.limits.nodes)
        return u"%1 elements"_s.arg(found.elements);
    // Ends of elements, and the one address that crossed the limit, come on top.
    if (once.html.size() > options.limits.outputCharacters * 2 + 64 * 16 + 6'000)
        return u"size %1"_s.arg(once.html.size());
    const auto twice = tierline::text::sanitizeHtml(once.html, options);
    if (twice.html != once.html)
        return u"not stable:\n  once  %1\n  twice %2"_s.arg(once.html, twice.html);
    const QString plain = tierline::text::htmlToText(input);
    const QString back = tierline::text::textToHtml(plain);
    const htmlcheck::Walk again = htmlcheck::inspect(back);
    if (!again.problem.isEmpty())
        return u"from plain text: "_s + again.problem;
    return {};
}

} // namespace

int main(int argc, char **argv)
{
    constexpr qint64 longest = 60'000; // ms; no more than that it ends
    return test::fuzz(argc, argv, longest, [](quint64 seed) -> test::FuzzRound {
        Mutator mutator(static_cast<quint32>(seed));
        const QString input = mutator.next();
        return { input, problemOf(input, mutator.options()) };
    });
}
