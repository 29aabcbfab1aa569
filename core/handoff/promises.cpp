#include "core/handoff/promises.h"

#include "core/handoff/shorten.h"

#include <array>

namespace tierline::handoff {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype LongestRead = 20'000; ///< characters of a message that are looked at

struct Unit {
    QStringView word;
    qint64 minutes;
};
constexpr std::array units = std::to_array<Unit>({
    { u"minute", 1 },
    { u"minutes", 1 },
    { u"min", 1 },
    { u"mins", 1 },
    { u"minuten", 1 },
    { u"minuto", 1 },
    { u"minutos", 1 },
    { u"hour", 60 },
    { u"hours", 60 },
    { u"hrs", 60 },
    { u"h", 60 },
    { u"stunde", 60 },
    { u"stunden", 60 },
    { u"heure", 60 },
    { u"heures", 60 },
    { u"hora", 60 },
    { u"horas", 60 },
    { u"day", 1440 },
    { u"days", 1440 },
    { u"tag", 1440 },
    { u"tagen", 1440 },
    { u"tage", 1440 },
    { u"jour", 1440 },
    { u"jours", 1440 },
    { u"día", 1440 },
    { u"días", 1440 },
    { u"dia", 1440 },
    { u"dias", 1440 },
    { u"werktagen", 1440 },
    { u"arbeitstagen", 1440 },
});

struct Number {
    QStringView word;
    int value;
};
constexpr std::array numbers = std::to_array<Number>({
    { u"a", 1 },
    { u"an", 1 },
    { u"one", 1 },
    { u"two", 2 },
    { u"three", 3 },
    { u"four", 4 },
    { u"einer", 1 },
    { u"einem", 1 },
    { u"zwei", 2 },
    { u"drei", 3 },
    { u"une", 1 },
    { u"un", 1 },
    { u"deux", 2 },
    { u"trois", 3 },
    { u"una", 1 },
    { u"dos", 2 },
    { u"tres", 3 },
    { u"uma", 1 },
    { u"um", 1 },
    { u"dois", 2 },
    { u"duas", 2 },
    { u"três", 3 },
});

/// Words that lead in a length of time, as one or several words.
constexpr std::array leads
    = std::to_array<QStringView>({ u"within", u"within the next", u"in the next", u"in less than",
        u"innerhalb von", u"innerhalb der nächsten", u"in den nächsten", u"binnen", u"sous",
        u"dans les", u"dans un délai de", u"d'ici", u"d’ici", u"en menos de", u"dentro de",
        u"en las próximas", u"en los próximos", u"nas próximas", u"nos próximos", u"em até" });

/// Whole phrases that name a day or an hour of it.
constexpr std::array dayPhrases = std::to_array<QStringView>({ u"by tomorrow", u"by the end of",
    u"by end of", u"by noon", u"by monday", u"by tuesday", u"by wednesday", u"by thursday",
    u"by friday", u"by saturday", u"by sunday", u"by tonight", u"before tomorrow", u"later today",
    u"bis morgen", u"bis heute abend", u"bis ende", u"bis montag", u"bis dienstag", u"bis mittwoch",
    u"bis donnerstag", u"bis freitag", u"im laufe des", u"d'ici demain", u"d’ici demain",
    u"avant demain", u"avant ce soir", u"dans la journée", u"antes de mañana", u"hoy mismo",
    u"antes del", u"até amanhã", u"até o fim", u"ainda hoje" });

QString bare(QStringView word)
{
    qsizetype from = 0;
    qsizetype to = word.size();
    while (from < to && !word[from].isLetterOrNumber())
        ++from;
    while (to > from && !word[to - 1].isLetterOrNumber())
        --to;
    return word.sliced(from, to - from).toString().toLower();
}

std::optional<int> numberOf(const QString &word)
{
    bool isNumber = false;
    const int value = word.toInt(&isNumber);
    if (isNumber && value > 0 && value <= 1000)
        return value;
    for (const Number &n : numbers) {
        if (word == n.word)
            return n.value;
    }
    return std::nullopt;
}

std::optional<qint64> minutesOf(const QString &word)
{
    for (const Unit &u : units) {
        if (word == u.word)
            return u.minutes;
    }
    return std::nullopt;
}

/// "within 2 hours" at word `at`: how many words it takes and how long it is.
struct Length {
    qsizetype words = 0;
    Millis time { 0 };
};
std::optional<Length> lengthAt(const QStringList &words, qsizetype at)
{
    for (const QStringView lead : leads) {
        const QList<QStringView> parts = lead.split(u' ');
        bool fits = at + parts.size() < words.size();
        for (qsizetype i = 0; fits && i < parts.size(); ++i)
            fits = words[at + i] == parts[i];
        if (!fits)
            continue;
        qsizetype next = at + parts.size();
        const std::optional<int> amount = numberOf(words[next]);
        if (!amount)
            continue;
        ++next;
        // "2 business hours": one word may stand between.
        for (qsizetype skip = 0; skip < 2 && next + skip < words.size(); ++skip) {
            if (const auto minutes = minutesOf(words[next + skip])) {
                return Length { next + skip + 1 - at, std::chrono::minutes(*amount * *minutes) };
            }
        }
    }
    return std::nullopt;
}

/// A plain hour: "by 14:00", "bis 14 Uhr", "before 5 pm".
qsizetype clockTimeAt(const QStringList &words, qsizetype at)
{
    static const QStringList before { u"by"_s, u"before"_s, u"bis"_s, u"avant"_s, u"antes"_s,
        u"até"_s };
    if (!before.contains(words[at]) || at + 1 >= words.size())
        return 0;
    const QString &next = words[at + 1];
    const qsizetype colon = next.indexOf(u':');
    if (colon > 0 && next.size() <= 5 && next.front().isDigit() && next.back().isDigit())
        return 2;
    static const QStringList hours { u"pm"_s, u"am"_s, u"uhr"_s, u"o'clock"_s };
    if (at + 2 < words.size() && numberOf(next) && hours.contains(words[at + 2]))
        return 3;
    return 0;
}

std::optional<Promise> promiseIn(const QString &sentence)
{
    if (sentence.endsWith(u'?'))
        return std::nullopt;
    const QStringList shown = sentence.split(u' ', Qt::SkipEmptyParts);
    QStringList words;
    for (const QString &word : shown)
        words.append(bare(word));
    const auto found = [&](qsizetype at, qsizetype count, std::optional<Millis> time) {
        Promise promise;
        promise.text = sentence;
        QString phrase = shown.mid(at, count).join(u' ');
        while (!phrase.isEmpty() && !phrase.back().isLetterOrNumber())
            phrase.chop(1);
        promise.found = phrase;
        if (time)
            promise.due
                = Instant { time->count() }; // from the message's own time, added by the caller
        return promise;
    };
    for (qsizetype at = 0; at < words.size(); ++at) {
        if (const auto length = lengthAt(words, at))
            return found(at, length->words, length->time);
        if (const qsizetype count = clockTimeAt(words, at))
            return found(at, count, std::nullopt);
        for (const QStringView phrase : dayPhrases) {
            const qsizetype count = phrase.count(u' ') + 1;
            if (words.mid(at, count).join(u' ') == phrase)
                return found(at, std::min(count + 1, shown.size() - at), std::nullopt);
        }
    }
    return std::nullopt;
}

/// The lines of a text, without quoted ones and what leads them in, and with those joined again that a mail program wrapped.
QStringList paragraphsOf(const QString &text)
{
    constexpr qsizetype Wrapped = 55;
    QStringList paragraphs;
    bool goesOn = false;
    bool isQuoted = false;
    for (const QStringView raw : QStringView(text).left(LongestRead).split(u'\n')) {
        const QStringView line = raw.trimmed();
        if (line.startsWith(u'>')) {
            // "On Monday Ana wrote:" belongs to the quote.
            if (!isQuoted && !paragraphs.isEmpty() && paragraphs.last().endsWith(u':'))
                paragraphs.removeLast();
            isQuoted = true;
            goesOn = false;
            continue;
        }
        isQuoted = isQuoted && line.isEmpty();
        if (goesOn && !line.isEmpty())
            paragraphs.last().append(u' ').append(line);
        else if (!line.isEmpty())
            paragraphs.append(line.toString());
        goesOn = line.size() >= Wrapped;
    }
    return paragraphs;
}

} // namespace

QStringList sentencesOf(const QString &text, int limit)
{
    QStringList sentences;
    const auto add = [&](QStringView part) {
        const QString sentence = oneLine(part.toString());
        if (!sentence.isEmpty() && sentences.size() < limit)
            sentences.append(sentence);
    };
    for (const QString &paragraph : paragraphsOf(text)) {
        qsizetype from = 0;
        for (qsizetype i = 0; i < paragraph.size(); ++i) {
            const bool isEnd = QStringView(u".!?。！？").contains(paragraph[i]);
            const bool isLast = i + 1 == paragraph.size() || paragraph[i + 1].isSpace();
            if (isEnd && (isLast || paragraph[i].unicode() > 0x2fff)) {
                add(QStringView(paragraph).sliced(from, i + 1 - from));
                from = i + 1;
            }
        }
        add(QStringView(paragraph).sliced(from));
    }
    return sentences;
}

std::vector<Promise> openPromises(const std::vector<Message> &messages)
{
    std::vector<Promise> open;
    for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
        const bool isOurs
            = message->author == AuthorKind::Agent || message->author == AuthorKind::System;
        if (message->kind != MessageKind::PublicReply || !isOurs)
            continue;
        for (const QString &sentence : sentencesOf(message->text)) {
            std::optional<Promise> promise = promiseIn(sentence);
            if (!promise)
                continue;
            promise->author = message->authorName;
            promise->made = message->at;
            if (promise->due)
                promise->due = message->at + Millis(promise->due->ms);
            open.push_back(*promise);
        }
        if (message->author == AuthorKind::Agent)
            break;
    }
    return open;
}

} // namespace tierline::handoff
