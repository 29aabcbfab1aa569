#include "core/engine/firekey.h"

#include <QStringList>
#include <QUuid>

namespace tierline::engine {

using namespace Qt::StringLiterals;

QString operationOf(
    const QString &firingId, const QString &ticketKey, const QString &anchor, int level)
{
    // Any fixed name space will do; it only must never change.
    static const QUuid space(u"6f1c1d7e-3c0b-5b0e-9a52-7a1f0d5c9b41"_s);
    const QString key
        = QStringList { firingId, ticketKey, anchor, QString::number(level) }.join(u'\n');
    return QUuid::createUuidV5(space, key).toString(QUuid::WithoutBraces);
}

} // namespace tierline::engine
