// How the escalate dialog is laid out and filled in; what it does stands in escalatedialog.cpp.
#include "widgets/dialogs/escalatedialog.h"

#include "widgets/common/accessible.h"
#include "widgets/common/choicebox.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"
#include "widgets/dialogs/chipgroup.h"
#include "widgets/dialogs/words.h"
#include "widgets/docks/api/cardview.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QTimeZone>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

EscalateDialog::EscalateDialog(Workbench &workbench, const QString &key, QWidget *parent)
    : FormDialog(tr("Escalate %1").arg(key), tr("Escalate"), parent)
    , m_workbench(workbench)
    , m_key(key)
    , m_where(new ChoiceBox)
    , m_reason(new ChoiceBox)
    , m_kind(new ChoiceBox)
    , m_summary(makeTextEdit(
          2, tr("“SSO logins loop for all 300 users of the clinic since the update at 08:00.”")))
    , m_tried(makeTextEdit(
          3, tr("One step a line, with what came of it:\n“Cleared cookies: no change.”")))
    , m_expected(makeTextEdit(
          2, tr("“All 300 users can sign in before noon.” What ends this for the customer.")))
    , m_flags(new ChipGroup)
    , m_next(new QLineEdit)
    , m_notice(makeTextEdit(4, tr("What the customer will read.")))
    , m_skips(new QCheckBox(tr("Do not tell the customer")))
    , m_skipReason(new QLineEdit)
    , m_keepPriority(new QCheckBox(tr("Keep the priority as it is")))
    , m_warning(makeProblemLabel(u"warnings"_s))
    , m_override(new QLineEdit)
    , m_card(new CardView({ QTimeZone::systemTimeZone(), QLocale() }))
    , m_readTime(new PlainLabel)
{
    m_throttle.setSingleShot(true);
    m_throttle.setInterval(300ms);
    connect(&m_throttle, &QTimer::timeout, this, &EscalateDialog::requestPreview);
    fields()->setSpacing(space::Tight);
    makeWhere();
    makeForm();
    makeNotice();
    makePreview();
    orderTabs();
    verbButton()->setEnabled(false);
    whenDone(m_workbench,
        m_workbench.session().onDesk([key](desk::Desk &desk) { return desk.draftEscalation(key); }),
        [this](const Result<desk::Desk::Draft> &draft) {
            if (draft)
                fill(*draft);
            else
                refuse(draft.error());
        });
}

void EscalateDialog::makeWhere()
{
    addRow(
        { set().make(u"to"_s, tr("To"), m_where), set().make(u"reason"_s, tr("Reason"), m_reason),
            set().make(u"kind"_s, tr("Kind"), m_kind) });
    set().alias(u"team"_s, u"to"_s);
    aside()->setObjectName(u"path"_s); // what the matrix says of the ticket
    for (const ChoiceBox *box : { m_where, m_reason, m_kind })
        connect(box, &ChoiceBox::valueChanged, this, &EscalateDialog::changed);

    // What speaks against the move stands where the move is chosen, never below the fold.
    m_override->setPlaceholderText(tr("“The recipe was followed on Monday and did not help.”"));
    m_overrideBlock
        = set().make(u"override-guard"_s, tr("Why it goes up all the same"), m_override);
    m_overrideBlock->hide();
    fields()->addWidget(m_warning);
    fields()->addWidget(m_overrideBlock);
    connect(m_override, &QLineEdit::textChanged, this, &EscalateDialog::changed);
}

void EscalateDialog::makeForm()
{
    addField(u"summary"_s, tr("Summary"), m_summary);
    addField(u"tried"_s, tr("Tried so far, one step a line"), m_tried);
    addField(u"expected"_s, tr("What the customer expects in the end"), m_expected);
    fields()->addWidget(set().make(u"urgency"_s, tr("Urgent because"), m_flags));
    m_next->setPlaceholderText(tr("“Update the audience URI, then ask Dana to try.”"));
    addField(u"next"_s, tr("Suggested next step (optional)"), m_next);
    for (QPlainTextEdit *edit : { m_summary, m_tried, m_expected })
        connect(edit, &QPlainTextEdit::textChanged, this, &EscalateDialog::changed);
    connect(m_next, &QLineEdit::textChanged, this, &EscalateDialog::changed);
    connect(m_flags, &ChipGroup::changed, this, &EscalateDialog::changed);
}

void EscalateDialog::makeNotice()
{
    m_noticeBlock
        = set().make(u"notice"_s, tr("Message to the customer, as it will be sent"), m_notice);
    m_skipReason->setPlaceholderText(tr("“They are on the phone with us and know it.”"));
    m_skipBlock = set().make(u"skip-notice"_s, tr("Why the customer is not told"), m_skipReason);
    m_skipBlock->hide();
    fields()->addWidget(m_noticeBlock, 1);
    fields()->addWidget(m_skipBlock);
    named(m_skips, u"skips"_s, m_skips->text());
    named(m_keepPriority, u"keepPriority"_s, m_keepPriority->text(),
        tr("Without this it rises by one step."));
    setPlainToolTip(m_keepPriority, tr("Without this it rises by one step."));
    auto *checks = new QHBoxLayout;
    checks->setSpacing(space::Wide);
    checks->addWidget(m_skips);
    checks->addWidget(m_keepPriority);
    checks->addStretch();
    fields()->addLayout(checks);

    connect(m_skips, &QCheckBox::toggled, this, [this](bool on) { showNoticeAs(!on); });
    connect(m_keepPriority, &QCheckBox::toggled, this, &EscalateDialog::changed);
    connect(m_skipReason, &QLineEdit::textChanged, this, &EscalateDialog::changed);
    connect(m_notice, &QPlainTextEdit::textChanged, this, [this] {
        // An emptied message is composed again.
        if (!m_isFilling)
            m_isNoticeEdited = !m_notice->toPlainText().trimmed().isEmpty();
        changed();
    });
}

void EscalateDialog::makePreview()
{
    auto *side = new QWidget;
    side->setObjectName(u"previewSide"_s);
    side->setAutoFillBackground(true);
    side->setBackgroundRole(QPalette::AlternateBase);
    auto *column = new QVBoxLayout(side);
    column->setContentsMargins(0, space::Inner, 0, 0);
    column->setSpacing(space::Tight);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(space::Apart, 0, space::Apart, 0);
    auto *title = new PlainLabel(tr("Handoff card"));
    setTextRole(title, TextRole::Strong);
    setTextRole(m_readTime, TextRole::Muted);
    m_readTime->setObjectName(u"readTime"_s);
    head->addWidget(title, 1);
    head->addWidget(m_readTime);
    auto *scroll = new QScrollArea;
    named(scroll, u"cardPreview"_s, tr("Preview of the handoff card"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(m_card);
    column->addLayout(head);
    column->addWidget(scroll, 1);
    side->setFixedWidth(376);
    body()->addWidget(side);
}

void EscalateDialog::orderTabs()
{
    QList<QWidget *> order { m_where, m_reason, m_kind, m_override, m_summary, m_tried,
        m_expected };
    for (QPushButton *chip : m_flags->chips())
        order.append(chip);
    order.append(
        { m_next, m_notice, m_skipReason, m_skips, m_keepPriority, verbButton(), cancelButton() });
    QWidget *before = nullptr;
    for (QWidget *each : std::as_const(order)) {
        // Also those that are hidden at present: they come and go with the form.
        if (before)
            QWidget::setTabOrder(before, each);
        before = each;
    }
}

void EscalateDialog::fillWhere(const desk::Desk::Draft &draft)
{
    for (const Tier &tier : draft.targets) {
        const QString name = tier.name.startsWith(tier.id) ? tier.name : tier.id + u' ' + tier.name;
        // Without a team the tier's own is chosen, by the reason.
        m_where->add(tier.id, name);
        for (const Team &team : draft.teams) {
            if (team.tier == tier.id)
                m_where->add(tier.id + u'/' + team.name, name + u" · "_s + team.name);
        }
    }
    for (const QString &reason : draft.reasons)
        m_reason->add(reason, reasonText(reason));
    for (const EscalationKind kind :
        { EscalationKind::Functional, EscalationKind::Hierarchical, EscalationKind::Priority })
        m_kind->add(code(kind), kindText(kind));
    const commands::Escalate &command = draft.command;
    m_where->setCurrentIndex(-1);
    m_where->choose(command.team.isEmpty() ? command.toTier : command.toTier + u'/' + command.team);
    m_reason->setCurrentIndex(-1);
    m_reason->choose(command.reason);
    m_kind->choose(code(command.kind));
    m_trigger = command.trigger;
    m_path = command.path;
    m_pathTo = m_where->value();
    m_pathAgent = command.to;
    m_priorityStep = command.priorityStep;
    aside()->setText(plainLines(draft.path));
    aside()->setVisible(!draft.path.isEmpty());
}

void EscalateDialog::fill(const desk::Desk::Draft &draft)
{
    m_isFilling = true;
    fillWhere(draft);
    const HandoffForm &form = draft.command.form;
    m_summary->setPlainText(form.summary);
    m_tried->setPlainText(form.tried.join(u'\n'));
    m_expected->setPlainText(form.expected);
    m_next->setText(form.nextAction);
    m_notice->setPlainText(draft.noticePreview);
    for (const QString &flag : form.urgency)
        m_flags->add(flag, flag, true);
    for (const QString &flag :
        { tr("churn risk"), tr("deadline today"), tr("many users"), tr("no workaround") })
        m_flags->add(flag, flag);
    orderTabs();
    m_isFilling = false;
    m_isReady = true;
    showWarnings(draft.warnings);
    changed();
    fit();
    focusFirst();
    requestPreview();
    emit ready();
}

} // namespace tierline::ui
