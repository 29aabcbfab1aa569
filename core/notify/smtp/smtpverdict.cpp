#include "core/notify/smtp/smtpverdict.h"

#include "core/notify/smtp/smtpsignin.h"

namespace tierline::notify::smtp {

using namespace Qt::StringLiterals;

namespace {

using Trouble = SmtpEnd::Trouble;
using Step = SmtpEnd::Step;
using Outcome = Told::Outcome;

constexpr int signInFirst = 530;

Told told(Outcome outcome, Fault fault, const QString &detail, bool isShut = false)
{
    Told result { .outcome = outcome, .isWayShut = isShut };
    const Retry retry = fault == Fault::SignIn ? Retry::AfterSignIn
        : outcome == Outcome::Refused          ? Retry::Never
                                               : Retry::Later;
    result.error = Error { .fault = fault, .detail = detail, .retry = retry };
    return result;
}

/// ": it says “550 no such user”." or just the end of the sentence.
QString words(const Reply &reply, const QStringList &withheld)
{
    const QString text = cleaned(reply, withheld);
    return text.isEmpty() ? u" (%1)."_s.arg(reply.code)
                          : u": it says “%1 %2”."_s.arg(reply.code).arg(text);
}

QString whatWasRefused(const SmtpEnd &end, const QString &host)
{
    switch (end.step) {
    case Step::SignIn:
        return u"%1 does not accept the sign-in; check user and password, and whether it wants a password of its own for programs"_s
            .arg(host);
    case Step::From:
        return u"%1 takes no mail from the sender's address; check “from” and what this sign-in may send as"_s
            .arg(host);
    case Step::To: return u"%1 takes no mail for this address; check it"_s.arg(host);
    case Step::Message: return u"%1 does not take this mail"_s.arg(host);
    default: break;
    }
    return u"%1 takes no mail from here; ask whoever runs it"_s.arg(host);
}

Told refused(const SmtpEnd &end, const SmtpServer &server, const QStringList &withheld)
{
    const Reply &reply = end.reply;
    if (reply.isPassing())
        return told(Outcome::Later, Fault::BadReply,
            u"%1 takes no mail just now; it is tried again by itself"_s.arg(server.host)
                + words(reply, withheld));
    if (!reply.isFinal())
        return told(Outcome::Later, Fault::BadReply,
            u"%1 does not answer as a mail server does; check address and port."_s.arg(
                server.host));
    const bool isSignIn = end.step == Step::SignIn || reply.code == signInFirst;
    // Of one address or one mail it says nothing about the next.
    const bool isShut = isSignIn || (end.step != Step::To && end.step != Step::Message);
    const QString what = reply.code == signInFirst && end.step != Step::SignIn
        ? u"%1 wants a sign-in first; give user and password"_s.arg(server.host)
        : whatWasRefused(end, server.host);
    return told(Outcome::Refused, isSignIn ? Fault::SignIn : Fault::NotAllowed,
        what + words(reply, withheld), isShut);
}

} // namespace

Told toldBy(const SmtpEnd &end, const SmtpServer &server, const QStringList &others)
{
    const QString &host = server.host;
    const QStringList withheld = formsOfSecret(server) + others;
    // Whoever hears of no answer does not know; whoever hears a refusal does.
    const Outcome unheard = end.isHandedOver ? Outcome::Unknown : Outcome::Later;
    switch (end.trouble) {
    case Trouble::None: return { .outcome = Outcome::Arrived };
    case Trouble::Offline:
        return told(unheard, Fault::Offline,
            u"%1 cannot be reached; check the network, the address and the port. It is tried again by itself."_s
                .arg(host));
    case Trouble::Late:
        return told(unheard, Fault::Timeout,
            u"%1 did not answer in time; it is tried again by itself."_s.arg(host));
    case Trouble::Broken:
        return told(unheard, Fault::Offline,
            u"%1 broke the connection off; it is tried again by itself."_s.arg(host));
    case Trouble::Certificate:
        return told(Outcome::Refused, Fault::NotAllowed, end.certificate, true);
    case Trouble::Tls:
        return told(Outcome::Later, Fault::Offline,
            u"No encrypted connection to %1 could be made, so nothing was sent; check that it speaks TLS 1.2 or later, and the address: smtp:// begins in the clear (587), smtps:// encrypted (465)."_s
                .arg(host));
    case Trouble::NoTls:
        return told(Outcome::Refused, Fault::NotAllowed,
            u"%1 offers no encryption (STARTTLS), so nothing was sent; ask whoever runs it, or use smtps:// with its port."_s
                .arg(host),
            true);
    case Trouble::Injected:
        return told(Outcome::Refused, Fault::NotAllowed,
            u"%1 said more than it should before the connection was encrypted, as somebody in between would, so nothing was sent; ask whoever runs the server or the network."_s
                .arg(host),
            true);
    case Trouble::NoSignIn:
        return told(Outcome::Refused, Fault::SignIn,
            u"%1 offers no sign-in that is wanted here, so nothing was sent; choose another one under “auth”."_s
                .arg(host),
            true);
    case Trouble::Gibberish:
        return told(unheard, Fault::BadReply,
            u"%1 does not answer as a mail server does; check address and port."_s.arg(host));
    case Trouble::Reply: break;
    }
    return refused(end, server, withheld);
}

Result<QString> testedBy(const SmtpEnd &end, const SmtpServer &server)
{
    if (end.trouble != Trouble::None)
        return toldBy(end, server, {}).error.value_or(Error {});
    const QString safe = end.protocol.isEmpty()
        ? u"without encryption, which does not leave this machine"_s
        : u"encrypted with %1"_s.arg(end.protocol);
    return server.secret.isEmpty()
        ? u"%1 is there, %2; nobody signs in."_s.arg(server.host, safe)
        : u"Signed in to %1 as %2, %3."_s.arg(server.host, server.user, safe);
}

} // namespace tierline::notify::smtp
