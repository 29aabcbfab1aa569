#include "tests/support/syncrig/syncrig.h"

#include "core/storage/people.h"
#include "core/storage/tickets.h"

namespace tierline::test {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

template<typename T>
T must(Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(result.error().detail));
    return std::move(*result);
}

QString memoryFolder()
{
    const QString shared = u"/dev/shm"_s;
    const bool isThere = QFileInfo(shared).isDir() && QFileInfo(shared).isWritable();
    return (isThere ? shared : QDir::tempPath()) + u"/tierline-sync-XXXXXX"_s;
}

} // namespace

SyncStore::SyncStore(FakeClock &clock, Weight weight)
    : m_clock(clock)
    , m_weight(weight)
{
}

/// Makes a workspace of three agents in `folder`.
static void makeWorkspace(const QString &folder, const Clock &clock)
{
    const auto store = must(storage::Store::create(storage::Workspace(folder), clock));
    must(store->write(
        storage::Durability::Background, [](storage::WriteScope &scope) -> Result<Done> {
            const QString technical = u"Technical"_s;
            for (const Agent &agent : { Agent { .id = u"mia"_s,
                                                .name = u"Mia Own"_s,
                                                .homeTier = u"L1"_s,
                                                .role = Role::Lead },
                     Agent { .id = u"ben"_s,
                             .name = u"Ben Colleague"_s,
                             .homeTier = u"L2"_s,
                             .teams = { technical },
                             .role = Role::Specialist },
                     Agent { .id = u"lea"_s,
                             .name = u"Lea Colleague"_s,
                             .homeTier = u"L3"_s,
                             .role = Role::Agent } })
                TIERLINE_CHECK(storage::saveAgent(scope, agent));
            return Done {};
        }));
}

/// Made once a program and copied from then on: a new schema takes longer than a run.
static const QTemporaryDir &preparedWorkspace(const Clock &clock)
{
    static const std::unique_ptr<QTemporaryDir> prepared = [&clock] {
        auto folder = std::make_unique<QTemporaryDir>(memoryFolder());
        makeWorkspace(folder->filePath(u"desk"_s), clock);
        return folder;
    }();
    return *prepared;
}

void SyncStore::create()
{
    const QDir prepared(preparedWorkspace(m_clock).filePath(u"desk"_s));
    m_store.reset();
    m_folder = std::make_unique<QTemporaryDir>(memoryFolder());
    m_accounts = 0;
    const storage::Workspace workspace(m_folder->filePath(u"desk"_s));
    QDir().mkpath(workspace.folder());
    QFile::setPermissions(
        workspace.folder(), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    const QStringList names = prepared.entryList(QDir::Files | QDir::Hidden);
    for (const QString &name : names) {
        if (!QFile::copy(prepared.filePath(name), workspace.folder() + u'/' + name))
            qFatal("%s cannot be copied.", qPrintable(name));
    }
    m_store = must(storage::Store::open(workspace, m_clock));
    lighten();
}

/// Nobody else opens these files, and no power fails: no locks between processes, and a journal that costs
/// no writing. What the engine asks of the store is the same.
void SyncStore::lighten()
{
    if (m_weight == Weight::Light)
        must(connection().execute("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY"));
}

void SyncStore::reopen()
{
    const storage::Workspace workspace = m_store->workspace();
    m_store.reset();
    m_store = must(storage::Store::open(workspace, m_clock));
    lighten();
}

void KillingGate::write(storage::Durability, Work work, std::function<void(Result<Done>)> done)
{
    ++writes;
    const bool isLast = writes == killAt;
    if (isLast && !isCommitted) {
        kill();
        return;
    }
    // No power fails in these runs: nothing waits for a disk.
    auto written = m_store.store().write(
        storage::Durability::Background, [&](storage::WriteScope &scope) -> Result<Done> {
            if (isFull)
                return storageError(u"The disk is full."_s);
            return work(scope);
        });
    if (isLast)
        kill();
    else
        done(std::move(written));
}

SyncSide::SyncSide(SyncStore &store, FakeDesk &desk, const SideOptions &options)
    : m_store(store)
    , m_desk(desk)
    , m_options(options)
    , m_account(store.nextAccount())
    , m_random(options.seed * 2 + options.user.toULongLong())
    , m_gate(store)
{
    m_gate.kill = [this] { m_desk.loop().after(0ms, [this] { kill(); }); };
    m_options.connector.user = options.user;
    const connectors::RemoteUser me = desk.user(options.user);
    storage::Account account { .name = m_account,
        .type = u"fake"_s,
        .url = u"https://desk.example"_s,
        .places
        = { { u"L1 Frontline"_s, u"L1"_s, {} }, { u"L2 Technical"_s, u"L2"_s, u"Technical"_s },
            { u"L2 Billing"_s, u"L2"_s, u"Billing"_s },
            { u"L3 Engineering"_s, u"L3"_s, u"Engineering"_s } },
        .me = { { u"id"_s, me.id }, { u"name"_s, me.name }, { u"email"_s, me.email } },
        .clockOffset = options.knownOffset,
        .created = desk.loop().clock().now() };
    const QMap<QString, QString> agents { { u"7"_s, u"mia"_s }, { u"8"_s, u"ben"_s },
        { u"9"_s, u"lea"_s } };
    must(store.store().write(
        storage::Durability::Background, [&](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_CHECK(storage::addAccount(scope, account));
            for (auto one = agents.begin(); one != agents.end(); ++one) {
                TIERLINE_CHECK(storage::saveAccountUser(scope, m_account,
                    { .remote = one.key(),
                        .name = desk.user(one.key()).name,
                        .isAgent = true,
                        .agent = one.value() }));
            }
            return Done {};
        }));
}

SyncSide::~SyncSide()
{
    kill();
    must(m_store.store().write(
        storage::Durability::Background, [&](storage::WriteScope &scope) -> Result<Done> {
            return storage::removeAccount(scope, m_account, true);
        }));
}

commands::Context SyncSide::as(const QString &agent)
{
    const Agent actor = must(storage::findAgent(connection(), agent));
    return { .store = m_store.store(),
        .random = m_random,
        .actor = actor,
        .visibility = visibilityOf(actor, must(storage::loadTeams(connection()))),
        .now = m_desk.loop().clock().now(),
        .durability = storage::Durability::Background };
}

QMap<QString, storage::OutboxEntry> SyncSide::waiting()
{
    QMap<QString, storage::OutboxEntry> waiting;
    for (storage::OutboxEntry &entry : must(storage::loadOutbox(connection()))) {
        if (entry.account == m_account)
            waiting.insert(entry.id, std::move(entry));
    }
    return waiting;
}

QStringList SyncSide::waitingIds()
{
    auto rows = must(connection().prepare("SELECT id FROM outbox WHERE account = ?1"));
    rows.bind(1, m_account);
    QStringList ids;
    while (must(rows.step()))
        ids.append(rows.text(0));
    return ids;
}

// Remembers what a command queued, and forgets what it took back.
void SyncSide::note(const QStringList &before)
{
    const QStringList after = waitingIds();
    for (const QString &id : before) {
        if (after.contains(id))
            continue;
        m_queued.remove(id);
        m_expected.removeIf([&](const Expected &one) { return one.operation == id; });
    }
    for (const QString &id : after) {
        if (before.contains(id))
            continue;
        const storage::OutboxEntry entry = *must(storage::findOperation(connection(), id));
        m_queued.insert(entry.id, entry);
        const QString ticket = entry.body.value("ticket"_L1).toString().section(u':', 1);
        const QString words = entry.body.value("note"_L1).toString().trimmed();
        if (!words.isEmpty())
            m_expected.append(
                { entry.id, ticket, { MessageKind::InternalNote, words, entry.id }, true });
        for (const QJsonValue &value : entry.body.value("messages"_L1).toArray()) {
            const auto kind = fromCode<MessageKind>(value["kind"_L1].toString());
            QString text = value["text"_L1].toString();
            if (kind == MessageKind::InternalNote)
                text = text.trimmed();
            m_expected.append({ entry.id, ticket, { kind.value(), text, entry.id } });
        }
    }
}

QStringList SyncSide::operations() const
{
    return m_queued.keys();
}

void SyncSide::start(sync::RoundOptions options)
{
    m_round.reset();
    if (!m_connector && m_options.makeConnector) {
        m_connector = m_options.makeConnector(m_options.seed + quint64(m_programs++));
    } else if (!m_connector) {
        FakeConnectorOptions connector = m_options.connector;
        connector.seed = m_options.seed + quint64(m_programs++);
        m_connector = std::make_unique<FakeConnector>(m_desk, connector);
    }
    m_round = std::make_unique<sync::Round>(
        m_account, *m_connector, m_gate, m_desk.loop().clock(), m_random, options);
    m_round->start([this](const sync::RoundSummary &summary) {
        m_last = summary;
        ++m_ended;
        // Not from inside its own call.
        m_desk.loop().after(0ms, [this, ended = m_ended] {
            if (ended == m_ended)
                m_round.reset();
        });
    });
}

void SyncSide::kill()
{
    m_round.reset();
    m_connector.reset();
    m_gate.killAt = 0;
}

void SyncSide::signIn()
{
    if (m_options.makeConnector && !m_round)
        m_connector.reset(); // a way that was shut is made anew
    must(m_store.store().write(
        storage::Durability::Background, [&](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_TRY(account, storage::findAccount(scope.connection(), m_account));
            if (!account.needsSignIn)
                return Done {};
            account.needsSignIn = false;
            return storage::saveAccount(scope, account);
        }));
}

sync::RoundSummary SyncSide::syncOnce(sync::RoundOptions options)
{
    start(options);
    m_desk.loop().runUntil([this] { return !m_round; });
    return m_last;
}

std::vector<storage::Conflict> SyncSide::conflicts()
{
    auto all = must(storage::loadConflicts(connection()));
    std::erase_if(all, [&](const auto &one) { return one.account != m_account; });
    return all;
}

TicketId SyncSide::idOf(const QString &ticket)
{
    const auto row = must(storage::findRemote(connection(), m_account, ticket));
    return row ? row->ticket : TicketId {};
}

TicketState SyncSide::state(const QString &ticket)
{
    return must(storage::loadTicket(connection(), idOf(ticket)));
}

void SyncRig::settle()
{
    desk.settle();
    desk.beHonest();
    loop.runFor(61s);
    if (!settleAll(loop, desk, { &local }))
        qFatal("It does not settle.");
}

bool settleAll(SimLoop &loop, FakeDesk &, const std::vector<SyncSide *> &sides, int wanted)
{
    int quiet = 0;
    for (int round = 0; round < 200; ++round) {
        bool isQuiet = true;
        for (SyncSide *side : sides) {
            const auto summary = side->syncOnce();
            isQuiet = isQuiet && !summary.error && summary.tickets == 0 && summary.pushed == 0
                && side->isSettled();
        }
        quiet = isQuiet ? quiet + 1 : 0;
        if (quiet >= wanted)
            return true;
        loop.runFor(round < 20 ? 10s : 120s);
    }
    return false;
}

} // namespace tierline::test
