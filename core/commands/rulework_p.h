#pragma once

#include "core/commands/rules.h"

namespace tierline::commands {

/// One change of the rule book inside its transaction: the book as it stood, what is done to it, and the
/// lines that tell of it. Lives as long as the transaction.
class RuleWork
{
public:
    /// Checks who it is and why; loads the book.
    static Result<RuleWork> begin(
        Context &context, storage::WriteScope &scope, const RuleReason &reason);

    RuleBook &book() { return m_book; }
    /// The rule of that name or id, or a fault that names the nearest.
    Result<StoredRule *> find(const QString &nameOrId);

    /// Saves a text: new, changed or the same. Gives the rule's id.
    Result<QString> saveText(const RuleText &text, bool appliesAgain);
    Result<Done> setText(StoredRule &rule, const QString &name, const QString &text,
        bool appliesAgain, int rolledBackTo = 0);
    Result<Done> setState(StoredRule &rule, RuleState state, bool appliesToStanding);
    Result<Done> setCap(StoredRule &rule, int cap);
    /// All of a kind, in this order.
    Result<Done> setOrder(RuleKind kind, const QStringList &ids);
    Result<bool> wasEverLive(const QString &id);
    /// Without lines in the workspace's log.
    void setQuiet() { m_isQuiet = true; }

    RuleOutcome finish() { return std::move(m_outcome); }

private:
    RuleWork(Context &context, storage::WriteScope &scope)
        : m_context(context)
        , m_scope(scope)
    {
    }
    std::vector<StoredRule> &shelf(RuleKind kind);
    StoredRule *byId(RuleKind kind, const QString &id);
    Result<Done> addNew(const RuleText &text, QString &id);
    QString freeId(const RuleText &text) const;
    /// Keeps the change, and writes it into the log with `values` under the rule's name.
    Result<Done> tell(const StoredRule &rule, RuleChange::What what, const QString &before,
        const QString &after, const QJsonObject &values);

    Context &m_context;
    storage::WriteScope &m_scope;
    RuleBook m_book;
    RuleReason m_reason;
    RuleOutcome m_outcome;
    bool m_isQuiet = false;
};

} // namespace tierline::commands
