#include "core/domain/delivery.h"

namespace tierline {

using namespace Qt::StringLiterals;

QString code(Delivery::State state)
{
    static const QStringList table { u"waiting"_s, u"sending"_s, u"sent"_s, u"refused"_s,
        u"given_up"_s, u"digest"_s, u"dropped"_s };
    return table.value(static_cast<int>(state));
}

QString code(Delivery::Act act)
{
    static const QStringList table { u"tell"_s, u"acknowledge"_s, u"resolve"_s };
    return table.value(static_cast<int>(act));
}

} // namespace tierline
