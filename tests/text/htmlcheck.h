#pragma once

#include <QByteArray>
#include <QRegularExpression>
#include <QSet>
#include <QString>
#include <QUrl>

#include <gumbo.h>

/// An independent reader of sanitised HTML: parses it anew with default settings and says what is in
/// it that must not be. Shared by the test of the payload table and the fuzz program.
namespace htmlcheck {

using namespace Qt::StringLiterals;

inline QString checkStyle(const QString &value)
{
    static const QRegularExpression allowed(QRegularExpression::anchoredPattern(
        u"(?:(?:font-weight:(?:bold|normal)|font-style:(?:italic|normal)"
        "|text-decoration:(?:underline|line-through|none)|text-align:(?:left|right|center|justify))(?:;|$))+"_s));
    return allowed.match(value).hasMatch() ? QString() : u"style "_s + value;
}

inline QString checkAttribute(const QString &tag, const QString &name, const QString &value)
{
    const auto isNumber = [&value](int most) {
        bool isInteger = false;
        const int number = value.toInt(&isInteger);
        return isInteger && number >= 0 && number <= most;
    };
    if (tag == u"a" && name == u"href") {
        const QString scheme = QUrl(value).scheme();
        return value.startsWith(u"http://"_s) || value.startsWith(u"https://"_s)
                || value.startsWith(u"mailto:"_s)
            ? QString()
            : u"href "_s + scheme + u' ' + value;
    }
    if (tag == u"img" && name == u"src") {
        static const QRegularExpression allowed(QRegularExpression::anchoredPattern(
            u"cid:[A-Za-z0-9@._+$%~-]+|data:image/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+=*"_s));
        return allowed.match(value).hasMatch() ? QString() : u"src "_s + value;
    }
    if (tag == u"img" && name == u"alt")
        return value.size() <= 700 ? QString() : u"long alt"_s;
    if (tag == u"img" && (name == u"width" || name == u"height"))
        return isNumber(2'000) ? QString() : u"size "_s + value;
    if ((tag == u"td" || tag == u"th") && (name == u"colspan" || name == u"rowspan"))
        return isNumber(100) ? QString() : u"span "_s + value;
    if (tag == u"ol" && name == u"start")
        return isNumber(99'999) ? QString() : u"start "_s + value;
    static const QSet<QString> blocks { u"p"_s, u"div"_s, u"blockquote"_s, u"pre"_s, u"ul"_s,
        u"ol"_s, u"li"_s, u"h3"_s, u"h4"_s, u"h5"_s, u"h6"_s, u"table"_s, u"thead"_s, u"tbody"_s,
        u"tr"_s, u"td"_s, u"th"_s };
    if (name == u"dir" && blocks.contains(tag))
        return value == u"rtl" || value == u"ltr" ? QString() : u"dir "_s + value;
    if (name == u"style" && (tag == u"span" || blocks.contains(tag)))
        return checkStyle(value);
    return u"attribute "_s + name + u" on "_s + tag;
}

struct Walk {
    QString problem; ///< empty: nothing wrong
    int elements = 0;
    int deepest = 0;
    int deepestTable = 0;
    QString text;
};

inline void walk(const GumboNode *node, int depth, int tables, Walk &result)
{
    static const QSet<QString> allowed { u"p"_s, u"br"_s, u"div"_s, u"span"_s, u"b"_s, u"strong"_s,
        u"i"_s, u"em"_s, u"u"_s, u"s"_s, u"code"_s, u"pre"_s, u"blockquote"_s, u"ul"_s, u"ol"_s,
        u"li"_s, u"h3"_s, u"h4"_s, u"h5"_s, u"h6"_s, u"table"_s, u"thead"_s, u"tbody"_s, u"tr"_s,
        u"td"_s, u"th"_s, u"hr"_s, u"a"_s, u"img"_s };
    if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE) {
        result.text += QString::fromUtf8(node->v.text.text);
        return;
    }
    if (node->type != GUMBO_NODE_ELEMENT) {
        result.problem = u"a node that is no element and no text"_s;
        return;
    }
    const GumboElement &element = node->v.element;
    const QString tag = QString::fromLatin1(gumbo_normalized_tagname(element.tag));
    if (!allowed.contains(tag))
        result.problem = u"element "_s + tag;
    if (element.tag_namespace != GUMBO_NAMESPACE_HTML)
        result.problem = u"foreign namespace"_s;
    for (unsigned i = 0; i < element.attributes.length; ++i) {
        const auto *const attribute
            = static_cast<const GumboAttribute *>(element.attributes.data[i]);
        const QString wrong = checkAttribute(
            tag, QString::fromUtf8(attribute->name), QString::fromUtf8(attribute->value));
        if (!wrong.isEmpty())
            result.problem = wrong;
    }
    ++result.elements;
    tables += tag == u"table";
    const bool isLeaf = tag == u"br" || tag == u"hr" || tag == u"img"; // cost no nesting
    result.deepest = qMax(result.deepest, isLeaf ? depth - 1 : depth);
    result.deepestTable = qMax(result.deepestTable, tables);
    for (unsigned i = 0; i < element.children.length; ++i)
        walk(static_cast<const GumboNode *>(element.children.data[i]), depth + 1, tables, result);
}

inline Walk inspect(const QString &html)
{
    Walk result;
    const QByteArray bytes = "<!DOCTYPE html><body>" + html.toUtf8();
    GumboOutput *const output
        = gumbo_parse_with_options(&kGumboDefaultOptions, bytes.constData(), size_t(bytes.size()));
    const GumboVector &top = output->root->v.element.children;
    for (unsigned i = 0; i < top.length; ++i) {
        const auto *const node = static_cast<const GumboNode *>(top.data[i]);
        if (node->type != GUMBO_NODE_ELEMENT)
            continue;
        const GumboElement &element = node->v.element;
        if (element.tag == GUMBO_TAG_HEAD && element.children.length > 0)
            result.problem = u"something in the head"_s;
        if (element.tag != GUMBO_TAG_BODY)
            continue;
        if (element.attributes.length > 0)
            result.problem = u"attributes on the body"_s;
        for (unsigned k = 0; k < element.children.length; ++k)
            walk(static_cast<const GumboNode *>(element.children.data[k]), 1, 0, result);
    }
    gumbo_destroy_output(&kGumboDefaultOptions, output);
    return result;
}

} // namespace htmlcheck
