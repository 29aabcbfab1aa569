#pragma once

#include <QHash>
#include <QMap>
#include <QWidget>

class QMenu;
class QPlainTextEdit;
class QPushButton;

namespace tierline::ui {

class ChoiceBox;
class PlainLabel;

/// The words of one template in its languages: one at a time in the editor, with the places that may stand in it
/// (Ctrl+Space), and below how it would read for a ticket. Thread: ui.
class TemplateTexts : public QWidget
{
    Q_OBJECT
public:
    explicit TemplateTexts(QWidget *parent = nullptr);

    /// By language code; the empty one is for all that have none of their own. None of them is empty.
    QMap<QString, QString> texts() const;
    void setTexts(const QMap<QString, QString> &texts);
    /// What is typed, as one value for each language: to keep it, and to tell whether it changed.
    QStringList values() const;
    void setValues(const QStringList &values);

    /// The ticket that it is tried on; with an empty key, invented ones.
    void setSample(const QString &ticket, const QHash<QString, QString> &values);
    void setReadOnly(bool on);
    void showLanguage(const QString &code);
    const QString &language() const { return m_shown; }
    QString preview() const;
    /// Its parts in the order in which Tab goes through them.
    QList<QWidget *> parts() const;

signals:
    void changed();

protected:
    void focusInEvent(QFocusEvent *event) override;

private:
    void makePlaces();
    void keep();
    void showText();
    void showPreview();
    void markLanguages();

    ChoiceBox *m_language;
    QPushButton *m_places;
    QMenu *m_menu;
    QPlainTextEdit *m_edit;
    PlainLabel *m_head;
    QPlainTextEdit *m_preview; ///< to be read; as long as it may be, it scrolls
    PlainLabel *m_problem;
    QMap<QString, QString> m_texts;
    QString m_shown; ///< language in the editor
    QString m_ticket;
    QHash<QString, QString> m_values;
};

} // namespace tierline::ui
