#include "core/base/ids.h"

#include <QRandomGenerator>
#include <QUuid>

#include <cstring>

namespace tierline {

QString RandomSource::uuid()
{
    quint64 words[2] = { next64(), next64() };
    QByteArray bytes(16, Qt::Uninitialized);
    std::memcpy(bytes.data(), words, 16);
    bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
    bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
    return QUuid::fromRfc4122(bytes).toString(QUuid::WithoutBraces);
}

quint64 SystemRandom::next64()
{
    return QRandomGenerator::system()->generate64();
}

quint64 SeededRandom::next64()
{
    quint64 z = (m_state += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

} // namespace tierline
