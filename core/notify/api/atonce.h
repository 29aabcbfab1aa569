#pragma once

#include "core/notify/api/way.h"

#include <QTimer>

namespace tierline::notify {

/// An errand whose end is known already. Its handler is called on the loop's next turn, as every errand's is.
class AtOnce final : public Errand
{
public:
    template<typename Handler, typename Value>
    AtOnce(Handler done, Value value)
    {
        QTimer::singleShot(
            0, &m_context, [done = std::move(done), value = std::move(value)] { done(value); });
    }

private:
    QObject m_context;
};

} // namespace tierline::notify
