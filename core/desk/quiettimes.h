#pragma once

#include "core/commands/agreements.h"
#include "core/commands/quiet.h"
#include "core/desk/session.h"
#include "core/storage/people.h"

namespace tierline::desk {

struct QuietSetting {
    commands::QuietTimes times;
    QStringList calendars; ///< whose hours can be named
};
/// When rules wake nobody, as it is set now. Saved by Session::change(commands::SetQuietTimes). Thread: ui.
inline QFuture<Result<QuietSetting>> readQuietTimes(Session &session)
{
    return session.read(
        [](storage::Connection &connection, const Visibility &) -> Result<QuietSetting> {
            QuietSetting setting;
            TIERLINE_TRY(times, commands::loadQuietTimes(connection));
            TIERLINE_TRY(book, commands::loadAgreements(connection));
            setting.times = times;
            if (book) {
                for (const auto &[name, editions] : book->calendars())
                    setting.calendars.append(name);
            }
            return setting;
        });
}

/// How many open tickets an agent can have; none: nobody said. Saved by Session::change(commands::SetCapacity).
inline QFuture<Result<std::optional<int>>> readCapacity(Session &session)
{
    return session.read(
        [](storage::Connection &connection, const Visibility &) -> Result<std::optional<int>> {
            TIERLINE_TRY(text, storage::loadSetting(connection, storage::capacitySetting));
            bool isNumber = false;
            const int most = text.toInt(&isNumber);
            return isNumber && most > 0 ? std::optional(most) : std::nullopt;
        });
}

} // namespace tierline::desk
