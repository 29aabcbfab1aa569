#include "widgets/docks/conflicts/conflictsdock.h"

#include "core/desk/syncservice.h"
#include "widgets/common/emptystate.h"
#include "widgets/common/plainlabel.h"
#include "widgets/docks/api/dockregistry.h"
#include "widgets/docks/api/syncwords.h"

#include <QPushButton>
#include <QTimeZone>

namespace tierline::ui {

using namespace Qt::StringLiterals;
using desk::Disagreement;

ConflictsDock::ConflictsDock(Workbench &workbench, TimeWords words, QWidget *parent)
    : ListDock(tr("Conflicts"), parent)
    , m_workbench(workbench)
    , m_words(std::move(words))
    , m_ours(addAction(u"conflictOurs"_s, tr("Ours"), QKeySequence(u"1"_s), true))
    , m_theirs(addAction(u"conflictTheirs"_s, tr("Theirs"), QKeySequence(u"2"_s), true))
    , m_open(addAction(u"conflictOpen"_s, tr("Open"), {}))
{
    view().setObjectName(u"conflictList"_s);
    m_open->setAccessibleName(tr("Open the ticket"));
    m_ours->setAccessibleName(tr("Keep ours"));
    m_theirs->setAccessibleName(tr("Take theirs"));
    setPlainToolTip(m_ours, tr("Keep ours: it is sent over theirs"));
    setPlainToolTip(m_theirs, tr("Take theirs: ours is given up; the log keeps both"));
    const auto open = [this] {
        if (const Disagreement *one = current())
            m_workbench.open(one->ticket);
    };
    connect(m_open, &QPushButton::clicked, this, open);
    connect(this, &ListDock::activated, this, open);
    connect(m_ours, &QPushButton::clicked, this, [this] { decide(sync::Side::Local); });
    connect(m_theirs, &QPushButton::clicked, this, [this] { decide(sync::Side::Remote); });
    m_gather.setSingleShot(true);
    m_gather.setInterval(150);
    connect(&m_gather, &QTimer::timeout, this, &ConflictsDock::load);
    connect(&m_workbench.session(), &desk::Session::ticketsChanged, this, [this] {
        if (!m_gather.isActive())
            m_gather.start();
    });
    // A conflict is made and closed by rounds as well, and every round ends with news of its account.
    connect(&m_workbench.session().sync(), &desk::SyncService::changed, this, [this] {
        if (!m_gather.isActive())
            m_gather.start();
    });
    empty().set(Icon::Conflict,
        tr("No conflicts. When the same field is changed here and at the helpdesk, both values stand "
           "here until you choose."));
    refresh();
    load();
}

void ConflictsDock::load()
{
    if (std::exchange(m_isLoading, true)) {
        m_loadsAgain = true;
        return;
    }
    m_workbench.session()
        .read([](storage::Connection &connection, const Visibility &visibility) {
            return desk::loadDisagreements(connection, visibility);
        })
        .then(this, [this](const Result<QList<Disagreement>> &all) {
            m_isLoading = false;
            if (all) {
                m_all = *all;
                refresh();
            } else {
                m_workbench.report(all.error());
            }
            if (std::exchange(m_loadsAgain, false))
                load();
        });
}

ListEntry ConflictsDock::entryOf(const Disagreement &one) const
{
    const Instant now = m_workbench.clock().now();
    const auto side = [&](const QString &whose, const QString &value, const QString &who,
                          const std::optional<Instant> &when) {
        QStringList by;
        if (!who.isEmpty())
            by.append(oneLine(who, 60));
        if (when && when->ms > 0)
            by.append(m_words.stamp(*when, now));
        const QString line = whose + u": "_s + SyncWords::value(one.field, value);
        return by.isEmpty() ? line : line + u"  ("_s + by.join(u", "_s) + u')';
    };
    return { .id = one.id,
        .title = SyncWords::field(one.field) + u" · "_s + oneLine(one.key, 60),
        .aside = oneLine(one.account, 40),
        .lines = { { oneLine(one.subject, 160), Token::Muted },
            { side(tr("Ours"), one.ours, m_workbench.people().nameOf(one.oursBy), one.oursAt),
                Token::Text },
            { side(tr("Theirs"), one.theirs, one.theirsBy, one.theirsAt), Token::Text },
            { tr("Before: %1").arg(SyncWords::value(one.field, one.base)), Token::Muted } } };
}

void ConflictsDock::refresh()
{
    QList<ListEntry> entries;
    for (const Disagreement &one : std::as_const(m_all))
        entries.append(entryOf(one));
    setEntries(
        entries, m_all.size() == 1 ? tr("1 conflict") : tr("%1 conflicts").arg(m_all.size()));
    for (QPushButton *button : { m_ours, m_theirs, m_open })
        button->setEnabled(!m_all.isEmpty());
}

const Disagreement *ConflictsDock::current() const
{
    const auto found = std::ranges::find(m_all, currentId(), &Disagreement::id);
    return found == m_all.end() ? nullptr : &*found;
}

void ConflictsDock::decide(sync::Side side)
{
    const Disagreement *one = current();
    if (!one)
        return;
    const QString value
        = SyncWords::value(one->field, side == sync::Side::Local ? one->ours : one->theirs);
    const QString sentence
        = tr("%1 of %2 is “%3”.").arg(SyncWords::field(one->field), oneLine(one->key, 60), value);
    m_workbench.session()
        .onDesk([id = one->id, side](desk::Desk &desk) { return desk.resolveConflict(id, side); })
        .then(this, [this, sentence, account = one->account](const Result<Done> &done) {
            if (!done)
                return m_workbench.report(done.error());
            emit m_workbench.said(sentence, {});
            m_workbench.session().sync().syncNow(account);
            load();
        });
}

/// Found by the build through the folder's name.
void registerconflicts(DockRegistry &registry, Workbench &)
{
    registry.add({ .id = u"conflicts"_s,
        .title = ConflictsDock::tr("Conflicts"),
        .place = DockPlace::Side,
        .shortcut = QKeySequence(u"G, X"_s),
        .order = 3,
        .make = [](Workbench &bench, QWidget *parent) -> QWidget * {
            return new ConflictsDock(bench, { QTimeZone::systemTimeZone(), QLocale() }, parent);
        } });
}

} // namespace tierline::ui
