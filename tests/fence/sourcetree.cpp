#include "tests/fence/sourcetree.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tierline::fence {

QString Finding::toString() const
{
    const QString place = line > 0 ? u"%1:%2"_s.arg(path).arg(line) : path;
    return u"%1: [%2] %3"_s.arg(place, rule, detail);
}

QString printed(const QList<Finding> &findings)
{
    QStringList lines;
    for (const Finding &finding : findings)
        lines.append(finding.toString());
    return lines.join(u'\n');
}

QList<SourceFile> readSources(const QString &root, const QStringList &tops)
{
    QList<SourceFile> sources;
    for (const QString &top : tops) {
        QDirIterator walk(
            root + u'/' + top, { u"*.cpp"_s, u"*.h"_s }, QDir::Files, QDirIterator::Subdirectories);
        while (walk.hasNext()) {
            QFile file(walk.next());
            if (file.open(QIODevice::ReadOnly)) {
                sources.append({ QDir(root).relativeFilePath(file.fileName()),
                    QString::fromUtf8(file.readAll()) });
            }
        }
    }
    std::sort(sources.begin(), sources.end(),
        [](const SourceFile &a, const SourceFile &b) { return a.path < b.path; });
    return sources;
}

int lineAt(const QString &text, qsizetype position)
{
    return 1 + int(QStringView(text).left(position).count(u'\n'));
}

namespace {

// Walks a source once and copies what is code; the rest becomes blanks.
class Blanker
{
public:
    Blanker(const QString &text, Blank what)
        : m_text(text)
        , m_keepStrings(what == Blank::Comments)
    {
        m_out.reserve(text.size());
    }

    QString run()
    {
        while (m_at < m_text.size()) {
            if (startsWith("//"))
                skipWhile([this] { return m_text[m_at] != u'\n'; }, false);
            else if (startsWith("/*"))
                blockComment();
            else if (startsWith("R\"") && !follows())
                rawString();
            else if (m_text[m_at] == u'"')
                quoted(u'"');
            else if (m_text[m_at] == u'\'' && !follows())
                quoted(u'\'');
            else
                m_out += m_text[m_at++];
        }
        return m_out;
    }

private:
    bool startsWith(const char *what) const
    {
        return QStringView(m_text).mid(m_at).startsWith(QLatin1StringView(what));
    }

    // A letter or digit before: then R" belongs to a prefix such as LR", and ' is a digit separator.
    bool follows() const { return m_at > 0 && m_text[m_at - 1].isLetterOrNumber() && !isPrefix(); }

    bool isPrefix() const
    {
        const bool letter = m_text[m_at - 1] == u'u' || m_text[m_at - 1] == u'L'
            || m_text[m_at - 1] == u'U' || m_text[m_at - 1] == u'8';
        return letter
            && (m_at < 2 || !m_text[m_at - 2].isLetterOrNumber() || m_text[m_at - 1] == u'8');
    }

    void take(bool keep)
    {
        const QChar c = m_text[m_at++];
        m_out += keep || c == u'\n' ? c : QChar(u' ');
    }

    template<typename Condition>
    void skipWhile(Condition condition, bool keep)
    {
        while (m_at < m_text.size() && condition())
            take(keep);
    }

    void blockComment()
    {
        take(false);
        take(false);
        skipWhile([this] { return !startsWith("*/"); }, false);
        skipWhile([this, end = m_at + 2] { return m_at < end; }, false);
    }

    void rawString()
    {
        const qsizetype open = m_text.indexOf(u'(', m_at);
        if (open < 0) {
            m_out += m_text[m_at++];
            return;
        }
        const QString close = u')' + m_text.mid(m_at + 2, open - m_at - 2) + u'"';
        const qsizetype found = m_text.indexOf(close, open);
        const qsizetype end = found < 0 ? m_text.size() : found + close.size();
        skipWhile([this, end] { return m_at < end; }, m_keepStrings);
    }

    void quoted(QChar quote)
    {
        take(true);
        while (m_at < m_text.size() && m_text[m_at] != quote && m_text[m_at] != u'\n') {
            if (m_text[m_at] == u'\\' && m_at + 1 < m_text.size())
                take(m_keepStrings);
            take(m_keepStrings);
        }
        if (m_at < m_text.size())
            take(true);
    }

    const QString &m_text;
    QString m_out;
    qsizetype m_at = 0;
    bool m_keepStrings;
};

} // namespace

QString blanked(const QString &text, Blank what)
{
    return Blanker(text, what).run();
}

} // namespace tierline::fence
