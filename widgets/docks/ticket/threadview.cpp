#include "widgets/docks/ticket/threadview.h"

#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"

#include <QAbstractTextDocumentLayout>
#include <QLocale>
#include <QPainter>
#include <QScrollBar>
#include <QTextFrame>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {
const QString showAllLink = u"tierline:all"_s;
constexpr int EdgeWidth = 3;
} // namespace

ThreadView::ThreadView(TimeWords words, QWidget *parent)
    : SafeBrowser(parent)
    , m_words(std::move(words))
{
    setObjectName(u"thread"_s);
    setAccessibleName(tr("Conversation"));
    document()->setDocumentMargin(space::Apart);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(this, &SafeBrowser::ownLinkClicked, this, [this] {
        m_showsAll = true;
        build();
    });
}

void ThreadView::clearTicket()
{
    m_ticket.reset();
    m_edges.clear();
    clear();
}

void ThreadView::show(
    const std::shared_ptr<const desk::OpenTicket> &ticket, const desk::People &people)
{
    const bool isSame
        = m_ticket && ticket->details.state.ticket.id == m_ticket->details.state.ticket.id;
    QScrollBar *bar = verticalScrollBar();
    const bool wasAtEnd = bar->value() >= bar->maximum() - space::Wide;
    const int place = bar->value();
    if (!isSame)
        m_showsAll = false;
    m_ticket = ticket;
    m_people = &people;
    build();
    bar->setValue(isSame && !wasAtEnd ? place : bar->maximum());
}

QString ThreadView::labelOf(const desk::ThreadEntry &entry) const
{
    switch (entry.message.kind) {
    case MessageKind::InternalNote: return tr("Internal note · ");
    case MessageKind::BotTurn: return tr("Bot · ");
    case MessageKind::System: return tr("System · ");
    case MessageKind::PublicReply: break;
    }
    return {};
}

void ThreadView::addHead(QTextCursor &cursor, const desk::ThreadEntry &entry)
{
    const Theme &theme = Theme::of(this);
    const Message &m = entry.message;
    const bool isNote = m.kind == MessageKind::InternalNote;
    QTextCharFormat strong, muted;
    strong.setFont(textFont(TextRole::Strong));
    strong.setForeground(theme[isNote ? Token::NoteText : Token::Text]);
    muted.setFont(textFont(TextRole::Muted));
    muted.setForeground(theme[isNote ? Token::NoteText : Token::Muted]);
    const QString who = oneLine(
        m.author == AuthorKind::Agent ? m_people->nameOf(m.authorName) : m.authorName, 80);
    cursor.insertText(labelOf(entry) + (who.isEmpty() ? tr("Customer") : who), strong);
    QString aside = u" · "_s + m_words.exact(m.at);
    if (m.author == AuthorKind::Agent && m.kind == MessageKind::PublicReply)
        aside = tr(" to customer") + aside;
    cursor.insertText(aside, muted);
}

void ThreadView::addEntry(QTextCursor &cursor, const desk::ThreadEntry &entry)
{
    const Theme &theme = Theme::of(this);
    const MessageKind kind = entry.message.kind;
    QTextFrameFormat format;
    format.setBorder(0);
    format.setBottomMargin(space::Inner);
    if (kind == MessageKind::InternalNote || kind == MessageKind::BotTurn) {
        format.setBackground(
            theme[kind == MessageKind::InternalNote ? Token::NoteGround : Token::BotGround]);
        format.setPadding(space::Inner);
    }
    QTextFrame *frame = cursor.insertFrame(format);
    if (kind == MessageKind::InternalNote)
        m_edges.append({ frame, true });

    QTextBlockFormat block;
    block.setBottomMargin(space::Hair);
    cursor.setBlockFormat(block);
    addHead(cursor, entry);
    QTextBlockFormat body;
    body.setLineHeight(ReadingLineHeight * 100, QTextBlockFormat::ProportionalHeight);
    QTextCharFormat text;
    text.setFont(textFont(TextRole::Body));
    text.setForeground(theme[kind == MessageKind::InternalNote ? Token::NoteText : Token::Text]);
    cursor.insertBlock(body, text);
    cursor.insertHtml(entry.html);

    QStringList hints;
    if (!entry.blockedPictures.isEmpty())
        hints.append(tr(
            "%Ln picture(s) from the web not loaded", nullptr, int(entry.blockedPictures.size())));
    if (entry.isShortened)
        hints.append(tr("shortened; the original is kept"));
    for (const Attachment &file : entry.attachments)
        hints.append(
            oneLine(file.name, 80) + u" ("_s + QLocale().formattedDataSize(file.size) + u')');
    if (!hints.isEmpty()) {
        QTextCharFormat muted;
        muted.setFont(textFont(TextRole::Muted));
        muted.setForeground(
            theme[kind == MessageKind::InternalNote ? Token::NoteText : Token::Muted]);
        block.setTopMargin(space::Hair);
        cursor.insertBlock(block, muted);
        cursor.insertText(hints.join(u" · "_s), muted);
    }
}

void ThreadView::build()
{
    m_edges.clear();
    if (!m_ticket)
        return;
    // Built beside the view and put in whole: the layout runs once.
    setUpdatesEnabled(false);
    QTextDocument *doc = document();
    doc->clear();
    doc->setDefaultFont(textFont(TextRole::Body));
    doc->setDefaultStyleSheet(u"a { color: %1 } pre, code { font-family: monospace }"_s.arg(
        Theme::of(this)[Token::Accent].name()));
    QTextCursor cursor(doc);
    cursor.beginEditBlock();
    const auto &thread = m_ticket->thread;
    const size_t first
        = m_showsAll || thread.size() <= FirstEntries ? 0 : thread.size() - FirstEntries;
    if (first > 0) {
        cursor.insertHtml(u"<a href=\"%1\">%2</a>"_s.arg(
            showAllLink, tr("Show %Ln earlier entries", nullptr, int(first)).toHtmlEscaped()));
    }
    for (size_t i = first; i < thread.size(); ++i) {
        addEntry(cursor, thread[i]);
        cursor.movePosition(QTextCursor::End);
    }
    cursor.endEditBlock();
    setUpdatesEnabled(true);
}

void ThreadView::paintEvent(QPaintEvent *event)
{
    SafeBrowser::paintEvent(event);
    // A text frame has one border all around; the edge of a note is drawn beside it.
    QPainter painter(viewport());
    const QColor edge = Theme::of(this)[Token::AtRisk];
    const int shift = verticalScrollBar()->value();
    for (const auto &[frame, isNote] : std::as_const(m_edges)) {
        if (!frame || !isNote)
            continue;
        const QRectF rect
            = document()->documentLayout()->frameBoundingRect(frame).translated(0, -shift);
        if (rect.bottom() < 0 || rect.top() > viewport()->height())
            continue;
        painter.fillRect(
            QRectF(rect.left(), rect.top(), EdgeWidth, rect.height() - space::Inner), edge);
    }
}

void ThreadView::changeEvent(QEvent *event)
{
    SafeBrowser::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        build();
}

} // namespace tierline::ui
