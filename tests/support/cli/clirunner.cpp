#include "tests/support/cli/clirunner.h"

#include <QFile>
#include <QJsonDocument>
#include <QProcess>

namespace tierline::test {

using namespace Qt::StringLiterals;

QJsonObject Ran::json() const
{
    QJsonParseError fault;
    const QJsonDocument document = QJsonDocument::fromJson(out, &fault);
    return fault.error == QJsonParseError::NoError ? document.object() : QJsonObject();
}

QByteArray Ran::told() const
{
    return "exit " + QByteArray::number(exitCode) + "\n" + out.left(4000) + "\n" + error.toUtf8();
}

CliRunner::CliRunner()
    : m_folder(m_temporary.filePath(u"desk"_s))
{
}

QString CliRunner::program()
{
    return QString::fromUtf8(TIERLINE_CLI);
}

QString CliRunner::file(const QString &name, const QByteArray &content) const
{
    QFile out(path(name));
    if (!out.open(QIODevice::WriteOnly) || out.write(content) != content.size())
        qFatal("A test's file cannot be written.");
    return path(name);
}

QStringList CliRunner::globals() const
{
    QStringList words { u"--workspace"_s, m_folder };
    if (!m_as.isEmpty())
        words += { u"--as"_s, m_as };
    return words;
}

Ran CliRunner::run(const QStringList &words, const QByteArray &input) const
{
    constexpr int patienceMs = 120'000;
    QProcess process;
    process.start(program(), globals() + words);
    if (!process.waitForStarted())
        return {};
    process.write(input);
    process.closeWriteChannel();
    const bool hasEnded = process.waitForFinished(patienceMs);
    Ran ran { .exitCode
        = hasEnded && process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
        .out = process.readAllStandardOutput(),
        .error = QString::fromUtf8(process.readAllStandardError()) };
    while (ran.error.endsWith(u'\n'))
        ran.error.chop(1);
    return ran;
}

Ran CliRunner::json(const QStringList &words, const QByteArray &input) const
{
    return run(QStringList { u"--json"_s } + words, input);
}

QJsonValue at(const QJsonObject &object, const QString &path)
{
    QJsonValue value = object;
    for (const QString &name : path.split(u'/'))
        value = value.toObject().value(name);
    return value;
}

} // namespace tierline::test
