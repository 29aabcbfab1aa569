#pragma once

#include "core/desk/templatework.h"
#include "widgets/dialogs/settingspage.h"

namespace tierline::ui {

class TemplateTexts;

/// What rules tell customers by name: each text with its languages, its preview and the day on which somebody
/// should read it again. Leads and admins may change them. Thread: ui.
class TemplatesPage : public ListPage
{
    Q_OBJECT
public:
    explicit TemplatesPage(Workbench &workbench);

    void save() override;
    bool mayChange() const override;
    QString whoMay() const override;
    /// The first reading has come.
    bool isRead() const { return m_isRead; }
    /// Takes the shown one away, with the reason that is typed.
    void removeCurrent();

private:
    QList<std::pair<QString, QString>> entries() const override;
    void load(const QString &key) override;
    void done() override;
    void read();
    void take(const desk::TemplateBoard &board);
    bool isDue(const commands::Template &one) const;

    desk::TemplateBoard m_board;
    QDate m_today; ///< when it was read
    QString m_filled; ///< whose fields were filled last
    bool m_isRead = false;
    bool m_isReading = false;
    bool m_isStale = false; ///< something changed while it was read
    bool m_isRemoving = false;
    QLineEdit *m_name;
    TemplateTexts *m_texts;
    QLineEdit *m_review;
    QLineEdit *m_why; ///< of the next change; no part of what is kept
    QPushButton *m_remove;
};

} // namespace tierline::ui
