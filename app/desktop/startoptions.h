#pragma once

#include "core/base/result.h"

#include <QSize>
#include <QStringList>

namespace tierline::ui {

/// What the command line of the desktop says.
struct StartOptions {
    QString folder; ///< of the workspace
    QString as;
    QString ticket; ///< key to open
    QString place; ///< "tier:L3"
    QString dock; ///< to show in front: "handoff", "metrics"
    QString screenshot; ///< write the window into this file once it is ready, and end
    QSize size; ///< of the window; invalid: as it was
    QString scheme; ///< light, dark, or empty
    bool firstPaint = false; ///< print "painted" once a queue with rows is on the screen
    bool version = false;
    bool help = false;
};

Result<StartOptions> readStartOptions(const QStringList &words);
QString startUsage();

} // namespace tierline::ui
