#include "tests/support/fakedesk/lies.h"

#include <algorithm>
#include <array>

namespace tierline::test {

using namespace Qt::StringLiterals;

namespace {

constexpr std::array callNames { u"probe", u"pull", u"fetch", u"find", u"download", u"reply",
    u"note", u"fields", u"part" };

constexpr std::array lieNames { u"Honest", u"RefuseConnection", u"CutBeforeSend", u"CutBeforeApply",
    u"Hang", u"ApplyThenDropAnswer", u"ApplyThenHang", u"ApplyLate", u"Delay", u"AnswerTwice",
    u"SignIn", u"TooMany", u"Busy", u"Broken", u"ApplyThenBroken", u"Reject", u"RestartBeforeApply",
    u"RestartAfterApply", u"SayGone", u"SayHidden", u"DuplicatePage", u"ShiftPage", u"ShortPage",
    u"RepeatCursor", u"EmptyList", u"UnknownCode" };
static_assert(lieNames.size() == size_t(Lie::Kind::UnknownCode) + 1);

// Kinds that the mix allows for this request. Each row is one thing to choose between.
std::vector<Lie::Kind> choices(const LieMix &mix, Calls one)
{
    using K = Lie::Kind;
    std::vector<K> kinds;
    const auto add = [&kinds](bool isOn, std::initializer_list<K> more) {
        if (isOn)
            kinds.insert(kinds.end(), more);
    };
    const bool isPush = Push::Any.has(one);
    add(mix.network,
        { K::RefuseConnection, K::CutBeforeSend, K::CutBeforeApply, K::Hang, K::ApplyThenDropAnswer,
            K::ApplyThenHang, K::Delay, K::AnswerTwice });
    add(mix.late && isPush, { K::ApplyLate, K::ApplyLate });
    add(mix.server, { K::TooMany, K::Busy, K::Broken, K::ApplyThenBroken });
    add(mix.restarts, { K::RestartBeforeApply, K::RestartAfterApply });
    add(mix.pages && one == Ask::Pull, { K::DuplicatePage, K::ShiftPage, K::ShortPage });
    add(mix.stuckCursors && one == Ask::Pull, { K::RepeatCursor });
    add(mix.emptyLists && one == Ask::Pull, { K::EmptyList });
    add(mix.signIn, { K::SignIn });
    add(mix.rejects && isPush, { K::Reject });
    add(mix.gone && (isPush || one == Ask::Fetch), { K::SayGone, K::SayHidden });
    add(mix.unknownCodes && (one == Ask::Pull || one == Ask::Fetch), { K::UnknownCode });
    return kinds;
}

} // namespace

QString callName(Calls one)
{
    for (size_t i = 0; i < callNames.size(); ++i) {
        if (one.bits == 1U << i)
            return QString::fromUtf16(callNames[i]);
    }
    return u"request"_s;
}

QString Lie::text() const
{
    const QString name = QString::fromUtf16(lieNames[size_t(kind)]);
    return hasTime ? name + u' ' + QString::number(time.count()) + u" ms"_s : name;
}

void LiePlan::onNth(int nth, Calls calls, Lie lie)
{
    m_lies.push_back({ nth, calls, lie, {} });
}

void LiePlan::beforeNth(int nth, Calls calls, Action action)
{
    m_actions.push_back({ nth, calls, {}, std::move(action) });
}

void LiePlan::always(Calls calls, Lie lie)
{
    m_always.push_back({ 0, calls, lie, {} });
}

void LiePlan::atRandom(const LieMix &mix, quint64 seed)
{
    m_mix = mix;
    m_random = SeededRandom(seed);
}

void LiePlan::beHonest()
{
    m_lies.clear();
    m_actions.clear();
    m_always.clear();
    m_mix.reset();
}

bool LiePlan::isAlways(Calls calls, Lie lie) const
{
    return std::ranges::any_of(m_always,
        [&](const Planned &planned) { return planned.calls.has(calls) && planned.lie == lie; });
}

Lie LiePlan::take(Calls one)
{
    const auto count
        = std::ranges::find_if(m_seen, [one](const auto &pair) { return pair.first == one; });
    if (count == m_seen.end())
        m_seen.emplace_back(one, 1);
    else
        ++count->second;

    std::optional<Lie> scripted;
    for (Planned &planned : m_lies) {
        if (planned.calls.has(one) && --planned.left == 0 && !scripted)
            scripted = planned.lie;
    }
    std::erase_if(m_lies, [](const Planned &planned) { return planned.left <= 0; });
    if (scripted)
        return *scripted;
    for (const Planned &planned : m_always) {
        if (planned.calls.has(one))
            return planned.lie;
    }
    return m_mix ? randomLie(one) : Lie::Honest;
}

Lie LiePlan::randomLie(Calls one)
{
    if (m_random.below(100) >= m_mix->percent)
        return Lie::Honest;
    const std::vector<Lie::Kind> kinds = choices(*m_mix, one);
    if (kinds.empty())
        return Lie::Honest;
    Lie lie { kinds[size_t(m_random.below(qint64(kinds.size())))] };
    const auto upTo = [this, &lie](qint64 ms) {
        lie.time = Millis(1 + m_random.below(ms));
        lie.hasTime = true;
    };
    switch (lie.kind) {
    case Lie::Kind::ApplyLate: upTo(58'000); break;
    case Lie::Kind::Delay: upTo(40'000); break; // past the client's own limit at times
    case Lie::Kind::RestartBeforeApply:
    case Lie::Kind::RestartAfterApply: upTo(20'000); break;
    case Lie::Kind::TooMany:
        if (m_random.below(2) == 0)
            upTo(30'000);
        break;
    default: break;
    }
    return lie;
}

std::vector<LiePlan::Action> LiePlan::arrived(Calls one)
{
    std::vector<Action> due;
    for (Planned &planned : m_actions) {
        if (planned.calls.has(one) && --planned.left == 0)
            due.push_back(planned.action);
    }
    std::erase_if(m_actions, [](const Planned &planned) { return planned.left <= 0; });
    return due;
}

int LiePlan::seen(Calls calls) const
{
    int sum = 0;
    for (const auto &[one, count] : m_seen) {
        if (calls.has(one))
            sum += count;
    }
    return sum;
}

} // namespace tierline::test
