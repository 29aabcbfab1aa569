#pragma once

#include "core/commands/rules.h"
#include "core/desk/engineservice.h"
#include "tests/commands/commandtest.h"
#include "widgets/docks/rules/rulesdock.h"

#include <QApplication>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

// The rules dock over a workspace of its own.

namespace tierline::test {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

inline const QString waiting
    = u"rule \"Left waiting\"\n  when no agent reply for 2h\n  then escalate to L2 reason sla-risk"_s;
inline const QString churn = u"rule \"Churn\"\n  when churn intent\n  then tag at-risk"_s;
inline const QString outage
    = u"rule \"Outage\"\n  when severity is critical\n  then escalate to L3 reason outage"_s;

/// A rule book of three, over a ticket that has waited for three hours.
struct RuleDock {
    CommandFixture desk;
    SeededRandom random { 9 };
    std::unique_ptr<desk::Session> session;
    std::unique_ptr<ui::Workbench> bench;
    std::unique_ptr<ui::RulesDock> dock;
    QStringList said;

    Result<Done> begin(
        const QString &me = u"lea"_s, const QStringList &texts = { waiting, churn, outage })
    {
        if (auto begun = desk.begin(); !begun)
            return begun;
        if (auto made = desk.newTicket(u"T-1"_s); !made)
            return made.error();
        commands::SaveRules save { .reason = { u"test"_s } };
        for (const QString &text : texts)
            save.texts.push_back({ .name = text.section(u'"', 1, 1), .text = text });
        if (!texts.isEmpty()) {
            commands::Context context = desk.as(u"lea"_s);
            if (auto saved = commands::run(context, save); !saved)
                return saved.error();
        }
        desk.clock.advance(3h);
        auto saved
            = desk.write([me](storage::WriteScope &scope) { return storage::saveMe(scope, me); });
        if (!saved)
            return saved;
        desk.store.reset();
        return Done {};
    }
    bool open(QSize size = { 620, 760 })
    {
        session = std::make_unique<desk::Session>(desk.workspace, desk.clock, random);
        bench = std::make_unique<ui::Workbench>(*session);
        QObject::connect(bench.get(), &ui::Workbench::said, bench.get(),
            [this](const QString &sentence) { said.append(sentence); });
        QSignalSpy writable(session.get(), &desk::Session::writable);
        session->open();
        if (!QTest::qWaitFor([&] { return writable.count() > 0; }, 20'000))
            return false;
        dock = std::make_unique<ui::RulesDock>(
            *bench, ui::TimeWords { QTimeZone("Europe/Berlin"), QLocale::c() });
        dock->resize(size);
        dock->show();
        QApplication::setActiveWindow(dock.get());
        return QTest::qWaitForWindowActive(dock.get())
            && QTest::qWaitFor([&] { return dock->isRead(); }, 20'000);
    }
    RuleBook book()
    {
        auto read = session->read([](storage::Connection &connection, const Visibility &) {
            return storage::loadRuleBook(connection);
        });
        if (!QTest::qWaitFor([&] { return read.isFinished(); }))
            return {};
        return read.result().value_or(RuleBook {});
    }
    QStringList names()
    {
        QStringList names;
        for (const StoredRule &rule : book().rules)
            names.append(rule.name);
        return names;
    }
    template<typename W>
    W *find(const char *name)
    {
        return dock->findChild<W *>(QString::fromLatin1(name));
    }
    void answer(const QString &why)
    {
        auto *field = find<QLineEdit>("ruleWhy");
        QTRY_COMPARE(QApplication::focusWidget(), field);
        QTest::keyClicks(field, why);
        QTest::keyClick(field, Qt::Key_Return);
    }
    ~RuleDock()
    {
        dock.reset();
        if (session)
            session->shutDown();
        bench.reset();
    }
};

} // namespace tierline::test
