#include "widgets/dialogs/templatespage.h"

#include "widgets/common/accessible.h"
#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/dialogs/templatetexts.h"

#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

TemplatesPage::TemplatesPage(Workbench &workbench)
    : ListPage(workbench, tr("Templates"), tr("Add a template"))
    , m_name(new QLineEdit)
    , m_texts(new TemplateTexts)
    , m_review(new QLineEdit)
    , m_why(new QLineEdit)
    , m_remove(new QPushButton(tr("Remove")))
{
    m_name->setPlaceholderText(tr("“outage”"));
    m_review->setPlaceholderText(u"2027-01-31"_s);
    m_why->setPlaceholderText(tr("“Legal asked for other words.”"));
    m_remove->setObjectName(u"remove"_s);
    m_remove->setAutoDefault(false);
    setProminence(m_remove, Prominence::Danger);
    side()->addWidget(m_remove);
    editor()->addWidget(set().make(
        u"name"_s, tr("Name"), m_name, tr("Rules send it by this: tell customer template NAME.")));
    editor()->addWidget(set().make(u"text"_s, tr("Words"), m_texts));
    set().alias(u"language"_s, u"text"_s);
    addRow(editor(),
        { set().make(u"review"_s, tr("Read it again on (optional)"), m_review),
            set().make(u"why"_s, tr("Why it changes"), m_why) });
    closeEditor();
    const bool may = TemplatesPage::mayChange();
    addButton()->setEnabled(may);
    setFields({ m_name, m_texts, m_review });
    m_why->setEnabled(may);
    // Who may not change it can still read it in each language.
    m_texts->setEnabled(true);
    m_texts->setReadOnly(!may);
    ui::setTabOrder(
        QList<QWidget *> { m_name } + m_texts->parts() + QList<QWidget *> { m_review, m_why });
    connect(m_remove, &QPushButton::clicked, this, &TemplatesPage::removeCurrent);
    connect(&workbench.session(), &desk::Session::ticketsChanged, this,
        [this](const QList<TicketId> &, bool everything) {
            if (everything)
                read();
        });
    read();
}

bool TemplatesPage::mayChange() const
{
    return people().me.role == Role::Admin || people().me.role == Role::Lead;
}

QString TemplatesPage::whoMay() const
{
    return tr("What rules tell customers is for leads and admins to change.");
}

void TemplatesPage::read()
{
    if (std::exchange(m_isReading, true)) {
        m_isStale = true;
        return;
    }
    m_isStale = false;
    // The context must outlive the continuation, which a page need not.
    desk::readTemplates(workbench().session(), workbench().current())
        .then(&workbench().session(),
            [self = QPointer(this)](const Result<desk::TemplateBoard> &board) {
                if (!self)
                    return;
                self->m_isReading = false;
                if (!board)
                    return self->refuse(board.error());
                self->take(*board);
                if (self->m_isStale)
                    self->read();
            });
}

void TemplatesPage::take(const desk::TemplateBoard &board)
{
    m_board = board;
    m_today = QDateTime::fromMSecsSinceEpoch(workbench().clock().now().ms, Qt::UTC).date();
    m_texts->setSample(board.ticket, board.values);
    if (std::exchange(m_isRead, true))
        follow();
    else
        start();
}

bool TemplatesPage::isDue(const commands::Template &one) const
{
    return one.review.isValid() && one.review <= m_today;
}

QList<std::pair<QString, QString>> TemplatesPage::entries() const
{
    QList<std::pair<QString, QString>> list;
    for (auto one = m_board.templates.cbegin(); one != m_board.templates.cend(); ++one)
        list.append({ one.key(), isDue(*one) ? tr("%1 · read again").arg(one.key()) : one.key() });
    return list;
}

void TemplatesPage::load(const QString &key)
{
    const commands::Template shown = m_board.templates.value(key);
    QMap<QString, QString> texts = shown.languages;
    if (!shown.text.isEmpty())
        texts.insert({}, shown.text);
    const bool isSame = std::exchange(m_filled, key) == key;
    const QString language = isSame ? m_texts->language() : QString();
    m_name->setText(key);
    m_texts->setTexts(texts);
    m_texts->showLanguage(language);
    m_review->setText(shown.review.toString(Qt::ISODate));
    if (!isSame)
        m_why->clear();
    m_remove->setEnabled(mayChange() && !key.isEmpty());
    if (key.isEmpty() && isVisible())
        m_name->setFocus();
}

void TemplatesPage::save()
{
    const QString name = m_name->text().simplified();
    const QString day = m_review->text().trimmed();
    commands::Template content { .review = QDate::fromString(day, Qt::ISODate) };
    if (!day.isEmpty() && !content.review.isValid())
        return refuse(
            badInput(tr("“%1” is no day: write it as 2027-01-31.").arg(day.left(40)), u"review"_s));
    content.languages = m_texts->texts();
    content.text = content.languages.take({});
    const bool isKnown = std::ranges::any_of(m_board.templates.keys(),
        [&](const QString &other) { return other.compare(name, Qt::CaseInsensitive) == 0; });
    if (isNew() && isKnown)
        return refuse(badInput(
            tr("There is a template “%1” already: choose it at the left.").arg(name.left(80)),
            u"name"_s));
    if (content.text.isEmpty()) {
        m_texts->showLanguage({});
        return refuse(
            badInput(tr("Write the words that customers of any other language get."), u"text"_s));
    }
    m_isRemoving = false;
    runSave(name, commands::PutTemplate { name, content, m_why->text().trimmed() });
}

void TemplatesPage::removeCurrent()
{
    if (!mayChange() || isNew())
        return;
    m_isRemoving = true;
    run(commands::SaveTemplate { key(), {}, m_why->text().trimmed() });
}

void TemplatesPage::done()
{
    // What was taken away is gone from the list when it has been read.
    if (!std::exchange(m_isRemoving, false)) {
        ListPage::done();
        m_why->clear();
    }
    read();
}

} // namespace tierline::ui
