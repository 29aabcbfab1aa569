#pragma once

#include "core/connectors/rt/rtclient.h"
#include "core/connectors/rt/rthistory.h"

namespace tierline::connectors::rt {

/// What numbers and logins stand for, asked for once and kept while the account is open; queues and
/// custom fields for an hour, since people rename them.
class RtDirectory
{
public:
    RtDirectory(RtClient &client, const Clock &clock);

    /// Asks for what is wanted and not known yet. What the server does not tell this user stays unknown.
    void resolve(const Wanted &wanted, std::function<void(Result<Done>)> done);
    /// All queues one may see, anew.
    void loadQueues(std::function<void(Result<Done>)> done);

    const Names &names() const { return m_names; }

private:
    void loadQueuePage(
        int page, QHash<QString, QString> queues, std::function<void(Result<Done>)> done);
    void loadUser(const QString &key, std::function<void(Result<Done>)> done);
    void loadField(const QString &id, std::function<void(Result<Done>)> done);
    void forgetOld();
    bool wantsQueues(const Wanted &wanted) const;

    RtClient &m_client;
    const Clock &m_clock;
    Names m_names;
    QSet<QString> m_unknown; ///< users and fields that were asked for in vain
    QSet<QString>
        m_freshFields; ///< asked for within the hour; older ones hold until they are replaced
    std::optional<Millis> m_queuesAt, m_fieldsAt;
};

/// The items of a listing; BadReply where the answer is no listing.
Result<QJsonArray> itemsOf(const Reply &reply);
/// BadReply in words for an answer of a status that was not hoped for.
Error unexpected(const Reply &reply, const QString &what);

} // namespace tierline::connectors::rt
