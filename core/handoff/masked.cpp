#include "core/handoff/package.h"

#include "core/base/instant.h"
#include "core/handoff/screen.h"
#include "core/text/mask.h"

#include <QCache>
#include <QJsonArray>
#include <QUuid>

namespace tierline::handoff {

using namespace Qt::StringLiterals;

namespace {

/// Most of a package is names of fields and codes, the same ones again and again. Only what holds no secret
/// is remembered; pure, so each thread has its own.
QString safeText(const QString &whole)
{
    thread_local QCache<QString, bool> harmless(2'000);
    if (harmless.object(whole))
        return whole;
    const QString safe = text::maskSecrets(whole).text;
    if (safe == whole && whole.size() <= 40)
        harmless.insert(whole, new bool(true));
    return safe;
}

/// Our own ids join what comes back to what left; of their digits any could look like a number.
bool isOurs(const QString &text)
{
    return Instant::parse(text) || (text.size() == 36 && !QUuid::fromString(text).isNull());
}

QJsonValue maskedValue(const QJsonValue &value);

QJsonObject maskedObject(const QJsonObject &object)
{
    QJsonObject safe;
    for (auto it = object.begin(); it != object.end(); ++it)
        safe.insert(safeText(it.key()), maskedValue(it.value()));
    return safe;
}

QJsonValue maskedValue(const QJsonValue &value)
{
    if (value.isString()) {
        const QString whole = value.toString();
        return isOurs(whole) ? whole : safeText(whole);
    }
    if (value.isObject())
        return maskedObject(value.toObject());
    return value.isArray() ? QJsonValue(masked(value.toArray())) : value;
}

} // namespace

QString masked(const QString &text)
{
    return safeText(text);
}

QJsonArray masked(const QJsonArray &values)
{
    QJsonArray safe;
    for (const QJsonValue &value : values)
        safe.append(maskedValue(value));
    return safe;
}

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
