#include "widgets/common/messagebox.h"

#include "widgets/common/dialogseams.h"
#include "widgets/common/errortext.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace tierline::ui {

namespace {

constexpr int TextWidth = 400;

PlainLabel *paragraph(const QString &text, TextRole role)
{
    auto *label = new PlainLabel(plainLines(text, 2'000, 16));
    setTextRole(label, role);
    label->setWordWrap(true);
    label->setFixedWidth(TextWidth);
    return label;
}

} // namespace

MessageBox::MessageBox(const Question &question, bool hasCancel, QWidget *parent)
    : QDialog(parent)
{
    setObjectName(u"messageBox"_s);
    setWindowTitle(oneLine(question.title, 120));
    setAccessibleName(windowTitle());
    setAccessibleDescription(plainLines(question.text));
    setModal(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::Wide, space::Wide, space::Wide, space::Apart);
    column->setSpacing(space::Tight);
    column->setSizeConstraint(QLayout::SetFixedSize);
    column->addWidget(paragraph(question.title, TextRole::Title));
    if (!question.text.isEmpty())
        column->addWidget(paragraph(question.text, TextRole::Body));
    if (!question.detail.isEmpty())
        column->addWidget(paragraph(question.detail, TextRole::Muted));
    column->addSpacing(space::Apart - space::Tight);

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(space::Tight);
    buttons->addStretch();
    m_action = new QPushButton(question.action.isEmpty() ? tr("Close") : question.action);
    m_action->setObjectName(u"action"_s);
    setProminence(m_action,
        question.isDestructive ? Prominence::Danger
            : hasCancel        ? Prominence::Primary
                               : Prominence::Normal);
    connect(m_action, &QPushButton::clicked, this, &QDialog::accept);
    if (hasCancel) {
        auto *cancel = new QPushButton(tr("Cancel"));
        cancel->setObjectName(u"cancel"_s);
        connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
        buttons->addWidget(cancel);
        if (question.isDestructive)
            cancel->setDefault(true);
    }
    buttons->addWidget(m_action);
    if (!question.isDestructive || !hasCancel)
        m_action->setDefault(true);
    column->addLayout(buttons);
}

void MessageBox::ask(
    QWidget *parent, const Question &question, QObject *context, std::function<void(bool)> answered)
{
    if (const auto answer = QueuedAnswers::take(question.title + u'\n' + question.text)) {
        QMetaObject::invokeMethod(
            context, [answered, yes = answer->isConfirmed] { answered(yes); },
            Qt::QueuedConnection);
        return;
    }
    auto *box = new MessageBox(question, true, parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    connect(box, &QDialog::finished, context,
        [answered](int code) { answered(code == QDialog::Accepted); });
    box->open();
}

void MessageBox::tell(
    QWidget *parent, const QString &title, const QString &text, const QString &detail)
{
    if (QueuedAnswers::take(title + u'\n' + text))
        return;
    auto *box = new MessageBox({ title, text, detail, {} }, false, parent);
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->open();
}

void MessageBox::tell(QWidget *parent, const Error &error)
{
    if (error.fault == Fault::Cancelled)
        return;
    const ErrorText text = errorText(error);
    QStringList rest { text.means, text.todo };
    rest.removeAll(QString());
    tell(parent, text.what, rest.join(u' '), text.detail);
}

} // namespace tierline::ui
