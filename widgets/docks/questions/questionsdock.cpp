#include "widgets/docks/questions/questionsdock.h"

#include "core/desk/engineservice.h"
#include "core/domain/approver.h"
#include "widgets/common/emptystate.h"
#include "widgets/common/plainlabel.h"
#include "widgets/docks/api/dockregistry.h"

#include <QListView>
#include <QPointer>
#include <QPushButton>
#include <QTimeZone>

namespace tierline::ui {

using namespace Qt::StringLiterals;
using desk::OpenQuestion;

QuestionsDock::QuestionsDock(Workbench &workbench, TimeWords words, QWidget *parent)
    : ListDock(tr("Questions"), parent)
    , m_workbench(workbench)
    , m_words(std::move(words))
    , m_yes(addAction(u"questionYes"_s, tr("Yes"), QKeySequence(u"1"_s), true))
    , m_no(addAction(u"questionNo"_s, tr("No"), QKeySequence(u"2"_s), true))
    , m_open(addAction(u"questionOpen"_s, tr("Open"), {}))
{
    view().setObjectName(u"questionList"_s);
    m_yes->setAccessibleName(tr("Yes, do it now"));
    m_no->setAccessibleName(tr("No, leave it undone"));
    m_open->setAccessibleName(tr("Open the ticket"));
    setPlainToolTip(m_yes, tr("Yes: it is done now"));
    setPlainToolTip(m_no, tr("No: it is never done; the log says so"));
    empty().set(Icon::Rule,
        tr("Nothing waits for a yes. Before a rule writes to a customer more than 15 minutes late, or "
           "goes on with what needs approval, it asks here."));
    const auto open = [this] {
        if (const OpenQuestion *question = current())
            m_workbench.open(question->question.ticket);
    };
    connect(m_open, &QPushButton::clicked, this, open);
    connect(this, &ListDock::activated, this, open);
    connect(this, &ListDock::chosen, this, &QuestionsDock::showActions);
    connect(m_yes, &QPushButton::clicked, this, [this] { answer(true); });
    connect(m_no, &QPushButton::clicked, this, [this] { answer(false); });
    m_gather.setSingleShot(true);
    m_gather.setInterval(150);
    connect(&m_gather, &QTimer::timeout, this, &QuestionsDock::load);
    const auto news = [this] {
        if (!m_gather.isActive())
            m_gather.start();
    };
    desk::Session &session = m_workbench.session();
    connect(&session, &desk::Session::ticketsChanged, this, news);
    connect(&session.engine(), &desk::EngineService::changed, this, news);
    refresh();
    load();
}

void QuestionsDock::load()
{
    if (std::exchange(m_isLoading, true)) {
        m_loadsAgain = true;
        return;
    }
    m_workbench.session().engine().questions().then(
        this, [this](const Result<std::vector<OpenQuestion>> &questions) {
            m_isLoading = false;
            if (questions) {
                m_questions = *questions;
                refresh();
            } else {
                m_workbench.report(questions.error());
            }
            if (std::exchange(m_loadsAgain, false))
                load();
        });
}

ListEntry QuestionsDock::entryOf(const OpenQuestion &open) const
{
    const Instant now = m_workbench.clock().now();
    ListEntry entry { .id = open.question.id,
        .title = oneLine(open.key, 60) + u" · "_s + oneLine(open.subject, 120),
        .aside = m_words.stamp(open.question.asked, now),
        .tip = tr("Asked %1").arg(m_words.exact(open.question.asked)) };
    if (!open.customer.isEmpty())
        entry.lines.append({ tr("To %1").arg(oneLine(open.customer, 120)), Token::Text });
    if (!open.asks.isEmpty())
        entry.lines.append({ tr("Asks %1").arg(oneLine(open.asks, 120)), Token::Text });
    if (!open.question.actions.isEmpty())
        entry.lines.append({ oneLine(open.question.actions, 300), Token::Text });
    QString why = oneLine(open.question.why, 300);
    if (open.collapsed > 0)
        why += u' ' + tr("%Ln earlier levels passed while nobody looked.", nullptr, open.collapsed);
    entry.lines.append({ why, Token::AtRisk });
    if (!open.rule.isEmpty())
        entry.lines.append(
            { tr("Rule “%1”: %2").arg(oneLine(open.rule, 120), oneLine(open.sentence, 300)),
                Token::Muted });
    return entry;
}

void QuestionsDock::refresh()
{
    QList<ListEntry> entries;
    for (const OpenQuestion &open : m_questions)
        entries.append(entryOf(open));
    setEntries(
        entries, entries.size() == 1 ? tr("1 question") : tr("%1 questions").arg(entries.size()));
    showActions();
}

const OpenQuestion *QuestionsDock::current() const
{
    const QString id = currentId();
    const auto found = std::ranges::find(
        m_questions, id, [](const OpenQuestion &open) { return open.question.id; });
    return found == m_questions.end() ? nullptr : &*found;
}

void QuestionsDock::showActions()
{
    const OpenQuestion *question = current();
    const desk::People &people = m_workbench.people();
    const bool isAsked = question
        && (!question->question.approver
            || mayApprove(*question->question.approver, people.me, people.agents));
    const bool mayAnswer = isAsked && !m_isAnswering && people.me.role != Role::ReadOnly;
    m_open->setEnabled(current());
    m_yes->setEnabled(mayAnswer);
    m_no->setEnabled(mayAnswer);
}

void QuestionsDock::answer(bool isYes)
{
    const OpenQuestion *question = current();
    if (!question || m_isAnswering)
        return;
    m_isAnswering = true;
    showActions();
    const QString id = question->question.id;
    m_workbench.session().engine().answer(id, isYes).then(&m_workbench.session(),
        [self = QPointer(this), isYes, id, key = oneLine(question->key, 60)](
            const Result<engine::Tally> &tally) {
            if (!self)
                return;
            self->m_isAnswering = false;
            if (!tally)
                self->m_workbench.report(tally.error());
            else if (!isYes)
                emit self->m_workbench.said(tr("%1: it is not done.").arg(key), {});
            else if (tally->fired > 0)
                emit self->m_workbench.said(tr("%1: it is done.").arg(key), {});
            else
                emit self->m_workbench.said(
                    tr("%1: a guard refused it; the ticket's log says why.").arg(key), {});
            // Answered is answered: it must not stand there until it is read again.
            if (tally)
                std::erase_if(self->m_questions,
                    [&](const OpenQuestion &open) { return open.question.id == id; });
            self->refresh();
            self->load();
        });
}

/// Found by the build through the folder's name.
void registerquestions(DockRegistry &registry, Workbench &)
{
    registry.add({ .id = u"questions"_s,
        .title = QuestionsDock::tr("Questions"),
        .place = DockPlace::Side,
        .shortcut = QKeySequence(u"G, Q"_s),
        .order = 4,
        .make = [](Workbench &bench, QWidget *parent) -> QWidget * {
            return new QuestionsDock(bench, { QTimeZone::systemTimeZone(), QLocale() }, parent);
        } });
}

} // namespace tierline::ui
