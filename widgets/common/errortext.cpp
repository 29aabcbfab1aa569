#include "widgets/common/errortext.h"

#include "widgets/common/plainlabel.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace tierline::ui {

namespace {
struct ErrorWords {
    Q_DECLARE_TR_FUNCTIONS(ErrorText)
};
} // namespace

QString ErrorText::paragraph() const
{
    QStringList parts { what, means, todo };
    parts.removeAll(QString());
    return parts.join(u' ');
}

ErrorText errorText(const Error &error)
{
    ErrorText text { {}, {}, {}, plainLines(error.detail, 2'000, 12) };
    switch (error.fault) {
    case Fault::Offline:
        text.what = ErrorWords::tr("The helpdesk cannot be reached.");
        text.means
            = ErrorWords::tr("You can go on working; changes are sent when the network is back.");
        break;
    case Fault::Timeout:
        text.what = ErrorWords::tr("The helpdesk did not answer in time.");
        text.means = ErrorWords::tr("Nothing is lost; it is tried again by itself.");
        break;
    case Fault::SignIn:
        text.what = ErrorWords::tr("The helpdesk did not accept the sign-in.");
        text.means = ErrorWords::tr("Changes wait here until you sign in.");
        text.todo = ErrorWords::tr("Sign in again in the account's settings.");
        break;
    case Fault::RateLimited:
        text.what = ErrorWords::tr("The helpdesk asks us to slow down.");
        text.means = ErrorWords::tr("Changes are sent a little later.");
        break;
    case Fault::NotFound:
        text.what = ErrorWords::tr("This is not there any more.");
        text.todo = ErrorWords::tr("Look it up again; it may have been moved or deleted.");
        break;
    case Fault::Conflict:
        text.what = ErrorWords::tr("Somebody else changed this first.");
        text.means = ErrorWords::tr("Your version is kept beside theirs.");
        text.todo = ErrorWords::tr("Look at both and choose one.");
        break;
    case Fault::BadReply:
        text.what = ErrorWords::tr("The helpdesk answered something that cannot be used.");
        text.means = ErrorWords::tr("This change waits; others go on.");
        text.todo = ErrorWords::tr("Show the details to whoever runs the helpdesk.");
        break;
    case Fault::Storage:
        text.what = ErrorWords::tr("The workspace cannot be read or written.");
        text.means = ErrorWords::tr("What you did last was not saved.");
        text.todo
            = ErrorWords::tr("Make room on the disk or check its permissions, then try again.");
        break;
    case Fault::Cancelled: return {};
    case Fault::BadInput:
        text.what = ErrorWords::tr("What was given cannot be used.");
        text.todo = ErrorWords::tr("Change it and try again.");
        break;
    case Fault::NotAllowed:
        text.what = ErrorWords::tr("Your role does not allow this.");
        text.todo = ErrorWords::tr("Ask a lead or an admin to do it or to grant it.");
        break;
    case Fault::Usage: text.what = ErrorWords::tr("This call was not understood."); break;
    case Fault::Bug:
        text.what = ErrorWords::tr("Something went wrong inside the program.");
        text.means = ErrorWords::tr("Your tickets are safe; this one step was not done.");
        text.todo = ErrorWords::tr("Report it with the details.");
        break;
    }
    return text;
}

QString errorLine(const Error &error)
{
    const ErrorText text = errorText(error);
    const QString detail = oneLine(error.detail, 200);
    // A refused value or permission is explained by its detail alone; the general words add nothing.
    if ((error.fault == Fault::BadInput || error.fault == Fault::NotAllowed) && !detail.isEmpty())
        return detail;
    return detail.isEmpty() || text.what.isEmpty() ? text.what : text.what + u' ' + detail;
}

QString errorAction(const Error &error)
{
    switch (error.fault) {
    case Fault::Offline:
    case Fault::Timeout:
    case Fault::RateLimited:
    case Fault::BadReply:
    case Fault::Storage: return ErrorWords::tr("Try again");
    case Fault::SignIn:
        //: Verb on a button
        return ErrorWords::tr("Sign in");
    case Fault::Conflict: return ErrorWords::tr("Compare");
    default: return {};
    }
}

} // namespace tierline::ui
