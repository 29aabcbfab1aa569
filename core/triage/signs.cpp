#include "core/triage/signs.h"

using namespace Qt::StringLiterals;

namespace tierline::triage {

QString code(Mood mood)
{
    switch (mood) {
    case Mood::Negative: return u"negative"_s;
    case Mood::Neutral: return u"neutral"_s;
    case Mood::Positive: return u"positive"_s;
    }
    return {};
}

QString code(Risk risk)
{
    switch (risk) {
    case Risk::Low: return u"low"_s;
    case Risk::Medium: return u"medium"_s;
    case Risk::High: return u"high"_s;
    }
    return {};
}

QStringList Signs::words(QStringView text) const
{
    QStringList words;
    for (const Evidence &each : evidence) {
        const QString word = text.sliced(each.start, each.length).toString();
        if (!words.contains(word, Qt::CaseInsensitive))
            words << word;
    }
    return words;
}

} // namespace tierline::triage
