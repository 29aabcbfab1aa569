#include "widgets/docks/api/ledgerpopover.h"

#include "widgets/common/accessible.h"
#include "widgets/common/dialogseams.h"
#include "widgets/common/emptystate.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/tabulartext.h"
#include "widgets/common/typography.h"
#include "widgets/docks/api/agreementwords.h"
#include "widgets/docks/api/ledgerbar.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QListView>
#include <QPainter>
#include <QPointer>
#include <QPushButton>
#include <QScreen>
#include <QStyledItemDelegate>
#include <QToolButton>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;
using Kind = desk::LedgerStretch::Kind;

namespace {

constexpr int Width = 440;
constexpr int MostClocks = 5; ///< rows of the list of clocks; the rest scroll
constexpr int MostStretches = 6;
constexpr int Glyph = 16;

enum RowData { Aside = Qt::UserRole + 1, Detail, Tone, Picture, Stretch, Late };

} // namespace

/// A title with something short at its right, and a line below where there is one; at the left an icon, or
/// how its stretch is drawn in the bar.
class LedgerPopover::Delegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
        const QModelIndex &index) const override
    {
        const Theme &theme = Theme::of(option.palette);
        const bool isSelected = option.state & QStyle::State_Selected;
        const bool isHovered = option.state & QStyle::State_MouseOver;
        painter->save();
        painter->fillRect(option.rect,
            theme[isSelected    ? Token::Selection
                    : isHovered ? Token::Hover
                                : Token::Panel]);
        const QRect room = option.rect.adjusted(space::Inner, 0, -space::Inner, 0);
        const auto turned
            = [&](const QRect &r) { return QStyle::visualRect(option.direction, option.rect, r); };
        const QFont body = textFont(TextRole::Body), muted = textFont(TextRole::Muted);
        const QFontMetrics large(body), small(muted);
        const QString detail = index.data(Detail).toString();
        const int height = large.height() + (detail.isEmpty() ? 0 : small.height());
        const int top = room.top() + (room.height() - height) / 2;
        const QRect glyph(room.left(), top + (large.height() - Glyph) / 2, Glyph, Glyph);
        if (index.data(Stretch).isValid())
            paintStretch(painter, QRectF(turned(glyph.adjusted(0, 2, 0, -2))),
                static_cast<Kind>(index.data(Stretch).toInt()), theme, index.data(Late).toBool());
        else
            paintIcon(painter, turned(glyph), static_cast<Icon>(index.data(Picture).toInt()),
                theme[static_cast<Token>(index.data(Tone).toInt())]);
        const QString aside = index.data(Aside).toString();
        const int asideWidth = int(tabular::width(aside, body)) + 1;
        const int left = room.left() + Glyph + space::Tight;
        const int width = room.right() + 1 - left;
        const Qt::Alignment end
            = option.direction == Qt::RightToLeft ? Qt::AlignLeft : Qt::AlignRight;
        const Qt::Alignment start
            = option.direction == Qt::RightToLeft ? Qt::AlignRight : Qt::AlignLeft;
        painter->setPen(theme[static_cast<Token>(index.data(Tone).toInt())]);
        tabular::draw(painter,
            turned({ room.right() + 1 - asideWidth, top, asideWidth, large.height() }), end, aside,
            body);
        painter->setPen(theme[Token::Text]);
        painter->setFont(body);
        const int titleWidth = width - asideWidth - space::Tight;
        painter->drawText(turned({ left, top, titleWidth, large.height() }), int(start),
            large.elidedText(index.data().toString(), Qt::ElideRight, titleWidth));
        painter->setPen(theme[Token::Muted]);
        painter->setFont(muted);
        painter->drawText(turned({ left, top + large.height(), width, small.height() }), int(start),
            small.elidedText(detail, Qt::ElideRight, width));
        if (isSelected && (option.state & QStyle::State_HasFocus)) {
            painter->setPen(
                QPen(theme[Token::Accent], FocusRing, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
            painter->setBrush(Qt::NoBrush);
            painter->drawRect(option.rect.adjusted(1, 1, -1, -1));
        }
        painter->restore();
    }
    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &index) const override
    {
        const int large = QFontMetrics(textFont(TextRole::Body)).height();
        const int small = QFontMetrics(textFont(TextRole::Muted)).height();
        const bool hasDetail = !index.data(Detail).toString().isEmpty();
        return { 200,
            hasDetail ? large + small + space::Tight : std::max(28, large + space::Tight) };
    }
};

void LedgerPopover::open(Workbench &workbench, TicketId ticket, QWidget *anchor, const QRect &place,
    const TimeWords &words)
{
    desk::Session &session = workbench.session();
    session
        .read([ticket, now = workbench.clock().now()](
                  storage::Connection &connection, const Visibility &visibility) {
            return desk::loadLedger(connection, visibility, ticket, now);
        })
        .then(&session,
            [bench = QPointer(&workbench), anchor = QPointer(anchor), place, words](
                const Result<desk::TicketLedger> &ledger) {
                if (!bench || !anchor || !anchor->isVisible())
                    return;
                if (!ledger)
                    return bench->report(ledger.error());
                auto *popover = new LedgerPopover(*bench, words, anchor->window());
                popover->show(*ledger);
                popover->openAt({ anchor->mapToGlobal(place.topLeft()), place.size() });
            });
}

LedgerPopover::LedgerPopover(Workbench &workbench, TimeWords words, QWidget *parent)
    : QFrame(parent, Qt::Popup)
    , m_workbench(workbench)
    , m_words(std::move(words))
    , m_title(new PlainLabel)
    , m_copy(named(new QToolButton, u"ledgerCopy"_s, tr("Copy")))
    , m_save(named(new QToolButton, u"ledgerSave"_s, tr("Save to a file")))
    , m_empty(new EmptyState)
    , m_clocks(named(new QListView, u"ledgerClocks"_s, tr("Clocks of this ticket")))
    , m_clock(nullptr)
{
    m_clock = makeClock();
    named(this, u"ledger"_s, tr("Why it is due then"));
    setAttribute(Qt::WA_DeleteOnClose);
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    setTextRole(m_title, TextRole::Muted);
    m_title->setElided(true);
    m_copy->setText(tr("Copy"));
    m_save->setText(tr("Save…"));
    for (QToolButton *button : { m_copy, m_save }) {
        button->setToolButtonStyle(Qt::ToolButtonTextOnly);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
    }
    for (QListView *list : { m_clocks, m_list }) {
        list->setItemDelegate(new Delegate(list));
        list->setEditTriggers(QAbstractItemView::NoEditTriggers);
        list->setFrameShape(QFrame::NoFrame);
        list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        list->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
        list->setMouseTracking(true);
    }
    m_clocks->setModel(&m_clockRows);
    m_list->setModel(&m_rows);

    auto *head = new QHBoxLayout;
    head->setContentsMargins(space::Inner, 0, space::Hair, 0);
    head->setSpacing(space::Hair);
    head->addWidget(m_title, 1);
    head->addWidget(m_copy);
    head->addWidget(m_save);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(1, space::Tight, 1, space::Tight);
    layout->setSpacing(space::Tight);
    layout->addLayout(head);
    layout->addWidget(m_empty, 1);
    layout->addWidget(m_clocks);
    layout->addWidget(m_clock, 1);
    setFixedWidth(Width);

    connect(m_clocks->selectionModel(), &QItemSelectionModel::currentChanged, this,
        &LedgerPopover::showClock);
    connect(m_copy, &QToolButton::clicked, this, &LedgerPopover::copy);
    connect(m_save, &QToolButton::clicked, this, &LedgerPopover::save);
    connect(m_empty, &EmptyState::actionRequested, this, [this] {
        Workbench &bench = m_workbench;
        close();
        emit bench.dialogWanted(u"settings:agreements"_s);
    });
    connect(&m_workbench.session(), &desk::Session::ticketsChanged, this,
        [this](const QList<TicketId> &tickets, bool everything) {
            if (everything || tickets.contains(m_ledger.ticket))
                reload();
        });
    connect(&m_tick, &QTimer::timeout, this, &LedgerPopover::reload);
    m_tick.start(15'000);
}

QWidget *LedgerPopover::makeClock()
{
    auto *page = new QWidget;
    m_name = new PlainLabel;
    m_headline = new PlainLabel;
    m_account = new PlainLabel;
    m_source = new PlainLabel;
    m_bar = new LedgerBar;
    m_list = named(new QListView, u"ledgerStretches"_s, tr("How its time was spent"));
    m_name->setObjectName(u"ledgerName"_s);
    m_headline->setObjectName(u"ledgerHeadline"_s);
    m_account->setObjectName(u"ledgerAccount"_s);
    m_source->setObjectName(u"ledgerSource"_s);
    setTextRole(m_name, TextRole::MutedStrong);
    setTextRole(m_headline, TextRole::Title);
    for (PlainLabel *label : { m_account, m_source }) {
        setTextRole(label, TextRole::Muted);
        label->setWordWrap(true);
    }
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::Hair);
    for (QWidget *part : { static_cast<QWidget *>(m_name), static_cast<QWidget *>(m_headline),
             static_cast<QWidget *>(m_account), static_cast<QWidget *>(m_bar) })
        part->setContentsMargins(space::Inner, 0, space::Inner, 0);
    column->addWidget(m_name);
    column->addWidget(m_headline);
    column->addWidget(m_account);
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(space::Inner, space::Hair, space::Inner, space::Tight);
    bar->addWidget(m_bar);
    column->addLayout(bar);
    column->addWidget(m_list, 1);
    m_source->setContentsMargins(space::Inner, space::Hair, space::Inner, 0);
    column->addWidget(m_source);
    return page;
}

void LedgerPopover::show(const desk::TicketLedger &ledger)
{
    const int before = std::max(0, m_clocks->currentIndex().row());
    m_ledger = ledger;
    m_title->setText(oneLine(ledger.key, 60) + u" · "_s + oneLine(ledger.subject, 200));
    const bool isEmpty = ledger.clocks.empty();
    if (isEmpty)
        m_empty->set(Icon::ClockRunning,
            tr("No clock runs for this ticket: no agreement matches it, or nothing has begun yet. "
               "Look at the agreements to change that."),
            tr("Show the agreements"));
    m_empty->setVisible(isEmpty);
    m_clock->setVisible(!isEmpty);
    m_copy->setVisible(!isEmpty);
    m_save->setVisible(!isEmpty);
    m_clocks->setVisible(ledger.clocks.size() > 1);
    m_name->setVisible(ledger.clocks.size() == 1);
    {
        const QSignalBlocker quiet(m_clocks->selectionModel());
        m_clockRows.clear();
        for (const desk::LedgerClock &one : ledger.clocks) {
            const ClockFace face = AgreementWords::face(one.clock);
            const bool isLate = one.clock.reading.breachedAt.has_value();
            const ClockState state = isLate ? ClockState::Breached : clockState(face, ledger.at);
            auto *row = new QStandardItem(AgreementWords::clock(one.clock.kind, one.clock.tier));
            const QString brief = AgreementWords::brief(one.clock, m_words, ledger.at);
            row->setData(brief, Aside);
            row->setData(int(clockToken(state)), Tone);
            row->setData(int(clockIcon(state)), Picture);
            row->setData(row->text() + u", "_s + brief, Qt::AccessibleTextRole);
            m_clockRows.appendRow(row);
        }
    }
    chooseClock(std::min(before, m_clockRows.rowCount() - 1));
    fit();
}

void LedgerPopover::chooseClock(int row)
{
    const QSignalBlocker quiet(m_clocks->selectionModel());
    m_clocks->setCurrentIndex(m_clockRows.index(row, 0));
    m_clocks->viewport()->update();
    showClock();
}

void LedgerPopover::showClock()
{
    const int row = m_clocks->currentIndex().row();
    if (row < 0 || size_t(row) >= m_ledger.clocks.size())
        return;
    const desk::LedgerClock &one = m_ledger.clocks[size_t(row)];
    m_name->setText(AgreementWords::clock(one.clock.kind, one.clock.tier));
    m_headline->setText(AgreementWords::headline(one.clock, m_words, m_ledger.at));
    setPlainToolTip(
        m_headline, one.clock.reading.due ? m_words.exact(*one.clock.reading.due) : QString());
    QPalette colours = palette();
    if (one.clock.reading.breachedAt)
        colours.setColor(QPalette::WindowText, Theme::of(this)[Token::Breached]);
    m_headline->setPalette(colours);
    const QString account = AgreementWords::account(one.clock);
    m_account->setText(account);
    m_source->setText(AgreementWords::source(one));
    m_bar->show(one, m_ledger.at, m_headline->text() + u". "_s + account);
    m_bar->setVisible(!one.past.empty() || !one.ahead.empty());
    addStretches(one);
    fit();
}

void LedgerPopover::addStretches(const desk::LedgerClock &one)
{
    m_rows.clear();
    const auto change = [&](Instant at, const QString &title, const QString &why) {
        auto *row = new QStandardItem(title);
        const QString when = m_words.stamp(at, m_ledger.at);
        row->setData(why.isEmpty() ? when : when + u" · "_s + oneLine(why, 160), Detail);
        row->setData(int(Token::Muted), Tone);
        row->setData(int(Icon::Note), Picture);
        row->setData(title + u", "_s + row->data(Detail).toString(), Qt::AccessibleTextRole);
        m_rows.appendRow(row);
    };
    // The newest first: what is asked about is what happened last.
    for (const sla::Cycle::Manual &manual : one.clock.cycle.manual) {
        if (manual.released)
            change(*manual.released, tr("Due time given back to the agreement"), {});
        change(manual.from,
            tr("Due time set by hand: %1").arg(m_words.stamp(manual.due, m_ledger.at)),
            manual.reason);
    }
    const auto &targets = one.clock.cycle.targets;
    for (size_t i = targets.size(); i-- > 1;) {
        change(targets[i].from,
            targets[i].isOff
                ? tr("Nothing promised any more")
                : tr("Promise changed to %1").arg(AgreementWords::serviceTime(targets[i].length)),
            {});
    }
    const bool hasVersions
        = !one.past.empty() && one.past.front().calendarVersion != one.past.back().calendarVersion;
    for (size_t i = one.past.size(); i-- > 0;) {
        const desk::LedgerStretch &stretch = one.past[i];
        auto *row = new QStandardItem(AgreementWords::stretch(stretch.kind));
        QStringList detail { AgreementWords::span(stretch.span, m_words, m_ledger.at) };
        detail.append(AgreementWords::cause(stretch, m_words));
        if (hasVersions)
            detail.append(tr("calendar version %1").arg(stretch.calendarVersion));
        detail.removeAll(QString());
        const QString length = AgreementWords::serviceTime(stretch.span.length());
        row->setData(detail.join(u" · "_s), Detail);
        row->setData(length, Aside);
        row->setData(int(stretch.kind == Kind::Running ? Token::Text : Token::Muted), Tone);
        row->setData(int(stretch.kind), Stretch);
        const std::optional<Instant> due = one.clock.reading.due;
        row->setData(due && *due <= stretch.span.from, Late);
        row->setData(m_words.exact(stretch.span.from) + u" – "_s + m_words.exact(stretch.span.to),
            Qt::ToolTipRole);
        row->setData(row->text() + u", "_s + length + u", "_s + detail.join(u", "_s),
            Qt::AccessibleTextRole);
        m_rows.appendRow(row);
    }
    if (one.leftOut > 0)
        change(one.past.front().span.from, tr("%Ln earlier stretches", nullptr, int(one.leftOut)),
            tr("Save the ledger to have all of them."));
    m_list->setCurrentIndex(m_rows.index(0, 0));
}

void LedgerPopover::fit()
{
    const auto height = [](const QListView *list, int most) {
        int sum = 0;
        for (int row = 0; row < std::min(most, list->model()->rowCount()); ++row)
            sum += list->sizeHintForRow(row);
        return sum;
    };
    m_clocks->setFixedHeight(height(m_clocks, MostClocks));
    m_list->setFixedHeight(height(m_list, MostStretches));
    m_list->setVisible(m_rows.rowCount() > 0);
    layout()->activate();
    const QRect before = geometry();
    setFixedHeight(layout()->hasHeightForWidth() ? layout()->heightForWidth(Width)
                                                 : layout()->sizeHint().height());
    // What stands above its place keeps its lower edge.
    if (isVisible() && before.bottom() > screen()->availableGeometry().bottom())
        move(x(), before.bottom() - this->height());
}

void LedgerPopover::openAt(const QRect &global)
{
    const QRect room = screen()->availableGeometry();
    QPoint place(global.left(), global.bottom() + space::Hair);
    if (layoutDirection() == Qt::RightToLeft)
        place.setX(global.right() - width());
    if (place.y() + height() > room.bottom())
        place.setY(std::max(room.top(), global.top() - space::Hair - height()));
    place.setX(std::clamp(place.x(), room.left(), std::max(room.left(), room.right() - width())));
    move(place);
    QFrame::show();
    QWidget *first = m_ledger.clocks.empty() ? static_cast<QWidget *>(m_empty->button())
        : m_ledger.clocks.size() > 1         ? static_cast<QWidget *>(m_clocks)
                                             : static_cast<QWidget *>(m_list);
    first->setFocus(Qt::PopupFocusReason);
    announce(this,
        m_ledger.clocks.empty() ? m_empty->sentence()
                                : m_headline->text() + u". "_s + m_account->text());
}

void LedgerPopover::reload()
{
    if (!isVisible())
        return;
    desk::Session &session = m_workbench.session();
    session
        .read([ticket = m_ledger.ticket, now = m_workbench.clock().now()](
                  storage::Connection &connection, const Visibility &visibility) {
            return desk::loadLedger(connection, visibility, ticket, now);
        })
        .then(&session, [self = QPointer(this)](const Result<desk::TicketLedger> &ledger) {
            if (self && ledger)
                self->show(*ledger);
        });
}

void LedgerPopover::copy()
{
    QGuiApplication::clipboard()->setText(AgreementWords::text(m_ledger, m_words));
    emit m_workbench.said(tr("The ledger is on the clipboard."), {});
}

void LedgerPopover::save()
{
    const QString name
        = tr("clocks of %1").arg(oneLine(m_ledger.key, 60)).replace(u'/', u'-').replace(u':', u'-');
    Workbench *bench = &m_workbench;
    filedialog::save(parentWidget(),
        { .title = tr("Save the ledger"),
            .filters = { tr("JSON (*.json)") },
            .suggestedName = name + u".json"_s,
            .suffix = u"json"_s },
        bench, [bench, ledger = m_ledger](const QString &path) {
            bench->session()
                .read([ledger, path](storage::Connection &, const Visibility &) {
                    return desk::saveLedger(ledger, path);
                })
                .then(bench, [bench, path](const Result<Done> &done) {
                    if (done)
                        emit bench->said(tr("Saved as %1.").arg(path), {});
                    else
                        bench->report(done.error());
                });
        });
    close();
}

void LedgerPopover::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Escape) {
        close();
        return;
    }
    if (event->matches(QKeySequence::Copy)) {
        copy();
        return;
    }
    QFrame::keyPressEvent(event);
}

void LedgerPopover::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_ledger.clocks.empty())
        showClock();
}

void LedgerPopover::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme &theme = Theme::of(this);
    painter.fillRect(rect(), theme[Token::Panel]);
    painter.setPen(theme[Token::Edge]);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

} // namespace tierline::ui
