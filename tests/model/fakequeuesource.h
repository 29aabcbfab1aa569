#pragma once

#include "core/model/queuesource.h"

#include <QMap>
#include <QPromise>

#include <functional>

namespace tierline::test {

/// A queue source in memory. Answers at once, or when the test says so (hold() / release()).
class FakeQueueSource final : public model::QueueSource
{
public:
    /// "1 L2 high due=60 Some subject": id, tier, priority, minutes until due ("-": none), subject.
    static storage::QueueRow row(const QString &text)
    {
        using namespace Qt::StringLiterals;
        const QStringList part = text.split(u' ');
        storage::QueueRow r;
        r.id = { part[0].toLongLong() };
        r.key = u"T-%1"_s.arg(part[0].toLongLong(), 4, 10, QLatin1Char('0'));
        r.tier = part[1];
        r.priority = *fromCode<Priority>(part[2]);
        if (part[3] != u"-")
            r.due = Instant { part[3].toLongLong() * 60'000 };
        r.subject = part.mid(4).join(u' ');
        return r;
    }

    void put(const QString &text) { put(row(text)); }
    void put(const storage::QueueRow &r) { m_rows.insert(r.id.v, r); }
    void drop(qint64 id) { m_rows.remove(id); }
    void tell(const std::vector<qint64> &ids, bool everything = false)
    {
        storage::ChangeSet changes { m_revision, m_revision + 1, {}, everything };
        ++m_revision;
        for (const qint64 id : ids)
            changes.tickets.push_back({ id });
        emit changed(changes);
    }
    void hold() { m_isHeld = true; }
    void release()
    {
        m_isHeld = false;
        const auto held = std::exchange(m_held, {});
        for (const auto &answer : held)
            answer();
    }
    void failNext(const Error &error) { m_failure = error; }

    int rowRequests = 0;

    QFuture<Result<std::vector<storage::QueueRow>>> firstRows(
        const storage::QueueQuery &q, int limit) override
    {
        return answer<std::vector<storage::QueueRow>>([this, q, limit] {
            std::vector<storage::QueueRow> rows = sorted(q);
            if (rows.size() > static_cast<size_t>(limit))
                rows.resize(static_cast<size_t>(limit));
            return rows;
        });
    }
    QFuture<Result<model::SpinePtr>> spine(const storage::QueueQuery &q) override
    {
        return answer<model::SpinePtr>([this, q] {
            auto spine = std::make_shared<model::Spine>();
            for (const storage::QueueRow &r : sorted(q))
                spine->append(storage::spineEntry(r.id, r.due, r.priority, r.created));
            return spine;
        });
    }
    QFuture<Result<std::vector<storage::QueueRow>>> rows(const std::vector<TicketId> &ids) override
    {
        ++rowRequests;
        return answer<std::vector<storage::QueueRow>>([this, ids] {
            std::vector<storage::QueueRow> found;
            for (const TicketId id : ids) {
                if (m_rows.contains(id.v))
                    found.push_back(m_rows[id.v]);
            }
            return found;
        });
    }
    QFuture<Result<std::vector<model::PlacedRow>>> placed(
        const storage::QueueQuery &q, const std::vector<TicketId> &ids) override
    {
        return answer<std::vector<model::PlacedRow>>([this, q, ids] {
            std::vector<model::PlacedRow> found;
            const auto all = sorted(q);
            for (const TicketId id : ids) {
                if (!m_rows.contains(id.v) || !storage::matches(m_rows[id.v], q, Visibility::all()))
                    continue;
                const storage::QueueRow &mine = m_rows[id.v];
                int ties = 0;
                for (const storage::QueueRow &r : all)
                    ties += r.due == mine.due && r.priority == mine.priority
                        && r.created == mine.created && r.key < mine.key;
                found.push_back({ mine, ties });
            }
            return found;
        });
    }

    QFuture<Result<model::ArrangedPtr>> arranged(const storage::QueueQuery &q,
        const model::Arrangement &arrangement, int first,
        const std::vector<TicketId> &also) override
    {
        ++arrangedRequests;
        return answer<model::ArrangedPtr>([this, q, arrangement, first, also] {
            const auto result = std::make_shared<model::Arranged>();
            std::vector<TicketId> ids;
            for (const storage::QueueRow &r : arrangedRows(q, arrangement)) {
                if (std::ssize(ids) < first
                    || std::find(also.begin(), also.end(), r.id) != also.end())
                    result->rows.push_back(r);
                ids.push_back(r.id);
            }
            result->spine.assign(ids);
            return result;
        });
    }
    int arrangedRequests = 0;

    /// The plain way to order and filter, for comparison: by subject, by priority or by work.
    std::vector<storage::QueueRow> arrangedRows(
        const storage::QueueQuery &q, const model::Arrangement &a) const
    {
        std::vector<storage::QueueRow> rows = sorted(q);
        std::erase_if(rows, [&](const storage::QueueRow &r) {
            return !r.subject.contains(a.filter.text, Qt::CaseInsensitive);
        });
        std::stable_sort(
            rows.begin(), rows.end(), [&](const storage::QueueRow &x, const storage::QueueRow &y) {
                const auto &left = a.isDescending ? y : x, &right = a.isDescending ? x : y;
                return a.order == model::QueueOrder::Subject
                    ? left.subject < right.subject
                    : a.order == model::QueueOrder::Priority && left.priority > right.priority;
            });
        return rows;
    }

    std::vector<storage::QueueRow> sorted(const storage::QueueQuery &q) const
    {
        std::vector<storage::QueueRow> rows;
        for (const storage::QueueRow &r : m_rows) {
            if (storage::matches(r, q, Visibility::all()))
                rows.push_back(r);
        }
        std::sort(rows.begin(), rows.end(), storage::worksBefore);
        return rows;
    }

private:
    template<typename T>
    QFuture<Result<T>> answer(std::function<T()> make)
    {
        auto promise = std::make_shared<QPromise<Result<T>>>();
        promise->start();
        auto finish = [promise, make, failure = std::exchange(m_failure, std::nullopt)] {
            if (failure)
                promise->addResult(Result<T>(*failure));
            else
                promise->addResult(Result<T>(make()));
            promise->finish();
        };
        if (m_isHeld)
            m_held.push_back(finish);
        else
            finish();
        return promise->future();
    }

    QMap<qint64, storage::QueueRow> m_rows;
    qint64 m_revision = 0;
    bool m_isHeld = false;
    std::vector<std::function<void()>> m_held;
    std::optional<Error> m_failure;
};

} // namespace tierline::test
