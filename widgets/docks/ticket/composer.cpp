#include "widgets/docks/ticket/composer.h"

#include "widgets/common/accessible.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"
#include "widgets/docks/ticket/column.h"
#include "widgets/docks/ticket/verbbar.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

Composer::Composer(Workbench &workbench, QWidget *parent)
    : QFrame(parent)
    , m_workbench(workbench)
    , m_reply(named(new QToolButton, u"composeReply"_s, tr("Write a reply")))
    , m_note(named(new QToolButton, u"composeNote"_s, tr("Write an internal note")))
    , m_hint(new PlainLabel)
    , m_edit(named(new QPlainTextEdit, u"composer"_s, tr("Reply")))
    , m_send(named(new QPushButton, u"send"_s, tr("Send")))
{
    for (QToolButton *kind : { m_reply, m_note }) {
        kind->setCheckable(true);
        kind->setAutoRaise(true);
        kind->setToolButtonStyle(Qt::ToolButtonTextOnly);
    }
    m_reply->setText(tr("Reply"));
    m_note->setText(tr("Internal note"));
    setTextRole(m_hint, TextRole::Muted);
    m_edit->setTabChangesFocus(true);
    m_edit->setMaximumHeight(96);
    m_edit->setMinimumHeight(68);
    m_edit->installEventFilter(this);
    setProminence(m_send, Prominence::Primary);

    auto *top = new QHBoxLayout;
    top->setSpacing(space::Hair);
    top->addWidget(m_reply);
    top->addWidget(m_note);
    top->addStretch();
    top->addWidget(m_hint);
    auto *bottom = new QHBoxLayout;
    bottom->setSpacing(space::Tight);
    bottom->addWidget(m_send);
    bottom->addWidget(new VerbBar(m_workbench), 1);
    auto *layout = new QVBoxLayout(inColumn(this));
    layout->setContentsMargins(space::Apart, space::Tight, space::Apart, space::Inner);
    layout->setSpacing(space::Tight);
    layout->addLayout(top);
    layout->addWidget(m_edit);
    layout->addLayout(bottom);

    connect(m_reply, &QToolButton::clicked, this, [this] { begin(false); });
    connect(m_note, &QToolButton::clicked, this, [this] { begin(true); });
    connect(m_send, &QPushButton::clicked, this, &Composer::send);
    connect(m_edit, &QPlainTextEdit::textChanged, this, &Composer::refresh);
    connect(&m_workbench, &Workbench::currentChanged, this, &Composer::onCurrent);
    connect(&m_workbench, &Workbench::ticketChanged, this, &Composer::refresh);
    setKind(false);
}

void Composer::begin(bool isNote)
{
    // A draft that has begun keeps its kind: what was written for colleagues cannot slip to the
    // customer. Only an empty one changes.
    if (m_edit->toPlainText().trimmed().isEmpty())
        setKind(isNote);
    else if (isNote != m_isNote)
        m_hint->setText(m_isNote ? tr("Send or clear this note before writing a reply.")
                                 : tr("Send or clear this reply before writing a note."));
    m_reply->setChecked(!m_isNote);
    m_note->setChecked(m_isNote);
    m_edit->setFocus();
}

void Composer::setKind(bool isNote)
{
    m_isNote = isNote;
    m_edit->setAccessibleName(isNote ? tr("Internal note") : tr("Reply"));
    m_edit->setPlaceholderText(
        isNote ? tr("Only your team sees this.") : tr("Write to the customer. Ctrl Enter sends."));
    const Theme &theme = Theme::of(this);
    QPalette palette = m_edit->palette();
    palette.setColor(QPalette::Base, theme[isNote ? Token::NoteGround : Token::Panel]);
    palette.setColor(QPalette::Text, theme[isNote ? Token::NoteText : Token::Text]);
    m_edit->setPalette(palette);
    refresh();
    update();
}

void Composer::onCurrent(TicketId ticket)
{
    keepDraft();
    m_ticket = ticket;
    const Draft draft = m_drafts.value(ticket.v);
    m_edit->setPlainText(draft.text);
    setKind(draft.isNote);
}

void Composer::keepDraft()
{
    if (!m_ticket)
        return;
    const QString text = m_edit->toPlainText();
    if (text.trimmed().isEmpty())
        m_drafts.remove(m_ticket.v);
    else
        m_drafts.insert(m_ticket.v, { text, m_isNote });
}

void Composer::refresh()
{
    const bool hasText = !m_edit->toPlainText().trimmed().isEmpty();
    const bool mayWrite = m_workbench.verbs().action(Verbs::Reply)->isEnabled();
    m_reply->setChecked(!m_isNote);
    m_note->setChecked(m_isNote);
    m_send->setText(m_isNote ? tr("Add note") : tr("Send reply"));
    m_send->setAccessibleName(m_send->text());
    m_send->setEnabled(hasText && mayWrite);
    m_edit->setEnabled(mayWrite);
    m_hint->setText(hasText ? tr("draft kept") : QString());
}

void Composer::send()
{
    const auto &open = m_workbench.ticket();
    const QString text = m_edit->toPlainText().trimmed();
    if (!open || text.isEmpty() || open->details.state.ticket.id != m_ticket)
        return;
    const QString key = open->details.state.ticket.key;
    const TicketId ticket = m_ticket;
    // Taken out of the box at once, and put back where it could not be written.
    m_edit->clear();
    const bool isNote = m_isNote;
    auto sent = isNote
        ? m_workbench.run(commands::Note { key, text, {} }, tr("Note added to %1.").arg(key))
        : m_workbench.run(commands::Reply { key, text }, tr("Reply to %1 sent.").arg(key));
    sent.then(this, [this, ticket, text, isNote](const Result<commands::Outcome> &outcome) {
        if (outcome) {
            m_drafts.remove(ticket.v);
            return;
        }
        if (ticket != m_ticket) {
            m_drafts.insert(ticket.v, { text, isNote });
        } else if (m_edit->toPlainText().isEmpty()) {
            setKind(isNote);
            m_edit->setPlainText(text);
        }
    });
}

bool Composer::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_edit && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool isEnter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (isEnter && (key->modifiers() & Qt::ControlModifier)) {
            send();
            return true;
        }
        if (key->key() == Qt::Key_Escape) {
            emit left();
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

void Composer::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        setKind(m_isNote);
}

void Composer::paintEvent(QPaintEvent *)
{
    const Theme &theme = Theme::of(this);
    QPainter painter(this);
    painter.fillRect(rect(), theme[Token::Panel]);
    painter.fillRect(QRect(0, 0, width(), 1), theme[Token::Border]);
    if (m_isNote)
        painter.fillRect(QRect(0, 1, 3, height()), theme[Token::AtRisk]);
}

} // namespace tierline::ui
