#include "core/engine/firekey.h"
#include "core/engine/lookwork_p.h"
#include "core/escalation/eventdata.h"
#include "core/storage/remotes.h"

namespace tierline::engine {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Older words are history: a first sync brings a desk's whole past, and each field is a request.
constexpr Millis freshFor = 72h;

} // namespace

/// What triage reads in the customer's newest words goes into the fields that the ticket's helpdesk has for it, once
/// for each message: what anybody wrote there since stays. Rules read the words themselves and wait for nothing;
/// what is written is looked at as any other change, in the next step.
Result<Done> LookWork::runScores()
{
    if (m_frame.scored.isEmpty())
        return Done {};
    const QStringList wanted = m_frame.scored.value(account());
    const MessageId words = m_looker.m_life.lastWords();
    if (wanted.isEmpty() || !words || !isWorkable(ticket().status))
        return Done {};
    const auto said = std::find_if(m_events.rbegin(), m_events.rend(),
        [words](const Event &event) { return event.message == words; });
    if (said == m_events.rend() || said->at + freshFor < present())
        return Done {};
    TIERLINE_TRY(remote, storage::remoteOf(m_connection, m_ask.ticket));
    const triage::Signs *signs = remote ? m_looker.m_life.lastSigns() : nullptr;
    if (!signs)
        return Done {};
    commands::SetFields set;
    const auto write = [&](QLatin1StringView name, const QString &value) {
        const bool isWritten = std::any_of(m_events.rbegin(), said, [name](const Event &event) {
            return event.data.value(eventdata::fields).toObject().contains(name);
        });
        const QString field = u"field."_s + name;
        if (wanted.contains(name) && remote->base.contains(field) && !isWritten
            && ticket().fields.value(name).toString() != value)
            set.changes.append({ field, value });
    };
    write(rules::sentimentField, QString::number(signs->sentiment));
    write(rules::riskField, triage::code(signs->risk));
    if (set.changes.isEmpty())
        return Done {};
    m_mustAct = true;
    if (!m_scope)
        return Done {};
    commands::Context context { .store = *m_store,
        .random = m_looker.m_random,
        .actor = { .id = eventdata::triage, .name = u"Triage"_s, .role = Role::Lead },
        .visibility = Visibility::all(),
        .now = present(),
        .durability = storage::Durability::Person,
        .operation
        = operationOf(u"triage"_s, ticket().key, u"%1 %2"_s.arg(said->at.ms).arg(words.v), 0) };
    TIERLINE_TRY(done, commands::perform(context, *m_scope, { ticket().key, { std::move(set) } }));
    ++m_tally.scored;
    for (const std::optional<Error> &refusal : done.refusals) {
        if (refusal && m_tally.problems.size() < 100 && !m_tally.problems.contains(refusal->detail))
            m_tally.problems.append(refusal->detail);
    }
    return Done {};
}

} // namespace tierline::engine
