#include "widgets/dialogs/pathrows.h"

#include "widgets/common/accessible.h"
#include "widgets/common/choicebox.h"
#include "widgets/common/icons.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"
#include "widgets/dialogs/fieldset.h"

#include <QGridLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;
using escalation::Destination;
using escalation::PathStep;

namespace {

/// A step without its wait, as the value of a choice: "team/Billing", "manager".
QString valueOf(const PathStep &step)
{
    const QString to = escalation::code(step.to);
    return step.name.isEmpty() ? to : to + u'/' + step.name;
}

PathStep stepOf(const QString &value)
{
    return { escalation::destinationFrom(value.section(u'/', 0, 0)).value_or(Destination::Tier),
        value.section(u'/', 1) };
}

} // namespace

PathRows::PathRows(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout)
    , m_add(named(new QPushButton(tr("Add a step")), u"addStep"_s, tr("Add a step")))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(space::Tight);
    m_grid->setVerticalSpacing(space::Hair);
    for (const QString &title : { tr("Goes to"), tr("and on after") }) {
        auto *head = new PlainLabel(title);
        setTextRole(head, TextRole::Muted);
        m_heads.append(head);
    }
    m_grid->setColumnStretch(0, 1);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    m_add->setAutoDefault(false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::Tight);
    layout->addLayout(m_grid);
    layout->addWidget(m_add, 0, Qt::AlignLeft);
    connect(m_add, &QPushButton::clicked, this, [this] {
        if (m_rows.size() >= escalation::mostSteps)
            return;
        ChoiceBox *to = addRow().to;
        layOut();
        to->setFocus(Qt::OtherFocusReason);
        emit changed();
    });
    layOut();
}

void PathRows::setPeople(const escalation::PathBook &book)
{
    m_choices.clear();
    for (const Tier &tier : book.tiers)
        m_choices.emplace_back(u"tier/"_s + tier.id,
            tier.name.startsWith(tier.id) ? tier.name : tier.id + u' ' + tier.name);
    for (const Team &team : book.teams)
        m_choices.emplace_back(u"team/"_s + team.name, tr("team %1").arg(team.name));
    m_choices.emplace_back(u"account-team"_s, tr("the account's team"));
    m_choices.emplace_back(u"manager"_s, tr("the manager"));
    for (const Agent &agent : book.agents) {
        if (agent.isActive)
            m_choices.emplace_back(u"person/"_s + agent.id, agent.name);
    }
    for (const Row &row : m_rows)
        fill(row.to);
}

void PathRows::fill(ChoiceBox *box) const
{
    const QString before = box->value(), typed = box->currentText();
    const QSignalBlocker quiet(box);
    box->clear();
    for (const auto &[value, words] : m_choices)
        box->add(value, words);
    if (!box->choose(before))
        box->setEditText(typed);
}

PathRows::Row &PathRows::addRow()
{
    Row row { .to = new ChoiceBox(this),
        .wait = new QLineEdit(this),
        .remove = new QToolButton(this),
        .problem = makeProblemLabel(u"problem.step"_s) };
    row.problem->setParent(this);
    row.wait->setPlaceholderText(tr("30m"));
    row.wait->setMaximumWidth(120);
    row.remove->setIcon(icon(Icon::Close, palette(), Token::Muted));
    row.remove->setAutoRaise(true);
    row.remove->setFocusPolicy(Qt::StrongFocus);
    fill(row.to);
    row.to->setCurrentIndex(-1);
    row.to->setEditText({});
    connect(row.to, &ChoiceBox::valueChanged, this, &PathRows::changed);
    connect(row.wait, &QLineEdit::textChanged, this, &PathRows::changed);
    QWidget *of = row.remove;
    connect(row.remove, &QToolButton::clicked, this, [this, of] {
        const auto found
            = std::ranges::find(m_rows, of, [](const Row &one) -> QWidget * { return one.remove; });
        if (found == m_rows.end())
            return;
        drop(size_t(found - m_rows.begin()));
        layOut();
        (m_rows.empty() ? static_cast<QWidget *>(m_add) : m_rows.back().to)->setFocus();
        emit changed();
    });
    m_rows.push_back(row);
    return m_rows.back();
}

void PathRows::drop(size_t index)
{
    const Row row = m_rows[index];
    m_rows.erase(m_rows.begin() + qptrdiff(index));
    for (QWidget *part :
        std::initializer_list<QWidget *> { row.to, row.wait, row.remove, row.problem }) {
        part->hide();
        part->setObjectName({}); // the next row has its name
        part->deleteLater(); // one of them may be what was clicked
    }
}

void PathRows::layOut()
{
    while (QLayoutItem *item = m_grid->takeAt(0))
        delete item;
    for (qsizetype i = 0; i < m_heads.size(); ++i) {
        m_grid->addWidget(m_heads[i], 0, int(i));
        m_heads[i]->setVisible(!m_rows.empty());
    }
    QWidget *before = m_before;
    for (size_t i = 0; i < m_rows.size(); ++i) {
        const Row &row = m_rows[i];
        const int at = int(i) * 2 + 1;
        m_grid->addWidget(row.to, at, 0);
        m_grid->addWidget(row.wait, at, 1);
        m_grid->addWidget(row.remove, at, 2);
        m_grid->addWidget(row.problem, at + 1, 0, 1, 3);
        const bool isLast = i + 1 == m_rows.size();
        row.wait->setEnabled(!isLast);
        row.wait->setPlaceholderText(isLast ? tr("the end") : tr("30m"));
        const QString number = QString::number(i + 1);
        named(row.to, u"step.%1.to"_s.arg(number), tr("Step %1 goes to").arg(number));
        named(row.wait, u"step.%1.wait"_s.arg(number),
            tr("How long nobody may accept step %1").arg(number));
        named(row.remove, u"step.%1.remove"_s.arg(number), tr("Remove step %1").arg(number));
        for (QWidget *part : std::initializer_list<QWidget *> { row.to, row.wait, row.remove }) {
            part->setVisible(true);
            if (before)
                setTabOrder(before, part);
            before = part;
        }
    }
    if (before)
        setTabOrder(before, m_add);
    if (m_after)
        setTabOrder(m_add, m_after);
    m_add->setEnabled(m_rows.size() < escalation::mostSteps);
}

void PathRows::setTabPlace(QWidget *before, QWidget *after)
{
    m_before = before;
    m_after = after;
    layOut();
}

void PathRows::setSteps(const std::vector<PathStep> &steps)
{
    while (!m_rows.empty())
        drop(m_rows.size() - 1);
    for (const PathStep &step : steps) {
        Row &row = addRow();
        const QSignalBlocker quietTo(row.to), quietWait(row.wait);
        if (!row.to->choose(valueOf(step)))
            row.to->setEditText(step.name);
        row.wait->setText(step.wait > Millis(0) ? shortDuration(step.wait) : QString());
    }
    layOut();
}

Error PathRows::refuse(Row &row, QWidget *field, const QString &why)
{
    row.problem->setText(why);
    row.problem->show();
    field->setFocus(Qt::OtherFocusReason);
    return badInput(why, u"path"_s);
}

void PathRows::clearProblems()
{
    for (Row &row : m_rows)
        row.problem->hide();
}

Result<std::vector<PathStep>> PathRows::steps()
{
    clearProblems();
    std::vector<PathStep> all;
    for (size_t i = 0; i < m_rows.size(); ++i) {
        Row &row = m_rows[i];
        if (row.to->value().isEmpty())
            return refuse(row, row.to,
                row.to->isUnclear() ? tr("“%1” is not in the list: choose whom it goes to.")
                                          .arg(row.to->currentText().trimmed().left(60))
                                    : tr("Choose whom it goes to."));
        PathStep step = stepOf(row.to->value());
        if (i + 1 < m_rows.size()) {
            const auto wait = parseDuration(row.wait->text().trimmed());
            if (!wait)
                return refuse(row, row.wait,
                    tr("Say how long it may lie here before it goes on: 30m, 4h, 1d."));
            step.wait = *wait;
        }
        all.push_back(step);
    }
    return all;
}

QStringList PathRows::values() const
{
    QStringList all;
    for (const Row &row : m_rows)
        all.append(row.to->value() + u'\n' + row.to->currentText() + u'\n' + row.wait->text());
    return all;
}

void PathRows::setValues(const QStringList &values)
{
    while (!m_rows.empty())
        drop(m_rows.size() - 1);
    for (const QString &value : values) {
        Row &row = addRow();
        const QSignalBlocker quietTo(row.to), quietWait(row.wait);
        if (!row.to->choose(value.section(u'\n', 0, 0)))
            row.to->setEditText(value.section(u'\n', 1, 1));
        row.wait->setText(value.section(u'\n', 2));
    }
    layOut();
}

} // namespace tierline::ui
