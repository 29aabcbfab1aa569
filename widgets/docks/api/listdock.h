#pragma once

#include "widgets/common/theme.h"

#include <QKeySequence>
#include <QStandardItemModel>
#include <QWidget>

class QHBoxLayout;
class QListView;
class QPushButton;
class QStackedLayout;

namespace tierline::ui {

class EmptyState;
class PlainLabel;

/// One entry of a ListDock: a title with something short at its right, and lines below that wrap.
/// All of it is plain text, made harmless by whoever gives it.
struct ListEntry {
    struct Line {
        QString text;
        Token colour = Token::Muted;
        bool operator==(const Line &) const = default;
    };
    QString id;
    QString title;
    QString aside;
    QString tip; ///< on hover
    QList<Line> lines;

    bool operator==(const ListEntry &) const = default;
};

/// A dock that lists what needs a person, with what can be done with the chosen entry below it. Keys go
/// to the list; each action has one of its own. Thread: ui.
class ListDock : public QWidget
{
    Q_OBJECT
public:
    explicit ListDock(const QString &title, QWidget *parent = nullptr);

    EmptyState &empty() { return *m_empty; }
    QListView &view() { return *m_view; }
    QString currentId() const;
    void choose(const QString &id);

protected:
    /// What is still there keeps its place and stays chosen; else its neighbour is.
    void setEntries(const QList<ListEntry> &entries, const QString &count);
    /// A verb below the list, also on `key` while the list has the keys. Owned by the dock.
    QPushButton *addAction(
        const QString &name, const QString &text, const QKeySequence &key, bool isMain = false);
    void changeEvent(QEvent *event) override;

signals:
    void chosen(const QString &id); ///< another entry, or the same one with news; empty: none
    void activated(const QString &id); ///< Enter or double click

private:
    class Delegate;
    QStandardItemModel m_model;
    QList<ListEntry> m_entries;
    PlainLabel *m_count;
    QListView *m_view;
    EmptyState *m_empty;
    QWidget *m_bar;
    QHBoxLayout *m_actions;
    QStackedLayout *m_stack;
};

} // namespace tierline::ui
