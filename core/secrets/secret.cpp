#include "core/secrets/secret.h"

namespace tierline {

namespace {

// A compiler may leave out writes to memory that is about to be freed, but not volatile ones.
void overwrite(char *bytes, qsizetype size)
{
    volatile char *p = bytes;
    for (qsizetype i = 0; i < size; ++i)
        p[i] = 0;
}

} // namespace

struct Secret::Block {
    explicit Block(QByteArrayView from)
        : bytes(std::make_unique<char[]>(static_cast<size_t>(from.size())))
        , size(from.size())
    {
        std::copy(from.begin(), from.end(), bytes.get());
    }
    ~Block() { overwrite(bytes.get(), size); }
    Block(const Block &) = delete;
    Block &operator=(const Block &) = delete;

    std::unique_ptr<char[]> bytes;
    qsizetype size;
};

Secret Secret::take(QByteArray &&bytes)
{
    Secret secret;
    if (!bytes.isEmpty())
        secret.m_block = std::make_shared<const Block>(QByteArrayView(bytes));
    wipe(bytes);
    return secret;
}

bool Secret::isEmpty() const
{
    return !m_block;
}

qsizetype Secret::size() const
{
    return m_block ? m_block->size : 0;
}

QByteArrayView Secret::expose() const
{
    return m_block ? QByteArrayView(m_block->bytes.get(), m_block->size) : QByteArrayView();
}

bool operator==(const Secret &a, const Secret &b)
{
    const QByteArrayView left = a.expose();
    const QByteArrayView right = b.expose();
    if (left.size() != right.size())
        return false;
    unsigned char difference = 0;
    for (qsizetype i = 0; i < left.size(); ++i)
        difference |= static_cast<unsigned char>(left[i] ^ right[i]);
    return difference == 0;
}

QDebug operator<<(QDebug debug, const Secret &secret)
{
    QDebugStateSaver saver(debug);
    debug.noquote() << (secret.isEmpty() ? QStringLiteral("(none)") : QStringLiteral("•••"));
    return debug;
}

void wipe(QByteArray &bytes)
{
    // Writing to a shared array would write to a fresh copy; letting go of it is all that is left.
    if (bytes.isDetached())
        overwrite(bytes.data(), bytes.size());
    bytes = QByteArray();
}

} // namespace tierline
