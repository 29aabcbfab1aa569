#pragma once

#include "widgets/dialogs/fieldset.h"
#include "widgets/docks/api/workbench.h"

#include <QPointer>

class QCheckBox;
class QLineEdit;
class QListWidget;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace tierline::ui {

class ChipGroup;
class ChoiceBox;
class PlainLabel;

/// One page of the settings: fields, warnings of the workspace in their own place, and a verb. What is
/// being typed is never replaced by news from the store. Thread: ui.
class SettingsPage : public QWidget
{
    Q_OBJECT
public:
    explicit SettingsPage(Workbench &workbench);

    /// Reads the fields and saves them; says beside a field why not.
    virtual void save() = 0;
    /// Lists follow the workspace; fields stay.
    virtual void refresh() { }
    /// What was typed here and is not saved yet, as people read it.
    virtual QStringList unsaved() const = 0;
    /// Whether this person's role may change what stands here.
    virtual bool mayChange() const { return people().me.role == Role::Admin; }
    /// Whose this page is to change, as a sentence for those who may only read it.
    virtual QString whoMay() const
    {
        return tr("People, teams and tiers are an admin's to change.");
    }
    /// The verb of the dialog while this page is in front; empty: it saves.
    virtual QString verb() const { return {}; }
    /// Whether it has fields that the dialog's verb saves.
    virtual bool hasFields() const { return true; }
    FieldSet &set() { return m_set; }
    /// What the workspace said about the last save besides "done".
    QString warnings() const;

signals:
    void saved();
    void refused(); ///< a problem is shown now
    void busyChanged(bool isBusy);

protected:
    template<typename Command>
    void run(Command command)
    {
        m_set.clear();
        showWarnings({});
        emit busyChanged(true);
        // The context must outlive the continuation, which a page need not.
        m_workbench.session()
            .change(std::move(command))
            .then(&m_workbench.session(),
                [self = QPointer(this)](const Result<commands::WorkspaceOutcome> &outcome) {
                    if (self)
                        self->end(outcome);
                });
    }
    void end(const Result<commands::WorkspaceOutcome> &outcome);
    virtual void done() { }
    void refuse(const Error &error);
    void showWarnings(const QStringList &warnings);
    Workbench &workbench() { return m_workbench; }
    const desk::People &people() const { return m_workbench.people(); }
    void addRow(QVBoxLayout *column, const QList<QWidget *> &blocks);
    QVBoxLayout *editor() const { return m_editor; }
    /// The list of layOutList() and what stands below it.
    QVBoxLayout *side() const { return m_side; }
    /// Puts what is common below the fields.
    void closeEditor();
    /// The page of several entries: their list, and below it the way to add one, at the left; the editor
    /// at the right.
    void layOutList(QListWidget *list, QPushButton *add);

private:
    Workbench &m_workbench;
    FieldSet m_set;
    QVBoxLayout *m_editor;
    QVBoxLayout *m_side = nullptr;
    PlainLabel *m_warnings;
};

/// Who sits here.
class MePage : public SettingsPage
{
    Q_OBJECT
public:
    explicit MePage(Workbench &workbench);
    void save() override;
    QStringList unsaved() const override;

private:
    ChoiceBox *m_me;
};

/// A list at the left, the chosen one's fields at the right, and a way to add another. What was typed
/// into one and not saved is kept while another is shown, and marked in the list.
class ListPage : public SettingsPage
{
    Q_OBJECT
public:
    ListPage(Workbench &workbench, const QString &listName, const QString &addText);
    void refresh() override;
    QStringList unsaved() const override;

protected:
    using Values = QVariantList; ///< of the fields, in their order

    virtual QList<std::pair<QString, QString>> entries() const = 0; ///< key, words
    virtual void load(const QString &key) = 0; ///< empty: a new one
    /// Everything that load() fills, first what names the entry and is fixed once it is saved. Called
    /// once, before start().
    void setFields(const QList<QWidget *> &fields);
    void done() override;
    /// Saves what the fields say; `key` is the one they belong to from then on.
    template<typename Command>
    void runSave(const QString &key, Command command)
    {
        beginSave(key);
        run(std::move(command));
    }
    /// The same for work of another kind: what the fields say is under way, and has been saved.
    void beginSave(const QString &key);
    void endSave() { done(); }
    QListWidget *list() const { return m_list; }
    QPushButton *addButton() const { return m_add; }
    /// Shows another entry; empty: a new one.
    void show(const QString &key);
    /// What is kept has changed: the list follows, and so do fields in which nobody has typed.
    void follow();
    /// Of the one that is edited; empty while it is new.
    const QString &key() const { return m_key; }
    bool isNew() const { return m_key.isEmpty(); }
    void start(); ///< shows the first entry

private:
    void setKey(const QString &key);
    Values values() const;
    void setValues(const Values &values);
    bool isEdited() const { return values() != m_loaded; }
    bool isUnsaved(const QString &key) const;
    void keepDraft();
    void mark();

    QListWidget *m_list;
    QPushButton *m_add;
    QString m_addText;
    QList<QWidget *> m_fields;
    QString m_key;
    Values m_loaded; ///< the fields as they were filled from the workspace
    QHash<QString, Values> m_drafts; ///< of those that are not shown
    QString
        m_savingAs; ///< what is being saved: its key from then on, its key until then, the values
    QString m_saving;
    Values m_savingValues;
    bool m_isFilling = false;
};

class AgentsPage : public ListPage
{
    Q_OBJECT
public:
    explicit AgentsPage(Workbench &workbench);
    void save() override;
    void refresh() override;

private:
    QList<std::pair<QString, QString>> entries() const override;
    void load(const QString &key) override;
    void fillLists();

    QLineEdit *m_id;
    QLineEdit *m_name;
    QLineEdit *m_mail;
    ChoiceBox *m_tier;
    ChoiceBox *m_role;
    ChipGroup *m_teams;
    ChipGroup *m_grants;
    QLineEdit *m_note;
    QCheckBox *m_isActive;
};

class TeamsPage : public ListPage
{
    Q_OBJECT
public:
    explicit TeamsPage(Workbench &workbench);
    void save() override;
    void refresh() override;

private:
    QList<std::pair<QString, QString>> entries() const override;
    void load(const QString &key) override;

    QLineEdit *m_name;
    ChoiceBox *m_tier;
    ChoiceBox *m_confidential;
};

class TiersPage : public ListPage
{
    Q_OBJECT
public:
    explicit TiersPage(Workbench &workbench);
    void save() override;

private:
    QList<std::pair<QString, QString>> entries() const override;
    void load(const QString &key) override;

    QLineEdit *m_id;
    QLineEdit *m_name;
    QSpinBox *m_rank;
    QLineEdit *m_duty;
    QSpinBox *m_accept;
    QSpinBox *m_resolve;
    QSpinBox *m_reply;
};

} // namespace tierline::ui
