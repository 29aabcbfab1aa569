#include "core/commands/customertexts.h"

#include "core/storage/tickets.h"
#include "core/triage/reader.h"

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

/// One and many of a unit of time.
struct Unit {
    QString one, many;
};

/// The sentences of one language. Places: %1 is who is greeted, or who has the ticket.
struct Wording {
    QString greeting; ///< %1: the customer
    QString stranger; ///< nobody knows the name
    QString notice; ///< %1 subject, %2 who has it, %3 in what time
    QString specialists; ///< who has it: a team that has no name for customers
    QString team; ///< %1
    QString person; ///< %1, of the team %2
    QString question; ///< %1 subject
    Unit minutes, hours, days;
};

const Wording &wordingOf(const QString &language)
{
    static const QHash<QString, Wording> all {
        { u"en"_s,
            { u"Hello %1,"_s, u"Hello,"_s,
                u"Your request “%1” is now with %2. You will hear from them within %3. They have everything you told us, so you need not explain it again."_s,
                u"a specialist team"_s, u"our %1 team"_s, u"%1 of our %2 team"_s,
                u"We believe that “%1” is solved. Is it? Please answer yes or no: with a no, the same people go on with it."_s,
                { u"1 minute"_s, u"%1 minutes"_s }, { u"1 hour"_s, u"%1 hours"_s },
                { u"1 day"_s, u"%1 days"_s } } },
        { u"de"_s,
            { u"Guten Tag %1,"_s, u"Guten Tag,"_s,
                u"Ihre Anfrage „%1“ liegt jetzt bei %2. Sie hören von dort innerhalb von %3. Alles, was Sie uns geschrieben haben, ist dort bekannt; Sie müssen es nicht noch einmal erklären."_s,
                u"einem Fachteam"_s, u"unserem Team „%1“"_s, u"%1 aus unserem Team „%2“"_s,
                u"Wir glauben, dass „%1“ gelöst ist. Stimmt das? Antworten Sie bitte mit Ja oder Nein: Bei einem Nein machen dieselben Leute damit weiter."_s,
                { u"1 Minute"_s, u"%1 Minuten"_s }, { u"1 Stunde"_s, u"%1 Stunden"_s },
                { u"1 Tag"_s, u"%1 Tagen"_s } } },
        { u"fr"_s,
            { u"Bonjour %1,"_s, u"Bonjour,"_s,
                u"Votre demande « %1 » est maintenant entre les mains %2. Vous aurez une réponse d'ici %3. Tout ce que vous nous avez écrit leur a été transmis : vous n'avez rien à expliquer de nouveau."_s,
                u"d'une équipe spécialisée"_s, u"de notre équipe « %1 »"_s,
                u"de %1, de notre équipe « %2 »"_s,
                u"Nous pensons que « %1 » est résolu. Est-ce le cas ? Répondez par oui ou par non : si c'est non, les mêmes personnes continuent."_s,
                { u"1 minute"_s, u"%1 minutes"_s }, { u"1 heure"_s, u"%1 heures"_s },
                { u"1 jour"_s, u"%1 jours"_s } } },
        { u"es"_s,
            { u"Hola, %1:"_s, u"Hola:"_s,
                u"Su solicitud «%1» está ahora en manos de %2. Le responderán en un plazo de %3. Tienen todo lo que nos ha escrito, así que no tendrá que explicarlo otra vez."_s,
                u"un equipo especializado"_s, u"nuestro equipo «%1»"_s,
                u"%1, de nuestro equipo «%2»"_s,
                u"Creemos que «%1» está resuelto. ¿Es así? Responda sí o no: si es que no, las mismas personas seguirán con ello."_s,
                { u"1 minuto"_s, u"%1 minutos"_s }, { u"1 hora"_s, u"%1 horas"_s },
                { u"1 día"_s, u"%1 días"_s } } },
        { u"pt"_s,
            { u"Olá, %1,"_s, u"Olá,"_s,
                u"O seu pedido “%1” está agora com %2. Receberá uma resposta no prazo de %3. Têm tudo o que nos escreveu, pelo que não precisa de explicar de novo."_s,
                u"uma equipa especializada"_s, u"a nossa equipa “%1”"_s,
                u"%1, da nossa equipa “%2”"_s,
                u"Pensamos que “%1” está resolvido. Está? Responda sim ou não: se for não, as mesmas pessoas continuam."_s,
                { u"1 minuto"_s, u"%1 minutos"_s }, { u"1 hora"_s, u"%1 horas"_s },
                { u"1 dia"_s, u"%1 dias"_s } } },
    };
    const auto found = all.constFind(language);
    return found == all.cend() ? *all.constFind(u"en"_s) : *found;
}

QString greeting(const Wording &words, const Requester &requester)
{
    const QString name = requester.name.simplified().left(80);
    return name.isEmpty() ? words.stranger : words.greeting.arg(name);
}

QString subjectOf(const Ticket &ticket)
{
    return ticket.subject.simplified().left(200);
}

QString counted(qint64 n, const Unit &unit)
{
    return n == 1 ? unit.one : unit.many.arg(n);
}

QString timeIn(const Wording &words, Millis duration)
{
    const qint64 minutes = qMax<qint64>(1, (duration.count() + 59'999) / 60'000);
    if (minutes < 60)
        return counted(minutes, words.minutes);
    // Rounded up: a promise is kept when the answer comes earlier.
    const qint64 hours = (minutes + 59) / 60;
    if (hours < 48)
        return counted(hours, words.hours);
    return counted((hours + 23) / 24, words.days);
}

} // namespace

Result<QString> languageOfCustomer(storage::Connection &connection, const Ticket &ticket)
{
    constexpr qsizetype longestOfMessage = 20'000;
    TIERLINE_TRY(messages, storage::loadMessages(connection, ticket.id));
    QString words;
    for (const Message &message : messages) { // the newest count first
        if (message.author == AuthorKind::Customer)
            words.prepend(message.text.left(longestOfMessage) + u'\n');
    }
    return triage::TextReader::shared().languageOf(words + ticket.subject);
}

QString timeInWords(Millis duration, const QString &language)
{
    return timeIn(wordingOf(language), duration);
}

QString composeNotice(const Ticket &ticket, const Requester &requester, const Tier &to,
    const Team *team, const QString &receiverName, const QString &language)
{
    const Wording &words = wordingOf(language);
    const bool isConfidential = team && team->confidential != Confidential::No;
    const QString name = team ? team->name : to.name;
    // In one go: what stands in a name is nobody's place.
    const QString who = isConfidential ? words.specialists
        : receiverName.isEmpty()       ? words.team.arg(name)
                                       : words.person.arg(receiverName, name);
    return greeting(words, requester) + u"\n\n"_s
        + words.notice.arg(subjectOf(ticket), who, timeIn(words, to.replyWithin));
}

QString composeQuestion(const Ticket &ticket, const Requester &requester, const QString &language)
{
    const Wording &words = wordingOf(language);
    return greeting(words, requester) + u"\n\n"_s + words.question.arg(subjectOf(ticket));
}

} // namespace tierline::commands
