#include "core/desk/openticket.h"
#include "tests/commands/commandtest.h"

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

// What a ticket's words say, and which words: the same that rules read.

namespace {

desk::TicketSigns signs(CommandFixture &f, const QString &key)
{
    const auto id = storage::findAnyTicket(f.connection(), key);
    if (!id)
        return {};
    const auto open = desk::openTicket(f.connection(), *id, Visibility::all(), f.clock.now());
    return open ? (*open)->signs : desk::TicketSigns {};
}

QStringList wordsOf(const desk::TicketSigns &signs, desk::Sign sign)
{
    QStringList words;
    for (const desk::TicketSigns::Word &word : signs.words) {
        if (word.sign == sign)
            words.append(word.text);
    }
    return words;
}

Result<commands::Outcome> ticket(CommandFixture &f, const QString &key, const QString &words)
{
    commands::CreateTicket create;
    create.ticket.key = key;
    create.ticket.subject = u"Portal"_s;
    create.requester = { .name = u"Ada Lind"_s, .email = u"ada@example.org"_s };
    create.text = words;
    return f.run("ann", create);
}

} // namespace

class TestTicketSigns : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        f = std::make_unique<CommandFixture>();
        DONE(f->begin());
    }
    void nothingRemarkableIsQuiet();
    void graveOnesComeFirst();
    void whatWasAnsweredIsNotAskedAnyMore();
    void solvedTicketsSayNothing();
    void fieldsOfOtherSystemsGoBeforeWords();

private:
    std::unique_ptr<CommandFixture> f;
};

void TestTicketSigns::nothingRemarkableIsQuiet()
{
    DONE(ticket(*f, u"T-1"_s, u"Where do I find the export of last month?"_s));
    const desk::TicketSigns found = signs(*f, u"T-1"_s);
    QVERIFY(found.signs.isEmpty());
    QVERIFY(found.words.empty());
    QVERIFY(!found.isRisky);
}

void TestTicketSigns::graveOnesComeFirst()
{
    DONE(ticket(*f, u"T-1"_s,
        u"This is terrible. It is urgent, we need it immediately. Let me speak to a manager, or our lawyer will "
        "write to you."_s));
    const desk::TicketSigns found = signs(*f, u"T-1"_s);
    QVERIFY(!found.signs.isEmpty());
    QCOMPARE(found.signs.first(), desk::Sign::Legal);
    QVERIFY(std::ranges::is_sorted(found.signs));
    for (const desk::Sign sign : { desk::Sign::Manager, desk::Sign::Urgent, desk::Sign::Unhappy })
        QVERIFY(found.signs.contains(sign));
    QVERIFY(found.urgency >= 50);
    QVERIFY(found.sentiment < 0);
    QVERIFY(wordsOf(found, desk::Sign::Legal).contains(u"lawyer"_s));
    QVERIFY(wordsOf(found, desk::Sign::Unhappy).contains(u"terrible"_s));
    // Each word stands in the message that it is said of.
    const auto messages = storage::loadMessages(
        f->connection(), *storage::findAnyTicket(f->connection(), u"T-1"_s));
    QVERIFY(messages);
    for (const desk::TicketSigns::Word &word : found.words) {
        const auto said = std::ranges::find(*messages, word.message, &Message::id);
        QVERIFY(said != messages->end() && said->text.contains(word.text));
    }
}

void TestTicketSigns::whatWasAnsweredIsNotAskedAnyMore()
{
    DONE(ticket(*f, u"T-1"_s, u"Let me speak to a manager."_s));
    QVERIFY(signs(*f, u"T-1"_s).signs.contains(desk::Sign::Manager));
    f->clock.advance(std::chrono::minutes(5));
    DONE(f->run("ann", commands::Reply { u"T-1"_s, u"Our manager is here and reads along."_s }));
    f->clock.advance(std::chrono::minutes(5));
    DONE(f->run("ann", commands::CustomerMessage { u"T-1"_s, u"Where is the export?"_s }));
    const desk::TicketSigns found = signs(*f, u"T-1"_s);
    QVERIFY(!found.signs.contains(desk::Sign::Manager));
    QVERIFY(wordsOf(found, desk::Sign::Manager).isEmpty());
}

void TestTicketSigns::solvedTicketsSayNothing()
{
    DONE(ticket(*f, u"T-1"_s, u"Our lawyer will write to you."_s));
    QVERIFY(!signs(*f, u"T-1"_s).signs.isEmpty());
    DONE(f->run("ann", commands::Solve { .ticket = u"T-1"_s }));
    QVERIFY(signs(*f, u"T-1"_s).signs.isEmpty());
}

void TestTicketSigns::fieldsOfOtherSystemsGoBeforeWords()
{
    DONE(ticket(*f, u"T-1"_s, u"Where do I find the export of last month?"_s));
    DONE(f->run(
        "ann", commands::SetFields { u"T-1"_s, { { u"field.escalation_risk"_s, u"high"_s } } }));
    QVERIFY(signs(*f, u"T-1"_s).isRisky);
}

QTEST_GUILESS_MAIN(TestTicketSigns)
#include "tst_ticketsigns.moc"
