#include "core/desk/suggestions.h"

#include <QDateTime>
#include <QSet>

#include <span>

namespace tierline::desk {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype MaxRead = 20'000;
constexpr size_t MaxMessages = 200;
constexpr qsizetype MaxSentence = 200;
constexpr int MaxSteps = 8;

std::span<const Message> newestOf(const std::vector<Message> &messages)
{
    const std::span all(messages);
    return all.size() > MaxMessages ? all.last(MaxMessages) : all;
}

bool endsSentence(const QString &text, qsizetype at)
{
    const QChar c = text[at];
    if (c == u'\n')
        return true;
    if (c != u'.' && c != u'!' && c != u'?' && c != u'。' && c != u'？')
        return false;
    return at + 1 >= text.size() || text[at + 1].isSpace()
        || c.unicode() > 0x2000; // no file.txt, no 2.5
}

/// Sentences and lines, each with its closing mark, without quoted lines of former mails.
QStringList sentencesOf(const QString &whole)
{
    QStringList sentences;
    const QString text = whole.left(MaxRead);
    qsizetype begin = 0;
    for (qsizetype at = 0; at <= text.size(); ++at) {
        if (at < text.size() && !endsSentence(text, at))
            continue;
        const QString sentence = text.mid(begin, at - begin + 1).simplified();
        begin = at + 1;
        if (!sentence.isEmpty() && !sentence.startsWith(u'>'))
            sentences.append(sentence);
    }
    return sentences;
}

/// At most `limit` characters, ended at a word.
QString shortened(const QString &text, qsizetype limit = MaxSentence)
{
    if (text.size() <= limit)
        return text;
    const qsizetype space = text.lastIndexOf(u' ', limit - 1);
    return text.left(space > limit / 2 ? space : limit - 1) + u'…';
}

QStringList lowerWords(const QString &text)
{
    QStringList words;
    QString word;
    for (const QChar c : text) {
        if (c.isLetter() || c == u'\'')
            word += c.toLower();
        else if (!word.isEmpty())
            words.append(std::exchange(word, {}));
    }
    if (!word.isEmpty())
        words.append(word);
    return words;
}

bool hasAny(const QStringList &words, std::initializer_list<QStringView> wanted)
{
    return std::ranges::any_of(wanted, [&](QStringView w) { return words.contains(w); });
}

bool isFromCustomer(const Message &message)
{
    return message.author == AuthorKind::Customer;
}

bool isGreeting(const QString &sentence)
{
    const QStringList words = lowerWords(sentence);
    return words.isEmpty()
        || (words.size() <= 4
            && hasAny(
                words, { u"hello", u"hi", u"hey", u"dear", u"hallo", u"thanks", u"regards" }));
}

bool isWish(const QString &sentence)
{
    if (sentence.endsWith(u'?') || sentence.endsWith(u'？'))
        return true;
    return hasAny(lowerWords(sentence),
        { u"please", u"need", u"want", u"expect", u"like", u"hope", u"wish", u"bitte" });
}

QString withoutMark(QString sentence)
{
    while (sentence.endsWith(u'.') || sentence.endsWith(u'!'))
        sentence.chop(1);
    return sentence.trimmed();
}

/// What a note says was done: its first word is a verb of the past.
QString doneStep(const QString &sentence)
{
    QString step = sentence;
    while (!step.isEmpty()
        && (step.front() == u'-' || step.front() == u'*' || step.front() == u'•'
            || step.front().isSpace()))
        step.remove(0, 1);
    QStringList words = lowerWords(step.left(60));
    if (words.size() > 1 && (words.first() == u"i" || words.first() == u"we"))
        words.removeFirst();
    if (words.size() < 2)
        return {};
    const QString &verb = words.first();
    const bool isPast = (verb.size() > 3 && verb.endsWith(u"ed"_s) && verb != u"need")
        || hasAny({ verb },
            { u"tried", u"reset", u"sent", u"told", u"ran", u"set", u"rebuilt", u"made", u"took" });
    return isPast ? shortened(withoutMark(step)) : QString();
}

/// What somebody was asked to do: "please clear your cookies" gives "Asked to clear your cookies".
QString askedStep(const QString &sentence, bool isBot)
{
    const QString text = withoutMark(sentence);
    qsizetype at = -1;
    for (const QStringView cue :
        { QStringView(u"please "), QStringView(u"try to "), QStringView(u"could you ") }) {
        const qsizetype found = text.indexOf(cue, 0, Qt::CaseInsensitive);
        if (found >= 0 && (found == 0 || !text[found - 1].isLetter())) {
            at = found + cue.size();
            break;
        }
    }
    if (at < 0 || at >= text.size())
        return {};
    QString what = text.mid(at).trimmed();
    if (what.endsWith(u'?'))
        what.chop(1);
    if (lowerWords(what).size() < 2)
        return {};
    what[0] = what[0].toLower();
    return u"Asked to "_s + shortened(what, 160) + (isBot ? u" (bot)"_s : QString());
}

} // namespace

QString suggestedSummary(const Ticket &ticket, const std::vector<Message> &messages)
{
    const QString subject = withoutMark(ticket.subject.simplified());
    for (const Message &message : messages) {
        if (!isFromCustomer(message))
            continue;
        for (const QString &sentence : sentencesOf(message.text)) {
            if (isGreeting(sentence))
                continue;
            if (subject.isEmpty() || sentence.contains(subject, Qt::CaseInsensitive))
                return shortened(sentence, 2 * MaxSentence);
            return shortened(u"%1: %2"_s.arg(subject, sentence), 2 * MaxSentence);
        }
        break;
    }
    return shortened(subject, 2 * MaxSentence);
}

QString suggestedExpectation(const std::vector<Message> &messages)
{
    const auto all = newestOf(messages);
    for (auto message = all.rbegin(); message != all.rend(); ++message) {
        if (!isFromCustomer(*message))
            continue;
        const QStringList sentences = sentencesOf(message->text);
        for (auto sentence = sentences.rbegin(); sentence != sentences.rend(); ++sentence) {
            if (isWish(*sentence) && !isGreeting(*sentence))
                return shortened(*sentence);
        }
    }
    return {};
}

QStringList suggestedSteps(const std::vector<Message> &messages)
{
    QStringList steps;
    const auto add = [&](const QString &step) {
        if (!step.isEmpty() && steps.size() < MaxSteps
            && !steps.contains(step, Qt::CaseInsensitive))
            steps.append(step);
    };
    for (const Message &message : newestOf(messages)) {
        if (isFromCustomer(message) || message.author == AuthorKind::System)
            continue;
        const bool isNote = message.kind == MessageKind::InternalNote;
        for (const QString &sentence : sentencesOf(message.text))
            add(isNote ? doneStep(sentence)
                       : askedStep(sentence, message.author == AuthorKind::Bot));
    }
    return steps;
}

QString suggestedReason(const std::vector<Message> &messages)
{
    bool asked = false;
    for (const Message &message : newestOf(messages)) {
        if (!isFromCustomer(message))
            continue;
        const QStringList words = lowerWords(message.text.left(MaxRead));
        if (hasAny(words, { u"lawyer", u"lawsuit", u"attorney", u"solicitor", u"sue" }))
            return u"legal"_s;
        asked |= hasAny(words, { u"manager", u"supervisor", u"human" })
            && !hasAny(words, { u"resources" });
    }
    return asked ? u"customer-asked"_s : QString();
}

QStringList urgencyFlags(const Ticket &ticket, const Organization &organization,
    const std::vector<Message> &messages, Instant now)
{
    QStringList flags;
    if (ticket.priority >= Priority::High)
        flags.append(code(ticket.priority) + u" priority"_s);
    if (ticket.severity == Severity::Critical)
        flags.append(u"critical severity"_s);
    if (organization.plan.contains(u"enterprise"_s, Qt::CaseInsensitive))
        flags.append(organization.plan + u" plan"_s);
    const QDate today = QDateTime::fromMSecsSinceEpoch(now.ms, Qt::UTC).date();
    const qint64 days = organization.renewal.isValid() ? today.daysTo(organization.renewal) : -1;
    const bool renewsSoon = days >= 0 && days <= 60;
    const bool isUnwell = organization.health && *organization.health < 50;
    if (renewsSoon)
        flags.append(days == 0 ? u"renewal today"_s : u"renewal in %1 d"_s.arg(days));
    if (isUnwell)
        flags.append(u"health %1"_s.arg(*organization.health));
    if (renewsSoon && isUnwell)
        flags.append(u"churn risk"_s);
    for (const QString &flag : organization.flags) {
        if (flags.size() < 10 && !flag.trimmed().isEmpty())
            flags.append(shortened(flag.simplified(), 40));
    }
    // Words of the customer since a person last answered.
    int unanswered = 0;
    for (const Message &message : newestOf(messages)) {
        if (isFromCustomer(message))
            ++unanswered;
        else if (message.author == AuthorKind::Agent && message.kind == MessageKind::PublicReply)
            unanswered = 0;
    }
    if (unanswered >= 2)
        flags.append(u"wrote %1 times without an answer"_s.arg(unanswered));
    return flags;
}

} // namespace tierline::desk
