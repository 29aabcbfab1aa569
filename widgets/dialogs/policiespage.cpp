// The page of agreements; see agreementpages.h.
#include "core/calendar/duejson.h"
#include "widgets/common/accessible.h"
#include "widgets/common/chip.h"
#include "widgets/common/choicebox.h"
#include "widgets/common/icons.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"
#include "widgets/dialogs/agreementpages.h"
#include "widgets/dialogs/chipgroup.h"
#include "widgets/dialogs/targetrows.h"
#include "widgets/docks/api/agreementwords.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QShortcut>
#include <QToolButton>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

QStringList codesOf(const std::vector<Priority> &priorities)
{
    QStringList codes;
    for (const Priority priority : priorities)
        codes.append(code(priority));
    return codes;
}

PlainLabel *makeHead(const QString &text)
{
    auto *head = new PlainLabel(text);
    setTextRole(head, TextRole::Strong);
    head->setContentsMargins(0, space::Tight, 0, 0);
    return head;
}

} // namespace

PoliciesPage::PoliciesPage(Workbench &workbench)
    : AgreementPage(workbench, tr("Policies, asked from the top"), tr("Add a policy"))
    , m_name(new QLineEdit)
    , m_party(new ChoiceBox)
    , m_isDefault(new QCheckBox(tr("Every ticket that no policy above takes")))
    , m_tiers(new ChipGroup)
    , m_priorities(new ChipGroup)
    , m_channels(new QLineEdit)
    , m_plans(new QLineEdit)
    , m_organizations(new QLineEdit)
    , m_tags(new QLineEdit)
    , m_calendar(new ChoiceBox)
    , m_zone(new ChoiceBox)
    , m_targets(new TargetRows)
    , m_pauses(new ChipGroup)
    , m_grace(new QLineEdit)
    , m_climbs(new ChoiceBox)
    , m_calls(new QCheckBox(tr("A logged call, or a note that the customer sees, is an answer")))
    , m_alarms(new QCheckBox(tr("What a change of policy makes late alarms as any other")))
{
    makeOrder();
    makeFields();
    makeOptions();
    closeEditor();
    connect(m_party, &ChoiceBox::valueChanged, this, &PoliciesPage::onParty);
    setFields({ m_name, m_party, m_isDefault, m_tiers, m_priorities, m_channels, m_plans,
        m_organizations, m_tags, m_calendar, m_zone, m_targets, m_pauses, m_grace, m_climbs,
        m_calls, m_alarms });
}

void PoliciesPage::makeOrder()
{
    auto *row = new QHBoxLayout;
    row->setSpacing(space::Hair);
    const auto button = [&](const char *name, Icon picture, const QString &text) {
        auto *made = named(new QToolButton, QLatin1StringView(name), text);
        made->setIcon(icon(picture, palette()));
        made->setFocusPolicy(Qt::StrongFocus);
        setPlainToolTip(made, text);
        row->addWidget(made);
        return made;
    };
    m_up = button("policyUp", Icon::ChevronUp, tr("Ask it earlier (Alt+Up)"));
    m_down = button("policyDown", Icon::ChevronDown, tr("Ask it later (Alt+Down)"));
    row->addStretch();
    m_remove = button("policyRemove", Icon::Close, tr("Remove this policy"));
    side()->addLayout(row);
    connect(m_up, &QToolButton::clicked, this, [this] { move(-1); });
    connect(m_down, &QToolButton::clicked, this, [this] { move(1); });
    connect(m_remove, &QToolButton::clicked, this, &PoliciesPage::removeCurrent);
    for (const auto &[key, steps] : { std::pair(Qt::Key_Up, -1), std::pair(Qt::Key_Down, 1) }) {
        auto *shortcut = new QShortcut(
            QKeySequence(Qt::ALT | key), list(), nullptr, nullptr, Qt::WidgetShortcut);
        connect(shortcut, &QShortcut::activated, this, [this, steps = steps] { move(steps); });
    }
    connect(list(), &QListWidget::currentRowChanged, this, &PoliciesPage::showOrderButtons);
}

void PoliciesPage::makeFields()
{
    for (const sla::Party party :
        { sla::Party::Customer, sla::Party::Internal, sla::Party::Supplier })
        m_party->add(sla::code(party), AgreementWords::party(party));
    for (const Tier &tier : people().tiers)
        m_tiers->add(tier.id, tier.id);
    for (const Priority priority :
        { Priority::Low, Priority::Normal, Priority::High, Priority::Urgent })
        m_priorities->add(code(priority), priorityText(priority));
    for (const sla::ZoneChoice choice : { sla::ZoneChoice::Calendar, sla::ZoneChoice::Customer,
             sla::ZoneChoice::Organization, sla::ZoneChoice::Team })
        m_zone->add(sla::code(choice), AgreementWords::zoneChoice(choice));
    m_name->setPlaceholderText(tr("“Enterprise customers”"));
    m_isDefault->setObjectName(u"default"_s);
    for (QLineEdit *any : { m_channels, m_plans, m_organizations, m_tags })
        any->setPlaceholderText(tr("any; several with commas"));
    addRow(editor(),
        { set().make(u"name"_s, tr("Name"), m_name),
            set().make(u"for"_s, tr("Promised to"), m_party) });
    editor()->addWidget(makeHead(tr("For which tickets")));
    editor()->addWidget(m_isDefault);
    addRow(editor(),
        { set().make(u"tier"_s, tr("Tiers"), m_tiers),
            set().make(u"priority"_s, tr("Priorities"), m_priorities) });
    addRow(editor(),
        { set().make(u"channel"_s, tr("Channels"), m_channels),
            set().make(u"plan"_s, tr("Plans"), m_plans) });
    addRow(editor(),
        { set().make(u"organization"_s, tr("Companies"), m_organizations),
            set().make(u"tag"_s, tr("Tags"), m_tags) });
    editor()->addWidget(makeHead(tr("What is promised")));
    addRow(editor(),
        { set().make(u"calendar"_s, tr("Hours"), m_calendar),
            set().make(u"zone"_s, tr("Read in the time zone of"), m_zone) });
    editor()->addWidget(set().make(u"targets"_s, {}, m_targets,
        tr("Of each clock the first line that fits a ticket holds. Leave tiers, channels and "
           "priorities empty for all.")));
}

void PoliciesPage::makeOptions()
{
    m_climbs->add(u"none"_s, tr("does not change"));
    for (const Priority priority : { Priority::Normal, Priority::High, Priority::Urgent })
        m_climbs->add(code(priority), priorityText(priority));
    m_grace->setPlaceholderText(tr("none; or 15m"));
    m_calls->setObjectName(u"calls"_s);
    m_alarms->setObjectName(u"alarms"_s);
    editor()->addWidget(makeHead(tr("How it counts")));
    for (const sla::ClockKind kind : sla::allClocks) {
        if (sla::mayPause(kind))
            m_pauses->add(sla::code(kind), AgreementWords::clock(kind));
    }
    editor()->addWidget(
        set().make(u"pauses"_s, tr("Pauses while we wait for the customer"), m_pauses));
    addRow(editor(),
        { set().make(u"grace"_s, tr("Grace where a change makes it late"), m_grace),
            set().make(u"climbs"_s, tr("By its due time the priority is"), m_climbs) });
    editor()->addWidget(m_calls);
    editor()->addWidget(m_alarms);
}

QStringList PoliciesPage::storedOrder() const
{
    QStringList names;
    for (const sla::Policy &policy : agreed().agreements.policies)
        names.append(policy.name);
    return names;
}

const sla::Policy *PoliciesPage::policy(const QString &name) const
{
    const auto &all = agreed().agreements.policies;
    const auto found = std::ranges::find(all, name, &sla::Policy::name);
    return found == all.end() ? nullptr : &*found;
}

QList<std::pair<QString, QString>> PoliciesPage::entries() const
{
    QList<std::pair<QString, QString>> list;
    for (const QString &name : m_order) {
        if (const sla::Policy *one = policy(name))
            list.append({ name, u"%1 · %2"_s.arg(name, AgreementWords::party(one->party)) });
    }
    return list;
}

void PoliciesPage::agreementsChanged()
{
    const QStringList stored = storedOrder();
    // An order that is being changed stays; what came and went meanwhile follows.
    QStringList kept;
    for (const QString &name : std::as_const(m_order)) {
        if (stored.contains(name))
            kept.append(name);
    }
    const bool isSame
        = QSet<QString>(kept.begin(), kept.end()) == QSet<QString>(stored.begin(), stored.end());
    m_order = isSame ? kept : stored;
    const QString before = m_calendar->value();
    const QSignalBlocker quiet(m_calendar);
    m_calendar->clear();
    for (const QString &name : calendarNames())
        m_calendar->add(name, name);
    m_calendar->choose(before);
}

void PoliciesPage::load(const QString &key)
{
    const sla::Policy *known = policy(key);
    const sla::Policy shown = known ? *known
                                    : sla::Policy { .calendar = calendarNames().value(0),
                                          .targets = { { .length = Millis(4 * 3'600'000) } } };
    m_name->setText(shown.name);
    m_party->choose(sla::code(shown.party));
    onParty();
    m_isDefault->setChecked(shown.isDefault);
    for (const QString &tier : shown.when.tiers)
        m_tiers->add(tier, tier);
    m_tiers->choose(shown.when.tiers);
    m_priorities->choose(codesOf(shown.when.priorities));
    m_channels->setText(shown.when.channels.join(u", "_s));
    m_plans->setText(shown.when.plans.join(u", "_s));
    m_organizations->setText(shown.when.organizations.join(u", "_s));
    m_tags->setText(shown.when.tags.join(u", "_s));
    if (!m_calendar->choose(shown.calendar))
        m_calendar->setEditText(shown.calendar);
    m_zone->choose(sla::code(shown.zone));
    m_targets->setTargets(shown.targets);
    QStringList pauses;
    for (const sla::ClockKind kind : shown.pauses)
        pauses.append(sla::code(kind));
    m_pauses->choose(pauses);
    m_grace->setText(shown.grace > Millis(0) ? sla::targetText(shown.grace) : QString());
    m_climbs->choose(shown.climbsTo ? code(*shown.climbsTo) : u"none"_s);
    m_calls->setChecked(shown.callsAnswer);
    m_alarms->setChecked(shown.changeRunsLadder);
    showOrderButtons();
    if (key.isEmpty() && isAncestorOf(window()->focusWidget())) // not while somebody is elsewhere
        m_name->setFocus();
}

void PoliciesPage::onParty()
{
    if (const auto party = sla::partyFromCode(m_party->value()))
        m_targets->setParty(*party);
}

Result<sla::Policy> PoliciesPage::readFields()
{
    sla::Policy policy;
    policy.name = m_name->text().simplified();
    if (policy.name.isEmpty() || policy.name.size() > 120)
        return badInput(tr("Give the policy a name of at most 120 letters."), u"name"_s);
    if (isNew() && this->policy(policy.name))
        return badInput(
            tr("There is a policy “%1” already: choose another name.").arg(policy.name), u"name"_s);
    const auto party = sla::partyFromCode(m_party->value());
    if (!party)
        return badInput(tr("Choose whom it is promised to from the list."), u"for"_s);
    policy.party = *party;
    policy.isDefault = m_isDefault->isChecked();
    policy.when = { .tiers = m_tiers->chosen(),
        .channels = wordsOf(m_channels->text()),
        .plans = wordsOf(m_plans->text()),
        .organizations = wordsOf(m_organizations->text()),
        .tags = wordsOf(m_tags->text()) };
    for (const QString &chosen : m_priorities->chosen())
        policy.when.priorities.push_back(*fromCode<Priority>(chosen));
    if (policy.when.isBlank() && !policy.isDefault)
        return badInput(
            tr("It would match no ticket: choose for which tickets it is, or tick “Every ticket”."),
            u"tier"_s);
    policy.calendar = m_calendar->value();
    if (policy.calendar.isEmpty())
        return badInput(
            tr("Choose the hours that it runs on; the page “Hours” has them."), u"calendar"_s);
    const auto zone = sla::zoneChoiceFromCode(m_zone->value());
    if (!zone)
        return badInput(tr("Choose whose time zone it is read in from the list."), u"zone"_s);
    policy.zone = *zone;
    TIERLINE_TRY(targets, m_targets->targets());
    if (targets.empty())
        return badInput(
            tr("It promises nothing yet: add a promise, such as a first reply within 4h."),
            u"targets"_s);
    policy.targets = targets;
    for (const QString &clock : m_pauses->chosen())
        policy.pauses.push_back(*sla::clockFromCode(clock));
    if (const QString grace = m_grace->text().remove(u' '); !grace.isEmpty()) {
        const auto length = sla::targetFromText(grace);
        if (!length)
            return badInput(
                tr("“%1” is no length of time: write it as 15m or 2h, or leave it empty.")
                    .arg(grace.left(30)),
                u"grace"_s);
        policy.grace = *length;
    }
    policy.climbsTo = fromCode<Priority>(m_climbs->value());
    policy.callsAnswer = m_calls->isChecked();
    policy.changeRunsLadder = m_alarms->isChecked();
    return policy;
}

std::vector<sla::Policy> PoliciesPage::inOrder(
    const QString &saving, const sla::Policy *edited) const
{
    std::vector<sla::Policy> policies;
    for (const QString &name : m_order) {
        const sla::Policy *known = policy(name);
        if (edited && name == saving)
            policies.push_back(*edited);
        else if (known)
            policies.push_back(*known);
    }
    if (edited && !m_order.contains(saving)) {
        // A new one is asked before the default of its party, which would leave it nothing.
        const auto before = std::ranges::find_if(policies, [&](const sla::Policy &one) {
            return one.party == edited->party && one.isDefault && !edited->isDefault;
        });
        policies.insert(before, *edited);
    }
    return policies;
}

void PoliciesPage::save()
{
    set().clear();
    // Where only the order was changed, the fields of a policy that was never touched are as they were.
    const auto edited = readFields();
    if (!edited) {
        if (edited.error().where == u"targets" && !m_targets->values().isEmpty()) {
            emit refused(); // said below its row
            return;
        }
        return refuse(edited.error());
    }
    const QString name = isNew() ? edited->name : key();
    sla::Policies policies = inOrder(name, &*edited);
    if (const auto sound = sla::check(policies, calendarNames()); !sound)
        return refuse(sound.error());
    commands::SaveAgreements change;
    change.agreements.policies = std::move(policies);
    review(name, std::move(change),
        tr("A new version of the policies, with “%1” as it stands here. It holds from its saving on; "
           "clocks that have ended stay as they were.")
            .arg(edited->name));
}

void PoliciesPage::removeCurrent()
{
    set().clear();
    if (isNew() || !policy(key()))
        return;
    sla::Policies policies = inOrder({}, nullptr);
    std::erase_if(policies, [this](const sla::Policy &one) { return one.name == key(); });
    commands::SaveAgreements change;
    change.agreements.policies = std::move(policies);
    review(key(), std::move(change),
        tr("“%1” is removed. Its clocks that run go over to the policy that matches next, or end.")
            .arg(key()));
}

void PoliciesPage::move(int steps)
{
    const qsizetype from = m_order.indexOf(key());
    const qsizetype to = from + steps;
    if (!mayChange() || from < 0 || to < 0 || to >= m_order.size())
        return;
    m_order.move(from, to);
    ListPage::refresh();
    showOrderButtons();
    announce(
        list(), tr("%1 is asked as number %2 of %3").arg(key()).arg(to + 1).arg(m_order.size()));
}

void PoliciesPage::showOrderButtons()
{
    const qsizetype row = m_order.indexOf(key());
    m_up->setEnabled(mayChange() && row > 0);
    m_down->setEnabled(mayChange() && row >= 0 && row + 1 < m_order.size());
    m_remove->setEnabled(mayChange() && row >= 0);
}

QStringList PoliciesPage::unsaved() const
{
    QStringList names = AgreementPage::unsaved();
    if (m_order != storedOrder())
        names.append(tr("the order of the policies"));
    return names;
}

} // namespace tierline::ui
