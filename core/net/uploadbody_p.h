#pragma once

#include <QIODevice>

#include <functional>
#include <memory>

namespace tierline::net {

/// A request's body as Qt reads it. Two duties beside the bytes:
/// - it tells when the first of them is asked for, which Qt does once the headers are on their way;
/// - unless the request may be repeated it is read only once, and so stops Qt from sending the request
///   again on another connection when one dies, which it would do up to three times. Qt also rewinds
///   it before it hands over a 307 or 308, which is no sending; so rewinding works and reading does not.
///   Where there is nothing to read, rewinding is refused.
class UploadBody final : public QIODevice
{
public:
    /// `onRefused` hears when Qt tried to send again.
    UploadBody(std::unique_ptr<QIODevice> source, bool isRepeatable, std::function<void()> onRead,
        std::function<void()> onRefused);

    /// Not one byte more is handed out, and nobody hears of it.
    void stop();

    bool isSequential() const override { return false; }
    qint64 size() const override { return m_source->size(); }
    bool seek(qint64 position) override;
    bool reset() override;

protected:
    qint64 readData(char *data, qint64 most) override;
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    std::unique_ptr<QIODevice> m_source;
    bool m_isRepeatable;
    bool m_isSpent = false;
    std::function<void()> m_onRead;
    std::function<void()> m_onRefused;
};

} // namespace tierline::net
