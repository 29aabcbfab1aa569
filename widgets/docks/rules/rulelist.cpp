#include "widgets/docks/rules/rulelist.h"

#include "widgets/common/accessible.h"
#include "widgets/common/chip.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"

#include <QKeyEvent>
#include <QMimeData>
#include <QPainter>
#include <QStyledItemDelegate>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

const QString rowType = u"application/x-tierline-rule-row"_s;

QString detailOf(const RuleRow &row)
{
    QStringList parts { stateWords(row.rule.state) };
    const bool isInUse = row.rule.state != RuleState::Retired;
    if (isInUse || row.fired > 0)
        parts.append(row.fired == 1 ? RuleModel::tr("fired once in 7 days")
                                    : RuleModel::tr("fired %1 times in 7 days").arg(row.fired));
    if (const auto precision = row.shownPrecision())
        parts.append(RuleModel::tr("precision %1 %").arg(qRound(*precision * 100)));
    else if (isInUse)
        parts.append(RuleModel::tr("precision –"));
    if (row.rule.state == RuleState::Live && row.rule.weeklyCap > 0)
        parts.append(RuleModel::tr("at most %1 a week").arg(row.rule.weeklyCap));
    return parts.join(u" · "_s);
}

/// What the share of right fires is, or why there is none.
QString tipOf(const RuleRow &row)
{
    if (row.rule.state == RuleState::Retired)
        return {};
    if (row.figures && row.figures->precision)
        return RuleModel::tr("Of the newest hundred tickets in which it fired, or would have, and "
                             "that people judged.");
    if (row.precision)
        return RuleModel::tr("Of what it would have done when it was last tried on the past.");
    return RuleModel::tr("Nobody has judged any of its tickets yet. Try it on the past, and say of "
                         "each ticket whether it should have been escalated.");
}

Token tokenOf(RuleState state)
{
    switch (state) {
    case RuleState::Live: return Token::Met;
    case RuleState::Shadow: return Token::Accent;
    case RuleState::Draft:
    case RuleState::Retired: break;
    }
    return Token::Muted;
}

class Delegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
        const QModelIndex &index) const override
    {
        const auto *model = static_cast<const RuleModel *>(index.model());
        const RuleRow &row = model->rows()[index.row()];
        const Theme &theme = Theme::of(option.palette);
        const bool isSelected = option.state & QStyle::State_Selected;
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->fillRect(option.rect,
            theme[isSelected                                 ? Token::Selection
                    : option.state & QStyle::State_MouseOver ? Token::Hover
                                                             : Token::Panel]);
        painter->fillRect(QRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1),
            theme[Token::Border]);
        const auto turned
            = [&](const QRect &r) { return QStyle::visualRect(option.direction, option.rect, r); };
        const QFont strong = textFont(TextRole::Strong), muted = textFont(TextRole::Muted);
        const QFontMetrics large(strong), small(muted);
        const int top
            = option.rect.top() + (option.rect.height() - large.height() - small.height() - 2) / 2;
        const int left = option.rect.left() + space::Inner;
        const bool isQuiet = row.rule.state == RuleState::Retired;
        // Live is a full dot, shadow a ring, draft a small ring, retired a dash: shape, then colour.
        const QRect dot = turned({ left, top + (large.height() - 10) / 2, 10, 10 });
        painter->setPen(QPen(theme[tokenOf(row.rule.state)], 1.5));
        painter->setBrush(
            row.rule.state == RuleState::Live ? theme[Token::Met] : QColor(Qt::transparent));
        if (isQuiet)
            painter->drawLine(dot.left(), dot.center().y(), dot.right(), dot.center().y());
        else
            painter->drawEllipse(
                row.rule.state == RuleState::Draft ? dot.adjusted(2, 2, -2, -2) : dot);
        const int text = left + 10 + space::Tight;
        const int width = option.rect.right() + 1 - space::Inner - text;
        const QString number = QString::number(index.row() + 1);
        const int numberWidth = small.horizontalAdvance(number) + space::Tight;
        painter->setFont(muted);
        painter->setPen(theme[Token::Muted]);
        const bool isRtl = option.direction == Qt::RightToLeft;
        painter->drawText(turned({ text + width - numberWidth, top, numberWidth, large.height() }),
            int(isRtl ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter, number);
        painter->setFont(strong);
        painter->setPen(theme[isQuiet ? Token::Muted : Token::Text]);
        const QString name
            = row.isEdited ? RuleModel::tr("%1 · not saved").arg(row.rule.name) : row.rule.name;
        painter->drawText(turned({ text, top, width - numberWidth, large.height() }),
            int(isRtl ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter | Qt::TextSingleLine,
            large.elidedText(oneLine(name, 120), Qt::ElideRight, width - numberWidth));
        painter->setFont(muted);
        painter->setPen(theme[Token::Muted]);
        painter->drawText(turned({ text, top + large.height() + 2, width, small.height() }),
            int(isRtl ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter | Qt::TextSingleLine,
            small.elidedText(detailOf(row), Qt::ElideRight, width));
        if (isSelected && (option.state & QStyle::State_HasFocus)) {
            painter->setRenderHint(QPainter::Antialiasing, false);
            painter->setBrush(Qt::NoBrush);
            painter->setPen(
                QPen(theme[Token::Accent], FocusRing, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
            painter->drawRect(option.rect.adjusted(1, 1, -1, -2));
        }
        painter->restore();
    }
    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        const int height = QFontMetrics(textFont(TextRole::Strong)).height()
            + QFontMetrics(textFont(TextRole::Muted)).height() + space::Inner;
        return { 200, std::max(48, height) };
    }
};

} // namespace

QString stateWords(RuleState state)
{
    switch (state) {
    case RuleState::Draft: return RuleModel::tr("draft");
    case RuleState::Shadow: return RuleModel::tr("in shadow");
    case RuleState::Live: return RuleModel::tr("live");
    case RuleState::Retired: return RuleModel::tr("retired");
    }
    return {};
}

void RuleModel::setRows(const QList<RuleRow> &rows)
{
    const bool isSame = rows.size() == m_rows.size()
        && std::ranges::equal(
            rows, m_rows, {}, [](const RuleRow &row) { return row.rule.id; },
            [](const RuleRow &row) { return row.rule.id; });
    if (!isSame)
        beginResetModel();
    m_rows = rows;
    if (!isSame)
        endResetModel();
    else if (!m_rows.isEmpty())
        emit dataChanged(index(0), index(int(m_rows.size()) - 1));
}

int RuleModel::rowOf(const QString &id) const
{
    const auto found
        = std::ranges::find(m_rows, id, [](const RuleRow &row) { return row.rule.id; });
    return found == m_rows.end() ? -1 : int(found - m_rows.begin());
}

void RuleModel::setEdited(const QString &id, bool isEdited)
{
    const int row = rowOf(id);
    if (row < 0 || m_rows[row].isEdited == isEdited)
        return;
    m_rows[row].isEdited = isEdited;
    emit dataChanged(index(row), index(row));
}

void RuleModel::setPrecision(const QString &id, std::optional<double> precision)
{
    const int row = rowOf(id);
    if (row < 0)
        return;
    m_rows[row].precision = precision;
    emit dataChanged(index(row), index(row));
}

void RuleModel::setFigures(const QHash<QString, desk::RuleFigures> &figures)
{
    for (RuleRow &row : m_rows) {
        const auto found = figures.constFind(row.rule.id);
        row.figures = found == figures.cend() ? std::nullopt : std::optional(*found);
    }
    if (!m_rows.isEmpty())
        emit dataChanged(index(0), index(int(m_rows.size()) - 1));
}

bool RuleModel::move(int from, int to)
{
    if (from < 0 || from >= m_rows.size() || to < 0 || to >= m_rows.size() || from == to)
        return false;
    if (!beginMoveRows({}, from, from, {}, to > from ? to + 1 : to))
        return false;
    m_rows.move(from, to);
    endMoveRows();
    // Everybody's number may be another one now.
    emit dataChanged(index(0), index(int(m_rows.size()) - 1));
    emit reordered();
    return true;
}

QStringList RuleModel::order() const
{
    QStringList ids;
    for (const RuleRow &row : m_rows)
        ids.append(row.rule.id);
    return ids;
}

int RuleModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

QVariant RuleModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= m_rows.size())
        return {};
    const RuleRow &row = m_rows[index.row()];
    switch (role) {
    case Qt::DisplayRole: return oneLine(row.rule.name, 120);
    case Qt::UserRole: return row.rule.id;
    case Qt::ToolTipRole: return tipOf(row);
    case Qt::AccessibleTextRole:
        return tr("%1, number %2, %3")
                   .arg(oneLine(row.rule.name, 120))
                   .arg(index.row() + 1)
                   .arg(detailOf(row))
            + (row.isEdited ? tr(", not saved") : QString());
    default: return {};
    }
}

Qt::ItemFlags RuleModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags base = QAbstractListModel::flags(index);
    return index.isValid() ? base | Qt::ItemIsDragEnabled : base | Qt::ItemIsDropEnabled;
}

/// What the list calls when a row is dropped.
bool RuleModel::moveRows(
    const QModelIndex &from, int row, int count, const QModelIndex &to, int place)
{
    return !from.isValid() && !to.isValid() && count == 1
        && move(row, place > row ? place - 1 : place);
}

QStringList RuleModel::mimeTypes() const
{
    return { rowType };
}

QMimeData *RuleModel::mimeData(const QModelIndexList &indexes) const
{
    auto *data = new QMimeData;
    if (!indexes.isEmpty())
        data->setData(rowType, m_rows[indexes.first().row()].rule.id.toUtf8());
    return data;
}

bool RuleModel::canDropMimeData(
    const QMimeData *data, Qt::DropAction action, int, int, const QModelIndex &) const
{
    return action == Qt::MoveAction && rowOf(QString::fromUtf8(data->data(rowType))) >= 0;
}

bool RuleModel::dropMimeData(
    const QMimeData *data, Qt::DropAction action, int row, int column, const QModelIndex &parent)
{
    if (!canDropMimeData(data, action, row, column, parent))
        return false;
    const int from = rowOf(QString::fromUtf8(data->data(rowType)));
    int to = row >= 0 ? row : parent.isValid() ? parent.row() : int(m_rows.size());
    if (to > from)
        --to;
    move(from, to);
    return false; // moved already: the view must not remove anything
}

RuleList::RuleList(RuleModel &model, QWidget *parent)
    : QListView(parent)
    , m_model(model)
{
    named(this, u"ruleList"_s, tr("Rules in the order in which they run"),
        tr("Alt+Up and Alt+Down move the chosen rule"));
    setModel(&model);
    setItemDelegate(new Delegate(this));
    setUniformItemSizes(true);
    setFrameShape(NoFrame);
    setMouseTracking(true);
    setEditTriggers(NoEditTriggers);
    setSelectionMode(SingleSelection);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setDragDropMode(InternalMove);
    setDefaultDropAction(Qt::MoveAction);
    setDragDropOverwriteMode(false);
    setDropIndicatorShown(true);
}

void RuleList::setMayMove(bool on)
{
    m_mayMove = on;
    setDragDropMode(on ? InternalMove : NoDragDrop);
}

QString RuleList::currentId() const
{
    return currentIndex().data(Qt::UserRole).toString();
}

void RuleList::choose(const QString &id)
{
    setCurrentIndex(m_model.index(m_model.rowOf(id)));
}

void RuleList::keyPressEvent(QKeyEvent *event)
{
    const bool isUp = event->key() == Qt::Key_Up, isDown = event->key() == Qt::Key_Down;
    if (event->modifiers() == Qt::AltModifier && (isUp || isDown)) {
        const int row = currentIndex().row();
        if (m_mayMove && m_model.move(row, row + (isUp ? -1 : 1))) {
            scrollTo(currentIndex());
            announce(this,
                tr("%1 is number %2 now")
                    .arg(currentIndex().data().toString())
                    .arg(currentIndex().row() + 1));
        }
        event->accept();
        return;
    }
    QListView::keyPressEvent(event);
}

void RuleList::currentChanged(const QModelIndex &current, const QModelIndex &previous)
{
    QListView::currentChanged(current, previous);
    emit chosen(current.data(Qt::UserRole).toString());
}

} // namespace tierline::ui
