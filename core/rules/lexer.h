#pragma once

#include "core/rules/problem.h"
#include "core/rules/tree.h"

namespace tierline::rules {

struct Token {
    enum class Kind : quint8 {
        Word,
        String, ///< `text` is what it means, without quotes
        Number, ///< `amount` thousandths; `text` the letters glued to it: `2h`
        Money,
        Sign, ///< ( ) , : % > >= < <= = !=
        End,
    };
    Kind kind = Kind::End;
    QString text;
    qint64 amount = 0;
    Place place;
    QStringList above; ///< comments between the token before and this one, on lines of their own
    QString beside; ///< the comment behind it on its line

    bool isWord(QStringView word) const
    {
        return kind == Kind::Word && text.compare(word, Qt::CaseInsensitive) == 0;
    }
    bool isSign(QStringView sign) const { return kind == Kind::Sign && text == sign; }
};

struct Lexed {
    std::vector<Token> tokens; ///< at least the End
    Problems problems;
};

/// Cuts a rule text into tokens. Total: what cannot be read is a problem and left out. O(n).
///
/// In a string `\"` is a quote and `\\` a backslash; any other backslash stands for itself, so that
/// patterns read as they are meant. A string ends on its line.
Lexed lex(QStringView text);

/// Line and column of a place. O(n).
void locate(QStringView text, Problem &problem);

} // namespace tierline::rules
