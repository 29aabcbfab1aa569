#include "core/net/wholejson.h"

namespace tierline::net {

namespace {

/// The place behind the string that begins at `at`; -1 where it does not end.
qsizetype behindString(QByteArrayView text, qsizetype at)
{
    for (qsizetype i = at + 1; i < text.size(); ++i) {
        if (text[i] == '\\')
            ++i;
        else if (text[i] == '"')
            return i + 1;
    }
    return -1;
}

} // namespace

bool isWholeJson(QByteArrayView text)
{
    qsizetype open = 0;
    for (qsizetype i = 0; i < text.size();) {
        const char c = text[i];
        if (c == '"') {
            i = behindString(text, i);
            if (i < 0)
                return false;
            continue;
        }
        if (c == '{' || c == '[')
            ++open;
        else if (c == '}' || c == ']')
            --open;
        ++i;
    }
    return open == 0;
}

} // namespace tierline::net
