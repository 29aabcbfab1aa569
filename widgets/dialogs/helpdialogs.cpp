#include "widgets/dialogs/helpdialogs.h"

#include "core/desk/about.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"

#include <QAction>
#include <QGridLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

QString wordsOf(const QAction *action)
{
    QString words = action->text();
    words.remove(u'&');
    while (words.endsWith(u'…') || words.endsWith(u'.'))
        words.chop(1);
    return words;
}

QString keysOf(const QAction *action)
{
    QStringList keys;
    for (const QKeySequence &key : action->shortcuts())
        keys.append(key.toString(QKeySequence::NativeText));
    return keys.join(u"   "_s);
}

} // namespace

KeysDialog::KeysDialog(QWidget *window, QWidget *parent)
    : FormDialog(tr("Keys"), tr("Close"), parent)
{
    cancelButton()->hide();
    QList<std::pair<QString, QString>> verbs;
    QList<std::pair<QString, QString>> goes;
    QList<std::pair<QString, QString>> others;
    // The verbs are the workbench's, and only shown by the window; the rest are its own.
    QList<QAction *> actions = window->actions();
    actions += window->findChildren<QAction *>();
    for (const QAction *action : std::as_const(actions)) {
        if (action->shortcut().isEmpty() || action->text().isEmpty())
            continue;
        const std::pair row { keysOf(action), wordsOf(action) };
        auto &group = action->objectName().startsWith("verb."_L1) ? verbs
            : action->objectName().startsWith("show."_L1)         ? goes
                                                                  : others;
        if (!group.contains(row))
            group.append(row);
    }
    const QList<std::pair<QString, QString>> queue {
        { u"J   K"_s, tr("Next ticket, ticket before") },
        { QKeySequence(Qt::Key_Return).toString(QKeySequence::NativeText),
            tr("Write to the customer") },
        { QKeySequence(QKeySequence::Find).toString(QKeySequence::NativeText),
            tr("Filter by words") },
    };
    others.append(
        { QKeySequence(u"Ctrl+K"_s).toString(QKeySequence::NativeText) + u"   /"_s, tr("Search") });
    others.append({ QKeySequence(u"Ctrl+Return"_s).toString(QKeySequence::NativeText),
        tr("Do what the dialog or the composer is for") });
    others.append({ QKeySequence(Qt::Key_Escape).toString(QKeySequence::NativeText),
        tr("Close the dialog; back to the queue") });
    auto *row = new QHBoxLayout;
    row->setSpacing(space::Page);
    auto *left = new QVBoxLayout;
    auto *right = new QVBoxLayout;
    left->setSpacing(space::Tight);
    right->setSpacing(space::Tight);
    addGroup(tr("The open ticket"), verbs, left);
    addGroup(tr("The queue"), queue, left);
    addGroup(tr("Places"), goes, right);
    addGroup(tr("Everywhere"), others, right);
    left->addStretch();
    right->addStretch();
    row->addLayout(left, 1);
    row->addLayout(right, 1);
    fields()->addLayout(row);
    setMinimumWidth(640);
    verbButton()->setFocus();
}

void KeysDialog::addGroup(
    const QString &title, const QList<std::pair<QString, QString>> &rows, QVBoxLayout *column)
{
    if (rows.isEmpty())
        return;
    auto *head = new PlainLabel(title);
    setTextRole(head, TextRole::MutedStrong);
    if (column->count() > 0)
        column->addSpacing(space::Inner);
    column->addWidget(head);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(space::Apart);
    grid->setVerticalSpacing(space::Hair);
    grid->setColumnStretch(1, 1);
    int line = 0;
    for (const auto &[keys, words] : rows) {
        auto *key = new PlainLabel(keys);
        setTextRole(key, TextRole::Strong);
        auto *what = new PlainLabel(oneLine(words, 80));
        what->setBuddy(nullptr);
        grid->addWidget(key, line, 0);
        grid->addWidget(what, line, 1);
        ++line;
    }
    column->addLayout(grid);
}

AboutDialog::AboutDialog(QWidget *parent)
    : FormDialog(tr("About Tierline"), tr("Close"), parent)
{
    cancelButton()->hide();
    const desk::ProgramFacts facts = desk::programFacts();
    addIntroduction(tr(
        "The desktop client for support teams whose hard tickets must reach the right person in time, "
        "with nothing lost on the way."));
    const auto paragraph = [this](const QString &text, TextRole role) {
        auto *label = new PlainLabel(text);
        label->setWordWrap(true);
        label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        setTextRole(label, role);
        fields()->addWidget(label);
        return label;
    };
    const auto head = [&](const QString &text) {
        fields()->addSpacing(space::Hair);
        paragraph(text, TextRole::MutedStrong);
    };
    head(tr("Version"));
    paragraph(tr("Tierline %1 · Qt %2 · SQLite %3").arg(facts.version, facts.qt, facts.sqlite),
        TextRole::Body)
        ->setObjectName(u"versions"_s);
    paragraph(
        facts.hasWalResetRace ? tr(
            "This SQLite can damage a database that several programs write at once. Tierline lets one of its "
            "programs write at a time, so your workspace is safe; do not write to it with other tools.")
                              : tr("This SQLite has no known fault that concerns your workspace."),
        TextRole::Muted)
        ->setObjectName(u"walNote"_s);
    head(tr("Made with"));
    paragraph(
        tr("Qt: LGPL 3 · Qt Charts: GPL 3 · SQLite: public domain · Gumbo: Apache 2.0 · RE2: BSD, three clauses · "
           "simdjson: Apache 2.0 · libical: LGPL 2.1 or MPL 2 · QtKeychain: BSD · zlib: zlib licence"),
        TextRole::Body);
    head(tr("Licence"));
    paragraph(
        tr("Tierline itself: Apache License 2.0. Its text stands in the file LICENSE that comes with the program."),
        TextRole::Body);
    fields()->addStretch();
    verbButton()->setFocus();
}

} // namespace tierline::ui
