#pragma once

#include "core/rules/lexer.h"
#include "core/rules/parse.h"
#include "core/rules/registry.h"
#include "core/rules/words.h"

namespace tierline::rules {

/// The parser of one text. A condition or an action is tried against every pattern of its table; the
/// longest match is taken, and where none matches, the failure that came furthest is told.
class Parser
{
public:
    Parser(QStringView text, const Vocabulary &vocabulary);

    Document document();
    Expr condition();
    std::vector<Action> actions();
    /// What is behind the thing that was asked for is a problem too.
    void expectEnd();
    Problems takeProblems();

private:
    /// Where and why a match ended.
    struct Failure {
        size_t at = 0;
        QStringList expected;
        QString message; ///< a whole sentence instead
        QString nearest;
    };
    struct FoundTest {
        Test test;
        size_t next = 0;
    };
    struct FoundAction {
        Action action;
        size_t next = 0;
    };
    struct FoundValue {
        Value value;
        size_t next = 0;
    };
    using MaybeValue = std::optional<FoundValue>;

    // parser.cpp: the text as a whole
    const Token &token(size_t at) const { return m_tokens[std::min(at, m_tokens.size() - 1)]; }
    const Token &now() const { return token(m_at); }
    bool isEnd() const { return now().kind == Token::Kind::End; }
    Place placeFrom(size_t start) const;
    bool isGarbled(const Place &place) const;
    bool isTop(size_t at) const; ///< a rule, list or policy begins there
    void advance();
    void startItem();
    Comments endItem();
    void skipTo(size_t next);
    void complain(size_t at, const QString &message, const QString &nearest = {},
        const QStringList &expected = {}, size_t last = 0);
    QString found(size_t at) const;
    QString nearTo(size_t at, QStringList known) const;
    bool expectWord(QStringView word, const QString &message);
    std::optional<QString> topName(const QString &what);
    void rule(Document &document);
    void list(Document &document);
    void policy(Document &document);
    bool policyLine(PriorityPolicy &policy);
    bool threshold(PriorityPolicy &policy);
    bool otherwise(PriorityPolicy &policy);
    void skipToTop();

    // parsecondition.cpp
    Expr orExpr();
    Expr andExpr();
    Expr notExpr();
    Expr brackets();
    Expr testExpr();
    std::optional<FoundTest> matchAnyFact(size_t at);
    std::optional<FoundTest> matchFact(const FactInfo &fact, const Pattern &pattern, size_t at);
    std::optional<size_t> matchPart(const PatternPart &part, size_t at, Test &test);
    bool startsCondition(size_t at);
    void skipCondition();
    void tellFailure(size_t start, const QString &what, const QStringList &names);

    // parsecompare.cpp
    struct Comparison {
        Operator op = Operator::Is;
        size_t next = 0;
    };
    std::optional<size_t> compare(size_t at, Test &test);
    std::optional<size_t> compareText(size_t at, Test &test);
    std::optional<size_t> compareNames(size_t at, Test &test);
    std::optional<size_t> compareChoice(size_t at, Test &test);
    std::optional<size_t> compareAmount(size_t at, Test &test);
    std::optional<size_t> compareAny(size_t at, Test &test);
    std::optional<size_t> emptiness(size_t at, Test &test);
    std::optional<Comparison> comparison(size_t at);
    std::optional<Comparison> bound(size_t at);
    std::optional<size_t> count(size_t at, Test &test);
    std::optional<size_t> words(size_t at, Test &test);
    std::optional<size_t> texts(size_t at, Test &test, bool arePatterns);
    MaybeValue choice(size_t at, const FactInfo &fact);
    MaybeValue amount(size_t at, ValueKind kind, const QString &what);
    bool isListWord(size_t at);

    // parsevalues.cpp
    MaybeValue duration(size_t at, bool mayBeService);
    MaybeValue percent(size_t at);
    MaybeValue name(size_t at, Slot slot);
    MaybeValue oneOf(size_t at, const QStringList &known, const QString &what);
    MaybeValue reason(size_t at);
    MaybeValue wholeNumber(size_t at, qint64 least, qint64 most);
    MaybeValue text(size_t at);
    void checkName(size_t at, Slot slot, const QString &name);
    std::optional<TimeUnit> unitOf(size_t at, QStringView word);

    // parseaction.cpp
    bool actionList(std::vector<Action> &into, bool isInLadder);
    bool action(std::vector<Action> &into, bool isInLadder);
    std::optional<FoundAction> matchAction(
        const ActionInfo &info, const Pattern &pattern, size_t at);
    bool options(Action &action, size_t &at);
    MaybeValue argument(size_t at, Slot slot);
    bool ladder(std::vector<Action> &into, bool isInLadder);
    void steps(std::vector<Step> &into);
    void skipAction(bool isInLadder);

    // failures
    void fail(size_t at, const QString &expected);
    void failWith(size_t at, const QString &message, const QString &nearest = {});

    QStringView m_text;
    const Vocabulary &m_vocabulary;
    std::vector<Token> m_tokens;
    Problems m_problems;
    size_t m_told = 0; ///< problems so far, those beyond the bound too
    size_t m_garbled = 0; ///< how many of them were told before the first word was read
    size_t m_at = 0;
    Failure m_failure;
    QStringList m_pending; ///< comments that wait for the next item
    QString m_beside; ///< the comment behind the last token
    int m_tests = 0;
    int m_depth = 0;
    int m_actionCount = 0;
    bool m_isRuleLost = false; ///< a bound is passed: its rest is skipped
    /// Names that are checked once the text is read, when its own lists are known.
    struct LateName {
        size_t at;
        QString name;
    };
    std::vector<LateName> m_listNames;
    QStringList m_ownLists;
};

} // namespace tierline::rules
