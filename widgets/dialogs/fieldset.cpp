#include "widgets/dialogs/fieldset.h"

#include "widgets/common/accessible.h"
#include "widgets/common/errortext.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"

#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

/// Asks for its lines and no more; what the dialog has over it takes.
class TextEdit : public QPlainTextEdit
{
public:
    explicit TextEdit(int lines)
        : m_lines(lines)
    {
    }
    QSize sizeHint() const override
    {
        const int chrome = 2 * (frameWidth() + int(document()->documentMargin())) + 2;
        return { 240, m_lines * QFontMetrics(textFont(TextRole::Body)).lineSpacing() + chrome };
    }
    QSize minimumSizeHint() const override { return { 120, sizeHint().height() }; }

private:
    int m_lines;
};

} // namespace

PlainLabel *makeProblemLabel(const QString &objectName)
{
    auto *label = new PlainLabel;
    label->setObjectName(objectName);
    label->setWordWrap(true);
    label->hide();
    return label;
}

QPlainTextEdit *makeTextEdit(int lines, const QString &placeholder)
{
    auto *edit = new TextEdit(lines);
    edit->setPlaceholderText(placeholder);
    edit->setTabChangesFocus(true);
    edit->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::MinimumExpanding);
    return edit;
}

QStringList linesOf(const QPlainTextEdit *edit)
{
    QStringList lines;
    for (const QString &line : edit->toPlainText().split(u'\n')) {
        if (!line.trimmed().isEmpty())
            lines.append(line.trimmed());
    }
    return lines;
}

FieldSet::FieldSet(QWidget *owner)
    : m_owner(owner)
    , m_foot(makeProblemLabel(u"refusal"_s))
{
    m_foot->setParent(owner);
}

QWidget *FieldSet::make(
    const QString &name, const QString &label, QWidget *field, const QString &hint)
{
    auto *block = new QWidget;
    block->setObjectName(u"block."_s + name);
    auto *column = new QVBoxLayout(block);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::Hair);
    if (!label.isEmpty()) {
        auto *title = new PlainLabel(label);
        setTextRole(title, TextRole::MutedStrong);
        tie(title, field);
        column->addWidget(title);
    }
    if (field->objectName().isEmpty())
        field->setObjectName(name);
    column->addWidget(field, 1);
    if (!hint.isEmpty()) {
        auto *below = new PlainLabel(hint);
        below->setWordWrap(true);
        setTextRole(below, TextRole::Muted);
        field->setAccessibleDescription(hint);
        column->addWidget(below);
    }
    // A field of one line keeps to its label: room that is left over is for texts and lists.
    if (!(field->sizePolicy().verticalPolicy() & QSizePolicy::GrowFlag))
        block->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    auto *problem = makeProblemLabel(u"problem."_s + name);
    column->addWidget(problem);
    m_fields.insert(name, { field, problem });
    return block;
}

void FieldSet::say(PlainLabel *label, const QString &text)
{
    label->setText(plainLines(text));
    QPalette palette = m_owner->palette();
    palette.setColor(QPalette::WindowText, Theme::of(m_owner)[Token::Breached]);
    label->setPalette(palette);
    label->show();
    announce(label, text);
}

void FieldSet::refuse(const Error &error)
{
    clear();
    if (error.fault == Fault::Cancelled)
        return;
    const auto field = m_fields.constFind(m_alias.value(error.where, error.where));
    const bool isField = field != m_fields.constEnd() && field->widget->isVisibleTo(m_owner);
    say(isField ? field->problem : m_foot,
        error.detail.isEmpty() ? errorLine(error) : error.detail);
    if (isField)
        field->widget->setFocus();
}

void FieldSet::clear()
{
    m_foot->hide();
    for (const Field &field : std::as_const(m_fields))
        field.problem->hide();
}

QString FieldSet::refusal() const
{
    if (!m_foot->isHidden())
        return m_foot->text();
    const QString name = refusedField();
    return name.isEmpty() ? QString() : m_fields[name].problem->text();
}

QString FieldSet::refusedField() const
{
    for (auto it = m_fields.cbegin(); it != m_fields.cend(); ++it) {
        if (!it->problem->isHidden())
            return it.key();
    }
    return {};
}

} // namespace tierline::ui
