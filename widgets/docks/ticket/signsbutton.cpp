#include "widgets/docks/ticket/signsbutton.h"

#include "widgets/common/accessible.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"

#include <QEvent>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype MostNamed = 2;

QString signWords(desk::Sign sign)
{
    switch (sign) {
    case desk::Sign::Legal: return SignsButton::tr("legal");
    case desk::Sign::Leaving: return SignsButton::tr("may leave");
    case desk::Sign::Manager: return SignsButton::tr("wants a manager");
    case desk::Sign::Person: return SignsButton::tr("wants a person");
    case desk::Sign::Urgent: return SignsButton::tr("urgent");
    case desk::Sign::Unhappy: return SignsButton::tr("unhappy");
    }
    return {};
}

/// A line for each sign: "urgent: “today”, “asap”".
QString told(const desk::TicketSigns &signs)
{
    QStringList lines;
    for (const desk::Sign sign : signs.signs) {
        QStringList words;
        for (const desk::TicketSigns::Word &word : signs.words) {
            const QString quoted = u"“%1”"_s.arg(oneLine(word.text, 40));
            if (word.sign == sign && !words.contains(quoted) && words.size() < 6)
                words.append(quoted);
        }
        lines.append(words.isEmpty() ? signWords(sign)
                                     : u"%1: %2"_s.arg(signWords(sign), words.join(u", "_s)));
    }
    lines.append(
        SignsButton::tr("Urgency %1 of 100, mood %2 of -100 to 100. Press to mark the words (I).")
            .arg(signs.urgency)
            .arg(signs.sentiment));
    return lines.join(u'\n');
}

} // namespace

SignsButton::SignsButton(QWidget *parent)
    : QToolButton(parent)
{
    setObjectName(u"signs"_s);
    setCheckable(true);
    setAutoRaise(true);
    setToolButtonStyle(Qt::ToolButtonTextOnly);
    setFocusPolicy(Qt::StrongFocus);
    setTextRole(this, TextRole::Muted);
    hide();
}

void SignsButton::setSigns(const desk::TicketSigns &signs)
{
    m_signs = signs;
    setVisible(!signs.signs.isEmpty());
    if (signs.signs.isEmpty()) {
        setChecked(false);
        return;
    }
    QStringList named;
    for (const desk::Sign sign : signs.signs.mid(0, MostNamed))
        named.append(signWords(sign));
    const qsizetype more = signs.signs.size() - named.size();
    const QString all = named.join(u", "_s);
    setText(more > 0 ? tr("%1 +%2").arg(all).arg(more) : all);
    const QString lines = told(signs);
    setPlainToolTip(this, lines);
    setAccessibleName(tr("What the customer's words say: %1").arg(text()));
    setAccessibleDescription(lines);
    colour();
}

/// Quiet, unless it is likely to end badly.
void SignsButton::colour()
{
    const QColor wanted = Theme::of(this)[m_signs.isRisky ? Token::AtRisk : Token::Muted];
    if (palette().color(QPalette::ButtonText) == wanted)
        return;
    QPalette colours;
    colours.setColor(QPalette::ButtonText, wanted);
    setPalette(colours);
}

void SignsButton::changeEvent(QEvent *event)
{
    QToolButton::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        colour();
}

} // namespace tierline::ui
