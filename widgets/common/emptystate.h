#pragma once

#include "widgets/common/icons.h"

#include <QWidget>

class QPushButton;
class QVBoxLayout;

namespace tierline::ui {

class PlainLabel;

/// What stands where there is nothing to show: one sentence why, and one action that helps.
class EmptyState : public QWidget
{
    Q_OBJECT
public:
    explicit EmptyState(QWidget *parent = nullptr);
    EmptyState(
        Icon icon, const QString &sentence, const QString &action, QWidget *parent = nullptr);

    /// `action` is a verb; without one there is no button.
    void set(Icon icon, const QString &sentence, const QString &action = {});
    QString sentence() const;
    QPushButton *button() const { return m_button; }

signals:
    void actionRequested();

protected:
    void changeEvent(QEvent *event) override;

private:
    void showIcon();

    Icon m_icon = Icon::Queue;
    PlainLabel *m_picture;
    PlainLabel *m_sentence;
    QPushButton *m_button;
};

} // namespace tierline::ui
