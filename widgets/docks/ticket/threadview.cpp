#include "widgets/docks/ticket/threadview.h"

#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"
#include "widgets/docks/ticket/actorwords.h"

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

/// Qt keeps an empty line before and after each frame; it takes no room.
void closeGap(QTextCursor &cursor)
{
    QTextBlockFormat flat;
    flat.setLineHeight(1, QTextBlockFormat::FixedHeight);
    cursor.setBlockFormat(flat);
}

/// The text of HTML that holds nothing but text and line breaks: it needs no parser.
std::optional<QString> plainOf(const QString &html)
{
    if (html.contains(u'&') || html.count(u'<') != html.count("<br>"_L1))
        return std::nullopt;
    QString text = html;
    return text.replace("<br>"_L1, QString(QChar(QChar::LineSeparator)));
}

} // namespace

ThreadView::ThreadView(TimeWords words, QWidget *parent)
    : SafeBrowser(parent)
    , m_words(std::move(words))
{
    setObjectName(u"thread"_s);
    setAccessibleName(tr("Conversation"));
    document()->setDocumentMargin(space::Apart);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(this, &SafeBrowser::ownLinkClicked, this, &ThreadView::follow);
    m_earlier.setSingleShot(true);
    m_earlier.setInterval(0);
    connect(&m_earlier, &QTimer::timeout, this, &ThreadView::addEarlier);
}

/// "all", "fetch/12", "stop/12" or "save/12".
void ThreadView::follow(const QString &link)
{
    if (link == u"all") {
        m_showsAll = true;
        build(true);
        return;
    }
    const QString what = link.section(u'/', 0, 0);
    const qint64 id = link.section(u'/', 1).toLongLong();
    if (what == u"fetch")
        emit fetchWanted(id);
    else if (what == u"stop")
        emit stopWanted(id);
    else if (what == u"save" && m_ticket) {
        for (const Attachment &file : m_ticket->details.attachments) {
            if (file.id == id)
                emit saveWanted(id, file.name);
        }
    }
}

void ThreadView::setFetching(const QSet<qint64> &files)
{
    if (files == m_fetching)
        return;
    m_fetching = files;
    const int place = verticalScrollBar()->value();
    build(true);
    verticalScrollBar()->setValue(place);
}

void ThreadView::clearTicket()
{
    m_ticket.reset();
    m_earlier.stop();
    m_edges.clear();
    m_frames.clear();
    setExtraSelections({});
    clear();
}

void ThreadView::setMarksSigns(bool on)
{
    m_marksSigns = on;
    markSigns();
}

/// Underlined where they stand; nothing is built anew for it.
void ThreadView::markSigns()
{
    QList<QTextEdit::ExtraSelection> marks;
    if (m_marksSigns && m_ticket) {
        const Theme &theme = Theme::of(this);
        QTextCharFormat format;
        format.setUnderlineStyle(QTextCharFormat::SingleUnderline);
        format.setUnderlineColor(theme[Token::AtRisk]);
        format.setBackground(theme[Token::NoteGround]);
        format.setForeground(theme[Token::NoteText]);
        QHash<qint64, int> from; // each word stands behind the one before it
        for (const desk::TicketSigns::Word &word : m_ticket->signs.words) {
            const QTextFrame *frame = m_frames.value(word.message.v);
            if (!frame || word.text.isEmpty())
                continue;
            const int start = from.value(word.message.v, frame->firstPosition());
            const QTextCursor found
                = document()->find(word.text, start, QTextDocument::FindCaseSensitively);
            if (found.isNull() || found.selectionEnd() > frame->lastPosition())
                continue;
            marks.append({ found, format });
            from[word.message.v] = found.selectionStart() + 1;
        }
    }
    setExtraSelections(marks);
}

void ThreadView::show(
    const std::shared_ptr<const desk::OpenTicket> &ticket, const desk::People &people, Instant now)
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
    m_now = now;
    build(isSame);
    bar->setValue(isSame && !wasAtEnd ? place : bar->maximum());
}

void ThreadView::addHead(QTextCursor &cursor, const desk::ThreadEntry &entry)
{
    const Theme &theme = Theme::of(this);
    const Message &m = entry.message;
    const bool isNote = m.kind == MessageKind::InternalNote;
    QTextCharFormat strong, muted;
    strong.setFont(textFont(TextRole::Strong));
    strong.setForeground(theme[Token::Text]);
    muted.setFont(textFont(TextRole::Muted));
    muted.setForeground(theme[isNote ? Token::NoteText : Token::Muted]);
    ActorWords who = authorWords(m, m_ticket->details.requester.name, *m_people);
    if (isNote) {
        strong.setForeground(theme[Token::NoteText]);
        cursor.insertText(tr("Internal note") + u" · "_s, strong);
    } else if (m.kind == MessageKind::BotTurn) {
        who.badge = tr("Bot");
    }
    if (!who.badge.isEmpty()) {
        QTextCharFormat badge = muted;
        badge.setFont(textFont(TextRole::MutedStrong));
        badge.setBackground(theme[Token::Border]);
        badge.setForeground(theme[Token::Text]);
        cursor.insertText(u"\u00a0"_s + who.badge + u"\u00a0"_s, badge);
        cursor.insertText(u" "_s, muted);
    }
    cursor.insertText(who.name, strong);
    if (m.author != AuthorKind::Customer && m.kind == MessageKind::PublicReply)
        cursor.insertText(tr(" to customer"), muted);
    cursor.insertText(who.name.isEmpty() ? QString() : u" · "_s, muted);
    QTextCharFormat when = muted;
    when.setToolTip(m_words.exact(m.at));
    cursor.insertText(m_words.stamp(m.at, m_now), when);
}

void ThreadView::addEntry(QTextCursor &cursor, const desk::ThreadEntry &entry)
{
    const Theme &theme = Theme::of(this);
    const MessageKind kind = entry.message.kind;
    QTextFrameFormat format;
    format.setBorder(0);
    format.setBottomMargin(space::Apart);
    if (kind == MessageKind::InternalNote || kind == MessageKind::BotTurn) {
        format.setBackground(
            theme[kind == MessageKind::InternalNote ? Token::NoteGround : Token::BotGround]);
        format.setPadding(space::Inner);
    }
    QTextFrame *frame = cursor.insertFrame(format);
    m_frames.insert(entry.message.id.v, frame);
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
    if (const auto plain = plainOf(entry.html))
        cursor.insertText(*plain, text);
    else
        cursor.insertHtml(entry.html);

    QStringList hints;
    if (entry.isUnsent)
        hints.append(tr("given up: the helpdesk never got this"));
    if (!entry.blockedPictures.isEmpty())
        hints.append(tr(
            "%Ln picture(s) from the web not loaded", nullptr, int(entry.blockedPictures.size())));
    if (entry.isShortened)
        hints.append(tr("shortened; the original is kept"));
    if (!hints.isEmpty()) {
        QTextCharFormat muted;
        muted.setFont(textFont(TextRole::Muted));
        muted.setForeground(
            theme[kind == MessageKind::InternalNote ? Token::NoteText : Token::Muted]);
        block.setTopMargin(space::Hair);
        cursor.insertBlock(block, muted);
        cursor.insertText(hints.join(u" · "_s), muted);
    }
    addFiles(cursor, entry);
}

/// A row for each file, with what can be done with it.
void ThreadView::addFiles(QTextCursor &cursor, const desk::ThreadEntry &entry)
{
    const Theme &theme = Theme::of(this);
    const bool isNote = entry.message.kind == MessageKind::InternalNote;
    QTextCharFormat muted, link;
    muted.setFont(textFont(TextRole::Muted));
    muted.setForeground(theme[isNote ? Token::NoteText : Token::Muted]);
    link = muted;
    link.setForeground(theme[Token::Accent]);
    link.setAnchor(true);
    link.setFontUnderline(true);
    QTextBlockFormat block;
    block.setTopMargin(space::Hair);
    block.setBottomMargin(space::Hair);
    const auto row = [&](const QString &name, qint64 size, const QString &more, const QString &verb,
                         const QString &href) {
        cursor.insertBlock(block, muted);
        cursor.insertText(
            oneLine(name, 80) + u" ("_s + QLocale().formattedDataSize(size) + u')', muted);
        cursor.insertText(more.isEmpty() ? u" · "_s : u" · "_s + more + u" · "_s, muted);
        link.setAnchorHref(u"tierline:"_s + href);
        cursor.insertText(verb, link);
    };
    for (const Attachment &file : entry.attachments)
        row(file.name, file.size, {}, tr("Save…"), u"save/%1"_s.arg(file.id));
    const QString there = m_ticket ? oneLine(m_ticket->remote.account, 40) : QString();
    for (const desk::RemoteFile &file : entry.filesThere) {
        if (m_fetching.contains(file.id))
            row(file.name, file.size, tr("being fetched from %1").arg(there), tr("Stop"),
                u"stop/%1"_s.arg(file.id));
        else
            row(file.name, file.size, tr("still at %1").arg(there), tr("Fetch"),
                u"fetch/%1"_s.arg(file.id));
    }
}

void ThreadView::build(bool wholly)
{
    m_edges.clear();
    m_frames.clear();
    if (!m_ticket)
        return;
    // Built beside the view and put in whole: the layout runs once.
    setUpdatesEnabled(false);
    QTextDocument *doc = document();
    doc->clear();
    doc->setDefaultFont(textFont(TextRole::Body));
    doc->setDefaultStyleSheet(u"a { color: %1 } pre, code { font-family: monospace }"_s.arg(
        Theme::of(this)[Token::Accent].name()));
    const size_t count = m_ticket->thread.size();
    m_first = m_showsAll || count <= FirstEntries ? 0 : count - FirstEntries;
    // What is in view first; with the place kept where somebody reads, all of it is needed.
    m_built = wholly || count - m_first <= InView ? m_first : count - InView;
    QTextCursor cursor(doc);
    cursor.beginEditBlock();
    closeGap(cursor);
    if (m_built == m_first)
        addLinkToEarlier(cursor);
    for (size_t i = m_built; i < count; ++i) {
        addEntry(cursor, m_ticket->thread[i]);
        cursor.movePosition(QTextCursor::End);
        closeGap(cursor);
    }
    cursor.endEditBlock();
    markSigns();
    setUpdatesEnabled(true);
    if (m_built > m_first)
        m_earlier.start();
    else
        m_earlier.stop();
}

void ThreadView::addLinkToEarlier(QTextCursor &cursor)
{
    if (m_first > 0) {
        cursor.setBlockFormat({});
        cursor.insertHtml(u"<a href=\"%1\">%2</a>"_s.arg(
            showAllLink, tr("Show %Ln earlier entries", nullptr, int(m_first)).toHtmlEscaped()));
    }
}

/// Puts the entries above those in view, which stay where they are.
void ThreadView::addEarlier()
{
    if (!m_ticket || m_built == m_first)
        return;
    setUpdatesEnabled(false);
    QScrollBar *bar = verticalScrollBar();
    const int fromEnd = bar->maximum() - bar->value();
    QTextCursor cursor(document());
    cursor.beginEditBlock();
    addLinkToEarlier(cursor);
    for (size_t i = m_first; i < m_built; ++i) {
        addEntry(cursor, m_ticket->thread[i]);
        // Behind the frame just made: its end, and one on.
        cursor.setPosition(cursor.currentFrame()->lastPosition() + 1);
        closeGap(cursor);
    }
    cursor.endEditBlock();
    m_built = m_first;
    markSigns();
    bar->setValue(bar->maximum() - fromEnd);
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
            QRectF(rect.left(), rect.top(), EdgeWidth, rect.height() - space::Apart), edge);
    }
}

void ThreadView::changeEvent(QEvent *event)
{
    SafeBrowser::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        build(true);
}

} // namespace tierline::ui
