#include "core/rules/patterns.h"

#include "core/rules/words.h"

#include <re2/re2.h>

using namespace Qt::StringLiterals;

namespace tierline::rules {

namespace {

RE2::Options options()
{
    RE2::Options options;
    options.set_encoding(RE2::Options::EncodingUTF8);
    options.set_case_sensitive(false);
    options.set_log_errors(false);
    options.set_max_mem(4 << 20);
    return options;
}

QString wayOut(RE2::ErrorCode code)
{
    switch (code) {
    case RE2::ErrorBadEscape:
    case RE2::ErrorTrailingBackslash:
        return u"a backslash there means nothing; write \\\\. for a dot, \\\\d for a digit, \\\\b for a word's edge"_s
            .replace(u"\\\\"_s, u"\\"_s);
    case RE2::ErrorMissingParen:
    case RE2::ErrorUnexpectedParen: return u"close every ( with a ), or write \\("_s;
    case RE2::ErrorMissingBracket: return u"close every [ with a ], or write \\["_s;
    case RE2::ErrorRepeatArgument:
    case RE2::ErrorRepeatOp:
        return u"* + ? and {n} repeat what stands before them; write \\* for a star"_s;
    case RE2::ErrorRepeatSize: return u"a repetition is at most 1000; use * or +"_s;
    case RE2::ErrorBadPerlOp:
        return u"looking ahead and behind and back references are not there; list the words instead"_s;
    case RE2::ErrorPatternTooLarge: return u"it is too large; divide it"_s;
    default: return u"write the words as they are, or \\ before each sign"_s;
    }
}

} // namespace

QString patternProblem(const QString &pattern)
{
    if (pattern.size() > limits::patternLength)
        return u"A pattern has at most %1 characters, this one %2; divide it with \"or\"."_s
            .arg(limits::patternLength)
            .arg(pattern.size());
    const QByteArray utf8 = pattern.toUtf8();
    const RE2 engine(re2::StringPiece(utf8.constData(), size_t(utf8.size())), options());
    if (engine.ok()) {
        if (RE2::PartialMatch(re2::StringPiece(""), engine))
            return u"This pattern is found in every text, even an empty one; write something that must be there."_s;
        return {};
    }
    const QString part = QString::fromStdString(engine.error_arg());
    return u"This pattern cannot be read%1: %2."_s.arg(
        part.isEmpty() ? QString() : u" at \"%1\""_s.arg(part.left(40)),
        wayOut(engine.error_code()));
}

TextPattern::TextPattern(const QString &pattern)
{
    const QByteArray utf8 = pattern.left(limits::patternLength).toUtf8();
    m_engine
        = std::make_unique<RE2>(re2::StringPiece(utf8.constData(), size_t(utf8.size())), options());
}

TextPattern::~TextPattern() = default;

bool TextPattern::isUsable() const
{
    return m_engine->ok();
}

bool TextPattern::isIn(const std::string &utf8) const
{
    return m_engine->ok() && RE2::PartialMatch(re2::StringPiece(utf8), *m_engine);
}

} // namespace tierline::rules
