#include "core/storage/seenwords.h"

namespace tierline::storage {

using namespace Qt::StringLiterals;

namespace {

Result<QStringList> column(Connection &connection, const char *sql)
{
    QStringList words;
    TIERLINE_TRY(rows, connection.prepare(sql));
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return words;
        words.append(rows.text(0));
    }
}

} // namespace

Result<SeenWords> loadSeenWords(Connection &connection)
{
    SeenWords seen;
    TIERLINE_TRY(plans,
        column(connection, "SELECT DISTINCT plan FROM organization WHERE plan <> '' LIMIT 500"));
    TIERLINE_TRY(channels,
        column(connection,
            "SELECT DISTINCT channel FROM (SELECT channel FROM ticket ORDER BY id DESC LIMIT 20000)"
            " WHERE channel <> '' LIMIT 500"));
    TIERLINE_TRY(categories,
        column(connection,
            "SELECT DISTINCT category FROM (SELECT category FROM ticket ORDER BY id DESC LIMIT 20000)"
            " WHERE category <> '' LIMIT 500"));
    TIERLINE_TRY(products,
        column(connection,
            "SELECT DISTINCT product FROM (SELECT product FROM ticket ORDER BY id DESC LIMIT 20000)"
            " WHERE product <> '' LIMIT 500"));
    TIERLINE_TRY(types,
        column(connection,
            "SELECT DISTINCT type FROM (SELECT type FROM ticket ORDER BY id DESC LIMIT 20000)"
            " WHERE type <> '' LIMIT 500"));
    TIERLINE_TRY(fields,
        column(connection,
            "SELECT DISTINCT f.key FROM (SELECT fields FROM ticket ORDER BY id DESC LIMIT 20000) t,"
            " json_each(t.fields) f WHERE t.fields <> '{}' LIMIT 500"));
    seen.words = { { u"plan"_s, plans }, { u"channel"_s, channels }, { u"category"_s, categories },
        { u"product"_s, products }, { u"type"_s, types } };
    seen.fields = fields;
    return seen;
}

} // namespace tierline::storage
