#pragma once

#include "core/escalation/pathbook.h"

#include <QWidget>

class QGridLayout;
class QLineEdit;
class QPushButton;
class QToolButton;

namespace tierline::ui {

class ChoiceBox;
class PlainLabel;

/// The steps of a path of the escalation matrix, one a row: where the ticket goes, and how long it may lie there before
/// it goes on. The last one waits for nothing. All from the keyboard; a problem stands below its row. Thread: ui.
class PathRows : public QWidget
{
    Q_OBJECT
public:
    explicit PathRows(QWidget *parent = nullptr);

    /// Whom rows may lead to; what is chosen stays.
    void setPeople(const escalation::PathBook &book);
    void setSteps(const std::vector<escalation::PathStep> &steps);
    /// BadInput, shown below its row with the keys put there, where a row cannot be read.
    Result<std::vector<escalation::PathStep>> steps();
    /// What is typed, one text a row: to keep it, and to tell whether it changed.
    QStringList values() const;
    void setValues(const QStringList &values);
    QPushButton *addButton() const { return m_add; }
    /// Between which the keys reach the rows, however many there are.
    void setTabPlace(QWidget *before, QWidget *after);
    void clearProblems();

signals:
    void changed();

private:
    struct Row {
        ChoiceBox *to = nullptr;
        QLineEdit *wait = nullptr;
        QToolButton *remove = nullptr;
        PlainLabel *problem = nullptr;
    };
    Row &addRow();
    void drop(size_t index);
    void layOut();
    void fill(ChoiceBox *box) const;
    Error refuse(Row &row, QWidget *field, const QString &why);

    QGridLayout *m_grid;
    QList<PlainLabel *> m_heads;
    std::vector<Row> m_rows;
    std::vector<std::pair<QString, QString>> m_choices; ///< value, words
    QPushButton *m_add;
    QWidget *m_before = nullptr;
    QWidget *m_after = nullptr;
};

} // namespace tierline::ui
