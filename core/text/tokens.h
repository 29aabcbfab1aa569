#pragma once

#include <QDate>
#include <QList>
#include <QString>
#include <QStringList>
#include <QStringView>

#include <optional>

namespace tierline::text {

/// The search box's language. Nothing typed is ever an error:
///
/// - Words are joined by AND, in any order and place; letters' case and accents do not matter.
/// - The last word is a prefix while it is being typed: `refu` finds "refund", `refu ` (with a space
///   after it) only "refu". One Latin, Greek or Cyrillic letter alone is never a prefix.
/// - `"two words"` must stand side by side. So must the parts of `foo-bar` and `a@b.example`. A quote
///   without its end reaches to the end of the text, and its last word is a prefix.
/// - `-word` and `-"a phrase"` must not be there; they are never prefixes.
/// - `tier: team: status: priority: agent: customer: tag: is: before: after:` directly followed by a
///   value are filters: `tier:L2`, `tag:"two words"`, `status:open,pending` (any of them), `-tag:vip`.
///   Several filters must all hold. A filter without a value is ignored; `before:`/`after:` with
///   something that is no day, and any other name before a colon, are words.
///
/// Looked at: 1,000 characters, 32 words, 32 filters; more is left out and `isShortened` says so.
enum class FilterField : quint8 {
    Tier,
    Team,
    Status,
    Priority,
    Agent,
    Customer,
    Tag,
    Is,
    Before,
    After
};

struct SearchTerm {
    QString text; ///< as typed, without quotes; has at least one letter or digit
    bool isPhrase = false;
    bool isPrefix = false; ///< its last word goes on
    bool isNegated = false;

    bool operator==(const SearchTerm &) const = default;
};

struct SearchFilter {
    FilterField field = FilterField::Tier;
    QStringList values; ///< any of them; as typed, trimmed, never empty
    bool isNegated = false;

    bool operator==(const SearchFilter &) const = default;
};

struct SearchQuery {
    QList<SearchTerm> terms;
    QList<SearchFilter> filters;
    bool isShortened = false;

    bool isEmpty() const { return terms.isEmpty() && filters.isEmpty(); }
    bool operator==(const SearchQuery &) const = default;
};

/// Thread: any, all of these. O(n).
SearchQuery parseSearch(QStringView typed);

/// The query as it would be typed, for saved views; parseSearch() of it gives the same query.
QString searchText(const SearchQuery &query);

/// The words as an FTS5 MATCH string for `unicode61 remove_diacritics 2`, always legal; empty where
/// there is no word that must be there. Negated words are part of it.
QString ftsMatch(const SearchQuery &query);

/// What the last word that is being typed begins with, where reading the index's words is better than
/// its prefixes (which it has for two to four letters), and every word is plain: ASCII letters and
/// digits in lower case, five or more. Empty else.
QString longStart(const SearchQuery &query);
/// The same, with the word that is being typed spelled out: any of `words`, which must be all those that
/// begin with longStart(). Empty where there are none, for then nothing is found.
QString ftsMatch(const SearchQuery &query, const QStringList &words);

/// For a query with negated words only, what `rowid NOT IN (SELECT rowid … MATCH ?)` needs; empty
/// where there is none.
QString ftsExclude(const SearchQuery &query);

/// The name of a filter as typed, without colon.
QString filterName(FilterField field);

/// The day that a `before:` or `after:` value names: `2026-06-08`, `2026-06`, `2026` (their first
/// day), `today`, `yesterday`, `7d`, `2w`, `3m` (so long before today). `after:` means from the start
/// of that day on, `before:` until its start.
std::optional<QDate> searchDay(QStringView value, QDate today);

/// The words of a text as the search index sees them: runs of letters and digits, lower case, without
/// accents. For highlighting, similarity and word lists.
QStringList tokens(QStringView text);

/// One word in that form.
QString foldedWord(QStringView word);

} // namespace tierline::text
