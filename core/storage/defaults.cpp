#include "core/storage/defaults.h"

#include "core/storage/people.h"

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace tierline::storage {

namespace {

QList<Tier> defaultTiers()
{
    return {
        { .id = u"L1"_s,
            .name = u"Frontline"_s,
            .rank = 1,
            .duty = u"Answers first, solves what is known, and passes on what is not."_s,
            .acceptWithin = 5min,
            .resolveWithin = 24h,
            .replyWithin = 1h },
        { .id = u"L2"_s,
            .name = u"Technical"_s,
            .rank = 2,
            .duty = u"Solves what needs product knowledge, access or time."_s,
            .acceptWithin = 5min,
            .resolveWithin = 8h,
            .replyWithin = 4h },
        { .id = u"L3"_s,
            .name = u"Engineering"_s,
            .rank = 3,
            .duty = u"Finds and mends causes in the product itself."_s,
            .acceptWithin = 5min,
            .resolveWithin = 24h,
            .replyWithin = 1h },
    };
}

QList<Team> defaultTeams()
{
    return {
        { .name = u"Frontline"_s, .tier = u"L1"_s },
        { .name = u"Technical"_s, .tier = u"L2"_s },
        { .name = u"Billing"_s, .tier = u"L2"_s },
        { .name = u"Engineering"_s, .tier = u"L3"_s },
        { .name = u"Legal"_s, .tier = u"L2"_s, .confidential = Confidential::Legal },
        { .name = u"Security"_s, .tier = u"L3"_s, .confidential = Confidential::Security },
    };
}

/// The login's name as a handle: lower case letters, digits, dot, dash and underscore.
QString loginHandle()
{
    QString handle;
    for (const QChar c : qEnvironmentVariable("USER").toLower()) {
        const bool isPlain = (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'.'
            || c == u'-' || c == u'_';
        if (isPlain && handle.size() < 32)
            handle.append(c);
    }
    return handle.isEmpty() ? u"me"_s : handle;
}

} // namespace

Result<Done> fillDefaults(Store &store)
{
    TIERLINE_TRY(tiers, loadTiers(store.connection()));
    if (!tiers.isEmpty())
        return Done {};
    return store.write(Durability::Person, [](WriteScope &scope) -> Result<Done> {
        // Another process may have been faster.
        TIERLINE_TRY(there, loadTiers(scope.connection()));
        if (!there.isEmpty())
            return Done {};
        for (const Tier &tier : defaultTiers())
            TIERLINE_CHECK(saveTier(scope, tier));
        for (const Team &team : defaultTeams())
            TIERLINE_CHECK(saveTeam(scope, team));
        const QString login = loginHandle();
        TIERLINE_CHECK(saveAgent(
            scope, { .id = login, .name = login, .homeTier = u"L1"_s, .role = Role::Admin }));
        return saveMe(scope, login);
    });
}

} // namespace tierline::storage
