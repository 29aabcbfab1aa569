#include "core/text/links.h"

#include <QHash>
#include <QSet>
#include <QUrl>
#include <QUrlQuery>

namespace tierline::text {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype MaxLink = 4'000;

struct Parsed {
    LinkRefusal refusal = LinkRefusal::Malformed;
    QUrl url;
};

/// As a browser does: no control characters or spaces around, no tabs and line breaks inside.
QString cleaned(QStringView href)
{
    qsizetype from = 0;
    qsizetype to = href.size();
    while (from < to && href[from].unicode() <= 0x20)
        ++from;
    while (to > from && href[to - 1].unicode() <= 0x20)
        --to;
    QString text;
    text.reserve(to - from);
    for (const QChar c : href.sliced(from, to - from)) {
        if (c != u'\t' && c != u'\n' && c != u'\r')
            text += c;
    }
    return text;
}

bool isInvisibleOrControl(QChar c)
{
    return c.unicode() < 0x20 || (c.unicode() >= 0x7F && c.unicode() < 0xA0) || c.unicode() == 0xAD
        || c.category() == QChar::Other_Format || c.unicode() == 0x2028 || c.unicode() == 0x2029;
}

QStringView schemeOf(QStringView text)
{
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        if (c == u':')
            return text.first(i);
        const bool isPart = (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z')
            || (i > 0 && ((c >= u'0' && c <= u'9') || c == u'+' || c == u'-' || c == u'.'));
        if (!isPart)
            break;
    }
    return {};
}

Parsed parseWeb(const QString &text, qsizetype schemeSize)
{
    const QStringView rest = QStringView(text).sliced(schemeSize + 1);
    if (!rest.startsWith("//"_L1) || rest.size() < 3 || rest[2] == u'/')
        return {};
    qsizetype end = 2;
    while (end < rest.size() && rest[end] != u'/' && rest[end] != u'?' && rest[end] != u'#')
        ++end;
    const QStringView authority = rest.sliced(2, end - 2);
    const QStringView hostAndPort = authority.sliced(authority.lastIndexOf(u'@') + 1);
    // Encoded or odd characters in a host are read differently by every program: %5C, %2F, %00 …
    if (hostAndPort.contains(u'%') || hostAndPort.contains(u' ') || hostAndPort.isEmpty())
        return {};
    QUrl url(text, QUrl::TolerantMode);
    if (!url.isValid() || url.host().isEmpty() || url.host().size() > 253)
        return {};
    if (url.path().isEmpty())
        url.setPath(u"/"_s);
    return { LinkRefusal::None, url };
}

/// Subject, text and copies only: other fields ("attach") make some mail programs add files.
Parsed parseMail(const QString &text)
{
    const QUrl given(text, QUrl::TolerantMode);
    const QString path = given.path(QUrl::FullyEncoded);
    if (!given.isValid() || path.contains("%0a"_L1, Qt::CaseInsensitive)
        || path.contains("%0d"_L1, Qt::CaseInsensitive) || path.startsWith(u'/'))
        return {};
    QUrlQuery kept;
    const auto items = QUrlQuery(given).queryItems(QUrl::FullyEncoded);
    for (const auto &[name, value] : items) {
        const QString field = name.toLower();
        const bool isText = field == "body"_L1;
        const bool hasLineBreak = value.contains("%0a"_L1, Qt::CaseInsensitive)
            || value.contains("%0d"_L1, Qt::CaseInsensitive);
        if (isText
            || ((field == "subject"_L1 || field == "cc"_L1 || field == "to"_L1) && !hasLineBreak))
            kept.addQueryItem(field, value);
    }
    if (!path.contains(u'@') && !path.contains("%40"_L1) && !kept.hasQueryItem(u"to"_s))
        return {};
    QUrl url;
    url.setScheme(u"mailto"_s);
    url.setPath(path, QUrl::TolerantMode);
    if (!kept.isEmpty())
        url.setQuery(kept);
    return { LinkRefusal::None, url };
}

Parsed parse(QStringView href)
{
    if (href.size() > 2 * MaxLink)
        return { LinkRefusal::TooLong, {} };
    const QString text = cleaned(href);
    if (text.isEmpty())
        return { LinkRefusal::Empty, {} };
    if (text.size() > MaxLink)
        return { LinkRefusal::TooLong, {} };
    const QStringView scheme = schemeOf(text);
    const bool isWeb = scheme.compare("http"_L1, Qt::CaseInsensitive) == 0
        || scheme.compare("https"_L1, Qt::CaseInsensitive) == 0;
    const bool isMail = scheme.compare("mailto"_L1, Qt::CaseInsensitive) == 0;
    if (!isWeb && !isMail) {
        if (isLocalOrShareSpelling(text))
            return { LinkRefusal::LocalOrShare, {} };
        return { scheme.isEmpty() ? LinkRefusal::NoScheme : LinkRefusal::Scheme, {} };
    }
    if (text.contains(u'\\') || std::any_of(text.cbegin(), text.cend(), isInvisibleOrControl))
        return {};
    return isWeb ? parseWeb(text, scheme.size()) : parseMail(text);
}

QString serialised(const QUrl &url)
{
    return QString::fromLatin1(url.toEncoded(QUrl::FullyEncoded));
}

QString comparableHost(QString host)
{
    host = host.toLower();
    if (host.endsWith(u'.'))
        host.chop(1);
    return host.startsWith("www."_L1) ? host.sliced(4) : host;
}

bool isAddressNumber(const QString &host)
{
    if (host.contains(u':'))
        return true;
    const QStringList parts = host.split(u'.', Qt::SkipEmptyParts);
    return !parts.isEmpty() && std::all_of(parts.cbegin(), parts.cend(), [](const QString &part) {
        bool isNumber = false;
        part.toULongLong(&isNumber, part.startsWith("0x"_L1, Qt::CaseInsensitive) ? 16 : 10);
        return isNumber;
    });
}

/// The few letters beyond ASCII that are drawn like an ASCII one in common fonts.
char32_t lookalikeOf(char32_t c)
{
    static const QHash<char32_t, char> table = [] {
        QHash<char32_t, char> map;
        const auto add = [&map](const char32_t *letters, const char *ascii) {
            for (; *letters; ++letters, ++ascii)
                map.insert(*letters, *ascii);
        };
        add(U"абвгеёіїјкмнорсѕтухһԁԛԝѵьӏ", "a6breeiijkmhopcstyxhdqwvbl");
        add(U"αβγεηικνοπρτυχωϲϳ", "abyenikvonptuxwcj");
        add(U"ıɩɑɡʏɪʟοᴏօոսցհյ", "ilagyiloooungh");
        add(U"0135", "olse");
        return map;
    }();
    const auto found = table.constFind(c);
    return found == table.cend() ? c : char32_t(uchar(*found));
}

/// True where one label mixes scripts, or is made only of letters that read as ASCII ones.
bool looksAlike(const QString &readable)
{
    const QStringList labels = readable.split(u'.');
    for (const QString &label : labels) {
        QSet<int> scripts;
        bool isAllMistakable = true;
        bool hasForeign = false;
        for (const char32_t c : label.toUcs4()) {
            if (!QChar::isLetter(c))
                continue;
            const QChar::Script script = QChar::script(c);
            // Japanese and Korean names mix these by nature.
            const bool isEastAsian = script == QChar::Script_Han || script == QChar::Script_Hiragana
                || script == QChar::Script_Katakana || script == QChar::Script_Hangul
                || script == QChar::Script_Bopomofo;
            scripts.insert(isEastAsian ? int(QChar::Script_Han) : int(script));
            if (c >= 128) {
                hasForeign = true;
                isAllMistakable = isAllMistakable && lookalikeOf(c) < 128;
            }
        }
        if (scripts.size() > 1 || (hasForeign && isAllMistakable))
            return true;
    }
    return false;
}

bool isFileSuffix(const QString &label)
{
    static const QSet<QString> suffixes { u"pdf"_s, u"doc"_s, u"docx"_s, u"xls"_s, u"xlsx"_s,
        u"ppt"_s, u"pptx"_s, u"png"_s, u"jpg"_s, u"jpeg"_s, u"gif"_s, u"txt"_s, u"csv"_s, u"htm"_s,
        u"html"_s, u"xml"_s, u"json"_s, u"log"_s, u"eml"_s, u"js"_s, u"php"_s, u"exe"_s };
    return suffixes.contains(label);
}

/// The host that one word of a link's text shows, else empty.
QString hostInWord(QString word)
{
    const bool hasScheme = word.startsWith("http://"_L1, Qt::CaseInsensitive)
        || word.startsWith("https://"_L1, Qt::CaseInsensitive);
    if (hasScheme)
        word = word.sliced(word.indexOf("//"_L1) + 2);
    qsizetype end = 0;
    while (end < word.size() && !u"/?#,;)>]\"'"_s.contains(word[end]))
        ++end;
    word.truncate(end);
    while (word.endsWith(u'.') || word.endsWith(u':'))
        word.chop(1);
    const qsizetype at = word.lastIndexOf(u'@');
    if (at >= 0)
        word = word.sliced(at + 1);
    const qsizetype colon = word.indexOf(u':');
    if (colon >= 0)
        word.truncate(colon);
    const qsizetype dot = word.lastIndexOf(u'.');
    if (dot <= 0 || word.size() > 253)
        return {};
    const QString last = word.sliced(dot + 1).toLower();
    const bool isNameLike = last.size() >= 2
        && std::all_of(last.cbegin(), last.cend(), [](QChar c) { return c.isLetter(); });
    if (!hasScheme
        && (!isNameLike
            || (isFileSuffix(last) && !word.startsWith("www."_L1, Qt::CaseInsensitive))))
        return {};
    const QString ascii = QString::fromLatin1(QUrl::toAce(word, QUrl::IgnoreIDNWhitelist));
    return ascii.isEmpty() ? word.toLower() : ascii;
}

QString hostInText(QStringView shown)
{
    QString visible;
    for (const QChar c : shown.first(qMin(shown.size(), qsizetype(2'000)))) {
        if (!isInvisibleOrControl(c))
            visible += c;
        else if (c.isSpace())
            visible += u' ';
    }
    const QStringList words = visible.split(u' ', Qt::SkipEmptyParts);
    for (QString word : words) {
        while (!word.isEmpty() && u"(<[\"'"_s.contains(word.front()))
            word.remove(0, 1);
        const QString host = hostInWord(word);
        if (!host.isEmpty())
            return host;
    }
    return {};
}

bool isSameHouse(const QString &linked, const QString &shown)
{
    const QString a = comparableHost(linked);
    const QString b = comparableHost(shown);
    return a == b || a.endsWith(u'.' + b);
}

void warnAboutHost(LinkVerdict &verdict, const QStringList &knownHosts)
{
    if (isAddressNumber(verdict.host)) {
        verdict.warnings.append(LinkWarning::IsAddressNumber);
        return;
    }
    if (verdict.host.startsWith("xn--"_L1) || verdict.host.contains(".xn--"_L1))
        verdict.warnings.append(LinkWarning::IsPunycode);
    const QString skeleton = hostSkeleton(comparableHost(verdict.readableHost));
    for (const QString &known : knownHosts) {
        const QString name = comparableHost(known);
        if (isSameHouse(verdict.host, name))
            return;
        const QString other = hostSkeleton(name);
        if (skeleton == other || skeleton.endsWith(u'.' + other)) {
            verdict.warnings.append(LinkWarning::LooksAlike);
            verdict.resembles = name;
            return;
        }
    }
    if (looksAlike(verdict.readableHost)) {
        verdict.warnings.append(LinkWarning::LooksAlike);
        verdict.resembles = skeleton;
    }
}

} // namespace

bool isLocalOrShareSpelling(QStringView text)
{
    QString plain = cleaned(text.first(qMin(text.size(), MaxLink)));
    for (int round = 0; round < 4 && plain.contains(u'%'); ++round)
        plain = cleaned(QString::fromUtf8(QByteArray::fromPercentEncoding(plain.toUtf8())));
    plain.removeIf([](QChar c) { return isInvisibleOrControl(c); });
    plain = plain.trimmed();
    for (QChar &c : plain) {
        // Also the letters that Windows or a normaliser reads as a slash or a colon.
        if (c == u'\\' || c.unicode() == 0xFF0F || c.unicode() == 0xFF3C || c.unicode() == 0x2044
            || c.unicode() == 0x2215 || c.unicode() == 0x29F5 || c.unicode() == 0xFE68
            || c.unicode() == 0x29F8)
            c = u'/';
        else if (c.unicode() == 0xFF1A || c.unicode() == 0xA789 || c.unicode() == 0x2236)
            c = u':';
    }
    while (plain.startsWith("url:"_L1, Qt::CaseInsensitive))
        plain = plain.sliced(4).trimmed();
    if (plain.startsWith(u'/') || plain.startsWith('~'_L1) || plain.startsWith("./"_L1)
        || plain.startsWith("../"_L1) || plain.startsWith("?/"_L1))
        return true;
    const QStringView scheme = schemeOf(plain);
    if (scheme.size() == 1) // a drive
        return true;
    for (const QLatin1StringView local :
        { "file"_L1, "smb"_L1, "cifs"_L1, "nfs"_L1, "afp"_L1, "dav"_L1, "davs"_L1, "webdav"_L1,
            "qrc"_L1, "res"_L1, "shell"_L1, "fish"_L1, "sftp"_L1, "content"_L1 }) {
        if (scheme.compare(local, Qt::CaseInsensitive) == 0)
            return true;
    }
    return false;
}

QString hostSkeleton(QStringView readableHost)
{
    QString skeleton;
    const QString folded
        = readableHost.toString().normalized(QString::NormalizationForm_KD).toLower();
    for (const char32_t c : folded.toUcs4()) {
        if (QChar::category(c) == QChar::Mark_NonSpacing)
            continue;
        skeleton += QChar::fromUcs4(lookalikeOf(c));
    }
    skeleton.replace("rn"_L1, "m"_L1);
    skeleton.replace("vv"_L1, "w"_L1);
    skeleton.replace("cl"_L1, "d"_L1);
    skeleton.replace(u'i', u'l'); // with 1, l and I drawn the same
    return skeleton;
}

QString canonicalLink(QStringView href)
{
    const Parsed parsed = parse(href);
    if (parsed.refusal != LinkRefusal::None)
        return {};
    const QString url = serialised(parsed.url);
    if (url.size() > MaxLink)
        return {};
    if (href == url)
        return url;
    const Parsed again = parse(url);
    return again.refusal == LinkRefusal::None && serialised(again.url) == url ? url : QString();
}

LinkVerdict judgeLink(QStringView href, QStringView shownText, const QStringList &knownHosts)
{
    LinkVerdict verdict;
    Parsed parsed = parse(href);
    verdict.refusal = parsed.refusal;
    if (!verdict.isAllowed())
        return verdict;
    const bool hasUserInfo = !parsed.url.userInfo().isEmpty();
    parsed.url.setUserInfo({});
    verdict.url = canonicalLink(serialised(parsed.url));
    if (verdict.url.isEmpty()) {
        verdict.refusal = LinkRefusal::Malformed;
        return verdict;
    }
    verdict.textHost = hostInText(shownText);
    const bool isMail = parsed.url.scheme() == "mailto"_L1;
    if (isMail) {
        verdict.host = parsed.url.path(QUrl::FullyDecoded);
        verdict.readableHost = verdict.host;
        const QString domain = verdict.host.sliced(verdict.host.lastIndexOf(u'@') + 1);
        if (!verdict.textHost.isEmpty() && !isSameHouse(domain, verdict.textHost))
            verdict.warnings.append(LinkWarning::TextNamesOtherHost);
        return verdict;
    }
    verdict.host = parsed.url.host(QUrl::FullyEncoded).toLower();
    verdict.readableHost = QUrl::fromAce(verdict.host.toLatin1(), QUrl::IgnoreIDNWhitelist);
    if (verdict.readableHost.isEmpty())
        verdict.readableHost = verdict.host;
    if (!verdict.textHost.isEmpty() && !isSameHouse(verdict.host, verdict.textHost))
        verdict.warnings.append(LinkWarning::TextNamesOtherHost);
    if (hasUserInfo)
        verdict.warnings.append(LinkWarning::HasUserInfo);
    warnAboutHost(verdict, knownHosts);
    const int port = parsed.url.port();
    if (port != -1 && port != 80 && port != 443)
        verdict.warnings.append(LinkWarning::HasUnusualPort);
    if (parsed.url.scheme() == "http"_L1)
        verdict.warnings.append(LinkWarning::IsUnencrypted);
    return verdict;
}

} // namespace tierline::text
