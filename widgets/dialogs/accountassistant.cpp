#include "widgets/dialogs/accountassistant.h"

#include "widgets/common/accessible.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"
#include "widgets/dialogs/accountsteps.h"

#include <QLineEdit>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

QString titleOf(AccountAssistant::Purpose purpose, const QString &account)
{
    switch (purpose) {
    case AccountAssistant::Purpose::Connect: break;
    case AccountAssistant::Purpose::Edit: return AccountAssistant::tr("Account %1").arg(account);
    case AccountAssistant::Purpose::SignIn:
        return AccountAssistant::tr("Sign in to %1").arg(account);
    }
    return AccountAssistant::tr("Connect a helpdesk");
}

/// An empty page of a step, and what its parts are put into.
std::pair<QWidget *, QVBoxLayout *> newPage()
{
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::Inner);
    return { page, column };
}

/// A line that changes, right below a field of its block.
QWidget *addBelow(QWidget *block, QWidget *field, QWidget *line)
{
    auto *column = static_cast<QVBoxLayout *>(block->layout());
    column->insertWidget(column->indexOf(field) + 1, line);
    return block;
}

/// The first name that nobody has: "desk", "desk2" …
QString freeName(const QStringList &taken)
{
    QString name = u"desk"_s;
    for (int i = 2; taken.contains(name); ++i)
        name = u"desk%1"_s.arg(i);
    return name;
}

} // namespace

AccountAssistant::AccountAssistant(Workbench &workbench, desk::AccountSetup &setup, Purpose purpose,
    const QString &account, QWidget *parent)
    : FormDialog(titleOf(purpose, account), tr("Next"), parent)
    , m_workbench(workbench)
    , m_setup(setup)
    , m_purpose(purpose)
    , m_tried(account)
    , m_line(nullptr)
    , m_pages(new QStackedWidget)
    , m_back(new QPushButton(tr("Back")))
{
    setMinimumSize(640, 520);
    m_line = new StepLine(stepNames());
    fields()->addWidget(m_line);
    fields()->addWidget(m_pages, 1);
    for (QWidget *page :
        { makeKindPage(), makeSignInPage(), makeTestPage(), makePlacesPage(), makeDonePage() })
        m_pages->addWidget(page);
    m_back->setObjectName(u"back"_s);
    addButton(m_back);
    connect(m_back, &QPushButton::clicked, this, &AccountAssistant::back);
    connect(&m_setup, &desk::AccountSetup::secretChanged, this, [this](const QString &name) {
        if (!m_task || name != m_tried)
            return;
        m_isStored = true;
        hint()->setText(tr("The keychain may ask to be unlocked; Cancel goes on without it."));
    });
    const bool mayChange = purpose == Purpose::SignIn || workbench.people().me.role == Role::Admin;
    go(isNew() ? Step::Kind : Step::SignIn);
    if (!mayChange) {
        addIntroduction(tr("Accounts are an admin's to connect and change."));
        m_pages->setEnabled(false);
        verbButton()->hide();
        return;
    }
    readAccounts();
}

QStringList AccountAssistant::stepNames() const
{
    switch (m_purpose) {
    case Purpose::Connect: break;
    case Purpose::Edit: return { tr("Address and sign-in"), tr("Test"), tr("Places") };
    case Purpose::SignIn: return { tr("Sign-in"), tr("Test") };
    }
    return { tr("Helpdesk"), tr("Address and sign-in"), tr("Test"), tr("Places"), tr("Done") };
}

QWidget *AccountAssistant::makeKindPage()
{
    const auto [page, column] = newPage();
    m_kind = named(new QListWidget, u"kind"_s, tr("Which helpdesk"));
    m_kind->setMinimumHeight(120);
    for (const desk::HelpdeskKind &kind : m_setup.kinds()) {
        auto *item = new QListWidgetItem(oneLine(kind.name, 60), m_kind);
        item->setData(Qt::UserRole, kind.type);
    }
    m_kind->setCurrentRow(0);
    m_name = new QLineEdit;
    m_name->setMaxLength(32);
    column->addWidget(
        set().make(u"kind"_s, tr("Which helpdesk"), m_kind,
            tr("Tickets stay there, too: this workspace keeps a copy that works without a network, and sends "
               "back what you do.")),
        1);
    column->addWidget(set().make(u"name"_s, tr("Short name"), m_name,
        tr("Stands before its tickets' numbers, as in “desk:4812”, and cannot be changed later.")));
    connect(m_kind, &QListWidget::itemActivated, this, [this] { submit(); });
    connect(m_kind, &QListWidget::currentRowChanged, this, [this] { showKind(); });
    return page;
}

QWidget *AccountAssistant::makeSignInPage()
{
    const auto [page, column] = newPage();
    m_url = new QLineEdit;
    m_url->setPlaceholderText(u"https://desk.example.com"_s);
    m_url->setInputMethodHints(Qt::ImhUrlCharactersOnly);
    m_transport = new PlainLabel(
        tr("Not encrypted, this machine: only for a server that runs on this very computer."));
    m_transport->setObjectName(u"transport"_s);
    m_transport->setWordWrap(true);
    setTextRole(m_transport, TextRole::Muted);
    m_user = new QLineEdit;
    m_secret = new QLineEdit;
    m_secret->setEchoMode(QLineEdit::Password);
    m_secret->setMaxLength(8192);
    m_secret->setInputMethodHints(
        Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
    const bool isBrief = m_purpose == Purpose::SignIn;
    QWidget *url = set().make(u"url"_s, tr("Address"), m_url,
        isBrief ? QString() : tr("Of its start page, as in the browser."));
    column->addWidget(addBelow(url, m_url, m_transport));
    column->addWidget(set().make(
        u"user"_s, tr("Login"), m_user, tr("Empty where the token itself says whose it is.")));
    m_secretHint = new PlainLabel;
    m_secretHint->setWordWrap(true);
    setTextRole(m_secretHint, TextRole::Muted);
    column->addWidget(addBelow(
        set().make(u"secret"_s, tr("Token or password"), m_secret), m_secret, m_secretHint));
    QWidget *authority = makeAuthorityRow();
    column->addWidget(authority);
    column->addStretch();
    m_url->setReadOnly(isBrief);
    authority->setVisible(!isBrief);
    connect(m_url, &QLineEdit::textChanged, this, &AccountAssistant::showTransport);
    showTransport();
    showKind();
    return page;
}

QWidget *AccountAssistant::makeAuthorityRow()
{
    auto *row = new QWidget;
    row->setObjectName(u"authorityRow"_s);
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(space::Tight);
    m_authorityNames = new PlainLabel;
    m_authorityNames->setObjectName(u"authorityNames"_s);
    m_authorityNames->setWordWrap(true);
    auto *import = named(
        new QPushButton(tr("Import…")), u"authority"_s, tr("Import a certificate authority"));
    m_dropAuthority = named(
        new QPushButton(tr("Drop")), u"dropAuthority"_s, tr("Drop the certificate authority"));
    for (QPushButton *button : { import, m_dropAuthority })
        button->setAutoDefault(false);
    line->addWidget(m_authorityNames, 1);
    line->addWidget(m_dropAuthority);
    line->addWidget(import);
    row->setFocusProxy(import);
    connect(import, &QPushButton::clicked, this, &AccountAssistant::chooseAuthority);
    connect(m_dropAuthority, &QPushButton::clicked, this, [this] {
        m_authority = {};
        showAuthority();
    });
    showAuthority();
    return set().make(u"authority"_s, tr("Certificate authority"), row);
}

QWidget *AccountAssistant::makeTestPage()
{
    const auto [page, column] = newPage();
    m_testing = new PlainLabel;
    m_testing->setObjectName(u"testing"_s);
    m_testing->setWordWrap(true);
    setTextRole(m_testing, TextRole::Strong);
    m_bar = named(new QProgressBar, u"progress"_s, tr("Testing"));
    m_bar->setTextVisible(false);
    m_bar->setRange(0, 0);
    m_findings = new FindingsView;
    m_findings->setObjectName(u"findings"_s);
    m_untested = named(
        new QPushButton(tr("Go on without a test")), u"untested"_s, tr("Go on without a test"));
    m_untested->setAutoDefault(false);
    column->addWidget(m_testing);
    column->addWidget(m_bar);
    column->addWidget(m_findings);
    column->addWidget(m_untested, 0, Qt::AlignLeft);
    column->addStretch();
    connect(m_untested, &QPushButton::clicked, this, [this] {
        m_test = m_setup.untested(form());
        leaveTest();
    });
    return page;
}

QWidget *AccountAssistant::makePlacesPage()
{
    const auto [page, column] = newPage();
    m_placesHint = new PlainLabel;
    m_placesHint->setObjectName(u"placesHint"_s);
    m_placesHint->setWordWrap(true);
    m_places = new PlacesEditor;
    m_places->setObjectName(u"places"_s);
    column->addWidget(m_placesHint);
    column->addWidget(m_places, 1);
    return page;
}

QWidget *AccountAssistant::makeDonePage()
{
    const auto [page, column] = newPage();
    m_end = new FindingsView;
    m_end->setObjectName(u"end"_s);
    column->addWidget(m_end);
    column->addStretch();
    return page;
}

void AccountAssistant::readAccounts()
{
    setBusy(true);
    whenDone(m_workbench, m_setup.list(), [this](const Result<QList<desk::AccountState>> &list) {
        setBusy(false);
        if (!list)
            return refuse(list.error());
        for (const desk::AccountState &state : *list) {
            m_taken.append(state.account.name);
            if (!isNew() && state.account.name == m_tried)
                m_held = state.account;
        }
        if (isNew()) {
            m_name->setText(freeName(m_taken));
        } else if (m_held) {
            fill(*m_held);
        } else {
            m_pages->setEnabled(false);
            verbButton()->hide();
            refuse(notFound(tr("There is no account “%1” here any more.").arg(m_tried.left(40))));
        }
    });
}

void AccountAssistant::fill(const storage::Account &account)
{
    for (int row = 0; row < m_kind->count(); ++row) {
        if (m_kind->item(row)->data(Qt::UserRole).toString() == account.type)
            m_kind->setCurrentRow(row);
    }
    m_name->setText(account.name);
    m_url->setText(account.url);
    m_url->setCursorPosition(0);
    m_user->setText(account.user);
    m_authority = desk::AccountSetup::authorityOf(account);
    showAuthority();
    if (m_purpose == Purpose::Edit)
        m_secret->setPlaceholderText(tr("As before; enter another one to replace it"));
    else if (!account.problem.isEmpty())
        addIntroduction(account.problem.left(400));
    fit();
    (m_purpose == Purpose::SignIn ? m_secret : m_url)->setFocus();
}

void AccountAssistant::showKind()
{
    if (!m_secretHint || !m_kind->currentItem())
        return;
    const QString type = m_kind->currentItem()->data(Qt::UserRole).toString();
    for (const desk::HelpdeskKind &kind : m_setup.kinds()) {
        if (kind.type != type)
            continue;
        const QString words = u"%1. %2"_s.arg(kind.secretName, kind.secretHint).trimmed();
        m_secretHint->setText(oneLine(words.left(1).toUpper() + words.mid(1), 300));
    }
}

void AccountAssistant::showTransport()
{
    m_transport->setVisible(m_url->text().trimmed().startsWith("http://"_L1, Qt::CaseInsensitive));
    if (isVisible())
        fit();
}

void AccountAssistant::showAuthority()
{
    const bool hasOne = !m_authority.pem.isEmpty();
    m_authorityNames->setText(hasOne ? tr("Trusted for this account alone: %1")
                                           .arg(oneLine(m_authority.names.join(u", "_s), 120))
                                     : tr("None of its own: those that this machine trusts."));
    m_dropAuthority->setVisible(hasOne);
}

desk::AccountForm AccountAssistant::form() const
{
    const QListWidgetItem *kind = m_kind->currentItem();
    return { .name = m_name->text().trimmed(),
        .type = kind ? kind->data(Qt::UserRole).toString() : QString(),
        .url = m_url->text(),
        .user = m_user->text(),
        .secret = Secret::fromText(m_secret->text().trimmed()),
        .authority = m_authority.pem };
}

QStringList AccountAssistant::sentences() const
{
    return m_step == Step::Done ? m_end->sentences() : m_findings->sentences();
}

void AccountAssistant::fit()
{
    settle();
    // It only grows: the buttons stay where the hand is.
    const QSize least = isVisible() ? size() : minimumSize();
    resize(sizeHint().boundedTo(room()).expandedTo(least));
}

} // namespace tierline::ui
