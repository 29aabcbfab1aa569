#include "widgets/dialogs/templatetexts.h"

#include "core/base/placeholders.h"
#include "core/desk/templatework.h"
#include "widgets/common/accessible.h"
#include "widgets/common/choicebox.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"
#include "widgets/dialogs/fieldset.h"

#include <QFocusEvent>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype MostPreviewed = 4'000; ///< characters

QString languageName(const QString &code)
{
    static const QHash<QString, const char *> names {
        { u"en"_s, QT_TRANSLATE_NOOP("tierline::ui::TemplateTexts", "English") },
        { u"de"_s, QT_TRANSLATE_NOOP("tierline::ui::TemplateTexts", "German") },
        { u"fr"_s, QT_TRANSLATE_NOOP("tierline::ui::TemplateTexts", "French") },
        { u"es"_s, QT_TRANSLATE_NOOP("tierline::ui::TemplateTexts", "Spanish") },
        { u"pt"_s, QT_TRANSLATE_NOOP("tierline::ui::TemplateTexts", "Portuguese") },
    };
    if (code.isEmpty())
        return TemplateTexts::tr("Any other language");
    const char *known = names.value(code);
    return known ? TemplateTexts::tr(known) : code;
}

QString placeName(const QString &place)
{
    static const QHash<QString, const char *> names {
        { u"id"_s, QT_TRANSLATE_NOOP("tierline::ui::TemplateTexts", "the ticket's number") },
        { u"subject"_s, QT_TRANSLATE_NOOP("tierline::ui::TemplateTexts", "its subject") },
        { u"customer"_s, QT_TRANSLATE_NOOP("tierline::ui::TemplateTexts", "who wrote") },
        { u"organization"_s, QT_TRANSLATE_NOOP("tierline::ui::TemplateTexts", "their company") },
        { u"category"_s, QT_TRANSLATE_NOOP("tierline::ui::TemplateTexts", "what it is about") },
        { u"priority"_s, QT_TRANSLATE_NOOP("tierline::ui::TemplateTexts", "how urgent it is") },
        { u"tier"_s, QT_TRANSLATE_NOOP("tierline::ui::TemplateTexts", "the tier where it is") },
        { u"team"_s, QT_TRANSLATE_NOOP("tierline::ui::TemplateTexts", "the team that has it") },
        { u"assignee"_s, QT_TRANSLATE_NOOP("tierline::ui::TemplateTexts", "who works on it") },
    };
    const char *known = names.value(place);
    return known ? TemplateTexts::tr(known) : place;
}

QHash<QString, QString> inventedValues()
{
    return { { u"id"_s, u"T-1024"_s }, { u"subject"_s, TemplateTexts::tr("Export stops at 90 %") },
        { u"customer"_s, u"Ada Lind"_s }, { u"organization"_s, u"Lind AB"_s },
        { u"category"_s, TemplateTexts::tr("export") }, { u"priority"_s, u"high"_s },
        { u"tier"_s, TemplateTexts::tr("Technical") },
        { u"team"_s, TemplateTexts::tr("Technical") }, { u"assignee"_s, u"Priya Nair"_s } };
}

} // namespace

TemplateTexts::TemplateTexts(QWidget *parent)
    : QWidget(parent)
    , m_language(named(new ChoiceBox, u"language"_s, tr("Language of the words below")))
    , m_places(new QPushButton(tr("Insert a place")))
    , m_menu(new QMenu(this))
    , m_edit(makeTextEdit(7, tr("“Hello {{customer}}, we are working on {{id}} …”")))
    , m_head(new PlainLabel)
    , m_preview(makeTextEdit(4, {}))
    , m_problem(makeProblemLabel(u"placeProblem"_s))
{
    named(m_edit, u"words"_s, tr("Words"));
    named(m_preview, u"preview"_s, tr("How it would read"));
    m_preview->setReadOnly(true);
    m_preview->setFocusPolicy(Qt::ClickFocus);
    m_preview->viewport()->setAutoFillBackground(false);
    setTextRole(m_head, TextRole::Muted);
    makePlaces();
    auto *bar = new QHBoxLayout;
    bar->setSpacing(space::Tight);
    bar->addWidget(m_language, 1);
    bar->addWidget(m_places);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::Tight);
    column->addLayout(bar);
    column->addWidget(m_edit);
    column->addWidget(m_problem);
    column->addWidget(m_head);
    column->addWidget(m_preview);
    m_language->add(u"any"_s, languageName({}));
    for (const QString &code : commands::templateLanguages())
        m_language->add(code, languageName(code));
    m_language->choose(u"any"_s);
    connect(m_language, &ChoiceBox::valueChanged, this, [this] {
        // What is typed stays as it is typed: only the words below follow.
        const QString value = m_language->value();
        const QString code = value == u"any" ? QString() : value;
        if (value.isEmpty() || std::exchange(m_shown, code) == code)
            return;
        showText();
    });
    connect(m_edit, &QPlainTextEdit::textChanged, this, [this] {
        keep();
        showPreview();
        emit changed();
    });
    setSample({}, {});
}

void TemplateTexts::makePlaces()
{
    for (const QString &place : commands::customerPlaces()) {
        QAction *action
            = m_menu->addAction(u"{{%1}}  %2"_s.arg(place, placeName(place)), this, [this, place] {
                  m_edit->insertPlainText(u"{{%1}}"_s.arg(place));
                  m_edit->setFocus();
              });
        action->setObjectName(u"place.%1"_s.arg(place));
    }
    m_places->setObjectName(u"places"_s);
    m_places->setAutoDefault(false);
    setKeycap(m_places, QKeySequence(u"Ctrl+Space"_s).toString(QKeySequence::NativeText));
    setPlainToolTip(
        m_places, tr("What stands between {{ and }} is filled in when a rule sends this"));
    // Not the button's own menu, which would wait inside the click until something is chosen.
    connect(m_places, &QPushButton::clicked, m_menu,
        [this] { m_menu->popup(m_places->mapToGlobal(m_places->rect().bottomLeft())); });
    auto *shortcut = new QShortcut(
        QKeySequence(Qt::CTRL | Qt::Key_Space), m_edit, nullptr, nullptr, Qt::WidgetShortcut);
    connect(shortcut, &QShortcut::activated, this, [this] {
        if (!m_edit->isReadOnly())
            m_menu->popup(m_edit->mapToGlobal(m_edit->cursorRect().bottomLeft()));
    });
}

QMap<QString, QString> TemplateTexts::texts() const
{
    return m_texts;
}

void TemplateTexts::setTexts(const QMap<QString, QString> &texts)
{
    m_texts = texts;
    m_shown.clear();
    const QSignalBlocker quiet(m_language);
    m_language->choose(u"any"_s);
    showText();
    markLanguages();
    emit changed();
}

QStringList TemplateTexts::values() const
{
    QStringList values;
    for (auto text = m_texts.cbegin(); text != m_texts.cend(); ++text)
        values.append(text.key() + u'\n' + text.value());
    return values;
}

void TemplateTexts::setValues(const QStringList &values)
{
    QMap<QString, QString> texts;
    for (const QString &value : values)
        texts.insert(value.section(u'\n', 0, 0), value.section(u'\n', 1));
    setTexts(texts);
}

void TemplateTexts::showLanguage(const QString &code)
{
    if (m_shown == code)
        return;
    m_shown = code;
    const QSignalBlocker quiet(m_language);
    m_language->choose(code.isEmpty() ? u"any"_s : code);
    showText();
}

/// Only what a person types changes the texts.
void TemplateTexts::showText()
{
    const QSignalBlocker quiet(m_edit);
    m_edit->setPlainText(m_texts.value(m_shown));
    showPreview();
}

void TemplateTexts::keep()
{
    const QString text = m_edit->toPlainText();
    if (text.trimmed().isEmpty())
        m_texts.remove(m_shown);
    else
        m_texts[m_shown] = text;
    markLanguages();
}

void TemplateTexts::markLanguages()
{
    const QSignalBlocker quiet(m_language);
    for (int row = 1; row < m_language->count(); ++row) {
        const QString code = commands::templateLanguages().value(row - 1);
        const QString name = languageName(code);
        m_language->setItemText(
            row, m_texts.contains(code) ? tr("%1 · has its own words").arg(name) : name);
    }
}

void TemplateTexts::setSample(const QString &ticket, const QHash<QString, QString> &values)
{
    m_ticket = ticket;
    m_values = ticket.isEmpty() ? inventedValues() : values;
    showPreview();
}

void TemplateTexts::showPreview()
{
    const QString own = m_texts.value(m_shown);
    const QString text = own.isEmpty() ? m_texts.value({}) : own;
    const QString wrong = commands::wrongPlaces(text);
    m_problem->setText(plainLines(wrong));
    m_problem->setVisible(!wrong.isEmpty());
    m_preview->setVisible(!text.isEmpty());
    m_head->setVisible(!text.isEmpty());
    m_head->setText(m_ticket.isEmpty()
            ? tr("So a customer would read it:")
            : tr("So the customer of %1 would read it:").arg(oneLine(m_ticket, 40)));
    m_preview->setPlainText(plainLines(filled(text.left(MostPreviewed), m_values), MostPreviewed));
}

QString TemplateTexts::preview() const
{
    return m_preview->isHidden() ? QString() : m_preview->toPlainText();
}

/// Whoever is told that the words are wrong goes on there.
void TemplateTexts::focusInEvent(QFocusEvent *event)
{
    m_edit->setFocus(event->reason());
}

QList<QWidget *> TemplateTexts::parts() const
{
    return { m_language, m_places, m_edit };
}

void TemplateTexts::setReadOnly(bool on)
{
    m_edit->setReadOnly(on);
    m_places->setEnabled(!on);
}

} // namespace tierline::ui
