#pragma once

#include "tests/connectors/rtserver/realrt.h"

namespace tierline::test {

/// A ticket as the server itself tells it, read by plain requests and with nothing of the connector's.
struct RtTruth {
    struct Row {
        qint64 id = 0; ///< of the transaction; they rise with time
        QString type, field, to, creator;
        QStringList texts;
        QStringList files; ///< names
    };
    QString subject, status, queue, owner, satisfaction;
    int priority = 0;
    std::vector<Row> rows;
    QString error; ///< why it could not be read

    /// Transactions of `type` one of whose texts holds `token`, by id.
    QList<qint64> withText(const QString &type, const QString &token) const;
    qsizetype countBy(const QString &type, const QString &creator) const;
    bool wasSetTo(const QString &field, const QString &value) const;
    QString printed() const; ///< one line for each row
};

RtTruth truthOf(RtLogin &root, const QString &ticket);

} // namespace tierline::test
