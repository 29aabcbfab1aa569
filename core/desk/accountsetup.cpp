#include "core/desk/accountsetup.h"

#include "core/desk/remotelink.h"
#include "core/net/authorities.h"
#include "core/net/baseurl.h"
#include "core/storage/outbox.h"
#include "core/storage/remotes.h"

#include <QFile>

namespace tierline::desk {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestSecret = 8 * 1024;
constexpr qint64 longestAuthority = 300 * 1024; ///< net::readAuthorities() takes less

Error inField(Error error, const QString &field)
{
    error.where = field;
    return error;
}

Result<QList<AccountState>> loadStates(storage::Connection &connection)
{
    TIERLINE_TRY(accounts, storage::loadAccounts(connection));
    TIERLINE_TRY(outbox, storage::loadOutbox(connection));
    TIERLINE_TRY(conflicts, storage::loadConflicts(connection));
    QList<AccountState> states;
    for (const storage::Account &account : accounts) {
        AccountState state { .account = account };
        for (const storage::OutboxEntry &entry : outbox) {
            if (entry.account != account.name)
                continue;
            ++state.waiting;
            state.refused += entry.state == storage::OutboxState::Refused;
        }
        for (const storage::Conflict &conflict : conflicts)
            state.conflicts += conflict.account == account.name;
        states.append(state);
    }
    return states;
}

/// Checks who may, then writes account and probe in one transaction.
Result<Done> write(storage::Store &store, const Desk &desk, const AccountTest &tested, bool isNew)
{
    const storage::Account &given = tested.account;
    if (isNew)
        TIERLINE_CHECK(desk.mayChange());
    return store.write(
        storage::Durability::Person, [&](storage::WriteScope &scope) -> Result<Done> {
            if (isNew) {
                TIERLINE_CHECK(storage::addAccount(scope, given));
                return tested.isUntested ? Done {} : saveProbe(scope, given, tested.probe);
            }
            // Cursor, clock and last sync stay as the rounds left them.
            TIERLINE_TRY(held, storage::findAccount(scope.connection(), given.name));
            storage::Account changed = held;
            changed.url = given.url;
            changed.user = given.user;
            changed.options = given.options;
            changed.places = given.places;
            if (changed != held) {
                TIERLINE_CHECK(desk.mayChange());
                TIERLINE_CHECK(storage::saveAccount(scope, changed));
            }
            return tested.isUntested ? Done {} : saveProbe(scope, changed, tested.probe);
        });
}

Authority authorityIn(const QString &pem)
{
    Authority authority { .pem = pem };
    if (const auto all = net::readAuthorities(pem.toUtf8())) {
        for (const auto &one : *all)
            authority.names.append(net::authorityName(one));
    }
    return authority;
}

/// A file as a person chose it; small, or none of ours.
Result<Authority> readAuthorityFile(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return badInput(u"%1 cannot be read: %2."_s.arg(path, file.errorString()), u"authority"_s);
    const QByteArray pem = file.read(longestAuthority);
    TIERLINE_CHECK(net::readAuthorities(pem));
    return authorityIn(QString::fromUtf8(pem));
}

} // namespace

/// The connectors of the tests under way, on a thread of their own.
class AccountSetup::Prober : public QObject
{
public:
    Prober(AccountSetup &owner, const connectors::Registry &registry, const Clock &clock)
        : m_owner(owner)
        , m_registry(registry)
        , m_clock(clock)
    {
    }

    void begin(quint64 id, const storage::Account &account, const Secret &secret)
    {
        auto link = RemoteLink::open(account, secret, m_registry, m_clock, m_random);
        if (!link)
            return tell(id, link.error());
        auto [at, isNew] = m_links.emplace(id, std::move(*link));
        at->second->connector().probe([this, id](Result<connectors::Probe> probe) {
            tell(id, std::move(probe));
            // Not from inside its own answer.
            QMetaObject::invokeMethod(
                this, [this, id] { end(id); }, Qt::QueuedConnection);
        });
    }
    void end(quint64 id) { m_links.erase(id); }

private:
    void tell(quint64 id, Result<connectors::Probe> probe)
    {
        // The owner joins this thread before it goes.
        QMetaObject::invokeMethod(
            &m_owner,
            [owner = &m_owner, id, probe = std::move(probe)] { owner->probed(id, probe); },
            Qt::QueuedConnection);
    }

    AccountSetup &m_owner;
    const connectors::Registry &m_registry;
    const Clock &m_clock;
    SystemRandom m_random;
    std::map<quint64, std::unique_ptr<RemoteLink>> m_links;
};

class AccountSetup::Task final : public AccountTask
{
public:
    Task(AccountSetup &owner, quint64 task)
        : id(task)
        , m_owner(&owner)
    {
        owner.m_tasks.insert(id, this);
    }
    ~Task() override
    {
        if (m_owner)
            m_owner->drop(id);
    }

    const quint64 id;
    AccountTest test; ///< what is tried
    AccountAnswer<AccountTest> tested; ///< one of the three
    AccountAnswer<SavedAccount> saved;
    AccountAnswer<Authority> read;

private:
    QPointer<AccountSetup> m_owner;
};

AccountSetup::AccountSetup(Session &session, SecretStore &secrets, connectors::Registry registry)
    : QObject(&session)
    , m_session(session)
    , m_secrets(secrets)
    , m_registry(std::move(registry))
    , m_prober(new Prober(*this, m_registry, session.clock()))
{
    m_thread.setObjectName(u"accounts"_s);
    m_prober->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_prober, &QObject::deleteLater);
    m_thread.start();
}

AccountSetup::~AccountSetup()
{
    m_thread.quit();
    m_thread.wait();
}

AccountSetup *AccountSetup::of(Session &session)
{
    return session.findChild<AccountSetup *>(QString(), Qt::FindDirectChildrenOnly);
}

QList<HelpdeskKind> AccountSetup::kinds() const
{
    QList<HelpdeskKind> all;
    for (const auto &[type, kind] : m_registry.kinds())
        all.append({ type, kind.name, kind.secretName, kind.secretHint, kind.needsUser });
    return all;
}

QString AccountSetup::kindName(const QString &type) const
{
    const connectors::Kind *kind = m_registry.find(type);
    return kind ? kind->name : type;
}

QFuture<Result<QList<AccountState>>> AccountSetup::list()
{
    return m_session
        .read([](storage::Connection &connection, const Visibility &) {
            return loadStates(connection);
        })
        .then(this, [this](Result<QList<AccountState>> states) {
            if (states) {
                for (AccountState &state : *states)
                    state.kind = kindName(state.account.type);
            }
            return states;
        });
}

Result<Done> AccountSetup::check(const AccountForm &form, bool isNew) const
{
    const connectors::Kind *kind = m_registry.find(form.type);
    if (!kind)
        return badInput(u"Choose which helpdesk it is."_s, u"kind"_s);
    if (form.name.isEmpty())
        return badInput(
            u"Give the account a short name; it stands before its tickets' numbers."_s, u"name"_s);
    TIERLINE_CHECK(storage::checkAccountName(form.name));
    if (const auto base = net::BaseUrl::parse(form.url); !base)
        return inField(base.error(), u"url"_s);
    if (kind->needsUser && form.user.trimmed().isEmpty())
        return badInput(u"Name the user who signs in."_s, u"user"_s);
    const QByteArrayView secret = form.secret.expose();
    if (isNew && secret.isEmpty())
        return badInput(
            u"The sign-in to %1 is missing: enter %2."_s.arg(kind->name, kind->secretName),
            u"secret"_s);
    const bool hasControl = std::any_of(secret.begin(), secret.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (hasControl || secret.size() > longestSecret)
        return badInput(
            u"What signs in is one line of at most 8 KiB, without control characters; copy it again."_s,
            u"secret"_s);
    if (const auto read = net::readAuthorities(form.authority.toUtf8()); !read)
        return read.error();
    return Done {};
}

storage::Account AccountSetup::accountOf(const AccountForm &form) const
{
    storage::Account account { .name = form.name,
        .type = form.type,
        .url = form.url.trimmed(),
        .user = form.user.trimmed(),
        .created = m_session.clock().now() };
    if (!form.authority.isEmpty())
        account.options.insert(AuthorityOption, form.authority);
    return account;
}

std::unique_ptr<AccountTask> AccountSetup::test(
    const AccountForm &form, bool isNew, AccountAnswer<AccountTest> done)
{
    auto task = std::make_unique<Task>(*this, ++m_next);
    const quint64 id = task->id;
    task->tested = std::move(done);
    task->test = untested(form);
    task->test.isUntested = false;
    if (const auto checked = check(form, isNew); !checked) {
        QMetaObject::invokeMethod(
            this, [this, id, error = checked.error()] { refuse(id, error); }, Qt::QueuedConnection);
    } else if (!form.secret.isEmpty()) {
        probe(id, form.secret);
    } else {
        m_asking[id] = m_secrets.read(secretKeyOf(form.name), [this, id](SecretReply reply) {
            const auto ended = takeAsking(id);
            if (!reply.ok())
                return refuse(id, inField(reply.error(), u"secret"_s));
            probe(id, *reply.secret);
        });
    }
    return task;
}

void AccountSetup::probe(quint64 id, const Secret &secret)
{
    const Task *task = m_tasks.value(id);
    if (!task)
        return;
    QMetaObject::invokeMethod(
        m_prober,
        [prober = m_prober, id, account = task->test.account, secret] {
            prober->begin(id, account, secret);
        },
        Qt::QueuedConnection);
}

void AccountSetup::probed(quint64 id, const Result<connectors::Probe> &probe)
{
    if (!probe)
        return refuse(id, probe.error());
    Task *task = m_tasks.take(id);
    if (!task)
        return;
    AccountTest found = task->test;
    found.probe = *probe;
    // Taken out first: the handler may destroy the task.
    const auto answer = std::exchange(task->tested, nullptr);
    answer(std::move(found));
}

void AccountSetup::refuse(quint64 id, const Error &error)
{
    Task *task = m_tasks.take(id);
    if (!task)
        return;
    if (const auto tested = std::exchange(task->tested, nullptr))
        return tested(error);
    if (const auto read = std::exchange(task->read, nullptr))
        return read(error);
    if (const auto saved = std::exchange(task->saved, nullptr))
        saved(error);
}

/// A question to the keychain that has its answer; it must outlive its own handler.
std::unique_ptr<SecretCall> AccountSetup::takeAsking(quint64 id)
{
    const auto found = m_asking.find(id);
    if (found == m_asking.end())
        return nullptr;
    auto call = std::move(found->second);
    m_asking.erase(found);
    return call;
}

void AccountSetup::drop(quint64 id)
{
    const Task *task = m_tasks.take(id);
    if (!task || !task->tested)
        return; // a secret that is being kept is kept to its end
    m_asking.erase(id);
    QMetaObject::invokeMethod(
        m_prober, [prober = m_prober, id] { prober->end(id); }, Qt::QueuedConnection);
}

AccountTest AccountSetup::untested(const AccountForm &form) const
{
    AccountTest none { .account = accountOf(form), .isUntested = true };
    if (const auto base = net::BaseUrl::parse(form.url))
        none.isPlain = base->isPlainLoopback();
    return none;
}

std::unique_ptr<AccountTask> AccountSetup::readAuthority(
    const QString &file, AccountAnswer<Authority> done)
{
    auto task = std::make_unique<Task>(*this, ++m_next);
    const quint64 id = task->id;
    task->read = std::move(done);
    QMetaObject::invokeMethod(
        m_prober,
        [this, id, file] {
            const auto read = readAuthorityFile(file);
            // This object joins that thread before it goes.
            QMetaObject::invokeMethod(
                this, [this, id, read] { authorityRead(id, read); }, Qt::QueuedConnection);
        },
        Qt::QueuedConnection);
    return task;
}

void AccountSetup::authorityRead(quint64 id, const Result<Authority> &authority)
{
    if (!authority)
        return refuse(id, authority.error());
    if (Task *task = m_tasks.take(id)) {
        const auto answer = std::exchange(task->read, nullptr);
        answer(*authority);
    }
}

Authority AccountSetup::authorityOf(const storage::Account &account)
{
    return authorityIn(account.options.value(AuthorityOption).toString());
}

std::unique_ptr<AccountTask> AccountSetup::save(const AccountForm &form, const AccountTest &tested,
    const QList<storage::PlaceMapping> &places, bool isNew, AccountAnswer<SavedAccount> done)
{
    auto task = std::make_unique<Task>(*this, ++m_next);
    const quint64 id = task->id;
    task->saved = std::move(done);
    AccountTest given = tested;
    given.account.places = places;
    given.account.places.removeIf(
        [](const storage::PlaceMapping &row) { return row.tier.isEmpty(); });
    m_session
        .onStore([given, isNew, random = &m_session.random(), me = m_session.people().me.id](
                     storage::Store &store) -> Result<Done> {
            TIERLINE_TRY(desk, Desk::open(store, *random, me));
            return write(store, desk, given, isNew);
        })
        .then(&m_session,
            [self = QPointer(this), id, name = form.name, secret = form.secret](
                const Result<Done> &result) {
                if (self)
                    self->stored(id, name, secret, result);
            });
    return task;
}

void AccountSetup::stored(
    quint64 id, const QString &account, const Secret &secret, const Result<Done> &done)
{
    if (!done)
        return refuse(id, done.error());
    const auto tell = [this, id](const SavedAccount &saved) {
        Task *task = m_tasks.take(id);
        if (!task)
            return;
        const auto answer = std::exchange(task->saved, nullptr);
        answer(saved);
    };
    emit changed();
    if (secret.isEmpty())
        return tell({});
    m_asking[id]
        = m_secrets.write(secretKeyOf(account), secret, [this, id, tell](const SecretReply &reply) {
              const auto ended = takeAsking(id);
              tell({ .isForThisRunOnly = !reply.ok() || reply.isForThisRunOnly,
                  .detail = reply.detail });
          });
    emit secretChanged(account);
}

QFuture<Result<Done>> AccountSetup::remove(const QString &name, bool evenIfPending)
{
    return m_session
        .onDesk(
            [name, evenIfPending](Desk &desk) { return desk.removeAccount(name, evenIfPending); })
        .then(this, [this, name](Result<Done> done) {
            if (!done)
                return done;
            const quint64 id = ++m_next;
            m_asking[id] = m_secrets.remove(
                secretKeyOf(name), [this, id](const SecretReply &) { takeAsking(id); });
            emit changed();
            return done;
        });
}

namespace {

bool hasWord(const QString &text, const QString &word)
{
    if (word.trimmed().isEmpty())
        return false;
    for (qsizetype at = text.indexOf(word, 0, Qt::CaseInsensitive); at >= 0;
         at = text.indexOf(word, at + 1, Qt::CaseInsensitive)) {
        const qsizetype after = at + word.size();
        const bool begins = at == 0 || !text[at - 1].isLetterOrNumber();
        const bool ends = after == text.size() || !text[after].isLetterOrNumber();
        if (begins && ends)
            return true;
    }
    return false;
}

storage::PlaceMapping suggestion(
    const QString &place, const QList<Tier> &tiers, const QList<Team> &teams)
{
    storage::PlaceMapping row { .place = place };
    for (const Tier &tier : tiers) {
        if (hasWord(place, tier.id) || hasWord(place, tier.name))
            row.tier = tier.id;
    }
    const Team *best = nullptr;
    for (const Team &team : teams) {
        const bool isAtTier = row.tier.isEmpty() || row.tier == team.tier;
        if (isAtTier && hasWord(place, team.name)
            && (!best || team.name.size() > best->name.size()))
            best = &team;
    }
    if (best) {
        row.tier = best->tier;
        row.team = best->name;
    }
    return row;
}

} // namespace

QList<storage::PlaceMapping> suggestPlaces(const QStringList &places, const QList<Tier> &tiers,
    const QList<Team> &teams, const QList<storage::PlaceMapping> &known)
{
    QList<storage::PlaceMapping> rows;
    for (const QString &place : places) {
        const auto held = std::ranges::find_if(known, [&](const storage::PlaceMapping &row) {
            return row.place.compare(place, Qt::CaseInsensitive) == 0;
        });
        rows.append(held != known.end() ? *held : suggestion(place, tiers, teams));
    }
    return rows;
}

} // namespace tierline::desk
