#pragma once

#include "tests/commands/commandtest.h"
#include "widgets/common/accessible.h"
#include "widgets/common/appearance.h"
#include "widgets/dialogs/dialogs.h"
#include "widgets/dialogs/formdialog.h"
#include "widgets/dialogs/verbdialog.h"

#include <QAbstractButton>
#include <QApplication>
#include <QLabel>
#include <QMainWindow>
#include <QSignalSpy>

// A real session over a real workspace, with a bare window for dialogs to stand on.

namespace tierline::test {

using namespace Qt::StringLiterals;

class DialogDesk
{
public:
    /// T-1: new at L1, with everything for an escalation but the reason. `fill` adds what a test needs.
    Result<Done> begin(const QString &me = u"ann"_s,
        const std::function<Result<Done>(CommandFixture &)> &fill = {})
    {
        if (auto begun = desk.begin(); !begun)
            return begun;
        if (auto made = ticket(u"T-1"_s); !made)
            return made;
        if (fill) {
            if (auto filled = fill(desk); !filled)
                return filled;
        }
        auto saved
            = desk.write([me](storage::WriteScope &scope) { return storage::saveMe(scope, me); });
        if (!saved)
            return saved;
        desk.store.reset();
        return Done {};
    }
    Result<Done> ticket(const QString &key)
    {
        commands::CreateTicket create;
        create.ticket.key = key;
        create.ticket.subject = u"SSO login loops after the update"_s;
        create.ticket.channel = u"email"_s;
        create.ticket.category = u"access"_s;
        create.ticket.priority = Priority::High;
        create.requester = { .name = u"Dana Whitfield"_s, .email = u"dana@acme.example"_s };
        create.organization
            = { .name = u"Acme Health"_s, .plan = u"enterprise"_s, .arr = 120'000, .health = 42 };
        create.text
            = u"Since last night's update nobody in our clinic can sign in. The page jumps back to the login "
              "after SSO. We have 300 staff starting at noon. We need everybody signed in before 12:00."_s;
        if (auto made = desk.run("ann", create); !made)
            return made.error();
        auto noted = desk.run("ann",
            commands::Note { key,
                u"Compared their SAML metadata: our side sends the old audience URI.\nCleared the session cache."_s,
                {} });
        return noted ? Result<Done>(Done {}) : Result<Done>(noted.error());
    }
    bool open()
    {
        session = std::make_unique<desk::Session>(desk.workspace, desk.clock, random);
        bench = std::make_unique<ui::Workbench>(*session);
        window = std::make_unique<QMainWindow>();
        window->resize(1280, 800);
        QSignalSpy opened(session.get(), &desk::Session::opened);
        QSignalSpy writable(session.get(), &desk::Session::writable);
        session->open();
        window->show();
        return QTest::qWaitFor([&] { return opened.count() > 0 && writable.count() > 0; }, 20'000);
    }
    bool openTicket(const QString &key)
    {
        bench->openKey(key);
        return QTest::qWaitFor(
            [&] {
                return bench->loading() == ui::Workbench::Loading::Ready && bench->ticket()
                    && bench->ticket()->details.state.ticket.key == key;
            },
            10'000);
    }
    template<typename T = ui::FormDialog>
    T *dialog(const QString &id)
    {
        ui::openDialog(id, *bench, window.get());
        auto *found = window->findChild<T *>(u"dialog."_s + id);
        return found && QTest::qWaitForWindowActive(found, 5'000) ? found : nullptr;
    }
    ui::FormDialog *shown(const QString &id)
    {
        return window->findChild<ui::FormDialog *>(u"dialog."_s + id);
    }
    /// The ticket as the store has it, read by the session's readers.
    desk::TicketDetails stored(const QString &key)
    {
        auto found
            = session->read([key](storage::Connection &connection, const Visibility &visibility) {
                  return desk::loadDetails(connection, key, visibility);
              });
        if (!QTest::qWaitFor([&] { return found.isFinished(); }, 10'000))
            return {};
        return found.result().value_or(desk::TicketDetails {});
    }
    /// Runs a verb behind the dialog's back.
    template<typename Command>
    bool behindTheBack(Command command)
    {
        auto done = session->run(std::move(command));
        return QTest::qWaitFor([&] { return done.isFinished(); }, 10'000)
            && done.result().has_value();
    }
    ~DialogDesk()
    {
        window.reset();
        // The workbench is the context of what it still reads: it stays until that has come.
        (void)QTest::qWaitFor(
            [&] { return !bench || bench->loading() != ui::Workbench::Loading::Loading; }, 5'000);
        bench.reset();
        session.reset();
    }

    CommandFixture desk;
    SeededRandom random { 11 };
    std::unique_ptr<desk::Session> session;
    std::unique_ptr<ui::Workbench> bench;
    std::unique_ptr<QMainWindow> window;
};

/// Keys as a person presses them: to whatever has the focus.
/// A window that opens, or whose list has closed, gets the keys a moment later; no person types that fast.
inline void awake(QWidget *dialog)
{
    if (QApplication::activePopupWidget())
        return;
    if (!dialog->isActiveWindow())
        dialog->activateWindow();
    QTRY_VERIFY(QApplication::focusWidget() == dialog->focusWidget());
}
inline void type(QWidget *dialog, const QString &text)
{
    awake(dialog);
    if (QWidget *focused = dialog->focusWidget())
        QTest::keyClicks(focused, text);
}
inline void press(QWidget *dialog, Qt::Key key, Qt::KeyboardModifiers modifiers = {})
{
    awake(dialog);
    QWidget *popup = QApplication::activePopupWidget();
    QWidget *focused = dialog->focusWidget();
    QTest::keyClick(popup ? popup : focused ? focused : dialog, key, modifiers);
}
inline void go(QWidget *dialog)
{
    press(dialog, Qt::Key_Return, Qt::ControlModifier);
}

/// Texts of labels and buttons that have less room than they need, and controls outside their parent.
inline QStringList clipped(const QWidget *dialog)
{
    QStringList found;
    for (const QWidget *widget : dialog->findChildren<QWidget *>()) {
        if (!widget->isVisible())
            continue;
        const auto *label = qobject_cast<const QLabel *>(widget);
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        if (label && !label->text().isEmpty()) {
            const int needed = label->wordWrap() ? label->heightForWidth(label->width())
                                                 : label->sizeHint().height();
            if (label->height() < needed
                || (!label->wordWrap() && label->width() < label->sizeHint().width()))
                found.append(label->text());
        } else if (button && !button->text().isEmpty()
            && button->width() < button->sizeHint().width()) {
            found.append(button->text());
        }
    }
    return found;
}

} // namespace tierline::test
