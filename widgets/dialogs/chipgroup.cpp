#include "widgets/dialogs/chipgroup.h"

#include "widgets/common/accessible.h"
#include "widgets/common/icons.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/dialogs/flowlayout.h"

#include <QPushButton>

namespace tierline::ui {

using namespace Qt::StringLiterals;

ChipGroup::ChipGroup(QWidget *parent)
    : QWidget(parent)
    , m_flow(new FlowLayout(space::Tight, this))
{
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void ChipGroup::add(const QString &value, const QString &words, bool isOn)
{
    for (const QPushButton *chip : std::as_const(m_chips)) {
        if (chip->property("value").toString() == value)
            return;
    }
    auto *chip = named(new QPushButton(this), u"chip."_s + value, oneLine(words, 60));
    // A button reads "&" as a mnemonic.
    chip->setText(oneLine(words, 60).replace(u'&', u"&&"_s));
    chip->setProperty("value", value);
    chip->setCheckable(true);
    chip->setAutoDefault(false);
    chip->setFocusPolicy(Qt::StrongFocus);
    const auto mark = [chip](bool on) {
        chip->setIcon(
            icon(on ? Icon::Check : Icon::Add, chip->palette(), on ? Token::Accent : Token::Muted));
    };
    connect(chip, &QPushButton::toggled, this, [this, mark](bool on) {
        mark(on);
        emit changed();
    });
    mark(isOn);
    m_flow->addWidget(chip);
    m_chips.append(chip);
    chip->setChecked(isOn);
}

QStringList ChipGroup::chosen() const
{
    QStringList values;
    for (const QPushButton *chip : m_chips) {
        if (chip->isChecked())
            values.append(chip->property("value").toString());
    }
    return values;
}

void ChipGroup::choose(const QStringList &values)
{
    for (QPushButton *chip : std::as_const(m_chips))
        chip->setChecked(values.contains(chip->property("value").toString()));
}

} // namespace tierline::ui
