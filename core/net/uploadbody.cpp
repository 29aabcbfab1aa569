#include "core/net/uploadbody_p.h"

namespace tierline::net {

UploadBody::UploadBody(std::unique_ptr<QIODevice> source, bool isRepeatable,
    std::function<void()> onRead, std::function<void()> onRefused)
    : m_source(std::move(source))
    , m_isRepeatable(isRepeatable)
    , m_onRead(std::move(onRead))
    , m_onRefused(std::move(onRefused))
{
    // Unbuffered: reading ahead would look like sending.
    open(QIODevice::ReadOnly | QIODevice::Unbuffered);
}

bool UploadBody::seek(qint64 position)
{
    return QIODevice::seek(position) && m_source->seek(position);
}

void UploadBody::stop()
{
    m_isRepeatable = false;
    m_isSpent = true;
    m_onRead = nullptr;
    m_onRefused = nullptr;
}

bool UploadBody::reset()
{
    if (m_isRepeatable)
        return QIODevice::reset();
    if (size() == 0) {
        if (m_onRefused)
            m_onRefused();
        return false;
    }
    m_isSpent = true;
    return true;
}

qint64 UploadBody::readData(char *data, qint64 most)
{
    if (m_isSpent) {
        if (m_onRefused)
            m_onRefused();
        return -1;
    }
    if (most > 0 && m_onRead)
        std::exchange(m_onRead, nullptr)();
    return m_source->read(data, most);
}

} // namespace tierline::net
