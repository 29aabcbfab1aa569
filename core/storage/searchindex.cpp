#include "core/storage/search.h"

using namespace Qt::StringLiterals;

namespace tierline::storage {

Result<Done> rebuildSearch(WriteScope &scope)
{
    scope.touchEverything();
    return scope.connection().execute("INSERT INTO search (search) VALUES ('rebuild')");
}

namespace {

/// The list of the index's words, which a connection makes for itself at first use; reading connections
/// have to be allowed that for the moment, though it writes nothing.
Result<Statement> prepareWords(Connection &connection)
{
    static constexpr const char *sql = "SELECT term FROM temp.search_word WHERE term >= ?1 LIMIT 1";
    if (auto words = connection.prepare(sql))
        return words;
    const bool isReader = connection.isReadOnly();
    if (isReader)
        TIERLINE_CHECK(connection.execute("PRAGMA query_only = OFF"));
    const Result<Done> made
        = connection.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_word"
                             " USING fts5vocab(main, search, instance)");
    if (isReader)
        TIERLINE_CHECK(connection.execute("PRAGMA query_only = ON"));
    TIERLINE_CHECK(made);
    return connection.prepare(sql);
}

} // namespace

Result<std::optional<QStringList>> wordsThatBegin(
    Connection &connection, const QString &start, int most)
{
    QStringList words;
    TIERLINE_TRY(find, prepareWords(connection));
    // From word to word by a look-up of its own: reading on would read every place of the word.
    QString from = start;
    while (words.size() <= most) {
        TIERLINE_TRY(hasRow, find.bind(1, from).step());
        const QString word = hasRow ? find.text(0) : QString();
        find.reset();
        if (!word.startsWith(start))
            return std::optional(words);
        words.append(word);
        from = word + QChar(1);
    }
    return std::optional<QStringList>();
}

Result<TicketId> indexBatch(WriteScope &scope, TicketId after, int batch)
{
    Connection &connection = scope.connection();
    // The index writes a piece of its own whenever it has gathered so much, and each must be merged
    // later, several times: few large ones cost half of many small ones. Nothing is held for it in
    // transactions that gather less.
    if (!after)
        TIERLINE_CHECK(
            connection.execute("INSERT INTO search (search, rank) VALUES ('hashsize', 33554432)"));
    TIERLINE_TRY(missing,
        connection.prepare(
            "SELECT t.id FROM ticket t WHERE t.id > ?1 AND NOT EXISTS"
            " (SELECT 1 FROM search_docsize d WHERE d.id = t.id) ORDER BY t.id LIMIT ?2"));
    missing.bind(1, after ? after.v : std::numeric_limits<qint64>::min()).bind(2, batch);
    TicketId last;
    while (true) {
        TIERLINE_TRY(hasRow, missing.step());
        if (!hasRow)
            return last;
        last.v = missing.integer(0);
        scope.textIsNew(last);
    }
}

namespace {

Result<qint64> countOf(Connection &connection, const char *sql)
{
    TIERLINE_TRY(count, connection.prepare(sql));
    TIERLINE_CHECK(count.step());
    return count.integer(0);
}

} // namespace

Result<Done> checkSearch(Connection &connection)
{
    const QString advice = u" It can be rebuilt from them; nothing else is lost."_s;
    TIERLINE_TRY(missing,
        countOf(connection,
            "SELECT count(*) FROM ticket t WHERE NOT EXISTS"
            " (SELECT 1 FROM search_docsize d WHERE d.id = t.id)"
            " AND t.import NOT IN (SELECT id FROM import WHERE finished IS NULL)"));
    if (missing > 0)
        return storageError(u"The text index lacks %1 tickets."_s.arg(missing) + advice);
    TIERLINE_TRY(surplus,
        countOf(connection,
            "SELECT count(*) FROM search_docsize d WHERE NOT EXISTS"
            " (SELECT 1 FROM ticket t WHERE t.id = d.id)"));
    if (surplus > 0)
        return storageError(
            u"The text index holds %1 tickets that are gone."_s.arg(surplus) + advice);
    // FTS5 compares every word of every ticket with what it holds; this writes nothing, but it is
    // spelled as an insert, which a reading connection has to be allowed for the moment.
    const bool isReader = connection.isReadOnly();
    if (isReader)
        TIERLINE_CHECK(connection.execute("PRAGMA query_only = OFF"));
    const Result<Done> outcome
        = connection.execute("INSERT INTO search (search, rank) VALUES ('integrity-check', 1)");
    if (isReader)
        TIERLINE_CHECK(connection.execute("PRAGMA query_only = ON"));
    if (!outcome && outcome.error().fault == Fault::Storage)
        return storageError(u"The text index does not agree with the tickets."_s + advice);
    return outcome;
}

Result<bool> repairSearch(Store &store)
{
    const Result<Done> sound = checkSearch(store.connection());
    if (sound)
        return false;
    if (sound.error().fault != Fault::Storage)
        return sound.error();
    TIERLINE_CHECK(store.write(Durability::Background, rebuildSearch));
    TIERLINE_CHECK(checkSearch(store.connection()));
    return true;
}

} // namespace tierline::storage
