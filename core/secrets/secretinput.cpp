#include "core/secrets/secretinput.h"

#include "core/base/json.h"
#include "core/secrets/memorysecrets.h"

#include <QIODevice>

using namespace Qt::StringLiterals;

namespace tierline {

namespace {

constexpr qsizetype longestInput = 64 * 1024;
constexpr qsizetype longestName = 200;
constexpr qsizetype mostSecrets = 200;

class Collector
{
public:
    Result<Done> add(
        const QString &account, const QString &field, QByteArray &&bytes, const QString &where)
    {
        const SecretKey key { account, field };
        Secret secret = Secret::take(std::move(bytes));
        if (account.isEmpty() || account.size() > longestName || field.isEmpty()
            || field.size() > longestName)
            return badInput(
                u"The secrets name no account at %1: write ACCOUNT=SECRET or {\"ACCOUNT\":\"SECRET\"}."_s
                    .arg(where),
                where);
        if (secret.isEmpty() || secret.size() > Secret::Longest)
            return badInput(
                u"The secret of “%1” is empty or longer than 8 KiB."_s.arg(account), where);
        const QByteArrayView text = secret.expose();
        if (std::any_of(text.begin(), text.end(),
                [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }))
            return badInput(
                u"The secret of “%1” holds a control character, perhaps a line break."_s.arg(
                    account),
                where);
        for (const NamedSecret &other : m_found) {
            if (other.key == key)
                return badInput(u"“%1” has two secrets for “%2”."_s.arg(account, field), where);
        }
        if (m_found.size() == mostSecrets)
            return badInput(u"There are more than %1 secrets."_s.arg(mostSecrets));
        m_found.append({ key, std::move(secret) });
        return Done {};
    }

    QList<NamedSecret> m_found;
};

Result<QList<NamedSecret>> fromJson(const QByteArray &input)
{
    // The parser's own sentence would be about bytes of a secret, so only its place is passed on.
    const auto object = readJsonObject(input, { .bytes = longestInput, .depth = 2 });
    if (!object)
        return badInput(
            u"The secrets are no JSON object of account names and secrets, such as {\"acme\":\"…\"}."_s,
            object.error().where);
    const QString bare = QString::fromUtf16(MainSecret);
    Collector found;
    for (auto it = object->begin(); it != object->end(); ++it) {
        const QString where = u"account “%1”"_s.arg(it.key().left(longestName));
        if (it->isString()) {
            TIERLINE_CHECK(found.add(it.key(), bare, it->toString().toUtf8(), where));
            continue;
        }
        if (!it->isObject())
            return badInput(u"The secret of “%1” is neither text nor an object of texts."_s.arg(
                                it.key().left(longestName)),
                where);
        const QJsonObject fields = it->toObject();
        for (auto field = fields.begin(); field != fields.end(); ++field) {
            if (!field->isString())
                return badInput(u"The secret of “%1” has a field that is no text."_s.arg(
                                    it.key().left(longestName)),
                    where);
            TIERLINE_CHECK(found.add(it.key(), field.key(), field->toString().toUtf8(), where));
        }
    }
    return std::move(found.m_found);
}

Result<QList<NamedSecret>> fromLines(const QByteArray &input)
{
    Collector found;
    int number = 0;
    for (QByteArray line : input.split('\n')) {
        ++number;
        if (line.endsWith('\r'))
            line.chop(1);
        if (line.trimmed().isEmpty() || line.startsWith('#'))
            continue;
        const QString where = u"line %1"_s.arg(number);
        const qsizetype equals = line.indexOf('=');
        if (equals <= 0) {
            wipe(line);
            return badInput(u"Line %1 of the secrets is not ACCOUNT=SECRET."_s.arg(number), where);
        }
        const QString name = QString::fromUtf8(line.first(equals)).trimmed();
        const qsizetype dot = name.lastIndexOf(u'.');
        const QString account = dot < 0 ? name : name.first(dot);
        const QString field = dot < 0 ? QString::fromUtf16(MainSecret) : name.mid(dot + 1);
        QByteArray value = line.mid(equals + 1);
        wipe(line);
        TIERLINE_CHECK(found.add(account, field, std::move(value), where));
    }
    return std::move(found.m_found);
}

} // namespace

Result<QList<NamedSecret>> readSecrets(QByteArray &&input)
{
    QByteArray bytes = std::exchange(input, {});
    if (bytes.size() > longestInput) {
        wipe(bytes);
        return badInput(u"The secrets are longer than 64 KiB."_s);
    }
    const bool isJson = bytes.trimmed().startsWith('{');
    auto result = isJson ? fromJson(bytes) : fromLines(bytes);
    wipe(bytes);
    return result;
}

Result<Done> readSecrets(QIODevice &device, MemorySecrets &into)
{
    QByteArray bytes;
    // A pipe gives what it has; only an empty read is its end.
    while (bytes.size() <= longestInput) {
        QByteArray piece = device.read(longestInput + 1 - bytes.size());
        if (piece.isEmpty())
            break;
        bytes += piece;
        wipe(piece);
    }
    TIERLINE_TRY(secrets, readSecrets(std::move(bytes)));
    if (secrets.isEmpty())
        return badInput(
            u"No secret came on stdin: send one JSON object of account names and secrets."_s);
    for (const NamedSecret &named : secrets)
        into.put(named.key, named.secret);
    return Done {};
}

} // namespace tierline
