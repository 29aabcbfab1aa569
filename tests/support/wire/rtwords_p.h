#pragma once

#include <QString>

namespace tierline::test::rtwords {

/// Request Tracker's words for codes of ours; "hold" is a status of its own there.
QString ofStatus(const QString &status);
QString ofPriority(const QString &priority);

} // namespace tierline::test::rtwords
