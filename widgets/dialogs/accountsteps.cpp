#include "widgets/dialogs/accountsteps.h"

#include "widgets/common/accessible.h"
#include "widgets/common/choicebox.h"
#include "widgets/common/icons.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"

#include <QEvent>
#include <QGridLayout>
#include <QHBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int MarkSide = 16;
// A list's entry for "none" has a value, so that it is told from words that fit nothing.
const QString none = u"-"_s;

struct MarkLook {
    Icon icon;
    Token token;
};

MarkLook lookOf(FindingsView::Mark mark)
{
    switch (mark) {
    case FindingsView::Mark::Good: return { Icon::Check, Token::Met };
    case FindingsView::Mark::Warning: return { Icon::Warning, Token::AtRisk };
    case FindingsView::Mark::Bad: break;
    }
    return { Icon::Close, Token::Breached };
}

QString nameOf(FindingsView::Mark mark)
{
    switch (mark) {
    case FindingsView::Mark::Good: return FindingsView::tr("Works");
    case FindingsView::Mark::Warning: return FindingsView::tr("To know");
    case FindingsView::Mark::Bad: break;
    }
    return FindingsView::tr("Problem");
}

} // namespace

StepLine::StepLine(const QStringList &steps, QWidget *parent)
    : QWidget(parent)
    , m_steps(steps)
{
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::Tight);
    for (int i = 0; i < steps.size(); ++i) {
        if (i > 0) {
            auto *between = new PlainLabel(u"›"_s);
            setTextRole(between, TextRole::Muted);
            row->addWidget(between);
        }
        auto *label = new PlainLabel(steps[i]);
        row->addWidget(label);
        m_labels.append(label);
    }
    row->addStretch(1);
    setCurrent(0);
}

void StepLine::setCurrent(int step)
{
    for (int i = 0; i < m_labels.size(); ++i) {
        setTextRole(m_labels[i], i == step ? TextRole::MutedStrong : TextRole::Muted);
        m_labels[i]->setForegroundRole(
            i == step ? QPalette::WindowText : QPalette::PlaceholderText);
    }
    setAccessibleName(tr("Step %1 of %2: %3").arg(step + 1).arg(m_steps.size()).arg(m_steps[step]));
}

FindingsView::FindingsView(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(space::Tight);
    m_grid->setVerticalSpacing(space::Tight);
    m_grid->setColumnStretch(1, 1);
}

void FindingsView::clear()
{
    for (const Row &row : std::as_const(m_rows)) {
        delete row.picture;
        delete row.sentence;
    }
    m_rows.clear();
}

void FindingsView::add(Mark mark, const QString &sentence)
{
    auto *picture = new PlainLabel;
    picture->setAccessibleName(nameOf(mark));
    auto *words = new PlainLabel(plainLines(sentence, 1'000, 8));
    words->setWordWrap(true);
    words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    const int line = int(m_rows.size());
    m_grid->addWidget(picture, line, 0, Qt::AlignTop);
    m_grid->addWidget(words, line, 1);
    picture->show();
    words->show();
    m_rows.append({ mark, picture, words });
    paintMarks();
}

QStringList FindingsView::sentences() const
{
    QStringList all;
    for (const Row &row : m_rows)
        all.append(row.sentence->text());
    return all;
}

void FindingsView::paintMarks()
{
    for (const Row &row : std::as_const(m_rows)) {
        const MarkLook look = lookOf(row.mark);
        // As high as a line of the words beside it, so that both stand on one line.
        row.picture->setMinimumHeight(row.sentence->fontMetrics().lineSpacing());
        row.picture->setPixmap(
            iconPixmap(look.icon, MarkSide, devicePixelRatioF(), Theme::of(this)[look.token]));
    }
}

void FindingsView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        paintMarks();
}

PlacesEditor::PlacesEditor(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout)
    , m_more(new PlainLabel)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::Tight);
    column->addLayout(m_grid);
    column->addWidget(m_more);
    column->addStretch();
    m_more->setWordWrap(true);
    setTextRole(m_more, TextRole::Muted);
    m_grid->setHorizontalSpacing(space::Inner);
    m_grid->setVerticalSpacing(space::Tight);
    for (int i = 0; i < 3; ++i)
        m_grid->setColumnStretch(i, 1);
    int at = 0;
    for (const QString &title : { tr("There"), tr("Tier here"), tr("Team here") }) {
        auto *head = new PlainLabel(title);
        setTextRole(head, TextRole::MutedStrong);
        m_grid->addWidget(head, 0, at++);
    }
}

void PlacesEditor::setPlaces(
    const QList<storage::PlaceMapping> &places, const QList<Tier> &tiers, const QList<Team> &teams)
{
    for (int line = m_grid->rowCount() - 1; line > 0; --line) {
        for (int at = 0; at < 3; ++at) {
            if (QLayoutItem *item = m_grid->itemAtPosition(line, at))
                delete item->widget();
        }
    }
    m_rows.clear();
    m_tiers = tiers;
    m_teams = teams;
    for (const storage::PlaceMapping &place : places.mid(0, MostRows))
        addRow(place);
    m_notShown = places.mid(MostRows);
    m_more->setText(tr("Not shown, and left as they are: %1 more.").arg(m_notShown.size()));
    m_more->setVisible(!m_notShown.isEmpty());
}

void PlacesEditor::addRow(const storage::PlaceMapping &place)
{
    const int line = int(m_rows.size()) + 1;
    const QString words = oneLine(place.place, 80);
    auto *label = new PlainLabel(words);
    label->setElided(true);
    label->setMinimumWidth(140);
    Row row { place, new ChoiceBox, new ChoiceBox };
    named(row.tier, u"tier.%1"_s.arg(line - 1), tr("Tier of %1").arg(words));
    named(row.team, u"team.%1"_s.arg(line - 1), tr("Team of %1").arg(words));
    row.tier->add(none, tr("Not mapped"));
    for (const Tier &tier : std::as_const(m_tiers))
        row.tier->add(
            tier.id, tier.name.startsWith(tier.id) ? tier.name : tier.id + u' ' + tier.name);
    row.tier->choose(place.tier.isEmpty() ? none : place.tier);
    fillTeams(row, place.team);
    m_grid->addWidget(label, line, 0);
    m_grid->addWidget(row.tier, line, 1);
    m_grid->addWidget(row.team, line, 2);
    m_rows.append(row);
    connect(row.tier, &ChoiceBox::valueChanged, this,
        [this, row] { fillTeams(row, row.team->value()); });
}

void PlacesEditor::fillTeams(const Row &row, const QString &team)
{
    const QString tier = row.tier->value();
    const QSignalBlocker quiet(row.team);
    row.team->clear();
    row.team->add(none, tr("No team"));
    for (const Team &each : std::as_const(m_teams)) {
        if (each.tier == tier)
            row.team->add(each.name, each.name);
    }
    if (!row.team->choose(team))
        row.team->choose(none);
    row.team->setEnabled(!tier.isEmpty() && tier != none);
}

Result<QList<storage::PlaceMapping>> PlacesEditor::places() const
{
    QList<storage::PlaceMapping> all;
    for (const Row &row : m_rows) {
        const QString name = oneLine(row.place.place, 60);
        for (ChoiceBox *box : { row.tier, row.team }) {
            if (!box->isUnclear() || !box->isEnabled())
                continue;
            box->setFocus();
            return badInput(tr("“%1” is not in the list beside %2: choose one that is.")
                                .arg(box->currentText().left(60), name));
        }
        const QString tier = row.tier->value();
        const QString team = row.team->value();
        storage::PlaceMapping place { .place = row.place.place };
        if (!tier.isEmpty() && tier != none) {
            place.tier = tier;
            place.team = team == none ? QString() : team;
        }
        all.append(place);
    }
    return all + m_notShown;
}

void PlacesEditor::focusFirst()
{
    if (!m_rows.isEmpty())
        m_rows.first().tier->setFocus();
}

} // namespace tierline::ui
