#include "widgets/dialogs/limitbox.h"

#include <optional>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int Hour = 60;
constexpr int Day = 24 * Hour;
constexpr int Most = 90 * Day;

/// What is typed: a number, and minutes for one of its unit; nothing where it is none, or not yet.
struct Typed {
    std::optional<int> minutes;
    bool isBeginning = false; ///< of something that can be one
};

Typed read(const QString &text)
{
    const QString typed = text.simplified();
    qsizetype digits = 0;
    while (digits < typed.size() && typed[digits].isDigit())
        ++digits;
    if (digits == 0 || digits > 6)
        return { {}, typed.isEmpty() };
    const int number = typed.left(digits).toInt();
    const QString unit = typed.mid(digits).trimmed().toLower();
    const std::pair<QString, int> units[] { { LimitBox::tr("min"), 1 }, { LimitBox::tr("h"), Hour },
        { LimitBox::tr("d"), Day } };
    for (const auto &[name, minutes] : units) {
        if (unit == name || (unit.isEmpty() && minutes == 1))
            return number <= Most / minutes ? Typed { number * minutes, true } : Typed {};
        if (name.startsWith(unit))
            return { {}, true };
    }
    return {};
}

} // namespace

LimitBox::LimitBox(QWidget *parent)
    : QSpinBox(parent)
{
    setRange(1, Most);
    setAccelerated(true);
}

QValidator::State LimitBox::validate(QString &text, int &) const
{
    const Typed typed = read(text);
    if (typed.minutes && *typed.minutes >= minimum())
        return QValidator::Acceptable;
    // A key that leads nowhere is not taken.
    return typed.isBeginning ? QValidator::Intermediate : QValidator::Invalid;
}

void LimitBox::stepBy(int steps)
{
    // One step is one of the unit that is shown.
    setSingleStep(value() % Day == 0 ? Day : value() % Hour == 0 ? Hour : 1);
    if (steps < 0 && singleStep() >= value())
        setSingleStep(singleStep() == Day ? Hour : 1);
    QSpinBox::stepBy(steps);
}

int LimitBox::valueFromText(const QString &text) const
{
    return read(text).minutes.value_or(value());
}

QString LimitBox::textFromValue(int minutes) const
{
    if (minutes % Day == 0)
        return u"%1 %2"_s.arg(minutes / Day).arg(tr("d"));
    if (minutes % Hour == 0)
        return u"%1 %2"_s.arg(minutes / Hour).arg(tr("h"));
    return u"%1 %2"_s.arg(minutes).arg(tr("min"));
}

} // namespace tierline::ui
