#pragma once

#include "core/rules/tree.h"

namespace tierline::rules {

/// The canonical form of a text: parse() of it gives the same tree, for every tree in normal form.
/// Lists first, then rules, then policies, each after an empty line.
QString print(const Document &document);
QString print(const Rule &rule);
QString print(const WordList &list);
QString print(const PriorityPolicy &policy);

/// One condition without its comments: `no agent reply for 2h`.
QString print(const Test &test);
/// A whole condition on one line, without comments.
QString print(const Expr &expr);
/// One action on one line, without its comments.
QString print(const Action &action);

/// How a comparison is written between a name and its values: "is at least". Empty for Holds.
QString operatorWords(const FactInfo &fact, Operator op);

/// A tree in normal form: an And below an And and an Or below an Or are lifted into it, a branch alone
/// stands for itself. What builds trees other than the parser passes them through here.
Expr normalised(Expr expr);

} // namespace tierline::rules
