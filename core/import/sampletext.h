#pragma once

#include "core/base/ids.h"
#include "core/base/result.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>

namespace tierline::importing {

/// What stands in resources/sample, read once.
struct SampleTexts {
    QJsonObject company;
    QJsonArray customers;
    QList<QJsonObject> scenarios; ///< in the order of the files' names, then as written
};
Result<SampleTexts> loadSampleTexts();

/// The words that change from ticket to ticket, and the way of putting them into a pattern:
/// `{a|b}` chooses a wording, `$name` puts a word in. Unknown words stay as they are, so that a test
/// can find them. Words of a ticket:
///   $name $fullname $company $site $agent $person $person2 $team $day $month $nextmonth $time $date $from
///   $n (3 to 19) $n2 (24 to 180) $d (one digit) $amount $inv $ref $ver $hex $plan $category $severity
class SampleWords
{
public:
    explicit SampleWords(RandomSource &random)
        : m_random(&random)
    {
    }
    void set(const QString &word, const QString &value) { m_values.insert(word, value); }
    QString value(const QString &word) const { return m_values.value(word); }
    /// Chooses and fills in.
    QString fill(const QString &pattern) const;

private:
    QString choose(const QString &pattern) const;
    RandomSource *m_random;
    QHash<QString, QString> m_values;
};

/// One of the strings of an array; empty for an empty one.
QString oneOf(const QJsonValue &array, RandomSource &random);
/// A number of [low, high].
int between(int low, int high, RandomSource &random);
bool chance(int percent, RandomSource &random);

} // namespace tierline::importing
