#include "widgets/docks/rules/rulesdock.h"

#include "widgets/common/accessible.h"
#include "widgets/common/emptystate.h"
#include "widgets/common/errortext.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/scrollcolumn.h"
#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"
#include "widgets/docks/api/dockregistry.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMenu>
#include <QPointer>
#include <QPushButton>
#include <QScrollBar>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QTimeZone>
#include <QToolButton>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int WideFrom = 1'000; ///< from here list and editor stand beside each other

QPushButton *makeButton(const QString &name, const QString &text)
{
    auto *button = named(new QPushButton(text), name, text);
    button->setAutoDefault(false);
    return button;
}

} // namespace

RulesDock::RulesDock(Workbench &workbench, TimeWords words, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_words(std::move(words))
    , m_count(new PlainLabel)
    , m_report(named(new QToolButton, u"ruleShadows"_s, tr("Shadow report")))
    , m_new(named(new QToolButton, u"ruleNew"_s, tr("New rule")))
    , m_stack(new QStackedWidget)
    , m_empty(new EmptyState(Icon::Rule, tr("The rules are being read."), {}))
    , m_split(new QSplitter(Qt::Vertical))
    , m_list(new RuleList(m_model))
    , m_orderBar(new QWidget)
    , m_name(new PlainLabel)
    , m_facts(new PlainLabel)
    , m_editor(new RuleEditor)
    , m_reason(new ReasonBar)
    , m_standing(new StandingView(workbench, m_words))
    , m_save(makeButton(u"ruleSave"_s, tr("Save…")))
    , m_states(makeButton(u"ruleState"_s, tr("State")))
    , m_try(makeButton(u"ruleTry"_s, tr("Try on the past")))
    , m_done(makeButton(u"ruleDone"_s, tr("What it did")))
    , m_past(makeButton(u"ruleHistory"_s, tr("History")))
    , m_ask(makeButton(u"ruleExplain"_s, tr("Why?")))
    , m_menu(new QMenu(this))
    , m_side(new ScrollColumn)
    , m_trial(new TrialView(workbench, m_words))
    , m_history(new HistoryView(workbench, m_words))
    , m_why(new ExplainView(workbench, m_words))
    , m_shadows(new ShadowView(workbench, m_words))
    , m_forecast(workbench.session())
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_split->addWidget(makeListSide());
    m_split->addWidget(makeEditorSide());
    m_split->setChildrenCollapsible(false);
    m_split->setStretchFactor(0, 2);
    m_split->setStretchFactor(1, 5);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_split);
    m_stack->addWidget(m_shadows);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(makeHeader());
    layout->addWidget(m_stack, 1);
    makeStates();

    connect(m_list, &RuleList::chosen, this, [this](const QString &id) {
        if (!id.isEmpty() && !m_isFilling)
            showRule(id);
    });
    connect(&m_model, &RuleModel::reordered, this, &RulesDock::showOrder);
    connect(m_report, &QToolButton::clicked, this, [this] { showShadows(true); });
    connect(m_shadows, &ShadowView::closeWanted, this, [this] { showShadows(false); });
    connect(m_shadows, &ShadowView::ruleWanted, this, [this](const QString &id) {
        showShadows(false);
        m_list->choose(id);
        showDone();
    });
    connect(m_new, &QToolButton::clicked, this, &RulesDock::beginNew);
    connect(m_save, &QPushButton::clicked, this, &RulesDock::save);
    connect(m_try, &QPushButton::clicked, this, &RulesDock::tryOut);
    connect(m_done, &QPushButton::clicked, this, &RulesDock::showDone);
    connect(m_past, &QPushButton::clicked, this, &RulesDock::showHistory);
    connect(m_ask, &QPushButton::clicked, this, &RulesDock::showWhy);
    connect(m_why, &ExplainView::closeWanted, this, [this] {
        showBelow(nullptr);
        m_ask->setFocus();
    });
    connect(m_history, &HistoryView::rollBackWanted, this, &RulesDock::rollBack);
    connect(m_history, &HistoryView::closeWanted, this, [this] {
        showBelow(nullptr);
        m_past->setFocus();
    });
    connect(&m_editor->sentence(), &SentenceEdit::read, this, &RulesDock::onRead);
    m_reason->setDetail(m_standing, m_standing->stops());
    connect(m_reason, &ReasonBar::standingChosen, m_standing, &StandingView::setChosen);
    connect(m_reason, &ReasonBar::capChosen, m_standing, &StandingView::setCap);
    connect(m_reason, &ReasonBar::closed, m_standing, &StandingView::stop);
    connect(m_reason, &ReasonBar::left, m_editor, &RuleEditor::enter);
    connect(m_editor, &RuleEditor::modeChanged, this, &RulesDock::giveRoom);
    auto *turn = new QShortcut(
        QKeySequence(u"Ctrl+B"_s), this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
    connect(turn, &QShortcut::activated, m_editor->builderButton(),
        [this] { m_editor->builderButton()->click(); });
    connect(m_trial, &TrialView::judged, &m_model, &RuleModel::setPrecision);
    connect(&m_trial->threshold(), &ThresholdView::moved, this, &RulesDock::moveBound);
    connect(m_reason, &ReasonBar::left, &m_forecast, &desk::RuleForecast::stop);
    connect(m_trial, &TrialView::closeWanted, this, [this] {
        showBelow(nullptr);
        m_try->setFocus();
    });
    connect(m_empty, &EmptyState::actionRequested, this, [this] {
        if (m_isRead)
            beginNew();
        else
            load();
    });
    connect(&m_workbench.session(), &desk::Session::ticketsChanged, this,
        [this](const QList<TicketId> &, bool everything) {
            m_isStale = m_isStale || everything;
            if (everything && isVisible())
                load();
        });
}

QWidget *RulesDock::makeHeader()
{
    auto *title = new PlainLabel(tr("Rules"));
    setTextRole(title, TextRole::Title);
    setTextRole(m_count, TextRole::Muted);
    m_report->setText(tr("Shadow report"));
    m_report->setAutoRaise(true);
    m_report->setFocusPolicy(Qt::StrongFocus);
    m_new->setText(tr("New rule"));
    m_new->setIcon(icon(Icon::Add, palette()));
    m_new->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_new->setAutoRaise(true);
    m_new->setFocusPolicy(Qt::StrongFocus);
    auto *header = new QWidget;
    header->setObjectName(u"dockHeader"_s);
    header->setAutoFillBackground(true);
    header->setBackgroundRole(QPalette::Base);
    auto *row = new QHBoxLayout(header);
    row->setContentsMargins(space::Apart, space::Inner, space::Inner, space::Tight);
    row->setSpacing(space::Tight);
    row->addWidget(title);
    row->addStretch();
    row->addWidget(m_count);
    row->addWidget(m_report);
    row->addWidget(m_new);
    return header;
}

QWidget *RulesDock::makeListSide()
{
    auto *text = new PlainLabel(tr("The order is not saved."));
    auto *back = makeButton(u"orderBack"_s, tr("As it was"));
    auto *keep = makeButton(u"orderSave"_s, tr("Save the order…"));
    auto *row = new QHBoxLayout(m_orderBar);
    row->setContentsMargins(space::Inner, space::Tight, space::Inner, space::Tight);
    row->setSpacing(space::Tight);
    row->addWidget(text, 1);
    row->addWidget(back);
    row->addWidget(keep);
    m_orderBar->hide();
    connect(back, &QPushButton::clicked, this, &RulesDock::restoreOrder);
    connect(keep, &QPushButton::clicked, this, &RulesDock::saveOrder);
    auto *side = new QWidget;
    auto *column = new QVBoxLayout(side);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_list, 1);
    column->addWidget(m_orderBar);
    m_list->setMinimumHeight(104);
    m_list->setMinimumWidth(240);
    return side;
}

QWidget *RulesDock::makeEditorSide()
{
    m_name->setObjectName(u"ruleName"_s);
    m_facts->setObjectName(u"ruleFacts"_s);
    m_name->setElided(true);
    m_facts->setWordWrap(true);
    setTextRole(m_name, TextRole::Strong);
    setTextRole(m_facts, TextRole::Muted);
    setProminence(m_save, Prominence::Primary);
    setKeycap(m_save, QKeySequence(u"Ctrl+Return"_s).toString(QKeySequence::NativeText));
    m_trial->hide();
    m_history->hide();
    m_why->hide();
    setProminence(m_past, Prominence::Quiet);
    setProminence(m_ask, Prominence::Quiet);
    m_ask->setAccessibleName(tr("Why it did or did not act on a ticket"));
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(space::Tight);
    buttons->addWidget(m_try);
    buttons->addWidget(m_done);
    buttons->addStretch();
    buttons->addWidget(m_save);
    // Beside the name, not in one row with the rest: that row would be as wide as the narrowest dock is not.
    auto *top = new QHBoxLayout;
    top->setSpacing(space::Tight);
    top->addWidget(m_name, 1);
    top->addWidget(m_ask);
    top->addWidget(m_past);
    top->addWidget(m_states);
    auto *side = new QWidget;
    auto *column = new QVBoxLayout(side);
    column->setContentsMargins(space::Apart, space::Inner, space::Apart, space::Inner);
    column->setSpacing(space::Tight);
    column->addLayout(top);
    column->addWidget(m_facts);
    column->addWidget(m_editor, 2);
    column->addLayout(buttons);
    column->addWidget(m_reason);
    column->addWidget(m_trial, 3);
    column->addWidget(m_history, 3);
    column->addWidget(m_why, 3);
    column->addStretch();
    // Only where even the least of all parts has no room: else each part scrolls by itself.
    m_side->setWidget(side);
    connect(m_side->verticalScrollBar(), &QScrollBar::rangeChanged, this, &RulesDock::showWhole);
    return m_side;
}

void RulesDock::makeStates()
{
    const std::pair<RuleState, QString> states[]
        = { { RuleState::Shadow, tr("Run in shadow…") }, { RuleState::Live, tr("Go live…") },
              { RuleState::Draft, tr("Back to draft…") }, { RuleState::Retired, tr("Retire…") } };
    for (const auto &[state, text] : states) {
        QAction *action = m_menu->addAction(text);
        action->setData(int(state));
        connect(action, &QAction::triggered, this, [this, state = state] { changeState(state); });
    }
    QAction *limit = m_menu->addAction(tr("Weekly limit…"));
    limit->setObjectName(u"ruleLimit"_s);
    connect(limit, &QAction::triggered, this, &RulesDock::changeCap);
    connect(m_menu, &QMenu::aboutToShow, this, [this, limit] {
        const StoredRule *rule = current();
        for (QAction *action : m_menu->actions())
            action->setVisible(rule && action->data().toInt() != int(rule->state));
        limit->setVisible(rule && rule->state == RuleState::Live);
    });
    m_states->setMenu(m_menu);
}

bool RulesDock::mayChange() const
{
    const Role role = m_workbench.people().me.role;
    return role == Role::Lead || role == Role::Admin;
}

const StoredRule *RulesDock::current() const
{
    const auto found = std::ranges::find(m_board.book.rules, m_shown, &StoredRule::id);
    return found == m_board.book.rules.end() ? nullptr : &*found;
}

bool RulesDock::isEdited() const
{
    const QString text = m_editor->sentence().toPlainText();
    const StoredRule *rule = current();
    return rule ? text.trimmed() != rule->text.trimmed() : !text.trimmed().isEmpty();
}

void RulesDock::load()
{
    if (std::exchange(m_isLoading, true)) {
        m_isStale = true;
        return;
    }
    m_isStale = false;
    m_workbench.session()
        .read([now = m_workbench.clock().now()](storage::Connection &connection,
                  const Visibility &) { return desk::loadRuleBoard(connection, now); })
        .then(
            &m_workbench.session(), [self = QPointer(this)](const Result<desk::RuleBoard> &board) {
                if (!self)
                    return;
                self->m_isLoading = false;
                if (board) {
                    self->showBoard(*board);
                    self->loadFigures();
                } else {
                    self->m_isRead = false;
                    self->m_empty->set(
                        Icon::Warning, errorLine(board.error()), tr("Read them again"));
                    self->m_stack->setCurrentIndex(0);
                }
                if (self->m_isStale)
                    self->load();
            });
}

/// How right each rule is, which takes the logs of its tickets: it comes after the list.
void RulesDock::loadFigures()
{
    const quint64 look = ++m_figures;
    m_workbench.session()
        .read(
            [book = m_board.book, now = m_workbench.clock().now()](
                storage::Connection &connection, const Visibility &visibility) {
                return desk::loadRuleFigures(connection, book, visibility, now);
            },
            storage::Lane::Figures)
        .then(&m_workbench.session(),
            [self = QPointer(this), look](
                const Result<QHash<QString, desk::RuleFigures>> &figures) {
                if (self && figures && look == self->m_figures)
                    self->m_model.setFigures(*figures);
            });
}

void RulesDock::showBoard(const desk::RuleBoard &board)
{
    const StoredRule *before = current();
    const int seen = before ? before->version : 0;
    m_board = board;
    m_isRead = true;
    QList<RuleRow> rows;
    int live = 0;
    for (const StoredRule &rule : board.book.rules) {
        const int known = m_model.rowOf(rule.id);
        RuleRow row { .rule = rule,
            .fired = board.firedInWeek.value(rule.id),
            .isEdited = m_drafts.contains(rule.id) };
        if (known >= 0) {
            row.precision = m_model.rows()[known].precision;
            row.figures = m_model.rows()[known].figures;
        }
        rows.append(row);
        live += rule.state == RuleState::Live;
    }
    m_isFilling = true;
    m_model.setRows(rows);
    m_orderBar->hide();
    m_editor->setWords({ board.context.vocabulary, board.context.seen });
    m_isFilling = false;
    m_count->setText(rows.size() == 1 ? tr("1 rule") + (live ? tr(", live") : QString())
                                      : tr("%1 rules, %2 live").arg(rows.size()).arg(live));
    m_count->setVisible(!rows.isEmpty());
    m_report->setVisible(!rows.isEmpty());
    m_new->setVisible(mayChange() && !rows.isEmpty());
    m_list->setMayMove(mayChange());
    if (rows.isEmpty() && !m_isNew) {
        m_empty->set(Icon::Rule,
            tr("There are no rules yet. A rule moves tickets up by itself when what it says holds, "
               "and tells why."),
            mayChange() ? tr("Write a rule") : QString());
        m_stack->setCurrentIndex(0);
        return;
    }
    if (m_stack->currentWidget() != m_shadows)
        m_stack->setCurrentIndex(1);
    if (m_isNew)
        return showHead();
    if (const StoredRule *rule = current()) {
        m_isFilling = true;
        m_list->choose(m_shown);
        m_isFilling = false;
        // Somebody else saved it meanwhile: what nobody has typed into follows.
        if (rule->version != seen && !m_drafts.contains(m_shown))
            showRule(m_shown);
        else
            onRead();
        if (!m_history->isHidden() && !(m_history->rule() == *rule))
            m_history->start(*rule, mayChange());
        return;
    }
    const StoredRule *wanted = board.book.find(RuleKind::Rule, std::exchange(m_wanted, {}));
    const QString first = wanted ? wanted->id : rows.first().rule.id;
    m_list->choose(first);
    showRule(first);
}

void RulesDock::keepDraft()
{
    if (!m_isRead || (m_shown.isEmpty() && !m_isNew))
        return;
    const StoredRule *rule = current();
    if (isEdited()) {
        const int basedOn = m_drafts.contains(m_shown) ? m_drafts[m_shown].basedOn
            : rule                                     ? rule->version
                                                       : 0;
        m_drafts.insert(m_shown, { m_editor->sentence().toPlainText(), basedOn });
    } else {
        m_drafts.remove(m_shown);
    }
    m_model.setEdited(m_shown, m_drafts.contains(m_shown));
}

void RulesDock::showRule(const QString &id)
{
    m_reason->close();
    if (m_shown != id || m_isNew)
        showBelow(nullptr);
    m_trial->stop();
    m_shown = id;
    m_isNew = id.isEmpty();
    const StoredRule *rule = current();
    m_isFilling = true;
    m_editor->sentence().setPlainText(m_drafts.contains(id) ? m_drafts[id].text
            : rule                                          ? rule->text
                                                            : QString());
    m_editor->setReadOnly(!mayChange());
    m_isFilling = false;
    m_editor->sentence().readNow();
    showHead();
}

void RulesDock::showHead()
{
    const StoredRule *rule = current();
    m_name->setText(rule ? oneLine(rule->name, 120) : tr("New rule"));
    QStringList facts;
    if (rule) {
        const Instant now = m_workbench.clock().now();
        facts = { tr("%1 since %2").arg(stateWords(rule->state), m_words.stamp(rule->since, now)),
            tr("version %1").arg(rule->version) };
        if (isEdited())
            facts.append(tr("not saved"));
    } else {
        facts = { tr("It begins as a draft, which does nothing until you say so.") };
    }
    if (!mayChange())
        facts.append(tr("leads and admins change rules; you can read and try them"));
    m_facts->setText(facts.join(u" · "_s));
    m_save->setVisible(mayChange());
    m_states->setVisible(mayChange() && rule);
    m_save->setEnabled(isEdited() && m_editor->isOneRule());
    // What goes live is what is kept, not what stands in the field.
    m_states->setEnabled(rule && !isEdited());
    setPlainToolTip(m_states, isEdited() ? tr("Save the sentence first.") : QString());
    m_try->setEnabled(m_editor->isOneRule());
    m_ask->setEnabled(m_editor->isOneRule());
    m_done->setVisible(rule);
    m_past->setVisible(rule);
}

void RulesDock::onRead()
{
    if (m_isFilling)
        return;
    keepDraft();
    showHead();
    lookCloser();
}

void RulesDock::lookCloser()
{
    const quint64 look = ++m_closer;
    if (!m_editor->isOneRule())
        return;
    // Beside the other rules, which takes too long for this thread.
    m_workbench.session()
        .read(
            [text = m_editor->sentence().toPlainText(), context = m_board.context,
                book = m_board.book](
                storage::Connection &, const Visibility &) -> Result<std::vector<rules::Finding>> {
                return desk::checkRules(QByteArrayView(text.toUtf8()), context, book).findings;
            },
            storage::Lane::Figures)
        .then(&m_workbench.session(),
            [self = QPointer(this), look](const Result<std::vector<rules::Finding>> &findings) {
                if (self && findings && look == self->m_closer)
                    self->m_editor->setFindings(*findings);
            });
}

void RulesDock::beginNew()
{
    if (!mayChange())
        return;
    m_stack->setCurrentIndex(1);
    m_list->setCurrentIndex({});
    showRule({});
    m_editor->sentence().setFocus(Qt::OtherFocusReason);
}

void RulesDock::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_isStale)
        load();
}

void RulesDock::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const Qt::Orientation wanted = width() >= WideFrom ? Qt::Horizontal : Qt::Vertical;
    if (m_split->orientation() != wanted)
        m_split->setOrientation(wanted);
    giveRoom();
}

void RulesDock::keyPressEvent(QKeyEvent *event)
{
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isEnter && (event->modifiers() & Qt::ControlModifier)) {
        save();
        return;
    }
    QWidget::keyPressEvent(event);
}

/// Found by the build through the folder's name.
void registerrules(DockRegistry &registry, Workbench &)
{
    registry.add({ .id = u"rules"_s,
        .title = RulesDock::tr("Rules"),
        .place = DockPlace::Ticket,
        .shortcut = QKeySequence(u"G, R"_s),
        .order = 2,
        .make = [](Workbench &bench, QWidget *parent) -> QWidget * {
            return new RulesDock(bench, { QTimeZone::systemTimeZone(), QLocale() }, parent);
        } });
}

} // namespace tierline::ui
