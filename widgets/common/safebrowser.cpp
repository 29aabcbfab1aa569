#include "widgets/common/safebrowser.h"

#include "core/text/links.h"
#include "widgets/common/messagebox.h"
#include "widgets/common/theme.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QImageReader>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextCharFormat>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

SafeBrowser::Opener &opener()
{
    static SafeBrowser::Opener instance;
    return instance;
}

/// What a warning means, in the words of somebody who is about to click.
QString warningText(const text::LinkVerdict &verdict)
{
    using text::LinkWarning;
    QStringList lines;
    if (verdict.has(LinkWarning::TextNamesOtherHost))
        lines.append(SafeBrowser::tr("The text shows %1, but the link goes elsewhere.")
                         .arg(verdict.textHost));
    if (verdict.has(LinkWarning::LooksAlike) || verdict.has(LinkWarning::IsPunycode))
        lines.append(SafeBrowser::tr("The name is written with letters that look like others."));
    if (verdict.has(LinkWarning::HasUserInfo))
        lines.append(SafeBrowser::tr("A sign-in name was hidden in the link; it is left out."));
    if (verdict.has(LinkWarning::IsAddressNumber))
        lines.append(SafeBrowser::tr("It leads to a bare address instead of a name."));
    if (verdict.has(LinkWarning::HasUnusualPort))
        lines.append(SafeBrowser::tr("It uses an unusual port."));
    if (verdict.has(LinkWarning::IsUnencrypted))
        lines.append(SafeBrowser::tr("The connection is not encrypted."));
    return lines.join(u'\n');
}

/// What stands in the place of what is refused. Never nothing: where its view gives it nothing,
/// QTextDocument opens the file, or decodes the data, by itself and without a bound.
QVariant refusal(int type)
{
    if (type != QTextDocument::ImageResource)
        return QString(u""_s);
    QImage blank(16, 16, QImage::Format_ARGB32_Premultiplied);
    blank.fill(0);
    return blank;
}

} // namespace

void SafeBrowser::setOpener(Opener open)
{
    opener() = std::move(open);
}

SafeBrowser::SafeBrowser(QWidget *parent)
    : QTextBrowser(parent)
{
    setOpenLinks(false);
    setOpenExternalLinks(false);
    setUndoRedoEnabled(false);
    setSearchPaths({});
    setFrameShape(NoFrame);
    connect(this, &QTextBrowser::anchorClicked, this, &SafeBrowser::askForLink);
}

void SafeBrowser::setColumn(int most)
{
    m_column = most;
    fitColumn();
}

void SafeBrowser::fitColumn()
{
    const int side = m_column > 0 ? std::max(0, (width() - m_column) / 2) : 0;
    const int bar = verticalScrollBar()->isVisible() ? verticalScrollBar()->width() : 0;
    const QMargins margins(side, 0, std::max(0, side - bar), 0);
    if (viewportMargins() != margins)
        setViewportMargins(margins);
}

void SafeBrowser::resizeEvent(QResizeEvent *event)
{
    QTextBrowser::resizeEvent(event);
    fitColumn();
    // Margins that change within a resize leave the text as wide as it was before.
    if (lineWrapMode() == WidgetWidth && int(document()->textWidth()) != viewport()->width())
        document()->setTextWidth(viewport()->width());
}

bool SafeBrowser::event(QEvent *event)
{
    // Beside the column the wheel turns the same page.
    if (event->type() == QEvent::Wheel)
        return QCoreApplication::sendEvent(verticalScrollBar(), event);
    return QTextBrowser::event(event);
}

QVariant SafeBrowser::loadResource(int type, const QUrl &name)
{
    // Decided on the text of the address: nothing here may touch a file or the network.
    constexpr qsizetype mostCharacters = 400'000;
    const QString text = name.toString(QUrl::FullyEncoded);
    if (type != QTextDocument::ImageResource || !text.startsWith(u"data:image/"_s)
        || text.size() > mostCharacters)
        return refusal(type);
    const qsizetype comma = text.indexOf(u',');
    if (comma < 0 || !QStringView(text).left(comma).endsWith(u";base64"))
        return refusal(type);
    QByteArray bytes = QByteArray::fromBase64(text.mid(comma + 1).toLatin1());
    QBuffer buffer(&bytes);
    QImageReader reader(&buffer);
    reader.setAutoDetectImageFormat(true);
    static const QList<QByteArray> known { "png", "jpeg", "jpg", "gif", "webp" };
    const QSize size = reader.size();
    if (!known.contains(reader.format()) || !size.isValid() || size.width() > 4000
        || size.height() > 4000 || qint64(size.width()) * size.height() > 8'000'000)
        return refusal(type);
    const QImage image = reader.read();
    return image.isNull() ? refusal(type) : QVariant(image);
}

void SafeBrowser::doSetSource(const QUrl &, QTextDocument::ResourceType) { }

QString SafeBrowser::shownTextOf(const QString &href) const
{
    for (QTextBlock block = document()->begin(); block.isValid(); block = block.next()) {
        QString shown;
        for (auto it = block.begin(); !it.atEnd(); ++it) {
            const QTextFragment part = it.fragment();
            if (part.charFormat().isAnchor() && part.charFormat().anchorHref() == href)
                shown += part.text();
        }
        if (!shown.isEmpty())
            return shown;
    }
    return {};
}

void SafeBrowser::askForLink(const QUrl &link)
{
    const QString href = link.toString(QUrl::FullyEncoded);
    if (href.startsWith(u"tierline:"_s)) {
        emit ownLinkClicked(href.mid(9));
        return;
    }
    openAfterAsking(this, link, shownTextOf(href));
}

void SafeBrowser::openAfterAsking(QWidget *over, const QUrl &link, const QString &shown)
{
    const text::LinkVerdict verdict = text::judgeLink(link.toString(QUrl::FullyEncoded), shown);
    if (!verdict.isAllowed()) {
        MessageBox::tell(over->window(), tr("This link is not opened"),
            tr("It does not lead to a web page or a mail address, so it stays closed. You can copy its text."));
        return;
    }
    const Question question { .title = tr("Open %1?").arg(verdict.host),
        .text = warningText(verdict),
        .detail = verdict.url.left(600),
        .action = tr("Open"),
        .isDestructive = !verdict.warnings.isEmpty() };
    MessageBox::ask(over->window(), question, over, [url = QUrl(verdict.url)](bool isAgreed) {
        if (isAgreed && opener())
            opener()(url);
    });
}

} // namespace tierline::ui
