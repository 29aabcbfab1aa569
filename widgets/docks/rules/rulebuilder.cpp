#include "widgets/docks/rules/rulebuilder.h"

#include "core/rules/parse.h"
#include "core/rules/words.h"
#include "widgets/common/accessible.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>

namespace tierline::ui {

using namespace Qt::StringLiterals;

RuleBuilder::RuleBuilder(QWidget *parent)
    : QWidget(parent)
    , m_name(named(new QLineEdit, u"builderName"_s, tr("Name of the rule")))
    , m_goesOn(named(new QCheckBox(tr("rules below still act")), u"builderGoesOn"_s,
          tr("Rules below it still act in the same round")))
    , m_tree(new BlockTree)
    , m_fields(new BlockEditor)
    , m_addCondition(makeButton(
          u"addCondition"_s, tr("+ Condition"), tr("A condition below the chosen row (Insert)")))
    , m_addAction(makeButton(
          u"addAction"_s, tr("+ Action"), tr("An action at the end, or below the chosen one")))
    , m_wrap(makeButton(
          u"wrapRow"_s, tr("Group"), tr("The chosen row in a group of its own (Ctrl+G)")))
    , m_remove(makeButton(u"removeRow"_s, tr("Remove"), tr("Without the chosen row (Delete)")))
{
    m_addCondition->setAccessibleName(tr("Add a condition"));
    m_addAction->setAccessibleName(tr("Add an action"));
    m_wrap->setAccessibleName(tr("Put the row into a group"));
    m_remove->setAccessibleName(tr("Remove the row"));
    m_tree->setMinimumHeight(120);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(space::Hair);
    for (QPushButton *button : { m_addCondition, m_addAction, m_wrap, m_remove })
        buttons->addWidget(button);
    buttons->addStretch();
    m_name->setMaxLength(int(rules::limits::nameLength));
    auto *top = new QHBoxLayout;
    top->setSpacing(space::Tight);
    top->addWidget(m_name, 1);
    top->addWidget(m_goesOn);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::Hair);
    column->addLayout(top);
    column->addWidget(m_tree, 1);
    column->addLayout(buttons);
    column->addWidget(m_fields);
    connect(m_name, &QLineEdit::textEdited, this, &RuleBuilder::rename);
    connect(m_goesOn, &QCheckBox::clicked, this, &RuleBuilder::rename);
    connect(m_tree, &BlockTree::chosen, this, &RuleBuilder::showRow);
    connect(m_tree, &BlockTree::edited, this, &RuleBuilder::put);
    connect(m_tree, &BlockTree::editWanted, m_fields, &BlockEditor::enter);
    connect(m_tree, &BlockTree::addWanted, this, [this] {
        const auto row = m_tree->current();
        if (!row || row->acts())
            addAction();
        else
            addCondition();
    });
    connect(m_fields, &BlockEditor::edited, m_tree, &BlockTree::setCurrent);
    connect(m_fields, &BlockEditor::left, this, [this] { m_tree->setFocus(); });
    connect(m_addCondition, &QPushButton::clicked, this, &RuleBuilder::addCondition);
    connect(m_addAction, &QPushButton::clicked, this, &RuleBuilder::addAction);
    connect(m_wrap, &QPushButton::clicked, m_tree, &BlockTree::wrap);
    connect(m_remove, &QPushButton::clicked, m_tree, &BlockTree::remove);
}

QPushButton *RuleBuilder::makeButton(const QString &name, const QString &text, const QString &tip)
{
    auto *button = named(new QPushButton(text), name, text);
    button->setAutoDefault(false);
    setProminence(button, Prominence::Quiet);
    setPlainToolTip(button, tip);
    return button;
}

void RuleBuilder::setWords(const RuleWords &words)
{
    m_words = words;
    m_fields->setWords(words);
}

void RuleBuilder::setReadOnly(bool isReadOnly)
{
    m_isReadOnly = isReadOnly;
    m_name->setReadOnly(isReadOnly);
    m_goesOn->setEnabled(!isReadOnly);
    m_tree->setReadOnly(isReadOnly);
    m_fields->setReadOnly(isReadOnly);
    showButtons();
}

void RuleBuilder::setDocument(const rules::Document &document)
{
    if (document.rules.size() != 1 || document == m_document)
        return;
    m_document = document;
    m_name->setText(document.rules.front().name);
    m_goesOn->setChecked(document.rules.front().goesOn);
    m_tree->setBlocks(blocksOf(document.rules.front()));
    showRow();
}

void RuleBuilder::addCondition()
{
    // Something that every rule can say, ready to be changed into what is meant.
    const rules::ParsedCondition begin = rules::parseCondition(u"no agent reply for 2h");
    m_tree->add({ .kind = Block::Kind::Condition, .test = begin.expr.test });
    m_fields->enter();
}

void RuleBuilder::addAction()
{
    const rules::ParsedActions begin = rules::parseActions(u"notify manager");
    m_tree->add({ .kind = Block::Kind::Action, .action = begin.actions.front() });
    m_fields->enter();
}

void RuleBuilder::showRow()
{
    if (const auto block = m_tree->current())
        m_fields->show(*block, m_tree->isRoot());
    else
        m_fields->clear();
    showButtons();
}

void RuleBuilder::showButtons()
{
    m_addCondition->setEnabled(!m_isReadOnly);
    m_addAction->setEnabled(!m_isReadOnly);
    m_wrap->setEnabled(m_tree->mayWrap());
    m_remove->setEnabled(m_tree->mayRemove());
}

/// A rule without a name keeps the one it had.
void RuleBuilder::rename()
{
    if (m_document.rules.size() != 1)
        return;
    rules::Rule &rule = m_document.rules.front();
    const QString name = m_name->text().simplified();
    if (!name.isEmpty())
        rule.name = name;
    rule.goesOn = m_goesOn->isChecked();
    emit edited();
}

/// Rows that say less than a rule leave it as it was.
void RuleBuilder::put()
{
    showButtons();
    if (m_document.rules.size() != 1 || !putInto(m_document.rules.front(), m_tree->blocks()))
        return;
    emit edited();
}

} // namespace tierline::ui
