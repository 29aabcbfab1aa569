#pragma once

#include <QByteArray>
#include <QString>
#include <QStringView>

namespace tierline::text {

/// A `data:` picture of one of the four formats a view decodes, re-serialised; empty where it is
/// not base64, its content is not what its type says, or it has more than `maxBytes`. O(n).
struct DataPicture {
    QString url;
    qsizetype bytes = 0;
};
DataPicture readDataPicture(QStringView url, qsizetype maxBytes);

/// The name that a `cid:` address speaks of, percent-decoded; empty where it is none.
QString cidName(QStringView url);

} // namespace tierline::text
