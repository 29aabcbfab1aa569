#include "core/text/tokens.h"

#include "core/base/unicode.h"

#include <array>

namespace tierline::text {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype MaxTyped = 1'000;
constexpr qsizetype MaxTerms = 32;
constexpr qsizetype MaxFilters = 32;
constexpr qsizetype MaxValues = 32;

constexpr std::array<QLatin1StringView, 10> FieldNames { "tier"_L1, "team"_L1, "status"_L1,
    "priority"_L1, "agent"_L1, "customer"_L1, "tag"_L1, "is"_L1, "before"_L1, "after"_L1 };

bool isQuote(QChar c)
{
    return c == u'"' || c.unicode() == 0x201C || c.unicode() == 0x201D || c.unicode() == 0x201E
        || c.unicode() == 0x00AB || c.unicode() == 0x00BB;
}

/// The categories of the index's tokeniser.
bool isTokenCharacter(char32_t c)
{
    return QChar::isLetterOrNumber(c) || QChar::category(c) == QChar::Other_PrivateUse;
}

template<typename Visit>
void eachCharacter(QStringView text, Visit visit)
{
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i].isHighSurrogate() && i + 1 < text.size() && text[i + 1].isLowSurrogate()) {
            visit(QChar::surrogateToUcs4(text[i], text[i + 1]), i, 2);
            ++i;
        } else {
            visit(char32_t(text[i].unicode()), i, 1);
        }
    }
}

bool hasToken(QStringView text)
{
    bool found = false;
    eachCharacter(
        text, [&found](char32_t c, qsizetype, int) { found = found || isTokenCharacter(c); });
    return found;
}

/// Whether a prefix search for the text's last word is worth its cost: the index holds prefixes of
/// two and more characters, and a single letter would read every word that starts with it.
bool mayBePrefix(QStringView text)
{
    const QStringList all = tokens(text);
    if (all.isEmpty())
        return false;
    const QString &last = all.last();
    return last.size() >= 2 || last.front().unicode() >= 0x0600;
}

bool isYearMonthDay(QStringView value)
{
    static constexpr QStringView shape = u"dddd-dd-dd";
    if (value.size() != 4 && value.size() != 7 && value.size() != 10)
        return false;
    for (qsizetype i = 0; i < value.size(); ++i) {
        const bool isDigit = value[i] >= u'0' && value[i] <= u'9';
        if (shape[i] == u'd' ? !isDigit : value[i] != u'-')
            return false;
    }
    return true;
}

class Parser
{
public:
    explicit Parser(QStringView typed)
        : m_in(typed)
    {
    }

    SearchQuery run()
    {
        while (true) {
            skipSpace();
            if (m_at >= m_in.size())
                break;
            one();
        }
        return std::move(m_query);
    }

private:
    void skipSpace()
    {
        while (m_at < m_in.size() && m_in[m_at].isSpace())
            ++m_at;
    }

    void one()
    {
        bool isNegated = false;
        while (m_at + 1 < m_in.size() && m_in[m_at] == u'-' && !m_in[m_at + 1].isSpace()) {
            isNegated = true;
            ++m_at;
        }
        if (isQuote(m_in[m_at])) {
            const bool isClosed = quoted();
            addTerm(m_piece, true, isNegated, !isClosed);
            return;
        }
        if (filter(isNegated))
            return;
        const qsizetype from = m_at;
        while (m_at < m_in.size() && !m_in[m_at].isSpace())
            ++m_at;
        addTerm(m_in.sliced(from, m_at - from), false, isNegated, m_at == m_in.size());
    }

    /// Reads from an opening quote; false where its end is missing. The text is in m_piece.
    bool quoted()
    {
        const qsizetype from = ++m_at;
        while (m_at < m_in.size() && !isQuote(m_in[m_at]))
            ++m_at;
        m_piece = m_in.sliced(from, m_at - from);
        if (m_at >= m_in.size())
            return false;
        ++m_at;
        return true;
    }

    bool filter(bool isNegated)
    {
        const qsizetype from = m_at;
        for (size_t i = 0; i < FieldNames.size(); ++i) {
            const QStringView rest = m_in.sliced(m_at);
            if (rest.size() <= FieldNames[i].size() || rest[FieldNames[i].size()] != u':'
                || !rest.startsWith(FieldNames[i], Qt::CaseInsensitive))
                continue;
            m_at += FieldNames[i].size() + 1;
            SearchFilter found { FilterField(i), values(), isNegated };
            const bool isDay
                = found.field == FilterField::Before || found.field == FilterField::After;
            const QDate anyDay(2000, 1, 1);
            if (isDay && !found.values.isEmpty()
                && (found.values.size() > 1 || !searchDay(found.values.first(), anyDay))) {
                m_at = from;
                return false;
            }
            if (found.values.isEmpty())
                return true; // still being typed
            if (m_query.filters.size() >= MaxFilters)
                m_query.isShortened = true;
            else
                m_query.filters.append(std::move(found));
            return true;
        }
        return false;
    }

    QStringList values()
    {
        QStringList all;
        while (m_at < m_in.size() && !m_in[m_at].isSpace()) {
            if (isQuote(m_in[m_at])) {
                quoted();
            } else {
                const qsizetype from = m_at;
                while (m_at < m_in.size() && !m_in[m_at].isSpace() && m_in[m_at] != u',')
                    ++m_at;
                m_piece = m_in.sliced(from, m_at - from);
            }
            const QString value = m_piece.trimmed().toString();
            if (!value.isEmpty() && all.size() < MaxValues)
                all.append(value);
            if (m_at < m_in.size() && m_in[m_at] == u',')
                ++m_at;
        }
        return all;
    }

    void addTerm(QStringView text, bool isPhrase, bool isNegated, bool isBeingTyped)
    {
        text = text.trimmed();
        if (!hasToken(text))
            return;
        if (m_query.terms.size() >= MaxTerms) {
            m_query.isShortened = true;
            return;
        }
        m_query.terms.append({ text.toString(), isPhrase,
            isBeingTyped && !isNegated && mayBePrefix(text), isNegated });
    }

    QStringView m_in;
    qsizetype m_at = 0;
    QStringView m_piece;
    SearchQuery m_query;
};

/// One FTS5 string; inside of it only the double quote has a meaning.
QString ftsString(const SearchTerm &term)
{
    QString text = term.text;
    text.replace(u'"', "\"\""_L1);
    return u'"' + text + (term.isPrefix ? "\" *"_L1 : "\""_L1);
}

QString quotedValue(const QString &value)
{
    const bool isSimple = std::none_of(value.cbegin(), value.cend(),
        [](QChar c) { return c.isSpace() || c == u',' || isQuote(c); });
    return isSimple ? value : u'"' + value + u'"';
}

} // namespace

SearchQuery parseSearch(QStringView typed)
{
    const QStringView looked = typed.first(qMin(typed.size(), MaxTyped));
    const QString valid = validText(looked.toString());
    SearchQuery query = Parser(valid).run();
    query.isShortened = query.isShortened || looked.size() < typed.size();
    return query;
}

QString searchText(const SearchQuery &query)
{
    QStringList parts;
    for (const SearchFilter &filter : query.filters) {
        QStringList values;
        for (const QString &value : filter.values)
            values.append(quotedValue(value));
        parts.append((filter.isNegated ? u"-"_s : QString()) + filterName(filter.field) + u':'
            + values.join(u','));
    }
    QString open; // the prefix stands last, without a space after it
    for (const SearchTerm &term : query.terms) {
        const QString text = (term.isNegated ? u"-"_s : QString())
            + (term.isPhrase ? u'"' + term.text + (term.isPrefix ? QString() : u"\""_s)
                             : term.text);
        if (term.isPrefix)
            open = text;
        else
            parts.append(text);
    }
    const bool needsSpace = open.isEmpty() && !query.terms.isEmpty() && !query.terms.last().isPhrase
        && !query.terms.last().isNegated;
    if (!open.isEmpty())
        parts.append(open);
    return parts.join(u' ') + (needsSpace ? u" "_s : QString());
}

QString ftsMatch(const SearchQuery &query)
{
    QStringList wanted;
    QStringList unwanted;
    for (const SearchTerm &term : query.terms)
        (term.isNegated ? unwanted : wanted).append(ftsString(term));
    if (wanted.isEmpty())
        return {};
    // Side by side means AND; unlike the written operator it passes over a string in which the index
    // sees no word at all.
    const QString all = wanted.join(u' ');
    if (unwanted.isEmpty())
        return all;
    return u'(' + all + ") NOT ("_L1 + unwanted.join(" OR "_L1) + u')';
}

namespace {

bool isAsciiWord(QChar c)
{
    return c.unicode() < 0x80 && c.isLetterOrNumber();
}

/// Where the last word of a text begins and ends; an empty range where signs of other scripts are near.
std::pair<qsizetype, qsizetype> lastPlainWord(QStringView text)
{
    qsizetype end = text.size();
    while (end > 0 && text[end - 1].unicode() < 0x80 && !isAsciiWord(text[end - 1]))
        --end;
    qsizetype from = end;
    while (from > 0 && isAsciiWord(text[from - 1]))
        --from;
    const bool isPlain = from == 0 || text[from - 1].unicode() < 0x80;
    return isPlain ? std::pair(from, end) : std::pair(end, end);
}

} // namespace

QString longStart(const SearchQuery &query)
{
    constexpr qsizetype longestInIndex = 4;
    QString start;
    for (const SearchTerm &term : query.terms) {
        if (term.isNegated)
            continue;
        // Every other word must be one to the index as well, or joining them in writing finds nothing.
        if (std::none_of(term.text.cbegin(), term.text.cend(), isAsciiWord))
            return {};
        if (term.isPrefix) {
            const auto [from, end] = lastPlainWord(term.text);
            start = term.text.sliced(from, end - from).toLower();
        }
    }
    return start.size() > longestInIndex ? start : QString();
}

QString ftsMatch(const SearchQuery &query, const QStringList &words)
{
    SearchQuery others;
    QStringList spelled;
    for (const SearchTerm &term : query.terms) {
        if (!term.isPrefix || term.isNegated) {
            others.terms.append(term);
            continue;
        }
        const QString before = term.text.first(lastPlainWord(term.text).first);
        for (const QString &word : words)
            spelled.append(ftsString({ .text = before + word }));
    }
    if (spelled.isEmpty())
        return {};
    const QString any = u'(' + spelled.join(" OR "_L1) + u')';
    QStringList wanted { any }, unwanted;
    for (const SearchTerm &term : std::as_const(others.terms))
        (term.isNegated ? unwanted : wanted).append(ftsString(term));
    const QString all = wanted.join(" AND "_L1);
    return unwanted.isEmpty() ? all : u'(' + all + ") NOT ("_L1 + unwanted.join(" OR "_L1) + u')';
}

QString ftsExclude(const SearchQuery &query)
{
    QStringList unwanted;
    for (const SearchTerm &term : query.terms) {
        if (!term.isNegated)
            return {};
        unwanted.append(ftsString(term));
    }
    return unwanted.join(" OR "_L1);
}

QString filterName(FilterField field)
{
    return FieldNames[size_t(field)].toString();
}

std::optional<QDate> searchDay(QStringView value, QDate today)
{
    if (value.compare("today"_L1, Qt::CaseInsensitive) == 0)
        return today;
    if (value.compare("yesterday"_L1, Qt::CaseInsensitive) == 0)
        return today.addDays(-1);
    if (isYearMonthDay(value)) {
        const int month = value.size() >= 7 ? value.sliced(5, 2).toInt() : 1;
        const int day = value.size() == 10 ? value.sliced(8, 2).toInt() : 1;
        const QDate date(value.first(4).toInt(), month, day);
        return date.isValid() && date.year() >= 1900 && date.year() < 2200 ? std::optional(date)
                                                                           : std::nullopt;
    }
    if (value.size() < 2 || value.size() > 5)
        return std::nullopt;
    bool isNumber = false;
    const int count = value.chopped(1).toInt(&isNumber);
    if (!isNumber || count < 0 || value.front() == u'+' || value.front() == u'-')
        return std::nullopt;
    switch (value.back().toLower().unicode()) {
    case u'd': return today.addDays(-count);
    case u'w': return today.addDays(-7LL * count);
    case u'm': return count <= 1'200 ? std::optional(today.addMonths(-count)) : std::nullopt;
    default: return std::nullopt;
    }
}

QString foldedWord(QStringView word)
{
    const bool isAscii
        = std::all_of(word.cbegin(), word.cend(), [](QChar c) { return c.unicode() < 0x80; });
    if (isAscii)
        return word.toString().toLower();
    QString folded;
    const QString parts = word.toString().normalized(QString::NormalizationForm_D);
    folded.reserve(parts.size());
    eachCharacter(parts, [&folded](char32_t c, qsizetype, int) {
        if (QChar::category(c) != QChar::Mark_NonSpacing)
            folded += QChar::fromUcs4(QChar::toLower(c));
    });
    return folded;
}

QStringList tokens(QStringView text)
{
    QStringList all;
    qsizetype from = -1;
    qsizetype end = 0;
    const auto finish = [&] {
        if (from >= 0)
            all.append(foldedWord(text.sliced(from, end - from)));
        from = -1;
    };
    eachCharacter(text, [&](char32_t c, qsizetype at, int size) {
        const bool isInside = isTokenCharacter(c)
            || (from >= 0 && c >= 0x300 && QChar::category(c) == QChar::Mark_NonSpacing);
        if (!isInside) {
            finish();
            return;
        }
        if (from < 0)
            from = at;
        end = at + size;
    });
    finish();
    return all;
}

} // namespace tierline::text
