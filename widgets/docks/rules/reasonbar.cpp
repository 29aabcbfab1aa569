#include "widgets/docks/rules/reasonbar.h"

#include "widgets/common/accessible.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"

#include <QCheckBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>

#include <utility>

namespace tierline::ui {

using namespace Qt::StringLiterals;

ReasonBar::ReasonBar(QWidget *parent)
    : QWidget(parent)
    , m_text(new PlainLabel)
    , m_facts(new PlainLabel)
    , m_why(named(new QLineEdit, u"ruleWhy"_s, tr("Why")))
    , m_metric(named(new QLineEdit, u"ruleMetric"_s, tr("The figure that prompted it (optional)")))
    , m_limits(new QWidget)
    , m_column(new QVBoxLayout(this))
    , m_cap(named(new QSpinBox, u"ruleCap"_s, tr("At most so many fires a week")))
    , m_standing(named(new QCheckBox, u"ruleStanding"_s, tr("Tickets for which it holds already")))
    , m_problem(new PlainLabel)
    , m_verb(new QPushButton(tr("Save")))
    , m_leave(named(new QPushButton(tr("Cancel")), u"reasonLeave"_s, tr("Cancel")))
{
    m_text->setObjectName(u"reasonText"_s);
    m_text->setWordWrap(true);
    setTextRole(m_text, TextRole::Strong);
    m_facts->setObjectName(u"reasonFacts"_s);
    m_facts->setWordWrap(true);
    setTextRole(m_facts, TextRole::Muted);
    m_facts->hide();
    m_why->setPlaceholderText(tr("Why? Kept for ever."));
    m_metric->setPlaceholderText(tr("Figure that prompted it (optional)"));
    m_cap->setRange(0, 1'000'000);
    m_cap->setPrefix(tr("at most "));
    m_cap->setSuffix(tr(" fires a week"));
    m_cap->setSpecialValueText(tr("no weekly limit"));
    m_problem->setObjectName(u"reasonProblem"_s);
    m_problem->setWordWrap(true);
    m_problem->hide();
    m_verb->setObjectName(u"reasonVerb"_s);
    setProminence(m_verb, Prominence::Primary);
    setKeycap(m_verb, QKeySequence(u"Ctrl+Return"_s).toString(QKeySequence::NativeText));
    // Below one another: side by side they are wider than a dock on a small screen.
    auto *limits = new QVBoxLayout(m_limits);
    limits->setContentsMargins(0, 0, 0, 0);
    limits->setSpacing(space::Tight);
    limits->addWidget(m_cap, 0, Qt::AlignLeft);
    limits->addWidget(m_standing, 0, Qt::AlignLeft);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(space::Tight);
    buttons->addStretch();
    buttons->addWidget(m_leave);
    buttons->addWidget(m_verb);
    QVBoxLayout *column = m_column;
    column->setContentsMargins(space::Inner, space::Inner, space::Inner, space::Inner);
    column->setSpacing(space::Tight);
    column->addWidget(m_text);
    column->addWidget(m_facts);
    column->addWidget(m_limits);
    column->addWidget(m_why);
    column->addWidget(m_metric);
    column->addWidget(m_problem);
    column->addLayout(buttons);
    ui::setTabOrder({ m_why, m_metric, m_cap, m_standing, m_verb, m_leave });
    connect(m_verb, &QPushButton::clicked, this, &ReasonBar::answer);
    connect(m_standing, &QCheckBox::toggled, this, &ReasonBar::standingChosen);
    connect(m_cap, &QSpinBox::valueChanged, this, &ReasonBar::capChosen);
    connect(m_leave, &QPushButton::clicked, this, [this] {
        close();
        emit left();
    });
    hide();
}

void ReasonBar::setDetail(QWidget *detail, const QList<QWidget *> &stops)
{
    m_detail = detail;
    m_detailStops = stops;
    m_column->insertWidget(m_column->indexOf(m_limits) + 1, detail);
    detail->hide();
    // Hidden ones too, which come and go.
    QWidget *before = m_standing;
    for (QWidget *stop : stops + QList<QWidget *> { m_verb, m_leave })
        QWidget::setTabOrder(std::exchange(before, stop), stop);
}

void ReasonBar::ask(const Question &question, std::function<void(const RuleAnswer &)> answered)
{
    if (std::exchange(m_isOpen, false))
        emit closed(); // another question takes its place
    m_answered = std::move(answered);
    tell({});
    m_text->setText(plainLines(question.text, 400, 4));
    m_verb->setText(question.verb);
    m_verb->setAccessibleName(question.verb);
    m_limits->setVisible(question.asksLimits || !question.standing.isEmpty());
    m_cap->setVisible(question.asksLimits);
    m_cap->setValue(question.weeklyCap);
    m_standing->setVisible(!question.standing.isEmpty());
    m_standing->setText(question.standing);
    m_standing->setAccessibleName(question.standing);
    m_standing->setChecked(false);
    if (m_detail)
        m_detail->hide();
    m_why->clear();
    m_metric->clear();
    m_problem->hide();
    setBusy(false);
    m_isOpen = true;
    show();
    m_why->setFocus(Qt::OtherFocusReason);
    announce(this, question.text);
}

void ReasonBar::tell(const QString &facts)
{
    m_facts->setText(plainLines(facts, 600, 6));
    m_facts->setVisible(!facts.isEmpty());
}

void ReasonBar::refuse(const QString &problem)
{
    setBusy(false);
    m_problem->setText(plainLines(problem, 600, 6));
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, Theme::of(this)[Token::Breached]);
    m_problem->setPalette(colours);
    m_problem->show();
    m_why->setFocus(Qt::OtherFocusReason);
    announce(m_problem, problem);
}

void ReasonBar::setBusy(bool isBusy)
{
    m_verb->setEnabled(!isBusy);
}

void ReasonBar::close()
{
    m_answered = {};
    if (!std::exchange(m_isOpen, false))
        return;
    hide();
    emit closed();
}

void ReasonBar::answer()
{
    if (!m_verb->isEnabled() || !m_answered)
        return;
    const RuleAnswer answer { .why = m_why->text().trimmed(),
        .metric = m_metric->text().trimmed(),
        .weeklyCap = m_cap->value(),
        .appliesToStanding = m_standing->isChecked() };
    if (answer.why.isEmpty()) {
        refuse(tr("Say why: whoever reads the rule later asks for it first."));
        return;
    }
    m_problem->hide();
    setBusy(true);
    const auto answered = m_answered;
    answered(answer);
}

void ReasonBar::keyPressEvent(QKeyEvent *event)
{
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    // A list that has acted on Enter hands it on all the same.
    const bool isOfDetail
        = m_detailStops.contains(focusWidget()) && !(event->modifiers() & Qt::ControlModifier);
    if (isEnter && isOfDetail) {
        if (auto *button = qobject_cast<QPushButton *>(focusWidget()))
            button->click();
        return;
    }
    if (isEnter && focusWidget() != m_leave) {
        answer();
        return;
    }
    if (event->key() == Qt::Key_Escape) {
        close();
        emit left();
        return;
    }
    QWidget::keyPressEvent(event);
}

void ReasonBar::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Theme &theme = Theme::of(this);
    shape::box(&painter, rect(), theme[Token::Raised], theme[Token::Edge]);
}

} // namespace tierline::ui
