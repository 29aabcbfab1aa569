#include "tests/bench/common/window.h"

#include "core/storage/tickets.h"
#include "widgets/docks/ticket/threadview.h"
#include "widgets/docks/ticket/ticketdock.h"

#include <QTextBrowser>

// Opening a ticket with 100 comments, from the choice to the painted thread, against a bare text
// browser that is given the same text.

using namespace tierline;
using namespace tierline::bench;
using namespace Qt::StringLiterals;

namespace {

Result<TicketId> longTicket(storage::Store &store, int comments)
{
    const QString key = u"BENCH-%1"_s.arg(comments);
    if (const auto there = storage::findAnyTicket(store.connection(), key))
        return *there;
    TicketId id;
    test::BigStore words(1);
    SeededRandom random(3);
    TIERLINE_CHECK(store.write(
        storage::Durability::Background, [&](storage::WriteScope &scope) -> Result<Done> {
            TicketState state { .ticket = { .key = key,
                                    .subject = u"A long conversation"_s,
                                    .status = Status::Open,
                                    .tier = u"L1"_s,
                                    .startTier = u"L1"_s,
                                    .created = scope.now(),
                                    .updated = scope.now() } };
            TIERLINE_CHECK(storage::insertTicket(scope, state));
            id = state.ticket.id;
            for (int i = 0; i < comments; ++i) {
                QString text;
                for (int w = 0; w < 40; ++w)
                    text += words.word(static_cast<int>(random.below(3000)))
                        + (w % 12 == 11 ? u".\n"_s : u" "_s);
                Message message { .ticket = id,
                    .at = scope.now() + Millis(i * 60'000),
                    .author = i % 2 ? AuthorKind::Agent : AuthorKind::Customer,
                    .authorName = u"Kim"_s,
                    .text = text };
                TIERLINE_CHECK(storage::appendMessage(scope, message));
            }
            return Done {};
        }));
    return id;
}

} // namespace

int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    ui::Appearance appearance(app, ui::SchemeChoice::Light);
    for (const qint64 n : test::benchSizes()) {
        Desktop desktop(storeOf(n), {});
        ui::TicketDock dock(desktop.bench, desktop.words);
        dock.resize(700, 900);
        dock.show();
        for (const int comments : { 10, 100, 400 }) {
            TicketId id;
            desktop.session
                .onStore([comments](storage::Store &store) { return longTicket(store, comments); })
                .then(&dock, [&](const Result<TicketId> &made) { id = take(made); });
            waitUntil([&] { return bool(id); });
            QTextBrowser bare;
            bare.resize(dock.thread().size());
            bare.show();
            Pairs times;
            std::vector<double> lates;
            for (int i = 0; i < 15; ++i) {
                desktop.bench.open({});
                waitUntil([] { return false; }, 10);
                times.ours.push_back(milliseconds([&] {
                    desktop.bench.open(id);
                    waitUntil([&] {
                        return desktop.bench.loading() == ui::Workbench::Loading::Ready
                            && desktop.bench.ticket();
                    });
                    paint(dock.thread());
                }));
                waitUntil([] { return false; }, 40); // until the entries above are there too
                const QString text = dock.thread().toPlainText();
                times.peer.push_back(milliseconds([&] {
                    bare.setPlainText({});
                    bare.setPlainText(text);
                    bare.verticalScrollBar()->setValue(bare.verticalScrollBar()->maximum());
                    paint(bare);
                }));
            }
            report(u"F34 open a ticket with %1 comments"_s.arg(comments), n, times, 2.0);
            figure(
                u"   p95 with %1 comments"_s.arg(comments), n, quantile(times.ours, 0.95), u"ms"_s);
        }
        desktop.bench.open({});
    }
    return 0;
}
