#pragma once

#include "core/commands/commands.h"
#include "core/import/sampletext.h"

namespace tierline::importing {

/// One command at one instant, with what comes along with its message.
struct SampleStep {
    Instant at;
    int ticket = 0; ///< which story
    QString actor; ///< an agent, "rule:NAME", or "customer"
    std::function<Result<commands::Outcome>(commands::Context &, const QString &key)> run;
    QString file; ///< kind of file attached to its message; empty: none
};

/// Writes one ticket from its first message to wherever it stands, as steps. Time only moves on.
class SampleStory
{
public:
    struct Cast {
        QJsonObject scenario;
        QJsonObject customer;
        QJsonObject company;
        QString frontline; ///< agent at L1
        QString specialist; ///< agent at L2
        QString engineer; ///< agent at L3
        Instant opened;
        Instant now;
    };
    SampleStory(int number, Cast cast, RandomSource &random);

    /// 1: people take their time; smaller: they hurry.
    void setPace(double pace) { m_pace = pace; }
    /// From here on every step is at an instant named by ago(), not at the team's pace.
    void goLive() { m_isLive = true; }
    void ago(int minutes) { m_at = m_cast.now - std::chrono::minutes(minutes); }
    /// Time passes: some minutes at the story's pace, ending in working hours. Nothing when live.
    void pass(int low, int high);
    Instant at() const { return m_at; }

    void open();
    void claim();
    void ask();
    void answer();
    void urge(); ///< the customer writes again, impatient
    void note();
    void status(const QString &code);
    void flag();
    void triage();
    void unflag();
    /// To L2, or from L2 to L3. `isByRule`: a rule does it, with its sentence.
    void escalate(const QString &tier, const QString &team, bool isByRule = false);
    void accept(const QString &agent);
    void sayHello(const QString &agent); ///< the receiver's first words to the customer
    void workNote(const QString &agent);
    void giveBack(const QString &agent, Verdict verdict);
    void withdraw();
    void solve(const QString &agent, bool isSecondTime = false);
    void sayNo(const QString &agent); ///< the customer's no; the ticket is open again
    void sayYes(const QString &agent);
    void score();
    void review(const QString &agent);

    bool has(const QString &part) const
    {
        return !m_cast.scenario.value(part).toString().isEmpty();
    }
    QString text(const QString &part) const { return m_cast.scenario.value(part).toString(); }
    const Cast &cast() const { return m_cast; }
    std::vector<SampleStep> takeSteps() { return std::move(m_steps); }

private:
    template<typename Command>
    void add(const QString &actor, Command command);
    commands::CreateTicket created();
    void setWords();
    void talkWithBot();
    QString fill(const QString &part) const { return m_words.fill(text(part)); }
    QJsonObject language() const;
    QString firstNameOf(const QString &agent) const;
    /// A customer's text as it arrives: with greeting and signature by mail, bare in a chat.
    QString fromCustomer(const QString &body, bool isFirst);
    QString fromAgent(const QString &body, const QString &agent);
    QString htmlOf(const QString &mail) const; ///< empty where this customer writes plain text

    int m_number;
    Cast m_cast;
    RandomSource &m_random;
    SampleWords m_words;
    Instant m_at;
    double m_pace = 1;
    bool m_isLive = false;
    bool m_writesHtml = false;
    QString m_channel;
    QString m_lastAgentText;
    std::vector<SampleStep> m_steps;
};

/// The same instant, or the next one at which the team works (Monday to Friday, 07:00 to 17:30 UTC).
Instant inWorkingHours(Instant at, RandomSource &random);

} // namespace tierline::importing
