#pragma once

#include "core/net/answer.h"

#include <QNetworkReply>

namespace tierline::net {

/// The sentence for a problem without a status, and what to branch on. `host` is who was asked.
Error problemError(Problem problem, const Request &request, const QString &host);

/// What Qt's error means. `status` is 0 where no headers came.
Problem problemOf(QNetworkReply::NetworkError error, int status);

/// For the log.
const char *problemName(Problem problem);
const char *outcomeName(Outcome outcome);

} // namespace tierline::net
