#include "tests/connectors/contract/connectorcontract.h"

#include <QCoreApplication>
#include <QTest>

// The list run with the smallest client that can pass it: no store but a value that is copied at each
// commit, one request at a time. It shows that the list asks for nothing impossible.

using namespace tierline;
using namespace tierline::test;
using namespace tierline::connectors;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using State = PushOutcome::State;

namespace {

struct Operation {
    PushStep step;
    QJsonValue base; ///< what a changed field was before
    bool isUnknown = false;
    bool isRefused = false;
    bool isInConflict = false;
    Instant sent; ///< server's clock
    Instant nextTry;
    QString sentence;
    QString id() const { return step.operations.front(); }
    QString field() const { return step.fields.isEmpty() ? QString() : step.fields.keys().front(); }
};

struct Memory {
    std::map<QString, RemoteTicket> held;
    std::vector<Operation> outbox;
    std::map<QString, QString> joined; ///< entry to operation
    QString cursor;
    Millis offset { 0 };
    bool needsSignIn = false;
};

class PlainRig final : public ContractRig
{
public:
    PlainRig(FakeDesk &desk, const RemoteKind &kind)
        : m_desk(desk)
        , m_kind(kind)
        , m_connector(std::make_unique<FakeConnector>(desk, kind.connector))
    {
    }

    QString reply(const QString &ticket, const QString &text) override
    {
        return add({ .kind = PushStep::Kind::Reply, .ticket = ticket, .text = text });
    }
    QString note(const QString &ticket, const QString &text) override
    {
        return add({ .kind = PushStep::Kind::Note, .ticket = ticket, .text = text });
    }
    QString set(const QString &ticket, const QString &field, const QJsonValue &value) override
    {
        return add(
            { .kind = PushStep::Kind::Fields, .ticket = ticket, .fields = { { field, value } } });
    }

    bool syncOnce() override
    {
        m_problems.clear();
        m_wasKilled = false;
        m_isOver = m_memory.needsSignIn;
        m_isGood = !m_isOver;
        m_stuck = 0;
        m_missing.clear();
        if (!m_isOver) {
            m_connector->probe([this](const Result<Probe> &probe) {
                if (!probe) {
                    failed(probe.error());
                    return;
                }
                m_memory.offset = probe->clockOffset.value_or(Millis(0));
                pull();
            });
        }
        m_desk.loop().runUntil([this] { return m_isOver; }, 1h);
        return m_isOver && m_isGood;
    }

    DeskState state() override
    {
        DeskState state;
        for (const auto &[id, ticket] : m_memory.held) {
            QJsonObject fields = ticket.fields;
            for (const Operation &operation : m_memory.outbox) {
                if (operation.step.ticket == id && !operation.field().isEmpty())
                    fields.insert(operation.field(), operation.step.fields[operation.field()]);
            }
            TicketPicture &picture = state.tickets[id];
            picture.fields = saidFields(fields);
            for (const RemoteEntry &entry : ticket.entries) {
                if (entry.message)
                    picture.messages.push_back(pictureOf(entry));
            }
        }
        return state;
    }

    QStringList outbox() override
    {
        QStringList ids;
        for (const Operation &operation : m_memory.outbox)
            ids.append(operation.id());
        return ids;
    }
    QStringList conflicts(const QString &ticket) override
    {
        QStringList fields;
        for (const Operation &operation : m_memory.outbox) {
            if (operation.isInConflict && operation.step.ticket == ticket)
                fields.append(operation.field());
        }
        return fields;
    }
    void choose(const QString &ticket, const QString &field, bool isOurs) override
    {
        const auto chosen = std::ranges::find_if(m_memory.outbox, [&](const Operation &one) {
            return one.isInConflict && one.step.ticket == ticket && one.field() == field;
        });
        chosen->isInConflict = false;
        chosen->base = m_memory.held[ticket].fields.value(field);
        if (!isOurs)
            m_memory.outbox.erase(chosen);
        m_disk = m_memory;
    }
    QStringList problems() override
    {
        QStringList sentences = m_problems;
        for (const Operation &operation : m_memory.outbox) {
            if (!operation.sentence.isEmpty())
                sentences.append(operation.sentence);
        }
        return sentences;
    }
    bool needsSignIn() override { return m_memory.needsSignIn; }
    void signIn() override
    {
        m_memory.needsSignIn = false;
        m_disk = m_memory;
    }
    void killAfterCommit(int nth) override { m_killIn = nth; }
    void killNow() override
    {
        m_connector = std::make_unique<FakeConnector>(m_desk, m_kind.connector);
        m_memory = m_disk;
        m_wasKilled = true;
        finish(false);
    }
    bool wasKilled() const override { return m_wasKilled; }
    bool fillDisk(bool isFull) override
    {
        m_isFull = isFull;
        return true;
    }

private:
    QString add(PushStep step)
    {
        const QString id = u"op-%1"_s.arg(++m_last);
        step.operations = { id };
        step.queued = serverNow();
        if (step.kind == PushStep::Kind::Note)
            step.text += u"\n\n[tl:"_s + id + u']';
        Operation operation { step };
        if (step.kind == PushStep::Kind::Fields)
            operation.base = state().tickets[step.ticket].fields.value(step.fields.keys().front());
        m_memory.outbox.push_back(operation);
        m_disk = m_memory;
        return id;
    }

    Instant now() const { return m_desk.loop().clock().now(); }
    Instant serverNow() const { return now() + m_memory.offset; }

    MessagePicture pictureOf(const RemoteEntry &entry) const
    {
        MessagePicture picture { entry.message->kind, entry.message->text };
        const auto joined = m_memory.joined.find(entry.id);
        if (joined != m_memory.joined.end())
            picture.operation = joined->second;
        const QString marker = u"\n\n[tl:"_s + picture.operation + u']';
        if (joined != m_memory.joined.end() && picture.text.endsWith(marker))
            picture.text.chop(marker.size());
        return picture;
    }

    void finish(bool isGood)
    {
        m_isGood = isGood;
        m_isOver = true;
    }

    // False: the round is over, by a full disk or by a death.
    bool commit()
    {
        if (m_isFull) {
            m_memory = m_disk;
            m_problems.append(u"The disk is full."_s);
            finish(false);
            return false;
        }
        m_disk = m_memory;
        if (m_killIn == 0 || --m_killIn > 0)
            return true;
        killNow();
        return false;
    }

    void failed(const Error &error)
    {
        m_problems.append(error.detail);
        if (error.fault == Fault::SignIn) {
            m_memory.needsSignIn = true;
            if (!commit())
                return;
        }
        finish(false);
    }

    // --- pull

    void take(RemoteTicket ticket)
    {
        if (ticket.presence != Presence::There) {
            m_memory.held.erase(ticket.id);
            return;
        }
        const QJsonObject before = m_memory.held[ticket.id].fields;
        const auto mend = [&](const QString &name, bool isKnown) {
            if (isKnown)
                return;
            ticket.fields.insert(name, before.value(name));
            m_problems.append(u"%1 of %2 is not a known word."_s.arg(name, ticket.id));
        };
        mend(field::status,
            fromCode<Status>(ticket.fields.value(field::status).toString()).has_value());
        mend(field::priority,
            fromCode<Priority>(ticket.fields.value(field::priority).toString()).has_value());
        m_memory.held[ticket.id] = std::move(ticket);
    }

    void pull()
    {
        m_connector->pull(m_memory.cursor, [this](const Result<PullPage> &page) {
            if (!page) {
                failed(page.error());
                return;
            }
            for (const RemoteTicket &ticket : page->tickets)
                take(ticket);
            if (page->census)
                compare(*page->census);
            m_stuck = !page->isLast && page->cursor == m_memory.cursor ? m_stuck + 1 : 0;
            m_memory.cursor = page->cursor;
            if (!commit())
                return;
            if (m_stuck > 3) {
                m_problems.append(u"The remote gives the same page again and again."_s);
                finish(false);
            } else if (page->isLast) {
                fetchMissing();
            } else {
                pull();
            }
        });
    }

    void compare(const PullPage::Census &census)
    {
        QStringList missing;
        for (const auto &[id, ticket] : m_memory.held) {
            const qint64 number = id.toLongLong();
            if (number >= census.from && number <= census.to
                && !std::ranges::binary_search(census.listed, number))
                missing.append(id);
        }
        if (missing.size() > 20)
            m_problems.append(u"%1 tickets are no longer listed."_s.arg(missing.size()));
        else
            m_missing = missing;
    }

    void fetchMissing()
    {
        if (m_missing.isEmpty()) {
            push();
            return;
        }
        m_connector->fetch(m_missing.takeFirst(), true, [this](const Result<RemoteTicket> &ticket) {
            if (!ticket) {
                failed(ticket.error());
                return;
            }
            take(*ticket);
            if (commit())
                fetchMissing();
        });
    }

    // --- push: one at a time; the first of each ticket that may go

    Operation *nextOperation()
    {
        QStringList seen;
        for (Operation &operation : m_memory.outbox) {
            if (operation.isInConflict || seen.contains(operation.step.ticket))
                continue;
            seen.append(operation.step.ticket);
            if (!operation.isRefused && operation.nextTry <= now())
                return &operation;
        }
        return nullptr;
    }

    void push()
    {
        m_now = nextOperation();
        if (!m_now)
            finish(true);
        else if (!m_now->step.fields.isEmpty())
            readFields();
        else if (m_now->isUnknown)
            find();
        else
            send();
    }

    void done(const QString &entry)
    {
        if (!entry.isEmpty())
            m_memory.joined[entry] = m_now->id();
        if (const QString name = m_now->field(); !name.isEmpty()) // agreed on from now on
            m_memory.held[m_now->step.ticket].fields.insert(name, m_now->step.fields.value(name));
        std::erase_if(
            m_memory.outbox, [id = m_now->id()](const Operation &one) { return one.id() == id; });
        if (commit())
            push();
    }

    void later(Millis wait, const QString &sentence)
    {
        m_now->nextTry = now() + std::max<Millis>(2s, wait);
        m_now->sentence = sentence;
        if (commit())
            push();
    }

    void refused(const QString &sentence)
    {
        m_now->isRefused = true;
        m_now->sentence = sentence;
        if (commit())
            push();
    }

    void send()
    {
        const bool wasUnknown = std::exchange(m_now->isUnknown, true);
        m_now->step.mayBeDone = wasUnknown;
        m_now->sent = serverNow();
        if (!commit())
            return; // what is not written down does not leave
        m_connector->push(m_now->step, [this](const Result<PushOutcome> &outcome) {
            if (!outcome || outcome->state == State::NotSent) {
                m_now->isUnknown = false;
                if (!outcome)
                    failed(outcome.error());
                if (!m_isOver)
                    later(outcome->wait, outcome->sentence);
            } else if (outcome->state == State::Done) {
                done(outcome->entry);
            } else if (outcome->state == State::Unknown) {
                m_now->sent = serverNow();
                later(2s, outcome->sentence);
            } else if (outcome->state == State::Stale) {
                m_now->isUnknown = false;
                later(0s, outcome->sentence);
            } else {
                m_now->isUnknown = false;
                refused(outcome->sentence);
            }
        });
    }

    // The server must have looked after the limit, however late its answer comes.
    void notThere(Instant looked)
    {
        if (looked - m_now->sent > m_connector->manner().inFlightLimit)
            m_now->isUnknown = false;
        later(m_now->isUnknown ? 5s : 0s, m_now->sentence);
    }

    void find()
    {
        m_now->step.taken.clear();
        for (const auto &[entry, operation] : m_memory.joined)
            m_now->step.taken.append(entry);
        m_connector->find(m_now->step, [this](const Result<Found> &found) {
            if (!found)
                failed(found.error());
            else if (found->isThere)
                done(found->entry);
            else
                notThere(found->serverNow);
        });
    }

    void readFields()
    {
        const Instant asked = serverNow();
        m_connector->fetch(
            m_now->step.ticket, false, [this, asked](const Result<RemoteTicket> &there) {
                if (!there) {
                    failed(there.error());
                    return;
                }
                const QString name = m_now->field();
                const QJsonValue value = there->fields.value(name);
                if (there->presence != Presence::There) {
                    refused(u"The ticket is not there any more."_s);
                } else if (value == m_now->step.fields.value(name)) {
                    done({});
                } else if (m_now->isUnknown) {
                    notThere(asked);
                } else if (saidFields({ { name, value } })
                    != saidFields({ { name, m_now->base } })) {
                    m_now->isInConflict = true;
                    if (commit())
                        push();
                } else {
                    m_now->step.version = there->version;
                    send();
                }
            });
    }

    FakeDesk &m_desk;
    RemoteKind m_kind;
    std::unique_ptr<FakeConnector> m_connector;
    Memory m_memory;
    Memory m_disk;
    QStringList m_problems;
    QStringList m_missing;
    Operation *m_now = nullptr;
    int m_last = 0;
    int m_stuck = 0;
    int m_killIn = 0;
    bool m_wasKilled = false;
    bool m_isFull = false;
    bool m_isOver = true;
    bool m_isGood = true;
};

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    ConnectorContract contract([](FakeDesk &desk, const RemoteKind &kind) {
        return std::unique_ptr<ContractRig>(std::make_unique<PlainRig>(desk, kind));
    });
    return QTest::qExec(&contract, argc, argv);
}
