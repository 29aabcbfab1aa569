#include "app/desktop/startoptions.h"

#include <QStandardPaths>

namespace tierline::ui {

using namespace Qt::StringLiterals;

QString startUsage()
{
    return u"tierline [--workspace DIR] [--as AGENT] [--place PLACE] [--dock DOCK] [--scheme light|dark] [--size WxH] "
           "[--screenshot FILE] [TICKET]"_s;
}

Result<StartOptions> readStartOptions(const QStringList &words)
{
    StartOptions options;
    options.folder = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation)
        + u"/tierline/default"_s;
    const QHash<QString, QString *> texts { { u"--workspace"_s, &options.folder },
        { u"--as"_s, &options.as }, { u"--place"_s, &options.place },
        { u"--dock"_s, &options.dock }, { u"--screenshot"_s, &options.screenshot },
        { u"--scheme"_s, &options.scheme } };
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString &word = words[i];
        if (word == u"--version"_s) {
            options.version = true;
        } else if (word == u"--help"_s || word == u"-h"_s) {
            options.help = true;
        } else if (word == u"--first-paint"_s) {
            options.firstPaint = true;
        } else if (QString *const into = texts.value(word)) {
            if (i + 1 >= words.size())
                return usageError(u"%1 needs a value. Usage: %2"_s.arg(word, startUsage()));
            *into = words[++i];
        } else if (word == u"--size"_s) {
            const QStringList parts = words.value(++i).split(u'x');
            options.size = QSize(parts.value(0).toInt(), parts.value(1).toInt());
            if (options.size.width() < 320 || options.size.height() < 240)
                return usageError(u"--size takes width and height, such as 1280x800."_s);
        } else if (word.startsWith(u"--"_s)) {
            return usageError(u"“%1” is no option. Usage: %2"_s.arg(word, startUsage()));
        } else {
            options.ticket = word;
        }
    }
    if (!options.scheme.isEmpty() && options.scheme != u"light" && options.scheme != u"dark")
        return usageError(u"--scheme takes light or dark."_s);
    return options;
}

} // namespace tierline::ui
