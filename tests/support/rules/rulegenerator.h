#pragma once

#include "core/base/ids.h"
#include "core/rules/print.h"
#include "core/rules/registry.h"

namespace tierline::test {

/// Random rule trees in normal form, over every row of the tables of conditions and actions: the same
/// seed gives the same trees. A test that uses it prints its seed.
class RuleGenerator
{
public:
    explicit RuleGenerator(quint64 seed)
        : m_random(seed)
    {
    }

    /// Comments, odd names and every kind of clause too; `hasComments` leaves comments out.
    rules::Document document(int rules, bool hasComments = true);
    rules::Rule rule(const QString &name, bool hasComments = true);
    rules::Expr expr(int depth);
    rules::Test test(const rules::FactInfo &fact);
    rules::Test anyTest();
    rules::Action action(const rules::ActionInfo &info);
    rules::PriorityPolicy policy(const QString &name);

    qint64 below(qint64 bound) { return m_random.below(bound); }
    bool once(int in) { return below(in) == 0; }

private:
    QString word();
    QString phrase();
    rules::Comments comments();
    QStringList commentLines();
    rules::Value wall();
    rules::Value service();
    rules::Value value(const rules::FactInfo &fact);
    void compare(rules::Test &test);
    rules::Value argument(rules::Slot slot);
    void addOption(rules::Action &action, rules::Slot slot);

    SeededRandom m_random;
    bool m_hasComments = false;
};

} // namespace tierline::test
