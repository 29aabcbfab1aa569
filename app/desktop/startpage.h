#pragma once

#include "core/desk/firstrun.h"

#include <QFutureWatcher>
#include <QWidget>

class QProgressBar;
class QPushButton;

namespace tierline::ui {

class PlainLabel;

/// What the window shows where there is no workspace yet: look around with sample data, or begin
/// empty. Thread: ui.
class StartPage : public QWidget
{
    Q_OBJECT
public:
    StartPage(storage::Workspace workspace, const Clock &clock, RandomSource &random,
        QWidget *parent = nullptr);

    QPushButton *sampleButton() const { return m_sample; }
    QPushButton *emptyButton() const { return m_empty; }

signals:
    void made(); ///< the workspace is there: open it

private:
    void make(bool withSample);

    storage::Workspace m_workspace;
    const Clock &m_clock;
    RandomSource &m_random;
    PlainLabel *m_text;
    QPushButton *m_sample;
    QPushButton *m_empty;
    QProgressBar *m_progress;
    QFutureWatcher<Result<Done>> m_watcher;
};

} // namespace tierline::ui
