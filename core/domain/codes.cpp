#include "core/domain/codes.h"

#include <array>

namespace tierline {

using namespace Qt::StringLiterals;

namespace {

/// Codes in the order of the enumerators' values.
template<typename T>
struct Codes;

#define TIERLINE_CODES(Type, ...)                                                                  \
    template<>                                                                                     \
    struct Codes<Type> {                                                                           \
        static constexpr std::array table = std::to_array<QStringView>({ __VA_ARGS__ });           \
    };

TIERLINE_CODES(Status, u"new", u"open", u"pending", u"hold", u"solved", u"closed", u"deleted")
TIERLINE_CODES(Priority, u"low", u"normal", u"high", u"urgent")
TIERLINE_CODES(Severity, u"low", u"medium", u"high", u"critical")
TIERLINE_CODES(Role, u"agent", u"specialist", u"lead", u"admin", u"read-only")
TIERLINE_CODES(EscalationKind, u"functional", u"hierarchical", u"automated", u"priority")
TIERLINE_CODES(Trigger, u"reactive", u"proactive")
TIERLINE_CODES(Verdict, u"l1_could_have_solved", u"wrong_team", u"needs_information", u"answered")
TIERLINE_CODES(Stage, u"detection", u"triage", u"handoff", u"resolution", u"communication",
    u"closure", u"review")
TIERLINE_CODES(Outcome, u"none", u"resolved", u"returned", u"reversed", u"withdrawn", u"superseded",
    u"dropped")
TIERLINE_CODES(MessageKind, u"public", u"note", u"bot", u"system")
TIERLINE_CODES(AuthorKind, u"customer", u"agent", u"bot", u"system")
TIERLINE_CODES(Confidential, u"no", u"legal", u"security")

#undef TIERLINE_CODES

template<typename T>
QString codeOf(T value)
{
    const auto index = static_cast<size_t>(value);
    return index < Codes<T>::table.size() ? Codes<T>::table[index].toString() : u"unknown"_s;
}

} // namespace

template<typename T>
std::optional<T> fromCode(QStringView text)
{
    const QStringView wanted = text.trimmed();
    for (size_t i = 0; i < Codes<T>::table.size(); ++i) {
        if (wanted.compare(Codes<T>::table[i], Qt::CaseInsensitive) == 0)
            return static_cast<T>(i);
    }
    return std::nullopt;
}

template<typename T>
QStringList codes()
{
    QStringList list;
    for (const QStringView c : Codes<T>::table)
        list.append(c.toString());
    return list;
}

#define TIERLINE_ENUM(Type)                                                                        \
    QString code(Type value)                                                                       \
    {                                                                                              \
        return codeOf(value);                                                                      \
    }                                                                                              \
    template std::optional<Type> fromCode<Type>(QStringView);                                      \
    template QStringList codes<Type>();

TIERLINE_ENUM(Status)
TIERLINE_ENUM(Priority)
TIERLINE_ENUM(Severity)
TIERLINE_ENUM(Role)
TIERLINE_ENUM(EscalationKind)
TIERLINE_ENUM(Trigger)
TIERLINE_ENUM(Verdict)
TIERLINE_ENUM(Stage)
TIERLINE_ENUM(Outcome)
TIERLINE_ENUM(MessageKind)
TIERLINE_ENUM(AuthorKind)
TIERLINE_ENUM(Confidential)

#undef TIERLINE_ENUM

const QStringList &shippedReasons()
{
    static const QStringList reasons { u"missing-permission"_s, u"missing-tools"_s,
        u"needs-code-change"_s, u"policy-exception"_s, u"beyond-skill"_s, u"sla-risk"_s,
        u"customer-asked"_s, u"outage"_s, u"security"_s, u"legal"_s, u"vip"_s, u"bot-gave-up"_s,
        u"outside"_s };
    return reasons;
}

bool isPersonalReason(QStringView reason)
{
    return reason == u"beyond-skill" || reason == u"missing-tools"
        || reason == u"needs-code-change";
}

bool isFastLane(QStringView reason)
{
    return reason == u"outage" || reason == u"vip" || reason == u"security";
}

} // namespace tierline
