#include "widgets/common/accessible.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractScrollArea>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QTabBar>
#include <QWidget>

using namespace Qt::StringLiterals;

namespace tierline::ui {

namespace {

QString withoutMnemonic(QString text)
{
    text.replace("&&"_L1, "\x01"_L1);
    text.remove(u'&');
    text.replace(u'\x01', u'&');
    if (text.endsWith(u':'))
        text.chop(1);
    return text;
}

/// Hidden on purpose. A child that was never shown calls itself hidden too, and is not.
bool isPutAway(const QWidget *w)
{
    return w->testAttribute(Qt::WA_WState_Hidden)
        && w->testAttribute(Qt::WA_WState_ExplicitShowHide);
}

bool isControl(const QWidget *w)
{
    // Parts that Qt makes inside other controls speak through those.
    if (w->objectName().startsWith("qt_"_L1) || qobject_cast<const QScrollBar *>(w)
        || qobject_cast<const QTabBar *>(w) || qobject_cast<const QHeaderView *>(w))
        return false;
    if (isPutAway(w) || w->inherits("QTableCornerButton"))
        return false;
    for (const QObject *above = w->parent(); above; above = above->parent())
        if (qobject_cast<const QAbstractSpinBox *>(above) || qobject_cast<const QComboBox *>(above)
            || qobject_cast<const QLineEdit *>(above))
            return false;
    return qobject_cast<const QAbstractButton *>(w) || qobject_cast<const QLineEdit *>(w)
        || qobject_cast<const QComboBox *>(w) || qobject_cast<const QAbstractSpinBox *>(w)
        || qobject_cast<const QAbstractSlider *>(w) || qobject_cast<const QAbstractItemView *>(w)
        || (qobject_cast<const QAbstractScrollArea *>(w) && w->focusPolicy() != Qt::NoFocus);
}

bool hasTiedLabel(const QWidget *root, const QWidget *field)
{
    const auto labels = root->findChildren<QLabel *>();
    return std::any_of(
        labels.cbegin(), labels.cend(), [field](const QLabel *l) { return l->buddy() == field; });
}

} // namespace

void tie(QLabel *label, QWidget *field)
{
    label->setBuddy(field);
    if (field->accessibleName().isEmpty())
        field->setAccessibleName(withoutMnemonic(label->text()));
}

void setTabOrder(const QList<QWidget *> &widgets)
{
    QWidget *before = nullptr;
    for (QWidget *widget : widgets) {
        if (!widget || isPutAway(widget))
            continue;
        if (before)
            QWidget::setTabOrder(before, widget);
        before = widget;
    }
}

QStringList unnamedControls(const QWidget *root)
{
    QStringList found;
    const auto widgets = root->findChildren<QWidget *>();
    for (const QWidget *w : widgets) {
        if (!isControl(w) || !w->accessibleName().isEmpty())
            continue;
        const auto *button = qobject_cast<const QAbstractButton *>(w);
        if (button && !button->text().isEmpty())
            continue;
        if (!hasTiedLabel(root, w))
            found << QString::fromLatin1(w->metaObject()->className()) + u' ' + w->objectName();
    }
    return found;
}

void announce(QWidget *source, const QString &text)
{
    // Qt 6.4 has no announcement event; an alert on a renamed object is read by all three readers.
    source->setAccessibleDescription(text);
    QAccessibleEvent event(source, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&event);
    QAccessibleEvent alert(source, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

} // namespace tierline::ui
