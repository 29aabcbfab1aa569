#include "core/text/mask.h"

#include "core/base/unicode.h"

#include <QHash>
#include <QList>

#include <re2/re2.h>

#include <array>
#include <string>

namespace tierline::text {

using namespace Qt::StringLiterals;

namespace {

// Cards ------------------------------------------------------------------------------------------

bool isLuhn(const std::string &digits)
{
    int sum = 0;
    bool isDoubled = false;
    for (auto it = digits.rbegin(); it != digits.rend(); ++it) {
        int value = *it - '0';
        if (isDoubled && (value *= 2) > 9)
            value -= 9;
        sum += value;
        isDoubled = !isDoubled;
    }
    return sum % 10 == 0;
}

/// Issuer ranges with the lengths they use. The check digit alone would take one in ten order numbers.
bool hasIssuerShape(const std::string &digits)
{
    struct Range {
        int from;
        int to; ///< of the first four digits
        size_t shortest;
        size_t longest;
    };
    static constexpr std::array<Range, 15> ranges { {
        { 4000, 4999, 13, 19 }, // Visa; 14, 15, 17 and 18 never are, see below
        { 5100, 5599, 16, 16 }, // Mastercard
        { 2221, 2720, 16, 16 },
        { 3400, 3499, 15, 15 }, // American Express
        { 3700, 3799, 15, 15 },
        { 3000, 3059, 14, 19 }, // Diners Club
        { 3600, 3699, 14, 19 },
        { 3800, 3999, 14, 19 },
        { 3528, 3589, 16, 19 }, // JCB
        { 6011, 6011, 16, 19 }, // Discover
        { 6440, 6599, 16, 19 },
        { 6200, 6299, 16, 19 }, // UnionPay
        { 8100, 8199, 16, 19 },
        { 5018, 5099, 16, 19 }, // Maestro, with its longer numbers only
        { 5600, 5899, 16, 19 },
    } };
    const int first = std::stoi(digits.substr(0, 4));
    const bool isVisa = first >= 4000 && first <= 4999;
    if (isVisa && digits.size() != 13 && digits.size() != 16 && digits.size() != 19)
        return false;
    return std::any_of(ranges.begin(), ranges.end(), [&](const Range &r) {
        return first >= r.from && first <= r.to && digits.size() >= r.shortest
            && digits.size() <= r.longest;
    });
}

bool isCard(const std::string &digits)
{
    return digits.size() >= 13 && digits.size() <= 19 && hasIssuerShape(digits) && isLuhn(digits);
}

bool isDigitSeparator(QChar c)
{
    return c == u' ' || c == u'-' || c == u'.' || c.unicode() == 0xA0 || c.unicode() == 0x2009
        || c.unicode() == 0x202F || c.unicode() == 0x2011 || c.unicode() == 0x2013;
}

struct Group {
    qsizetype from;
    qsizetype end;
    std::string digits;
};

/// Digits with at most one separator between their groups, from `at` on.
QList<Group> readGroups(QStringView text, qsizetype at)
{
    QList<Group> groups;
    while (true) {
        Group group { at, at, {} };
        while (group.end < text.size() && text[group.end].digitValue() >= 0)
            group.digits += char('0' + text[group.end++].digitValue());
        if (group.digits.empty())
            break;
        groups.append(group);
        at = group.end;
        if (at + 1 >= text.size() || !isDigitSeparator(text[at]))
            break;
        ++at;
        if (at + 1 < text.size() && text[at - 1] == u' ' && text[at] == u'-'
            && text[at + 1] == u' ')
            at += 2; // "4111 - 1111"
    }
    return groups;
}

/// The longest run of whole groups from `first` on that is a card; -1 where none is.
qsizetype cardEnd(const QList<Group> &groups, qsizetype first)
{
    std::string digits;
    qsizetype end = -1;
    for (qsizetype i = first; i < groups.size(); ++i) {
        digits += groups[i].digits;
        if (digits.size() > 19)
            break;
        // Groups of a printed number have three to six digits; a list of small figures is none.
        if (i > first && groups[i].digits.size() < 2)
            break;
        if (isCard(digits))
            end = i;
    }
    return end;
}

QString maskCards(const QString &text, int &count)
{
    QString out;
    qsizetype copied = 0;
    qsizetype at = 0;
    while (at < text.size()) {
        if (text[at].digitValue() < 0) {
            ++at;
            continue;
        }
        const QList<Group> groups = readGroups(text, at);
        const bool isPhone = at > 0 && text[at - 1] == u'+';
        at = groups.last().end;
        for (qsizetype i = 0; i < groups.size() && !isPhone; ++i) {
            const qsizetype last = cardEnd(groups, i);
            if (last < 0)
                continue;
            out += QStringView(text).sliced(copied, groups[i].from - copied);
            out += "[masked card]"_L1;
            copied = groups[last].end;
            ++count;
            i = last;
        }
    }
    if (copied == 0)
        return text;
    out += QStringView(text).sliced(copied);
    return out;
}

// IBAN -------------------------------------------------------------------------------------------

int ibanLength(QStringView country)
{
    static const QHash<QString, int> lengths { { u"AD"_s, 24 }, { u"AE"_s, 23 }, { u"AT"_s, 20 },
        { u"BE"_s, 16 }, { u"BG"_s, 22 }, { u"BR"_s, 29 }, { u"CH"_s, 21 }, { u"CY"_s, 28 },
        { u"CZ"_s, 24 }, { u"DE"_s, 22 }, { u"DK"_s, 18 }, { u"EE"_s, 20 }, { u"ES"_s, 24 },
        { u"FI"_s, 18 }, { u"FR"_s, 27 }, { u"GB"_s, 22 }, { u"GI"_s, 23 }, { u"GR"_s, 27 },
        { u"HR"_s, 21 }, { u"HU"_s, 28 }, { u"IE"_s, 22 }, { u"IL"_s, 23 }, { u"IS"_s, 26 },
        { u"IT"_s, 27 }, { u"LI"_s, 21 }, { u"LT"_s, 20 }, { u"LU"_s, 20 }, { u"LV"_s, 21 },
        { u"MC"_s, 27 }, { u"MT"_s, 31 }, { u"NL"_s, 18 }, { u"NO"_s, 15 }, { u"PL"_s, 28 },
        { u"PT"_s, 25 }, { u"RO"_s, 24 }, { u"RS"_s, 22 }, { u"SA"_s, 24 }, { u"SE"_s, 24 },
        { u"SI"_s, 19 }, { u"SK"_s, 24 }, { u"SM"_s, 27 }, { u"TR"_s, 26 }, { u"UA"_s, 29 } };
    return lengths.value(country.toString().toUpper(), 0);
}

bool isAsciiLetter(QChar c)
{
    return (c >= u'A' && c <= u'Z') || (c >= u'a' && c <= u'z');
}
bool isAsciiDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

/// The end of the IBAN that starts at `from`, or -1.
qsizetype ibanEnd(QStringView text, qsizetype from)
{
    if (from + 15 > text.size() || !isAsciiLetter(text[from]) || !isAsciiLetter(text[from + 1])
        || !isAsciiDigit(text[from + 2]) || !isAsciiDigit(text[from + 3])
        || (from > 0 && text[from - 1].isLetterOrNumber()))
        return -1;
    const int wanted = ibanLength(text.sliced(from, 2));
    std::string kept;
    qsizetype at = from;
    for (; wanted > 0 && at < text.size() && int(kept.size()) < wanted; ++at) {
        const QChar c = text[at];
        if (isAsciiLetter(c) || isAsciiDigit(c))
            kept += char(c.toUpper().unicode());
        else if ((c != u' ' && c != u'-' && c.unicode() != 0xA0)
            || !text[at - 1].isLetterOrNumber())
            return -1;
    }
    if (wanted == 0 || int(kept.size()) != wanted
        || (at < text.size() && text[at].isLetterOrNumber()))
        return -1;
    int remainder = 0;
    const std::string turned = kept.substr(4) + kept.substr(0, 4);
    for (const char c : turned) {
        const int value = c >= 'A' ? c - 'A' + 10 : c - '0';
        remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
    }
    return remainder == 1 ? at : -1;
}

QString maskIbans(const QString &text, int &count)
{
    QString out;
    qsizetype copied = 0;
    for (qsizetype at = 0; at < text.size(); ++at) {
        const qsizetype end = ibanEnd(text, at);
        if (end < 0)
            continue;
        out += QStringView(text).sliced(copied, at - copied);
        out += "[masked iban]"_L1;
        copied = end;
        at = end - 1;
        ++count;
    }
    if (copied == 0)
        return text;
    out += QStringView(text).sliced(copied);
    return out;
}

// Keys and passwords -----------------------------------------------------------------------------

/// A pattern whose group 1 is replaced.
struct Pattern {
    RE2 expression;
    bool (*accepts)(re2::StringPiece);
};

bool always(re2::StringPiece)
{
    return true;
}
bool isMaskedAlready(re2::StringPiece value)
{
    return value.starts_with("[masked") || value.starts_with("\"[masked")
        || value.starts_with("'[masked");
}
bool hasDigit(re2::StringPiece value)
{
    return std::any_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; })
        && !isMaskedAlready(value);
}
bool isNew(re2::StringPiece value)
{
    return !isMaskedAlready(value);
}
/// "the password is wrong" is no password, "the password is Tr0ub4dor" is.
bool looksChosen(re2::StringPiece value)
{
    if (isMaskedAlready(value))
        return false;
    while (!value.empty()
        && (value.ends_with(".") || value.ends_with(",") || value.ends_with("!")
            || value.ends_with("?")))
        value.remove_suffix(1);
    return std::any_of(value.begin(), value.end(), [](char c) {
        return (c >= '0' && c <= '9') || c == '!' || c == '@' || c == '#' || c == '$' || c == '%'
            || c == '_' || c == '*';
    });
}

/// Replaces group 1 of every accepted match and returns how many there were.
int replaceAll(std::string &text, const Pattern &pattern, const char *replacement)
{
    std::string out;
    size_t copied = 0;
    size_t at = 0;
    int count = 0;
    std::array<re2::StringPiece, 2> groups;
    const re2::StringPiece whole(text);
    while (at <= text.size()
        && pattern.expression.Match(
            whole, at, text.size(), RE2::UNANCHORED, groups.data(), int(groups.size()))) {
        const size_t from = size_t(groups[1].data() - text.data());
        const size_t end = from + groups[1].size();
        if (pattern.accepts(groups[1])) {
            out.append(text, copied, from - copied);
            out += replacement;
            copied = end;
            ++count;
        }
        // Past the value, also where it was refused: looking at each of its tails would cost n².
        at = std::max(at + 1, end);
    }
    if (count > 0) {
        out.append(text, copied, std::string::npos);
        text = std::move(out);
    }
    return count;
}

int maskKeys(std::string &text)
{
    static const Pattern patterns[] = {
        { RE2("(?s)(-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----)"),
            always },
        // Cut off before its end.
        { RE2("(-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?:\\s+[A-Za-z0-9+/=]{16,})*)"),
            always },
        // Shapes that their makers gave them so that they can be found.
        { RE2("\\b((?:AKIA|ASIA|AGPA|AIDA|AROA|ANPA)[A-Z0-9]{16}\\b"
              "|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_\\-]{16,}"
              "|xox[abeoprs]-[A-Za-z0-9\\-]{10,}|xapp-[A-Za-z0-9\\-]{10,}"
              "|(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9]{16,}"
              "|sk-[A-Za-z0-9_\\-]{20,}|AIza[A-Za-z0-9_\\-]{35}|ya29\\.[A-Za-z0-9_\\-]{20,}"
              "|SG\\.[A-Za-z0-9_\\-]{16,}\\.[A-Za-z0-9_\\-]{16,}|npm_[A-Za-z0-9]{30,}"
              "|dop_v1_[a-f0-9]{40,}|pypi-[A-Za-z0-9_\\-]{40,}|hf_[A-Za-z0-9]{30,}"
              "|eyJ[A-Za-z0-9_\\-]{8,}\\.eyJ[A-Za-z0-9_\\-]{8,}(?:\\.[A-Za-z0-9_\\-]*)?)"),
            always },
        { RE2("(?i)\\bbearer\\s+([A-Za-z0-9._~+/\\-]{16,}=*)"), hasDigit },
        { RE2("(?i)\\bauthorization:\\s*(?:basic|token|digest|apikey)\\s+([A-Za-z0-9+/=._\\-]{8,})"),
            isNew },
        { RE2("(?i)(?:\\b|_)(?:api|access|secret|private|auth|client|session|refresh|app|account|storage|signing|"
              "encryption|webhook)[ _\\-]?(?:access[ _\\-]?)?(?:key|token|secret)(?:[ _\\-]?id)?[\"']?\\s*(?::=|=>|[=:])\\s*"
              "[\"']?([^\\s\"',;<>&\\[]{8,})"),
            isNew },
        { RE2("(?i)(?:\\b|_)(?:token|secret)[\"']?\\s*(?::=|=>|[=:])\\s*[\"']?([^\\s\"',;<>&\\[]{12,})"),
            hasDigit },
    };
    int count = 0;
    for (const Pattern &pattern : patterns)
        count += replaceAll(text, pattern, "[masked key]");
    return count;
}

int maskPasswords(std::string &text)
{
    static const std::string names
        = "(?i)(?:\\b|_)(?:pass ?word|passwd|pass ?phrase|pass ?code|pwd|pass ?wort|kenn ?wort|"
          "zugangscode|mot de passe|mdp|contrase(?:ñ|n|n\xCC\x83)a|clave de acceso|senha|"
          "palavra[ \\-]passe)";
    static const Pattern patterns[] = {
        { RE2("://[^\\s:/@]{1,200}:([^\\s/@]{1,200})@"), isNew },
        { RE2(names
              + "(?:\\s+(?:is|was|ist|lautet|war|est|es|era|é|foi))?[\"']?[ \\t\u00A0]*(?::=|=>|[=:|]|：)[ \\t\u00A0]*"
                "(\"[^\"\\n]{1,200}\"|'[^'\\n]{1,200}'|\\S{1,200})"),
            isNew },
        { RE2(names
              + "\\s+(?:is|was|ist|lautet|war|est|es|era|é|foi)\\s+"
                "(\"[^\"\\n]{1,200}\"|'[^'\\n]{1,200}'|\\S{4,200})"),
            looksChosen },
    };
    int count = 0;
    for (const Pattern &pattern : patterns)
        count += replaceAll(text, pattern, "[masked password]");
    return count;
}

} // namespace

Masked maskSecrets(QStringView text, const MaskOptions &options)
{
    Masked result;
    result.text = validText(text.toString());
    if (options.keys || options.passwords) {
        std::string bytes = result.text.toStdString();
        if (options.keys)
            result.keys = maskKeys(bytes);
        if (options.passwords)
            result.passwords = maskPasswords(bytes);
        if (result.keys + result.passwords > 0)
            result.text = QString::fromStdString(bytes);
    }
    if (options.ibans)
        result.text = maskIbans(result.text, result.ibans);
    if (options.cards)
        result.text = maskCards(result.text, result.cards);
    return result;
}

bool isCardNumber(QStringView number)
{
    std::string digits;
    for (const QChar c : number) {
        if (c.digitValue() >= 0)
            digits += char('0' + c.digitValue());
        else if (!isDigitSeparator(c))
            return false;
    }
    return isCard(digits);
}

} // namespace tierline::text
