#include "app/cli/command.h"
#include "app/cli/matrixcommands.h"
#include "app/cli/rulebookcommands.h"
#include "app/cli/settingscommands.h"
#include "app/cli/templatecommands.h"
#include "app/cli/waycommands.h"

#include <QCoreApplication>
#include <QStandardPaths>

using namespace tierline;
using namespace tierline::cli;
using namespace Qt::StringLiterals;

namespace {

const QString commandLine = u"tierline-cli [--workspace DIR] [--as AGENT] [--json] COMMAND …"_s;

struct Invocation {
    QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation)
        + u"/tierline/default"_s;
    QString as;
    bool json = false;
    bool help = false;
    bool version = false;
    QStringList words;
};

/// Global options may stand before or after the command's name; `--` ends them.
Result<Invocation> readInvocation(const QStringList &words)
{
    Invocation result;
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString &word = words[i];
        if (word == u"--"_s) {
            result.words += words.mid(i);
            break;
        }
        const QString option = word.section(u'=', 0, 0);
        const bool hasValue = option == u"--workspace"_s || option == u"--as"_s;
        if (word == u"--json"_s)
            result.json = true;
        else if (word == u"--help"_s || word == u"-h"_s)
            result.help = true;
        else if (word == u"--version"_s)
            result.version = true;
        else if (hasValue) {
            const bool isInline = word != option;
            if (!isInline && i + 1 >= words.size())
                return usageError(u"%1 needs a value. Usage: %2"_s.arg(word, commandLine));
            (option == u"--as"_s ? result.as : result.folder)
                = isInline ? word.mid(option.size() + 1) : words[++i];
        } else {
            result.words.append(word);
        }
    }
    return result;
}

QList<Command> allCommands()
{
    return workspaceCommands() + readingCommands() + ticketCommands() + escalationCommands()
        + dataCommands() + metricsCommands() + accountCommands() + syncCommands() + slaCommands()
        + triageCommands() + runCommands() + rulesCommands() + rulebookCommands()
        + settingsCommands() + templateCommands() + matrixCommands() + wayCommands()
        + noticeCommands();
}

/// The command whose name is the longest beginning of `words`.
const Command *find(const QList<Command> &commands, const QStringList &words)
{
    const Command *best = nullptr;
    for (const Command &command : commands) {
        const QStringList name = command.name.split(u' ');
        if (words.mid(0, name.size()) == name
            && (!best || name.size() > best->name.count(u' ') + 1))
            best = &command;
    }
    return best;
}

QString helpText(const QList<Command> &commands)
{
    QString text = u"Usage: %1\n\n"_s.arg(commandLine);
    QList<QStringList> rows;
    for (const Command &command : commands)
        rows.append({ (command.name + u' ' + command.usage).trimmed(), command.help });
    return text + table({ u"command"_s, u"does"_s }, rows, 90);
}

int exitCodeOf(const Error &error)
{
    return error.fault == Fault::Usage ? 2 : 1;
}

int report(const Error &error, bool json)
{
    const bool isSaid = error.detail.contains(error.where, Qt::CaseInsensitive);
    const QString where = isSaid ? QString() : u" ("_s + error.where + u')';
    printError(printable(error.detail + where).replace(u'\n', u' '));
    if (json) {
        const QJsonObject document { { u"error"_s,
            QJsonObject { { u"code"_s, faultCode(error.fault) }, { u"message"_s, error.detail },
                { u"where"_s, error.where } } } };
        printDocument(document);
    }
    return exitCodeOf(error);
}

Error unknownCommand(const QList<Command> &commands, const QStringList &words)
{
    if (words.isEmpty())
        return usageError(
            u"A command is missing. Usage: %1 (--help lists them)"_s.arg(commandLine));
    QStringList names, groups;
    for (const Command &command : commands) {
        names.append(command.name);
        if (command.name.contains(u' '))
            groups.append(command.name.section(u' ', 0, 0));
    }
    const bool isGroup = groups.contains(words.first());
    const QString asked = isGroup ? words.mid(0, 2).join(u' ') : words.first();
    QString near = nearest(asked, isGroup ? names : names + groups);
    if (near.isEmpty() && !isGroup)
        near = nearest(words.mid(0, 2).join(u' '), names);
    return usageError(u"There is no command “%1”.%2 --help lists them."_s.arg(
        asked.left(80), near.isEmpty() ? QString() : u" Did you mean “%1”?"_s.arg(near)));
}

/// People get one sentence of ours and nothing of the libraries', unless they ask for all of it.
void onMessage(QtMsgType type, const QMessageLogContext &context, const QString &text)
{
    if (type == QtFatalMsg || qEnvironmentVariableIsSet("TIERLINE_LOG"))
        printError(qFormatLogMessage(type, context, text));
}

} // namespace

int main(int argc, char *argv[])
{
    qInstallMessageHandler(onMessage);
    QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(u"tierline"_s);
    QCoreApplication::setApplicationVersion(QLatin1StringView(TIERLINE_VERSION));

    const auto invocation = readInvocation(QCoreApplication::arguments().mid(1));
    if (!invocation)
        return report(invocation.error(), QCoreApplication::arguments().contains(u"--json"_s));
    const QList<Command> commands = allCommands();
    if (invocation->version) {
        printOut(u"tierline %1, SQLite %2\n"_s.arg(
            QCoreApplication::applicationVersion(), storage::sqliteVersion()));
        return 0;
    }
    const Command *command = find(commands, invocation->words);
    if (invocation->help) {
        printOut(command ? u"Usage: tierline-cli %1 %2\n%3\n"_s.arg(
                     command->name, command->usage, command->help)
                         : helpText(commands));
        return 0;
    }
    if (!command)
        return report(unknownCommand(commands, invocation->words), invocation->json);

    const SystemClock clock;
    SystemRandom random;
    Environment environment(invocation->folder, invocation->as, invocation->json, clock, random);
    const auto arguments = Arguments::parse(invocation->words.mid(command->name.count(u' ') + 1),
        command->shape, u"tierline-cli %1 %2"_s.arg(command->name, command->usage));
    if (!arguments)
        return report(arguments.error(), invocation->json);
    const auto answer = command->run(environment, *arguments);
    environment.endProgress();
    if (!answer)
        return report(answer.error(), invocation->json);
    if (answer->isSaid)
        return answer->exitCode;
    if (invocation->json)
        printDocument(answer->document);
    else
        printOut(answer->isFile && isTerminal() ? printable(answer->text) : answer->text);
    return answer->exitCode;
}
