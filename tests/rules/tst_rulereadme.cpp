// The README's examples are rules: each is read, and each condition and action of the tables has one.

#include "core/rules/parse.h"
#include "core/rules/registry.h"

#include <QFile>
#include <QRegularExpression>
#include <QtTest>

using namespace tierline::rules;
using namespace Qt::StringLiterals;

class TestRuleReadme : public QObject
{
    Q_OBJECT

private slots:
    void conditions();
    void actions();

private:
    static QStringList examples(const QString &section);
};

QStringList TestRuleReadme::examples(const QString &section)
{
    QFile file(QStringLiteral(TIERLINE_SOURCE_DIR "/core/rules/README.md"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QString text = QString::fromUtf8(file.readAll());
    const QString part = text.section(u"\n## "_s + section + u'\n', 1).section(u"\n## "_s, 0, 0);
    static const QRegularExpression quotedPart(u"`([^`]+)`"_s);
    QStringList found;
    for (const QString &line : part.split(u'\n')) {
        if (!line.startsWith(u'|'))
            continue;
        auto matches = quotedPart.globalMatch(line);
        while (matches.hasNext())
            found.append(matches.next().captured(1));
    }
    return found;
}

void TestRuleReadme::conditions()
{
    QSet<QString> seen;
    for (const QString &example : examples(u"Conditions"_s)) {
        const ParsedCondition parsed = parseCondition(example);
        QVERIFY2(parsed.problems.empty(),
            qPrintable(example + u": "_s
                + (parsed.problems.empty() ? QString() : parsed.problems.front().text())));
        forEachTest(parsed.expr, [&](const Test &test) { seen.insert(test.fact->id); });
    }
    for (const FactInfo &fact : factTable().all())
        QVERIFY2(seen.contains(fact.id),
            qPrintable(u"core/rules/README.md has no example of "_s + fact.id));
}

void TestRuleReadme::actions()
{
    QSet<QString> seen;
    for (const QString &example : examples(u"Actions"_s)) {
        const ParsedActions parsed = parseActions(example);
        QVERIFY2(parsed.problems.empty(),
            qPrintable(example + u": "_s
                + (parsed.problems.empty() ? QString() : parsed.problems.front().text())));
        for (const Action &action : parsed.actions)
            seen.insert(action.info->id);
    }
    for (const ActionInfo &action : actionTable().all())
        QVERIFY2(seen.contains(action.id),
            qPrintable(u"core/rules/README.md has no example of "_s + action.id));
}

QTEST_GUILESS_MAIN(TestRuleReadme)
#include "tst_rulereadme.moc"
