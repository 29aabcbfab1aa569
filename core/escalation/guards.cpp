#include "core/escalation/guards.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace tierline::escalation {

using namespace Qt::StringLiterals;

namespace {

bool isBlank(const QString &text)
{
    return text.trimmed().isEmpty();
}

} // namespace

QStringList wordsOf(const QString &text)
{
    QStringList words;
    QString word;
    for (const QChar c : text) {
        if (c.isLetterOrNumber() || c.isSurrogate()) {
            word += c.toLower();
        } else if (!word.isEmpty()) {
            words.append(word);
            word.clear();
        }
    }
    if (!word.isEmpty())
        words.append(word);
    return words;
}

QList<DoNotEscalate> readDoNotEscalate(const QString &json)
{
    QList<DoNotEscalate> list;
    const QJsonArray entries = QJsonDocument::fromJson(json.toUtf8()).array();
    for (const QJsonValue &value : entries) {
        const QJsonObject entry = value.toObject();
        DoNotEscalate item { entry.value("words"_L1).toString(),
            entry.value("recipe"_L1).toString() };
        if (!wordsOf(item.words).isEmpty())
            list.append(item);
    }
    return list;
}

Result<Done> requiredFields(const Ask &ask, const QStringList &reasons)
{
    if (isBlank(ask.toTier))
        return badInput(
            u"The escalation has no target: name the tier that the ticket should go to."_s,
            u"to"_s);
    if (isBlank(ask.reason))
        return badInput(
            u"The escalation has no reason code: use one of %1."_s.arg(reasons.join(u", "_s)),
            u"reason"_s);
    if (!reasons.contains(ask.reason))
        return badInput(u"There is no reason code “%1”: use one of %2."_s.arg(
                            ask.reason.left(40), reasons.join(u", "_s)),
            u"reason"_s);
    return checkForm(ask.form, ask.reason);
}

Result<Done> goesUp(const Tier &from, const Tier &to)
{
    if (to.rank > from.rank)
        return Done {};
    return badInput(
        u"The ticket is at %1, and %2 is not above it: choose a higher tier, or reassign the "
        "ticket within its tier."_s.arg(from.id, to.id),
        u"to"_s);
}

QStringList warnings(const QString &subject, const Ask &ask, const QList<DoNotEscalate> &list)
{
    QStringList said;
    if (isFastLane(ask.reason))
        return said;
    const QStringList text = wordsOf(subject + u' ' + ask.form.summary);
    for (const DoNotEscalate &entry : list) {
        const QStringList wanted = wordsOf(entry.words);
        if (!std::ranges::all_of(wanted, [&](const QString &word) { return text.contains(word); }))
            continue;
        QString sentence = u"“%1” is on the do-not-escalate list."_s.arg(entry.words.trimmed());
        if (!isBlank(entry.recipe))
            sentence += u' ' + entry.recipe.trimmed();
        said.append(sentence);
    }
    return said;
}

} // namespace tierline::escalation
