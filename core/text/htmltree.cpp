#include "core/text/htmltree_p.h"

#include "core/base/unicode.h"

namespace tierline::text {

namespace {
constexpr size_t BlockSize = 256 * 1024;
} // namespace

HtmlTree::HtmlTree(QByteArray tidyHtml)
    // With the document type a paragraph ends before a table, which keeps a second pass equal.
    : m_html("<!DOCTYPE html><body>" + tidyHtml)
{
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = allocate;
    options.deallocator = release;
    options.userdata = this;
    options.max_errors = 0;
    const GumboOutput *const output
        = gumbo_parse_with_options(&options, m_html.constData(), size_t(m_html.size()));
    if (!output || !output->root || output->root->type != GUMBO_NODE_ELEMENT)
        return;
    const GumboVector &children = output->root->v.element.children;
    for (unsigned i = 0; i < children.length; ++i) {
        const auto *const node = static_cast<const GumboNode *>(children.data[i]);
        if (node->type == GUMBO_NODE_ELEMENT && node->v.element.tag == GUMBO_TAG_BODY)
            m_body = node;
    }
}

void *HtmlTree::allocate(void *self, size_t size)
{
    auto *const tree = static_cast<HtmlTree *>(self);
    size = (size + alignof(std::max_align_t) - 1) & ~(alignof(std::max_align_t) - 1);
    if (size > tree->m_left) {
        const size_t block = std::max(size, BlockSize);
        tree->m_blocks.push_back(std::make_unique_for_overwrite<std::byte[]>(block));
        if (block > BlockSize) // a large piece has a block of its own; go on filling the one before
            return tree->m_blocks.back().get();
        tree->m_next = tree->m_blocks.back().get();
        tree->m_left = block;
    }
    std::byte *const piece = tree->m_next;
    tree->m_next += size;
    tree->m_left -= size;
    return piece;
}

QString attributeOf(const GumboElement &element, const char *name)
{
    const GumboAttribute *const attribute = gumbo_get_attribute(&element.attributes, name);
    return attribute ? validText(QByteArrayView(attribute->value)) : QString();
}

} // namespace tierline::text
