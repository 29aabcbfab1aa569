// Rule parser fuzz: seeded mutations of printed random rules, and heaps of the language's own words.
//
//   fuzz_rules --seed N --seconds S [--rounds R]
//
// Every text must end in a tree or in problems, each with a place inside the text; the tree must print to
// a text that is read back as the same tree; no text may take long. Ends with 1 and prints the text where
// one of these fails.

#include "core/rules/parse.h"
#include "core/rules/print.h"
#include "core/rules/words.h"
#include "tests/fuzz/fuzzrun.h"
#include "tests/support/rules/rulegenerator.h"

using namespace tierline;
using namespace tierline::rules;
using namespace Qt::StringLiterals;

namespace {

const char16_t *const Pieces[] = { u"rule ", u"\"R\"", u"when ", u"then ", u"and ", u"or ", u"not ",
    u"(", u")", u",", u":", u"%", u"$", u"$500 ", u"20 % ", u"2h ", u"2 service hours ", u"3 ",
    u"-5 ", u"1.5 ", u"999999999999 ", u"is ", u"are ", u"at least ", u"over ", u"empty ", u"list ",
    u"\"", u"\\", u"\"a\" ", u"“b” ", u"# comment\n", u"#\n", u"\n", u"\r\n", u"\t", u"stop ",
    u"continue ", u"after ", u"ladder (", u"repeat 3 ", u"until accepted ", u"idle ", u"within ",
    u"for ", u"below ", u"mentions ", u"matches ", u"include ", u"do not ", u"priority policy ",
    u"by score ", u"by first match ", u"from ", u"otherwise ", u"high ", u"L2 ", u"billing ",
    u">= ", u"!= ", u"\u2265 ", u"\u00e9", u"\u65e5\u672c", u"\U0001F44D", u"\u0301", u"\u202e",
    u"\ufeff", u"field \"x\" ", u"reason beyond-skill ", u"in \"de\": ", u"(?=", u"[[", u"{2,3}" };

class Mutator
{
public:
    explicit Mutator(quint64 seed)
        : m_generator(seed)
    {
    }

    QString next()
    {
        if (m_generator.once(3))
            return heap();
        QString text = print(m_generator.document(1 + int(m_generator.below(4))));
        for (auto damages = m_generator.below(14); damages > 0; --damages)
            damage(text);
        return text;
    }

private:
    QString heap()
    {
        QString text;
        for (auto count = m_generator.below(m_generator.once(8) ? 600 : 60); count > 0; --count)
            text += piece();
        return text;
    }

    QString piece()
    {
        if (m_generator.once(3)) {
            const QStringList names
                = m_generator.once(2) ? factTable().names() : actionTable().names();
            return names[m_generator.below(names.size())] + u' ';
        }
        const QString piece
            = QString::fromUtf16(Pieces[size_t(m_generator.below(std::size(Pieces)))]);
        return m_generator.once(60) ? piece.repeated(1 + m_generator.below(400)) : piece;
    }

    void damage(QString &text)
    {
        const auto at = text.isEmpty() ? 0 : m_generator.below(text.size());
        switch (m_generator.below(5)) {
        case 0: text.remove(at, 1 + m_generator.below(8)); break;
        case 1: text.insert(at, QChar(ushort(m_generator.below(0x10000)))); break;
        case 2: text.insert(at, QChar(ushort(32 + m_generator.below(95)))); break;
        case 3: text.insert(at, piece()); break;
        default:
            text.insert(at, text.mid(m_generator.below(text.size() + 1), m_generator.below(80)));
        }
    }

    test::RuleGenerator m_generator;
};

QString problemOf(const QString &text)
{
    const Parsed parsed = parse(text);
    if (parsed.problems.size() > size_t(limits::problems))
        return u"%1 problems"_s.arg(parsed.problems.size());
    for (const Problem &problem : parsed.problems) {
        if (problem.start < 0 || problem.length < 0 || problem.start + problem.length > text.size()
            || problem.line < 1 || problem.column < 1 || problem.message.isEmpty())
            return u"a problem without a place: "_s + problem.text();
    }
    const QString printed = print(parsed.document);
    const Parsed again = parse(printed);
    if (!again.isWhole())
        return u"printed text is broken: "_s + again.problems.front().text() + u'\n' + printed;
    if (again.document != parsed.document)
        return u"the tree is another after printing:\n"_s + printed;
    if (print(again.document) != printed)
        return u"printing is not stable:\n"_s + printed;
    parseCondition(text);
    parseActions(text);
    return {};
}

} // namespace

int main(int argc, char **argv)
{
    constexpr qint64 longest = 5'000; // ms for one text; thousands of times what one takes
    return test::fuzz(argc, argv, longest, [](quint64 seed) -> test::FuzzRound {
        const QString text = Mutator(seed).next();
        return { text, problemOf(text) };
    });
}
