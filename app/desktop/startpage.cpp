#include "app/desktop/startpage.h"

#include "widgets/common/accessible.h"
#include "widgets/common/errortext.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"

#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

StartPage::StartPage(
    storage::Workspace workspace, const Clock &clock, RandomSource &random, QWidget *parent)
    : QWidget(parent)
    , m_workspace(std::move(workspace))
    , m_clock(clock)
    , m_random(random)
    , m_text(new PlainLabel(
          tr("Tierline keeps all tickets on this machine, in %1.").arg(m_workspace.folder())))
    , m_sample(named(new QPushButton(tr("Look around with sample data")), u"startSample"_s,
          tr("Look around with sample data")))
    , m_empty(named(new QPushButton(tr("Begin with an empty desk")), u"startEmpty"_s,
          tr("Begin with an empty desk")))
    , m_progress(named(new QProgressBar, u"startProgress"_s, tr("Progress")))
{
    auto *title = new PlainLabel(tr("There is no desk here yet"));
    setTextRole(title, TextRole::Page);
    m_text->setWordWrap(true);
    m_text->setAlignment(Qt::AlignHCenter);
    setProminence(m_sample, Prominence::Primary);
    m_progress->setRange(0, 0);
    m_progress->hide();
    // Two doors of one size; what is behind each is said below it.
    const int wide = std::max(m_sample->sizeHint().width(), m_empty->sizeHint().width());
    for (QPushButton *door : { m_sample, m_empty })
        door->setFixedWidth(wide);
    auto *about = new PlainLabel(
        tr("An invented company's helpdesk, sixty days of it, to try everything on."));
    auto *aboutEmpty = new PlainLabel(tr("Then make tickets, or import a log of yours."));
    for (PlainLabel *label : { about, aboutEmpty })
        setTextRole(label, TextRole::Muted);
    setFocusProxy(m_sample);
    auto *column = new QVBoxLayout(this);
    column->setSpacing(space::Inner);
    column->addStretch(2);
    column->addWidget(title, 0, Qt::AlignHCenter);
    column->addWidget(m_text);
    column->addSpacing(space::Tight);
    column->addWidget(m_sample, 0, Qt::AlignHCenter);
    column->addWidget(about, 0, Qt::AlignHCenter);
    column->addSpacing(space::Tight);
    column->addWidget(m_empty, 0, Qt::AlignHCenter);
    column->addWidget(aboutEmpty, 0, Qt::AlignHCenter);
    column->addWidget(m_progress, 0, Qt::AlignHCenter);
    column->addStretch(3);
    connect(m_sample, &QPushButton::clicked, this, [this] { make(true); });
    connect(m_empty, &QPushButton::clicked, this, [this] { make(false); });
    connect(
        &m_watcher, &QFutureWatcherBase::progressRangeChanged, m_progress, &QProgressBar::setRange);
    connect(
        &m_watcher, &QFutureWatcherBase::progressValueChanged, m_progress, &QProgressBar::setValue);
    connect(&m_watcher, &QFutureWatcherBase::finished, this, [this] {
        const Result<Done> done = m_watcher.result();
        if (done) {
            emit made();
            return;
        }
        m_text->setText(errorLine(done.error()));
        m_progress->hide();
        m_sample->setEnabled(true);
        m_empty->setEnabled(true);
    });
}

void StartPage::make(bool withSample)
{
    m_sample->setEnabled(false);
    m_empty->setEnabled(false);
    m_progress->show();
    m_watcher.setFuture(desk::makeWorkspace(m_workspace, m_clock, m_random, withSample));
}

} // namespace tierline::ui
