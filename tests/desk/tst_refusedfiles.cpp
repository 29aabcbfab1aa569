#include "core/commands/settings.h"
#include "core/desk/settingsfolder.h"
#include "core/import/importer.h"
#include "core/rules/book.h"
#include "core/rules/parse.h"
#include "tests/commands/commandtest.h"

#include <QFile>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

// Files that somebody else wrote, broken at random places: what is refused leaves the store as it was, byte for byte.

namespace {

const auto rulesText
    = u"rule \"Waits\" when no agent reply for 2h then escalate to L2 reason sla-risk continue\n"
      "rule \"Legal\" when text mentions list \"law\" then notify manager\n"
      "list \"law\": \"lawyer\", \"court*\"\n"
      "priority policy \"Order\" by first match high when priority is high otherwise normal"_s;

const QByteArray lines
    = "{\"id\":\"I-1\",\"created\":\"2026-06-01T08:00:00Z\",\"subject\":\"One\",\"tier\":\"L1\",\"status\":\"open\","
      "\"requester\":{\"name\":\"Ann\",\"email\":\"ann@example.org\"},\"messages\":[{\"at\":\"2026-06-01T08:00:00Z\","
      "\"from\":\"customer\",\"author\":\"Ann\",\"text\":\"Well?\"}]}\n"
      "{\"id\":\"I-2\",\"created\":\"2026-06-01T09:00:00Z\",\"subject\":\"Two\",\"tier\":\"L2\",\"events\":"
      "[{\"at\":\"2026-06-01T10:00:00Z\",\"kind\":\"priority\",\"to\":\"high\",\"actor\":\"bob\"}]}\n";

QByteArray mutated(QByteArray bytes, SeededRandom &dice)
{
    static const QList<QByteArray> pieces { "\"", "{", "}", "]", ",", ":", "\\", "\n", "\0", "\xff",
        "null", "1e999", "-1", "\"form\": 9", "rule", "then", "9999-99-99", "[[[[[[[[[[" };
    for (qint64 i = 1 + dice.below(3); i > 0 && !bytes.isEmpty(); --i) {
        const qsizetype at = dice.below(bytes.size());
        switch (dice.below(4)) {
        case 0: bytes[at] = char(dice.below(256)); break;
        case 1: bytes.remove(at, 1 + dice.below(20)); break;
        case 2: bytes.insert(at, pieces[dice.below(pieces.size())]); break;
        default: bytes.insert(at, bytes.mid(dice.below(bytes.size()), 1 + dice.below(60)));
        }
    }
    return bytes;
}

} // namespace

class TestRefusedFiles : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void settings();
    void ticketLines();

private:
    /// All that the store has on the disk.
    QByteArray bytes() const
    {
        QByteArray all;
        for (const QString &end : { QString(), u"-wal"_s }) {
            QFile file(m_desk->workspace.databasePath() + end);
            if (file.open(QIODevice::ReadOnly))
                all += file.readAll() + "|";
        }
        return all;
    }
    std::unique_ptr<CommandFixture> m_desk;
};

void TestRefusedFiles::init()
{
    m_desk = std::make_unique<CommandFixture>();
    DONE(m_desk->begin());
    DONE(commands::installDefaults(*m_desk->store, m_desk->random));
    const rules::Parsed parsed = rules::parse(rulesText);
    QVERIFY2(parsed.isWhole(), parsed.isWhole() ? "" : qPrintable(parsed.problems.front().text()));
    commands::Context context = m_desk->as(u"adm"_s);
    commands::SaveRules save { .reason = { u"a test"_s } };
    for (const rules::BookText &part : rules::partsOf(parsed.document))
        save.texts.push_back({ .kind = part.kind, .name = part.name, .text = part.text });
    DONE(commands::run(context, save));
    DONE(m_desk->newTicket(u"T-1"_s));
}

void TestRefusedFiles::settings()
{
    const quint64 seed = qEnvironmentVariable("TIERLINE_SEED", u"51"_s).toULongLong();
    SeededRandom dice(seed);
    const Instant now = m_desk->clock.now();
    VALUE(good, desk::settingsOf(m_desk->connection(), now));
    int refused = 0;
    for (int i = 0; i < 400; ++i) {
        desk::SettingsFiles files = good;
        const QString name = files.keys().at(dice.below(files.size()));
        files[name] = mutated(files[name], dice);
        const QByteArray before = bytes();
        const auto plan = desk::planSettings(m_desk->connection(), files, now);
        const QByteArray where = "seed " + QByteArray::number(seed) + " case "
            + QByteArray::number(i) + ' ' + name.toUtf8();
        if (!plan) {
            ++refused;
            QVERIFY2(plan.error().detail.contains(u"Nothing was changed"),
                (where + ": " + plan.error().detail.toUtf8()).constData());
            QVERIFY2(bytes() == before, where.constData());
            continue;
        }
        // What can be read may still be refused, and then whole.
        commands::ReplaceSettings command = plan->command;
        command.rules.reason = { u"a test"_s };
        if (command.agreements)
            command.agreements->why = u"a test"_s;
        commands::Context context = m_desk->as(u"ann"_s);
        QVERIFY2(plan->isEmpty() || !commands::run(context, command), where.constData());
        QVERIFY2(bytes() == before, where.constData());
    }
    QVERIFY(refused > 100);
}

void TestRefusedFiles::ticketLines()
{
    const quint64 seed = qEnvironmentVariable("TIERLINE_SEED", u"51"_s).toULongLong();
    SeededRandom dice(seed + 1);
    int refused = 0;
    for (int i = 0; i < 150; ++i) {
        const QString file = m_desk->path(u"in-%1.jsonl"_s.arg(i));
        QFile out(file);
        QVERIFY(out.open(QIODevice::WriteOnly));
        out.write(mutated(lines, dice));
        out.close();
        const QByteArray before = bytes();
        auto job = importing::startTickets(*m_desk->store, file, {});
        const bool isTaken = job && importing::runToEnd(**job).has_value();
        if (job)
            job->reset();
        if (isTaken)
            continue;
        ++refused;
        QVERIFY2(bytes() == before,
            ("seed " + QByteArray::number(seed) + " case " + QByteArray::number(i)).constData());
    }
    QVERIFY(refused > 30);
}

QTEST_GUILESS_MAIN(TestRefusedFiles)
#include "tst_refusedfiles.moc"
