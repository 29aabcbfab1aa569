#include "core/calendar/clockfacts.h"

namespace tierline::sla {

void sortFacts(std::vector<Fact> &facts)
{
    const auto isBefore
        = [](const Fact &a, const Fact &b) { return a.at != b.at ? a.at < b.at : a.kind < b.kind; };
    // A log that grows is in order, and sorting asks for memory.
    if (!std::is_sorted(facts.begin(), facts.end(), isBefore))
        std::stable_sort(facts.begin(), facts.end(), isBefore);
}

} // namespace tierline::sla
