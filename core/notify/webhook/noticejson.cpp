#include "core/notify/webhook/noticejson.h"

#include "core/base/unicode.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QMessageAuthenticationCode>

namespace tierline::notify::webhook {

using namespace Qt::StringLiterals;

namespace {

QString actName(Act act)
{
    switch (act) {
    case Act::Tell: break;
    case Act::Acknowledge: return u"acknowledge"_s;
    case Act::Resolve: return u"resolve"_s;
    }
    return u"tell"_s;
}

} // namespace

QByteArray noticeJson(const Telling &telling)
{
    const Card &card = telling.card;
    QJsonObject notice { { u"version"_s, 1 }, { u"act"_s, actName(telling.act) },
        { u"at"_s, telling.at.iso() }, { u"urgent"_s, card.isUrgent } };
    const QList<QPair<QString, QString>> parts { { u"id"_s, telling.id },
        { u"topic"_s, telling.topic }, { u"ticket"_s, card.ticket }, { u"subject"_s, card.subject },
        { u"customer"_s, card.customer }, { u"plan"_s, card.plan }, { u"tier"_s, card.tier },
        { u"reason"_s, card.reason }, { u"text"_s, card.text }, { u"link"_s, card.link } };
    for (const auto &[name, value] : parts) {
        if (!value.isEmpty())
            notice.insert(name, validText(value));
    }
    return QJsonDocument(notice).toJson(QJsonDocument::Compact);
}

QByteArray signatureOf(const QByteArray &body, const Secret &secret, Instant now)
{
    const QByteArray seconds = QByteArray::number(now.ms / 1000);
    QByteArray key = secret.expose().toByteArray();
    const QByteArray code
        = QMessageAuthenticationCode::hash(seconds + '.' + body, key, QCryptographicHash::Sha256);
    wipe(key);
    return "t=" + seconds + ",v1=" + code.toHex();
}

} // namespace tierline::notify::webhook
