#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QTemporaryDir>

namespace tierline::test {

/// What a run of the command line gave.
struct Ran {
    int exitCode = -1; ///< -1: it could not be started, crashed, or did not end in time
    QByteArray out;
    QString error; ///< standard error, without the line's end

    QJsonObject
    json() const; ///< standard output, where it is exactly one JSON document; else empty
    QJsonArray rows() const { return json().value(QStringLiteral("rows")).toArray(); }
    QJsonObject errorJson() const { return json().value(QStringLiteral("error")).toObject(); }
    /// Everything, for the message of a failed test.
    QByteArray told() const;
};

/// Runs the real tierline-cli in a workspace of its own, in a temporary folder.
class CliRunner
{
public:
    CliRunner();

    static QString program();
    QString folder() const { return m_folder; }
    /// Another workspace for the runs from now on.
    void setFolder(const QString &folder) { m_folder = folder; }
    /// Who the runs from now on are; empty: whoever is `me`.
    void setAs(const QString &agent) { m_as = agent; }
    QString path(const QString &name) const { return m_temporary.filePath(name); }
    QString file(
        const QString &name, const QByteArray &content) const; ///< makes one; gives its path

    Ran run(const QStringList &words, const QByteArray &input = {}) const;
    Ran json(const QStringList &words, const QByteArray &input = {}) const;
    /// The words before the command's own.
    QStringList globals() const;

private:
    QTemporaryDir m_temporary;
    QString m_folder;
    QString m_as;
};

/// The value at "a/b/c" of an object.
QJsonValue at(const QJsonObject &object, const QString &path);

} // namespace tierline::test

/// Runs and holds the exit code; `name` is the Ran.
#define RAN(name, expected, run)                                                                   \
    const auto name = run;                                                                         \
    QVERIFY2(name.exitCode == (expected), name.told().constData())
