#include "core/base/ids.h"
#include "core/model/spine.h"

#include <QTest>

using namespace tierline;
using model::Spine;

class TestSpine : public QObject
{
    Q_OBJECT
private slots:
    void emptyOne();
    void findsRows();
    void agreesWithAVector();
};

void TestSpine::emptyOne()
{
    Spine spine;
    QCOMPARE(spine.size(), 0);
    QCOMPARE(spine.rowOf({ 1, 1, 1 }), -1);
    QCOMPARE(spine.lowerBound({ 1, 1, 1 }), 0);
    QVERIFY(spine.ids(0, 10).empty());
    spine.insert(0, { 5, 5, 5 });
    QCOMPARE(spine.size(), 1);
    spine.remove(0);
    QCOMPARE(spine.size(), 0);
    QCOMPARE(spine.rowsOf({ { 5 } }).front(), -1);
}

void TestSpine::findsRows()
{
    std::vector<Spine::Entry> entries;
    for (int i = 0; i < 20'000; ++i)
        entries.push_back({ i / 7, 0, i + 1 }); // seven ties each
    const Spine spine(entries);
    QCOMPARE(spine.size(), 20'000);
    for (const int row : { 0, 1, 6, 7, 2047, 2048, 4095, 4096, 19'999 }) {
        QCOMPARE(spine.at(row).ticket, row + 1);
        QCOMPARE(spine.rowOf(entries[static_cast<size_t>(row)]), row);
    }
    QCOMPARE(spine.rowOf({ 0, 0, 99'999 }), -1);
    QCOMPARE(spine.lowerBound({ 3, 0, 0 }), 21);
    QCOMPARE(
        spine.rowsOf({ { 20'000 }, { 77 }, { 123'456 } }), (std::vector<int> { 19'999, 76, -1 }));
    QCOMPARE(spine.ids(4094, 4).front().v, 4095);
    QCOMPARE(spine.ids(19'999, 4).size(), size_t(1));
}

void TestSpine::agreesWithAVector()
{
    const quint64 seed = 42;
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    SeededRandom random(seed);
    Spine spine;
    std::vector<Spine::Entry> model;
    qint64 nextId = 1;
    for (int step = 0; step < 60'000; ++step) {
        const bool grows = random.below(100) < (step < 30'000 ? 70 : 35);
        if (grows || model.empty()) {
            const Spine::Entry entry { random.below(500), random.below(20), nextId++ };
            const int row = spine.lowerBound(entry);
            const auto at = std::lower_bound(model.begin(), model.end(), entry, model::keyLess);
            QCOMPARE(row, static_cast<int>(at - model.begin()));
            spine.insert(row, entry);
            model.insert(at, entry);
        } else {
            const int row = static_cast<int>(random.below(static_cast<qint64>(model.size())));
            QCOMPARE(spine.rowOf(model[static_cast<size_t>(row)]), row);
            spine.remove(row);
            model.erase(model.begin() + row);
        }
        QCOMPARE(spine.size(), static_cast<int>(model.size()));
    }
    for (int row = 0; row < spine.size(); ++row)
        QCOMPARE(spine.at(row), model[static_cast<size_t>(row)]);
}

QTEST_GUILESS_MAIN(TestSpine)
#include "tst_spine.moc"
