#include "widgets/docks/rules/ruleeditor.h"

#include "core/rules/print.h"
#include "widgets/common/accessible.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"
#include "widgets/docks/rules/readtable.h"
#include "widgets/docks/rules/rulebuilder.h"

#include <QHBoxLayout>
#include <QListWidget>
#include <QPushButton>
#include <QResizeEvent>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int MostProblems = 20;
constexpr int MostHeight = 132;

} // namespace

RuleEditor::RuleEditor(QWidget *parent)
    : QWidget(parent)
    , m_sentence(new GrowsFrom<SentenceEdit>(96))
    , m_builder(new RuleBuilder)
    , m_toggle(named(new QPushButton(tr("Build in rows")), u"ruleBuilder"_s, tr("Build in rows")))
    , m_good(new PlainLabel)
    , m_problems(named(new QListWidget, u"problems"_s, tr("What is wrong with the sentence")))
{
    m_sentence->setPlaceholderText(
        tr("rule \"Left waiting\"\n  when plan is enterprise and no agent reply for 2h\n"
           "  then escalate to L3"));
    m_good->setObjectName(u"sentenceGood"_s);
    m_good->setWordWrap(true);
    setTextRole(m_good, TextRole::Muted);
    m_problems->setWordWrap(true);
    m_problems->setFrameShape(QFrame::NoFrame);
    m_problems->setSelectionMode(QAbstractItemView::SingleSelection);
    m_problems->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_problems->setTextElideMode(Qt::ElideNone);
    m_problems->hide();
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::Tight);
    m_toggle->setAutoDefault(false);
    setProminence(m_toggle, Prominence::Quiet);
    setKeycap(m_toggle, QKeySequence(u"Ctrl+B"_s).toString(QKeySequence::NativeText));
    m_builder->hide();
    auto *foot = new QWidget;
    foot->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    auto *row = new QHBoxLayout(foot);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::Tight);
    row->addWidget(m_good, 1);
    row->addWidget(m_toggle, 0, Qt::AlignTop | Qt::AlignRight);
    // What follows the editor stands right below the sentence.
    column->setSizeConstraint(QLayout::SetMaximumSize);
    column->addWidget(m_sentence, 1);
    column->addWidget(m_builder, 1);
    column->addWidget(foot);
    column->addWidget(m_problems);
    const auto jump = [this](const QListWidgetItem *item) {
        m_sentence->goTo(item->data(Qt::UserRole).toLongLong());
    };
    connect(m_problems, &QListWidget::itemActivated, this, jump);
    connect(m_problems, &QListWidget::itemClicked, this, jump);
    connect(m_sentence, &SentenceEdit::read, this, &RuleEditor::onRead);
    connect(m_builder, &RuleBuilder::edited, this, &RuleEditor::takeFromBuilder);
    connect(m_toggle, &QPushButton::clicked, this, [this] { showBuilder(!m_isBuilding); });
}

void RuleEditor::setWords(const RuleWords &words)
{
    m_sentence->setWords(words);
    m_builder->setWords(words);
}

void RuleEditor::setReadOnly(bool isReadOnly)
{
    m_sentence->setReadOnly(isReadOnly);
    m_builder->setReadOnly(isReadOnly);
}

void RuleEditor::enter()
{
    if (m_isBuilding)
        m_builder->rows().setFocus(Qt::OtherFocusReason);
    else
        m_sentence->setFocus(Qt::OtherFocusReason);
}

void RuleEditor::replaceText(const QString &text)
{
    QTextCursor cursor(m_sentence->document());
    cursor.beginEditBlock();
    cursor.select(QTextCursor::Document);
    cursor.insertText(text);
    cursor.endEditBlock();
    m_sentence->readNow();
}

void RuleEditor::showBuilder(bool on)
{
    if (on == m_isBuilding)
        return;
    if (!on) {
        setBuilding(false);
        enter();
        return;
    }
    m_sentence->readNow();
    if (m_sentence->toPlainText().trimmed().isEmpty() && !m_sentence->isReadOnly())
        replaceText(tr("rule \"New rule\"\n  when no agent reply for 2h\n  then notify manager\n"));
    if (!isOneRule())
        return;
    m_builder->setDocument(m_sentence->parsed().document);
    setBuilding(true);
    enter();
}

void RuleEditor::setBuilding(bool on)
{
    if (m_isBuilding == on)
        return;
    m_isBuilding = on;
    m_builder->setVisible(on);
    m_sentence->setVisible(!on);
    m_toggle->setText(on ? tr("Write as a sentence") : tr("Build in rows"));
    m_toggle->setAccessibleName(m_toggle->text());
    emit modeChanged();
}

void RuleEditor::onRead()
{
    m_findings.clear();
    // Another rule in rows; one that cannot be read stands as its sentence, where it can be mended.
    if (m_isBuilding && isOneRule())
        m_builder->setDocument(m_sentence->parsed().document);
    else if (m_isBuilding)
        setBuilding(false);
    showLines();
}

void RuleEditor::takeFromBuilder()
{
    replaceText(rules::print(m_builder->document()));
}

bool RuleEditor::isOneRule() const
{
    const rules::Document &document = m_sentence->parsed().document;
    return m_sentence->parsed().isWhole() && document.rules.size() == 1 && document.lists.empty()
        && document.policies.empty();
}

QString RuleEditor::ruleName() const
{
    return isOneRule() ? m_sentence->parsed().document.rules.front().name : QString();
}

void RuleEditor::setFindings(const std::vector<rules::Finding> &findings)
{
    m_findings = findings;
    m_sentence->setFindings(findings);
    showLines();
}

void RuleEditor::setAdviceShown(bool on)
{
    if (m_isAdviceShown == on)
        return;
    m_isAdviceShown = on;
    showLines();
}

void RuleEditor::addLine(const QString &text, Icon picture, Token colour, qsizetype start)
{
    auto *item = new QListWidgetItem(icon(picture, palette(), colour), plainLines(text, 600, 6));
    item->setData(Qt::UserRole, qint64(start));
    item->setData(Qt::AccessibleTextRole, item->text());
    m_problems->addItem(item);
}

/// As high as the lines are at this width; Qt's list would give each the height of an unbroken one.
void RuleEditor::fitLines()
{
    const int room = width() - m_problems->iconSize().width() - 3 * space::Inner;
    int height = 2;
    for (int row = 0; row < m_problems->count(); ++row) {
        QListWidgetItem *item = m_problems->item(row);
        const int lines = m_problems->fontMetrics()
                              .boundingRect(QRect(0, 0, std::max(room, 80), QWIDGETSIZE_MAX),
                                  Qt::TextWordWrap, item->text())
                              .height();
        item->setSizeHint({ 0, lines + space::Tight });
        height += lines + space::Tight;
    }
    m_problems->setFixedHeight(std::min(height, MostHeight));
}

void RuleEditor::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (event->size().width() != event->oldSize().width())
        fitLines();
}

void RuleEditor::showLines()
{
    m_problems->clear();
    const rules::Parsed &parsed = m_sentence->parsed();
    const bool isEmpty = m_sentence->toPlainText().trimmed().isEmpty();
    for (const rules::Problem &problem : parsed.problems) {
        if (m_problems->count() < MostProblems && !isEmpty)
            addLine(problem.text(), Icon::Warning, Token::Breached, problem.start);
    }
    if (parsed.isWhole() && !isEmpty && !isOneRule())
        addLine(
            tr("Write exactly one rule here; lists and priority policies have texts of their own."),
            Icon::Warning, Token::Breached, 0);
    for (const rules::Finding &finding : m_findings) {
        const bool isWrong = finding.gravity == rules::Gravity::Wrong;
        if (m_problems->count() < MostProblems && (isWrong || m_isAdviceShown))
            addLine(finding.message, Icon::Warning, isWrong ? Token::Breached : Token::AtRisk,
                finding.place.start);
    }
    m_problems->setVisible(m_problems->count() > 0);
    fitLines();
    m_good->setText(isEmpty
            ? tr("Write what must be so, and what then happens. Ctrl+Space offers what "
                 "could come next.")
            : tr("It can be read."));
    m_good->setVisible(isEmpty || m_problems->count() == 0);
    const bool canBuild = isOneRule() || (isEmpty && !m_sentence->isReadOnly());
    m_toggle->setEnabled(m_isBuilding || canBuild);
    setPlainToolTip(m_toggle,
        canBuild ? tr("The same rule in the other form; nothing is lost between them")
                 : tr("Mend the sentence first: rows need a rule that can be read."));
    // Heard once it changes, not at every key.
    const QString first = m_problems->count() > 0 ? m_problems->item(0)->text() : QString();
    if (m_problems->property("heard").toString() != first) {
        m_problems->setProperty("heard", first);
        announce(m_problems, first.isEmpty() ? m_good->text() : first);
    }
}

QStringList RuleEditor::said() const
{
    QStringList lines;
    for (int row = 0; row < m_problems->count(); ++row)
        lines.append(m_problems->item(row)->text());
    return lines;
}

} // namespace tierline::ui
