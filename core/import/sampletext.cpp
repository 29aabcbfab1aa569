#include "core/import/sampletext.h"

#include "core/base/json.h"

#include <QDir>
#include <QFile>

namespace tierline::importing {

using namespace Qt::StringLiterals;

namespace {

Result<QJsonDocument> readText(const QString &name)
{
    QFile file(u":/tierline/sample/"_s + name);
    if (!file.open(QIODevice::ReadOnly))
        return notFound(
            u"The sample data file %1 is not part of this program: install it again."_s.arg(name));
    return readJson(file.readAll());
}

} // namespace

Result<SampleTexts> loadSampleTexts()
{
    SampleTexts texts;
    TIERLINE_TRY(company, readText(u"company.json"_s));
    TIERLINE_TRY(customers, readText(u"customers.json"_s));
    texts.company = company.object();
    texts.customers = customers.array();
    const QStringList names = QDir(u":/tierline/sample"_s)
                                  .entryList({ u"scenarios-*.json"_s }, QDir::Files, QDir::Name);
    for (const QString &name : names) {
        TIERLINE_TRY(file, readText(name));
        for (const QJsonValue &scenario : file.array())
            texts.scenarios.append(scenario.toObject());
    }
    if (texts.scenarios.isEmpty() || texts.customers.isEmpty() || texts.company.isEmpty())
        return notFound(u"The sample data is not part of this program: install it again."_s);
    return texts;
}

QString SampleWords::choose(const QString &pattern) const
{
    QString chosen;
    chosen.reserve(pattern.size());
    for (qsizetype i = 0; i < pattern.size(); ++i) {
        const qsizetype end = pattern[i] == u'{' ? pattern.indexOf(u'}', i) : -1;
        if (end < 0) {
            chosen.append(pattern[i]);
            continue;
        }
        const QStringList choices = pattern.mid(i + 1, end - i - 1).split(u'|');
        chosen.append(choices[m_random->below(choices.size())]);
        i = end;
    }
    return chosen;
}

QString SampleWords::fill(const QString &pattern) const
{
    const QString chosen = choose(pattern);
    QString filled;
    filled.reserve(chosen.size() + 64);
    for (qsizetype i = 0; i < chosen.size(); ++i) {
        if (chosen[i] != u'$') {
            filled.append(chosen[i]);
            continue;
        }
        qsizetype end = i + 1;
        while (end < chosen.size() && chosen[end] >= u'a' && chosen[end] <= u'z')
            ++end;
        if (end < chosen.size() && chosen[end] == u'2')
            ++end;
        const QString word = chosen.mid(i + 1, end - i - 1);
        const auto value = m_values.constFind(word);
        filled.append(value == m_values.cend() ? chosen.mid(i, end - i) : *value);
        i = end - 1;
    }
    return filled;
}

QString oneOf(const QJsonValue &array, RandomSource &random)
{
    const QJsonArray values = array.toArray();
    return values.isEmpty() ? QString() : values.at(random.below(values.size())).toString();
}

int between(int low, int high, RandomSource &random)
{
    return low + static_cast<int>(random.below(high - low + 1));
}

bool chance(int percent, RandomSource &random)
{
    return random.below(100) < percent;
}

} // namespace tierline::importing
