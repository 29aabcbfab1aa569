#pragma once

#include <QWidget>

class QPushButton;

namespace tierline::ui {

class FlowLayout;

/// Several of a few: check chips beside each other, each with its mark as well as its colour, on as
/// many lines as the width needs. Thread: ui.
class ChipGroup : public QWidget
{
    Q_OBJECT
public:
    explicit ChipGroup(QWidget *parent = nullptr);

    /// Adds one; a value that is there already is left as it is. `words` may be foreign.
    void add(const QString &value, const QString &words, bool isOn = false);
    QStringList chosen() const;
    void choose(const QStringList &values);
    const QList<QPushButton *> &chips() const { return m_chips; }

signals:
    void changed();

private:
    FlowLayout *m_flow;
    QList<QPushButton *> m_chips;
};

} // namespace tierline::ui
