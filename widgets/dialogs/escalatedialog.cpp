#include "widgets/dialogs/escalatedialog.h"

#include "widgets/common/accessible.h"
#include "widgets/common/choicebox.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"
#include "widgets/dialogs/chipgroup.h"
#include "widgets/docks/api/cardview.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int WordsPerMinute = 238; ///< what adults read silently
constexpr QChar Unset(0x2026); ///< stands in the preview where a required field is still empty

/// Fields that must be filled still give a card to look at.
commands::Escalate previewable(commands::Escalate command)
{
    const auto dots = [](QString &text) {
        if (text.trimmed().isEmpty())
            text = Unset;
    };
    dots(command.reason);
    dots(command.form.summary);
    dots(command.form.expected);
    if (command.form.tried.isEmpty())
        command.form.tried.append(Unset);
    return command;
}

} // namespace

commands::Escalate EscalateDialog::command() const
{
    commands::Escalate command;
    command.ticket = m_key;
    const QString where = m_where->value();
    command.toTier = where.section(u'/', 0, 0);
    command.team = where.section(u'/', 1);
    command.kind = fromCode<EscalationKind>(m_kind->value()).value_or(EscalationKind::Functional);
    command.trigger = m_reason->value() == u"customer-asked" ? Trigger::Reactive : m_trigger;
    command.reason = m_reason->value();
    command.form.summary = m_summary->toPlainText().trimmed();
    command.form.tried = linesOf(m_tried);
    command.form.expected = m_expected->toPlainText().trimmed();
    command.form.urgency = m_flags->chosen();
    command.form.nextAction = m_next->text().trimmed();
    if (m_skips->isChecked())
        command.skipNotice = m_skipReason->text().trimmed();
    else if (m_isNoticeEdited)
        command.notice = m_notice->toPlainText().trimmed();
    command.overrideGuard = m_override->text().trimmed();
    const bool isByMatrix = m_path && where == m_pathTo;
    command.priorityStep = m_keepPriority->isChecked() ? 0 : isByMatrix ? m_priorityStep : 1;
    if (isByMatrix) {
        command.path = m_path;
        command.to = m_pathAgent;
    }
    return command;
}

QStringList EscalateDialog::missing() const
{
    QStringList names;
    const auto check = [&](const QString &name, const QString &text) {
        if (text.trimmed().isEmpty())
            names.append(name);
    };
    check(u"to"_s, m_where->value());
    check(u"reason"_s, m_reason->value());
    check(u"kind"_s, m_kind->value());
    if (!m_overrideBlock->isHidden())
        check(u"override-guard"_s, m_override->text());
    check(u"summary"_s, m_summary->toPlainText());
    check(u"tried"_s, m_tried->toPlainText());
    check(u"expected"_s, m_expected->toPlainText());
    if (m_skips->isChecked())
        check(u"skip-notice"_s, m_skipReason->text());
    return names;
}

void EscalateDialog::focusFirst()
{
    const QStringList names = missing();
    QWidget *first = names.isEmpty() ? verbButton() : findChild<QWidget *>(names.first());
    if (auto *line = qobject_cast<QLineEdit *>(first))
        line->selectAll();
    if (first)
        first->setFocus(Qt::TabFocusReason);
}

void EscalateDialog::changed()
{
    if (m_isFilling)
        return;
    const QStringList names = missing();
    verbButton()->setEnabled(m_isReady && names.isEmpty() && !isBusy());
    static const QHash<QString, QString> words { { u"to"_s, tr("destination") },
        { u"reason"_s, tr("reason") }, { u"kind"_s, tr("kind") }, { u"summary"_s, tr("summary") },
        { u"tried"_s, tr("what was tried") }, { u"expected"_s, tr("what the customer expects") },
        { u"skip-notice"_s, tr("why the customer is not told") },
        { u"override-guard"_s, tr("why it goes up all the same") } };
    QStringList said;
    for (const QString &name : names)
        said.append(words.value(name));
    hint()->setText(names.isEmpty() || !m_isReady
            ? QString()
            : tr("Still missing: %1").arg(said.join(u", "_s)));
    m_isStale = true;
    if (!m_throttle.isActive())
        m_throttle.start();
}

void EscalateDialog::requestPreview()
{
    if (!m_isStale || m_isPreviewing || !m_isReady || m_where->value().isEmpty())
        return;
    m_isStale = false;
    m_isPreviewing = true;
    auto preview = m_workbench.session().onDesk(
        [command = previewable(command())](desk::Desk &desk) -> Result<Preview> {
            TIERLINE_TRY(package, desk.previewHandoff(command));
            TIERLINE_TRY(notice, desk.previewNotice(command));
            TIERLINE_TRY(warnings, desk.previewWarnings(command));
            return Preview { handoff::asCard(package), notice, warnings };
        });
    whenDone(m_workbench, preview, [this](const Result<Preview> &preview) {
        m_isPreviewing = false;
        if (preview)
            show(*preview);
        if (m_isStale && !m_throttle.isActive())
            m_throttle.start();
    });
}

void EscalateDialog::show(const Preview &preview)
{
    m_card->show(preview.card, {}, m_workbench.clock().now());
    m_readTime->setText(
        tr("%Ln s to read", nullptr, std::max(1, preview.card.words * 60 / WordsPerMinute)));
    if (!m_isNoticeEdited && !m_skips->isChecked() && m_notice->toPlainText() != preview.notice) {
        m_isFilling = true;
        m_notice->setPlainText(preview.notice);
        m_isFilling = false;
    }
    showWarnings(preview.warnings);
    emit previewed();
}

void EscalateDialog::showWarnings(const QStringList &warnings)
{
    const bool wasShown = !m_overrideBlock->isHidden();
    m_warning->setText(plainLines(warnings.join(u'\n')));
    m_warning->setVisible(!warnings.isEmpty());
    m_overrideBlock->setVisible(!warnings.isEmpty());
    if (warnings.isEmpty() == wasShown) {
        QPalette colours = palette();
        colours.setColor(QPalette::WindowText, Theme::of(this)[Token::AtRisk]);
        m_warning->setPalette(colours);
        changed();
    }
}

void EscalateDialog::showNoticeAs(bool isTold)
{
    m_noticeBlock->setVisible(isTold);
    m_skipBlock->setVisible(!isTold);
    changed();
    if (!isTold)
        m_skipReason->setFocus();
}

void EscalateDialog::submit()
{
    if (!m_isReady || isBusy())
        return;
    const QStringList names = missing();
    if (!names.isEmpty()) {
        const ChoiceBox *box = findChild<ChoiceBox *>(names.first());
        const QString why = box && box->isUnclear()
            ? tr("“%1” is not in the list: choose one that is.")
                  .arg(box->currentText().trimmed().left(60))
            : tr("This is needed before the ticket can move.");
        refuse(badInput(why, names.first()));
        return;
    }
    const commands::Escalate verb = command();
    const QString to = m_where->currentText();
    runVerb(m_workbench, verb,
        verb.skipNotice.isEmpty() ? tr("%1 escalated to %2; the customer is told.").arg(m_key, to)
                                  : tr("%1 escalated to %2.").arg(m_key, to));
}

void EscalateDialog::refuse(const Error &error)
{
    // A guard that the preview has not told of yet: its field must be there before it can be named.
    if (error.where == u"override-guard" && m_overrideBlock->isHidden())
        showWarnings({ error.detail });
    changed();
    FormDialog::refuse(error);
}

void EscalateDialog::fit()
{
    settle();
    // Wide enough for form and card, and never larger than a window of 1280 × 800 leaves.
    const QSize wish
        = sizeHint().expandedTo({ 1120, 640 }).expandedTo(isVisible() ? size() : QSize());
    resize(wish.boundedTo(room()).boundedTo({ std::max(1120, minimumSizeHint().width()), 10'000 }));
}

} // namespace tierline::ui
