#include "tests/bench/common/barelist.h"

#include <QApplication>
#include <QEvent>
#include <QTableView>
#include <QTimer>

#include <cstdio>

namespace {

/// Says when the first paint of a watched widget is done.
class FirstPaint : public QObject
{
public:
    using QObject::QObject;

protected:
    bool eventFilter(QObject *, QEvent *event) override
    {
        if (event->type() == QEvent::Paint && !m_isSaid) {
            m_isSaid = true;
            QTimer::singleShot(0, this, [] {
                std::puts("painted");
                std::fflush(stdout);
            });
        }
        return false;
    }

private:
    bool m_isSaid = false;
};

} // namespace

/// The smallest window: what a start costs at least. Prints "painted" after its first frame.
int main(int argc, char **argv)
{
    QApplication app(argc, argv);
    QTableView view;
    tierline::bench::BareList list(20);
    view.setModel(&list);
    view.resize(1280, 800);
    FirstPaint first;
    view.viewport()->installEventFilter(&first);
    view.show();
    return QApplication::exec();
}
