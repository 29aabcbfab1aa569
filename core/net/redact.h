#pragma once

#include "core/net/request.h"

namespace tierline::net {

/// One line about a request for a log: method, URL and headers with everything hidden that could be a
/// secret or a person's text. Values are shown by an allow-list, never hidden by a deny-list: query
/// values only where they are short numbers, path segments unless they look like a token, an address
/// or text, headers only of harmless names. Bodies are a byte count. The only way into the log.
QString redacted(const Request &request);
QString redacted(const QUrl &url);
/// Method and URL, the request's own or one that it was led to; of a secret path the host alone.
QString redactedPlace(const Request &request, const QUrl &url);
QString redacted(const Headers &headers);

} // namespace tierline::net
