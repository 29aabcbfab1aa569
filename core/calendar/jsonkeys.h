#pragma once

#include "core/base/jsonkeys.h"
#include "core/calendar/duejson.h"

namespace tierline::sla {

/// The strict reader of settings, with lengths as targets are written ("8h", "2d").
class Keys : public JsonKeys
{
public:
    static constexpr qsizetype MostTexts = 1'000; ///< of a list

    using JsonKeys::JsonKeys;
    Result<QStringList> texts(const QString &name) { return JsonKeys::texts(name, MostTexts); }
    Result<Millis> length(const QString &name) { return JsonKeys::length(name, targetFromText); }
};

} // namespace tierline::sla
