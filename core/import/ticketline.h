#pragma once

#include "core/commands/commands.h"

#include <QHash>
#include <QStringList>

#include <memory>

namespace tierline::importing {

/// Reads ticket lines: one JSON object a line, see the form in README.md. Not shared between
/// threads; keeps its parser's memory between lines.
class TicketLineParser
{
public:
    struct Options {
        QStringList tiers; ///< of the workspace; others are refused
        QString frontline; ///< the tier of a line that names none
        bool readsText = true; ///< false: checks only, and makes no text of HTML
    };
    explicit TicketLineParser(Options options);
    ~TicketLineParser();

    /// BadInput whose detail says why the line cannot be taken. Keys at the top that mean nothing to
    /// us are counted in ignored().
    Result<commands::History> parse(QByteArrayView line);
    const QHash<QString, qint64> &ignored() const { return m_ignored; }

private:
    struct Json;
    class Reader;
    Options m_options;
    std::unique_ptr<Json> m_json;
    QHash<QString, qint64> m_ignored;
};

// Caps. Longer texts are shortened with a mark; longer lists are refused.
constexpr qsizetype MaxSubject = 1'000;
constexpr qsizetype MaxName = 500;
constexpr qsizetype MaxText = 1'000'000;
constexpr qsizetype MaxHtml = 2'000'000;
constexpr int MaxTags = 1'000;
constexpr int MaxMessages = 20'000;
constexpr int MaxEvents = 50'000;

} // namespace tierline::importing
