#pragma once

#include "tests/support/wire/dialect.h"

#include <QJsonArray>
#include <QJsonObject>

namespace tierline::test {

struct RtDialectOptions {
    /// Whether there is a transactions' custom field “Client Reference”; the desk then keepsOperations.
    bool hasReference = true;
    QStringList customFields { QStringLiteral("Product"),
        QStringLiteral("Mine") }; ///< of one value
};

/// The desk as a Request Tracker 5 would tell it through REST2, as far as a client of ours asks; what a
/// running one was seen to do. The desk's options for it: rtDesk(). Its lifecycle has a “hold” of its
/// own, and “rejected” is what is closed: rtAccountOptions() tells a connector so.
class RtDialect final : public Dialect
{
public:
    explicit RtDialect(FakeDesk &desk, RtDialectOptions options = {});

    QString secretOf(const QString &user) const override;
    QString userOf(const WireRequest &request) const override;
    Calls callOf(const WireRequest &request) const override;
    QString ticketOf(const WireRequest &request) const override;
    WireAnswer serve(const WireRequest &request, const QString &user, Lie lie,
        const FakeDesk::Reserved &reserved) override;
    WireAnswer whenRefused(int pick) const override;
    WireAnswer error(int status, std::optional<Millis> wait) const override;

private:
    struct Asked; ///< a request with its user and its lie
    WireAnswer get(const Asked &asked, const QStringList &path);
    WireAnswer whoIs(const QString &key) const;
    WireAnswer queues(const Asked &asked) const;
    WireAnswer customField(const QString &id) const;
    WireAnswer transactions(const Asked &asked);
    WireAnswer tickets(const Asked &asked);
    WireAnswer listed(const Asked &asked, const std::vector<qint64> &numbers);
    WireAnswer ticket(const Asked &asked, const QString &id) const;
    WireAnswer history(const Asked &asked, const QString &id) const;
    WireAnswer attachments(const Asked &asked, const QString &id) const;
    WireAnswer attachment(const Asked &asked, const QString &id) const;
    WireAnswer message(const Asked &asked, const QString &id, bool isReply);
    WireAnswer change(const Asked &asked, const QString &id);

    /// Follows a merged ticket to the one that took it in: there both numbers mean the same.
    QString followed(const QString &user, QString id) const;
    QJsonObject record(const connectors::RemoteTicket &ticket, bool isOfList, bool isTorn) const;
    QJsonArray customFieldsOf(const QJsonObject &fields) const;
    QJsonObject transaction(const FakeDesk::Row &row, const QJsonObject &before) const;
    void tellChange(const QJsonObject &before, const QJsonObject &fields, QJsonObject &row) const;
    std::vector<QJsonObject> attachmentsOf(const FakeDesk::Row &row) const;
    QJsonObject userReference(const QString &id) const;
    QString queueId(const QString &place) const;
    QString fieldId(const QString &customField) const; ///< empty: none of that name
    QString fieldOf(const QString &idOrName) const; ///< of ours: "tags", "field.Product"
    void addWish(const QString &name, const QJsonValue &value, QJsonObject &fields) const;

    FakeDesk &m_desk;
    RtDialectOptions m_options;
    QStringList m_fields; ///< custom fields by number - 1
    std::map<QString, std::vector<FakeDesk::Row>> m_rowsBefore; ///< by user: the page before
    std::map<QString, std::vector<qint64>> m_idsBefore;
    bool m_isListEmpty = false; ///< the next listing is
    bool m_isTorn = false; ///< the next records have words that nobody knows
};

/// What a desk must be like to be told in this dialect.
DeskOptions rtDesk(bool hasReference = true);
/// What an account's settings must say of it.
std::map<QString, QString> rtAccountOptions();

} // namespace tierline::test
