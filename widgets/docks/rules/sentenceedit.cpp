#include "widgets/docks/rules/sentenceedit.h"

#include "core/rules/words.h"
#include "widgets/common/accessible.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"

#include <QAbstractTextDocumentLayout>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QListView>
#include <QPainter>
#include <QScrollBar>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QSyntaxHighlighter>
#include <QTextEdit>
#include <QToolTip>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int Pause = 120; ///< ms after the last key until the text is read
constexpr int TallLines = 14; ///< of the field, however little is in it
constexpr int OfferRows = 8;
constexpr int OfferWidth = 420;

/// A way to go on, with what it means at its right.
class OfferDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
        const QModelIndex &index) const override
    {
        const Theme &theme = Theme::of(option.palette);
        painter->save();
        painter->fillRect(option.rect,
            theme[option.state & QStyle::State_Selected ? Token::Selection : Token::Panel]);
        const QRect room = option.rect.adjusted(space::Tight, 0, -space::Tight, 0);
        const QFont body = textFont(TextRole::Body), muted = textFont(TextRole::Muted);
        const QString text = index.data().toString();
        const int width = std::min(QFontMetrics(body).horizontalAdvance(text), room.width());
        painter->setFont(body);
        painter->setPen(theme[Token::Text]);
        painter->drawText(room, int(Qt::AlignVCenter | Qt::AlignLeft) | Qt::TextSingleLine,
            QFontMetrics(body).elidedText(text, Qt::ElideRight, room.width()));
        const QRect rest = room.adjusted(width + space::Apart, 0, 0, 0);
        if (rest.width() > 80) {
            painter->setFont(muted);
            painter->setPen(theme[Token::Muted]);
            painter->drawText(rest, int(Qt::AlignVCenter | Qt::AlignRight) | Qt::TextSingleLine,
                QFontMetrics(muted).elidedText(
                    index.data(Qt::UserRole).toString(), Qt::ElideRight, rest.width()));
        }
        painter->restore();
    }
    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        return { 200,
            std::max(HitArea, QFontMetrics(textFont(TextRole::Body)).height() + space::Tight) };
    }
};

} // namespace

/// The words of the language a little heavier, comments lighter.
class SentenceEdit::Words final : public QSyntaxHighlighter
{
public:
    explicit Words(SentenceEdit *edit)
        : QSyntaxHighlighter(edit->document())
        , m_edit(edit)
    {
    }

protected:
    void highlightBlock(const QString &text) override
    {
        const Theme &theme = Theme::of(m_edit);
        QTextCharFormat strong, comment;
        strong.setFontWeight(QFont::DemiBold);
        comment.setForeground(theme[Token::Muted]);
        bool isQuoted = false;
        for (qsizetype i = 0; i < text.size(); ++i) {
            const QChar c = text[i];
            if (c == u'\\' && isQuoted) {
                ++i;
            } else if (c == u'"') {
                isQuoted = !isQuoted;
            } else if (c == u'#' && !isQuoted) {
                setFormat(int(i), int(text.size() - i), comment);
                return;
            } else if (!isQuoted && rules::isWordStart(c)
                && (i == 0 || !rules::isWordPart(text[i - 1]))) {
                qsizetype end = i;
                while (end < text.size() && rules::isWordPart(text[end]))
                    ++end;
                const QStringView word = QStringView(text).mid(i, end - i);
                for (const char16_t *key : { u"rule", u"when", u"then", u"and", u"or", u"not",
                         u"list", u"stop", u"continue" }) {
                    if (word.compare(QStringView(key), Qt::CaseInsensitive) == 0)
                        setFormat(int(i), int(end - i), strong);
                }
                i = end - 1;
            }
        }
    }

private:
    SentenceEdit *m_edit;
};

SentenceEdit::SentenceEdit(QWidget *parent)
    : QPlainTextEdit(parent)
    , m_offers(named(new QListView(this), u"offers"_s, tr("What could come next")))
    , m_rows(new QStandardItemModel(this))
    , m_highlighter(new Words(this))
{
    named(this, u"sentence"_s, tr("The rule as a sentence"),
        tr("Ctrl+Space offers what could come next"));
    setTabChangesFocus(true);
    setLineWrapMode(WidgetWidth);
    m_offers->setModel(m_rows);
    m_offers->setItemDelegate(new OfferDelegate(m_offers));
    m_offers->setFocusPolicy(Qt::NoFocus);
    m_offers->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_offers->setUniformItemSizes(true);
    m_offers->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_offers->setAutoFillBackground(true);
    m_offers->hide();
    connect(m_offers, &QListView::clicked, this, &SentenceEdit::take);
    connect(document()->documentLayout(), &QAbstractTextDocumentLayout::documentSizeChanged, this,
        &SentenceEdit::fitHeight);
    fitHeight();
    m_wait.setSingleShot(true);
    m_wait.setInterval(Pause);
    connect(&m_wait, &QTimer::timeout, this, &SentenceEdit::readNow);
    connect(this, &QPlainTextEdit::textChanged, this, [this] {
        m_findings.clear();
        m_wait.start();
    });
}

/// As tall as a long rule at most, and as what is written in it: a tall dock is no field of nothing.
void SentenceEdit::fitHeight()
{
    // A plain text's layout counts in lines.
    const int lines = int(document()->documentLayout()->documentSize().height()) + 2;
    setMaximumHeight(std::max(lines, TallLines) * fontMetrics().lineSpacing()
        + 2 * (frameWidth() + int(document()->documentMargin())));
}

SentenceEdit::~SentenceEdit()
{
    // It is the window's child by then, and shows rows of ours.
    delete m_offers;
}

void SentenceEdit::setWords(const RuleWords &words)
{
    m_words = words;
    readNow();
}

void SentenceEdit::setFindings(const std::vector<rules::Finding> &findings)
{
    m_findings = findings;
    underline();
}

void SentenceEdit::readNow()
{
    m_wait.stop();
    const QString text = toPlainText();
    if (text.size() > mostCharacters) {
        m_parsed = {};
        m_parsed.problems.push_back({ .start = mostCharacters,
            .length = text.size() - mostCharacters,
            .message = tr("This is longer than %1 characters: split it into several rules.")
                           .arg(mostCharacters) });
    } else {
        m_parsed = rules::parse(QStringView(text), m_words.vocabulary);
    }
    underline();
    emit read();
}

void SentenceEdit::underline()
{
    const Theme &theme = Theme::of(this);
    QList<QTextEdit::ExtraSelection> all;
    const qsizetype size = document()->characterCount() - 1;
    const auto mark = [&](qsizetype start, qsizetype length, Token token) {
        QTextEdit::ExtraSelection one;
        one.cursor = QTextCursor(document());
        // At the end of the text there is nothing to underline but what stands before it.
        if (start >= size || length == 0)
            start = std::max<qsizetype>(0, std::min(start, size) - 1);
        one.cursor.setPosition(int(std::clamp<qsizetype>(start, 0, size)));
        one.cursor.setPosition(
            int(std::clamp<qsizetype>(start + std::max<qsizetype>(1, length), 0, size)),
            QTextCursor::KeepAnchor);
        one.format.setUnderlineStyle(QTextCharFormat::WaveUnderline);
        one.format.setUnderlineColor(theme[token]);
        all.append(one);
    };
    for (const rules::Problem &problem : m_parsed.problems)
        mark(problem.start, problem.length, Token::Breached);
    for (const rules::Finding &finding : m_findings)
        mark(finding.place.start, finding.place.length, Token::AtRisk);
    setExtraSelections(all);
}

void SentenceEdit::goTo(qsizetype start)
{
    QTextCursor cursor(document());
    cursor.setPosition(int(std::clamp<qsizetype>(start, 0, document()->characterCount() - 1)));
    setTextCursor(cursor);
    ensureCursorVisible();
    setFocus(Qt::OtherFocusReason);
}

bool SentenceEdit::isOffering() const
{
    return m_offers && m_offers->isVisible();
}

void SentenceEdit::offer(bool isAsked)
{
    const QString text = toPlainText();
    const int cursor = textCursor().position();
    m_found = text.size() > mostCharacters ? Completions {} : complete(text, cursor, m_words);
    // By itself only for a word that is begun; the whole of it needs no offer.
    const bool hasBegun = cursor > m_found.start;
    if (m_found.items.isEmpty() || (!isAsked && !hasBegun)) {
        closeOffers();
        return;
    }
    m_rows->clear();
    for (const Completion &item : std::as_const(m_found.items)) {
        auto *row = new QStandardItem(item.text);
        row->setData(item.help, Qt::UserRole);
        row->setData(item.help.isEmpty() ? item.text : item.text + u": "_s + item.help,
            Qt::AccessibleTextRole);
        m_rows->appendRow(row);
    }
    m_offers->setCurrentIndex(m_rows->index(0, 0));
    const int rows = std::min(OfferRows, m_rows->rowCount());
    const QSize size(std::min(OfferWidth, viewport()->width()),
        rows * m_offers->sizeHintForRow(0) + 2 * m_offers->frameWidth());
    m_offers->resize(size);
    // Over whatever stands below, inside the window; above the line where there is more room.
    QWidget *top = window();
    if (m_offers->parentWidget() != top)
        m_offers->setParent(top);
    const QRect line = cursorRect();
    QPoint place = viewport()->mapTo(top, line.bottomLeft() + QPoint(0, space::Hair));
    const int above = viewport()->mapTo(top, line.topLeft()).y() - space::Hair - size.height();
    if (place.y() + size.height() > top->height() && above >= 0)
        place.setY(above);
    place.setX(std::clamp(place.x(), 0, std::max(0, top->width() - size.width())));
    m_offers->move(place);
    m_offers->raise();
    m_offers->show();
    announce(this,
        tr("%Ln ways to go on; the first: %1", nullptr, m_rows->rowCount())
            .arg(m_found.items.first().text));
}

void SentenceEdit::closeOffers()
{
    if (m_offers)
        m_offers->hide();
}

void SentenceEdit::take()
{
    const int row = m_offers->currentIndex().row();
    closeOffers();
    if (row < 0 || row >= m_found.items.size())
        return;
    const QString text = m_found.items[row].text;
    QTextCursor cursor = textCursor();
    cursor.setPosition(int(m_found.start), QTextCursor::KeepAnchor);
    cursor.insertText(text == u"rule \"\"" ? text : text + u' ');
    if (text.endsWith(u"\"\""))
        cursor.movePosition(QTextCursor::PreviousCharacter);
    setTextCursor(cursor);
    readNow();
}

bool SentenceEdit::handleOfferKey(QKeyEvent *event)
{
    const int row = m_offers->currentIndex().row();
    switch (event->key()) {
    case Qt::Key_Down:
        m_offers->setCurrentIndex(m_rows->index(std::min(row + 1, m_rows->rowCount() - 1), 0));
        return true;
    case Qt::Key_Up: m_offers->setCurrentIndex(m_rows->index(std::max(row - 1, 0), 0)); return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (event->modifiers() & Qt::ControlModifier)
            return false;
        take();
        return true;
    case Qt::Key_Tab: take(); return true;
    case Qt::Key_Escape: closeOffers(); return true;
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Home:
    case Qt::Key_End: closeOffers(); return false;
    default: return false;
    }
}

void SentenceEdit::keyPressEvent(QKeyEvent *event)
{
    if (isOffering() && handleOfferKey(event)) {
        event->accept();
        return;
    }
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier) {
        offer(true);
        return;
    }
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isEnter && (event->modifiers() & Qt::ControlModifier)) {
        closeOffers();
        event->ignore(); // whoever has the editor saves
        return;
    }
    const QString before = toPlainText();
    QPlainTextEdit::keyPressEvent(event);
    if (isReadOnly() || toPlainText() == before)
        return;
    const QString typed = event->text();
    const bool isWord = !typed.isEmpty() && (typed.front().isLetterOrNumber() || typed == u"\"");
    if (isWord || (isOffering() && event->key() == Qt::Key_Backspace)
        || (isOffering() && typed == u" "))
        offer(false);
    else
        closeOffers();
}

void SentenceEdit::focusOutEvent(QFocusEvent *event)
{
    closeOffers();
    QPlainTextEdit::focusOutEvent(event);
}

void SentenceEdit::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        fitHeight();
    if (event->type() == QEvent::PaletteChange) {
        underline();
        m_highlighter->rehighlight();
    }
}

QString SentenceEdit::problemAt(const QPoint &point) const
{
    const qsizetype at = cursorForPosition(point).position();
    const auto holds = [at](qsizetype start, qsizetype length) {
        return at >= start && at <= start + std::max<qsizetype>(1, length);
    };
    for (const rules::Problem &problem : m_parsed.problems) {
        if (holds(problem.start, problem.length))
            return problem.text();
    }
    for (const rules::Finding &finding : m_findings) {
        if (holds(finding.place.start, finding.place.length))
            return finding.message;
    }
    return {};
}

bool SentenceEdit::event(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        const QString problem = problemAt(viewport()->mapFromGlobal(help->globalPos()));
        if (problem.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), asRichSource(plainLines(problem)), this);
        return true;
    }
    // Esc closes the offers before it closes anything else.
    if (event->type() == QEvent::ShortcutOverride && isOffering()) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Escape || key->key() == Qt::Key_Return
            || key->key() == Qt::Key_Tab) {
            event->accept();
            return true;
        }
    }
    // Tab is a key of its own only while something is offered.
    if (event->type() == QEvent::KeyPress && isOffering()
        && static_cast<QKeyEvent *>(event)->key() == Qt::Key_Tab) {
        keyPressEvent(static_cast<QKeyEvent *>(event));
        return true;
    }
    return QPlainTextEdit::event(event);
}

} // namespace tierline::ui
