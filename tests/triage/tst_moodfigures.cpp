#include "core/import/csvreader.h"
#include "core/triage/reader.h"
#include "tests/support/reallogs/reallogs.h"

#include <QFileInfo>
#include <QTest>

// Real customer texts with labels by people, which are not part of the project: macro F1 over the three moods.

using namespace tierline;
using namespace tierline::triage;
using namespace Qt::StringLiterals;

class TestMoodFigures : public QObject
{
    Q_OBJECT
private slots:
    void airlineTexts();
};

namespace {

/// The harmonic mean of precision and recall for one label.
double f1(const QMap<std::pair<QString, QString>, int> &counts, const QString &label)
{
    int right = 0, said = 0, meant = 0;
    for (auto i = counts.begin(); i != counts.end(); ++i) {
        const auto &[truth, answer] = i.key();
        right += truth == label && answer == label ? *i : 0;
        said += answer == label ? *i : 0;
        meant += truth == label ? *i : 0;
    }
    return right == 0 ? 0 : 2.0 * right / (said + meant);
}

} // namespace

void TestMoodFigures::airlineTexts()
{
    const QString path = test::dataFolder() + u"/labelled_text_a/airline_tweets_a.csv.gz"_s;
    if (test::dataFolder().isEmpty() || !QFileInfo::exists(path))
        QSKIP("The labelled texts are not here; TIERLINE_DATA names the folder that has them.");
    auto source = importing::ByteSource::open(path);
    QVERIFY(source.has_value());
    importing::CsvReader reader(std::move(*source), {});
    importing::CsvRecord record;
    QVERIFY(reader.next(record).value_or(false));
    const qsizetype truth = record.fields.indexOf(u"airline_sentiment"_s),
                    text = record.fields.indexOf(u"text"_s);
    QVERIFY(truth >= 0 && text >= 0);
    const TextReader triage;
    QMap<std::pair<QString, QString>, int> counts;
    while (reader.next(record).value_or(false)) {
        if (!record.problem.isEmpty() || record.fields.size() <= std::max(truth, text))
            continue;
        QString plain = record.fields[text]; // as it was published: some signs stand as entities
        plain.replace(u"&lt;"_s, u"<"_s).replace(u"&gt;"_s, u">"_s).replace(u"&amp;"_s, u"&"_s);
        ++counts[{ record.fields[truth], code(triage.read(plain).mood) }];
    }
    int rows = 0;
    for (const int count : std::as_const(counts))
        rows += count;
    QCOMPARE(rows, 7310);
    double mean = 0;
    for (const QString &label : { u"negative"_s, u"neutral"_s, u"positive"_s }) {
        const double figure = f1(counts, label);
        qInfo("F1 %s %.3f", qPrintable(label), figure);
        mean += figure / 3;
    }
    qInfo("macro F1 %.3f", mean);
    QVERIFY(mean > 0.465);
}

QTEST_GUILESS_MAIN(TestMoodFigures)
#include "tst_moodfigures.moc"
