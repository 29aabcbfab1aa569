#pragma once

#include "core/domain/firing.h"
#include "core/notify/api/card.h"

#include <algorithm>
#include <memory>
#include <vector>

namespace tierline::notify {

/// One thing to tell, as a sink gets it: plain text, bounded, in its final words. What stands in it comes from
/// people and customers and is foreign wherever it goes: a sink escapes it for its destination and puts
/// nothing in the place of marks inside it.
struct Message {
    Notice notice; ///< target, text and whether it is urgent
    QString ticket; ///< key
    QString subject;
};

/// A way to people: the desktop, a chat, a pager, mail. Thread: that of whoever made it. It does not wait:
/// what takes time happens behind it.
class Sink
{
public:
    virtual ~Sink() = default;
    /// Stable, for settings and logs: "desktop".
    virtual QString name() const = 0;
    /// Whom this one reaches, now. Only notices for them are looked for and claimed, so that one for another
    /// program's sink stays for that program, however many of those wait.
    virtual std::vector<NoticeAddress> reaches() const = 0;
    /// Called once for each notice: it was claimed in the store before, so that no second program tells it
    /// again.
    virtual void tell(const Message &message) = 0;

    bool takes(const Notice &notice) const
    {
        return std::ranges::any_of(reaches(),
            [&](const NoticeAddress &one) { return one.takes(notice.kind, notice.target); });
    }
};

} // namespace tierline::notify
