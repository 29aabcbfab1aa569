#include "widgets/docks/outbox/outboxdock.h"

#include "core/desk/syncservice.h"
#include "widgets/common/emptystate.h"
#include "widgets/common/messagebox.h"
#include "widgets/common/plainlabel.h"
#include "widgets/docks/api/dockregistry.h"
#include "widgets/docks/api/syncwords.h"

#include <QPushButton>
#include <QTimeZone>

namespace tierline::ui {

using namespace Qt::StringLiterals;
using desk::WaitingChange;

OutboxDock::OutboxDock(Workbench &workbench, TimeWords words, QWidget *parent)
    : ListDock(tr("Outbox"), parent)
    , m_workbench(workbench)
    , m_words(std::move(words))
    , m_open(addAction(u"outboxOpen"_s, tr("Open"), {}, true))
    , m_retry(addAction(u"outboxRetry"_s, tr("Retry"), QKeySequence(Qt::Key_F5)))
    , m_drop(addAction(u"outboxDrop"_s, tr("Drop…"), QKeySequence::Delete))
{
    view().setObjectName(u"outboxList"_s);
    m_open->setAccessibleName(tr("Open the ticket"));
    const auto open = [this] {
        if (const WaitingChange *change = current())
            m_workbench.open(change->ticket);
    };
    connect(m_open, &QPushButton::clicked, this, open);
    connect(this, &ListDock::activated, this, open);
    connect(this, &ListDock::chosen, this, &OutboxDock::showActions);
    connect(m_retry, &QPushButton::clicked, this, &OutboxDock::retry);
    connect(m_drop, &QPushButton::clicked, this, &OutboxDock::drop);
    connect(&empty(), &EmptyState::actionRequested, this,
        [this] { emit m_workbench.dialogWanted(u"connect"_s); });

    m_gather.setSingleShot(true);
    m_gather.setInterval(150);
    connect(&m_gather, &QTimer::timeout, this, &OutboxDock::load);
    desk::Session &session = m_workbench.session();
    connect(&session, &desk::Session::ticketsChanged, this, [this] {
        if (!m_gather.isActive())
            m_gather.start();
    });
    connect(&session.sync(), &desk::SyncService::changed, this, &OutboxDock::refresh);
    // "next try in 12 s" counts down.
    connect(&m_tick, &QTimer::timeout, this, [this] {
        if (isVisible() && !m_changes.isEmpty())
            refresh();
    });
    m_tick.start(1000);
    refresh();
    load();
}

void OutboxDock::load()
{
    if (std::exchange(m_isLoading, true)) {
        m_loadsAgain = true;
        return;
    }
    m_workbench.session()
        .read([](storage::Connection &connection, const Visibility &visibility) {
            return desk::loadWaiting(connection, visibility);
        })
        .then(this, [this](const Result<QList<WaitingChange>> &changes) {
            m_isLoading = false;
            if (changes) {
                m_changes = *changes;
                refresh();
            } else {
                m_workbench.report(changes.error());
            }
            if (std::exchange(m_loadsAgain, false))
                load();
        });
}

ListEntry OutboxDock::entryOf(const WaitingChange &change) const
{
    const Instant now = m_workbench.clock().now();
    const auto why
        = SyncWords::why(change, m_workbench.session().sync().account(change.account), now);
    ListEntry entry {
        .id = change.id,
        .title = SyncWords::change(change) + u" · "_s + oneLine(change.key, 60),
        .aside = m_words.stamp(change.created, now),
        .tip
        = tr("%1, by %2").arg(m_words.exact(change.created), m_workbench.people().nameOf(change.by))
    };
    entry.lines.append({ oneLine(change.subject, 160), Token::Text });
    if (!change.text.isEmpty())
        entry.lines.append({ tr("“%1”").arg(oneLine(change.text, 120)), Token::Muted });
    QString more = why.text;
    if (change.attempts > 1)
        more += u' ' + tr("(tried %1 times)").arg(change.attempts);
    entry.lines.append({ more, syncToken(why.tone) });
    return entry;
}

void OutboxDock::refresh()
{
    const bool hasAccount = !m_workbench.session().sync().accounts().isEmpty();
    empty().set(Icon::Send,
        hasAccount
            ? tr("Nothing waits to be sent: the helpdesk has heard of everything.")
            : tr("Nothing waits to be sent. With a helpdesk connected, this lists what it has "
                 "not heard of yet."),
        hasAccount ? QString() : tr("Connect a helpdesk…"));
    QList<ListEntry> entries;
    for (const WaitingChange &change : std::as_const(m_changes))
        entries.append(entryOf(change));
    setEntries(
        entries, m_changes.size() == 1 ? tr("1 change") : tr("%1 changes").arg(m_changes.size()));
    showActions();
}

const WaitingChange *OutboxDock::current() const
{
    const auto found = std::ranges::find(m_changes, currentId(), &WaitingChange::id);
    return found == m_changes.end() ? nullptr : &*found;
}

void OutboxDock::showActions()
{
    const WaitingChange *change = current();
    m_open->setEnabled(change);
    m_retry->setEnabled(change && change->canRetry());
    m_drop->setEnabled(change && change->canDrop());
}

void OutboxDock::retry()
{
    const WaitingChange *change = current();
    if (!change)
        return;
    const QString account = change->account;
    m_workbench.session()
        .onDesk([id = change->id](desk::Desk &desk) { return desk.retryOperation(id); })
        .then(this, [this, account](const Result<Done> &done) {
            if (!done)
                return m_workbench.report(done.error());
            m_workbench.session().sync().syncNow(account);
            load();
        });
}

/// First what it loses is read, then it is asked, and only then done.
void OutboxDock::drop()
{
    const WaitingChange *change = current();
    if (!change)
        return;
    m_workbench.session()
        .read([id = change->id](storage::Connection &connection, const Visibility &visibility) {
            return desk::loadDropEffect(connection, visibility, id);
        })
        .then(this, [this, change = *change](const Result<desk::DropEffect> &effect) {
            if (effect)
                return askDrop(change, *effect);
            m_workbench.report(effect.error());
            load();
        });
}

void OutboxDock::askDrop(const WaitingChange &change, const desk::DropEffect &effect)
{
    MessageBox::ask(window(),
        { .title = tr("Drop: %1").arg(SyncWords::change(change)),
            .text = SyncWords::dropping(effect),
            .detail = oneLine(effect.key + u" · "_s + effect.subject),
            .action = tr("Drop"),
            .isDestructive = true },
        this, [this, id = change.id, key = change.key](bool isAgreed) {
            if (!isAgreed)
                return;
            m_workbench.session()
                .onDesk([id](desk::Desk &desk) { return desk.dropOperation(id); })
                .then(this, [this, key](const Result<Done> &done) {
                    if (!done)
                        return m_workbench.report(done.error());
                    emit m_workbench.said(tr("%1: dropped.").arg(oneLine(key, 60)), {});
                    load();
                });
        });
}

/// Found by the build through the folder's name.
void registeroutbox(DockRegistry &registry, Workbench &)
{
    registry.add({ .id = u"outbox"_s,
        .title = OutboxDock::tr("Outbox"),
        .place = DockPlace::Side,
        .shortcut = QKeySequence(u"G, O"_s),
        .order = 2,
        .make = [](Workbench &bench, QWidget *parent) -> QWidget * {
            return new OutboxDock(bench, { QTimeZone::systemTimeZone(), QLocale() }, parent);
        } });
}

} // namespace tierline::ui
