#include "core/text/stylelist_p.h"

#include <initializer_list>

namespace tierline::text {

using namespace Qt::StringLiterals;

namespace {

QLatin1StringView oneOf(QStringView value, std::initializer_list<QLatin1StringView> allowed)
{
    for (const QLatin1StringView candidate : allowed) {
        if (value.compare(candidate, Qt::CaseInsensitive) == 0)
            return candidate;
    }
    return {};
}

QLatin1StringView readWeight(QStringView value)
{
    if (oneOf(value, { "bold"_L1, "bolder"_L1, "600"_L1, "700"_L1, "800"_L1, "900"_L1 }).size())
        return "bold"_L1;
    if (oneOf(value, { "normal"_L1, "400"_L1 }).size())
        return "normal"_L1;
    return {};
}

QLatin1StringView readSlant(QStringView value)
{
    return value.compare("oblique"_L1, Qt::CaseInsensitive) == 0
        ? "italic"_L1
        : oneOf(value, { "italic"_L1, "normal"_L1 });
}

} // namespace

QLatin1StringView readAlignment(QStringView value)
{
    return oneOf(value.trimmed(), { "left"_L1, "right"_L1, "center"_L1, "justify"_L1 });
}

StyleChoice readStyle(QStringView style)
{
    StyleChoice choice;
    const auto take = [](QLatin1StringView &slot, QLatin1StringView value) {
        if (!value.isEmpty())
            slot = value;
    };
    for (const QStringView declaration : style.tokenize(u';')) {
        const qsizetype colon = declaration.indexOf(u':');
        if (colon < 0)
            continue;
        const QStringView property = declaration.first(colon).trimmed();
        QStringView value = declaration.sliced(colon + 1).trimmed();
        if (value.endsWith("!important"_L1, Qt::CaseInsensitive))
            value = value.chopped(10).trimmed();
        const auto is = [property](QLatin1StringView name) {
            return property.compare(name, Qt::CaseInsensitive) == 0;
        };
        if (is("font-weight"_L1))
            take(choice.weight, readWeight(value));
        else if (is("font-style"_L1))
            take(choice.slant, readSlant(value));
        else if (is("text-decoration"_L1) || is("text-decoration-line"_L1))
            take(choice.decoration, oneOf(value, { "underline"_L1, "line-through"_L1, "none"_L1 }));
        else if (is("text-align"_L1))
            take(choice.alignment, readAlignment(value));
        else if (is("white-space"_L1))
            choice.keepsLines = !oneOf(value, { "pre"_L1, "pre-wrap"_L1, "pre-line"_L1 }).isEmpty();
    }
    return choice;
}

QString StyleChoice::css(bool isBlock) const
{
    QString css;
    const auto add = [&css](QLatin1StringView property, QLatin1StringView value) {
        if (value.isEmpty())
            return;
        if (!css.isEmpty())
            css += u';';
        css += property;
        css += value;
    };
    add("font-weight:"_L1, weight);
    add("font-style:"_L1, slant);
    add("text-decoration:"_L1, decoration);
    if (isBlock)
        add("text-align:"_L1, alignment);
    return css;
}

} // namespace tierline::text
