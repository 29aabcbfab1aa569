#pragma once

#include <QByteArray>
#include <QString>

#include <cstddef>
#include <memory>
#include <vector>

#include <gumbo.h>

namespace tierline::text {

/// The tree of one document that went through takeIn(). All of the parser's memory lies in blocks of
/// this object and goes with it, without the parser's own recursive clean-up.
/// Thread: any, one at a time. Not copyable.
class HtmlTree
{
public:
    explicit HtmlTree(QByteArray tidyHtml);
    HtmlTree(const HtmlTree &) = delete;
    HtmlTree &operator=(const HtmlTree &) = delete;

    /// The body element, or nullptr where the parser found none.
    const GumboNode *body() const { return m_body; }

private:
    static void *allocate(void *self, size_t size);
    static void release(void *, void *) { }

    QByteArray m_html; ///< the tree points into it
    std::vector<std::unique_ptr<std::byte[]>> m_blocks;
    size_t m_left = 0;
    std::byte *m_next = nullptr;
    const GumboNode *m_body = nullptr;
};

/// Value of an attribute as text, empty where there is none.
QString attributeOf(const GumboElement &element, const char *name);

} // namespace tierline::text
