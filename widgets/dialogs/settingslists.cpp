// The pages of agents, teams and tiers; see settingspage.h.
#include "widgets/common/choicebox.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"
#include "widgets/dialogs/chipgroup.h"
#include "widgets/dialogs/limitbox.h"
#include "widgets/dialogs/settingspage.h"
#include "widgets/dialogs/words.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

QString tierName(const Tier &tier)
{
    return tier.name.startsWith(tier.id) ? tier.name : tier.id + u' ' + tier.name;
}

void fillTiers(ChoiceBox *box, const QList<Tier> &tiers)
{
    const QString before = box->value();
    const QSignalBlocker quiet(box);
    box->clear();
    for (const Tier &tier : tiers)
        box->add(tier.id, tierName(tier));
    box->choose(before);
}

Error notInList(const ChoiceBox *box, const QString &field)
{
    return badInput(AgentsPage::tr("“%1” is not in the list: choose one that is.")
                        .arg(box->currentText().left(60)),
        field);
}

} // namespace

AgentsPage::AgentsPage(Workbench &workbench)
    : ListPage(workbench, tr("Agents"), tr("Add an agent"))
    , m_id(new QLineEdit)
    , m_name(new QLineEdit)
    , m_mail(new QLineEdit)
    , m_tier(new ChoiceBox)
    , m_role(new ChoiceBox)
    , m_teams(new ChipGroup)
    , m_grants(new ChipGroup)
    , m_note(new QLineEdit)
    , m_isActive(new QCheckBox(tr("Works here")))
{
    for (const Role role :
        { Role::Agent, Role::Specialist, Role::Lead, Role::Admin, Role::ReadOnly })
        m_role->add(code(role), roleText(role));
    m_id->setPlaceholderText(tr("“priya”"));
    m_note->setPlaceholderText(tr("“Covers L2 Technical during June.”"));
    m_isActive->setObjectName(u"active"_s);
    addRow(editor(),
        { set().make(u"agent"_s, tr("Handle"), m_id), set().make(u"name"_s, tr("Name"), m_name) });
    editor()->addWidget(set().make(u"email"_s, tr("Mail address (optional)"), m_mail));
    addRow(editor(),
        { set().make(u"tier"_s, tr("Home tier"), m_tier),
            set().make(u"role"_s, tr("Role"), m_role) });
    editor()->addWidget(set().make(u"team"_s, tr("Teams"), m_teams));
    editor()->addWidget(set().make(u"grant"_s, tr("Also works at"), m_grants));
    editor()->addWidget(set().make(u"note"_s, tr("Why a tier is granted"), m_note));
    editor()->addWidget(m_isActive);
    closeEditor();
    fillLists();
    setFields({ m_id, m_name, m_mail, m_tier, m_role, m_teams, m_grants, m_note, m_isActive });
    start();
}

void AgentsPage::fillLists()
{
    fillTiers(m_tier, people().tiers);
    for (const Tier &tier : people().tiers)
        m_grants->add(tier.id, tierName(tier));
    for (const Team &team : people().teams)
        m_teams->add(team.name, team.name);
}

void AgentsPage::refresh()
{
    fillLists();
    ListPage::refresh();
}

QList<std::pair<QString, QString>> AgentsPage::entries() const
{
    QList<std::pair<QString, QString>> list;
    for (const Agent &agent : people().agents) {
        const QString name = agent.name.isEmpty() ? agent.id : agent.name;
        list.append({ agent.id, agent.isActive ? name : tr("%1 (left)").arg(name) });
    }
    return list;
}

void AgentsPage::load(const QString &key)
{
    const Agent *agent = people().agent(key);
    const Agent shown = agent
        ? *agent
        : Agent { .homeTier = people().tiers.isEmpty() ? QString() : people().tiers.first().id };
    m_id->setText(shown.id);
    m_name->setText(shown.name);
    m_mail->setText(shown.email);
    m_tier->choose(shown.homeTier);
    m_role->choose(code(shown.role));
    m_teams->choose(shown.teams);
    m_grants->choose(shown.grantedTiers);
    m_note->clear();
    m_isActive->setChecked(shown.isActive);
    if (!agent)
        m_id->setFocus();
}

void AgentsPage::save()
{
    Agent agent;
    if (const Agent *known = people().agent(key()))
        agent = *known;
    const QStringList granted = agent.grantedTiers;
    agent.id = m_id->text().trimmed();
    agent.name = m_name->text().trimmed();
    agent.email = m_mail->text().trimmed();
    agent.homeTier = m_tier->value();
    if (agent.homeTier.isEmpty())
        return refuse(notInList(m_tier, u"tier"_s));
    const auto role = fromCode<Role>(m_role->value());
    if (!role)
        return refuse(notInList(m_role, u"role"_s));
    agent.role = *role;
    agent.teams = m_teams->chosen();
    agent.grantedTiers = m_grants->chosen();
    agent.isActive = m_isActive->isChecked();
    const bool grants = std::ranges::any_of(
        agent.grantedTiers, [&](const QString &tier) { return !granted.contains(tier); });
    if (grants && m_note->text().trimmed().isEmpty())
        return refuse(badInput(
            tr("A grant needs a note that says why: it is read when somebody asks who let whom in."),
            u"note"_s));
    runSave(agent.id, commands::SaveAgent { agent, isNew(), m_note->text().trimmed() });
}

TeamsPage::TeamsPage(Workbench &workbench)
    : ListPage(workbench, tr("Teams"), tr("Add a team"))
    , m_name(new QLineEdit)
    , m_tier(new ChoiceBox)
    , m_confidential(new ChoiceBox)
{
    for (const Confidential kind :
        { Confidential::No, Confidential::Legal, Confidential::Security })
        m_confidential->add(code(kind), confidentialText(kind));
    m_name->setPlaceholderText(tr("“Billing”"));
    fillTiers(m_tier, people().tiers);
    editor()->addWidget(set().make(u"team"_s, tr("Name"), m_name));
    editor()->addWidget(set().make(u"tier"_s, tr("Tier"), m_tier));
    editor()->addWidget(set().make(u"confidential"_s, tr("Confidential"), m_confidential,
        tr("Tickets of a confidential team are in nobody else's queues, searches, figures or exports.")));
    closeEditor();
    setFields({ m_name, m_tier, m_confidential });
    start();
}

void TeamsPage::refresh()
{
    fillTiers(m_tier, people().tiers);
    ListPage::refresh();
}

QList<std::pair<QString, QString>> TeamsPage::entries() const
{
    QList<std::pair<QString, QString>> list;
    for (const Team &team : people().teams) {
        if (people().visibility.sees(team.name))
            list.append({ team.name, u"%1 · %2"_s.arg(team.name, team.tier) });
    }
    return list;
}

void TeamsPage::load(const QString &key)
{
    Team shown { .tier = people().tiers.isEmpty() ? QString() : people().tiers.first().id };
    for (const Team &team : people().teams) {
        if (team.name == key)
            shown = team;
    }
    m_name->setText(shown.name);
    m_tier->choose(shown.tier);
    m_confidential->choose(code(shown.confidential));
    if (key.isEmpty())
        m_name->setFocus();
}

void TeamsPage::save()
{
    const auto confidential = fromCode<Confidential>(m_confidential->value());
    if (!confidential)
        return refuse(notInList(m_confidential, u"confidential"_s));
    const Team team { m_name->text().trimmed(), m_tier->value(), *confidential };
    if (team.tier.isEmpty())
        return refuse(notInList(m_tier, u"tier"_s));
    runSave(team.name, commands::SaveTeam { team, isNew() });
}

TiersPage::TiersPage(Workbench &workbench)
    : ListPage(workbench, tr("Tiers"), tr("Add a tier"))
    , m_id(new QLineEdit)
    , m_name(new QLineEdit)
    , m_rank(new QSpinBox)
    , m_duty(new QLineEdit)
    , m_accept(new LimitBox)
    , m_resolve(new LimitBox)
    , m_reply(new LimitBox)
{
    m_rank->setRange(0, 99);
    m_id->setPlaceholderText(tr("“L2”"));
    m_name->setPlaceholderText(tr("“Technical”"));
    m_duty->setPlaceholderText(tr("What this tier does, in one sentence."));
    addRow(editor(),
        { set().make(u"tier"_s, tr("Id"), m_id),
            set().make(u"rank"_s, tr("Rank (0 is the bot)"), m_rank) });
    editor()->addWidget(set().make(u"name"_s, tr("Name"), m_name));
    editor()->addWidget(set().make(u"duty"_s, tr("Duty"), m_duty));
    addRow(editor(),
        { set().make(u"limits"_s, tr("Accepts within"), m_accept),
            set().make(u"resolve"_s, tr("Resolves within"), m_resolve),
            set().make(u"reply"_s, tr("Answers within"), m_reply) });
    auto *note = new PlainLabel(
        tr("“Answers within” is what the customer is told when a ticket goes there."));
    note->setWordWrap(true);
    setTextRole(note, TextRole::Muted);
    editor()->addWidget(note);
    closeEditor();
    setFields({ m_id, m_name, m_rank, m_duty, m_accept, m_resolve, m_reply });
    start();
}

QList<std::pair<QString, QString>> TiersPage::entries() const
{
    QList<std::pair<QString, QString>> list;
    for (const Tier &tier : people().tiers)
        list.append({ tier.id, tierName(tier) });
    return list;
}

void TiersPage::load(const QString &key)
{
    const Tier *tier = people().tier(key);
    const Tier shown = tier
        ? *tier
        : Tier { .rank = people().tiers.isEmpty() ? 1 : people().tiers.last().rank + 1 };
    const auto inMinutes = [](Millis limit) { return int(limit.count() / 60'000); };
    m_id->setText(shown.id);
    m_name->setText(shown.name);
    m_rank->setValue(shown.rank);
    m_duty->setText(shown.duty);
    m_accept->setValue(inMinutes(shown.acceptWithin));
    m_resolve->setValue(inMinutes(shown.resolveWithin));
    m_reply->setValue(inMinutes(shown.replyWithin));
    if (!tier)
        m_id->setFocus();
}

void TiersPage::save()
{
    Tier tier;
    tier.id = m_id->text().trimmed();
    tier.name = m_name->text().trimmed();
    tier.rank = m_rank->value();
    tier.duty = m_duty->text().trimmed();
    tier.acceptWithin = std::chrono::minutes(m_accept->value());
    tier.resolveWithin = std::chrono::minutes(m_resolve->value());
    tier.replyWithin = std::chrono::minutes(m_reply->value());
    runSave(tier.id, commands::SaveTier { tier, isNew() });
}

} // namespace tierline::ui
