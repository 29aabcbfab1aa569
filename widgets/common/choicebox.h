#pragma once

#include <QComboBox>

namespace tierline::ui {

/// A list that takes typing: what is typed is looked for anywhere in the words and in the value, and
/// the only match is taken. Reached by key, its text is selected, so that typing replaces it. Ctrl+Enter in its open list takes the match and goes on to the dialog.
/// Thread: ui.
class ChoiceBox : public QComboBox
{
    Q_OBJECT
public:
    explicit ChoiceBox(QWidget *parent = nullptr);

    void add(const QString &value, const QString &words);
    /// What was chosen; empty where what is typed is nothing, or fits nothing or several.
    QString value() const;
    bool choose(const QString &value);
    /// Typed text that fits nothing or several.
    bool isUnclear() const { return value().isEmpty() && !currentText().trimmed().isEmpty(); }

signals:
    void valueChanged();

protected:
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    int match(const QString &typed) const;

    bool m_isLeft = true; ///< the focus went to another field since it was here
};

} // namespace tierline::ui
