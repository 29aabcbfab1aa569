#include "core/calendar/clockfacts.h"

namespace tierline::sla {

void sortFacts(std::vector<Fact> &facts)
{
    std::stable_sort(facts.begin(), facts.end(),
        [](const Fact &a, const Fact &b) { return a.at != b.at ? a.at < b.at : a.kind < b.kind; });
}

} // namespace tierline::sla
