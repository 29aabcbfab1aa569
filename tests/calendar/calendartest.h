#pragma once

#include "core/base/ids.h"
#include "core/base/json.h"
#include "core/calendar/duejson.h"
#include "core/calendar/servicetime.h"

#include <QTest>

namespace tierline::test {

inline Instant at(const char *iso)
{
    const auto parsed = Instant::parse(QString::fromLatin1(iso));
    return parsed ? *parsed : Instant { std::numeric_limits<qint64>::min() };
}

/// From JSON with ' for ".
inline QJsonObject object(QByteArray json)
{
    const auto read = readJsonObject(json.replace('\'', '"'));
    return read ? *read : QJsonObject();
}

inline Calendar calendar(const QByteArray &json)
{
    auto made = sla::calendarFromJson(object(json));
    if (!made)
        qFatal("%s: %s", json.constData(), qPrintable(made.error().detail));
    return *made;
}

inline const QByteArray officeHours = // Monday to Friday, nine to five
    "{'zone':'Europe/Berlin','hours':{'mon':[['09:00','17:00']],'tue':[['09:00','17:00']],"
    "'wed':[['09:00','17:00']],'thu':[['09:00','17:00']],'fri':[['09:00','17:00']]}";
inline const QByteArray A = officeHours + "}";
inline const QByteArray S // with a lunch break
    = QByteArray(officeHours).replace("['09:00','17:00']", "['09:00','12:00'],['13:00','17:00']")
    + "}";
inline const QByteArray G
    = QByteArray(officeHours).replace("['09:00','17:00']", "['08:00','18:00']") + "}";
inline const QByteArray N // nights, daily
    = "{'zone':'Europe/Berlin','hours':{'mon':[['22:00','06:00']],'tue':[['22:00','06:00']],"
      "'wed':[['22:00','06:00']],'thu':[['22:00','06:00']],'fri':[['22:00','06:00']],"
      "'sat':[['22:00','06:00']],'sun':[['22:00','06:00']]}}";
inline const QByteArray T = "{'zone':'Europe/Berlin','hours':'24/7'}";

} // namespace tierline::test
