#include "app/desktop/desktopsink.h"
#include "app/desktop/firstpaint.h"
#include "app/desktop/mainwindow.h"
#include "app/desktop/screenshot.h"
#include "app/desktop/singleinstance.h"
#include "app/desktop/startoptions.h"
#include "core/base/freedmemory.h"
#include "core/desk/accountsetup.h"
#include "core/desk/courierservice.h"
#include "core/desk/engineservice.h"
#include "core/desk/syncservice.h"
#include "core/secrets/keychainsecrets.h"
#include "core/secrets/sessionsecrets.h"

#include "widgets/common/safebrowser.h"

#include <QApplication>
#include <QDesktopServices>
#include <QTimer>

#include <cstdio>

using namespace tierline;
using namespace tierline::ui;
using namespace Qt::StringLiterals;

namespace {

int say(std::FILE *stream, const QString &text, int exitCode)
{
    std::fprintf(stream, "%s\n", qPrintable(text));
    return exitCode;
}

} // namespace

int main(int argc, char *argv[])
{
    returnLargeBuffers();
    QApplication app(argc, argv);
    QApplication::setApplicationName(u"tierline"_s);
    QApplication::setOrganizationName(u"tierline"_s);
    QApplication::setApplicationDisplayName(u"Tierline"_s);
    QApplication::setApplicationVersion(QLatin1StringView(TIERLINE_VERSION));

    const auto options = readStartOptions(QApplication::arguments().mid(1));
    if (!options)
        return say(stderr, options.error().detail, 2);
    if (options->help)
        return say(stdout, u"Usage: "_s + startUsage(), 0);
    if (options->version)
        return say(stdout,
            u"tierline %1, SQLite %2"_s.arg(
                QApplication::applicationVersion(), storage::sqliteVersion()),
            0);

    const storage::Workspace workspace(options->folder);
    const bool isPicture = !options->screenshot.isEmpty();
    const QString socket = workspace.desktopSocketName();
    SingleInstance instance(socket, SingleInstance::lockPathFor(socket));
    if (!isPicture && !options->firstPaint) {
        const auto start = instance.start(options->ticket);
        if (start && *start == SingleInstance::Start::HandedOver)
            return 0;
        // Where no lock can be had at all, a second window is better than none.
        if (!start && start.error().fault == Fault::Conflict)
            return say(stderr, start.error().detail, 1);
        if (!start)
            say(stderr, start.error().detail, 0);
    }

    // Layout and looks belong to the person, not to the workspace; a picture uses neither.
    QSettings settings(isPicture ? workspace.folder() + u"/picture.ini"_s : QSettings().fileName(),
        QSettings::IniFormat);
    SchemeChoice choice
        = static_cast<SchemeChoice>(qBound(0, settings.value("appearance/scheme"_L1).toInt(), 2));
    if (!options->scheme.isEmpty())
        choice = options->scheme == u"dark" ? SchemeChoice::Dark : SchemeChoice::Light;
    SafeBrowser::setOpener([](const QUrl &url) { QDesktopServices::openUrl(url); });
    // First, so that the people and the first queue are read while the window is made.
    const SystemClock clock;
    SystemRandom random;
    // Before the session, which lets go of them last. Nothing is asked of a keychain until it is needed.
    KeychainSecrets keychain;
    SessionSecrets secrets(keychain);
    desk::Session session(workspace, clock, random, options->as);
    session.open();
    connectors::Registry helpdesks;
    connectors::registerConnectors(helpdesks);
    notify::WayRegistry ways;
    notify::registerWays(ways);
    auto *setup = new desk::AccountSetup(session, secrets, helpdesks); // the session owns it
    Appearance appearance(app, choice);
    appearance.setDensity(
        static_cast<Density>(qBound(0, settings.value("appearance/density"_L1).toInt(), 1)));
    if (isPicture)
        appearance.setMotion(false);

    MainWindow window(session, appearance, settings);
    if (options->size.isValid())
        window.resize(options->size);
    QObject::connect(&window, &MainWindow::built, &window, [&] {
        if (!options->place.isEmpty())
            window.workbench().goTo(options->place);
        if (!options->ticket.isEmpty())
            window.workbench().openKey(options->ticket);
        // A tab can come to the front only once the window has been laid out.
        QTimer::singleShot(0, &window, [&] {
            if (!options->dock.isEmpty() && !window.showDock(options->dock))
                window.workbench().report(notFound(u"There is no dock “%1”."_s.arg(options->dock)));
        });
    });
    QObject::connect(&instance, &SingleInstance::asked, &window, [&](const QString &ticket) {
        window.setWindowState(window.windowState() & ~Qt::WindowMinimized);
        window.show();
        window.raise();
        window.activateWindow();
        if (!ticket.isEmpty())
            window.workbench().openKey(ticket);
    });
    std::unique_ptr<FirstPaint> firstPaint;
    if (options->firstPaint)
        firstPaint = std::make_unique<FirstPaint>(app);
    // Shown with its docks in it: an empty window would be laid out and painted for nothing. Where the
    // store takes its time, the window stands empty meanwhile.
    QObject::connect(&window, &MainWindow::built, &window, &QWidget::show);
    QObject::connect(&session, &desk::Session::failed, &window, &QWidget::show);
    QTimer::singleShot(150, &window, &QWidget::show);

    DesktopSink sink(session, window.workbench());
    // The helpdesks and the rules come after the person: nothing is asked of a network before the window is usable.
    if (!isPicture && !options->firstPaint) {
        desk::SyncService &sync = session.sync();
        QObject::connect(setup, &desk::AccountSetup::changed, &sync, &desk::SyncService::look);
        QObject::connect(
            setup, &desk::AccountSetup::secretChanged, &sync, &desk::SyncService::secretStored);
        QObject::connect(
            setup, &desk::AccountSetup::syncWanted, &sync, &desk::SyncService::syncNow);
        QObject::connect(&window, &MainWindow::built, &sync, [&] {
            QTimer::singleShot(
                500, &sync, [&] { sync.start({ .secrets = &secrets, .registry = helpdesks }); });
            QTimer::singleShot(500, &session.engine(), [&] {
                session.courier().start({ .secrets = &secrets, .kinds = ways });
                session.engine().start({ &sink }, session.courier().kinds());
            });
        });
    }

    std::unique_ptr<Screenshot> picture;
    if (isPicture) {
        picture = std::make_unique<Screenshot>(window, options->screenshot);
        QObject::connect(picture.get(), &Screenshot::done, &app,
            [](bool isWritten) { QApplication::exit(isWritten ? 0 : 1); });
    }
    return QApplication::exec();
}
