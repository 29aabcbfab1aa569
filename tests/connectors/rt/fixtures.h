#pragma once

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

namespace tierline::test {

/// A body as Request Tracker would send it, from the connector's own fixtures.
inline QByteArray rtBody(const QString &name)
{
    QFile file(
        QStringLiteral(TIERLINE_SOURCE_DIR "/core/connectors/rt/fixtures/%1.json").arg(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline QJsonObject rtObject(const QString &name)
{
    return QJsonDocument::fromJson(rtBody(name)).object();
}

} // namespace tierline::test
