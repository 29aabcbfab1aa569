#pragma once

#include "core/calendar/agreement.h"

#include <QWidget>

class QGridLayout;
class QPushButton;
class QToolButton;

namespace tierline::ui {

class ChoiceBox;
class PlainLabel;
class WholeField;

/// The words of a field in which several stand with commas between them.
QStringList wordsOf(const QString &text);

/// What a policy promises: a row for each target with its clock, its length and for which tiers, channels
/// and priorities it is; what a field has no room for stands below its row. The first row of a clock that fits a ticket holds. All from the keyboard; a problem
/// stands below its row. Thread: ui.
class TargetRows : public QWidget
{
    Q_OBJECT
public:
    explicit TargetRows(QWidget *parent = nullptr);

    /// The clocks that rows may be about; those of other parties are not offered.
    void setParty(sla::Party party);
    void setTargets(const std::vector<sla::PolicyTarget> &targets);
    /// BadInput, shown below its row with the keys put there, where a row cannot be read.
    Result<std::vector<sla::PolicyTarget>> targets();
    /// What is typed, one text a row: to keep it, and to tell whether it changed.
    QStringList values() const;
    void setValues(const QStringList &values);
    QPushButton *addButton() const { return m_add; }
    void clearProblems();

signals:
    void changed();

private:
    struct Row {
        ChoiceBox *clock = nullptr;
        WholeField *length = nullptr;
        WholeField *tiers = nullptr;
        WholeField *channels = nullptr;
        WholeField *priorities = nullptr;
        QToolButton *remove = nullptr;
        PlainLabel *words = nullptr; ///< whole, of fields that are too narrow for theirs
        PlainLabel *problem = nullptr;
        sla::FieldMatch more; ///< conditions that no field here shows, kept as they are
    };
    Row &addRow();
    void removeRow(QWidget *of);
    void drop(size_t index);
    void layOut();
    void showWords();
    Result<sla::PolicyTarget> read(Row &row);
    Error refuse(Row &row, QWidget *field, const QString &why);

    QGridLayout *m_grid;
    QList<PlainLabel *> m_heads;
    std::vector<Row> m_rows;
    QPushButton *m_add;
    sla::Party m_party = sla::Party::Customer;
};

} // namespace tierline::ui
