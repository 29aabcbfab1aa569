#pragma once

#include "core/desk/agreementwork.h"
#include "widgets/dialogs/settingspage.h"

class QPlainTextEdit;
class QToolButton;

namespace tierline::ui {

class TargetRows;

/// What is common to the pages of agreements: what is agreed is read off the ui thread, and saving leads over
/// AgreementReview, which counts the tickets that it moves. Leads and admins may. Thread: ui.
class AgreementPage : public ListPage
{
    Q_OBJECT
public:
    AgreementPage(Workbench &workbench, const QString &listName, const QString &addText);

    bool mayChange() const override;
    QString whoMay() const override;
    QString verb() const override { return tr("Look what it changes…"); }
    /// The first reading has come.
    bool isRead() const { return m_isRead; }
    /// What was saved last here is put back as it was before, by way of the same look at what that moves.
    /// Versions are never taken out: what was in between stays in the past.
    void takeBack();
    bool mayTakeBack() const { return m_before.has_value(); }

protected:
    const desk::AgreementsNow &agreed() const { return m_agreed; }
    QStringList calendarNames() const;
    /// What was read has come; fields that nobody has touched follow.
    virtual void agreementsChanged() = 0;
    /// Shows what the change moves, and saves it there.
    void review(const QString &key, commands::SaveAgreements change, const QString &what);

private:
    void read();
    void showTakeBack();
    commands::SaveAgreements inverseOf(const commands::SaveAgreements &change) const;

    desk::AgreementsNow m_agreed;
    std::optional<commands::SaveAgreements> m_before; ///< what puts the last saving back
    QPushButton *m_takeBack;
    bool m_isRead = false;
    bool m_isReading = false;
    bool m_isStale = false;
};

/// What is promised: policies in the order in which they are asked; of each party the first that matches a
/// ticket rules it. Alt+Up and Alt+Down move the chosen one.
class PoliciesPage : public AgreementPage
{
    Q_OBJECT
public:
    explicit PoliciesPage(Workbench &workbench);
    void save() override;
    QStringList unsaved() const override;
    /// Names in the order that is shown.
    const QStringList &order() const { return m_order; }
    void move(int steps);
    void removeCurrent();

private:
    QList<std::pair<QString, QString>> entries() const override;
    void load(const QString &key) override;
    void agreementsChanged() override;
    void makeFields();
    void makeOptions();
    void makeOrder();
    const sla::Policy *policy(const QString &name) const;
    QStringList storedOrder() const;
    Result<sla::Policy> readFields();
    std::vector<sla::Policy> inOrder(const QString &saving, const sla::Policy *edited) const;
    void showOrderButtons();
    void onParty();

    QStringList m_order;
    QLineEdit *m_name;
    ChoiceBox *m_party;
    QCheckBox *m_isDefault;
    ChipGroup *m_tiers;
    ChipGroup *m_priorities;
    QLineEdit *m_channels;
    QLineEdit *m_plans;
    QLineEdit *m_organizations;
    QLineEdit *m_tags;
    ChoiceBox *m_calendar;
    ChoiceBox *m_zone;
    TargetRows *m_targets;
    ChipGroup *m_pauses;
    QLineEdit *m_grace;
    ChoiceBox *m_climbs;
    QCheckBox *m_calls;
    QCheckBox *m_alarms;
    QToolButton *m_up = nullptr;
    QToolButton *m_down = nullptr;
    QToolButton *m_remove = nullptr;
};

/// When a team serves: calendars with their zone, week and special days, also from a file of holidays.
class CalendarsPage : public AgreementPage
{
    Q_OBJECT
public:
    explicit CalendarsPage(Workbench &workbench);
    void save() override;

private:
    QList<std::pair<QString, QString>> entries() const override;
    void load(const QString &key) override;
    void agreementsChanged() override;
    void makeWeek();
    Result<Calendar::Definition> readFields();
    void askHolidays();
    void take(const std::vector<Holiday> &days);
    void showAlways();

    QLineEdit *m_name;
    ChoiceBox *m_zone;
    QCheckBox *m_isAlways;
    QList<QLineEdit *> m_week;
    QWidget *m_hours; ///< week and special days: gone where it never closes
    QPlainTextEdit *m_special;
    QPushButton *m_file;
    PlainLabel *m_facts;
};

} // namespace tierline::ui
