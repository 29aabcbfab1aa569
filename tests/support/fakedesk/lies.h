#pragma once

#include "core/base/ids.h"
#include "core/base/instant.h"

#include <functional>
#include <optional>
#include <vector>

namespace tierline::test {

/// Kinds of request, as a set: `Push::Note | Push::Reply`.
struct Calls {
    quint16 bits = 0;

    bool operator==(const Calls &) const = default;
    constexpr Calls operator|(Calls other) const { return { quint16(bits | other.bits) }; }
    constexpr bool has(Calls one) const { return (bits & one.bits) == one.bits; }
};

namespace Ask {
inline constexpr Calls Probe { 1 };
inline constexpr Calls Pull { 2 };
inline constexpr Calls Fetch { 4 };
inline constexpr Calls Find { 8 };
inline constexpr Calls Download { 16 };
inline constexpr Calls Any { 31 };
/// A request that some of the above need besides, where one of them takes several. None of anyCall.
inline constexpr Calls Part { 256 };
} // namespace Ask

namespace Push {
inline constexpr Calls Reply { 32 };
inline constexpr Calls Note { 64 };
inline constexpr Calls Fields { 128 };
inline constexpr Calls Any { 224 };
} // namespace Push

inline constexpr Calls anyCall = Ask::Any | Push::Any;

QString callName(Calls one);

/// What goes wrong with one request.
struct Lie {
    enum class Kind : quint8 {
        Honest,
        RefuseConnection, ///< nobody listens: nothing was sent
        CutBeforeSend, ///< the connection breaks before the first byte
        CutBeforeApply, ///< all bytes left, the server never acted
        Hang, ///< the same, and silence until the client's own limit
        ApplyThenDropAnswer, ///< the server acted, the connection broke
        ApplyThenHang, ///< the server acted, silence until the client's own limit
        ApplyLate, ///< the connection broke; the server acts `time` after that
        Delay, ///< right, but the answer takes `time` more
        AnswerTwice, ///< the second answer comes when nobody waits for it any more
        SignIn, ///< 401
        TooMany, ///< 429, with `time` to wait where `hasTime`
        Busy, ///< 503: did nothing
        Broken, ///< 500, did nothing, but that cannot be known
        ApplyThenBroken, ///< 500 after acting
        Reject, ///< 422: will not have it
        RestartBeforeApply, ///< the server goes down for `time` with every open request
        RestartAfterApply,
        SayGone, ///< 404 of something that is there
        SayHidden, ///< 403 of the same
        DuplicatePage, ///< the page before this one comes again in front of it
        ShiftPage, ///< one row again, and somebody moves another to the end at once
        ShortPage, ///< one row, and "not the last" even where it is
        RepeatCursor, ///< the cursor does not move
        EmptyList, ///< nothing exists, and that is the last page
        UnknownCode, ///< words for status and priority that nobody knows
    };

    Kind kind = Kind::Honest;
    Millis time { 0 };
    bool hasTime = false;

    bool operator==(const Lie &) const = default;

    static const Lie Honest, RefuseConnection, CutBeforeSend, CutBeforeApply, Hang,
        ApplyThenDropAnswer, ApplyThenHang, AnswerTwice, SignIn, TooMany, Busy, Broken,
        ApplyThenBroken, Reject, SayGone, SayHidden, DuplicatePage, ShiftPage, ShortPage,
        RepeatCursor, EmptyList, UnknownCode;
    /// At most the desk's in-flight limit of 60 s.
    static constexpr Lie applyLate(Millis after) { return { Kind::ApplyLate, after, true }; }
    static constexpr Lie delay(Millis by) { return { Kind::Delay, by, true }; }
    static constexpr Lie tooMany(Millis wait) { return { Kind::TooMany, wait, true }; }
    static constexpr Lie restartBeforeApply(Millis down)
    {
        return { Kind::RestartBeforeApply, down, true };
    }
    static constexpr Lie restartAfterApply(Millis down)
    {
        return { Kind::RestartAfterApply, down, true };
    }

    /// "ApplyLate 12000 ms"
    QString text() const;
};

inline constexpr Lie Lie::Honest {};
inline constexpr Lie Lie::RefuseConnection { Kind::RefuseConnection };
inline constexpr Lie Lie::CutBeforeSend { Kind::CutBeforeSend };
inline constexpr Lie Lie::CutBeforeApply { Kind::CutBeforeApply };
inline constexpr Lie Lie::Hang { Kind::Hang };
inline constexpr Lie Lie::ApplyThenDropAnswer { Kind::ApplyThenDropAnswer };
inline constexpr Lie Lie::ApplyThenHang { Kind::ApplyThenHang };
inline constexpr Lie Lie::AnswerTwice { Kind::AnswerTwice };
inline constexpr Lie Lie::SignIn { Kind::SignIn };
inline constexpr Lie Lie::TooMany { Kind::TooMany };
inline constexpr Lie Lie::Busy { Kind::Busy };
inline constexpr Lie Lie::Broken { Kind::Broken };
inline constexpr Lie Lie::ApplyThenBroken { Kind::ApplyThenBroken };
inline constexpr Lie Lie::Reject { Kind::Reject };
inline constexpr Lie Lie::SayGone { Kind::SayGone };
inline constexpr Lie Lie::SayHidden { Kind::SayHidden };
inline constexpr Lie Lie::DuplicatePage { Kind::DuplicatePage };
inline constexpr Lie Lie::ShiftPage { Kind::ShiftPage };
inline constexpr Lie Lie::ShortPage { Kind::ShortPage };
inline constexpr Lie Lie::RepeatCursor { Kind::RepeatCursor };
inline constexpr Lie Lie::EmptyList { Kind::EmptyList };
inline constexpr Lie Lie::UnknownCode { Kind::UnknownCode };

/// Which lies a random run may tell. The ones that are off by default need somebody to answer them: a
/// new sign-in, a person who chooses.
struct LieMix {
    int percent = 20; ///< of requests that go wrong
    bool network = true; ///< refused, cut, hanging, answers lost or late
    bool late = true; ///< applied after the client gave up
    bool server = true; ///< 429, 503, 500
    bool restarts = true;
    bool pages = true; ///< duplicate, shifted, short pages
    bool stuckCursors = false;
    bool emptyLists = false;
    bool signIn = false;
    bool rejects = false;
    bool gone = false; ///< 403 and 404 by mistake
    bool unknownCodes = false;
};

/// Decides for each request what goes wrong: what was scripted for it, else what holds always, else by
/// seed. Counts requests.
class LiePlan
{
public:
    using Action = std::function<void()>;

    /// The `nth` request (from 1, counted from now on) of these kinds gets this lie.
    void onNth(int nth, Calls calls, Lie lie);
    /// Runs when the `nth` request of these kinds has reached the server, before anything is done with
    /// it: what another person does between our reading and our writing.
    void beforeNth(int nth, Calls calls, Action action);
    /// Every request of these kinds, until beHonest().
    void always(Calls calls, Lie lie);
    void atRandom(const LieMix &mix, quint64 seed);
    /// Forgets all that was planned.
    void beHonest();
    /// Whether every request of these kinds is to get this lie: what a server can do beforehand.
    bool isAlways(Calls calls, Lie lie) const;

    /// Counts this request and says what goes wrong with it.
    Lie take(Calls one);
    /// The actions that are due now that this request has arrived.
    std::vector<Action> arrived(Calls one);
    /// Requests of these kinds so far.
    int seen(Calls calls) const;

private:
    struct Planned {
        int left = 0;
        Calls calls;
        Lie lie;
        Action action;
    };

    Lie randomLie(Calls one);

    std::vector<Planned> m_lies;
    std::vector<Planned> m_actions;
    std::vector<Planned> m_always;
    std::optional<LieMix> m_mix;
    SeededRandom m_random { 1 };
    std::vector<std::pair<Calls, int>> m_seen;
};

} // namespace tierline::test
