#pragma once

#include "core/base/instant.h"
#include "core/base/result.h"
#include "core/notify/api/card.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

// What every way to people over a network offers, in values that know nothing of its wire. Who is told what and when,
// what is kept, tried again and given up is core/engine's; a new way is a new folder beside this one.

namespace tierline::notify {

enum class Act : quint8 {
    Tell, ///< for the first time, or again: ways that can change what they showed change it
    Acknowledge, ///< somebody has taken it: a pager stops ringing
    Resolve, ///< it is over
};

/// One thing to do at one address.
struct Telling {
    QString id; ///< UUID, the same at every try: a second arrival is known by it
    QString
        topic; ///< UUID; what is told of one topic at one address belongs together: one post, one incident
    Act act = Act::Tell;
    QString
        address; ///< in the way's own terms: "#escalations", "priya@example.org"; empty where the way is one
    Card card;
    QString
        receipt; ///< what the way gave for this topic at this address before; empty: nothing is there yet
    Instant at; ///< when it was decided
};

/// What became of one try.
struct Told {
    enum class Outcome : quint8 {
        Arrived,
        Later, ///< it did not arrive, and the same may arrive later
        Refused, ///< it did not arrive, and never will as it is
        Unknown, ///< it may have arrived: look() before it is tried again
    };
    Outcome outcome = Outcome::Later;
    QString
        receipt; ///< with Arrived: for later tellings of this topic here; opaque, at most 512 UTF-16 units
    Millis wait { 0 }; ///< with Later: what the other side asked for
    std::optional<Error>
        error; ///< unless Arrived: what is wrong and what to do; holds no secret and no card
    bool isWayShut = false; ///< nothing else will arrive this way either until a person sees to it
};
using ToldHandler = std::function<void(Told)>;

/// What somebody answered where they were told.
struct Heard {
    enum class Kind : quint8 { Claim, Acknowledge, Resolve };
    QString topic;
    Kind kind = Kind::Claim;
    QString id; ///< the same whenever it is heard again
    QString who; ///< in the way's terms, stable
    QString name; ///< to show; may be empty
    QString email; ///< where the way knows it
    Instant at; ///< by the other side's clock
    bool operator==(const Heard &) const = default;
};
/// What is listened to.
struct Open {
    QString topic, address, receipt;
    Instant since;
};
using HeardHandler = std::function<void(Result<std::vector<Heard>>)>;

/// Something asked for and under way, owned by who asked. Destroying it ends it; its handler is never called after.
class Errand
{
public:
    virtual ~Errand() = default;
};

/// A way to people that somebody set up: a workspace of Slack, a pager's service, a mail server, a program that takes
/// JSON. It tries once and says what came of it. Thread: the one it was made on, whose loop must run; handlers run
/// there, always later than the call that led to them, and each is called once. A way may go while errands run.
class Way
{
public:
    virtual ~Way() = default;

    [[nodiscard]] virtual std::unique_ptr<Errand> tell(const Telling &telling, ToldHandler done)
        = 0;

    /// Whether a telling whose outcome was Unknown arrived: Arrived, Later (it did not) or Unknown (it cannot be
    /// seen). Ways at which a second arrival of the same id changes nothing say Later at once.
    [[nodiscard]] virtual std::unique_ptr<Errand> look(const Telling &telling, ToldHandler done)
        = 0;

    /// Whether people's answers can be read back here.
    virtual bool hears() const { return false; }
    /// Answers to what is open, all that are known, old ones too. Only where hears().
    [[nodiscard]] virtual std::unique_ptr<Errand> hear(
        const std::vector<Open> &open, HeardHandler done);

    /// Whether the other side is there and the sign-in good, telling nobody anything where that can be had. A
    /// sentence for the person who sets it up: "Signed in to ACME as tierline-bot."
    [[nodiscard]] virtual std::unique_ptr<Errand> test(std::function<void(Result<QString>)> done)
        = 0;
};

} // namespace tierline::notify
