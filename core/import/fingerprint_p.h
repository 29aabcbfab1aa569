#pragma once

#include <QCryptographicHash>
#include <QStringView>

namespace tierline::importing {

/// 64 bits of what makes two things the same. Every part goes in with its length, so that no two
/// different things give the same bytes. Stores keep these numbers: how they are made never changes.
class Fingerprint
{
public:
    void add(qint64 number)
    {
        m_hash.addData(
            QByteArray::fromRawData(reinterpret_cast<const char *>(&number), sizeof number));
    }
    void add(QStringView text)
    {
        add(qint64(text.size()));
        addLetters(text);
    }
    /// Tells what is not there from what is empty.
    void addOrNull(QStringView text)
    {
        add(text.isNull() ? qint64(-1) : qint64(text.size()));
        addLetters(text);
    }
    quint64 value() const ///< never 0
    {
        const QByteArray bytes = m_hash.result();
        quint64 number = 0;
        for (int i = 0; i < 8; ++i)
            number = number << 8 | static_cast<uchar>(bytes[i]);
        return number == 0 ? 1 : number;
    }

private:
    void addLetters(QStringView text)
    {
        m_hash.addData(
            QByteArray::fromRawData(reinterpret_cast<const char *>(text.utf16()), text.size() * 2));
    }
    QCryptographicHash m_hash { QCryptographicHash::Blake2b_160 };
};

} // namespace tierline::importing
