#include "tests/support/fakeclock.h"
#include "widgets/common/appearance.h"
#include "widgets/common/chartview.h"
#include "widgets/common/emptystate.h"
#include "widgets/common/messagebox.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/queuerowdelegate.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QListView>
#include <QListWidget>
#include <QPainter>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QSpinBox>
#include <QStandardItemModel>
#include <QTableWidget>
#include <QTabWidget>
#include <QTest>

using namespace tierline;
using namespace tierline::ui;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Draws a sheet of everything in this room, light and dark, as pictures for the reviewer's eye. What
/// it asserts is only that each sheet has the theme's ground and something on it.
class TestCommonGallery : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void sheet_data();
    void sheet();
    void chartsAndDialogs_data() { sheet_data(); }
    void chartsAndDialogs();

private:
    QList<QueueRowView> rows() const;
    QWidget *queue(Density density, QWidget *parent);
    QWidget *controls(QWidget *parent);
    QWidget *icons(QWidget *parent);
    QWidget *side(QWidget *parent);
    QWidget *rail(QWidget *parent);
    QWidget *charts();
    void save(QWidget &page, const QString &name);

    test::FakeClock m_clock;
    Appearance *m_appearance = nullptr;
};

void TestCommonGallery::initTestCase()
{
    m_appearance = new Appearance(*qApp, SchemeChoice::Light);
}

QList<QueueRowView> TestCommonGallery::rows() const
{
    const Instant now = m_clock.now();
    const auto clock = [&](Millis left, Millis whole) {
        return ClockFace { now + left, now + left - whole };
    };
    return {
        { u"L2"_s, 2, u"Export fails for large accounts after the update"_s, u"Nordlys AS"_s,
            u"Business"_s, u"no reply for 2 h"_s, 71, Priority::High, clock(-18min, 60min), true },
        { u"L2"_s, 2, u"SSO login loops after update"_s, u"Acme Health"_s, u"Enterprise"_s,
            u"renews in 40 days + no agent reply for 30 min"_s, 42, Priority::Urgent,
            clock(12min + 41s, 60min), true },
        { u"L2"_s, 2, u"Webhook retries stop after the third attempt"_s, u"Kestrel Ltd"_s,
            u"Enterprise"_s, u"reopened twice"_s, 88, Priority::High, clock(27min + 5s, 120min),
            false, true, true, true },
        { u"L1"_s, 1, u"API returns 409 on import"_s, u"Ferro Metals"_s, u"Business"_s,
            u"beyond skill"_s, {}, Priority::Normal, clock(111min + 30s, 480min), false, false,
            false, false, true },
        { u"L2"_s, 2, u"Datumsformat im PDF-Export ist falsch"_s, u"Weidner & Söhne"_s,
            u"Starter"_s, u"needs code access"_s, 12, Priority::Normal, clock(130min, 480min) },
        { u"L3"_s, 3, u"Seat count wrong after merge <b>of</b> accounts"_s, u"Bluefin Co"_s,
            u"Business"_s, u"missing tools"_s, 64, Priority::Normal, clock(26h, 48h), false, false,
            false, true },
        { {}, 1, {}, {}, {}, {}, {}, Priority::Normal, {}, false, false, false, false, false,
            true },
        { u"Bot"_s, 0, u"تسجيل الدخول لا يعمل"_s, u"Juno Travel"_s, u"Starter"_s, u"beyond skill"_s,
            55, Priority::Low, { now + 8h, now, true } },
    };
}

QWidget *TestCommonGallery::queue(Density density, QWidget *parent)
{
    auto *view = new QListView(parent);
    auto *model = new QStandardItemModel(int(rows().size()), 1, view);
    view->setModel(model);
    auto *delegate = new QueueRowDelegate(
        m_clock, {}, [all = rows()](const QModelIndex &ix) { return all.at(ix.row()); }, view);
    delegate->setDensity(density);
    view->setItemDelegate(delegate);
    view->setFrameShape(QFrame::NoFrame);
    view->setUniformItemSizes(true);
    view->setCurrentIndex(model->index(1, 0));
    view->setFixedSize(density == Density::Compact ? 560 : 316, 8 * queueRowHeight(density));
    return view;
}

QWidget *TestCommonGallery::controls(QWidget *parent)
{
    auto *box = new QWidget(parent);
    auto *column = new QVBoxLayout(box);
    auto *heading = new PlainLabel(u"Escalate #4812"_s);
    setTextRole(heading, TextRole::Title);
    column->addWidget(heading);
    auto *buttons = new QHBoxLayout;
    const auto button = [&](const QString &text, Prominence wish, const QString &key = {}) {
        auto *made = new QPushButton(text);
        setProminence(made, wish);
        if (!key.isEmpty())
            setKeycap(made, key);
        buttons->addWidget(made);
        return made;
    };
    button(u"Accept"_s, Prominence::Primary, u"A"_s)
        ->setIcon(icon(Icon::Accept, m_appearance->theme()));
    button(u"Escalate"_s, Prominence::Normal, u"E"_s);
    button(u"Macros"_s, Prominence::Normal)->setIcon(icon(Icon::Rule, m_appearance->theme()));
    button(u"More"_s, Prominence::Quiet);
    button(u"Discard"_s, Prominence::Danger);
    button(u"Solve"_s, Prominence::Normal)->setEnabled(false);
    buttons->addStretch();
    column->addLayout(buttons);
    auto *fields = new QHBoxLayout;
    auto *line = new QLineEdit;
    line->setPlaceholderText(u"Search tickets, customers, commands"_s);
    fields->addWidget(line, 1);
    auto *combo = new QComboBox;
    combo->addItems({ u"L3 Engineering"_s, u"L2 Technical"_s });
    fields->addWidget(combo);
    auto *spin = new QSpinBox;
    spin->setRange(0, 240);
    spin->setValue(30);
    spin->setSuffix(u" min"_s);
    fields->addWidget(spin);
    column->addLayout(fields);
    auto *text
        = new QPlainTextEdit(u"Hello Dana, I have your case now and have read everything."_s);
    text->setFixedHeight(64);
    column->addWidget(text);
    auto *choices = new QHBoxLayout;
    auto *on = new QCheckBox(u"Tell the customer"_s);
    on->setChecked(true);
    choices->addWidget(on);
    choices->addWidget(new QCheckBox(u"Ask for approval"_s));
    auto *radio = new QRadioButton(u"Reply"_s);
    radio->setChecked(true);
    choices->addWidget(radio);
    choices->addWidget(new QRadioButton(u"Note"_s));
    choices->addStretch();
    column->addLayout(choices);
    auto *tabs = new QTabWidget;
    auto *table = new QTableWidget(3, 3);
    table->setHorizontalHeaderLabels({ u"Week"_s, u"Escalated"_s, u"Rate"_s });
    table->verticalHeader()->hide();
    table->setShowGrid(false);
    table->setFrameShape(QFrame::NoFrame);
    for (int r = 0; r < 3; ++r)
        for (int c = 0; c < 3; ++c)
            table->setItem(r, c, new QTableWidgetItem(QString::number(45 + r * (c + 1))));
    table->selectRow(1);
    tabs->addTab(table, u"Table"_s);
    tabs->addTab(new QWidget, u"History"_s);
    tabs->addTab(new QWidget, u"Rules"_s);
    tabs->setFixedHeight(150);
    column->addWidget(tabs);
    auto *bar = new QProgressBar;
    bar->setValue(40);
    column->addWidget(bar);
    line->setFocus();
    return box;
}

QWidget *TestCommonGallery::icons(QWidget *parent)
{
    class Sheet : public QWidget
    {
    public:
        using QWidget::QWidget;
        void paintEvent(QPaintEvent *) override
        {
            QPainter p(this);
            const Theme &t = Theme::of(this);
            for (int i = 0; i < IconCount; ++i) {
                const int x = (i % 17) * 36;
                const int y = (i / 17) * 60;
                icon(Icon(i), t).paint(&p, QRect(x, y, 20, 20));
                icon(Icon(i), t, Token::Muted).paint(&p, QRect(x + 2, y + 28, 16, 16));
            }
        }
    };
    auto *sheet = new Sheet(parent);
    sheet->setFixedSize(17 * 36, 180);
    return sheet;
}

QWidget *TestCommonGallery::side(QWidget *parent)
{
    auto *box = new QWidget(parent);
    auto *column = new QVBoxLayout(box);
    auto *chips = new QHBoxLayout;
    for (int rank = 0; rank < 5; ++rank) {
        auto *made = new TierChip;
        made->setTier(rank == 0 ? u"Bot"_s : u"L%1"_s.arg(rank), u"Tier"_s, rank);
        chips->addWidget(made);
    }
    for (const int health : { 8, 42, 90 }) {
        auto *bar = new HealthBar;
        bar->setHealth(health);
        chips->addWidget(bar);
    }
    chips->addStretch();
    column->addLayout(chips);
    const std::pair<TextRole, QString> texts[] { { TextRole::Page, u"Escalations, week 47"_s },
        { TextRole::Title, u"SSO login loops after update"_s },
        { TextRole::Strong, u"Dana Whitfield"_s },
        { TextRole::Body, u"Since last night's update nobody can sign in."_s },
        { TextRole::Muted, u"#4812 · Zendesk · email"_s },
        { TextRole::MutedStrong, u"Urgent because"_s }, { TextRole::Figure, u"24.1 %"_s },
        { TextRole::Mono, u"saml: audience mismatch 0xA1"_s } };
    for (const auto &[role, text] : texts) {
        auto *label = new PlainLabel(text);
        setTextRole(label, role);
        column->addWidget(label);
    }
    column->addWidget(new EmptyState(Icon::Queue,
        u"No ticket of your tier waits. New ones appear here by themselves."_s, u"Show triage"_s));
    return box;
}

QWidget *TestCommonGallery::rail(QWidget *parent)
{
    auto *list = new QListWidget(parent);
    setRail(list, true);
    const Theme &t = m_appearance->theme();
    list->addItem(new QListWidgetItem(icon(Icon::Queue, t), u"My tier"_s));
    list->addItem(new QListWidgetItem(icon(Icon::Mine, t), u"Mine"_s));
    list->addItem(new QListWidgetItem(icon(Icon::Triage, t), u"Triage"_s));
    list->addItem(new QListWidgetItem(icon(Icon::Escalate, t), u"Should escalate"_s));
    list->setCurrentRow(0);
    list->setFixedSize(170, 140);
    return list;
}

void TestCommonGallery::sheet_data()
{
    QTest::addColumn<SchemeChoice>("choice");
    QTest::addColumn<Qt::LayoutDirection>("direction");
    QTest::newRow("light") << SchemeChoice::Light << Qt::LeftToRight;
    QTest::newRow("dark") << SchemeChoice::Dark << Qt::LeftToRight;
    QTest::newRow("right-to-left") << SchemeChoice::Light << Qt::RightToLeft;
}

void TestCommonGallery::sheet()
{
    QFETCH(SchemeChoice, choice);
    QFETCH(Qt::LayoutDirection, direction);
    m_appearance->setChoice(choice);
    QWidget page;
    page.setLayoutDirection(direction);
    auto *columns = new QHBoxLayout(&page);
    columns->setSpacing(space::Wide);
    auto *left = new QVBoxLayout;
    left->addWidget(queue(Density::Comfortable, &page));
    left->addWidget(rail(&page));
    left->addStretch();
    columns->addLayout(left);
    auto *middle = new QVBoxLayout;
    middle->addWidget(queue(Density::Compact, &page));
    middle->addWidget(controls(&page));
    middle->addWidget(icons(&page));
    columns->addLayout(middle);
    columns->addWidget(side(&page));
    page.resize(1400, 900);
    save(page, u"common-"_s + QString::fromLatin1(QTest::currentDataTag()));
}

void TestCommonGallery::save(QWidget &page, const QString &name)
{
    page.show();
    QVERIFY(QTest::qWaitForWindowExposed(&page));
    const QImage picture = page.grab().toImage();
    const QString folder = QCoreApplication::applicationDirPath() + u"/gallery"_s;
    QVERIFY(QDir().mkpath(folder));
    QVERIFY(picture.save(folder + u'/' + name + u".png"_s));
    QCOMPARE(picture.pixelColor(2, 2), m_appearance->theme()[Token::Window]);
}

QWidget *TestCommonGallery::charts()
{
    auto *box = new QWidget;
    auto *column = new QVBoxLayout(box);
    column->setSpacing(space::Wide);
    ChartData bars {
        ChartData::Kind::Bars, u"Escalated tickets by tier left and week"_s, u"Week"_s,
        u"Tickets"_s,
        u"n = 3,412 tickets, 823 escalated · tickets with an escalation step out of the tier / tickets ever at it"_s
    };
    for (int week = 36; week < 48; ++week)
        bars.categories << QString::number(week);
    bars.series = {
        { u"out of L1"_s, { 75, 85, 65, 85, 63, 94, 71, 73, 76, 72, 78, 83 }, {}, Token::Tier1 },
        { u"out of L2"_s, { 39, 45, 32, 47, 37, 41, 33, 30, 55, 35, 50, 32 }, {}, Token::Tier2 },
        { u"fast lane to L3"_s, { 9, 10, 8, 12, 16, 12, 12, 18, 12, 12, 19, 17 }, {}, Token::Tier3 }
    };
    ChartData stacked = bars;
    stacked.kind = ChartData::Kind::StackedBars;
    ChartData lines { ChartData::Kind::Lines, u"Time to escalate, median"_s, u"Week"_s,
        u"Minutes"_s, u"n = 823 escalations"_s };
    for (int s = 0; s < 6; ++s) {
        ChartSeries series { u"reason %1"_s.arg(s + 1), {}, {}, {} };
        for (int w = 36; w < 48; ++w)
            series.points.append({ double(w), 8 + 7.0 * s + ((w * 7 + s * 5) % 9) });
        lines.series << series;
    }
    for (const ChartData &data : { bars, stacked, lines }) {
        auto *view = new ChartView(QLocale::c());
        view->setData(data);
        column->addWidget(view, 1);
    }
    auto *table = new ChartView(QLocale::c());
    table->setData(bars);
    table->setTableShown(true);
    table->setFixedHeight(180);
    column->addWidget(table);
    box->setBackgroundRole(QPalette::Base);
    box->setAutoFillBackground(true);
    return box;
}

void TestCommonGallery::chartsAndDialogs()
{
    QFETCH(SchemeChoice, choice);
    QFETCH(Qt::LayoutDirection, direction);
    m_appearance->setChoice(choice);
    QWidget page;
    page.setLayoutDirection(direction);
    auto *columns = new QHBoxLayout(&page);
    columns->addWidget(charts(), 1);
    auto *right = new QVBoxLayout;
    for (const bool isDestructive : { false, true }) {
        auto *box = new MessageBox(
            { u"Withdraw this escalation"_s,
                u"L3 Engineering is told that it is not needed. The ticket comes back to you with its clocks running."_s,
                u"#4812 · SSO login loops after <b>update</b>"_s, u"Withdraw"_s, isDestructive },
            true);
        box->setWindowFlags(Qt::Widget);
        right->addWidget(box);
    }
    auto *spark = new Sparkline;
    spark->setValues({ 3, 4, 3.5, 6, 5.8, 8, 8.4 });
    right->addWidget(spark);
    right->addStretch();
    columns->addLayout(right);
    page.resize(1400, 1100);
    save(page, u"charts-"_s + QString::fromLatin1(QTest::currentDataTag()));
}

QTEST_MAIN(TestCommonGallery)
#include "tst_commongallery.moc"
