#include "core/notify/smtp/smtpsignin.h"

namespace tierline::notify::smtp {

using namespace Qt::StringLiterals;

namespace {

QByteArray plainAnswer(const SmtpServer &server)
{
    return ('\0' + server.user.toUtf8() + '\0' + server.secret.expose().toByteArray()).toBase64();
}

QByteArray loginAnswer(const SmtpServer &server)
{
    return server.secret.expose().toByteArray().toBase64();
}

QByteArray tokenAnswer(const SmtpServer &server)
{
    return ("user=" + server.user.toUtf8() + "\1auth=Bearer " + server.secret.expose().toByteArray()
        + "\1\1")
        .toBase64();
}

} // namespace

QList<QByteArray> signInLines(const SmtpServer &server, const Reply &hello)
{
    QByteArrayList offered;
    for (const QByteArrayList &words : hello.words()) {
        if (words.first() == "AUTH")
            offered += words.sliced(1);
        else if (words.first().startsWith(
                     "AUTH=")) // as servers said it before there was a standard
            offered += QByteArrayList { words.first().mid(5) } + words.sliced(1);
    }
    const auto takes = [&](SignInBy by, const char *name) {
        const bool isWanted
            = server.signInBy == by || (server.signInBy == SignInBy::Auto && by != SignInBy::Token);
        return isWanted && offered.contains(name);
    };
    if (takes(SignInBy::Plain, "PLAIN"))
        return { "AUTH PLAIN " + plainAnswer(server) };
    if (takes(SignInBy::Login, "LOGIN"))
        return { "AUTH LOGIN", server.user.toUtf8().toBase64(), loginAnswer(server) };
    // A refused token is explained first, and refused once that was heard.
    if (takes(SignInBy::Token, "XOAUTH2"))
        return { "AUTH XOAUTH2 " + tokenAnswer(server), QByteArray() };
    return {};
}

QStringList formsOfSecret(const SmtpServer &server)
{
    if (server.secret.isEmpty())
        return {};
    QStringList forms { QString::fromUtf8(server.secret.expose()) };
    for (const QByteArray &said : { plainAnswer(server), loginAnswer(server), tokenAnswer(server) })
        forms.append(QString::fromLatin1(said));
    return forms;
}

} // namespace tierline::notify::smtp
