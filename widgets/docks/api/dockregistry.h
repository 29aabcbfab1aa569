#pragma once

#include "widgets/docks/api/workbench.h"

#include <QKeySequence>
#include <QWidget>

#include <functional>

namespace tierline::ui {

/// Where a dock stands in the shipped layout, from left to right; docks of one place are tabbed.
enum class DockPlace : quint8 { Rail, Queues, Ticket, Side };

/// A dock as its room registers it. `id` is object name and settings key: never renamed, never
/// translated. `make` is called once, on the ui thread; the window owns what it gives.
struct DockSpec {
    QString id;
    QString title; ///< translated
    DockPlace place = DockPlace::Side;
    QKeySequence shortcut; ///< shows and focuses the dock
    bool hasTitleBar = true;
    int order = 0; ///< among the docks of its place; the first is in front
    std::function<QWidget *(Workbench &, QWidget *parent)> make;
};

/// All docks of the program. Rooms add theirs in registerDock(DockRegistry &, …); the shell makes
/// them. A dock that depends on data (one queue for each tier) is added when the people are known.
class DockRegistry
{
public:
    void add(DockSpec spec) { m_specs.append(std::move(spec)); }
    const QList<DockSpec> &specs() const { return m_specs; }

private:
    QList<DockSpec> m_specs;
};

} // namespace tierline::ui
