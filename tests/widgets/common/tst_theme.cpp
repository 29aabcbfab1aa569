#include "widgets/common/appearance.h"
#include "widgets/common/tabulartext.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>

#include <cmath>

using namespace tierline::ui;
using namespace Qt::StringLiterals;

namespace {

/// Colours as an eye with one of the three common colour blindnesses sees them, in CIE L*a*b*.
/// Matrices: Machado, Oliveira and Fernandes 2009, full strength, on linear RGB.
using Lab = std::array<double, 3>;
constexpr double Eyes[4][3][3] {
    { { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } },
    { { 0.152286, 1.052583, -0.204868 }, { 0.114503, 0.786281, 0.099216 },
        { -0.003882, -0.048116, 1.051998 } },
    { { 0.367322, 0.860646, -0.227968 }, { 0.280085, 0.672501, 0.047413 },
        { -0.011820, 0.042940, 0.968881 } },
    { { 1.255528, -0.076749, -0.178779 }, { -0.078411, 0.930809, 0.147602 },
        { 0.004733, 0.691367, 0.303900 } },
};

double linear(double c)
{
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
}

Lab seen(const QColor &color, int eye)
{
    const double rgb[3] { linear(color.redF()), linear(color.greenF()), linear(color.blueF()) };
    double s[3] {};
    for (int i = 0; i < 3; ++i) {
        for (int j = 0; j < 3; ++j)
            s[i] += Eyes[eye][i][j] * rgb[j];
        s[i] = std::clamp(s[i], 0.0, 1.0);
    }
    const auto f = [](double t) { return t > 0.008856 ? std::cbrt(t) : 7.787 * t + 16.0 / 116; };
    const double x = f((0.4124 * s[0] + 0.3576 * s[1] + 0.1805 * s[2]) / 0.95047);
    const double y = f(0.2126 * s[0] + 0.7152 * s[1] + 0.0722 * s[2]);
    const double z = f((0.0193 * s[0] + 0.1192 * s[1] + 0.9505 * s[2]) / 1.08883);
    return { 116 * y - 16, 500 * (x - y), 200 * (y - z) };
}

double distance(const Lab &a, const Lab &b)
{
    return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

} // namespace

class TestTheme : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void textIsReadable_data();
    void textIsReadable();
    void textOnItsOwnGround_data() { schemes(); }
    void textOnItsOwnGround();
    void outlinesAreSeen_data() { schemes(); }
    void outlinesAreSeen();
    void seriesAreToldApart_data() { schemes(); }
    void seriesAreToldApart();
    void paletteKnowsItsTheme_data() { schemes(); }
    void paletteKnowsItsTheme();
    void tiersByRank();
    void choosingAScheme();
    void systemSchemeComesBack();
    void typeScale();
    void textScaleReachesWidgets();
    void digitsNeverJump();
    void foreignScriptIsStillDrawn();
    void controlsAreLargeEnough_data();
    void controlsAreLargeEnough();
    void focusRingIsTwoPixelsOfAccent();
    void primaryButtonIsTheOnlyAccent();
    void keycapIsTold();
    void contrastOfKnownColours();

private:
    void schemes();
    Appearance *m_appearance = nullptr;
};

void TestTheme::initTestCase()
{
    m_appearance = new Appearance(*qApp, SchemeChoice::Light);
}

void TestTheme::schemes()
{
    QTest::addColumn<Scheme>("scheme");
    QTest::newRow("light") << Scheme::Light;
    QTest::newRow("dark") << Scheme::Dark;
}

void TestTheme::textIsReadable_data()
{
    QTest::addColumn<Scheme>("scheme");
    QTest::addColumn<Token>("text");
    const std::pair<const char *, Token> texts[] { { "text", Token::Text },
        { "muted", Token::Muted }, { "accent", Token::Accent }, { "breached", Token::Breached },
        { "at risk", Token::AtRisk }, { "met", Token::Met }, { "bot tier", Token::TierBot },
        { "L1", Token::Tier1 }, { "L2", Token::Tier2 }, { "L3", Token::Tier3 } };
    for (const Scheme scheme : { Scheme::Light, Scheme::Dark })
        for (const auto &[name, token] : texts)
            QTest::addRow("%s, %s", name, scheme == Scheme::Light ? "light" : "dark")
                << scheme << token;
}

void TestTheme::textIsReadable()
{
    QFETCH(Scheme, scheme);
    QFETCH(Token, text);
    const Theme &t = Theme::of(scheme);
    for (const Token ground : { Token::Window, Token::Panel, Token::Raised, Token::Hover,
             Token::Selection, Token::NoteGround, Token::BotGround }) {
        const qreal c = contrast(t[text], t[ground]);
        QVERIFY2(c >= 4.5,
            qPrintable(u"%1 on ground %2: %3"_s.arg(t[text].name()).arg(int(ground)).arg(c)));
    }
}

void TestTheme::textOnItsOwnGround()
{
    QFETCH(Scheme, scheme);
    const Theme &t = Theme::of(scheme);
    QVERIFY(contrast(t[Token::NoteText], t[Token::NoteGround]) >= 4.5);
    for (const Token accent : { Token::Accent, Token::AccentHover, Token::AccentPressed })
        QVERIFY(contrast(t[Token::OnAccent], t[accent]) >= 4.5);
}

void TestTheme::outlinesAreSeen()
{
    QFETCH(Scheme, scheme);
    const Theme &t = Theme::of(scheme);
    for (const Token ground : { Token::Window, Token::Panel, Token::Raised }) {
        QVERIFY(contrast(t[Token::Edge], t[ground]) >= 3);
        QVERIFY(contrast(t[Token::Accent], t[ground]) >= 3);
    }
}

void TestTheme::seriesAreToldApart()
{
    QFETCH(Scheme, scheme);
    const Theme &t = Theme::of(scheme);
    for (int eye = 0; eye < 4; ++eye) {
        for (int a = 0; a < 6; ++a) {
            QVERIFY2(contrast(t.seriesColor(a), t[Token::Panel]) >= 3,
                qPrintable(t.seriesColor(a).name()));
            for (int b = a + 1; b < 6; ++b) {
                const double d = distance(seen(t.seriesColor(a), eye), seen(t.seriesColor(b), eye));
                QVERIFY2(d >= 20,
                    qPrintable(u"series %1 and %2, eye %3: %4"_s.arg(a).arg(b).arg(eye).arg(d)));
            }
        }
    }
}

void TestTheme::paletteKnowsItsTheme()
{
    QFETCH(Scheme, scheme);
    const QPalette palette = Theme::of(scheme).palette();
    QCOMPARE(Theme::of(palette).scheme(), scheme);
    QCOMPARE(palette.color(QPalette::Base), Theme::of(scheme)[Token::Panel]);
    QCOMPARE(palette.color(QPalette::Inactive, QPalette::Highlight),
        Theme::of(scheme)[Token::Selection]);
    QCOMPARE(palette.color(QPalette::Disabled, QPalette::Text), Theme::of(scheme)[Token::Disabled]);
}

void TestTheme::tiersByRank()
{
    QCOMPARE(Theme::tierToken(-1), Token::TierBot);
    QCOMPARE(Theme::tierToken(0), Token::TierBot);
    QCOMPARE(Theme::tierToken(1), Token::Tier1);
    QCOMPARE(Theme::tierToken(2), Token::Tier2);
    QCOMPARE(Theme::tierToken(3), Token::Tier3);
    QCOMPARE(Theme::tierToken(9), Token::Tier3);
}

void TestTheme::choosingAScheme()
{
    QSignalSpy changed(m_appearance, &Appearance::schemeChanged);
    QWidget widget;
    m_appearance->setChoice(SchemeChoice::Dark);
    QCOMPARE(changed.size(), 1);
    QCOMPARE(Theme::of(&widget).scheme(), Scheme::Dark);
    m_appearance->setChoice(SchemeChoice::Dark);
    QCOMPARE(changed.size(), 1);
    m_appearance->setChoice(SchemeChoice::Light);
    QCOMPARE(changed.size(), 2);
    QCOMPARE(Theme::of(&widget).scheme(), Scheme::Light);
}

void TestTheme::systemSchemeComesBack()
{
    // The offscreen platform is light; a dark choice must not be taken for the system's own.
    m_appearance->setChoice(SchemeChoice::Dark);
    m_appearance->setChoice(SchemeChoice::System);
    QCOMPARE(m_appearance->scheme(), Scheme::Light);
    QCOMPARE(QApplication::palette().color(QPalette::Window), Theme::light()[Token::Window]);
    m_appearance->setChoice(SchemeChoice::Light);
}

void TestTheme::typeScale()
{
    const auto points = [](TextRole role) { return textFont(role).pointSizeF(); };
    QCOMPARE(points(TextRole::Muted) / points(TextRole::Body), 9.5 / 11);
    QCOMPARE(points(TextRole::Title) / points(TextRole::Body), 13.0 / 11);
    QCOMPARE(points(TextRole::Page) / points(TextRole::Body), 18.0 / 11);
    QCOMPARE(points(TextRole::Figure) / points(TextRole::Body), 40.0 / 11);
    QCOMPARE(textFont(TextRole::Title).weight(), QFont::DemiBold);
    QCOMPARE(textFont(TextRole::Body).weight(), QFont::Normal);
}

void TestTheme::textScaleReachesWidgets()
{
    QWidget page;
    auto *plain = new QPushButton(u"Reply"_s, &page);
    auto *title = new QPushButton(u"Reply"_s, &page);
    setTextRole(title, TextRole::Title);
    page.ensurePolished();
    m_appearance->setTextScale(1.5);
    QCOMPARE(plain->font().pointSizeF(), textFont(TextRole::Body).pointSizeF());
    QCOMPARE(title->font().pointSizeF(), textFont(TextRole::Title).pointSizeF());
    m_appearance->setTextScale(99);
    QCOMPARE(textScale(), 2.0);
    m_appearance->setTextScale(1.0);
    QCOMPARE(title->font().pointSizeF(), textFont(TextRole::Title).pointSizeF());
}

void TestTheme::digitsNeverJump()
{
    const QFont f = textFont(TextRole::Strong);
    const qreal wanted = tabular::width(u"00:00"_s, f);
    QVERIFY(wanted > 0);
    for (int s = 0; s < 3'600; s += 7) {
        const QString text
            = u"%1:%2"_s.arg(s / 60, 2, 10, QChar(u'0')).arg(s % 60, 2, 10, QChar(u'0'));
        QCOMPARE(tabular::width(text, f), wanted);
    }
}

void TestTheme::foreignScriptIsStillDrawn()
{
    const QFont f = textFont(TextRole::Strong);
    const QString arabic = u"متأخر 18 دقيقة"_s;
    QCOMPARE(tabular::width(arabic, f), QFontMetricsF(f).horizontalAdvance(arabic));
    QImage image(200, 40, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::white);
    const QImage before = image;
    QPainter painter(&image);
    painter.setPen(Qt::black);
    tabular::draw(&painter, image.rect(), Qt::AlignRight, arabic, f);
    painter.end();
    QVERIFY(image != before);
}

void TestTheme::controlsAreLargeEnough_data()
{
    QTest::addColumn<int>("kind");
    for (const int kind : { 0, 1, 2, 3, 4, 5, 6 })
        QTest::addRow("%d", kind) << kind;
}

void TestTheme::controlsAreLargeEnough()
{
    QFETCH(int, kind);
    const auto made = [kind]() -> QWidget * {
        switch (kind) {
        case 0: return new QPushButton(u"A"_s);
        case 1: return new QLineEdit;
        case 2: return new QComboBox;
        case 3: return new QSpinBox;
        case 4: return new QCheckBox(u"A"_s);
        case 5: return new QRadioButton(u"A"_s);
        default: return new QToolButton;
        }
    };
    const std::unique_ptr<QWidget> widget(made());
    widget->ensurePolished();
    QVERIFY2(widget->sizeHint().height() >= HitArea, widget->metaObject()->className());
    QVERIFY2(widget->sizeHint().width() >= HitArea, widget->metaObject()->className());
}

void TestTheme::focusRingIsTwoPixelsOfAccent()
{
    QWidget page;
    QLineEdit field(&page);
    QPushButton button(u"Reply"_s, &page);
    field.setGeometry(10, 10, 120, 32);
    button.setGeometry(10, 60, 120, 32);
    page.resize(160, 120);
    page.show();
    QVERIFY(QTest::qWaitForWindowActive(&page));
    field.setFocus(Qt::TabFocusReason);
    const QColor accent = Theme::light()[Token::Accent];
    const auto edge = [&](const QWidget &w, int inset) {
        return page.grab().toImage().pixelColor(w.x() + inset, w.y() + w.height() / 2);
    };
    QCOMPARE(edge(field, 0), accent);
    QCOMPARE(edge(field, 1), accent);
    QVERIFY(edge(field, 2) != accent);
    QVERIFY(edge(button, 0) != accent);
    QTest::keyClick(&page, Qt::Key_Tab);
    QVERIFY(button.hasFocus());
    QCOMPARE(edge(button, 0), accent);
    QCOMPARE(edge(button, 1), accent);
    QVERIFY(edge(field, 0) != accent);
}

void TestTheme::primaryButtonIsTheOnlyAccent()
{
    const auto middle = [](Prominence wish) {
        QPushButton button;
        setProminence(&button, wish);
        button.resize(80, 32);
        return button.grab().toImage().pixelColor(40, 16);
    };
    QCOMPARE(middle(Prominence::Primary), Theme::light()[Token::Accent]);
    QCOMPARE(middle(Prominence::Normal), Theme::light()[Token::Panel]);
    QCOMPARE(middle(Prominence::Danger), Theme::light()[Token::Panel]);
}

void TestTheme::keycapIsTold()
{
    QPushButton button(u"Accept"_s);
    const int before = button.sizeHint().width();
    setKeycap(&button, u"A"_s);
    QVERIFY(button.sizeHint().width() > before);
    QCOMPARE(button.accessibleDescription(), u"Key: A"_s);
    setKeycap(&button, {});
    QCOMPARE(button.sizeHint().width(), before);
}

void TestTheme::contrastOfKnownColours()
{
    QCOMPARE(contrast(Qt::black, Qt::white), 21.0);
    QCOMPARE(contrast(Qt::white, Qt::white), 1.0);
    QVERIFY(qAbs(contrast(QColor(0x77, 0x77, 0x77), Qt::white) - 4.48) < 0.01);
}

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
