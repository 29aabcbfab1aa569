#pragma once

#include "tests/support/fakedesk/fakedesk.h"
#include "tests/support/wire/wireserver.h"

namespace tierline::test {

/// How one kind of helpdesk says over HTTP what a FakeDesk holds: its paths, forms, and quirks, as they
/// are known of the real thing. All that a new connector needs to be run against the desk by real bytes.
/// What goes wrong on the way there and back is not its business. Thread: one.
class Dialect
{
public:
    virtual ~Dialect() = default;

    /// What a person types in as the account's secret, for a user of the desk.
    virtual QString secretOf(const QString &user) const = 0;
    /// Whose sign-in a request carries; empty: nobody's, which is answered as whenRefused().
    virtual QString userOf(const WireRequest &request) const = 0;
    /// What it is of the desk's plan of lies: Ask::Part where a call takes several requests and this one
    /// is not the one that counts.
    virtual Calls callOf(const WireRequest &request) const = 0;
    /// The ticket that it writes to or reads; empty where it is for none.
    virtual QString ticketOf(const WireRequest &request) const = 0;

    /// What happens when a request is worked on, and its answer. `lie` is one about what is there
    /// (SayGone, Reject, pages and codes) or Honest. `reserved` has a number where the request arrived a
    /// while ago: what it writes has the number that it would have had then.
    virtual WireAnswer serve(const WireRequest &request, const QString &user, Lie lie,
        const FakeDesk::Reserved &reserved)
        = 0;

    /// One of the ways, by `pick`, in which a sign-in is refused here.
    virtual WireAnswer whenRefused(int pick) const = 0;
    /// An error of its own, without and with a wait that it asks for.
    virtual WireAnswer error(int status, std::optional<Millis> wait) const = 0;
};

} // namespace tierline::test
