#include "tests/fence/sourcerules.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace tierline::fence {

namespace {

const QStringList product { u"core/"_s, u"widgets/"_s, u"app/"_s };
const QStringList productAndTests { u"core/"_s, u"widgets/"_s, u"app/"_s, u"tests/"_s };

constexpr int maxLines = 600;
constexpr int maxReadmeLines = 60;

QList<SourceRule> waitingRules()
{
    return {
        { u"event-loop"_s,
            u"a nested event loop lets anything happen in the middle; continue in a slot"_s,
            u"\\bQEventLoop\\b|\\bprocessEvents\\s*\\(|\\bsendPostedEvents\\s*\\("_s, product, {},
            Blank::CommentsAndStrings, u"QEventLoop loop;"_s, u"QEventLoopX loop;"_s },
        { u"wait"_s,
            u"a thread that waits for another freezes or deadlocks; continue with then()"_s,
            u"\\bwaitForFinished\\b|\\bBlockingQueuedConnection\\b|\\bwaitForDone\\b"_s, product,
            {}, Blank::CommentsAndStrings, u"future.waitForFinished();"_s,
            u"future.then(this, done);"_s },
        { u"sleep"_s, u"wait for the condition itself: a signal, a state, a timer"_s,
            u"\\bQThread::(m|u)?sleep\\b|\\bqSleep\\b|\\bsleep_(for|until)\\b|(?<![\\w:.>])u?sleep\\s*\\("_s,
            productAndTests, { u"tests/fence/"_s }, Blank::CommentsAndStrings,
            u"QThread::msleep(5);"_s, u"timer.start(5ms);"_s },
        { u"exec"_s, u"a modal loop; use open() for dialogs and popup() for menus"_s,
            u"(?<!\\bapp)(?<!\\bapplication)(\\.|->)exec\\s*\\("_s, product, {},
            Blank::CommentsAndStrings, u"if (dialog.exec() == QDialog::Accepted)"_s,
            u"return app.exec();"_s },
        { u"static-dialog"_s,
            u"it runs a loop of its own and no test can answer it; use the seam of widgets/dialogs"_s,
            u"\\bQMessageBox::(information|warning|critical|question|about)\\s*\\(|\\bQInputDialog::get\\w+\\s*\\("
            u"|\\bQFileDialog::get\\w+\\s*\\(|\\bQColorDialog::getColor\\s*\\(|\\bQFontDialog::getFont\\s*\\("_s,
            product, {}, Blank::CommentsAndStrings, u"QMessageBox::warning(this, title, text);"_s,
            u"box->setIcon(QMessageBox::Warning);"_s },
    };
}

QList<SourceRule> injectionRules()
{
    return {
        { u"clock"_s, u"time comes from the injected Clock (core/base/clock.h)"_s,
            u"\\bcurrentDateTime(Utc)?\\s*\\(|\\bcurrent(M)?SecsSinceEpoch\\s*\\(|\\bQDate::currentDate\\b"
            u"|\\bQTime::currentTime\\b|\\bsystem_clock::now\\b|(?<![\\w:.>])(std::)?time\\s*\\(\\s*(nullptr|NULL|0)\\s*\\)"
            u"|\\bgettimeofday\\b|\\bclock_gettime\\b"_s,
            product, { u"core/base/"_s }, Blank::CommentsAndStrings,
            u"const auto now = QDateTime::currentDateTimeUtc();"_s,
            u"const Instant now = m_clock.now();"_s },
        { u"random"_s, u"randomness comes from the injected RandomSource (core/base)"_s,
            u"\\bQRandomGenerator\\b|\\brandom_device\\b|(?<![\\w:.>])(std::)?s?rand\\s*\\(|\\bQUuid::createUuid\\b"_s,
            product, { u"core/base/"_s }, Blank::CommentsAndStrings,
            u"QRandomGenerator::global()->bounded(6);"_s, u"m_random.bounded(6);"_s },
        { u"tls"_s, u"certificate errors are never ignored"_s,
            u"\\bignoreSslErrors\\b|\\bVerifyNone\\b"_s, productAndTests, { u"tests/fence/"_s },
            Blank::CommentsAndStrings, u"reply->ignoreSslErrors();"_s, u"reply->sslErrors();"_s },
        { u"keychain-file"_s, u"a secret is kept in the keychain or not at all, never in a file"_s,
            u"\\bsetInsecureFallback\\b"_s, productAndTests, { u"tests/fence/"_s },
            Blank::CommentsAndStrings, u"job->setInsecureFallback(true);"_s,
            u"job->setAutoDelete(true);"_s },
    };
}

QList<SourceRule> roomRules()
{
    return {
        { u"colour"_s, u"colours are tokens of widgets/common; core knows none"_s,
            u"\"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})\"|color\\s*:\\s*#[0-9a-fA-F]{3}|background\\s*:\\s*#[0-9a-fA-F]{3}"
            u"|\\bQColor\\s*[({]\\s*(u?\"|0x|[0-9])|\\bqRgba?\\s*\\("
            u"|\\bQt::(dark|light)?(red|green|blue|cyan|magenta|yellow|gray|Red|Green|Blue|Cyan|Magenta|Yellow|Gray)\\b"
            u"|\\bQt::(black|white)\\b"_s,
            product,
            // A document that is printed and mailed has its own sheet; no theme reaches it.
            { u"widgets/common/"_s, u"core/handoff/drawhtml.cpp"_s }, Blank::Comments,
            u"painter->setPen(QColor(\"#aa0000\"));"_s,
            u"painter->setPen(tokens.colour(Token::Danger)); // was #aa0000"_s },
        { u"tr"_s,
            u"core has no text in the person's language; say it with a code and let the edge translate"_s,
            u"(?<![\\w.>])(QObject::)?tr\\s*\\(|\\bQCoreApplication::translate\\s*\\("_s,
            { u"core/"_s }, {}, Blank::CommentsAndStrings, u"return tr(\"Escalated\");"_s,
            u"return str(value);"_s },
        { u"markup"_s, u"text that may be foreign is never guessed to be markup"_s,
            u"\\bQt::AutoText\\b|\\bQt::mightBeRichText\\b"_s, product, {},
            Blank::CommentsAndStrings, u"label->setTextFormat(Qt::AutoText);"_s,
            u"label->setTextFormat(Qt::PlainText);"_s },
        { u"tooltip"_s,
            u"a tooltip guesses at markup; foreign text goes through setPlainToolTip()"_s,
            // What may stand there bare is our own: a sentence, a time, a key.
            u"\\bset(ToolTip|StatusTip|WhatsThis)\\s*\\(\\s*+(?!(\\w+::)?tr\\(|\\{\\}|m_words\\.exact\\(|place\\.shortcut\\.)"_s,
            product, { u"widgets/common/plainlabel.cpp"_s }, Blank::CommentsAndStrings,
            u"item->setToolTip(ticket.subject);"_s,
            u"button->setToolTip(tr(\"Copy the card\"));"_s },
        { u"connect"_s, u"connect with member pointers, and a lambda with a context object"_s,
            u"\\b(SIGNAL|SLOT)\\s*\\(|\\bconnect\\s*\\(\\s*[\\w.>\\-()]+\\s*,\\s*&[\\w:]+\\s*,\\s*\\["_s,
            product, {}, Blank::CommentsAndStrings,
            u"connect(button, SIGNAL(clicked()), this, SLOT(go()));"_s,
            u"connect(button, &QPushButton::clicked, this, [this] { go(); });"_s },
        { u"todo"_s, u"do it, or leave it out whole"_s, u"\\b(TODO|FIXME|XXX|HACK)\\b"_s,
            productAndTests, { u"tests/fence/"_s }, Blank::Comments, u"int todo = 0; TODO later"_s,
            u"int todoCount = 0;"_s },
    };
}

// Line numbers that carry an exception for the rule, with those that follow one on a line of its own.
QList<int> exceptions(const QString &text, const QString &rule)
{
    static const QRegularExpression marker(u"^(.*)// fence: ([a-z\\-]+) because (.{10,})$"_s);
    QList<int> lines;
    int number = 0;
    for (const QString &line : text.split(u'\n')) {
        ++number;
        const auto match = marker.match(line);
        if (match.hasMatch() && match.captured(2) == rule)
            lines.append(match.captured(1).trimmed().isEmpty() ? number + 1 : number);
    }
    return lines;
}

bool startsWithAny(const QString &path, const QStringList &prefixes)
{
    for (const QString &prefix : prefixes) {
        if (path.startsWith(prefix))
            return true;
    }
    return false;
}

} // namespace

const QList<SourceRule> &sourceRules()
{
    static const QList<SourceRule> rules = waitingRules() + injectionRules() + roomRules();
    return rules;
}

QList<Finding> checkSource(const SourceFile &source, const SourceRule &rule)
{
    if (!startsWithAny(source.path, rule.within) || startsWithAny(source.path, rule.except))
        return {};
    QList<Finding> findings;
    // A mark of unfinished work is mostly in a comment.
    const QString code = rule.name == "todo"_L1 ? source.text : blanked(source.text, rule.reads);
    const QList<int> excepted = exceptions(source.text, rule.name);
    const QRegularExpression pattern(rule.pattern);
    auto matches = pattern.globalMatch(code);
    while (matches.hasNext()) {
        const auto match = matches.next();
        const int line = lineAt(code, match.capturedStart());
        if (!excepted.contains(line))
            findings.append({ source.path, line, rule.name,
                match.captured().simplified() + u": "_s + rule.why });
    }
    return findings;
}

QList<Finding> checkLength(const SourceFile &source)
{
    const auto lines = source.text.count(u'\n');
    if (lines <= maxLines)
        return {};
    return { { source.path, 0, u"length"_s,
        u"%1 lines; at most %2, else it is perhaps two rooms"_s.arg(lines).arg(maxLines) } };
}

QList<Finding> checkReadmes(const QString &root, const QStringList &tops)
{
    QList<Finding> findings;
    QStringList folders;
    for (const QString &top : tops) {
        QDirIterator walk(
            root + u'/' + top, { u"CMakeLists.txt"_s }, QDir::Files, QDirIterator::Subdirectories);
        while (walk.hasNext())
            folders.append(QDir(root).relativeFilePath(QFileInfo(walk.next()).path()));
    }
    folders.sort();
    for (const QString &folder : std::as_const(folders)) {
        const QString path = folder + u"/README.md"_s;
        QFile readme(root + u'/' + path);
        if (!readme.open(QIODevice::ReadOnly)) {
            findings.append({ path, 0, u"readme"_s,
                u"the room has none: what belongs, what does not, three files to read first"_s });
            continue;
        }
        const auto lines = readme.readAll().count('\n');
        if (lines > maxReadmeLines)
            findings.append({ path, 0, u"readme"_s,
                u"%1 lines; a page has %2"_s.arg(lines).arg(maxReadmeLines) });
        else if (lines < 3)
            findings.append({ path, 0, u"readme"_s, u"says nothing"_s });
    }
    return findings;
}

} // namespace tierline::fence
