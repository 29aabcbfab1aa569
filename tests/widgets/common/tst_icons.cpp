#include "widgets/common/icons.h"

#include <QDir>
#include <QPainter>
#include <QTest>

using namespace tierline::ui;
using namespace Qt::StringLiterals;

class TestIcons : public QObject
{
    Q_OBJECT
private slots:
    void drawn_data();
    void drawn();
    void namesAreUnique();
    void everyDrawingIsUsed();
    void drawnInTheColourAsked();
    void sharpOnDenseScreens();
    void disabledIsGrey();
};

void TestIcons::drawn_data()
{
    QTest::addColumn<Icon>("which");
    for (int i = 0; i < IconCount; ++i)
        QTest::newRow(qPrintable(iconName(Icon(i)))) << Icon(i);
}

void TestIcons::drawn()
{
    QFETCH(Icon, which);
    for (const Scheme scheme : { Scheme::Light, Scheme::Dark }) {
        for (const int size : { 16, 20 }) {
            const QImage image = icon(which, Theme::of(scheme)).pixmap(size, size).toImage();
            QCOMPARE(image.size(), QSize(size, size));
            int inked = 0;
            int atEdge = 0;
            for (int y = 0; y < size; ++y) {
                for (int x = 0; x < size; ++x) {
                    const bool isInk = image.pixelColor(x, y).alpha() > 127;
                    inked += isInk;
                    atEdge += isInk && (x == 0 || y == 0 || x == size - 1 || y == size - 1);
                }
            }
            QVERIFY2(inked >= 8, "nothing to see");
            QVERIFY2(inked <= size * size * 6 / 10, "a blot");
            QCOMPARE(atEdge, 0); // nothing is cut off
        }
    }
}

void TestIcons::namesAreUnique()
{
    QSet<QString> names;
    for (int i = 0; i < IconCount; ++i)
        names.insert(iconName(Icon(i)));
    QCOMPARE(int(names.size()), IconCount);
}

void TestIcons::everyDrawingIsUsed()
{
    QStringList names;
    for (int i = 0; i < IconCount; ++i)
        names << iconName(Icon(i)) + u".svg"_s;
    const QStringList files
        = QDir(QStringLiteral(TIERLINE_SOURCE_DIR "/resources/icons")).entryList({ u"*.svg"_s });
    for (const QString &file : files)
        QVERIFY2(names.contains(file), qPrintable(file + u" has no enumerator"_s));
    QCOMPARE(files.size(), names.size());
}

void TestIcons::drawnInTheColourAsked()
{
    const QColor color = Theme::dark()[Token::AtRisk];
    const QImage image = iconPixmap(Icon::ClockBreached, 20, 1, color).toImage();
    QCOMPARE(image.pixelColor(5, 10).rgb(), color.rgb());
}

void TestIcons::sharpOnDenseScreens()
{
    const QPixmap pixmap = iconPixmap(Icon::Reply, 16, 2, Qt::black);
    QCOMPARE(pixmap.size(), QSize(32, 32));
    QCOMPARE(pixmap.devicePixelRatio(), 2.0);
    const QPixmap fromIcon = icon(Icon::Reply, Theme::light()).pixmap(QSize(16, 16), 2.0);
    QCOMPARE(fromIcon.size(), QSize(32, 32));
    QCOMPARE(fromIcon.devicePixelRatio(), 2.0);
}

void TestIcons::disabledIsGrey()
{
    const QImage image = icon(Icon::ClockBreached, Theme::light())
                             .pixmap(QSize(20, 20), 1.0, QIcon::Disabled)
                             .toImage();
    QCOMPARE(image.pixelColor(5, 10).rgb(), Theme::light()[Token::Disabled].rgb());
}

QTEST_MAIN(TestIcons)
#include "tst_icons.moc"
