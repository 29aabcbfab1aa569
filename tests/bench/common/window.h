#pragma once

#include "core/base/clock.h"
#include "core/desk/session.h"
#include "tests/bench/common/barelist.h"
#include "tests/bench/common/bench.h"
#include "tests/support/bigstore/bigstore.h"
#include "widgets/common/appearance.h"
#include "widgets/docks/queues/queuedock.h"
#include "widgets/docks/queues/queueview.h"

#include <QApplication>
#include <QImage>
#include <QLocale>
#include <QScrollBar>
#include <QTableView>
#include <QTimeZone>
#include <QVBoxLayout>

namespace tierline::bench {

/// Draws a widget into an image, as a frame of the screen would be.
inline void paint(QWidget &widget)
{
    static QImage frame;
    if (frame.size() != widget.size())
        frame = QImage(widget.size(), QImage::Format_ARGB32_Premultiplied);
    widget.render(&frame);
}

/// An open workspace with one queue dock for each tier asked for ("" is every tier).
class Desktop
{
public:
    Desktop(const storage::Workspace &workspace, const QStringList &tiers)
        : session(workspace, m_clock, m_random)
        , bench(session)
    {
        bool isOpen = false, isWritable = false;
        QObject::connect(&session, &desk::Session::opened, &session, [&] { isOpen = true; });
        QObject::connect(&session, &desk::Session::writable, &session, [&] { isWritable = true; });
        QObject::connect(&session, &desk::Session::failed, &session,
            [](const Error &error) { fail(error.detail); });
        session.open();
        waitUntil([&] { return isOpen && isWritable; }, 600'000);
        for (const QString &tier : tiers) {
            ui::Place place { .id = tier, .title = tier, .query = { .tier = tier } };
            auto dock = std::make_unique<ui::QueueDock>(bench, place, words);
            dock->resize(420, 800);
            dock->show();
            docks.push_back(std::move(dock));
        }
        for (const auto &dock : docks)
            waitUntil([&] { return dock->model().rowCount() > 64 && dock->model().row(0); });
    }

private:
    SystemClock m_clock;
    SystemRandom m_random;

public:
    const ui::TimeWords words { QTimeZone::systemTimeZone(), QLocale() };
    desk::Session session;
    ui::Workbench bench;
    std::vector<std::unique_ptr<ui::QueueDock>> docks;
};

/// The bare view that queues are compared with: a table as a list of the same size.
class BareView
{
public:
    explicit BareView(int rows)
        : m_list(rows)
    {
        view.setModel(&m_list);
        view.resize(420, 800);
        view.show();
        waitUntil([&] { return view.verticalScrollBar()->maximum() > 0; });
    }

private:
    BareList m_list;

public:
    QTableView view;
};

} // namespace tierline::bench
