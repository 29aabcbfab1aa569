#include "core/commands/reasons.h"

#include "core/commands/staffwork_p.h"

#include <QJsonDocument>

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

const auto reasonsSetting = u"reasons"_s;
constexpr qsizetype mostReasons = 100;

bool isCode(const QString &text)
{
    return text.size() >= 2 && text.size() <= 40 && std::ranges::all_of(text, [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'-';
    });
}

} // namespace

Result<QStringList> loadReasons(storage::Connection &connection)
{
    TIERLINE_TRY(text, storage::loadSetting(connection, reasonsSetting));
    QStringList reasons = shippedReasons();
    for (const QJsonValue &value : QJsonDocument::fromJson(text.toUtf8()).array()) {
        const QString reason = value.toString().trimmed();
        if (!reason.isEmpty() && !reasons.contains(reason))
            reasons.append(reason);
    }
    return reasons;
}

Result<Done> replaceReasons(
    Context &context, storage::WriteScope &scope, const QStringList &own, const QString &why)
{
    QStringList kept;
    for (const QString &reason : own) {
        if (!isCode(reason))
            return badInput(
                u"“%1” is no reason code: 2 to 40 small letters, digits and dashes, such as "
                "missing-tools."_s.arg(reason.left(60)),
                u"reason"_s);
        if (!kept.contains(reason) && !shippedReasons().contains(reason))
            kept.append(reason);
    }
    if (kept.size() > mostReasons)
        return badInput(
            u"A workspace has at most %1 reasons of its own."_s.arg(mostReasons), u"reason"_s);
    const QJsonArray json = QJsonArray::fromStringList(kept);
    TIERLINE_CHECK(storage::saveSetting(scope, reasonsSetting,
        QString::fromUtf8(QJsonDocument(json).toJson(QJsonDocument::Compact))));
    return logWorkspace(context, scope, why, { { reasonsSetting, json } });
}

} // namespace tierline::commands
