#pragma once

#include <QList>
#include <QString>
#include <QStringList>
#include <QStringView>

namespace tierline::text {

/// Why a link must not be opened.
enum class LinkRefusal : quint8 {
    None,
    Empty,
    TooLong, ///< over 4,000 characters
    NoScheme, ///< relative, or a bare name
    Scheme, ///< anything but http, https and mailto
    LocalOrShare, ///< a file, a drive or a network share in one of its spellings
    Malformed, ///< control characters, backslashes, missing or impossible host …
};

/// What a person should know before opening an allowed link. Several can hold.
enum class LinkWarning : quint8 {
    TextNamesOtherHost, ///< the link's text shows another host or address than it leads to
    HasUserInfo, ///< "https://bank.example@other.example/"
    LooksAlike, ///< letters of several scripts, or a name that reads like another one
    IsPunycode, ///< the name has letters beyond ASCII
    IsAddressNumber, ///< a bare IP address in any notation
    HasUnusualPort,
    IsUnencrypted, ///< http
};

struct LinkVerdict {
    LinkRefusal refusal = LinkRefusal::Empty;
    QString url; ///< exactly what is to be opened: parsed, re-serialised, without user info
    QString host; ///< in ASCII, as in xn--…; for mailto the address
    QString readableHost; ///< with its letters; equal to `host` for ASCII names
    QString textHost; ///< the host that the link's text shows, where it shows one
    QString resembles; ///< what it reads like, with LooksAlike
    QList<LinkWarning> warnings;

    bool isAllowed() const { return refusal == LinkRefusal::None; }
    bool has(LinkWarning warning) const { return warnings.contains(warning); }
};

/// The verdict about a link before it is shown on hover or opened. `shownText` is the link's text;
/// `knownHosts` are the names that an attacker would imitate (own domains, the helpdesk's).
/// Thread: any. O(n), no network.
LinkVerdict judgeLink(
    QStringView href, QStringView shownText = {}, const QStringList &knownHosts = {});

/// The link parsed and re-serialised where its scheme may leave the program (http, https, mailto),
/// else empty. Canonical: the result given again is returned unchanged.
QString canonicalLink(QStringView href);

/// True for every spelling that a picture loader, a file dialog or a system opener could take for a
/// file or a network share: `\\host\share`, `//host/share`, `file:`, `C:\`, percent-encoded, with
/// white space, mixed slashes, device prefixes. Decided on the text alone, before any file call.
bool isLocalOrShareSpelling(QStringView text);

/// A name's letters replaced by the ASCII ones they can be mistaken for, lower case: two names with
/// the same skeleton look alike.
QString hostSkeleton(QStringView readableHost);

} // namespace tierline::text
