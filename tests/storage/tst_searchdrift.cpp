#include "core/base/ids.h"
#include "core/storage/doctor.h"
#include "core/storage/imports.h"
#include "core/storage/search.h"
#include "storetest.h"

using namespace tierline;
using namespace tierline::storage;
using namespace tierline::test;
using namespace Qt::StringLiterals;

// The text index against a naive picture of the same tickets, over random operations: 2,000, and
// 100,000 where TIERLINE_LONG is set.

class TestSearchDrift : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void randomOperations();

private:
    struct Picture {
        TicketState state;
        QString text; ///< all that the index should hold, each word between spaces
        ImportId import;
    };
    QString words(int count);
    Result<Done> addTicket(WriteScope &scope, ImportId import, bool indexText);
    Result<Done> addMessage(WriteScope &scope, Picture &picture, bool indexText);
    Result<Done> rename(WriteScope &scope, Picture &picture);
    Result<Done> oneOperation(WriteScope &scope);
    void importAndRemove();
    void compare();

    std::unique_ptr<StoreFixture> m_desk;
    std::unique_ptr<SeededRandom> m_random;
    std::vector<Picture> m_pictures;
    int m_keys = 0;
};

void TestSearchDrift::initTestCase()
{
    const quint64 seed = qEnvironmentVariableIsSet("TIERLINE_SEED")
        ? qEnvironmentVariable("TIERLINE_SEED").toULongLong()
        : 76;
    qInfo("seed %llu", seed);
    m_random = std::make_unique<SeededRandom>(seed);
    m_desk = std::make_unique<StoreFixture>();
    DONE(m_desk->create());
}

QString TestSearchDrift::words(int count)
{
    // Short words from a small alphabet, so that they meet often; accents, other scripts, signs.
    static const QStringList pieces { u"a"_s, u"be"_s, u"cö"_s, u"de"_s, u"Эх"_s, u"ünt"_s, u"x'"_s,
        u"\"q"_s, u"漢"_s, u"\U0001F600"_s, u"-"_s, u"re"_s };
    QString text;
    for (int i = 0; i < count; ++i) {
        text += u' ';
        for (int n = 1 + int(m_random->below(3)); n > 0; --n)
            text += pieces[m_random->below(pieces.size())];
        text += u"z%1"_s.arg(m_random->below(40));
    }
    return text;
}

Result<Done> TestSearchDrift::addTicket(WriteScope &scope, ImportId import, bool indexText)
{
    const Instant created { (m_random->below(60'000) - 20'000) * 86'400'000 };
    Picture picture {
        .state = plainTicket(u"K%1"_s.arg(++m_keys), created), .text = {}, .import = import
    };
    picture.state.ticket.subject = words(3);
    TIERLINE_CHECK(insertTicket(scope, picture.state, import, indexText));
    m_pictures.push_back(std::move(picture));
    return Done {};
}

Result<Done> TestSearchDrift::addMessage(WriteScope &scope, Picture &picture, bool indexText)
{
    Message message { .ticket = picture.state.ticket.id,
        .text = words(1 + int(m_random->below(20))) };
    picture.text += u' ' + message.text;
    return appendMessage(scope, message, indexText);
}

Result<Done> TestSearchDrift::rename(WriteScope &scope, Picture &picture)
{
    TicketState after = picture.state;
    after.ticket.subject = words(2);
    if (m_random->below(2)) {
        Requester requester { .name = u"Person%1"_s.arg(m_random->below(9)),
            .email = u"p@x.example"_s };
        TIERLINE_CHECK(saveRequester(scope, requester));
        after.ticket.requester = requester.id;
    }
    if (m_random->below(3) == 0)
        after.ticket.key = u"R%1"_s.arg(++m_keys);
    TIERLINE_CHECK(saveTicket(scope, picture.state, after));
    picture.state = after;
    return Done {};
}

Result<Done> TestSearchDrift::oneOperation(WriteScope &scope)
{
    static constexpr size_t enough = 2'000;
    if (m_pictures.empty() || (m_pictures.size() < enough && m_random->below(4) == 0))
        return addTicket(scope, {}, true);
    Picture &picture = m_pictures[static_cast<size_t>(m_random->below(qint64(m_pictures.size())))];
    switch (m_random->below(3)) {
    case 0: return rename(scope, picture);
    case 1: {
        TicketState after = picture.state;
        after.ticket.priority = static_cast<Priority>(m_random->below(4));
        TIERLINE_CHECK(saveTicket(scope, picture.state, after));
        picture.state = after;
        return Done {};
    }
    default: return addMessage(scope, picture, m_random->below(4) != 0);
    }
}

/// An import that is given up half way, and one whose text is indexed afterwards.
void TestSearchDrift::importAndRemove()
{
    const size_t before = m_pictures.size();
    ImportId import;
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_TRY(begun, beginImport(scope, u"x"_s));
        import = begun;
        for (int i = 0; i < 20; ++i) {
            TIERLINE_CHECK(addTicket(scope, import, m_random->below(2)));
            TIERLINE_CHECK(addMessage(scope, m_pictures.back(), m_random->below(2)));
        }
        return Done {};
    }));
    if (m_random->below(2)) {
        qint64 left = 1;
        while (left > 0) {
            DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
                TIERLINE_TRY(still, removeImportBatch(scope, import, 7));
                left = still;
                return Done {};
            }));
        }
        m_pictures.resize(before);
    } else {
        DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
            TIERLINE_CHECK(indexBatch(scope, {}, 1000));
            return finishImport(scope, import);
        }));
    }
}

void TestSearchDrift::compare()
{
    DONE(checkSearch(m_desk->connection()));
    DONE(checkIntegrity(m_desk->connection()));
    for (int i = 0; i < 40; i += 3) {
        // Words end in "z" and a number; a naive scan over the same texts is the judge.
        const QRegularExpression word(u"z%1(?![0-9])"_s.arg(i));
        QList<qint64> expected;
        for (const Picture &picture : m_pictures) {
            if ((picture.state.ticket.subject + u' ' + picture.text).contains(word))
                expected.append(picture.state.ticket.id.v);
        }
        std::ranges::sort(expected, std::greater<>());
        QList<qint64> found;
        VALUE(rows,
            m_desk->connection().prepareText(u"SELECT id, subject || ' ' || people || ' ' || body"
                                             " FROM search_document ORDER BY id DESC"_s));
        while (*rows.step()) {
            if (rows.text(1).contains(word))
                found.append(rows.integer(0));
        }
        QCOMPARE(found, expected);
    }
    // Whole words by the index itself: the newest first, exactly those that hold the word.
    for (int i = 0; i < 10; ++i) {
        const QString whole = u"rez%1"_s.arg(i);
        const QRegularExpression word(u"(?<![\\p{L}\\p{N}])%1(?![\\p{L}\\p{N}])"_s.arg(whole));
        QList<qint64> expected, found;
        for (const Picture &picture : m_pictures) {
            if ((picture.state.ticket.subject + u' ' + picture.text).contains(word))
                expected.append(picture.state.ticket.id.v);
        }
        std::ranges::sort(expected, std::greater<>());
        VALUE(page, search(m_desk->connection(), { .match = u'"' + whole + u'"' }, {}, 100'000));
        for (const SearchHit &hit : page.hits)
            found.append(hit.row.id.v);
        QCOMPARE(found, expected);
    }
}

void TestSearchDrift::randomOperations()
{
    const int operations = qEnvironmentVariableIntValue("TIERLINE_LONG") ? 100'000 : 2'000;
    for (int done = 0; done < operations;) {
        const int together = 1 + int(m_random->below(12));
        const bool isUndone = m_random->below(6) == 0;
        const auto before = isUndone ? m_pictures : std::vector<Picture>();
        const int keys = m_keys;
        const auto outcome = m_desk->write([&](WriteScope &scope) -> Result<Done> {
            for (int i = 0; i < together; ++i)
                TIERLINE_CHECK(oneOperation(scope));
            return isUndone ? Result<Done>(cancelled()) : Done {};
        });
        QCOMPARE(outcome.has_value(), !isUndone);
        if (isUndone) {
            m_pictures = before;
            m_keys = keys;
        }
        done += together;
        if (m_random->below(60) == 0)
            importAndRemove();
        if (m_random->below(operations / 20) < together)
            compare();
    }
    compare();
}

QTEST_GUILESS_MAIN(TestSearchDrift)
#include "tst_searchdrift.moc"
