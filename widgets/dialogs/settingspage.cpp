#include "widgets/dialogs/settingspage.h"

#include "widgets/common/accessible.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/dialogs/choicebox.h"

#include <QListWidget>
#include <QPushButton>
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

ListPage::ListPage(Workbench &workbench, const QString &listName, const QString &addText)
    : SettingsPage(workbench)
    , m_list(named(new QListWidget, u"entries"_s, listName))
{
    m_list->setMinimumWidth(184);
    m_list->setMaximumWidth(240);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setMinimumHeight(320);
    auto *add = new QPushButton(addText);
    add->setObjectName(u"add"_s);
    add->setAutoDefault(false);
    add->setEnabled(mayChange());
    auto *left = new QVBoxLayout;
    left->setSpacing(space::Tight);
    left->addWidget(m_list, 1);
    left->addWidget(add);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::Apart);
    row->addLayout(left);
    row->addLayout(editor(), 1);
    const auto show = [this](const QString &key) {
        set().clear();
        showWarnings({});
        m_key = key;
        load(key);
    };
    connect(m_list, &QListWidget::currentItemChanged, this, [show](QListWidgetItem *item) {
        if (item)
            show(item->data(Qt::UserRole).toString());
    });
    connect(add, &QPushButton::clicked, this, [this, show] {
        m_list->setCurrentItem(nullptr);
        show({});
    });
}

void ListPage::refresh()
{
    // The fields stay as they are: somebody may be typing.
    const QSignalBlocker quiet(m_list);
    m_list->clear();
    for (const auto &[key, words] : entries()) {
        auto *item = new QListWidgetItem(oneLine(words, 80), m_list);
        item->setData(Qt::UserRole, key);
        if (key == m_key)
            m_list->setCurrentItem(item);
    }
}

void ListPage::start()
{
    refresh();
    if (m_list->count() > 0)
        m_list->setCurrentRow(0);
    else
        load({});
}

void ListPage::done()
{
    m_key = savedKey;
    refresh();
}

} // namespace tierline::ui
