#pragma once

#include "widgets/common/emptystate.h"
#include "widgets/common/plainlabel.h"
#include "widgets/docks/rail/raildelegate.h"

#include <QAbstractItemView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTabBar>
#include <QTextBrowser>
#include <QToolButton>

// What a screen must never show: text that is cut, and an empty place that says nothing.

namespace tierline::test {

inline QString nameOf(const QWidget *widget)
{
    QStringList path;
    for (const QWidget *each = widget; each; each = each->parentWidget()) {
        if (!each->objectName().isEmpty())
            path.prepend(each->objectName());
    }
    return QStringLiteral("%1 %2 (%3x%4)")
        .arg(QLatin1StringView(widget->metaObject()->className()), path.join(u'/'))
        .arg(widget->width())
        .arg(widget->height());
}

inline bool isSeen(const QWidget *widget)
{
    return widget->isVisible() && !widget->visibleRegion().isEmpty();
}

/// Labels that show what a stranger wrote may end with an ellipsis: their tooltip has the whole of it.
inline bool mayBeCut(const QLabel *label)
{
    static const QStringList foreign { QStringLiteral("ticketSubject"),
        QStringLiteral("statusMessage"), QStringLiteral("ticketWaiting"),
        QStringLiteral("ticketSync") };
    return foreign.contains(label->objectName());
}

inline bool fits(const QLabel *label)
{
    if (label->text().isEmpty())
        return true;
    const QRect room = label->contentsRect();
    const QFontMetrics metrics = label->fontMetrics();
    const auto *plain = qobject_cast<const ui::PlainLabel *>(label);
    if (plain && plain->isElided())
        return room.height() >= metrics.height()
            && (mayBeCut(label)
                || metrics.horizontalAdvance(ui::oneLine(label->text())) <= room.width() + 1);
    if (!label->wordWrap()) {
        const QSize needed = metrics.size(0, label->text());
        return needed.width() <= room.width() + 1 && needed.height() <= room.height() + 1;
    }
    const QRect needed
        = metrics.boundingRect(QRect(0, 0, room.width(), 100'000), Qt::TextWordWrap, label->text());
    return needed.height() <= room.height() + 2;
}

inline bool fits(const QAbstractButton *button)
{
    const QSize needed = button->sizeHint();
    return button->text().isEmpty()
        || (button->width() >= needed.width() && button->height() >= needed.height());
}

inline bool fits(const QTabBar *tabs)
{
    for (int i = 0; i < tabs->count(); ++i) {
        const QRect room = tabs->tabRect(i);
        const int text = tabs->fontMetrics().horizontalAdvance(tabs->tabText(i));
        if (!tabs->isTabVisible(i))
            continue;
        if (text > room.width() || room.left() < 0 || room.right() > tabs->width())
            return false; // cut, or to be scrolled to
    }
    return true;
}

inline bool fits(const QLineEdit *field)
{
    return !field->text().isEmpty()
        || field->fontMetrics().horizontalAdvance(field->placeholderText()) + 16 <= field->width();
}

/// Foreign tables and pictures may be wider than the column; our own lines never.
inline bool fits(const QTextBrowser *page)
{
    return page->document()->textWidth() <= page->viewport()->width();
}

/// The rail's names are painted, not labels.
inline bool fits(const QAbstractItemView *view)
{
    if (view->objectName() != u"rail")
        return true;
    for (int row = 0; row < view->model()->rowCount(); ++row) {
        if (ui::RailDelegate::widthOf(view->model()->index(row, 0)) > view->viewport()->width())
            return false;
    }
    return true;
}

/// Widgets below `root` whose text is cut.
inline QStringList cutTexts(const QWidget *root)
{
    QStringList cut;
    const auto look = [&](const auto &widgets, const auto &text) {
        for (const auto *widget : widgets) {
            if (isSeen(widget) && !fits(widget))
                cut.append(nameOf(widget) + QStringLiteral(": ") + text(widget));
        }
    };
    const auto plain = [](const auto *widget) { return widget->text().left(80); };
    const auto none = [](const QWidget *) { return QString(); };
    look(root->findChildren<QLabel *>(), plain);
    look(root->findChildren<QPushButton *>(), plain);
    look(root->findChildren<QToolButton *>(), plain);
    look(root->findChildren<QLineEdit *>(), plain);
    look(root->findChildren<QTabBar *>(), none);
    look(root->findChildren<QTextBrowser *>(), none);
    look(root->findChildren<QAbstractItemView *>(), none);
    return cut;
}

/// What is wrong with a dock that has nothing to show: it must say why, and what to do. Empty: nothing.
inline QString silentEmptiness(const QWidget *dock)
{
    bool hasSomething = false;
    for (const ui::EmptyState *state : dock->findChildren<ui::EmptyState *>()) {
        if (!isSeen(state))
            continue;
        const QString sentence = state->sentence();
        if (sentence.size() < 20 || !sentence.endsWith(u'.'))
            return nameOf(state) + QStringLiteral(": no sentence: ") + sentence;
        const auto *action = state->findChild<QPushButton *>(QStringLiteral("action"));
        // Something to press, or a sentence that begins with what to do.
        if (!(action && isSeen(action)) && !sentence.contains(u" to ")
            && !sentence.contains(u"Open "))
            return nameOf(state) + QStringLiteral(": nothing to do: ") + sentence;
        hasSomething = true;
    }
    for (const QAbstractItemView *view : dock->findChildren<QAbstractItemView *>())
        hasSomething
            = hasSomething || (isSeen(view) && view->model() && view->model()->rowCount() > 0);
    for (const QTextBrowser *page : dock->findChildren<QTextBrowser *>())
        hasSomething = hasSomething || (isSeen(page) && !page->toPlainText().trimmed().isEmpty());
    for (const QLabel *label : dock->findChildren<QLabel *>())
        hasSomething = hasSomething || (isSeen(label) && label->text().size() > 12);
    for (const QAbstractButton *button : dock->findChildren<QAbstractButton *>())
        hasSomething = hasSomething || (isSeen(button) && button->text().size() > 12);
    return hasSomething ? QString() : nameOf(dock) + QStringLiteral(": empty without a word");
}

} // namespace tierline::test
