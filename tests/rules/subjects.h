#pragma once

#include "core/rules/subject.h"

namespace tierline::test {

/// Answers about other tickets, set by a test.
class FixedSurroundings final : public rules::Surroundings
{
    template<typename T>
    using Told = rules::Told<T>;

public:
    Told<qint64> ticketsFromAccount(Millis window) const override { return asked(window, tickets); }
    Told<qint64> unansweredFromAccount(Millis window) const override
    {
        return asked(window, unanswered);
    }
    Told<qint64> customersReopeningIssue(Millis window) const override
    {
        return asked(window, reopening);
    }
    Told<qint64> similarTickets(Millis window) const override { return asked(window, similar); }
    Told<qint64> arrivalsOfUsual(Millis window) const override { return asked(window, arrivals); }
    Told<qint64> freeCapacity(const QString &team) const override
    {
        return team.isEmpty()                      ? own
            : team == QLatin1StringView("Billing") ? capacity
                                                   : Told<qint64>();
    }

    Told<qint64> tickets, unanswered, reopening, similar, arrivals, capacity, own;
    mutable Millis lastWindow { 0 };

private:
    Told<qint64> asked(Millis window, const Told<qint64> &answer) const
    {
        lastWindow = window;
        return answer;
    }
};

/// A ticket in which every fact has a value, and what a test changes of it. Holds what a subject points to.
struct FilledSubject {
    template<typename T>
    using Told = rules::Told<T>;

    Ticket ticket;
    Organization customer;
    FixedSurroundings around;
    CalendarEditions calendar;
    sla::Cycle cycle;
    rules::Subject subject;

    static constexpr Instant now { 1'780'912'800'000 }; // Mon 2026-06-08T10:00:00Z

    FilledSubject()
        : calendar(Calendar::make({ .zone = QStringLiteral("UTC"), .week = week() }).value())
    {
        using namespace Qt::StringLiterals;
        const auto ago = [](qint64 minutes) { return now - Millis(minutes * 60'000); };
        ticket = { .id = { 1 },
            .key = u"T-1"_s,
            .subject = u"Invoice INV-4711 is wrong"_s,
            .channel = u"email"_s,
            .category = u"billing"_s,
            .product = u"mobile"_s,
            .type = u"bug"_s,
            .priority = Priority::High,
            .severity = Severity::Medium,
            .status = Status::Open,
            .tier = u"L1"_s,
            .team = u"Frontline"_s,
            .assignee = u"priya"_s,
            .created = ago(600),
            .tags = { u"refund"_s, u"at-risk"_s },
            .fields = { { u"impact"_s, u"major"_s }, { u"seats"_s, 250 }, { u"amount"_s, 750 },
                { u"share"_s, u"12.5"_s }, { u"trial"_s, true } } };
        customer = { .name = u"Acme GmbH"_s,
            .plan = u"enterprise"_s,
            .arr = 250'000,
            .health = 35,
            .renewal = QDate(2026, 7, 8),
            .flags = { u"vip"_s } };
        around.tickets = 6;
        around.unanswered = 5;
        around.reopening = 3;
        around.similar = 7;
        around.arrivals = 250'000;
        around.capacity = 15'000;
        around.own = 5'000;
        cycle = { .start = ago(60), .targets = { { ago(60), Millis(4 * 3'600'000) } } };
        subject.ticket = &ticket;
        subject.customer = &customer;
        subject.requester = u"ceo@acme.example"_s;
        subject.around = &around;
        subject.hours.calendar = &calendar;
        subject.clocks = { { sla::ClockKind::NextResponse, &cycle, &calendar } };
        subject.now = now;
        subject.text = u"Invoice INV-4711 is wrong\nI want a refund, or I call my lawyer."_s;
        subject.lastWords = u"I want a refund, or I call my lawyer."_s;
        fillActivity(ago);
        fillSigns();
    }
    FilledSubject(const FilledSubject &) = delete;

private:
    static std::array<DayHours, 7> week()
    {
        std::array<DayHours, 7> week;
        for (size_t day = 0; day < 5; ++day)
            week[day] = { { 9 * 3'600'000, 17 * 3'600'000 } };
        return week;
    }

    template<typename F>
    void fillActivity(F ago)
    {
        rules::Activity &a = subject.activity;
        a.waitingSince = ago(124);
        a.customerSilentSince = Told<Instant>::none();
        a.openSince = ago(600);
        a.unassignedSince = Told<Instant>::none();
        a.tierSince = ago(300);
        a.statusSince = ago(200);
        a.touchedAt = ago(124);
        a.unacceptedSince = Told<Instant>::none();
        a.acceptedUntouchedSince = Told<Instant>::none();
        a.flaggedSince = Told<Instant>::none();
        a.reopened = 3;
        a.unansweredMessages = 4;
        a.handovers = 2;
        a.hasAttempts = true;
        a.attempts = { { QStringLiteral("L1"), 3 }, { QStringLiteral("L2"), 1 } };
        a.failedFixes = { { QStringLiteral("L1"), 1 }, { QStringLiteral("L2"), 2 } };
    }

    void fillSigns()
    {
        using namespace Qt::StringLiterals;
        rules::Signals &s = subject.signs;
        s.urgency = 70;
        s.sentiment = -60;
        s.mood = u"negative"_s;
        s.risk = u"high"_s;
        s.churn = true;
        s.asksForHuman = true;
        s.asksForManager = false;
        s.legalWords = true;
        s.botGaveUp = false;
        s.revenueLoss = false;
        s.failedPayment = true;
        s.failedLogins = 3;
        s.language = u"en"_s;
        s.named = QStringList { u"order-delay"_s };
    }
};

} // namespace tierline::test
