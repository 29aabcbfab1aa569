#include "widgets/docks/rules/blockeditor.h"

#include "core/rules/print.h"
#include "widgets/common/accessible.h"
#include "widgets/common/choicebox.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>

namespace tierline::ui {

using namespace Qt::StringLiterals;
using rules::FactInfo;
using rules::Operator;
using rules::Slot;

namespace {

QString slotTitle(Slot slot)
{
    switch (slot) {
    case Slot::Tier: return BlockEditor::tr("Tier");
    case Slot::Team: return BlockEditor::tr("Team");
    case Slot::Agent: return BlockEditor::tr("Agent");
    case Slot::Kind: return BlockEditor::tr("Kind");
    case Slot::Reason: return BlockEditor::tr("Reason");
    case Slot::Priority: return BlockEditor::tr("Priority");
    case Slot::Severity: return BlockEditor::tr("Severity");
    case Slot::Status: return BlockEditor::tr("Status");
    case Slot::Tag: return BlockEditor::tr("Tag");
    case Slot::Channel: return BlockEditor::tr("Channel");
    case Slot::Pager: return BlockEditor::tr("Pager");
    case Slot::Mail: return BlockEditor::tr("Mail address");
    case Slot::Field: return BlockEditor::tr("Field");
    case Slot::Text: return BlockEditor::tr("Words");
    case Slot::Template: return BlockEditor::tr("Template");
    case Slot::Policy: return BlockEditor::tr("Agreement");
    case Slot::Account: return BlockEditor::tr("Account");
    case Slot::Issue: return BlockEditor::tr("Issue");
    case Slot::Hook: return BlockEditor::tr("Webhook");
    case Slot::Role: return BlockEditor::tr("Role");
    case Slot::Checklist: return BlockEditor::tr("Checklist");
    case Slot::Category: return BlockEditor::tr("Category");
    case Slot::Type: return BlockEditor::tr("Type");
    case Slot::Steps:
    case Slot::Repeat:
    case Slot::Until:
    case Slot::Idle: break;
    }
    return rules::slotName(slot);
}

bool standsAlone(Operator op)
{
    return op == Operator::IsEmpty || op == Operator::IsFilled;
}

} // namespace

BlockEditor::BlockEditor(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
    , m_group(named(new QComboBox, u"blockGroup"_s, tr("How many of the rows must hold")))
    , m_not(named(new QCheckBox(tr("not")), u"blockNot"_s, tr("It must not be so")))
    , m_fact(named(new ChoiceBox, u"blockFact"_s, tr("What it is about")))
    , m_name(makeField(u"blockName"_s))
    , m_operator(named(new QComboBox, u"blockOperator"_s, tr("How it is compared")))
    , m_values(makeField(u"blockValues"_s))
    , m_window(makeField(u"blockWindow"_s))
    , m_action(named(new ChoiceBox, u"blockAction"_s, tr("What happens")))
    , m_conditionRow(new QWidget)
    , m_argumentBox(new QWidget)
    , m_argumentGrid(new QGridLayout(m_argumentBox))
    , m_text(named(new QLineEdit, u"blockWords"_s, tr("The row as words of the language")))
    , m_help(new PlainLabel)
    , m_problem(new PlainLabel)
{
    setTextRole(m_help, TextRole::Muted);
    m_help->setWordWrap(true);
    m_help->setObjectName(u"blockHelp"_s);
    m_problem->setWordWrap(true);
    m_problem->setObjectName(u"blockProblem"_s);
    m_name->setAccessibleName(tr("Of which"));
    m_values->setAccessibleName(tr("Compared with; several with “or”"));
    m_window->setAccessibleName(tr("Within"));
    m_group->addItem(tr("all of these hold"), int(Block::Kind::All));
    m_group->addItem(tr("one of these holds"), int(Block::Kind::Any));
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(space::Hair);
    auto *row = new QHBoxLayout(m_conditionRow);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::Hair);
    row->addWidget(m_name, 2);
    row->addWidget(m_operator, 2);
    row->addWidget(m_values, 3);
    row->addWidget(m_window, 2);
    m_argumentGrid->setContentsMargins(0, 0, 0, 0);
    m_argumentGrid->setHorizontalSpacing(space::Tight);
    m_argumentGrid->setVerticalSpacing(space::Hair);
    m_argumentGrid->setColumnStretch(1, 1);
    m_argumentGrid->setColumnStretch(3, 1);
    m_grid->addWidget(m_group, 0, 0);
    m_grid->addWidget(m_fact, 0, 0);
    m_grid->addWidget(m_action, 0, 0);
    m_grid->addWidget(m_text, 0, 0);
    m_grid->addWidget(m_not, 0, 1);
    m_grid->addWidget(m_conditionRow, 1, 0, 1, 2);
    m_grid->addWidget(m_argumentBox, 2, 0, 1, 2);
    m_grid->addWidget(m_help, 3, 0, 1, 2);
    m_grid->addWidget(m_problem, 4, 0, 1, 2);
    m_grid->setColumnStretch(0, 1);
    m_operator->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    fillFacts();
    fillActions();
    connect(m_group, &QComboBox::activated, this, &BlockEditor::read);
    connect(m_not, &QCheckBox::clicked, this, &BlockEditor::read);
    // What is typed is taken once it is whole; what is chosen in the list at once.
    const auto takes = [this](ChoiceBox *box, void (BlockEditor::*chosen)()) {
        connect(box, &ChoiceBox::valueChanged, this, [this, box, chosen] {
            if (!box->lineEdit()->isModified())
                (this->*chosen)();
        });
        connect(box->lineEdit(), &QLineEdit::editingFinished, this, chosen);
    };
    takes(m_fact, &BlockEditor::onFact);
    takes(m_action, &BlockEditor::onAction);
    m_tell.setSingleShot(true);
    m_tell.setInterval(700);
    connect(&m_tell, &QTimer::timeout, this, [this] { announce(m_problem, m_problem->text()); });
    connect(m_operator, &QComboBox::activated, this, [this] {
        m_values->setVisible(!standsAlone(Operator(m_operator->currentData().toInt())));
        read();
    });
    connect(m_text, &QLineEdit::textEdited, this, &BlockEditor::read);
    ui::setTabOrder(
        { m_group, m_fact, m_action, m_text, m_not, m_name, m_operator, m_values, m_window });
    clear();
}

/// A field that takes typing and offers what the workspace knows. It does not ask for the width of its offers.
QComboBox *BlockEditor::makeField(const QString &name)
{
    auto *field = new QComboBox;
    field->setObjectName(name);
    field->setEditable(true);
    field->setInsertPolicy(QComboBox::NoInsert);
    field->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    field->setMinimumContentsLength(5);
    connect(field, &QComboBox::currentTextChanged, this, &BlockEditor::read);
    return field;
}

void BlockEditor::fill(QComboBox *field, const QString &text, const QStringList &offers)
{
    field->clear();
    for (const QString &offer : offers)
        field->addItem(offer);
    field->setCurrentIndex(-1);
    field->setEditText(text);
    field->lineEdit()->setCursorPosition(0);
}

void BlockEditor::fillFacts()
{
    for (const FactInfo &fact : rules::factTable().all())
        m_fact->add(fact.id, titleOf(fact.parts.front()));
}

void BlockEditor::fillActions()
{
    for (const rules::ActionInfo &action : rules::actionTable().all()) {
        for (const size_t pattern : patternsOf(action))
            m_action->add(u"%1#%2"_s.arg(action.id).arg(pattern), titleOf(action.parts[pattern]));
    }
}

void BlockEditor::setReadOnly(bool isReadOnly)
{
    m_isReadOnly = isReadOnly;
    for (QWidget *field : std::initializer_list<QWidget *> {
             m_group, m_not, m_fact, m_action, m_conditionRow, m_argumentBox, m_text })
        field->setEnabled(!isReadOnly);
}

void BlockEditor::clear()
{
    for (QWidget *part : std::initializer_list<QWidget *> { m_group, m_not, m_fact, m_action,
             m_conditionRow, m_argumentBox, m_text, m_help, m_problem })
        part->hide();
}

void BlockEditor::show(const Block &block, bool isRoot)
{
    m_isFilling = true;
    m_block = block;
    clear();
    m_not->setChecked(block.isNegated);
    switch (block.kind) {
    case Block::Kind::All:
    case Block::Kind::Any:
        m_group->setCurrentIndex(m_group->findData(int(block.kind)));
        m_group->show();
        m_not->setVisible(!isRoot);
        break;
    case Block::Kind::Condition: showCondition(); break;
    case Block::Kind::Action: showAction(); break;
    case Block::Kind::Words: showWords(); break;
    }
    m_isFilling = false;
}

void BlockEditor::showCondition()
{
    const ConditionFields fields = fieldsOf(m_block.test);
    m_fact->choose(fields.fact->id);
    showConditionFields(fields);
}

void BlockEditor::showConditionFields(const ConditionFields &fields)
{
    const FactShape shape = shapeOf(*fields.fact);
    m_operator->clear();
    for (const Operator op : operatorsOf(*fields.fact))
        m_operator->addItem(operatorText(*fields.fact, op), int(op));
    m_operator->setCurrentIndex(std::max(0, m_operator->findData(int(fields.op))));
    fill(m_name, fields.name, shape.name ? nameOffers(*shape.name, m_words) : QStringList());
    QStringList offers;
    if (shape.takesTime) {
        offers = timeOffers();
    } else {
        for (const QString &value : valueOffers(*fields.fact, m_words))
            offers.append(writtenName(value));
        if (fields.fact->type == rules::FactType::Text) {
            for (const QString &list : m_words.vocabulary.lists)
                offers.append(u"list "_s + rules::quoted(list));
        }
    }
    fill(m_values, fields.values, offers);
    fill(m_window, fields.window, { u"30m"_s, u"1h"_s, u"24h"_s, u"7d"_s, u"30d"_s });
    m_name->setVisible(shape.name.has_value());
    m_operator->setVisible(m_operator->count() > 0);
    m_values->setVisible(shape.takesValue() && !standsAlone(fields.op));
    m_window->setVisible(shape.takesWindow);
    m_fact->show();
    m_not->show();
    m_conditionRow->setVisible(
        shape.name || m_operator->count() > 0 || shape.takesValue() || shape.takesWindow);
    m_help->setText(fields.fact->help);
    m_help->show();
}

void BlockEditor::showAction()
{
    const ActionFields fields = fieldsOf(m_block.action);
    // Another way to say the same is shown as the first of them.
    size_t pattern = fields.pattern;
    if (!m_action->choose(u"%1#%2"_s.arg(fields.info->id).arg(pattern)))
        m_action->choose(u"%1#0"_s.arg(fields.info->id));
    m_action->show();
    showArguments();
    for (const auto &[slot, field] : std::as_const(m_arguments))
        field->setEditText(fields.arguments.value(slot));
    m_help->setText(fields.info->help);
    m_help->show();
}

/// A field for each thing that the chosen action takes; what it needs first, then what it may be given.
void BlockEditor::showArguments()
{
    m_arguments.clear();
    while (QLayoutItem *item = m_argumentGrid->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->disconnect(this);
            widget->hide();
            widget->setObjectName({});
            widget->deleteLater();
        }
        delete item;
    }
    const ActionFields chosen = actionFields();
    if (!chosen.info)
        return;
    QList<std::pair<Slot, bool>> takes;
    for (const rules::PatternPart &part : chosen.info->parts[chosen.pattern]) {
        if (part.kind == rules::PatternPart::Kind::Argument
            || part.kind == rules::PatternPart::Kind::Name)
            takes.append({ part.slot, true });
    }
    for (const rules::ActionOption &option : chosen.info->options) {
        if (!takes.contains({ option.slot, true }))
            takes.append({ option.slot, false });
    }
    int place = 0;
    QList<QWidget *> order { m_action };
    for (const auto &[slot, isNeeded] : std::as_const(takes)) {
        QComboBox *field = makeField(u"argument.%1"_s.arg(rules::slotName(slot)));
        const QString title = slotTitle(slot);
        field->setAccessibleName(isNeeded ? title : tr("%1 (optional)").arg(title));
        fill(field, {}, nameOffers(slot, m_words));
        auto *label = new PlainLabel(title);
        setTextRole(label, TextRole::Muted);
        // Words are long: they have a line of their own.
        const bool isLong = slot == Slot::Text;
        if (isLong && place % 2 == 1)
            ++place;
        m_argumentGrid->addWidget(label, place / 2, place % 2 * 2);
        m_argumentGrid->addWidget(field, place / 2, place % 2 * 2 + 1, 1, isLong ? 3 : 1);
        label->show();
        field->show();
        place += isLong ? 2 : 1;
        m_arguments.append({ slot, field });
        order.append(field);
    }
    ui::setTabOrder(order);
    m_argumentBox->setVisible(!m_arguments.isEmpty());
}

void BlockEditor::showWords()
{
    m_text->setText(wordsOf(m_block));
    m_text->setCursorPosition(0);
    m_text->show();
    m_help->setText(tr("No fields show this row whole, so it stands as words of the language."));
    m_help->show();
}

/// Another thing is compared: its own operators and values, the first of each.
void BlockEditor::onFact()
{
    const FactInfo *fact = rules::factTable().find(m_fact->value());
    if (m_isFilling || !fact || fact == m_block.test.fact)
        return;
    const rules::ParsedCondition example = rules::parseCondition(fact->example);
    if (example.expr.kind != rules::Expr::Kind::Test || example.expr.test.fact != fact)
        return;
    m_isFilling = true;
    const rules::Comments comments = m_block.test.comments;
    m_block.test = example.expr.test;
    m_block.test.comments = comments;
    showConditionFields(fieldsOf(m_block.test));
    m_isFilling = false;
    take();
}

void BlockEditor::onAction()
{
    if (m_isFilling || m_action->value().isEmpty())
        return;
    const ActionFields chosen = actionFields();
    const ActionFields before = fieldsOf(m_block.action);
    if (!chosen.info || (chosen.info == before.info && chosen.pattern == before.pattern))
        return;
    m_isFilling = true;
    showArguments();
    m_help->setText(chosen.info->help);
    // What both take stays.
    for (const auto &[slot, field] : std::as_const(m_arguments))
        field->setEditText(before.arguments.value(slot));
    m_isFilling = false;
    readAction();
}

ConditionFields BlockEditor::conditionFields() const
{
    ConditionFields fields { .fact = rules::factTable().find(m_fact->value()) };
    fields.name = m_name->currentText().trimmed();
    fields.op
        = m_operator->count() > 0 ? Operator(m_operator->currentData().toInt()) : Operator::Holds;
    fields.values = m_values->currentText();
    fields.window = m_window->currentText();
    return fields;
}

ActionFields BlockEditor::actionFields() const
{
    const QStringList chosen = m_action->value().split(u'#');
    ActionFields fields { .info = rules::actionTable().find(chosen.first()) };
    fields.pattern = chosen.value(1).toULongLong();
    for (const auto &[slot, field] : m_arguments)
        fields.arguments.insert(slot, field->currentText());
    return fields;
}

void BlockEditor::read()
{
    if (m_isFilling || m_isReadOnly)
        return;
    switch (m_block.kind) {
    case Block::Kind::All:
    case Block::Kind::Any:
        m_block.kind = Block::Kind(m_group->currentData().toInt());
        m_block.isNegated = m_not->isChecked();
        take();
        break;
    case Block::Kind::Condition: readCondition(); break;
    case Block::Kind::Action: readAction(); break;
    case Block::Kind::Words: readWords(); break;
    }
}

void BlockEditor::readCondition()
{
    ConditionFields fields = conditionFields();
    if (!fields.fact)
        return refuse(tr("Choose what it is about from the list."));
    rules::ParsedCondition read
        = rules::parseCondition(writtenCondition(fields), m_words.vocabulary);
    // Words to look for may be typed without the quotes that the language wants.
    const bool isText = fields.fact->type == rules::FactType::Text && !standsAlone(fields.op);
    if (!read.problems.empty() && isText && !fields.values.contains(u'"')
        && !fields.values.trimmed().isEmpty()) {
        fields.values = rules::quoted(fields.values.trimmed());
        read = rules::parseCondition(writtenCondition(fields), m_words.vocabulary);
    }
    if (!read.problems.empty())
        return refuse(read.problems.front().message);
    if (read.expr.kind != rules::Expr::Kind::Test || read.expr.test.fact != fields.fact)
        return refuse(tr("This is more than one condition: add a row for each."));
    const rules::Comments comments = m_block.test.comments;
    m_block.test = read.expr.test;
    m_block.test.comments = comments;
    m_block.isNegated = m_not->isChecked();
    take();
}

void BlockEditor::readAction()
{
    const ActionFields fields = actionFields();
    if (!fields.info)
        return refuse(tr("Choose what happens from the list."));
    const rules::ParsedActions read
        = rules::parseActions(writtenAction(fields), m_words.vocabulary);
    if (!read.problems.empty())
        return refuse(read.problems.front().message);
    if (read.actions.size() != 1)
        return refuse(tr("This is more than one action: add a row for each."));
    const rules::Comments comments = m_block.action.comments;
    m_block.action = read.actions.front();
    m_block.action.comments = comments;
    take();
}

void BlockEditor::readWords()
{
    if (m_block.acts()) {
        const rules::ParsedActions read = rules::parseActions(m_text->text(), m_words.vocabulary);
        if (!read.problems.empty())
            return refuse(read.problems.front().message);
        if (read.actions.size() != 1)
            return refuse(tr("This is more than one action: add a row for each."));
        const rules::Comments comments = m_block.action.comments;
        m_block.action = read.actions.front();
        if (m_block.action.comments.isEmpty())
            m_block.action.comments = comments;
        return take();
    }
    const rules::ParsedCondition read = rules::parseCondition(m_text->text(), m_words.vocabulary);
    if (!read.problems.empty())
        return refuse(read.problems.front().message);
    m_block.expr = read.expr;
    take();
}

void BlockEditor::refuse(const QString &why)
{
    m_problem->setText(plainLines(tr("Not taken over: %1").arg(why), 600, 6));
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, Theme::of(this)[Token::Breached]);
    m_problem->setPalette(colours);
    m_problem->show();
    m_help->hide();
    m_tell.start();
}

void BlockEditor::take()
{
    m_problem->hide();
    m_tell.stop();
    m_help->setVisible(!m_block.isGroup());
    emit edited(m_block);
}

QString BlockEditor::problem() const
{
    return m_problem->isHidden() ? QString() : m_problem->text();
}

void BlockEditor::enter()
{
    for (QWidget *field : std::initializer_list<QWidget *> { m_group, m_fact, m_action, m_text }) {
        if (field->isVisible())
            field->setFocus(Qt::TabFocusReason);
    }
}

void BlockEditor::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape) {
        emit left();
        return;
    }
    QWidget::keyPressEvent(event);
}

} // namespace tierline::ui
