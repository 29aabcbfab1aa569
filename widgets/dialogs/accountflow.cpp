// The way through the account assistant's steps; its pages are in accountassistant.cpp.
#include "widgets/dialogs/accountassistant.h"

#include "widgets/common/accessible.h"
#include "widgets/common/clocktext.h"
#include "widgets/common/dialogseams.h"
#include "widgets/common/plainlabel.h"
#include "widgets/dialogs/accountsteps.h"

#include <QLineEdit>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QUrl>

namespace tierline::ui {

using namespace Qt::StringLiterals;
using Mark = FindingsView::Mark;

namespace {

/// A span as people say it, rounded.
QString spanText(Millis span)
{
    const qint64 seconds = (std::abs(span.count()) + 500) / 1'000;
    if (seconds < 120)
        return AccountAssistant::tr("%1 s").arg(seconds);
    if (seconds < 2 * 3'600)
        return AccountAssistant::tr("%1 min").arg((seconds + 30) / 60);
    return AccountAssistant::tr("%1 h").arg((seconds + 1'800) / 3'600);
}

/// Foreign words inside a sentence, which is made harmless as a whole where it is shown.
QString brief(const QString &text, qsizetype most)
{
    return text.simplified().left(most);
}

/// The first few of many names, and how many more there are.
QString someOf(const QStringList &names, int most)
{
    QString text = brief(names.mid(0, most).join(u", "_s), 300);
    if (names.size() > most)
        text = AccountAssistant::tr("%1 and %2 more").arg(text).arg(names.size() - most);
    return text;
}

} // namespace

void AccountAssistant::chooseAuthority()
{
    filedialog::open(this,
        { .title = tr("Import a certificate authority"),
            .filters = { tr("Certificates (*.pem *.crt *.cer)"), tr("All files (*)") } },
        this, [this](const QString &file) {
            clearRefusal();
            m_reading = m_setup.readAuthority(file, [this](const Result<desk::Authority> &read) {
                if (!read)
                    return refuse(read.error());
                m_authority = *read;
                showAuthority();
            });
        });
}

void AccountAssistant::go(Step step)
{
    m_step = step;
    m_pages->setCurrentIndex(int(step));
    const int first = isNew() ? 0 : 1;
    m_line->setCurrent(std::min(int(step) - first, int(stepNames().size()) - 1));
    announce(m_line, m_line->accessibleName());
    showVerb();
    switch (step) {
    case Step::Kind: m_kind->setFocus(); break;
    case Step::SignIn: (m_url->text().isEmpty() ? m_url : m_secret)->setFocus(); break;
    case Step::Test: cancelButton()->setFocus(); break;
    case Step::Places: m_places->focusFirst(); break;
    case Step::Done: verbButton()->setFocus(); break;
    }
}

void AccountAssistant::showVerb()
{
    const bool hasFailed = m_step == Step::Test && !m_task && !m_test;
    QString verb = tr("Next");
    if (m_step == Step::SignIn)
        verb = tr("Test");
    else if (hasFailed)
        verb = tr("Test again");
    else if (m_step == Step::Test && m_purpose == Purpose::SignIn)
        verb = tr("Sign in");
    else if (m_step == Step::Places)
        verb = isNew() ? tr("Connect") : tr("Save");
    else if (m_step == Step::Done)
        verb = isNew() ? tr("Sync now") : tr("Close");
    verbButton()->setText(verb);
    setBusy(m_task != nullptr);
    const bool isFirst = m_step == (isNew() ? Step::Kind : Step::SignIn);
    m_back->setVisible(!isFirst && m_step != Step::Done);
    m_back->setEnabled(m_step == Step::Test || !m_task);
    cancelButton()->setText(m_step == Step::Done ? tr("Later") : tr("Cancel"));
    cancelButton()->setVisible(m_step != Step::Done || isNew());
}

void AccountAssistant::back()
{
    clearRefusal();
    switch (m_step) {
    case Step::SignIn: return go(Step::Kind);
    case Step::Test: stopTest(); return go(Step::SignIn);
    case Step::Places: return go(m_test && m_test->isUntested ? Step::SignIn : Step::Test);
    case Step::Kind:
    case Step::Done: break;
    }
}

void AccountAssistant::submit()
{
    clearRefusal();
    switch (m_step) {
    case Step::Kind: return leaveKind();
    case Step::SignIn: return startTest();
    case Step::Test: return m_test ? leaveTest() : startTest();
    case Step::Places: {
        const auto places = m_places->places();
        return places ? save(*places) : refuse(places.error());
    }
    case Step::Done: break;
    }
    if (isNew())
        m_setup.wantSync(m_tried);
    accept();
}

void AccountAssistant::leaveKind()
{
    const QString name = m_name->text().trimmed();
    const auto isTaken
        = [&name](const QString &one) { return one.compare(name, Qt::CaseInsensitive) == 0; };
    if (std::ranges::any_of(m_taken, isTaken))
        return refuse(badInput(tr("There is an account “%1” already.").arg(name), u"name"_s));
    // What belongs to this page; the rest is asked for on the next one.
    const auto checked = m_setup.check(form(), true);
    if (!checked && (checked.error().where == u"name" || checked.error().where == u"kind"))
        return refuse(checked.error());
    go(Step::SignIn);
}

/// Shows a refusal on the page that has its field.
void AccountAssistant::refuseAt(const Error &error)
{
    static const QStringList onSignIn { u"url"_s, u"user"_s, u"secret"_s, u"authority"_s };
    if (onSignIn.contains(error.where))
        go(Step::SignIn);
    else if (error.where == u"name" || error.where == u"kind")
        go(isNew() ? Step::Kind : Step::SignIn);
    refuse(error);
}

void AccountAssistant::startTest()
{
    const desk::AccountForm tried = form();
    const bool wantsSecret = m_purpose != Purpose::Edit;
    if (const auto checked = m_setup.check(tried, wantsSecret); !checked)
        return refuseAt(checked.error());
    m_test.reset();
    m_mayGoOnUntested = false;
    m_tried = tried.name;
    m_findings->clear();
    m_untested->hide();
    m_testing->setText(tr("Signing in to %1, and looking at what is there.")
                           .arg(oneLine(tried.url.trimmed(), 80)));
    m_testing->show();
    m_bar->show();
    m_task = m_setup.test(
        tried, wantsSecret, [this](const Result<desk::AccountTest> &result) { tested(result); });
    go(Step::Test);
}

void AccountAssistant::stopTest()
{
    m_task.reset();
    m_bar->hide();
}

void AccountAssistant::tested(const Result<desk::AccountTest> &result)
{
    const std::unique_ptr<desk::AccountTask> ended = std::move(m_task);
    m_bar->hide();
    if (result) {
        m_test = *result;
        m_testing->setText(tr("%1 answers, and the sign-in holds.").arg(oneLine(m_tried, 40)));
        describe(*result);
    } else if (!result.error().where.isEmpty() && result.error().fault == Fault::BadInput) {
        return refuseAt(result.error());
    } else {
        const Error &error = result.error();
        m_testing->setText(tr("It does not work yet; nothing has been stored."));
        m_findings->add(Mark::Bad, error.detail);
        const bool isAway = error.fault == Fault::Offline || error.fault == Fault::Timeout;
        m_untested->setVisible(isAway && m_purpose != Purpose::SignIn);
    }
    announce(m_testing, m_testing->text() + u' ' + m_findings->sentences().join(u' '));
    showVerb();
    (m_test ? verbButton() : m_back)->setFocus();
    settle();
}

void AccountAssistant::describe(const desk::AccountTest &test)
{
    const connectors::Probe &probe = test.probe;
    const QString who = probe.me.name.isEmpty() || probe.me.name == probe.me.id
        ? probe.me.id
        : tr("%1 (%2)").arg(probe.me.name, probe.me.id);
    m_findings->add(Mark::Good,
        who.isEmpty() ? tr("Signed in; the server does not say as whom.")
                      : tr("Signed in as %1.").arg(brief(who, 120)));
    m_findings->add(Mark::Good, tr("It is %1.").arg(brief(probe.product, 80)));
    if (!probe.places.isEmpty())
        m_findings->add(Mark::Good, tr("Its places: %1.").arg(someOf(probe.places, 8)));
    QStringList colleagues;
    for (const connectors::RemoteUser &agent : probe.agents)
        colleagues.append(agent.name.isEmpty() ? agent.id : agent.name);
    m_findings->add(Mark::Good,
        colleagues.isEmpty() ? tr("It names no agents; they become known with their tickets.")
                             : tr("Agents that it names: %1.").arg(someOf(colleagues, 6)));
    constexpr Millis noise { 2'000 };
    if (!probe.clockOffset)
        m_findings->add(
            Mark::Warning, tr("It does not tell its time; its times are taken as they are."));
    else if (std::chrono::abs(*probe.clockOffset) < noise)
        m_findings->add(Mark::Good, tr("Its clock agrees with this machine's."));
    else
        m_findings->add(Mark::Warning,
            (probe.clockOffset->count() > 0
                    ? tr("Its clock is %1 ahead of this machine's; times are corrected by that.")
                    : tr("Its clock is %1 behind this machine's; times are corrected by that."))
                .arg(spanText(*probe.clockOffset)));
    if (test.isPlain)
        m_findings->add(Mark::Warning, tr("Not encrypted, this machine."));
    if (m_held && !m_held->myId().isEmpty() && m_held->myId() != probe.me.id)
        m_findings->add(Mark::Warning,
            tr("Until now it was %1 here: what is sent from now on carries the new name.")
                .arg(brief(m_held->myId(), 60)));
    for (const QString &warning : probe.warnings)
        m_findings->add(Mark::Warning, warning);
}

void AccountAssistant::leaveTest()
{
    if (m_purpose == Purpose::SignIn)
        return save(m_held ? m_held->places : QList<storage::PlaceMapping> {});
    const QList<storage::PlaceMapping> known
        = m_held ? m_held->places : QList<storage::PlaceMapping> {};
    QStringList names = m_test->probe.places;
    for (const storage::PlaceMapping &row : known) {
        if (!names.contains(row.place, Qt::CaseInsensitive))
            names.append(row.place);
    }
    const desk::People &people = m_workbench.people();
    m_places->setPlaces(
        desk::suggestPlaces(names, people.tiers, people.teams, known), people.tiers, people.teams);
    QString hint = names.isEmpty()
        ? tr(
            "No place is known yet. Once the server answers, they are mapped in Settings, under Accounts.")
        : tr(
            "Which tier and team each of its places stands for: an escalation moves the ticket there. "
            "What is not mapped is shown at the lowest tier.");
    if (!isNew())
        hint += u' ' + tr("Tickets that are here already keep their tier until they are moved.");
    m_placesHint->setText(hint);
    go(Step::Places);
    if (names.isEmpty())
        verbButton()->setFocus();
    settle();
}

void AccountAssistant::save(const QList<storage::PlaceMapping> &places)
{
    m_isStored = false;
    m_task = m_setup.save(form(), *m_test, places, isNew(),
        [this](const Result<desk::SavedAccount> &result) { saved(result); });
    showVerb();
}

void AccountAssistant::reject()
{
    if (m_task && m_isStored) {
        m_task.reset();
        hint()->setText({});
        return finish({ .isForThisRunOnly = true,
            .detail
            = tr("The keychain has not answered: what signs in is kept until Tierline ends, and "
                 "asked for again at the next start unless the keychain takes it yet.") });
    }
    m_task.reset();
    FormDialog::reject();
}

void AccountAssistant::saved(const Result<desk::SavedAccount> &result)
{
    const std::unique_ptr<desk::AccountTask> ended = std::move(m_task);
    hint()->setText({});
    if (!result) {
        showVerb();
        return refuseAt(result.error());
    }
    finish(*result);
}

void AccountAssistant::finish(const desk::SavedAccount &result)
{
    const bool hadSecret = !m_secret->text().isEmpty();
    m_secret->clear();
    if (!isNew() && !result.isForThisRunOnly) {
        emit m_workbench.said(m_purpose == Purpose::SignIn ? tr("Signed in to %1.").arg(m_tried)
                                                           : tr("%1 is saved.").arg(m_tried),
            {});
        return accept();
    }
    m_end->clear();
    m_end->add(Mark::Good,
        isNew() ? tr("%1 is connected.").arg(m_tried) : tr("%1 is saved.").arg(m_tried));
    if (result.isForThisRunOnly)
        m_end->add(Mark::Warning, result.detail);
    else if (hadSecret)
        m_end->add(
            Mark::Good, tr("What signs in is in this machine's keychain, and nowhere else."));
    if (isNew() && m_test->isUntested)
        m_end->add(
            Mark::Warning, tr("It has not been tried yet: the first sync says whether it works."));
    if (isNew())
        m_end->add(Mark::Good,
            tr("The first sync brings all tickets with their threads; work can go on meanwhile."));
    go(Step::Done);
    announce(m_end, m_end->sentences().join(u' '));
}

} // namespace tierline::ui
