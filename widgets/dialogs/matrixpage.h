#pragma once

#include "core/desk/matrixboard.h"
#include "widgets/dialogs/settingspage.h"

namespace tierline::ui {

class PathRows;

/// The escalation matrix: its lines at the left in the order in which people read them, the chosen one at the right
/// with its path, and below what no line fits. Leads and admins may change it; on paper everybody may have it.
/// Thread: ui.
class MatrixPage : public ListPage
{
    Q_OBJECT
public:
    explicit MatrixPage(Workbench &workbench);

    void save() override;
    bool mayChange() const override;
    QString whoMay() const override;
    /// The first reading has come.
    bool isRead() const { return m_isRead; }
    /// Takes the shown line out, with the reason that is typed.
    void removeCurrent();
    /// The shipped lines become the matrix, with the reason that is typed or one of our own.
    void beginWithShipped();
    /// Writes the matrix as a PDF for A4, behind it; printed() says how it ended.
    void print(const QString &file);

signals:
    void printed(bool isWritten);

private:
    QList<std::pair<QString, QString>> entries() const override;
    void load(const QString &key) override;
    void done() override;
    void read();
    void take(const desk::MatrixBoard &board);
    void showGaps();
    Result<escalation::MatrixCell> cell();
    void choosePrintFile();

    desk::MatrixBoard m_board;
    bool m_isRead = false;
    bool m_isReading = false;
    bool m_isStale = false; ///< something changed while it was read
    bool m_isRemoving = false;
    QLineEdit *m_category;
    QLineEdit *m_type;
    QLineEdit *m_plan;
    ChoiceBox *m_severity;
    PathRows *m_path;
    ChoiceBox *m_kind;
    QSpinBox *m_priority;
    QLineEdit *m_procedure;
    QLineEdit *m_why; ///< of the next change; no part of what is kept
    PlainLabel *m_gaps;
    QPushButton *m_remove;
    QPushButton *m_begin;
    QPushButton *m_print;
};

} // namespace tierline::ui
