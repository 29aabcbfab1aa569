#include "core/domain/firing.h"

#include <QStringList>

namespace tierline {

using namespace Qt::StringLiterals;

QString code(FiringOutcome outcome)
{
    static const QStringList table { u"fired"_s, u"shadow"_s, u"capped"_s, u"would-fire"_s,
        u"refused"_s, u"collapsed"_s, u"standing"_s, u"ended"_s, u"stopped"_s };
    return table.value(static_cast<int>(outcome));
}

QString code(NoticeTarget target)
{
    static const QStringList table { u"channel"_s, u"agent"_s, u"team"_s, u"pager"_s, u"mail"_s,
        u"role"_s, u"webhook"_s, u"tier"_s };
    return table.value(static_cast<int>(target));
}

} // namespace tierline
