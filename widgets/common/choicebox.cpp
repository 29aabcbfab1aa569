#include "widgets/common/choicebox.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QKeyEvent>
#include <QLineEdit>

namespace tierline::ui {

ChoiceBox::ChoiceBox(QWidget *parent)
    : QComboBox(parent)
{
    setEditable(true);
    setInsertPolicy(NoInsert);
    setMaxVisibleItems(14);
    setSizeAdjustPolicy(AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(12);
    completer()->setCompletionMode(QCompleter::PopupCompletion);
    completer()->setFilterMode(Qt::MatchContains);
    completer()->setCaseSensitivity(Qt::CaseInsensitive);
    completer()->popup()->installEventFilter(this);
    // The beginning of long words is what tells them apart.
    connect(
        this, &QComboBox::currentIndexChanged, this, [this] { lineEdit()->setCursorPosition(0); });
    connect(this, &QComboBox::currentTextChanged, this, &ChoiceBox::valueChanged);
}

void ChoiceBox::add(const QString &value, const QString &words)
{
    addItem(words, value);
}

int ChoiceBox::match(const QString &text) const
{
    const QString typed = text.trimmed();
    if (typed.isEmpty())
        return findText(
            QString(), Qt::MatchExactly); // an item without words is the choice of nothing
    int only = -1;
    int starting = -1;
    int matches = 0;
    int starts = 0;
    for (int i = 0; i < count(); ++i) {
        const QString words = itemText(i);
        const QString value = itemData(i).toString();
        if (words.compare(typed, Qt::CaseInsensitive) == 0
            || value.compare(typed, Qt::CaseInsensitive) == 0)
            return i;
        if (words.contains(typed, Qt::CaseInsensitive)
            || value.contains(typed, Qt::CaseInsensitive)) {
            ++matches;
            only = i;
        }
        if (words.startsWith(typed, Qt::CaseInsensitive)) {
            ++starts;
            starting = i;
        }
    }
    return starts == 1 ? starting : matches == 1 ? only : -1;
}

QString ChoiceBox::value() const
{
    // Two items may have the same words; the chosen one wins.
    if (currentIndex() >= 0 && itemText(currentIndex()) == currentText())
        return itemData(currentIndex()).toString();
    const int index = match(currentText());
    return index < 0 ? QString() : itemData(index).toString();
}

bool ChoiceBox::choose(const QString &value)
{
    const int index = findData(value);
    if (index >= 0)
        setCurrentIndex(index);
    return index >= 0;
}

void ChoiceBox::focusInEvent(QFocusEvent *event)
{
    QComboBox::focusInEvent(event);
    // Who comes by key types over what is there. It may be the window that wakes up with the focus
    // already here (as after Tab in the open list, which is a window too); but who comes back to what
    // they were typing, from another program or from the list, finds it as it was.
    if (m_isLeft && event->reason() != Qt::MouseFocusReason)
        lineEdit()->selectAll();
    m_isLeft = false;
}

void ChoiceBox::focusOutEvent(QFocusEvent *event)
{
    const Qt::FocusReason reason = event->reason();
    m_isLeft = m_isLeft
        || (reason != Qt::ActiveWindowFocusReason && reason != Qt::PopupFocusReason
            && reason != Qt::MenuBarFocusReason);
    // What was typed becomes what it means, so that the person sees what was understood.
    const int index = match(currentText());
    if (index >= 0 && reason != Qt::PopupFocusReason)
        setCurrentIndex(index);
    QComboBox::focusOutEvent(event);
}

bool ChoiceBox::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == completer()->popup() && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Tab || key->key() == Qt::Key_Backtab) {
            // On to the next field: leaving takes what was typed for what it means.
            completer()->popup()->hide();
            focusNextPrevChild(key->key() == Qt::Key_Tab);
            // The window may wake up from its list only later; what was reached is typed over all the same.
            QWidget *reached = window()->focusWidget();
            if (auto *box = qobject_cast<ChoiceBox *>(reached))
                box->lineEdit()->selectAll();
            else if (auto *line = qobject_cast<QLineEdit *>(reached))
                line->selectAll();
            return true;
        }
        const bool isEnter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (isEnter && (key->modifiers() & Qt::ControlModifier)) {
            const QModelIndex chosen = completer()->popup()->currentIndex();
            const QString words
                = chosen.isValid() ? chosen.data().toString() : completer()->currentCompletion();
            completer()->popup()->hide();
            if (const int index = findText(words, Qt::MatchExactly); index >= 0)
                setCurrentIndex(index);
            QKeyEvent again(QEvent::KeyPress, key->key(), key->modifiers());
            QCoreApplication::sendEvent(window(), &again);
            return true;
        }
    }
    return QComboBox::eventFilter(watched, event);
}

} // namespace tierline::ui
