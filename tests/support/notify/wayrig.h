#pragma once

#include "core/notify/api/wayregistry.h"
#include "tests/support/fakeclock.h"
#include "tests/support/net/lyingserver.h"

#include <QEventLoop>
#include <QLoggingCategory>
#include <QTimer>

#include <map>

namespace tierline::test {

/// All that is logged while it lives.
class LogLines
{
public:
    LogLines()
    {
        current() = this;
        QLoggingCategory::setFilterRules(QStringLiteral("tierline.*=true"));
        m_before = qInstallMessageHandler([](QtMsgType, const QMessageLogContext &,
                                              const QString &line) { current()->m_lines += line; });
    }
    ~LogLines()
    {
        qInstallMessageHandler(m_before);
        QLoggingCategory::setFilterRules({});
        current() = nullptr;
    }
    Q_DISABLE_COPY_MOVE(LogLines)

    QString all() const { return m_lines.join(u'\n'); }

private:
    static LogLines *&current()
    {
        static LogLines *lines = nullptr;
        return lines;
    }
    QStringList m_lines;
    QtMessageHandler m_before = nullptr;
};

/// Runs the loop until an errand has told; nothing after ten seconds, or where it told before its call returned.
template<typename T>
std::optional<T> waitFor(
    const std::function<std::unique_ptr<notify::Errand>(std::function<void(T)>)> &start)
{
    std::optional<T> told;
    QEventLoop loop;
    const auto errand = start([&](T value) {
        told = std::move(value);
        loop.quit();
    });
    if (told)
        return std::nullopt;
    QTimer::singleShot(10'000, &loop, &QEventLoop::quit);
    loop.exec();
    return told;
}

/// What a server says for each path, one script after the other, the last for good.
class Scripts
{
public:
    explicit Scripts(LyingServer &server)
    {
        server.script = [this](const Arrival &arrival) { return next(arrival.target); };
    }
    Scripts &on(const QByteArray &path, const Script &script)
    {
        m_scripts[path].append(script);
        return *this;
    }
    Scripts &on(const QByteArray &path, const QByteArray &json)
    {
        return on(path, Script { send(answer(200, json)) });
    }

private:
    Script next(const QByteArray &target)
    {
        auto &scripts = m_scripts[target.split('?').first()];
        if (scripts.isEmpty())
            return { send(answer(404, "{}")) };
        return scripts.size() > 1 ? scripts.takeFirst() : scripts.first();
    }
    std::map<QByteArray, QList<Script>> m_scripts;
};

/// A way, told and asked.
struct WayRig {
    notify::Told tell(const notify::Telling &telling) const
    {
        return waitFor<notify::Told>([&](notify::ToldHandler done) {
            return way->tell(telling, std::move(done));
        }).value();
    }
    notify::Told look(const notify::Telling &telling) const
    {
        return waitFor<notify::Told>([&](notify::ToldHandler done) {
            return way->look(telling, std::move(done));
        }).value();
    }
    Result<std::vector<notify::Heard>> hear(const std::vector<notify::Open> &open) const
    {
        return waitFor<Result<std::vector<notify::Heard>>>([&](notify::HeardHandler done) {
            return way->hear(open, std::move(done));
        }).value();
    }
    Result<QString> test() const
    {
        return waitFor<Result<QString>>([&](std::function<void(Result<QString>)> done) {
            return way->test(std::move(done));
        }).value();
    }

    FakeClock clock;
    SeededRandom random { 7 };
    std::unique_ptr<notify::Way> way;
};

/// All that one try says to people and keeps.
inline QString saidIn(const notify::Told &told)
{
    const Error error = told.error.value_or(Error {});
    return told.receipt + u'\n' + error.detail + u'\n' + error.where + u'\n';
}

} // namespace tierline::test
