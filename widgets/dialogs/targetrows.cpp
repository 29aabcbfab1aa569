#include "widgets/dialogs/targetrows.h"

#include "core/calendar/duejson.h"
#include "widgets/common/accessible.h"
#include "widgets/common/chip.h"
#include "widgets/common/choicebox.h"
#include "widgets/common/icons.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/typography.h"
#include "widgets/dialogs/fieldset.h"
#include "widgets/dialogs/wholefield.h"
#include "widgets/docks/api/agreementwords.h"

#include <QGridLayout>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t mostRows = 60;
constexpr int mostField = 176; ///< pixels; what is longer is on hover

std::optional<Priority> priorityFrom(const QString &word)
{
    for (const Priority priority :
        { Priority::Low, Priority::Normal, Priority::High, Priority::Urgent }) {
        if (word.compare(priorityText(priority), Qt::CaseInsensitive) == 0
            || word.compare(code(priority), Qt::CaseInsensitive) == 0)
            return priority;
    }
    return std::nullopt;
}

QString priorityWords(const std::vector<Priority> &priorities)
{
    QStringList words;
    for (const Priority priority : priorities)
        words.append(priorityText(priority));
    return words.join(u", "_s);
}

} // namespace

QStringList wordsOf(const QString &text)
{
    QStringList words;
    for (const QString &part : text.split(u',', Qt::SkipEmptyParts)) {
        if (!part.trimmed().isEmpty())
            words.append(part.simplified());
    }
    return words;
}

TargetRows::TargetRows(QWidget *parent)
    : QWidget(parent)
    , m_grid(new QGridLayout)
    , m_add(named(new QPushButton(tr("Add a promise")), u"addTarget"_s, tr("Add a promise")))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(space::Hair);
    m_grid->setVerticalSpacing(space::Hair);
    for (const QString &title :
        { tr("Clock"), tr("Within"), tr("Tiers"), tr("Channels"), tr("Priorities") }) {
        auto *head = new PlainLabel(title);
        setTextRole(head, TextRole::Muted);
        m_heads.append(head);
    }
    // Each column is as wide as its words; the rest is the clock's, which has the longest.
    m_grid->setColumnStretch(0, 1);
    m_add->setAutoDefault(false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::Tight);
    layout->addLayout(m_grid);
    layout->addWidget(m_add, 0, Qt::AlignLeft);
    connect(m_add, &QPushButton::clicked, this, [this] {
        if (m_rows.size() >= mostRows)
            return;
        Row &row = addRow();
        layOut();
        row.clock->setFocus(Qt::OtherFocusReason);
        emit changed();
    });
    layOut();
}

void TargetRows::setParty(sla::Party party)
{
    m_party = party;
    for (Row &row : m_rows) {
        const QString before = row.clock->value();
        const QString typed = row.clock->currentText();
        const QSignalBlocker quiet(row.clock);
        row.clock->clear();
        for (const sla::ClockKind kind : sla::allClocks) {
            if (sla::partyOf(kind) == party && kind != sla::ClockKind::Promise)
                row.clock->add(sla::code(kind), AgreementWords::clock(kind));
        }
        if (!row.clock->choose(before))
            row.clock->setEditText(typed);
    }
}

TargetRows::Row &TargetRows::addRow()
{
    Row row { .clock = new ChoiceBox(this),
        .length = new WholeField(mostField, this),
        .tiers = new WholeField(mostField, this),
        .channels = new WholeField(mostField, this),
        .priorities = new WholeField(mostField, this),
        .remove = new QToolButton(this),
        .words = new PlainLabel,
        .problem = makeProblemLabel(u"problem.target"_s) };
    row.problem->setParent(this);
    row.words->setParent(this);
    row.words->setWordWrap(true);
    setTextRole(row.words, TextRole::Muted);
    row.clock->setMinimumContentsLength(8);
    row.length->setPlaceholderText(tr("4h"));
    for (WholeField *any : { row.tiers, row.channels, row.priorities })
        any->setPlaceholderText(tr("any"));
    row.remove->setIcon(icon(Icon::Close, palette(), Token::Muted));
    row.remove->setAutoRaise(true);
    row.remove->setFocusPolicy(Qt::StrongFocus);
    connect(row.clock, &ChoiceBox::valueChanged, this, &TargetRows::changed);
    for (WholeField *field : { row.length, row.tiers, row.channels, row.priorities }) {
        connect(field, &WholeField::textChanged, this, &TargetRows::changed);
        connect(field, &WholeField::textChanged, this, &TargetRows::showWords);
    }
    QWidget *of = row.remove;
    connect(row.remove, &QToolButton::clicked, this, [this, of] { removeRow(of); });
    m_rows.push_back(row);
    setParty(m_party);
    if (m_rows.back().clock->value().isEmpty())
        m_rows.back().clock->setCurrentIndex(0);
    return m_rows.back();
}

void TargetRows::drop(size_t index)
{
    const Row &row = m_rows[index];
    for (QWidget *part : std::initializer_list<QWidget *> { row.clock, row.length, row.tiers,
             row.channels, row.priorities, row.remove, row.words, row.problem }) {
        part->disconnect(this);
        part->hide();
        part->setObjectName({}); // the row that comes in its place has its name
        part->deleteLater();
    }
    m_rows.erase(m_rows.begin() + std::ptrdiff_t(index));
}

void TargetRows::removeRow(QWidget *of)
{
    const auto found = std::ranges::find(m_rows, of, &Row::remove);
    if (found == m_rows.end())
        return;
    const size_t index = size_t(found - m_rows.begin());
    drop(index);
    layOut();
    if (m_rows.empty())
        m_add->setFocus(Qt::OtherFocusReason);
    else
        m_rows[std::min(index, m_rows.size() - 1)].remove->setFocus(Qt::OtherFocusReason);
    emit changed();
}

void TargetRows::layOut()
{
    while (QLayoutItem *item = m_grid->takeAt(0))
        delete item;
    for (int column = 0; column < m_heads.size(); ++column) {
        m_grid->addWidget(m_heads[column], 0, column);
        m_heads[column]->setVisible(!m_rows.empty());
    }
    QList<QWidget *> order;
    for (size_t i = 0; i < m_rows.size(); ++i) {
        Row &row = m_rows[i];
        const int line = int(i) * 3 + 1;
        const QString number = QString::number(i + 1);
        named(row.clock, u"target.clock."_s + number, tr("Clock of promise %1").arg(number));
        named(row.length, u"target.length."_s + number, tr("Promise %1, within").arg(number));
        named(row.tiers, u"target.tiers."_s + number,
            tr("Tiers of promise %1, with commas").arg(number));
        named(row.channels, u"target.channels."_s + number,
            tr("Channels of promise %1, with commas").arg(number));
        named(row.priorities, u"target.priorities."_s + number,
            tr("Priorities of promise %1, with commas").arg(number));
        named(row.remove, u"target.remove."_s + number, tr("Remove promise %1").arg(number));
        setPlainToolTip(row.remove, tr("Remove this promise"));
        const QList<QWidget *> parts { row.clock, row.length, row.tiers, row.channels,
            row.priorities, row.remove };
        for (int column = 0; column < parts.size(); ++column) {
            m_grid->addWidget(parts[column], line, column);
            parts[column]->setVisible(true);
        }
        row.words->setObjectName(u"target.words."_s + number);
        m_grid->addWidget(row.words, line + 1, 0, 1, 6);
        m_grid->addWidget(row.problem, line + 2, 0, 1, 6);
        order += parts;
    }
    order.append(m_add);
    ui::setTabOrder(order);
    showWords();
    updateGeometry();
}

void TargetRows::showWords()
{
    for (const Row &row : m_rows) {
        QStringList lines;
        for (const auto &[field, what] :
            { std::pair(row.tiers, tr("Tiers: %1")), std::pair(row.channels, tr("Channels: %1")),
                std::pair(row.priorities, tr("Priorities: %1")) }) {
            if (field->isOverlong())
                lines.append(what.arg(oneLine(field->text(), 1'000)));
        }
        row.words->setText(lines.join(u'\n'));
        row.words->setVisible(!lines.isEmpty());
    }
}

void TargetRows::setTargets(const std::vector<sla::PolicyTarget> &targets)
{
    QStringList values;
    for (const sla::PolicyTarget &target : targets) {
        const QJsonArray row { sla::code(target.clock), sla::targetText(target.length),
            target.when.tiers.join(u", "_s), target.when.channels.join(u", "_s),
            priorityWords(target.when.priorities), target.when.plans.join(u'\n'),
            target.when.organizations.join(u'\n'), target.when.tags.join(u'\n') };
        values.append(QString::fromUtf8(QJsonDocument(row).toJson(QJsonDocument::Compact)));
    }
    setValues(values);
}

QStringList TargetRows::values() const
{
    QStringList values;
    for (const Row &row : m_rows) {
        const QString clock = row.clock->value();
        const QJsonArray fields { clock.isEmpty() ? row.clock->currentText() : clock,
            row.length->text(), row.tiers->text(), row.channels->text(), row.priorities->text(),
            row.more.plans.join(u'\n'), row.more.organizations.join(u'\n'),
            row.more.tags.join(u'\n') };
        values.append(QString::fromUtf8(QJsonDocument(fields).toJson(QJsonDocument::Compact)));
    }
    return values;
}

void TargetRows::setValues(const QStringList &values)
{
    const QSignalBlocker quiet(this);
    while (!m_rows.empty())
        drop(m_rows.size() - 1);
    for (const QString &value : values) {
        const QJsonArray fields = QJsonDocument::fromJson(value.toUtf8()).array();
        Row &row = addRow();
        if (!row.clock->choose(fields[0].toString()))
            row.clock->setEditText(fields[0].toString());
        row.length->setText(fields[1].toString());
        row.tiers->setText(fields[2].toString());
        row.channels->setText(fields[3].toString());
        row.priorities->setText(fields[4].toString());
        const auto list = [](const QJsonValue &text) {
            return text.toString().split(u'\n', Qt::SkipEmptyParts);
        };
        row.more.plans = list(fields[5]);
        row.more.organizations = list(fields[6]);
        row.more.tags = list(fields[7]);
        for (WholeField *field : { row.length, row.tiers, row.channels, row.priorities })
            field->setCursorPosition(0);
    }
    layOut();
}

Error TargetRows::refuse(Row &row, QWidget *field, const QString &why)
{
    row.problem->setText(why);
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, Theme::of(this)[Token::Breached]);
    row.problem->setPalette(colours);
    row.problem->show();
    announce(row.problem, why);
    field->setFocus(Qt::OtherFocusReason);
    return badInput(why, u"targets"_s);
}

Result<sla::PolicyTarget> TargetRows::read(Row &row)
{
    const auto clock = sla::clockFromCode(row.clock->value());
    if (!clock)
        return refuse(row, row.clock, tr("Choose one of the clocks in the list."));
    const auto length = sla::targetFromText(row.length->text().remove(u' '));
    if (!length)
        return refuse(row, row.length,
            row.length->text().trimmed().isEmpty()
                ? tr("Say how long it may take, such as 30m, 4h or 2d.")
                : tr("“%1” is no length of time: write it as 30m, 4h or 2d.")
                      .arg(row.length->text().left(30)));
    sla::PolicyTarget target { .clock = *clock, .length = *length, .when = row.more };
    target.when.tiers = wordsOf(row.tiers->text());
    target.when.channels = wordsOf(row.channels->text());
    for (const QString &word : wordsOf(row.priorities->text())) {
        const auto priority = priorityFrom(word);
        if (!priority)
            return refuse(row, row.priorities,
                tr("“%1” is no priority: low, normal, high or urgent, with commas between them.")
                    .arg(word.left(30)));
        target.when.priorities.push_back(*priority);
    }
    return target;
}

Result<std::vector<sla::PolicyTarget>> TargetRows::targets()
{
    clearProblems();
    std::vector<sla::PolicyTarget> targets;
    for (Row &row : m_rows) {
        TIERLINE_TRY(target, read(row));
        targets.push_back(target);
    }
    return targets;
}

void TargetRows::clearProblems()
{
    for (Row &row : m_rows)
        row.problem->hide();
}

} // namespace tierline::ui
