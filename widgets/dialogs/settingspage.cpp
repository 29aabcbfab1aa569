#include "widgets/dialogs/settingspage.h"

#include "widgets/common/accessible.h"
#include "widgets/common/choicebox.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/dialogs/chipgroup.h"
#include "widgets/dialogs/pathrows.h"
#include "widgets/dialogs/targetrows.h"
#include "widgets/dialogs/templatetexts.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

SettingsPage::SettingsPage(Workbench &workbench)
    : m_workbench(workbench)
    , m_set(this)
    , m_editor(new QVBoxLayout)
    , m_warnings(makeProblemLabel(u"warnings"_s))
{
    m_editor->setSpacing(space::Inner);
}

QString SettingsPage::warnings() const
{
    return m_warnings->isHidden() ? QString() : m_warnings->text();
}

void SettingsPage::refuse(const Error &error)
{
    m_set.refuse(error);
    emit refused();
}

void SettingsPage::end(const Result<commands::WorkspaceOutcome> &outcome)
{
    emit busyChanged(false);
    if (!outcome) {
        refuse(outcome.error());
        return;
    }
    showWarnings(outcome->warnings);
    done();
    emit saved();
}

void SettingsPage::showWarnings(const QStringList &warnings)
{
    m_warnings->setText(plainLines(warnings.join(u'\n')));
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, Theme::of(this)[Token::AtRisk]);
    m_warnings->setPalette(colours);
    m_warnings->setVisible(!warnings.isEmpty());
}

void SettingsPage::addRow(QVBoxLayout *column, const QList<QWidget *> &blocks)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(space::Inner);
    for (QWidget *block : blocks)
        row->addWidget(block, 1, Qt::AlignTop);
    column->addLayout(row);
}

void SettingsPage::closeEditor()
{
    m_editor->addWidget(m_warnings);
    m_editor->addWidget(m_set.foot());
    m_editor->addStretch();
}

void SettingsPage::layOutList(QListWidget *list, QPushButton *add)
{
    list->setMinimumWidth(184);
    list->setMaximumWidth(240);
    list->setMinimumHeight(320);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    add->setObjectName(u"add"_s);
    add->setAutoDefault(false);
    add->setEnabled(mayChange());
    auto *left = m_side = new QVBoxLayout;
    left->setSpacing(space::Tight);
    left->addWidget(list, 1);
    left->addWidget(add);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::Apart);
    row->addLayout(left);
    row->addLayout(m_editor, 1);
}

MePage::MePage(Workbench &workbench)
    : SettingsPage(workbench)
    , m_me(new ChoiceBox)
{
    for (const Agent &agent : people().agents) {
        if (agent.isActive)
            m_me->add(
                agent.id, agent.name.isEmpty() ? agent.id : u"%1 (%2)"_s.arg(agent.name, agent.id));
    }
    m_me->choose(people().me.id);
    m_me->setEnabled(mayChange());
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(editor());
    editor()->addWidget(set().make(u"me"_s, tr("Who sits here"), m_me,
        tr("What you do is written down under this name, and their tiers and role say what you may do. Figures, "
           "queues and rights change when you save.")));
    closeEditor();
}

void MePage::save()
{
    const QString agent = m_me->value();
    if (agent.isEmpty())
        return refuse(badInput(tr("Nobody here is called “%1”: choose one of the list.")
                                   .arg(m_me->currentText().left(60)),
            u"me"_s));
    run(commands::SetMe { agent });
}

QStringList MePage::unsaved() const
{
    const bool isChanged = mayChange() && m_me->value() != people().me.id;
    return isChanged ? QStringList { m_me->currentText().trimmed() } : QStringList();
}

ListPage::ListPage(Workbench &workbench, const QString &listName, const QString &addText)
    : SettingsPage(workbench)
    , m_list(named(new QListWidget, u"entries"_s, listName))
    , m_add(new QPushButton(addText))
    , m_addText(addText)
{
    layOutList(m_list, m_add);
    connect(m_list, &QListWidget::currentItemChanged, this, [this](QListWidgetItem *item) {
        if (item)
            show(item->data(Qt::UserRole).toString());
    });
    // One that is current already, as after a new one was begun, is chosen again by a click.
    connect(m_list, &QListWidget::itemClicked, this, [this](QListWidgetItem *item) {
        if (item->data(Qt::UserRole).toString() != m_key)
            show(item->data(Qt::UserRole).toString());
    });
    connect(m_add, &QPushButton::clicked, this, [this] {
        m_list->selectionModel()->clear();
        show({});
    });
}

void ListPage::setFields(const QList<QWidget *> &fields)
{
    m_fields = fields;
    for (QWidget *field : fields) {
        if (auto *line = qobject_cast<QLineEdit *>(field))
            connect(line, &QLineEdit::textChanged, this, &ListPage::mark);
        else if (auto *choice = qobject_cast<ChoiceBox *>(field))
            connect(choice, &ChoiceBox::valueChanged, this, &ListPage::mark);
        else if (auto *number = qobject_cast<QSpinBox *>(field))
            connect(number, &QSpinBox::valueChanged, this, &ListPage::mark);
        else if (auto *check = qobject_cast<QCheckBox *>(field))
            connect(check, &QCheckBox::toggled, this, &ListPage::mark);
        else if (auto *chips = qobject_cast<ChipGroup *>(field))
            connect(chips, &ChipGroup::changed, this, &ListPage::mark);
        else if (auto *text = qobject_cast<QPlainTextEdit *>(field))
            connect(text, &QPlainTextEdit::textChanged, this, &ListPage::mark);
        else if (auto *path = qobject_cast<PathRows *>(field))
            connect(path, &PathRows::changed, this, &ListPage::mark);
        else if (auto *targets = qobject_cast<TargetRows *>(field))
            connect(targets, &TargetRows::changed, this, &ListPage::mark);
        else if (auto *texts = qobject_cast<TemplateTexts *>(field))
            connect(texts, &TemplateTexts::changed, this, &ListPage::mark);
        field->setEnabled(mayChange());
    }
}

ListPage::Values ListPage::values() const
{
    Values all;
    for (const QWidget *field : m_fields) {
        if (const auto *line = qobject_cast<const QLineEdit *>(field))
            all.append(line->text());
        else if (const auto *choice = qobject_cast<const ChoiceBox *>(field))
            all.append(choice->currentText());
        else if (const auto *number = qobject_cast<const QSpinBox *>(field))
            all.append(number->value());
        else if (const auto *check = qobject_cast<const QCheckBox *>(field))
            all.append(check->isChecked());
        else if (const auto *chips = qobject_cast<const ChipGroup *>(field))
            all.append(chips->chosen());
        else if (const auto *text = qobject_cast<const QPlainTextEdit *>(field))
            all.append(text->toPlainText());
        else if (const auto *targets = qobject_cast<const TargetRows *>(field))
            all.append(targets->values());
        else if (const auto *path = qobject_cast<const PathRows *>(field))
            all.append(path->values());
        else if (const auto *texts = qobject_cast<const TemplateTexts *>(field))
            all.append(texts->values());
    }
    return all;
}

void ListPage::setValues(const Values &values)
{
    for (qsizetype i = 0; i < m_fields.size() && i < values.size(); ++i) {
        if (auto *line = qobject_cast<QLineEdit *>(m_fields[i]))
            line->setText(values[i].toString());
        else if (auto *choice = qobject_cast<ChoiceBox *>(m_fields[i]))
            choice->setEditText(values[i].toString());
        else if (auto *number = qobject_cast<QSpinBox *>(m_fields[i]))
            number->setValue(values[i].toInt());
        else if (auto *check = qobject_cast<QCheckBox *>(m_fields[i]))
            check->setChecked(values[i].toBool());
        else if (auto *chips = qobject_cast<ChipGroup *>(m_fields[i]))
            chips->choose(values[i].toStringList());
        else if (auto *text = qobject_cast<QPlainTextEdit *>(m_fields[i]))
            text->setPlainText(values[i].toString());
        else if (auto *targets = qobject_cast<TargetRows *>(m_fields[i]))
            targets->setValues(values[i].toStringList());
        else if (auto *path = qobject_cast<PathRows *>(m_fields[i]))
            path->setValues(values[i].toStringList());
        else if (auto *texts = qobject_cast<TemplateTexts *>(m_fields[i]))
            texts->setValues(values[i].toStringList());
    }
}

void ListPage::beginSave(const QString &key)
{
    m_savingAs = key;
    m_saving = m_key;
    m_savingValues = values();
}

void ListPage::keepDraft()
{
    if (isEdited())
        m_drafts.insert(m_key, values());
    else
        m_drafts.remove(m_key);
}

void ListPage::setKey(const QString &key)
{
    m_key = key;
    // The log and the tickets name it by this.
    if (auto *id = qobject_cast<QLineEdit *>(m_fields.value(0)))
        id->setReadOnly(!isNew());
}

void ListPage::show(const QString &key)
{
    set().clear();
    showWarnings({});
    keepDraft();
    setKey(key);
    m_isFilling = true;
    load(key);
    m_loaded = values();
    if (m_drafts.contains(key))
        setValues(m_drafts.take(key));
    // The beginning of long words is what is read first.
    for (QWidget *field : std::as_const(m_fields)) {
        if (auto *line = qobject_cast<QLineEdit *>(field))
            line->setCursorPosition(0);
    }
    m_isFilling = false;
    mark();
}

bool ListPage::isUnsaved(const QString &key) const
{
    return key == m_key ? isEdited() : m_drafts.contains(key);
}

void ListPage::mark()
{
    if (m_isFilling)
        return;
    const QSignalBlocker quiet(m_list);
    for (int row = 0; row < m_list->count(); ++row) {
        QListWidgetItem *item = m_list->item(row);
        const QString words = item->data(Qt::UserRole + 1).toString();
        item->setText(isUnsaved(item->data(Qt::UserRole).toString())
                ? tr("%1 · not saved").arg(words)
                : words);
    }
    m_add->setText(isUnsaved({}) ? tr("%1 · not saved").arg(m_addText) : m_addText);
}

QStringList ListPage::unsaved() const
{
    QStringList names;
    for (int row = 0; row < m_list->count(); ++row) {
        if (isUnsaved(m_list->item(row)->data(Qt::UserRole).toString()))
            names.append(m_list->item(row)->data(Qt::UserRole + 1).toString());
    }
    if (isUnsaved({}))
        names.append(tr("a new one"));
    return names;
}

void ListPage::refresh()
{
    // The fields stay as they are: somebody may be typing.
    const QSignalBlocker quiet(m_list);
    m_list->clear();
    for (const auto &[key, words] : entries()) {
        auto *item = new QListWidgetItem(m_list);
        item->setData(Qt::UserRole, key);
        item->setData(Qt::UserRole + 1, oneLine(words, 80));
        if (key == m_key)
            m_list->setCurrentItem(item);
    }
    mark();
}

void ListPage::follow()
{
    const auto kept = entries();
    const auto isMine = [this](const auto &entry) { return entry.first == m_key; };
    if (!isNew() && std::ranges::none_of(kept, isMine)) {
        m_loaded = values(); // it is gone, and what was typed with it
        m_drafts.remove(m_key);
        refresh();
        show(kept.isEmpty() ? QString() : kept.first().first);
        refresh();
        return;
    }
    if (!isEdited() && !isNew()) {
        m_isFilling = true;
        load(m_key);
        m_loaded = values();
        m_isFilling = false;
    }
    refresh();
}

void ListPage::start()
{
    m_loaded = values();
    refresh();
    if (m_list->count() > 0)
        m_list->setCurrentRow(0);
    else
        show({});
}

void ListPage::done()
{
    // Another may be shown by now, or more typed: only what was saved is no draft any more.
    m_drafts.remove(m_saving);
    if (m_key == m_saving) {
        setKey(m_savingAs);
        m_loaded = m_savingValues;
    }
    refresh();
}

} // namespace tierline::ui
