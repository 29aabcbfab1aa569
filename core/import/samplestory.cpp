#include "core/import/samplestory.h"

namespace tierline::importing {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QString capital(QString text)
{
    if (!text.isEmpty())
        text[0] = text[0].toUpper();
    return text;
}

QString paragraphs(const QString &text)
{
    QString html;
    QString quote;
    for (const QString &part : text.split(u"\n\n"_s)) {
        if (part.startsWith(u'>')) {
            QString inner = part;
            inner.replace(u"\n> "_s, u"\n"_s);
            quote = u"<blockquote type=\"cite\"><p>"_s
                + inner.mid(2).toHtmlEscaped().replace(u"\n"_s, u"<br>"_s) + u"</p></blockquote>"_s;
        } else {
            html += u"<p>"_s + part.toHtmlEscaped().replace(u"\n"_s, u"<br>"_s) + u"</p>\n"_s;
        }
    }
    return u"<html><body style=\"font-family:sans-serif\">\n"_s + html + quote
        + u"</body></html>"_s;
}

} // namespace

Instant inWorkingHours(Instant at, RandomSource &random)
{
    const qint64 day = at.ms / DayMs;
    const int weekday = static_cast<int>((day + 4) % 7); // 0 is Sunday
    const qint64 minute = (at.ms % DayMs) / 60'000;
    const bool isFree = weekday == 0 || weekday == 6;
    if (!isFree && minute >= 7 * 60 && minute < 17 * 60 + 30)
        return at;
    qint64 next = !isFree && minute < 7 * 60 ? day : day + 1;
    while ((next + 4) % 7 == 0 || (next + 4) % 7 == 6)
        ++next;
    return Instant { next * DayMs } + 7h + std::chrono::minutes(between(4, 95, random));
}

SampleStory::SampleStory(int number, Cast cast, RandomSource &random)
    : m_number(number)
    , m_cast(std::move(cast))
    , m_random(random)
    , m_words(random)
    , m_at(m_cast.opened)
{
    setWords();
    const int dice = between(1, 100, m_random);
    m_channel = dice <= 62 ? u"email"_s : dice <= 80 ? u"web"_s : u"chat"_s;
    if (m_cast.scenario.contains(u"bot"))
        m_channel = u"chat"_s;
    if (m_cast.scenario.value(u"mood").toString() == u"angry" && m_channel == u"web")
        m_channel = u"phone"_s;
    m_writesHtml = m_channel == u"email" && chance(55, m_random);
}

QJsonObject SampleStory::language() const
{
    return m_cast.company.value(u"words")
        .toObject()
        .value(m_cast.scenario.value(u"lang").toString())
        .toObject();
}

QString SampleStory::firstNameOf(const QString &agent) const
{
    for (const QJsonValue &value : m_cast.company.value(u"agents").toArray()) {
        if (value.toObject().value(u"id").toString() == agent)
            return value.toObject().value(u"name").toString().section(u' ', 0, 0);
    }
    return agent;
}

void SampleStory::setWords()
{
    const QJsonObject words = language();
    const QJsonArray contacts = m_cast.customer.value(u"contacts").toArray();
    const QJsonObject contact = contacts.at(m_random.below(contacts.size())).toObject();
    const QString name = contact.value(u"name").toString();
    m_words.set(u"fullname"_s, name);
    m_words.set(u"name"_s, name.section(u' ', 0, 0));
    m_words.set(u"email"_s, contact.value(u"email").toString());
    m_words.set(u"title"_s, contact.value(u"title").toString());
    m_words.set(u"company"_s, m_cast.customer.value(u"name").toString());
    m_words.set(u"plan"_s, m_cast.customer.value(u"plan").toString());
    m_words.set(u"category"_s, text(u"category"_s));
    m_words.set(u"severity"_s, text(u"severity"_s));
    m_words.set(u"site"_s, oneOf(m_cast.customer.value(u"sites"), m_random));
    m_words.set(u"person"_s, oneOf(words.value(u"people"), m_random));
    do {
        m_words.set(u"person2"_s, oneOf(words.value(u"people"), m_random));
    } while (m_words.value(u"person2"_s) == m_words.value(u"person"_s));
    m_words.set(u"team"_s, oneOf(words.value(u"teams"), m_random));
    m_words.set(u"day"_s, oneOf(words.value(u"days"), m_random));
    const int month = m_cast.opened.iso().mid(5, 2).toInt();
    const QJsonArray months = words.value(u"months").toArray();
    m_words.set(u"month"_s, months.at((month + 10 + between(0, 1, m_random)) % 12).toString());
    m_words.set(u"nextmonth"_s, months.at(month % 12).toString());
    m_words.set(u"time"_s,
        u"%1:%2"_s.arg(between(6, 16, m_random), 2, 10, QChar(u'0'))
            .arg(between(0, 59, m_random), 2, 10, QChar(u'0')));
    m_words.set(u"n"_s, QString::number(between(3, 19, m_random)));
    m_words.set(u"n2"_s, QString::number(between(24, 180, m_random)));
    m_words.set(u"d"_s, QString::number(between(2, 9, m_random)));
    m_words.set(u"amount"_s, words.value(u"money").toString().arg(between(49, 4200, m_random)));
    m_words.set(u"inv"_s,
        u"FM-%1-%2"_s.arg(m_cast.opened.iso().left(4)).arg(between(10'200, 19'900, m_random)));
    m_words.set(u"ref"_s, u"R-%1"_s.arg(between(20'000, 89'999, m_random)));
    m_words.set(u"ver"_s, u"6.%1.%2"_s.arg(between(8, 14, m_random)).arg(between(0, 6, m_random)));
    m_words.set(u"hex"_s,
        QString::number(m_random.next64() % 0xffffff, 16).rightJustified(6, u'0').toUpper());
}

void SampleStory::pass(int low, int high)
{
    if (m_isLive)
        return;
    const double minutes = between(low, high, m_random) * m_pace;
    m_at = inWorkingHours(
        m_at + Millis(static_cast<qint64>(minutes * 60'000) + between(1'000, 50'000, m_random)),
        m_random);
}

template<typename Command>
void SampleStory::add(const QString &actor, Command command)
{
    const auto run
        = [command = std::move(command)](commands::Context &context, const QString &key) mutable {
              if constexpr (requires { command.ticket = key; })
                  command.ticket = key;
              return commands::run(context, command);
          };
    m_steps.push_back({ .at = m_at, .ticket = m_number, .actor = actor, .run = run });
    m_at = m_at + Millis(1'000); // so that what follows at once still follows
}

QString SampleStory::fromCustomer(const QString &body, bool isFirst)
{
    if (m_channel == u"chat" || m_channel == u"phone")
        return capital(body);
    const QJsonObject words = language();
    QString mail;
    if (isFirst)
        mail = oneOf(words.value(u"hello"), m_random) + u"\n\n"_s + body + u"\n\n"_s
            + oneOf(words.value(u"bye"), m_random) + u'\n' + m_words.value(u"fullname"_s);
    else
        mail = capital(body) + u"\n\n"_s + m_words.value(u"name"_s);
    if (m_channel != u"email")
        return mail;
    if (isFirst && chance(60, m_random))
        mail += u'\n' + m_words.value(u"title"_s) + u", "_s + m_words.value(u"company"_s);
    if (!isFirst && !m_lastAgentText.isEmpty() && chance(60, m_random)) {
        QString quoted = m_lastAgentText;
        quoted.replace(u"\n\n"_s, u"\n"_s).replace(u'\n', u"\n> "_s);
        m_words.set(u"date"_s, (m_at - 1h).iso().left(10));
        m_words.set(u"from"_s, u"Fennmark Support"_s);
        mail += u"\n\n"_s + m_words.fill(words.value(u"wrote").toString()) + u"\n\n> "_s + quoted;
    }
    return mail;
}

QString SampleStory::fromAgent(const QString &body, const QString &agent)
{
    m_words.set(u"agent"_s, firstNameOf(agent));
    const QString filled = m_words.fill(body);
    const QJsonObject words = language();
    const bool greetsAlready = filled.left(60).contains(m_words.value(u"name"_s));
    QString mail = greetsAlready
        ? capital(filled)
        : m_words.fill(oneOf(words.value(u"agentHello"), m_random)) + u"\n\n"_s + filled;
    if (m_channel != u"chat")
        mail += u"\n\n"_s + oneOf(words.value(u"agentBye"), m_random) + u'\n' + firstNameOf(agent);
    m_lastAgentText = mail;
    return mail;
}

QString SampleStory::htmlOf(const QString &mail) const
{
    return m_writesHtml ? paragraphs(mail) : QString();
}

commands::CreateTicket SampleStory::created()
{
    commands::CreateTicket command;
    Ticket &ticket = command.ticket;
    ticket.subject = capital(m_words.fill(oneOf(m_cast.scenario.value(u"subject"), m_random)));
    ticket.channel = m_channel;
    ticket.category = text(u"category"_s);
    ticket.product = text(u"product"_s);
    ticket.type = text(u"type"_s);
    ticket.tier = u"L1"_s;
    ticket.team = u"Frontline"_s;
    ticket.severity = fromCode<Severity>(text(u"severity"_s));
    ticket.isComplex = ticket.severity == Severity::Critical || has(u"next"_s);
    const auto priority = fromCode<Priority>(text(u"priority"_s));
    ticket.priority
        = priority.value_or(text(u"mood"_s) == u"angry" ? Priority::High : Priority::Normal);
    if (!priority && ticket.severity == Severity::Low && chance(50, m_random))
        ticket.priority = Priority::Low;
    ticket.tags = { ticket.product.section(u' ', 1).toLower() };
    ticket.fields = { { u"site"_s, m_words.value(u"site"_s) }, { u"language"_s, text(u"lang"_s) } };
    command.requester
        = { .name = m_words.value(u"fullname"_s), .email = m_words.value(u"email"_s) };
    const QJsonObject &from = m_cast.customer;
    command.organization = { .name = from.value(u"name").toString(),
        .plan = from.value(u"plan").toString(),
        .arr = from.value(u"arr").toInteger(),
        .health = from.value(u"health").toInt() };
    const qint64 renews = from.value(u"renews_in_days").toInteger();
    command.organization.renewal = QDate(1970, 1, 1).addDays(m_cast.now.ms / DayMs + renews);
    for (const QJsonValue &flag : from.value(u"flags").toArray())
        command.organization.flags.append(flag.toString());
    return command;
}

void SampleStory::open()
{
    commands::CreateTicket command = created();
    const QJsonArray turns = m_cast.scenario.value(u"bot").toArray();
    if (turns.isEmpty()) {
        command.text
            = fromCustomer(m_words.fill(oneOf(m_cast.scenario.value(u"open"), m_random)), true);
    } else {
        command.text = capital(m_words.fill(turns.first().toArray().first().toString()));
    }
    command.html = htmlOf(command.text);
    add(u"customer"_s, std::move(command));
    if (has(u"file"_s))
        m_steps.back().file = this->text(u"file"_s);
    if (!turns.isEmpty())
        talkWithBot();
}

void SampleStory::talkWithBot()
{
    const QString bot = m_cast.company.value(u"bot").toString();
    const QJsonArray turns = m_cast.scenario.value(u"bot").toArray();
    for (qsizetype i = 0; i < turns.size(); ++i) {
        const QJsonArray turn = turns.at(i).toArray();
        if (i > 0) {
            m_at = m_at + Millis(between(9'000, 40'000, m_random));
            add(u"customer"_s,
                commands::CustomerMessage { .text = m_words.fill(turn.at(0).toString()) });
        }
        m_at = m_at + 2s;
        add(u"customer"_s,
            commands::CustomerMessage {
                .text = turn.at(1).toString(), .author = AuthorKind::Bot, .authorName = bot });
    }
    m_at = m_at + Millis(between(20'000, 60'000, m_random));
    const QString body = capital(m_words.fill(oneOf(m_cast.scenario.value(u"open"), m_random)));
    add(u"customer"_s, commands::CustomerMessage { .text = body });
}

void SampleStory::claim()
{
    add(m_cast.frontline, commands::Claim {});
}

void SampleStory::ask()
{
    const QString body
        = has(u"ask"_s) ? text(u"ask"_s) : language().value(u"pendingAsk").toString();
    const QString mail = fromAgent(body, m_cast.frontline);
    add(m_cast.frontline, commands::Reply { .text = mail });
}

void SampleStory::answer()
{
    const QString body = has(u"answer"_s)
        ? fill(u"answer"_s)
        : m_words.value(u"time"_s) + u", "_s + m_words.value(u"site"_s);
    const QString mail = fromCustomer(body, false);
    add(u"customer"_s, commands::CustomerMessage { .text = mail, .html = htmlOf(mail) });
}

void SampleStory::urge()
{
    const QString mail = fromCustomer(oneOf(language().value(u"urge"), m_random), false);
    add(u"customer"_s, commands::CustomerMessage { .text = mail, .html = htmlOf(mail) });
}

void SampleStory::note()
{
    if (has(u"note"_s))
        add(m_cast.frontline, commands::Note { .text = fill(u"note"_s) });
}

void SampleStory::status(const QString &code)
{
    add(m_cast.frontline, commands::SetFields { .changes = { { u"status"_s, code } } });
}

void SampleStory::flag()
{
    add(m_cast.frontline,
        commands::Flag { .note = oneOf(m_cast.company.value(u"flagNotes"), m_random) });
}

void SampleStory::triage()
{
    add(m_cast.specialist, commands::Triage {});
}
void SampleStory::unflag()
{
    add(m_cast.specialist, commands::Unflag {});
}

void SampleStory::escalate(const QString &tier, const QString &team, bool isByRule)
{
    commands::Escalate command { .toTier = tier, .team = team };
    const bool toEngineering = tier == u"L3" && team == u"Engineering";
    const bool isAngry = text(u"mood"_s) == u"angry";
    command.reason = toEngineering ? u"needs-code-change"_s : text(u"reason"_s);
    command.kind = isByRule                   ? EscalationKind::Automated
        : command.reason == u"customer-asked" ? EscalationKind::Hierarchical
        : isFastLane(command.reason)          ? EscalationKind::Priority
                                              : EscalationKind::Functional;
    command.trigger = isAngry ? Trigger::Reactive : Trigger::Proactive;
    command.form.summary = fill(u"summary"_s);
    command.form.expected = fill(u"expected"_s);
    for (const QJsonValue &step : m_cast.scenario.value(u"tried").toArray())
        command.form.tried.append(m_words.fill(step.toString()));
    if (toEngineering)
        command.form.tried.append(fill(u"work"_s));
    for (const QJsonValue &flag : m_cast.scenario.value(u"urgency").toArray())
        command.form.urgency.append(m_words.fill(flag.toString()));
    if (chance(25, m_random))
        command.skipNotice = u"The customer is on the phone and has been told."_s;
    if (isByRule)
        command.sentence = m_words.fill(oneOf(m_cast.company.value(u"sentences"), m_random));
    const QString actor = isByRule ? u"rule:Left waiting"_s
        : toEngineering            ? m_cast.specialist
                                   : m_cast.frontline;
    add(actor, std::move(command));
}

void SampleStory::accept(const QString &agent)
{
    add(agent, commands::Accept {});
}

void SampleStory::sayHello(const QString &agent)
{
    const QString mail = fromAgent(text(u"reply"_s), agent);
    add(agent, commands::Reply { .text = mail });
}

void SampleStory::workNote(const QString &agent)
{
    if (has(u"work"_s))
        add(agent, commands::Note { .text = fill(u"work"_s) });
}

void SampleStory::giveBack(const QString &agent, Verdict verdict)
{
    const QJsonObject notes = m_cast.company.value(u"returnNotes").toObject();
    add(agent,
        commands::Return {
            .verdict = verdict, .note = oneOf(notes.value(code(verdict)), m_random) });
}

void SampleStory::withdraw()
{
    add(m_cast.frontline,
        commands::Withdraw { .note = oneOf(m_cast.company.value(u"withdrawNotes"), m_random) });
}

void SampleStory::solve(const QString &agent, bool isSecondTime)
{
    const QString body = isSecondTime ? language().value(u"again").toString() : text(u"fix"_s);
    const QString mail = fromAgent(body, agent);
    add(agent, commands::Solve { .text = mail });
}

void SampleStory::sayNo(const QString &agent)
{
    const QString body = fill(u"no"_s);
    const QString mail = fromCustomer(body, false);
    add(u"customer"_s, commands::CustomerMessage { .text = mail, .html = htmlOf(mail) });
    add(agent, commands::Reopen { .note = body });
}

void SampleStory::sayYes(const QString &agent)
{
    const QString mail = fromCustomer(fill(u"yes"_s), false);
    add(u"customer"_s, commands::CustomerMessage { .text = mail, .html = htmlOf(mail) });
    add(agent, commands::Confirm { .tags = { text(u"category"_s) } });
}

void SampleStory::score()
{
    const bool isAngry = text(u"mood"_s) == u"angry";
    const bool isGood = chance(isAngry ? 45 : 88, m_random);
    const QJsonObject comments = m_cast.company.value(u"csat").toObject();
    const QString comment = oneOf(comments.value(isGood ? u"good" : u"bad"), m_random);
    add(u"customer"_s,
        commands::Csat { .score = isGood ? between(4, 5, m_random) : between(1, 3, m_random),
            .comment = comment });
}

void SampleStory::review(const QString &agent)
{
    add(agent, commands::Review { .note = oneOf(m_cast.company.value(u"reviewNotes"), m_random) });
}

} // namespace tierline::importing
