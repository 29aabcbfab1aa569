#include "widgets/docks/rail/raildock.h"

#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/docks/api/dockregistry.h"
#include "widgets/docks/rail/raildelegate.h"

#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

RailDock::RailDock(Workbench &workbench, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_view(new QListView)
{
    setAutoFillBackground(true);
    m_view->setObjectName(u"rail"_s);
    m_view->setAccessibleName(tr("Places"));
    m_view->setModel(&m_model);
    m_view->setItemDelegate(new RailDelegate(m_view));
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setMouseTracking(true);
    setRail(m_view, true);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, space::Tight, 0, space::Tight);
    layout->addWidget(m_view);
    setFocusProxy(m_view);
    setMinimumWidth(172);

    fill();
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
        [this](const QModelIndex &current) {
            if (const QString place = current.data(RailDelegate::PlaceRole).toString();
                !place.isEmpty())
                m_workbench.goTo(place);
        });
    connect(m_view, &QListView::activated, this, [this] { emit m_workbench.queueFocusWanted(); });
    connect(&m_workbench, &Workbench::placeChanged, this, &RailDock::selectPlace);
    connect(&m_workbench.session(), &desk::Session::peopleChanged, this, &RailDock::fill);
    connect(&m_workbench.session(), &desk::Session::ticketsChanged, this, [this] {
        if (!m_gather.isActive())
            m_gather.start();
    });
    m_gather.setSingleShot(true);
    m_gather.setInterval(200);
    connect(&m_gather, &QTimer::timeout, this, &RailDock::count);
    m_minute.setInterval(60'000);
    connect(&m_minute, &QTimer::timeout, this, &RailDock::count);
    m_minute.start();
}

void RailDock::fill()
{
    m_places = placesFor(m_workbench.people());
    const QSignalBlocker quiet(m_view->selectionModel());
    m_model.clear();
    QString section;
    for (const Place &place : std::as_const(m_places)) {
        if (place.section != section) {
            section = place.section;
            auto *heading = new QStandardItem(section);
            heading->setFlags(Qt::NoItemFlags);
            m_model.appendRow(heading);
        }
        auto *item = new QStandardItem(place.title);
        item->setToolTip(place.shortcut.isEmpty()
                ? QString()
                : tr("Key: %1").arg(place.shortcut.toString(QKeySequence::NativeText)));
        item->setData(place.id, RailDelegate::PlaceRole);
        item->setData(-1LL, RailDelegate::TotalRole);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
        m_model.appendRow(item);
    }
    selectPlace();
    fitNames();
    count();
}

void RailDock::fitNames()
{
    // Grows with the names and never shrinks, so that nothing jumps while counts change.
    int wide = minimumWidth();
    for (int row = 0; row < m_model.rowCount(); ++row)
        wide = std::max(wide, RailDelegate::widthOf(m_model.index(row, 0)));
    setMinimumWidth(std::min(wide, MostWidth));
}

void RailDock::count()
{
    if (m_isCounting) {
        m_isStale = true;
        return;
    }
    m_isCounting = true;
    QList<storage::QueueQuery> queries;
    for (const Place &place : std::as_const(m_places))
        queries.append(place.query);
    m_workbench.session().countPlaces(queries).then(
        this, [this](const Result<QList<storage::PlaceCount>> &counts) {
            m_isCounting = false;
            if (counts && counts->size() == m_places.size())
                showCounts(*counts);
            if (std::exchange(m_isStale, false))
                m_gather.start();
        });
}

void RailDock::showCounts(const QList<storage::PlaceCount> &counts)
{
    for (int row = 0; row < m_model.rowCount(); ++row) {
        QStandardItem *item = m_model.item(row);
        const QString id = item->data(RailDelegate::PlaceRole).toString();
        for (qsizetype i = 0; i < m_places.size(); ++i) {
            if (id.isEmpty() || m_places[i].id != id)
                continue;
            const storage::PlaceCount &c = counts[i];
            item->setData(static_cast<qlonglong>(c.total), RailDelegate::TotalRole);
            item->setData(static_cast<qlonglong>(c.atRisk + c.late), RailDelegate::RiskRole);
            item->setData(static_cast<qlonglong>(c.late), RailDelegate::LateRole);
            item->setData(tr("%1, %Ln open", nullptr, int(c.total)).arg(m_places[i].title)
                    + (c.atRisk + c.late
                            ? tr(", %Ln at risk or late", nullptr, int(c.atRisk + c.late))
                            : QString()),
                Qt::AccessibleTextRole);
        }
    }
    fitNames();
}

void RailDock::selectPlace()
{
    for (int row = 0; row < m_model.rowCount(); ++row) {
        if (m_model.item(row)->data(RailDelegate::PlaceRole).toString() == m_workbench.place()) {
            m_view->setCurrentIndex(m_model.index(row, 0));
            return;
        }
    }
}

/// Found by the build through the folder's name.
void registerrail(DockRegistry &registry, Workbench &)
{
    registry.add({ .id = u"rail"_s,
        .title = RailDock::tr("Places"),
        .place = DockPlace::Rail,
        .shortcut = {},
        .hasTitleBar = false,
        .make = [](Workbench &bench, QWidget *parent) -> QWidget * {
            return new RailDock(bench, parent);
        } });
}

} // namespace tierline::ui
