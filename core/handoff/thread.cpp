#include "core/handoff/thread.h"

#include "core/handoff/promises.h"
#include "core/handoff/shorten.h"

namespace tierline::handoff {

using namespace Qt::StringLiterals;

namespace {

constexpr int SentenceWords = 40;

bool beginsWithOneOf(const QString &sentence, const QStringList &starts)
{
    const QString lower = sentence.toLower();
    return std::any_of(starts.begin(), starts.end(), [&](const QString &start) {
        return lower.startsWith(start)
            && (lower.size() == start.size() || !lower[start.size()].isLetterOrNumber());
    });
}

bool isGreeting(const QString &sentence)
{
    static const QStringList greetings { u"hi"_s, u"hello"_s, u"hey"_s, u"dear"_s,
        u"good morning"_s, u"good afternoon"_s, u"good evening"_s, u"hallo"_s, u"guten tag"_s,
        u"guten morgen"_s, u"sehr geehrte"_s, u"liebes"_s, u"moin"_s, u"servus"_s, u"bonjour"_s,
        u"bonsoir"_s, u"salut"_s, u"hola"_s, u"buenos días"_s, u"buenas tardes"_s, u"buenas"_s,
        u"estimado"_s, u"olá"_s, u"oi"_s, u"bom dia"_s, u"boa tarde"_s, u"prezados"_s };
    return countWords(sentence) <= 5 && beginsWithOneOf(sentence, greetings);
}

bool isSignOff(const QString &sentence)
{
    static const QStringList ends { u"regards"_s, u"best regards"_s, u"kind regards"_s,
        u"best wishes"_s, u"best"_s, u"cheers"_s, u"thanks"_s, u"thank you"_s, u"many thanks"_s,
        u"sincerely"_s, u"viele grüße"_s, u"beste grüße"_s, u"mit freundlichen grüßen"_s,
        u"danke"_s, u"vielen dank"_s, u"lg"_s, u"cordialement"_s, u"bien à vous"_s, u"merci"_s,
        u"bonne journée"_s, u"saludos"_s, u"un saludo"_s, u"gracias"_s, u"atentamente"_s,
        u"atenciosamente"_s, u"obrigado"_s, u"obrigada"_s, u"abraços"_s, u"sent from my"_s,
        u"--"_s };
    return sentence == u"--" || (countWords(sentence) <= 5 && beginsWithOneOf(sentence, ends));
}

QString firstSentence(const QString &text)
{
    const QStringList sentences = sentencesOf(text, 12);
    for (const QString &sentence : sentences) {
        if (!isGreeting(sentence) && countWords(sentence) >= 2)
            return shortened(sentence, SentenceWords);
    }
    return sentences.isEmpty() ? QString() : shortened(sentences.first(), SentenceWords);
}

/// The last sentence before the signature, which may be the bare name.
QString lastSentence(const Message &message)
{
    QString last;
    for (const QString &sentence : sentencesOf(message.text)) {
        const bool isName = countWords(sentence) <= 3
            && message.authorName.contains(sentence, Qt::CaseInsensitive);
        if (!last.isEmpty() && (isSignOff(sentence) || isName))
            break;
        if (!isGreeting(sentence) || last.isEmpty())
            last = sentence;
    }
    return shortened(last, SentenceWords);
}

bool asksForPerson(const QString &text)
{
    static const QStringList words { u"human"_s, u"real person"_s, u"an agent"_s, u"a person"_s,
        u"someone"_s, u"mitarbeiter"_s, u"menschen"_s, u"humain"_s, u"conseiller"_s, u"persona"_s,
        u"un agente"_s, u"pessoa"_s, u"atendente"_s };
    const QString lower = text.toLower();
    return std::any_of(
        words.begin(), words.end(), [&](const QString &w) { return lower.contains(w); });
}

bool saysItFailed(const QString &text)
{
    static const QStringList words { u"does not help"_s, u"doesn't help"_s, u"did not help"_s,
        u"didn't help"_s, u"not what i asked"_s, u"already tried"_s, u"already did"_s, u"still"_s,
        u"same error"_s, u"not working"_s, u"hilft nicht"_s, u"immer noch"_s, u"schon versucht"_s,
        u"ne marche pas"_s, u"toujours"_s, u"déjà essayé"_s, u"no funciona"_s, u"sigue"_s,
        u"ya lo"_s, u"não funciona"_s, u"continua"_s, u"já tentei"_s };
    const QString lower = text.toLower();
    return std::any_of(
        words.begin(), words.end(), [&](const QString &w) { return lower.contains(w); });
}

/// Where in the transcript the bot no longer helped.
void findBreak(BotPart &part)
{
    bool hasBotSpoken = false;
    for (size_t i = 0; i < part.transcript.size(); ++i) {
        const Message &message = part.transcript[i];
        hasBotSpoken = hasBotSpoken || message.author == AuthorKind::Bot;
        if (message.author != AuthorKind::Customer || !hasBotSpoken)
            continue;
        const bool asks = asksForPerson(message.text);
        if (!asks && !saysItFailed(message.text))
            continue;
        part.brokeAt = static_cast<qsizetype>(i);
        part.broke = firstSentence(message.text);
        part.why = asks ? u"The customer asked for a person."_s
                        : u"The customer said that it did not help."_s;
        return;
    }
    // Nobody complained: the bot's last turn is where it ended.
    for (size_t i = part.transcript.size(); i-- > 0;) {
        if (part.transcript[i].author == AuthorKind::Bot) {
            part.brokeAt = static_cast<qsizetype>(i);
            part.broke = firstSentence(part.transcript[i].text);
            part.why = u"The bot's last turn: no answer of it came after that."_s;
            return;
        }
    }
}

} // namespace

ThreadSummary summaryOf(const std::vector<Message> &messages)
{
    ThreadSummary summary;
    const Message *lastAgent = nullptr;
    const Message *lastCustomer = nullptr;
    for (const Message &message : messages) {
        if (message.kind == MessageKind::System || message.author == AuthorKind::System)
            continue;
        auto writer
            = std::find_if(summary.writers.begin(), summary.writers.end(), [&](const Writer &w) {
                  return w.name == message.authorName && w.author == message.author;
              });
        if (writer == summary.writers.end()) {
            summary.writers.push_back({ .name = message.authorName,
                .author = message.author,
                .first = message.at,
                .last = message.at });
            writer = std::prev(summary.writers.end());
        }
        writer->last = message.at;
        if (message.kind == MessageKind::InternalNote) {
            ++writer->notes;
            ++summary.notes;
            continue;
        }
        ++writer->publicMessages;
        if (message.author == AuthorKind::Customer) {
            ++summary.customer;
            if (!lastCustomer)
                summary.firstCustomer = firstSentence(message.text);
            lastCustomer = &message;
            if (!summary.waitingSince)
                summary.waitingSince = message.at;
        } else if (message.author == AuthorKind::Agent) {
            ++summary.agent;
            lastAgent = &message;
            summary.waitingSince.reset();
        } else {
            ++summary.bot;
        }
    }
    if (lastAgent)
        summary.lastAgent = lastSentence(*lastAgent);
    if (lastCustomer)
        summary.lastCustomer = lastSentence(*lastCustomer);
    return summary;
}

std::optional<BotPart> botPartOf(const std::vector<Message> &messages)
{
    qsizetype lastBot = -1;
    qsizetype end = std::ssize(messages);
    for (qsizetype i = 0; i < std::ssize(messages); ++i) {
        const Message &message = messages[static_cast<size_t>(i)];
        if (message.author == AuthorKind::Bot)
            lastBot = i;
    }
    if (lastBot < 0)
        return std::nullopt;
    // The customer's words up to the first person's are still said to the bot.
    for (qsizetype i = lastBot + 1; i < end; ++i) {
        if (messages[static_cast<size_t>(i)].author != AuthorKind::Customer)
            end = i;
    }
    BotPart part;
    for (qsizetype i = 0; i < end; ++i) {
        const Message &message = messages[static_cast<size_t>(i)];
        if (message.kind == MessageKind::InternalNote || message.kind == MessageKind::System)
            continue;
        if (message.author == AuthorKind::Customer && part.firstMessage.isEmpty())
            part.firstMessage = message.text;
        if (message.author == AuthorKind::Bot) {
            const QString step = firstSentence(message.text);
            if (!step.isEmpty())
                part.steps.append(step);
        }
        part.transcript.push_back(message);
    }
    findBreak(part);
    return part;
}

} // namespace tierline::handoff
