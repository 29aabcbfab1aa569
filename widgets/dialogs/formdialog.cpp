#include "widgets/dialogs/formdialog.h"

#include "widgets/common/plainlabel.h"
#include "widgets/common/scrollcolumn.h"
#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"

#include <QKeyEvent>
#include <QPushButton>
#include <QScreen>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

/// A column that asks for all the room its content wants; the dialog gives what the screen has.
class Column : public ScrollColumn
{
public:
    QSize sizeHint() const override
    {
        const QWidget *content = widget();
        const int w = std::max(content->minimumSizeHint().width(), content->sizeHint().width());
        const int given
            = isVisible() ? viewport()->width() : window()->minimumWidth() - 2 * space::Wide;
        const int wide = std::max(w, given);
        const int h = content->hasHeightForWidth() ? content->heightForWidth(wide)
                                                   : content->sizeHint().height();
        return { w + barWidth(), h };
    }
};

} // namespace

FormDialog::FormDialog(const QString &title, const QString &verb, QWidget *parent)
    : QDialog(parent)
    , m_set(this)
    , m_fields(new QVBoxLayout)
    , m_body(new QHBoxLayout)
    , m_scroll(new Column)
    , m_buttons(new QHBoxLayout)
    , m_aside(new PlainLabel)
    , m_hint(new PlainLabel)
    , m_verb(new QPushButton(verb))
    , m_cancel(new QPushButton(tr("Cancel")))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    setMinimumWidth(480);
    auto *head = new PlainLabel(oneLine(title, 120));
    setTextRole(head, TextRole::Title);
    setTextRole(m_hint, TextRole::Muted);
    setTextRole(m_aside, TextRole::Muted);
    m_aside->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_aside->setWordWrap(true);
    m_aside->hide();
    m_hint->setWordWrap(true);
    m_verb->setObjectName(u"verb"_s);
    m_verb->setAutoDefault(false);
    setProminence(m_verb, Prominence::Primary);
    setKeycap(m_verb, QKeySequence(u"Ctrl+Return"_s).toString(QKeySequence::NativeText));
    m_cancel->setObjectName(u"cancel"_s);
    m_cancel->setAutoDefault(false);
    connect(m_verb, &QPushButton::clicked, this, [this] { submit(); });
    connect(m_cancel, &QPushButton::clicked, this, &QDialog::reject);

    auto *content = new QWidget;
    m_fields->setContentsMargins(0, 0, 0, 0);
    m_fields->setSpacing(space::Inner);
    content->setLayout(m_fields);
    m_scroll->setWidget(content);
    m_scroll->viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    m_body->setSpacing(space::Wide);
    m_body->addWidget(m_scroll, 1);
    m_buttons->setSpacing(space::Tight);
    m_buttons->addWidget(m_hint, 1);
    m_buttons->addWidget(m_cancel);
    m_buttons->addWidget(m_verb);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::Wide, space::Apart, space::Wide, space::Apart);
    layout->setSpacing(space::Inner);
    auto *top = new QHBoxLayout;
    top->setSpacing(space::Apart);
    top->addWidget(head);
    top->addWidget(m_aside, 1);
    layout->addLayout(top);
    layout->addLayout(m_body, 1);
    layout->addWidget(m_set.foot());
    layout->addLayout(m_buttons);
}

FormDialog::~FormDialog()
{
    // Fields still speak while they go (losing the focus, for one), and nobody is left to listen.
    const auto fields = findChildren<QWidget *>();
    for (QWidget *field : fields)
        field->disconnect(this);
}

void FormDialog::addIntroduction(const QString &text)
{
    auto *label = new PlainLabel(plainLines(text));
    label->setWordWrap(true);
    m_fields->insertWidget(0, label);
    label->show(); // a dialog on screen would show it, and count it, a moment later
}

void FormDialog::addField(
    const QString &name, const QString &label, QWidget *field, const QString &hint)
{
    m_fields->addWidget(m_set.make(name, label, field, hint));
}

void FormDialog::addButton(QPushButton *button)
{
    button->setAutoDefault(false);
    m_buttons->insertWidget(1, button);
}

void FormDialog::addRow(const QList<QWidget *> &blocks)
{
    auto *row = new QHBoxLayout;
    row->setSpacing(space::Inner);
    for (QWidget *block : blocks) {
        // Blocks of one row keep their fields on one line, even where one has a problem below.
        block->layout()->setAlignment(Qt::AlignTop);
        row->addWidget(block, 1, Qt::AlignTop);
    }
    m_fields->addLayout(row);
}

void FormDialog::fit()
{
    settle();
    const QSize wish = sizeHint().expandedTo(isVisible() ? size() : minimumSize());
    resize(wish.boundedTo(room()));
}

void FormDialog::settle()
{
    ensurePolished();
    // What has just been shown or hidden counts now, not at the next turn of the event loop.
    m_fields->activate();
    m_scroll->updateGeometry();
    layout()->activate();
}

QSize FormDialog::room() const
{
    const QSize window = parentWidget() ? parentWidget()->window()->size() : QSize();
    return screen()->availableSize().expandedTo(window) - QSize(2 * space::Page, space::Page);
}

void FormDialog::refuse(const Error &error)
{
    m_set.refuse(error);
    fit();
    if (QWidget *focused = focusWidget())
        m_scroll->ensureWidgetVisible(focused);
}

void FormDialog::reveal(QWidget *part)
{
    settle();
    m_scroll->ensureWidgetVisible(part);
}

void FormDialog::setBusy(bool isBusy)
{
    m_isBusy = isBusy;
    m_verb->setEnabled(!isBusy);
}

void FormDialog::keyPressEvent(QKeyEvent *event)
{
    const bool isEnter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isEnter && (event->modifiers() & Qt::ControlModifier)) {
        if (!m_isBusy)
            submit();
        return;
    }
    if (isEnter) { // Enter in a field is no decision
        if (auto *button = qobject_cast<QPushButton *>(focusWidget()))
            button->click();
        return;
    }
    QDialog::keyPressEvent(event);
}

} // namespace tierline::ui
