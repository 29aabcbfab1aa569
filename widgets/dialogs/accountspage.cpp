#include "widgets/dialogs/accountspage.h"

#include "widgets/common/accessible.h"
#include "widgets/common/emptystate.h"
#include "widgets/common/messagebox.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"
#include "widgets/dialogs/dialogs.h"

#include <QGridLayout>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

enum Fact { Kind, Address, Who, Synced, Waiting, Places, FactCount };

QString countText(const desk::AccountState &state)
{
    if (state.waiting == 0 && state.conflicts == 0)
        return AccountsPage::tr("Nothing");
    QStringList parts;
    if (state.waiting > 0)
        parts.append(AccountsPage::tr("Not sent yet: %1").arg(state.waiting));
    if (state.refused > 0)
        parts.append(AccountsPage::tr("refused there: %1").arg(state.refused));
    if (state.conflicts > 0)
        parts.append(AccountsPage::tr("conflicts to decide: %1").arg(state.conflicts));
    return parts.join(u" · "_s);
}

QString placesText(const storage::Account &account)
{
    if (account.places.isEmpty())
        return AccountsPage::tr("None mapped: everything is shown at the lowest tier");
    QStringList rows;
    for (const storage::PlaceMapping &row : account.places.mid(0, 12))
        rows.append(u"%1 → %2"_s.arg(
            row.place, row.team.isEmpty() ? row.tier : row.tier + u' ' + row.team));
    if (account.places.size() > 12)
        rows.append(AccountsPage::tr("and %1 more").arg(account.places.size() - 12));
    return plainLines(rows.join(u'\n'));
}

} // namespace

AccountsPage::AccountsPage(Workbench &workbench, desk::AccountSetup &setup)
    : SettingsPage(workbench)
    , m_setup(setup)
    , m_words { .zone = QTimeZone::systemTimeZone(), .locale = QLocale() }
    , m_list(named(new QListWidget, u"accounts"_s, tr("Accounts")))
    , m_add(named(new QPushButton(tr("Connect a helpdesk…")), u"add"_s, tr("Connect a helpdesk")))
    , m_empty(new EmptyState)
    , m_details(nullptr)
{
    m_details = makeDetails();
    layOutList(m_list, m_add);
    editor()->addWidget(m_empty, 1);
    editor()->addWidget(m_details);
    closeEditor();
    m_empty->hide();
    m_details->hide();
    connect(m_list, &QListWidget::currentRowChanged, this, &AccountsPage::showCurrent);
    connect(m_list, &QListWidget::itemActivated, this, [this] {
        if (m_edit->isEnabled())
            open(u"account:"_s);
    });
    connect(m_add, &QPushButton::clicked, this, [this] { open(u"connect"_s); });
    connect(m_empty, &EmptyState::actionRequested, this, [this] { open(u"connect"_s); });
    connect(&m_setup, &desk::AccountSetup::changed, this, &AccountsPage::readAccounts);
    // Rounds write their end into the account, too.
    connect(
        &workbench.session(), &desk::Session::ticketsChanged, this, &AccountsPage::readAccounts);
    readAccounts();
}

QWidget *AccountsPage::makeDetails()
{
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::Inner);
    m_name = new PlainLabel;
    m_name->setObjectName(u"accountName"_s);
    setTextRole(m_name, TextRole::Strong);
    m_problem = makeProblemLabel(u"accountProblem"_s);
    column->addWidget(m_name);
    column->addWidget(m_problem);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(space::Apart);
    grid->setVerticalSpacing(space::Tight);
    grid->setColumnStretch(1, 1);
    const QStringList titles { tr("Helpdesk"), tr("Address"), tr("Signed in as"), tr("Last sync"),
        tr("Waiting"), tr("Places") };
    for (int i = 0; i < FactCount; ++i) {
        auto *title = new PlainLabel(titles[i]);
        auto *value = new PlainLabel;
        value->setObjectName(u"fact.%1"_s.arg(i));
        value->setWordWrap(true);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        setTextRole(title, TextRole::Muted);
        grid->addWidget(title, i, 0, Qt::AlignTop);
        grid->addWidget(value, i, 1);
        m_facts.append(value);
    }
    column->addLayout(grid);
    m_signIn = named(new QPushButton(tr("Sign in again…")), u"signIn"_s, tr("Sign in again"));
    m_edit = named(new QPushButton(tr("Change…")), u"edit"_s, tr("Change this account"));
    m_remove = named(new QPushButton(tr("Remove…")), u"remove"_s, tr("Remove this account"));
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(space::Tight);
    for (QPushButton *button : { m_signIn, m_edit, m_remove }) {
        button->setAutoDefault(false);
        buttons->addWidget(button);
    }
    buttons->addStretch();
    column->addLayout(buttons);
    connect(m_signIn, &QPushButton::clicked, this, [this] { open(u"signin:"_s); });
    connect(m_edit, &QPushButton::clicked, this, [this] { open(u"account:"_s); });
    connect(m_remove, &QPushButton::clicked, this, &AccountsPage::askRemove);
    return page;
}

void AccountsPage::refresh()
{
    m_add->setEnabled(mayChange());
    readAccounts();
}

void AccountsPage::readAccounts()
{
    if (std::exchange(m_isReading, true)) {
        m_isStale = true;
        return;
    }
    m_isStale = false;
    // The context must outlive the continuation, which a page need not.
    m_setup.list().then(
        &m_setup, [self = QPointer(this)](const Result<QList<desk::AccountState>> &states) {
            if (!self)
                return;
            self->m_isReading = false;
            if (states)
                self->showList(*states);
            else
                self->refuse(states.error());
            if (self->m_isStale)
                self->readAccounts();
        });
}

void AccountsPage::showList(const QList<desk::AccountState> &states)
{
    const desk::AccountState *before = current();
    const QString chosen = before ? before->account.name : QString();
    m_isRead = true;
    m_states = states;
    const QSignalBlocker quiet(m_list);
    m_list->clear();
    for (const desk::AccountState &state : states) {
        const bool isWrong = !state.account.problem.isEmpty() || state.account.needsSignIn;
        auto *item = new QListWidgetItem(
            isWrong ? tr("%1 · problem").arg(state.account.name) : state.account.name, m_list);
        item->setData(Qt::UserRole, state.account.name);
        if (state.account.name == chosen)
            m_list->setCurrentItem(item);
    }
    if (!m_list->currentItem())
        m_list->setCurrentRow(0);
    showCurrent();
}

const desk::AccountState *AccountsPage::current() const
{
    const int row = m_list->currentRow();
    return row >= 0 && row < m_states.size() ? &m_states[row] : nullptr;
}

void AccountsPage::showCurrent()
{
    const desk::AccountState *state = current();
    m_details->setVisible(state != nullptr);
    m_empty->setVisible(state == nullptr && m_isRead);
    if (!state) {
        m_empty->set(Icon::Sync,
            tr("No helpdesk is connected: this workspace has tickets of its own and imported ones."),
            mayChange() ? tr("Connect a helpdesk…") : QString());
        return;
    }
    const storage::Account &account = state->account;
    m_name->setText(account.name);
    QString problem = account.problem;
    if (account.needsSignIn)
        problem = tr("%1 asks for a new sign-in; until then nothing is sent or fetched. %2")
                      .arg(account.name, problem);
    m_problem->setText(plainLines(problem, 600));
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, Theme::of(this)[Token::Breached]);
    m_problem->setPalette(colours);
    m_problem->setVisible(!problem.isEmpty());
    const Instant now = workbench().clock().now();
    const QString name = account.me.value("name"_L1).toString();
    const bool isPlain = account.url.startsWith("http://"_L1, Qt::CaseInsensitive);
    const QString values[FactCount] = { account.product.isEmpty() ? state->kind : account.product,
        isPlain ? tr("%1 (not encrypted, this machine)").arg(account.url) : account.url,
        account.myId().isEmpty()                       ? tr("Not known yet")
            : name.isEmpty() || name == account.myId() ? account.myId()
                                                       : tr("%1 (%2)").arg(name, account.myId()),
        account.synced ? m_words.ago(*account.synced, now) : tr("Never to its end"),
        countText(*state), placesText(account) };
    for (int i = 0; i < FactCount; ++i)
        m_facts[i]->setText(i == Places ? values[i] : oneLine(values[i], 200));
    setPlainToolTip(m_facts[Synced], account.synced ? m_words.exact(*account.synced) : QString());
    m_signIn->setEnabled(people().me.role != Role::ReadOnly);
    setProminence(m_signIn, account.needsSignIn ? Prominence::Primary : Prominence::Normal);
    m_edit->setEnabled(mayChange());
    m_remove->setEnabled(mayChange());
}

void AccountsPage::open(const QString &id)
{
    const desk::AccountState *state = current();
    const QString whole = id.endsWith(u':') && state ? id + state->account.name : id;
    openDialog(whole, workbench(), window());
}

void AccountsPage::askRemove()
{
    const desk::AccountState *state = current();
    if (!state)
        return;
    set().clear();
    const QString name = state->account.name;
    const bool isPending = state->waiting > 0;
    QString text
        = tr("Its tickets stay here as tickets of this workspace. Nothing is sent to or fetched "
             "from it any more, and its sign-in leaves the keychain.");
    QString detail;
    if (isPending)
        detail = tr(
            "Changes that have not been sent yet: %1. They never will be; sync first to keep them.")
                     .arg(state->waiting);
    MessageBox::ask(window(),
        { .title = tr("Remove %1").arg(name),
            .text = text,
            .detail = detail,
            .action = isPending ? tr("Drop them and remove") : tr("Remove"),
            .isDestructive = true },
        this, [this, name, isPending](bool isAgreed) {
            if (isAgreed)
                remove(name, isPending);
        });
}

void AccountsPage::remove(const QString &name, bool evenIfPending)
{
    m_setup.remove(name, evenIfPending)
        .then(&m_setup, [self = QPointer(this)](const Result<Done> &done) {
            if (!self || done)
                return;
            self->refuse(done.error());
        });
}

} // namespace tierline::ui
