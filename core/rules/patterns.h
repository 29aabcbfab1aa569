#pragma once

#include <QString>

namespace re2 {
class RE2;
}

namespace tierline::rules {

/// Empty where a pattern can be used; else a sentence that says what is wrong with it and what to write
/// instead. Compiles it: some microseconds.
QString patternProblem(const QString &pattern);

/// A pattern of a person, matched in linear time and bounded memory whatever it is. Immutable after
/// making; thread: any.
class TextPattern
{
public:
    /// `pattern` must have passed patternProblem(); one that does not matches nothing.
    explicit TextPattern(const QString &pattern);
    ~TextPattern();
    TextPattern(const TextPattern &) = delete;

    bool isUsable() const;
    /// Whether it is found anywhere in the text, given as UTF-8; letters' case does not count.
    bool isIn(const std::string &utf8) const;

private:
    std::unique_ptr<re2::RE2> m_engine;
};

} // namespace tierline::rules
