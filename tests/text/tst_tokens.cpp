#include "core/text/tokens.h"

#include "core/base/unicode.h"

#include <QRandomGenerator>
#include <QSet>
#include <QTest>

#include <sqlite3.h>

using namespace tierline;
using namespace tierline::text;
using namespace Qt::StringLiterals;

namespace {

/// An in-memory index with the store's tokeniser options.
class Index
{
public:
    Index()
    {
        sqlite3_open(":memory:", &m_db);
        run("CREATE VIRTUAL TABLE f USING fts5(body, tokenize='unicode61 remove_diacritics 2', prefix='2 3 4')");
        sqlite3_prepare_v2(
            m_db, "SELECT rowid FROM f WHERE f MATCH ? ORDER BY rowid", -1, &m_search, nullptr);
    }
    ~Index()
    {
        sqlite3_finalize(m_search);
        sqlite3_close(m_db);
    }
    Index(const Index &) = delete;
    Index &operator=(const Index &) = delete;

    void add(const QString &text)
    {
        sqlite3_stmt *insert = nullptr;
        sqlite3_prepare_v2(m_db, "INSERT INTO f(body) VALUES(?)", -1, &insert, nullptr);
        const QByteArray bytes = text.toUtf8();
        sqlite3_bind_text(insert, 1, bytes.constData(), int(bytes.size()), SQLITE_TRANSIENT);
        sqlite3_step(insert);
        sqlite3_finalize(insert);
    }

    /// Row numbers, or nothing where SQLite refuses the query.
    std::optional<QSet<int>> search(const QString &match)
    {
        const QByteArray bytes = match.toUtf8();
        sqlite3_reset(m_search);
        sqlite3_bind_text(m_search, 1, bytes.constData(), int(bytes.size()), SQLITE_TRANSIENT);
        QSet<int> rows;
        int code = SQLITE_ROW;
        while ((code = sqlite3_step(m_search)) == SQLITE_ROW)
            rows.insert(sqlite3_column_int(m_search, 0));
        if (code != SQLITE_DONE)
            return std::nullopt;
        return rows;
    }

    QString lastError() const { return QString::fromUtf8(sqlite3_errmsg(m_db)); }

private:
    void run(const char *sql) { sqlite3_exec(m_db, sql, nullptr, nullptr, nullptr); }

    sqlite3 *m_db = nullptr;
    sqlite3_stmt *m_search = nullptr;
};

/// The naive scan: does this text hold that term?
bool holds(const QStringList &words, const SearchTerm &term)
{
    const QStringList wanted = tokens(term.text);
    for (qsizetype i = 0; i + wanted.size() <= words.size(); ++i) {
        bool isEqual = true;
        for (qsizetype k = 0; k < wanted.size() && isEqual; ++k) {
            const bool isLast = k == wanted.size() - 1;
            isEqual = isLast && term.isPrefix ? words[i + k].startsWith(wanted[k])
                                              : words[i + k] == wanted[k];
        }
        if (isEqual)
            return true;
    }
    return false;
}

QString randomText(QRandomGenerator &random)
{
    static const QStringList pieces { u"\""_s, u"\"\""_s, u"*"_s, u"("_s, u")"_s, u"NEAR("_s,
        u"AND"_s, u"OR"_s, u"NOT"_s, u"col:x"_s, u"body:"_s, u"-"_s, u"--"_s, u"^"_s, u"+"_s,
        u"{"_s, u"}"_s, u":"_s, u","_s, u"'"_s, u";"_s, u"\\"_s, u" "_s, u"  "_s, u"foo\"bar"_s,
        u"tier:"_s, u"-tag:"_s, u"before:2026"_s, u"after:x"_s, u"is:open,"_s, u"tag:\"a b"_s,
        u"\u201C"_s, u"\u00AB"_s, u"word"_s, u"über"_s, u"\u0301"_s, u"…"_s, QString(QChar(0)),
        QString(QChar(0xD800)), QString(QChar(0xFFFE)), u"\u200B"_s, u"\u0939\u093F"_s,
        u"\u4F60\u597D"_s, u"\U0001F44D"_s };
    QString text;
    const int size = 1 + int(random.bounded(12));
    for (int i = 0; i < size; ++i) {
        switch (random.bounded(4)) {
        case 0: text += QChar(ushort(random.bounded(0x10000))); break;
        case 1: text += QChar::fromUcs4(char32_t(random.bounded(0x110000))); break;
        default: text += pieces[random.bounded(int(pieces.size()))];
        }
    }
    return text;
}

quint32 chosenSeed()
{
    bool isSet = false;
    const quint32 seed = qEnvironmentVariable("TIERLINE_SEED").toUInt(&isSet);
    return isSet ? seed : QRandomGenerator::global()->generate();
}

} // namespace

class TestTokens : public QObject
{
    Q_OBJECT
private slots:
    void words();
    void prefixOfTheLastWord();
    void phrases();
    void negation();
    void filters_data();
    void filters();
    void halfTypedFiltersAreIgnored();
    void whatIsNoFilterIsText();
    void days();
    void limits();
    void matchStrings_data();
    void matchStrings();
    void longStarts_data();
    void longStarts();
    void spelledOutFindsTheSame();
    void tokensFoldCaseAndAccents();
    void nothingTypedIsAnError();
    void findsWhatAScanFinds();
    void queryTextRoundTrip();
};

void TestTokens::words()
{
    const SearchQuery query = parseSearch(u"  refund   Müller ");
    QCOMPARE(query.terms.size(), 2);
    QCOMPARE(query.terms[0], (SearchTerm { .text = u"refund"_s }));
    QCOMPARE(query.terms[1], (SearchTerm { .text = u"Müller"_s }));
    QVERIFY(parseSearch(u"").isEmpty());
    QVERIFY(parseSearch(u" \t ").isEmpty());
    QVERIFY(parseSearch(u"... - \" * ()").isEmpty());
}

void TestTokens::prefixOfTheLastWord()
{
    QVERIFY(parseSearch(u"refu").terms[0].isPrefix);
    QVERIFY(!parseSearch(u"refu ").terms[0].isPrefix);
    QVERIFY(!parseSearch(u"card refu").terms[0].isPrefix);
    QVERIFY(parseSearch(u"card refu").terms[1].isPrefix);
    QVERIFY2(!parseSearch(u"r").terms[0].isPrefix,
        "one letter would read every word that starts with it");
    QVERIFY(parseSearch(u"\u9000").terms[0].isPrefix);
    QVERIFY(!parseSearch(u"foo-b").terms[0].isPrefix);
    QVERIFY(parseSearch(u"foo-ba").terms[0].isPrefix);
    QVERIFY(!parseSearch(u"card -refu").terms[1].isPrefix);
}

void TestTokens::phrases()
{
    const SearchQuery closed = parseSearch(u"\"wrong amount\" x");
    QCOMPARE(closed.terms[0], (SearchTerm { .text = u"wrong amount"_s, .isPhrase = true }));
    const SearchQuery open = parseSearch(u"\"wrong amo");
    QCOMPARE(
        open.terms[0], (SearchTerm { .text = u"wrong amo"_s, .isPhrase = true, .isPrefix = true }));
    QCOMPARE(parseSearch(u"\u201Ewrong amount\u201C").terms[0].text, u"wrong amount"_s);
    QVERIFY(!parseSearch(u"\"wrong amount\"").terms[0].isPrefix);
    QVERIFY(parseSearch(u"\"\"").isEmpty());
}

void TestTokens::negation()
{
    const SearchQuery query = parseSearch(u"refund -card -\"bank transfer\" -tag:vip a-b");
    QCOMPARE(query.terms.size(), 4);
    QVERIFY(!query.terms[0].isNegated);
    QCOMPARE(query.terms[1], (SearchTerm { .text = u"card"_s, .isNegated = true }));
    QCOMPARE(query.terms[2],
        (SearchTerm { .text = u"bank transfer"_s, .isPhrase = true, .isNegated = true }));
    QCOMPARE(query.terms[3].text, u"a-b"_s);
    QCOMPARE(query.filters, QList<SearchFilter>({ { FilterField::Tag, { u"vip"_s }, true } }));
}

void TestTokens::filters_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<int>("field");
    QTest::addColumn<QStringList>("values");
    const auto row = [](const char *typed, FilterField field, const QStringList &values) {
        QTest::newRow(typed) << QString::fromUtf8(typed) << int(field) << values;
    };
    row("tier:L2", FilterField::Tier, { u"L2"_s });
    row("Tier:L2", FilterField::Tier, { u"L2"_s });
    row("team:\"Billing EU\"", FilterField::Team, { u"Billing EU"_s });
    row("status:open,pending", FilterField::Status, { u"open"_s, u"pending"_s });
    row("priority:urgent,", FilterField::Priority, { u"urgent"_s });
    row("agent:mé", FilterField::Agent, { u"mé"_s });
    row("customer:acme.example", FilterField::Customer, { u"acme.example"_s });
    row("tag:\"two words\",vip", FilterField::Tag, { u"two words"_s, u"vip"_s });
    row("tag:\"open end", FilterField::Tag, { u"open end"_s });
    row("tag:a:b", FilterField::Tag, { u"a:b"_s });
    row("is:escalated", FilterField::Is, { u"escalated"_s });
    row("before:2026-06-08", FilterField::Before, { u"2026-06-08"_s });
    row("after:7d", FilterField::After, { u"7d"_s });
    row("after:yesterday", FilterField::After, { u"yesterday"_s });
}

void TestTokens::filters()
{
    QFETCH(QString, typed);
    QFETCH(int, field);
    QFETCH(QStringList, values);
    const SearchQuery query = parseSearch(typed);
    QVERIFY(query.terms.isEmpty());
    QCOMPARE(query.filters, QList<SearchFilter>({ { FilterField(field), values, false } }));
    const SearchQuery negated = parseSearch(u"word -"_s + typed);
    QCOMPARE(negated.terms.size(), 1);
    QCOMPARE(negated.filters, QList<SearchFilter>({ { FilterField(field), values, true } }));
}

void TestTokens::halfTypedFiltersAreIgnored()
{
    for (const QStringView typed :
        { u"tier:", u"-tier:", u"tag:\"", u"status:,", u"before: ", u"tag:\" \"" })
        QVERIFY2(parseSearch(typed).isEmpty(), qPrintable(typed.toString()));
    QCOMPARE(parseSearch(u"tier: L2").terms.size(), 1);
}

void TestTokens::whatIsNoFilterIsText()
{
    for (const QStringView typed : { u"colour:red", u"http://a.example", u"before:lunch",
             u"after:2026-13-01", u"before:2026,2027", u"xtier:L2", u"tier" }) {
        const SearchQuery query = parseSearch(typed);
        QVERIFY2(query.filters.isEmpty(), qPrintable(typed.toString()));
        QCOMPARE(query.terms.size(), 1);
        QCOMPARE(query.terms[0].text, typed.toString());
    }
}

void TestTokens::days()
{
    const QDate today(2026, 3, 31);
    QCOMPARE(searchDay(u"today", today), today);
    QCOMPARE(searchDay(u"Yesterday", today), QDate(2026, 3, 30));
    QCOMPARE(searchDay(u"2026-02-28", today), QDate(2026, 2, 28));
    QCOMPARE(searchDay(u"2026-02", today), QDate(2026, 2, 1));
    QCOMPARE(searchDay(u"2025", today), QDate(2025, 1, 1));
    QCOMPARE(searchDay(u"7d", today), QDate(2026, 3, 24));
    QCOMPARE(searchDay(u"2w", today), QDate(2026, 3, 17));
    QCOMPARE(searchDay(u"1m", today), QDate(2026, 2, 28));
    for (const QStringView bad : { u"", u"d", u"-7d", u"+7d", u"7", u"2026-02-30", u"2026-2-3",
             u"2026/02/03", u"99999d", u"9999m", u"1800-01-01", u"now" })
        QVERIFY2(!searchDay(bad, today), qPrintable(bad.toString()));
}

void TestTokens::limits()
{
    QVERIFY(parseSearch(u"ab "_s.repeated(400)).isShortened);
    QCOMPARE(parseSearch(u"ab "_s.repeated(400)).terms.size(), 32);
    QCOMPARE(parseSearch(u"tag:a "_s.repeated(100)).filters.size(), 32);
    QVERIFY(!parseSearch(u"ab cd").isShortened);
    QVERIFY(parseSearch(QString(5'000, u'x')).isShortened);
}

void TestTokens::matchStrings_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("match");
    QTest::addColumn<QString>("exclude");
    QTest::newRow("nothing") << u""_s << u""_s << u""_s;
    QTest::newRow("word") << u"refund "_s << u"\"refund\""_s << u""_s;
    QTest::newRow("prefix") << u"card refu"_s << u"\"card\" \"refu\" *"_s << u""_s;
    QTest::newRow("quote inside") << u"foo\"bar "_s << u"\"foo\"\"bar\""_s << u""_s;
    QTest::newRow("not") << u"a -b -\"c d\""_s << u"(\"a\") NOT (\"b\" OR \"c d\")"_s << u""_s;
    QTest::newRow("only not") << u"-b -c"_s << u""_s << u"\"b\" OR \"c\""_s;
    QTest::newRow("operators are words")
        << u"a AND NOT b "_s << u"\"a\" \"AND\" \"NOT\" \"b\""_s << u""_s;
    QTest::newRow("filters only") << u"tier:L2"_s << u""_s << u""_s;
}

void TestTokens::matchStrings()
{
    QFETCH(QString, typed);
    QFETCH(QString, match);
    QFETCH(QString, exclude);
    QCOMPARE(ftsMatch(parseSearch(typed)), match);
    QCOMPARE(ftsExclude(parseSearch(typed)), exclude);
}

void TestTokens::longStarts_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("start");
    QTest::newRow("nothing") << u""_s << u""_s;
    QTest::newRow("four letters have an index") << u"refu"_s << u""_s;
    QTest::newRow("five letters") << u"Refun"_s << u"refun"_s;
    QTest::newRow("a whole word") << u"refund "_s << u""_s;
    QTest::newRow("signs at the end") << u"refund!?"_s << u"refund"_s;
    QTest::newRow("signs before") << u"foo-Refunds"_s << u"refunds"_s;
    QTest::newRow("letters that are folded") << u"réfund"_s << u""_s;
    QTest::newRow("a mark at the end") << u"refund\u0301"_s << u""_s;
    QTest::newRow("another script before") << u"猫refund"_s << u""_s;
    QTest::newRow("other words") << u"card refund"_s << u"refund"_s;
    QTest::newRow("another word of another script") << u"猫 refund"_s << u""_s;
    QTest::newRow("what must not be there may be") << u"-猫 refund"_s << u"refund"_s;
    QTest::newRow("an open phrase") << u"\"my refund"_s << u"refund"_s;
}

void TestTokens::longStarts()
{
    QFETCH(QString, typed);
    QFETCH(QString, start);
    QCOMPARE(longStart(parseSearch(typed)), start);
}

/// The words spelled out find what the beginning of a word finds, with everything that may stand around.
void TestTokens::spelledOutFindsTheSame()
{
    Index index;
    const QStringList all { u"refund"_s, u"refunds"_s, u"refunded"_s, u"Refundé"_s, u"reform"_s,
        u"card"_s, u"my"_s, u"foo"_s, u"vip"_s };
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    for (int i = 0; i < 400; ++i) {
        QString text;
        for (int n = random.bounded(1, 6); n > 0; --n)
            text += all[random.bounded(all.size())] + (random.bounded(4) ? u" "_s : u"-"_s);
        index.add(text);
    }
    QStringList words { u"refund"_s, u"refunde"_s, u"refunded"_s, u"refunds"_s };
    for (int i = 0; i < 150; ++i)
        words.append(u"refundz%1"_s.arg(i)); // absent: a long list is no error
    for (const QString &typed : { u"refund"_s, u"card refund"_s, u"\"my refund"_s, u"foo-refund"_s,
             u"card -vip refund"_s, u"-\"my card\" refund."_s }) {
        const SearchQuery query = parseSearch(typed);
        QCOMPARE(longStart(query), u"refund"_s);
        const auto plain = index.search(ftsMatch(query));
        const auto spelled = index.search(ftsMatch(query, words));
        QVERIFY2(plain && spelled, qPrintable(typed));
        QVERIFY2(!plain->isEmpty(), qPrintable(typed));
        QVERIFY2(*plain == *spelled, qPrintable(typed));
    }
    QVERIFY(ftsMatch(parseSearch(u"refund"), QStringList()).isEmpty());
}

void TestTokens::tokensFoldCaseAndAccents()
{
    QCOMPARE(tokens(u"Crème-brûlée für T-17, a@b.example 3.5%"),
        QStringList({ u"creme"_s, u"brulee"_s, u"fur"_s, u"t"_s, u"17"_s, u"a"_s, u"b"_s,
            u"example"_s, u"3"_s, u"5"_s }));
    QCOMPARE(tokens(u"cre\u0300me"), QStringList({ u"creme"_s }));
    QCOMPARE(tokens(u"ΑΒΓ Привет"), QStringList({ u"αβγ"_s, u"привет"_s }));
    QVERIFY(tokens(u" … - ").isEmpty());
}

void TestTokens::nothingTypedIsAnError()
{
    const quint32 seed = chosenSeed();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    Index index;
    index.add(u"word über foo bar 你好"_s);
    for (int i = 0; i < 100'000; ++i) {
        const QString typed = randomText(random);
        const SearchQuery query = parseSearch(typed);
        for (const QString &match : { ftsMatch(query), ftsExclude(query) }) {
            if (!match.isEmpty() && !index.search(match))
                QFAIL(qPrintable(u"%1 from %2: %3"_s.arg(match, typed, index.lastError())));
        }
    }
}

void TestTokens::findsWhatAScanFinds()
{
    const quint32 seed = chosenSeed();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    static const QStringList vocabulary { u"refund"_s, u"Refunds"_s, u"REFUNDED"_s, u"card"_s,
        u"cart"_s, u"crème"_s, u"Creme"_s, u"über"_s, u"uber"_s, u"Привет"_s, u"привет"_s, u"αβγ"_s,
        u"a"_s, u"ab"_s, u"abc"_s, u"17"_s, u"175"_s, u"foo-bar"_s, u"foo"_s, u"bar"_s,
        u"a@b.example"_s, u"and"_s, u"not"_s, u"你好"_s, u"你"_s };
    const auto pick = [&] { return vocabulary[random.bounded(int(vocabulary.size()))]; };
    Index index;
    QList<QStringList> rows;
    for (int i = 0; i < 300; ++i) {
        QStringList words;
        for (int k = int(random.bounded(8)); k >= 0; --k)
            words.append(pick());
        const QString text = words.join(random.bounded(2) ? u" "_s : u", "_s);
        index.add(text);
        rows.append(tokens(text));
    }
    for (int i = 0; i < 4'000; ++i) {
        QString typed;
        for (int k = int(random.bounded(4)); k >= 0; --k) {
            const QString word = pick();
            switch (random.bounded(6)) {
            case 0: typed += u'-' + word; break;
            case 1: typed += u'"' + word + u' ' + pick() + u'"'; break;
            case 2: typed += word.left(1 + int(random.bounded(int(word.size())))); break;
            default: typed += word;
            }
            if (k > 0 || random.bounded(2))
                typed += u' ';
        }
        const SearchQuery query = parseSearch(typed);
        const QString match = ftsMatch(query);
        const QString exclude = ftsExclude(query);
        QSet<int> expected;
        for (int row = 0; row < rows.size(); ++row) {
            const bool isFound = std::all_of(query.terms.cbegin(), query.terms.cend(),
                [&](const SearchTerm &term) { return holds(rows[row], term) != term.isNegated; });
            if (isFound)
                expected.insert(row + 1);
        }
        QSet<int> all;
        for (int row = 0; row < rows.size(); ++row)
            all.insert(row + 1);
        std::optional<QSet<int>> found = all;
        if (!match.isEmpty())
            found = index.search(match);
        else if (!exclude.isEmpty())
            found = all - index.search(exclude).value_or(QSet<int>());
        QVERIFY2(found.has_value(), qPrintable(typed));
        QVERIFY2(*found == expected,
            qPrintable(u"%1 as %2: %3 rows, a scan finds %4"_s.arg(typed, match)
                           .arg(found->size())
                           .arg(expected.size())));
    }
}

void TestTokens::queryTextRoundTrip()
{
    for (const QStringView typed :
        { u"refund", u"refund ", u"a -b tier:L2,L3 -tag:\"x y\"", u"\"a b\" c", u"\"a b", u"-x",
            u"before:2026 foo-bar", u"one two three ", u"\"a b\"" }) {
        SearchQuery query = parseSearch(typed);
        const SearchQuery again = parseSearch(searchText(query));
        QVERIFY2(again == query, qPrintable(searchText(query)));
    }
}

QTEST_GUILESS_MAIN(TestTokens)
#include "tst_tokens.moc"
