#include "tests/support/fakedesk/deskstate.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace tierline::test {

using namespace Qt::StringLiterals;

namespace {

bool isEmpty(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Null:
    case QJsonValue::Undefined: return true;
    case QJsonValue::String: return value.toString().isEmpty();
    case QJsonValue::Array: return value.toArray().isEmpty();
    default: return false;
    }
}

// Control characters and line breaks written out, so that a message is one line.
QString quoted(const QJsonValue &value)
{
    const QByteArray json = QJsonDocument(QJsonArray { value }).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(json.mid(1, json.size() - 2));
}

} // namespace

QJsonObject saidFields(const QJsonObject &fields)
{
    QJsonObject said;
    for (auto it = fields.begin(); it != fields.end(); ++it) {
        if (!isEmpty(it.value()))
            said.insert(it.key(), it.value());
    }
    return said;
}

QString printed(const DeskState &state)
{
    QString text;
    for (const auto &[id, ticket] : state.tickets) {
        text += u'#' + id;
        for (auto it = ticket.fields.begin(); it != ticket.fields.end(); ++it)
            text += u' ' + it.key() + u'=' + quoted(it.value());
        text += u'\n';
        for (const MessagePicture &message : ticket.messages) {
            text += u"  "_s + code(message.kind) + u' ';
            if (!message.operation.isEmpty())
                text += u'[' + message.operation + u"] "_s;
            text += quoted(message.text) + u'\n';
        }
    }
    return text;
}

QString difference(const DeskState &here, const DeskState &there)
{
    constexpr int most = 12;
    const QStringList left = printed(here).split(u'\n');
    const QStringList right = printed(there).split(u'\n');
    QStringList lines;
    // Not a longest common subsequence: where lines are missing the rest differs, and the start of it
    // is what one wants to see.
    for (qsizetype i = 0; i < std::max(left.size(), right.size()) && lines.size() < most; ++i) {
        if (left.value(i) == right.value(i))
            continue;
        if (i < left.size())
            lines.append(u'-' + left[i]);
        if (i < right.size())
            lines.append(u'+' + right[i]);
    }
    return lines.join(u'\n');
}

char *toString(const DeskState &state)
{
    return qstrdup(printed(state).toUtf8().constData());
}

} // namespace tierline::test
