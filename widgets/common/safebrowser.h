#pragma once

#include <QTextBrowser>

#include <functional>

namespace tierline::ui {

/// A rich-text view that fetches nothing and goes nowhere: the only one that may show foreign HTML,
/// and only HTML that went through core/text's sanitiser. Pictures inside `data:` are decoded within
/// bounds; everything else that a document asks for is refused without a file or network call.
/// A click on a link asks first, naming the real host. Thread: ui.
class SafeBrowser : public QTextBrowser
{
    Q_OBJECT
public:
    /// The one door out. Tests put a spy in its place; the program hands in QDesktopServices.
    using Opener = std::function<void(const QUrl &)>;
    static void setOpener(Opener opener);

    /// Asks whether to open a link, naming its real host, and opens it by the same door. `shown` is the
    /// text that stood for it, if any.
    static void openAfterAsking(QWidget *over, const QUrl &link, const QString &shown = {});

    explicit SafeBrowser(QWidget *parent = nullptr);

    /// Keeps the text in a column of at most so many pixels, in the middle of what is wider; 0: none.
    void setColumn(int most);

    QVariant loadResource(int type, const QUrl &name) override;

signals:
    /// A link of our own ("tierline:NAME") was clicked; foreign HTML cannot hold one.
    void ownLinkClicked(const QString &name);

protected:
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void doSetSource(const QUrl &name, QTextDocument::ResourceType type) override;

private:
    void askForLink(const QUrl &link);
    QString shownTextOf(const QString &href) const;
    void fitColumn();

    int m_column = 0;
};

} // namespace tierline::ui
