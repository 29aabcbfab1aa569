#include "tests/integration/rtschedules/rtschedule.h"

#include <QJsonArray>
#include <QTest>

#include <algorithm>

namespace tierline::test {

using namespace Qt::StringLiterals;

namespace {

constexpr int leastOperations = 10; ///< of both workspaces and the people
constexpr qint64 longestLifeMs = 2'500; ///< of a round that is killed

QString idOf(const QString &key)
{
    return key.section(u':', 1);
}

template<typename T>
T anyOf(SeededRandom &random, std::initializer_list<T> values)
{
    return *(values.begin() + random.below(static_cast<qint64>(values.size())));
}

} // namespace

RtSchedule::RtSchedule(RtStage &stage, quint64 seed)
    : m_stage(stage)
    , m_seed(seed)
    , m_random(seed * 7919 + 20260608)
{
}

void RtSchedule::note(const QString &line)
{
    m_log += u"  "_s + line;
}

QString RtSchedule::printed() const
{
    return u"schedule %1, tickets %2\n"_s.arg(m_seed).arg(m_tickets.join(u' ')) + m_log.join(u'\n');
}

bool RtSchedule::owns(const QString &key) const
{
    return m_tickets.contains(key);
}

QString RtSchedule::nextToken(const QString &word)
{
    return u"%1-%2-%3-end"_s.arg(word).arg(m_seed).arg(++m_tokens);
}

QString RtSchedule::prepare()
{
    const qint64 count = 2 + m_random.below(3);
    for (qint64 i = 0; i < count; ++i) {
        const QString id = m_stage.people->create({ { u"Subject"_s, nextToken(u"made"_s) } });
        if (id.isEmpty())
            return u"no ticket could be made"_s;
        m_tickets += u"desk:"_s + id;
    }
    return {};
}

// --- what happens

QString RtSchedule::play()
{
    const int wanted = leastOperations + static_cast<int>(m_random.below(4));
    while (m_operations < wanted) {
        const qint64 dice = m_random.below(100);
        const int which = static_cast<int>(m_random.below(2));
        if (dice < 50) {
            if (const QString fault = act(which); !fault.isEmpty())
                return fault;
        } else if (dice < 70) {
            meddle();
            ++m_operations;
        } else if (dice < 97 || m_hasRestarted) {
            if (const QString fault = sync(which); !fault.isEmpty())
                return fault;
        } else if (const QString fault = restart(); !fault.isEmpty()) {
            return fault;
        }
    }
    for (int which = 0; which < 2; ++which) {
        if (const QString fault = sync(which); !fault.isEmpty())
            return fault;
    }
    for (int which = 0; which < 2; ++which) {
        if (const QString fault = side(which).endSync(); !fault.isEmpty())
            return fault;
    }
    return {};
}

Ran RtSchedule::change(int which, const QStringList &words, const QByteArray &input)
{
    const Ran ran = side(which).run(words, input);
    note(u"%1: %2 -> %3 %4"_s.arg(side(which).login(), words.join(u' '))
             .arg(ran.exitCode)
             .arg(ran.exitCode == 0 ? ran.json().value("operation"_L1).toString()
                                    : at(ran.json(), u"error/message"_s).toString()));
    return ran;
}

void RtSchedule::remember(Deed::What what, int which, const QString &key, const Ran &ran,
    const QString &token, const QString &operation)
{
    m_deeds.push_back({ what, which, key,
        operation.isEmpty() ? ran.json().value("operation"_L1).toString() : operation, token });
}

/// One command in a workspace. What the workspace refuses is no operation.
QString RtSchedule::act(int which)
{
    const QString key = anyTicket();
    const qsizetype before = std::ssize(m_log);
    actByHand(which, key);
    const bool isDone = m_log.size() > before && m_log.last().contains(u" -> 0 "_s);
    const bool isRefused = m_log.size() > before && m_log.last().contains(u" -> 1 "_s);
    m_operations += isDone;
    return isDone || isRefused ? QString() : u"a command crashed: "_s + m_log.value(before);
}

void RtSchedule::actByHand(int which, const QString &key)
{
    const qint64 dice = m_random.below(100);
    if (dice < 28) {
        const QString token = nextToken(u"reply"_s);
        const Ran ran = change(which, { u"reply"_s, key }, token.toUtf8());
        if (ran.exitCode == 0)
            remember(Deed::What::Reply, which, key, ran, token);
    } else if (dice < 45) {
        const Ran ran = change(which, { u"note"_s, key }, nextToken(u"note"_s).toUtf8());
        if (ran.exitCode == 0)
            remember(Deed::What::Note, which, key, ran, {});
    } else if (dice < 60) {
        const QString token = nextToken(u"subject"_s);
        const Ran ran = change(which, { u"set"_s, key, u"subject="_s + token });
        if (ran.exitCode == 0)
            remember(Deed::What::Subject, which, key, ran, token);
    } else if (dice < 68) {
        change(which,
            { u"set"_s, key,
                u"priority="_s
                    + anyOf(m_random, { u"low"_s, u"normal"_s, u"high"_s, u"urgent"_s }) });
    } else if (dice < 74) {
        change(which, { u"set"_s, key, u"field.CSAT=%1"_s.arg(1 + m_random.below(5)) });
    } else if (dice < 80) {
        change(which, { u"claim"_s, key });
    } else if (dice < 85) {
        const QString token = nextToken(u"ask"_s);
        const Ran ran = change(which, { u"solve"_s, key, u"--text"_s, token });
        if (ran.exitCode == 0)
            remember(Deed::What::Reply, which, key, ran, token);
    } else {
        escalate(which, key);
    }
}

void RtSchedule::escalate(int which, const QString &key)
{
    const QString tier = at(side(which).ticket(key), u"ticket/tier"_s).toString();
    const QString token = nextToken(u"notice"_s);
    QStringList words { u"escalate"_s, key, u"--to"_s, tier == u"L1" ? u"L2"_s : u"L3"_s,
        u"--team"_s,
        tier == u"L1" ? anyOf(m_random, { u"Technical"_s, u"Billing"_s }) : u"Engineering"_s,
        u"--kind"_s, u"functional"_s, u"--reason"_s, u"beyond-skill"_s, u"--summary"_s,
        u"Cannot be reproduced"_s, u"--tried"_s, u"Restarted"_s, u"--expected"_s, u"It works"_s,
        u"--notice"_s, token };
    const Ran ran = change(which, words);
    if (ran.exitCode != 0)
        return;
    const QString operation = ran.json().value("operations"_L1).toArray().first().toString();
    remember(Deed::What::Escalation, which, key, ran, {}, operation);
    remember(Deed::What::Reply, which, key, ran, token, operation);
}

/// Somebody works on one of the tickets in the browser.
void RtSchedule::meddle()
{
    const QString key = anyTicket();
    const QStringList path { u"ticket"_s, idOf(key) };
    const qint64 dice = m_random.below(9);
    QJsonObject body;
    if (dice < 3) {
        const QString token = nextToken(u"people"_s);
        const QString verb = dice == 0 ? u"correspond"_s : u"comment"_s;
        const auto said = m_stage.people->raw(net::Method::Post, path + QStringList { verb },
            { { u"Content"_s, token }, { u"ContentType"_s, u"text/plain"_s } });
        if (said.status == 201)
            m_spoken += key + u' ' + token;
        note(u"people: %1 %2 %3 -> %4"_s.arg(verb, key, token).arg(said.status));
        return;
    }
    switch (dice) {
    case 3: body = { { u"Subject"_s, nextToken(u"theirs"_s) } }; break;
    case 4: body = { { u"Priority"_s, anyOf(m_random, { 10, 35, 60, 90 }) } }; break;
    case 5:
        body = { { u"Owner"_s, anyOf(m_random, { u"l1-jonas"_s, u"Nobody"_s, u"agent2"_s }) } };
        break;
    case 6:
        body = { { u"Queue"_s,
            anyOf(m_random, { u"L1 Frontline"_s, u"L2 Billing"_s, u"L2 Technical"_s }) } };
        break;
    case 7:
        body = { { u"Status"_s, anyOf(m_random, { u"open"_s, u"stalled"_s, u"resolved"_s }) } };
        break;
    default:
        body = { { u"CustomFields"_s,
            QJsonObject { { u"CSAT"_s, QString::number(1 + m_random.below(5)) } } } };
        break;
    }
    const auto answer = m_stage.people->raw(net::Method::Put, path, body);
    note(u"people: %1 %2 -> %3"_s
             .arg(key, QString::fromUtf8(QJsonDocument(body).toJson(QJsonDocument::Compact)))
             .arg(answer.status));
}

/// A round through a bad line: waited for, or left under way, where it may be killed or cut off after a
/// while, whatever happens beside it then.
QString RtSchedule::sync(int which)
{
    RtSide &one = side(which);
    if (const QString fault = one.endSync(); !fault.isEmpty())
        return fault;
    const int percent = anyOf(m_random, { 0, 3, 8, 15 });
    one.proxy().atRandom({ .percent = percent, .longest = Millis(200), .stalls = false });
    const qint64 dice = m_random.below(10);
    one.startSync();
    if (dice < 4) {
        const auto life = static_cast<int>(m_random.below(longestLifeMs));
        note(u"%1: sync, %2 % bad, killed after %3 ms"_s.arg(one.login()).arg(percent).arg(life));
        one.killLater(life);
        return {};
    }
    if (dice < 6) {
        const auto life = static_cast<int>(m_random.below(longestLifeMs));
        note(u"%1: sync, %2 % bad, cut off at %3 ms"_s.arg(one.login()).arg(percent).arg(life));
        one.cutOffLater(life);
        return {};
    }
    note(u"%1: sync, %2 % bad, %3"_s.arg(one.login())
             .arg(percent)
             .arg(dice < 8 ? u"goes on beside the rest"_s : u"to its end"_s));
    return dice < 8 ? QString() : one.endSync();
}

/// The server ends in the middle of a round and comes back.
QString RtSchedule::restart()
{
    m_hasRestarted = true;
    for (int which = 0; which < 2; ++which) {
        if (!side(which).isSyncing()) {
            side(which).endSync();
            side(which).proxy().beHonest();
            side(which).startSync();
        }
    }
    passTime(static_cast<int>(m_random.below(1'500)));
    note(u"the server restarts"_s);
    if (const QString fault = m_stage.server.halt(); !fault.isEmpty())
        return u"the server did not stop: "_s + fault;
    if (const QString fault = m_stage.server.resume(); !fault.isEmpty())
        return u"the server did not start again: "_s + fault;
    return {};
}

int RtSchedule::resolveConflicts()
{
    int resolved = 0;
    for (int which = 0; which < 2; ++which) {
        const QJsonArray open = side(which).conflicts(); // each choice asks for the list anew
        for (const QJsonValue row : open) {
            const QJsonObject conflict = row.toObject();
            if (!owns(conflict.value("ticket"_L1).toString()))
                continue;
            const bool isOurs = m_random.below(2) == 0;
            const QString field = conflict.value("field"_L1).toString();
            if (!isOurs && field == "subject"_L1)
                m_given.insert(conflict.value("local"_L1).toString());
            if (!isOurs)
                m_yielded[which].insert(conflict.value("ticket"_L1).toString() + u' ' + field);
            m_waitedForChoice[which]
                += heldOperations(which, conflict.value("ticket"_L1).toString());
            change(which,
                { u"conflict"_s, u"resolve"_s, conflict.value("id"_L1).toString(), u"--take"_s,
                    isOurs ? u"local"_s : u"remote"_s });
            ++resolved;
        }
    }
    return resolved;
}

// --- what must be so

QStringList RtSchedule::check() const
{
    QStringList faults;
    for (const QString &key : m_tickets)
        faults += checkTicket(key);
    return faults;
}

QStringList RtSchedule::checkTicket(const QString &key) const
{
    const RtTruth truth = truthOf(*m_stage.root, idOf(key));
    if (!truth.error.isEmpty())
        return { truth.error };
    QStringList faults;
    checkMessages(key, truth, faults);
    checkSubjects(key, truth, faults);
    for (int which = 0; which < 2; ++which)
        checkSide(which, key, truth, faults);
    if (!faults.isEmpty())
        faults += u"%1 on the server:\n%2"_s.arg(key, truth.printed());
    return faults;
}

void RtSchedule::checkMessages(const QString &key, const RtTruth &truth, QStringList &faults) const
{
    for (int which = 0; which < 2; ++which) {
        const QString login = side(which).login();
        // What a conflict holds lets later words go on, and comes after them once somebody has chosen.
        qint64 last = 0, lastChosen = 0;
        const QSet<QString> held = heldOperations(which, key);
        qsizetype replies = 0, mostReplies = 0;
        for (const Deed &deed : m_deeds) {
            if (deed.side != which || deed.key != key || deed.what == Deed::What::Subject)
                continue;
            const bool isReply = deed.what == Deed::What::Reply;
            const QString token = isReply ? deed.token : u"[tl:%1]"_s.arg(deed.operation);
            const QList<qint64> there
                = truth.withText(isReply ? u"Correspond"_s : u"Comment"_s, token);
            mostReplies += isReply;
            if (there.isEmpty() && held.contains(deed.operation))
                continue; // it waits for a choice, and says so
            if (isReply && there.isEmpty() && isKeptBack(deed))
                continue; // nobody is told of a move that was given up
            replies += isReply;
            if (there.size() != 1) {
                faults
                    += u"%1: %2 of %3 is there %4 times"_s.arg(key, token, login).arg(there.size());
                continue;
            }
            const qint64 place = there.first();
            const bool wasChosen = m_waitedForChoice[which].contains(deed.operation);
            if (place < last || (wasChosen && place < lastChosen))
                faults
                    += u"%1: %2 of %3 came before what was done earlier"_s.arg(key, token, login);
            (wasChosen ? lastChosen : last) = place;
            const auto row = std::ranges::find(truth.rows, place, &RtTruth::Row::id);
            const qsizetype packages = std::ranges::count_if(
                row->files, [](const QString &name) { return name.startsWith("tierline-"_L1); });
            if (packages != (deed.what == Deed::What::Escalation ? 1 : 0))
                faults += u"%1: %2 has %3 packages"_s.arg(key, token).arg(packages);
        }
        // And nothing that nobody asked for.
        const qsizetype said = truth.countBy(u"Correspond"_s, login);
        if (said < replies || said > mostReplies)
            faults += u"%1: %2 replies by %3, not %4"_s.arg(key).arg(said).arg(login).arg(replies);
    }
}

/// Whether the workspace says of a message that it is never sent, after somebody took the other side's
/// place for an escalation's.
bool RtSchedule::isKeptBack(const Deed &deed) const
{
    const bool hasYielded = std::ranges::any_of(m_yielded[deed.side],
        [&](const QString &keyAndField) { return keyAndField.startsWith(deed.key + u' '); });
    const QJsonArray messages = side(deed.side).ticket(deed.key).value("messages"_L1).toArray();
    return hasYielded && std::ranges::any_of(messages, [&](const QJsonValue &value) {
        const QJsonObject message = value.toObject();
        return message.value("unsent"_L1).toBool()
            && message.value("text"_L1).toString().contains(deed.token);
    });
}

/// Ids of what a workspace has not sent for a ticket, because a conflict or a refusal holds it.
QSet<QString> RtSchedule::heldOperations(int which, const QString &key) const
{
    QSet<QString> held;
    for (const QJsonValue row : side(which).outbox()) {
        if (row.toObject().value("ticket"_L1).toString() == key)
            held.insert(row.toObject().value("id"_L1).toString());
    }
    return held;
}

/// No subject that was set is lost: the server had it, a conflict shows or has given it up, or the same
/// workspace set another one before it was sent.
void RtSchedule::checkSubjects(const QString &key, const RtTruth &truth, QStringList &faults) const
{
    for (auto deed = m_deeds.begin(); deed != m_deeds.end(); ++deed) {
        if (deed->what != Deed::What::Subject || deed->key != key)
            continue;
        const bool isReplaced = std::any_of(deed + 1, m_deeds.end(), [&](const Deed &later) {
            return later.what == deed->what && later.key == key && later.side == deed->side;
        });
        const QJsonArray &open = side(deed->side).conflicts();
        const bool isShown = std::ranges::any_of(open, [&](const QJsonValue &row) {
            return row.toObject().value("ticket"_L1).toString() == key
                && row.toObject().value("local"_L1).toString() == deed->token;
        });
        const bool isHeld = heldOperations(deed->side, key).contains(deed->operation);
        if (!isReplaced && !isShown && !isHeld && !m_given.contains(deed->token)
            && !truth.wasSetTo(u"Subject"_s, deed->token))
            faults += u"%1: the subject %2 of %3 is lost"_s.arg(
                key, deed->token, side(deed->side).login());
    }
}

/// What one workspace's handoff announced and a conflict there keeps back, or has given up, is still
/// shown as announced in the other one for a while.
bool RtSchedule::isAnnounced(int which, const QString &key, const QString &field) const
{
    const int other = 1 - which;
    const bool hasHandoff = std::ranges::any_of(m_deeds, [&](const Deed &deed) {
        return deed.side == other && deed.key == key && deed.what == Deed::What::Escalation;
    });
    // Its steps go one after another: one in conflict, or refused, holds back those that follow it.
    const QJsonArray &open = side(other).conflicts();
    return hasHandoff
        && (m_yielded[other].contains(key + u' ' + field) || !heldOperations(other, key).isEmpty()
            || std::ranges::any_of(open, [&](const QJsonValue &row) {
                   return row.toObject().value("ticket"_L1).toString() == key;
               }));
}

void RtSchedule::checkSide(
    int which, const QString &key, const RtTruth &truth, QStringList &faults) const
{
    const QString login = side(which).login();
    const bool isHeld = !heldOperations(which, key).isEmpty();
    const QJsonObject shown = side(which).ticket(key);
    const QJsonObject ticket = shown.value("ticket"_L1).toObject();
    QHash<QString, QString> conflicts; // field to the other side's value
    for (const QJsonValue row : side(which).conflicts()) {
        const QJsonObject conflict = row.toObject();
        if (conflict.value("ticket"_L1).toString() == key)
            conflicts.insert(
                conflict.value("field"_L1).toString(), conflict.value("remote"_L1).toString());
    }
    const auto compare = [&](const QString &field, const QString &here, const QString &there) {
        const bool differs
            = conflicts.contains(field) ? conflicts.value(field) != there : here != there;
        if (differs && !isHeld && !isAnnounced(which, key, field))
            faults
                += u"%1: %2 of %3 is “%4” here, “%5” there%6"_s.arg(key, field, login, here, there,
                    conflicts.contains(field)
                        ? u", in a conflict that says “%1”"_s.arg(conflicts.value(field))
                        : QString());
    };
    static const QHash<QString, QString> statuses { { u"new"_s, u"new"_s },
        { u"open"_s, u"open"_s }, { u"stalled"_s, u"pending"_s }, { u"resolved"_s, u"solved"_s } };
    const QString place
        = ticket.value("tier"_L1).toString() + u' ' + ticket.value("team"_L1).toString();
    const QString assignee = ticket.value("assignee"_L1).toString();
    compare(u"subject"_s, ticket.value("subject"_L1).toString(), truth.subject);
    compare(u"status"_s, ticket.value("status"_L1).toString(), statuses.value(truth.status));
    compare(u"place"_s, place, truth.queue);
    compare(u"owner"_s,
        assignee == "me"_L1      ? login
            : assignee.isEmpty() ? u"Nobody"_s
                                 : assignee,
        truth.owner);
    const QString priority = truth.priority >= 80 ? u"urgent"_s
        : truth.priority >= 50                    ? u"high"_s
        : truth.priority >= 20                    ? u"normal"_s
                                                  : u"low"_s;
    compare(u"priority"_s, ticket.value("priority"_L1).toString(), priority);
    compare(u"field.CSAT"_s, at(ticket, u"fields/CSAT"_s).toString(), truth.satisfaction);
    checkThread(which, key, truth, shown, faults);
    if (!isHeld && heldOperations(1 - which, key).isEmpty())
        checkRecords(which, key, truth, shown, faults);
}

/// Every reply is shown once.
void RtSchedule::checkThread(int which, const QString &key, const RtTruth &truth,
    const QJsonObject &shown, QStringList &faults) const
{
    const QString login = side(which).login();
    QStringList words;
    for (const QJsonValue message : shown.value("messages"_L1).toArray())
        words += message.toObject().value("text"_L1).toString();
    for (const RtTruth::Row &row : truth.rows) {
        if (row.type != "Correspond"_L1 || row.texts.isEmpty())
            continue;
        const QString text = row.texts.first().trimmed();
        const qsizetype count = std::ranges::count_if(
            words, [&](const QString &word) { return word.trimmed() == text; });
        if (count != 1)
            faults += u"%1: “%2” is shown %3 times to %4"_s.arg(key, text.left(40))
                          .arg(count)
                          .arg(login);
    }
}

void RtSchedule::checkRecords(int which, const QString &key, const RtTruth &truth,
    const QJsonObject &shown, QStringList &faults) const
{
    const QString login = side(which).login();
    // A handoff of ours is the same record on both sides. Where people moved the ticket too, or both
    // sides escalated it, which of them is the record depends on who was first.
    const qsizetype handoffs = std::ranges::count_if(m_deeds,
        [&](const Deed &deed) { return deed.key == key && deed.what == Deed::What::Escalation; });
    const bool hasOtherMoves = std::ranges::any_of(truth.rows, [&](const RtTruth::Row &row) {
        return row.field == "Queue"_L1 && row.creator == m_stage.server.login(u"SECOND"_s);
    });
    const qsizetype records = shown.value("escalations"_L1).toArray().size();
    if (handoffs == 1 && !hasOtherMoves && records != 1)
        faults += u"%1: %2 sees %3 escalations"_s.arg(key, login).arg(records);
    if (handoffs > 0 && records == 0)
        faults += u"%1: %2 sees no escalation"_s.arg(key, login);
}

} // namespace tierline::test
