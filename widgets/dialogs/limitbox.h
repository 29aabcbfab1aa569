#pragma once

#include <QSpinBox>

namespace tierline::ui {

/// A time limit in minutes, shown and typed in the unit that fits: "30 min", "4 h", "2 d". A number
/// alone is minutes. Thread: ui.
class LimitBox : public QSpinBox
{
    Q_OBJECT
public:
    explicit LimitBox(QWidget *parent = nullptr);

    QValidator::State validate(QString &text, int &position) const override;
    void stepBy(int steps) override;

protected:
    int valueFromText(const QString &text) const override;
    QString textFromValue(int minutes) const override;
};

} // namespace tierline::ui
