#include "core/handoff/package.h"

#include "core/base/instant.h"
#include "core/handoff/screen.h"
#include "core/text/mask.h"

#include <QJsonArray>

namespace tierline::handoff {

using namespace Qt::StringLiterals;

namespace {

QJsonValue maskedValue(const QJsonValue &value);

QJsonObject maskedObject(const QJsonObject &object)
{
    QJsonObject safe;
    for (auto it = object.begin(); it != object.end(); ++it)
        safe.insert(text::maskSecrets(it.key()).text, maskedValue(it.value()));
    return safe;
}

QJsonValue maskedValue(const QJsonValue &value)
{
    if (value.isString()) {
        const QString whole = value.toString();
        return Instant::parse(whole) ? whole : text::maskSecrets(whole).text;
    }
    if (value.isObject())
        return maskedObject(value.toObject());
    if (!value.isArray())
        return value;
    QJsonArray safe;
    for (const QJsonValue &entry : value.toArray())
        safe.append(maskedValue(entry));
    return safe;
}

} // namespace

Handoff masked(const Handoff &handoff)
{
    Handoff safe = handoff;
    safe.document.remove(u"first_screen"_s);
    safe.document = maskedObject(safe.document);
    safe.document.insert(u"escalation"_s, handoff.document.value(u"escalation"));
    safe.document.insert(u"masked"_s, true);
    // The first screen is made again from the masked texts, never masked itself: a number cut in the
    // middle would no longer look like the secret that it is part of.
    safe.document.insert(u"first_screen"_s, screenOf(safe.document));
    return safe;
}

} // namespace tierline::handoff
