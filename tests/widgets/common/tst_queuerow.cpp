#include "tests/support/fakeclock.h"
#include "widgets/common/appearance.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/queuerowdelegate.h"
#include "widgets/common/typography.h"

#include <QElapsedTimer>
#include <QListView>
#include <QPainter>
#include <QRandomGenerator>
#include <QStandardItemModel>
#include <QTest>
#include <QToolTip>

using namespace tierline;
using namespace tierline::ui;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

class TestQueueRow : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void heights();
    void heightGrowsWithTheText();
    void sizeHintAsksNothing();
    void clockIsReadWhenPainted();
    void selectionHasABar();
    void rightToLeftIsAMirror();
    void loadingShowsNoText();
    void hostileRows_data();
    void hostileRows();
    void narrowRows();
    void spoken();
    void marksHaveShapeAndWords();
    void chipsByRank();
    void healthIsClamped();
    void wordsForEveryCode();
    void paintsAScreenfulQuickly();

private:
    QueueRowView row() const;
    QImage painted(const QueueRowView &row, QStyle::State state = {}, int width = 320,
        Density density = Density::Comfortable, Qt::LayoutDirection direction = Qt::LeftToRight);

    test::FakeClock m_clock;
    TimeWords m_words;
    QueueRowPainter m_painter;
    Appearance *m_appearance = nullptr;
};

void TestQueueRow::initTestCase()
{
    m_appearance = new Appearance(*qApp, SchemeChoice::Light);
}

QueueRowView TestQueueRow::row() const
{
    return { u"L2"_s, 2, u"SSO login loops"_s, u"Acme"_s, u"Enterprise"_s, u"no reply"_s, 42,
        Priority::High, { m_clock.now() + 12min, m_clock.now() - 48min } };
}

QImage TestQueueRow::painted(const QueueRowView &row, QStyle::State state, int width,
    Density density, Qt::LayoutDirection direction)
{
    QStyleOptionViewItem option;
    option.rect = QRect(0, 0, width, queueRowHeight(density));
    option.state = QStyle::State_Enabled | state;
    option.direction = direction;
    option.palette = QApplication::palette();
    QImage image(option.rect.size(), QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::magenta);
    QPainter painter(&image);
    m_painter.paint(&painter, option, row, { m_clock.now(), m_words, density });
    painter.end();
    return image;
}

void TestQueueRow::heights()
{
    QCOMPARE(queueRowHeight(Density::Comfortable), 52);
    QCOMPARE(queueRowHeight(Density::Compact), 28);
}

void TestQueueRow::heightGrowsWithTheText()
{
    m_appearance->setTextScale(1.5);
    const int lines = QFontMetrics(textFont(TextRole::Strong)).height()
        + QFontMetrics(textFont(TextRole::Muted)).height();
    QVERIFY(queueRowHeight(Density::Comfortable) >= lines + space::Inner);
    QVERIFY(queueRowHeight(Density::Compact) > 28);
    m_appearance->setTextScale(1.0);
    QCOMPARE(queueRowHeight(Density::Comfortable), 52);
}

void TestQueueRow::sizeHintAsksNothing()
{
    int asked = 0;
    QueueRowDelegate delegate(m_clock, m_words, [&](const QModelIndex &) {
        ++asked;
        return row();
    });
    QCOMPARE(delegate.sizeHint({}, {}).height(), 52);
    delegate.setDensity(Density::Compact);
    QCOMPARE(delegate.sizeHint({}, {}).height(), 28);
    QCOMPARE(asked, 0);
}

void TestQueueRow::clockIsReadWhenPainted()
{
    QListView view;
    QStandardItemModel model(1, 1);
    view.setModel(&model);
    const QueueRowView fixed = row();
    QueueRowDelegate delegate(m_clock, m_words, [&](const QModelIndex &) { return fixed; });
    view.setItemDelegate(&delegate);
    view.resize(320, 60);
    view.show();
    QVERIFY(QTest::qWaitForWindowExposed(&view));
    const QImage before = view.grab().toImage();
    QCOMPARE(view.grab().toImage(), before);
    m_clock.advance(1s);
    QVERIFY(view.grab().toImage() != before);
    QCOMPARE(delegate.untilChange(model.index(0, 0)), Millis(1s));
}

void TestQueueRow::selectionHasABar()
{
    const Theme &t = Theme::light();
    const QImage chosen = painted(row(), QStyle::State_Selected);
    QCOMPARE(chosen.pixelColor(0, 26), t[Token::Accent]);
    QCOMPARE(chosen.pixelColor(2, 26), t[Token::Accent]);
    QCOMPARE(chosen.pixelColor(5, 3), t[Token::Selection]);
    const QImage rest = painted(row());
    QCOMPARE(rest.pixelColor(0, 26), t[Token::Panel]);
    QCOMPARE(rest.pixelColor(100, 51), t[Token::Border]);
    const QImage focused
        = painted(row(), QStyle::State_HasFocus | QStyle::State_KeyboardFocusChange);
    QCOMPARE(focused.pixelColor(160, 0), t[Token::Accent]);
    QCOMPARE(focused.pixelColor(160, 1), t[Token::Accent]);
}

void TestQueueRow::rightToLeftIsAMirror()
{
    const Theme &t = Theme::light();
    const QImage image
        = painted(row(), QStyle::State_Selected, 320, Density::Comfortable, Qt::RightToLeft);
    QCOMPARE(image.pixelColor(319, 26), t[Token::Accent]);
    QCOMPARE(image.pixelColor(0, 26), t[Token::Selection]);
    // The chip stands at the right: its outline is the tier's colour.
    const QSize chip = chip::size(u"L2"_s);
    bool hasOutline = false;
    for (int x = 320 - space::Inner - chip.width(); x < 320 - space::Inner; ++x)
        for (int y = 8; y < 28; ++y)
            hasOutline |= image.pixelColor(x, y) == t[Token::Tier2];
    QVERIFY(hasOutline);
}

void TestQueueRow::loadingShowsNoText()
{
    QueueRowView loading = row();
    loading.isLoading = true;
    QueueRowView other;
    other.isLoading = true;
    QCOMPARE(painted(loading), painted(other));
}

void TestQueueRow::hostileRows_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("markup") << u"<img src=file:///etc/passwd><h1>x</h1>"_s;
    QTest::newRow("lines") << u"one\ntwo\r\nthree\u2028four"_s;
    QTest::newRow("a million letters") << QString(1'000'000, u'w');
    QTest::newRow("override") << u"\u202Egpj.exe"_s;
    QTest::newRow("stacked marks") << u"a"_s + QString(5'000, QChar(0x0301));
    QTest::newRow("lone surrogate") << QString(QChar(0xD800));
    QTest::newRow("empty") << QString();
}

void TestQueueRow::hostileRows()
{
    QFETCH(QString, text);
    QueueRowView hostile = row();
    hostile.subject = hostile.customer = hostile.plan = hostile.reason = hostile.tierId = text;
    for (const Density density : { Density::Comfortable, Density::Compact }) {
        const QImage image = painted(hostile, {}, 320, density);
        // The clock at the right is untouched by whatever stands left of it.
        QueueRowView calm = row();
        calm.priority = hostile.priority;
        const QImage reference = painted(calm, {}, 320, density);
        const QRect clock(320 - space::Inner - 50, 4, 50, density == Density::Compact ? 20 : 21);
        QCOMPARE(image.copy(clock), reference.copy(clock));
    }
}

void TestQueueRow::narrowRows()
{
    for (int width = 0; width < 200; width += 7)
        for (const Density density : { Density::Comfortable, Density::Compact })
            QCOMPARE(
                painted(row(), {}, std::max(width, 1), density).height(), queueRowHeight(density));
}

void TestQueueRow::spoken()
{
    QueueRowView r = row();
    r.isUnread = true;
    r.hasConflict = true;
    const QString text = spokenQueueRow(r, m_clock.now(), m_words);
    for (const QString &part :
        { u"L2"_s, u"SSO login loops"_s, u"Acme"_s, u"Enterprise"_s, u"priority high"_s,
            u"health 42 of 100"_s, u"no reply"_s, u"unread"_s, u"in conflict"_s, u"due in"_s })
        QVERIFY2(text.contains(part), qPrintable(part));
    QVERIFY(!text.contains(u"refused"_s) && !text.contains(u"waits"_s));
    r.isLoading = true;
    QCOMPARE(spokenQueueRow(r, m_clock.now(), m_words), u"loading"_s);
}

void TestQueueRow::marksHaveShapeAndWords()
{
    const QueueRowView calm = row();
    QVERIFY(markSentences(calm).isEmpty());
    QList<QImage> shapes { painted(calm) };
    const std::pair<bool QueueRowView::*, QString> marks[] = { { &QueueRowView::waitsToBeSent,
                                                                   u"waits to be sent"_s },
        { &QueueRowView::isRefused, u"refused"_s }, { &QueueRowView::hasConflict, u"conflict"_s } };
    for (const auto &[mark, word] : marks) {
        QueueRowView marked = calm;
        marked.*mark = true;
        QVERIFY2(spokenQueueRow(marked, m_clock.now(), m_words).contains(word), qPrintable(word));
        QCOMPARE(markSentences(marked).size(), 1);
        // Told apart without any colour, and in either density.
        const QImage image = painted(marked).convertToFormat(QImage::Format_Mono);
        for (const QImage &other : std::as_const(shapes))
            QVERIFY(image != other.convertToFormat(QImage::Format_Mono));
        shapes.append(painted(marked));
        QVERIFY(
            painted(marked, {}, 320, Density::Compact) != painted(calm, {}, 320, Density::Compact));
    }
}

void TestQueueRow::chipsByRank()
{
    TierChip chip;
    chip.setTier(u"L2"_s, u"Technical"_s, 2);
    QCOMPARE(chip.accessibleName(), u"Tier L2 Technical"_s);
    chip.resize(chip.sizeHint());
    QCOMPARE(chip.grab().toImage().pixelColor(chip.width() / 2, 0), Theme::light()[Token::Tier2]);
    chip.setTier(QString(500, u'W'), {}, 7);
    QVERIFY(chip.sizeHint().width() < 400);
}

void TestQueueRow::healthIsClamped()
{
    HealthBar bar;
    QCOMPARE(bar.accessibleName(), u"health unknown"_s);
    bar.resize(bar.sizeHint());
    const auto inked = [&bar](const QColor &color) {
        const QImage image = bar.grab().toImage();
        int n = 0;
        for (int x = 0; x < image.width(); ++x)
            n += image.pixelColor(x, 3) == color;
        return n;
    };
    bar.setHealth(25);
    const int quarter = inked(Theme::light()[Token::AtRisk]);
    QVERIFY(quarter >= 14 && quarter <= 20);
    bar.setHealth(4'000);
    QCOMPARE(bar.accessibleName(), u"health 100 of 100"_s);
    QVERIFY(inked(Theme::light()[Token::Edge]) >= 68);
    bar.setHealth(-3);
    QCOMPARE(inked(Theme::light()[Token::AtRisk]), 0);
}

void TestQueueRow::wordsForEveryCode()
{
    for (int i = 0; i <= int(Priority::Urgent); ++i)
        QVERIFY(!priorityText(Priority(i)).isEmpty());
    QSet<QString> statuses;
    for (int i = 0; i <= int(Status::Deleted); ++i)
        statuses.insert(statusText(Status(i)));
    QCOMPARE(statuses.size(), 7);
}

void TestQueueRow::paintsAScreenfulQuickly()
{
    QList<QueueRowView> rows;
    for (int i = 0; i < 40; ++i) {
        QueueRowView r = row();
        r.subject = u"Subject number %1 that is long enough to be cut somewhere"_s.arg(i);
        r.clock.due = m_clock.now() + Millis(i * 61'000);
        rows << r;
    }
    QImage image(320, 52, QImage::Format_ARGB32_Premultiplied);
    QStyleOptionViewItem option;
    option.rect = image.rect();
    option.palette = QApplication::palette();
    QPainter painter(&image);
    const auto screenful = [&] {
        for (const QueueRowView &r : std::as_const(rows))
            m_painter.paint(&painter, option, r, { m_clock.now(), m_words, Density::Comfortable });
    };
    screenful();
    qint64 best = std::numeric_limits<qint64>::max();
    for (int round = 0; round < 5; ++round) {
        QElapsedTimer timer;
        timer.start();
        screenful();
        best = std::min(best, timer.nsecsElapsed());
    }
    qInfo("40 rows painted again in %.2f ms", double(best) / 1e6);
    QVERIFY2(best < 16'000'000, "a screenful of rows takes longer than a frame");
}

QTEST_MAIN(TestQueueRow)
#include "tst_queuerow.moc"
