#include "widgets/docks/rules/standingview.h"

#include "widgets/common/accessible.h"
#include "widgets/common/errortext.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"
#include "widgets/docks/rules/readtable.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int ListHeight = 132; ///< four tickets and the head

} // namespace

StandingView::StandingView(Workbench &workbench, TimeWords words, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_words(std::move(words))
    , m_work(workbench.session())
    , m_text(new PlainLabel)
    , m_show(named(new QPushButton, u"standingShow"_s, tr("Show them")))
    , m_table(named(new QTableView, u"standingTickets"_s, tr("Open tickets for which it holds"),
          tr("Enter opens a ticket")))
{
    m_text->setObjectName(u"standingText"_s);
    m_text->setWordWrap(true);
    m_show->setAutoDefault(false);
    setProminence(m_show, Prominence::Quiet);
    m_rows.setHorizontalHeaderLabels({ tr("Ticket"), tr("Why") });
    m_table->setModel(&m_rows);
    dressReadTable(*m_table);
    m_table->setFixedHeight(ListHeight);
    m_table->hide();
    auto *line = new QHBoxLayout;
    line->setSpacing(space::Tight);
    line->addWidget(m_text, 1);
    line->addWidget(m_show, 0, Qt::AlignTop);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::Tight);
    column->addLayout(line);
    column->addWidget(m_table);
    connect(m_show, &QPushButton::clicked, this, [this] {
        if (m_work.isRunning())
            m_work.stop();
        else
            showList(m_table->isHidden());
    });
    connect(&m_work, &desk::StandingWork::progressed, this, [this](qint64 tickets) {
        m_done = tickets;
        showText();
    });
    connect(&m_work, &desk::StandingWork::finished, this,
        [this](const Result<desk::RuleStanding> &standing) {
            m_found = standing;
            fill();
            showText();
            announce(m_text, m_text->text());
        });
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &index) {
        m_workbench.openKey(m_rows.item(index.row())->data(Qt::UserRole).toString());
        emit m_workbench.dockWanted(u"ticket"_s);
    });
}

QList<QWidget *> StandingView::stops() const
{
    return { m_show, m_table };
}

QString StandingView::text() const
{
    return m_text->text();
}

void StandingView::start(Of of, const desk::StandingAsk &ask)
{
    m_of = of;
    m_isChosen = false;
    m_cap = 0;
    m_done = 0;
    m_found.reset();
    m_rows.removeRows(0, m_rows.rowCount());
    showList(false);
    m_work.start(ask, m_workbench.clock().now());
    showText();
}

void StandingView::stop()
{
    m_work.stop();
    showList(false);
}

void StandingView::setChosen(bool isChosen)
{
    m_isChosen = isChosen;
    fill();
    showText();
}

void StandingView::setCap(int weeklyCap)
{
    m_cap = weeklyCap;
    showText();
}

void StandingView::showList(bool on)
{
    m_table->setVisible(on);
    if (on) {
        m_table->setCurrentIndex(m_rows.index(0, 0));
        m_table->setFocus(Qt::OtherFocusReason);
    }
    showText();
}

/// Those that it would act on again only where that is chosen stand in the list only then.
void StandingView::fill()
{
    m_rows.removeRows(0, m_rows.rowCount());
    if (!m_found || !*m_found)
        return;
    const bool isWithAnswered = m_of == Of::Sentence && m_isChosen;
    for (const desk::StandingTicket &ticket : (*m_found)->tickets) {
        if (ticket.hasAnswered && !isWithAnswered)
            continue;
        auto *key = new QStandardItem(oneLine(ticket.key, 60));
        key->setData(ticket.key, Qt::UserRole);
        key->setData(asRichSource(oneLine(ticket.subject)), Qt::ToolTipRole);
        key->setData(tr("%1, %2, because %3")
                         .arg(oneLine(ticket.key, 60), oneLine(ticket.subject),
                             oneLine(ticket.sentence, 300)),
            Qt::AccessibleTextRole);
        auto *why = new QStandardItem(oneLine(ticket.sentence, 300));
        why->setData(asRichSource(plainLines(ticket.sentence)), Qt::ToolTipRole);
        m_rows.appendRow({ key, why });
    }
    fitColumns(*m_table, 1);
}

QString StandingView::countText() const
{
    const desk::RuleStanding &found = **m_found;
    const QLocale &locale = m_words.locale;
    const bool isOfSentence = m_of == Of::Sentence;
    const qint64 all = found.fresh + (isOfSentence && m_isChosen ? found.answered : 0);
    const QString open = locale.toString(found.looked), number = locale.toString(all);
    QStringList said;
    if (all == 0)
        said.append((found.answered > 0 ? tr("It holds for no other of %1 open tickets now.")
                                        : tr("It holds for none of %1 open tickets now."))
                        .arg(open));
    else if (isOfSentence || m_isChosen)
        said.append(tr("It acts on %1 of %2 open tickets at once.").arg(number, open));
    else
        said.append(tr("It holds for %1 of %2 open tickets already; they are left alone.")
                        .arg(number, open));
    if (m_cap > 0 && all > m_cap && (isOfSentence || m_isChosen))
        said.append(tr("Its limit lets it act on at most %1 a week; beyond that it only notes.")
                        .arg(locale.toString(m_cap)));
    if (found.answered > 0 && !(isOfSentence && m_isChosen))
        said.append(tr("%1 it has dealt with before.").arg(locale.toString(found.answered)));
    if (found.unjudged > 0)
        said.append(tr("%1 cannot be judged, since something is not filled.")
                        .arg(locale.toString(found.unjudged)));
    if (found.foreign > 0)
        said.append(tr("%1 belong to helpdesks that another runner acts on.")
                        .arg(locale.toString(found.foreign)));
    if (m_rows.rowCount() > 0 && m_rows.rowCount() < all)
        said.append(tr("The list has the first %1.").arg(locale.toString(m_rows.rowCount())));
    return said.join(u' ');
}

void StandingView::showText()
{
    const bool isRunning = m_work.isRunning();
    if (isRunning)
        m_text->setText(m_done > 0 ? tr("Asking on which tickets it would act: %1 so far …")
                                         .arg(m_words.locale.toString(m_done))
                                   : tr("Asking on which tickets it would act …"));
    else if (m_found && *m_found)
        m_text->setText(countText());
    else if (m_found && m_found->error().fault == Fault::Cancelled)
        m_text->setText(tr("Stopped: nobody has counted on which tickets it would act."));
    else
        m_text->setText(m_found ? errorLine(m_found->error()) : QString());
    if (m_rows.rowCount() == 0)
        m_table->hide();
    m_show->setVisible(isRunning || m_rows.rowCount() > 0);
    m_show->setText(isRunning     ? tr("Stop")
            : m_table->isHidden() ? tr("Show them")
                                  : tr("Hide them"));
    m_show->setAccessibleName(m_show->text());
}

} // namespace tierline::ui
