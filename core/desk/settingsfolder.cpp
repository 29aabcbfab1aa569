#include "core/desk/settingsfolder.h"

#include "core/base/json.h"
#include "core/desk/linediff.h"
#include "core/desk/rulecheck.h"
#include "core/desk/settingsparts.h"
#include "core/rules/print.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>

namespace tierline::desk {

using namespace Qt::StringLiterals;
using commands::ReplaceRules;

namespace {

constexpr qint64 largestFolder = 16 << 20;

struct Shelf {
    RuleKind kind;
    QString file;
    QString key; ///< in states.json
};
const std::array<Shelf, 3> &shelves()
{
    static const std::array<Shelf, 3> all { Shelf { RuleKind::Rule, u"rules.rules"_s, u"rules"_s },
        Shelf { RuleKind::List, u"lists.rules"_s, u"lists"_s },
        Shelf { RuleKind::Policy, u"priority.rules"_s, u"policies"_s } };
    return all;
}
const QString statesFile = u"states.json"_s;
const QString agreementsFile = u"agreements.json"_s;

QStringList knownFiles()
{
    QStringList names { agreementsFile, statesFile };
    for (const Shelf &shelf : shelves())
        names.append(shelf.file);
    names.sort();
    return names;
}

std::vector<ReplaceRules::Item> itemsOf(const RuleBook &book)
{
    std::vector<ReplaceRules::Item> items;
    for (const Shelf &shelf : shelves()) {
        for (const StoredRule &rule : book.of(shelf.kind))
            items.push_back({ { rule.kind, rule.name, rule.text }, rule.state, rule.weeklyCap });
    }
    return items;
}

SettingsFiles filesOf(
    const std::vector<ReplaceRules::Item> &items, const sla::Agreements &agreements)
{
    SettingsFiles files;
    QJsonObject states { { u"form"_s, 1 } };
    for (const Shelf &shelf : shelves()) {
        QStringList texts;
        QJsonArray rows;
        for (const ReplaceRules::Item &item : items) {
            if (item.text.kind != shelf.kind)
                continue;
            texts.append(item.text.text);
            QJsonObject row { { u"name"_s, item.text.name }, { u"state"_s, code(item.state) } };
            // Silence keeps a cap, or gives a rule that goes live its first one.
            if (shelf.kind == RuleKind::Rule && item.weeklyCap
                && (*item.weeklyCap > 0 || item.state == RuleState::Live))
                row[u"weekly_cap"_s] = *item.weeklyCap;
            rows.append(row);
        }
        files[shelf.file] = texts.join(u'\n').toUtf8();
        states[shelf.key] = rows;
    }
    files[statesFile] = QJsonDocument(states).toJson();
    files[agreementsFile] = QJsonDocument(sla::toJson(agreements)).toJson();
    return files;
}

Result<sla::Agreements> agreementsAt(storage::Connection &connection, Instant now)
{
    sla::Agreements ruling;
    TIERLINE_TRY(book, commands::loadAgreements(connection));
    if (!book)
        return ruling;
    for (const auto &[name, editions] : book->calendars()) {
        const Calendar *calendar = &editions.all().front().calendar;
        for (const CalendarEditions::Edition &edition : editions.all()) {
            if (edition.from <= now)
                calendar = &edition.calendar;
        }
        ruling.calendars.insert_or_assign(name, *calendar);
    }
    if (!book->isEmpty())
        ruling.policies = book->editions().back().policies;
    return ruling;
}

Error inFile(const QString &file, const QString &what)
{
    return badInput(u"%1: %2 Nothing was changed."_s.arg(file, what), file);
}

Result<RuleState> readState(const Shelf &shelf, const QJsonObject &row, std::optional<int> &cap)
{
    for (auto it = row.begin(); it != row.end(); ++it) {
        const bool isKnown = it.key() == u"name" || it.key() == u"state"
            || (it.key() == u"weekly_cap" && shelf.kind == RuleKind::Rule);
        if (!isKnown)
            return inFile(statesFile,
                u"“%1” is no key of an entry of “%2”."_s.arg(it.key().left(40), shelf.key));
    }
    const QString word = row[u"state"_s].toString();
    const auto state = fromCode<RuleState>(word);
    if (!state)
        return inFile(statesFile,
            u"“%1” is no state; one of: %2."_s.arg(
                word.left(40), codes<RuleState>().join(u", "_s)));
    const QJsonValue capValue = row[u"weekly_cap"_s];
    if (!capValue.isUndefined())
        cap = capValue.toInt(-1);
    if (cap && (*cap < 0 || *cap > commands::largestWeeklyCap))
        return inFile(statesFile, u"A weekly cap is a whole number of fires."_s);
    return *state;
}

/// The texts of one file, in the order and with the states that states.json gives them.
Result<Done> readShelf(const Shelf &shelf, const QByteArray &bytes, const QJsonObject &states,
    const rules::Vocabulary &language, std::vector<ReplaceRules::Item> &items)
{
    const rules::Parsed parsed = rules::parse(QByteArrayView(bytes), language);
    if (!parsed.isWhole())
        return inFile(shelf.file, parsed.problems.front().text());
    QMap<QString, rules::BookText> texts;
    for (const rules::BookText &part : rules::partsOf(parsed.document)) {
        if (part.kind != shelf.kind)
            return inFile(shelf.file,
                u"The %1 “%2” belongs in another file."_s.arg(code(part.kind), part.name));
        if (texts.contains(part.name.toCaseFolded()))
            return inFile(shelf.file, u"There are two of the name “%1”."_s.arg(part.name));
        texts.insert(part.name.toCaseFolded(), part);
    }
    if (!states[shelf.key].isArray())
        return inFile(statesFile, u"The list “%1” is missing."_s.arg(shelf.key));
    for (const QJsonValue &value : states[shelf.key].toArray()) {
        const QString name = value[u"name"_s].toString();
        const auto text = texts.find(name.toCaseFolded());
        if (text == texts.end())
            return inFile(statesFile,
                u"“%1” is not in %2, or stands here twice."_s.arg(name.left(120), shelf.file));
        std::optional<int> cap;
        TIERLINE_TRY(state, readState(shelf, value.toObject(), cap));
        items.push_back({ { shelf.kind, text->name, text->text }, state, cap });
        texts.erase(text);
    }
    if (!texts.isEmpty())
        return inFile(statesFile,
            u"“%1” has no state here; %2 has its text."_s.arg(texts.first().name, shelf.file));
    return Done {};
}

/// The workspace's own reasons are words of the language; other names are findings.
Result<std::vector<ReplaceRules::Item>> readBook(
    const SettingsFiles &files, const rules::Vocabulary &known)
{
    const rules::Vocabulary language { .names = {},
        .lists = {},
        .hasLists = false,
        .reasons = known.reasons,
        .personalReasons = known.personalReasons };
    const auto json = readJsonObject(files[statesFile]);
    if (!json)
        return inFile(statesFile, json.error().detail);
    if ((*json)[u"form"_s].toInt() != 1)
        return inFile(statesFile, u"Its form is not 1: a newer Tierline wrote it."_s);
    for (auto it = json->begin(); it != json->end(); ++it) {
        const bool isShelf = std::ranges::any_of(
            shelves(), [&](const Shelf &shelf) { return shelf.key == it.key(); });
        if (!isShelf && it.key() != u"form")
            return inFile(statesFile, u"“%1” is no key that it may have."_s.arg(it.key().left(40)));
    }
    std::vector<ReplaceRules::Item> items;
    for (const Shelf &shelf : shelves())
        TIERLINE_CHECK(readShelf(shelf, files[shelf.file], *json, language, items));
    return items;
}

/// What must not come to run, and what is doubtful.
Result<QStringList> lintItems(
    const std::vector<ReplaceRules::Item> &items, const rules::LintContext &known)
{
    RuleBook book;
    for (const ReplaceRules::Item &item : items) {
        StoredRule rule { .kind = item.text.kind,
            .name = item.text.name,
            .state = item.state,
            .text = item.text.text };
        auto &shelf = rule.kind == RuleKind::Rule ? book.rules
            : rule.kind == RuleKind::List         ? book.lists
                                                  : book.policies;
        shelf.push_back(std::move(rule));
    }
    rules::LintContext context = known;
    context.vocabulary.lists.clear();
    QStringList remarks;
    for (const rules::Finding &finding : checkBook(book, context)) {
        const StoredRule *rule = book.find(RuleKind::Rule, finding.rule);
        const bool isLive = rule && rule->state == RuleState::Live;
        if (finding.gravity == rules::Gravity::Wrong && isLive)
            return inFile(shelves()[0].file, finding.message);
        remarks.append(u"%1: %2"_s.arg(rules::code(finding.gravity), finding.message));
    }
    return remarks;
}

QJsonObject calendarText(const Calendar &calendar)
{
    sla::Agreements one;
    one.calendars.insert_or_assign(u"one"_s, calendar);
    return sla::toJson(one);
}

/// Only what differs gets an edition.
std::optional<commands::SaveAgreements> changeOf(
    const sla::Agreements &before, const sla::Agreements &after)
{
    commands::SaveAgreements change;
    change.hasPolicies = sla::toJson(before.policies) != sla::toJson(after.policies);
    change.agreements.policies = after.policies;
    for (const auto &[name, calendar] : after.calendars) {
        const auto there = before.calendars.find(name);
        if (there == before.calendars.end()
            || calendarText(there->second) != calendarText(calendar))
            change.agreements.calendars.insert_or_assign(name, calendar);
    }
    if (!change.hasPolicies && change.agreements.calendars.empty())
        return std::nullopt;
    return change;
}

Result<Done> checkFiles(const SettingsFiles &files)
{
    const QStringList known = knownFiles();
    for (auto it = files.begin(); it != files.end(); ++it) {
        if (!known.contains(it.key()) && !partFiles().contains(it.key()))
            return inFile(it.key(),
                u"No file of settings has this name; there are %1."_s.arg(
                    (known + partFiles()).join(u", "_s)));
    }
    for (const QString &name : known) {
        if (!files.contains(name))
            return inFile(name, u"The file is missing."_s);
    }
    return Done {};
}

/// What the files of people, templates, labels and the rest say, upon what stands.
Result<SettingsParts> readParts(
    const SettingsFiles &files, const SettingsParts &before, QStringList &remarks)
{
    SettingsParts after = before;
    for (const QString &name : partFiles()) {
        const auto file = files.constFind(name);
        if (file == files.cend())
            continue;
        if (const auto read = readPart(name, *file, after, remarks); !read)
            return inFile(name, read.error().detail);
    }
    return after;
}

/// Rules may name whom and what the folder brings.
void adopt(const SettingsParts &parts, rules::LintContext &context)
{
    auto &names = context.vocabulary.names;
    const auto add = [&](rules::Slot slot, const QString &name) {
        if (!names[slot].contains(name))
            names[slot].append(name);
    };
    for (const Tier &tier : parts.tiers)
        add(rules::Slot::Tier, tier.id);
    for (const Team &team : parts.teams)
        add(rules::Slot::Team, team.name);
    for (const Agent &agent : parts.agents)
        add(rules::Slot::Agent, agent.id);
    names[rules::Slot::Template] = parts.templates.keys();
    context.vocabulary.reasons = shippedReasons() + parts.reasons;
    context.tiers = parts.tiers;
    for (const Team &team : parts.teams) {
        const auto known = std::ranges::find(context.teams, team.name, &Team::name);
        if (known == context.teams.end())
            context.teams.append(team);
        else
            *known = team;
    }
    context.agents = parts.agents;
}

} // namespace

Result<SettingsFiles> settingsOf(
    storage::Connection &connection, Instant now, const Visibility &visibility)
{
    TIERLINE_TRY(book, storage::loadRuleBook(connection));
    TIERLINE_TRY(agreements, agreementsAt(connection, now));
    TIERLINE_TRY(parts, loadSettingsParts(connection, visibility));
    SettingsFiles files = filesOf(itemsOf(book), agreements);
    files.insert(filesOf(parts));
    return files;
}

Result<SettingsPlan> planSettings(storage::Connection &connection, const SettingsFiles &files,
    Instant now, const Visibility &visibility)
{
    TIERLINE_CHECK(checkFiles(files));
    SettingsPlan plan;
    TIERLINE_TRY(partsBefore, loadSettingsParts(connection, visibility));
    TIERLINE_TRY(partsAfter, readParts(files, partsBefore, plan.remarks));
    fillChange(partsBefore, partsAfter, plan.command);
    TIERLINE_TRY(context, loadRuleContext(connection));
    adopt(partsAfter, context);
    TIERLINE_TRY(items, readBook(files, context.vocabulary));
    TIERLINE_TRY(remarks, lintItems(items, context));
    plan.remarks += remarks;

    TIERLINE_TRY(before, agreementsAt(connection, now));
    QStringList calendars;
    for (const auto &[name, calendar] : before.calendars)
        calendars.append(name);
    const auto json = readJsonObject(files[agreementsFile]);
    if (!json)
        return inFile(agreementsFile, json.error().detail);
    const auto agreements = sla::agreementsFromJson(*json, calendars);
    if (!agreements)
        return inFile(agreementsFile, agreements.error().detail);
    sla::Agreements after = *agreements;
    for (const auto &[name, calendar] : before.calendars) {
        if (!after.calendars.contains(name)) {
            after.calendars.insert_or_assign(name, calendar);
            plan.remarks.append(
                u"note: The calendar “%1” stays: past due times are read on it."_s.arg(name));
        }
    }

    TIERLINE_TRY(book, storage::loadRuleBook(connection));
    std::vector<ReplaceRules::Item> whole = items;
    for (ReplaceRules::Item item : itemsOf(book)) {
        const bool isNamed = std::ranges::any_of(items, [&](const ReplaceRules::Item &other) {
            return other.text.kind == item.text.kind
                && other.text.name.compare(item.text.name, Qt::CaseInsensitive) == 0;
        });
        item.state = RuleState::Retired;
        if (!isNamed)
            whole.push_back(item);
    }
    SettingsFiles were = filesOf(itemsOf(book), before), will = filesOf(whole, after);
    were.insert(filesOf(partsBefore));
    will.insert(filesOf(partsAfter));
    for (const QString &name : knownFiles() + partFiles()) {
        const QStringList lines
            = lineDiff(QString::fromUtf8(were[name]), QString::fromUtf8(will[name]));
        if (!lines.isEmpty())
            plan.diff += QStringList { u"== "_s + name } + lines;
    }
    plan.command.rules.items = items;
    plan.command.agreements = changeOf(before, after);
    return plan;
}

Result<SettingsFiles> readSettingsFolder(const QString &folder)
{
    const QDir dir(folder);
    if (!dir.exists())
        return notFound(u"There is no folder %1."_s.arg(folder));
    SettingsFiles files;
    qint64 total = 0;
    for (const QString &name : dir.entryList({ u"*.rules"_s, u"*.json"_s }, QDir::Files)) {
        QFile file(dir.filePath(name));
        if (!file.open(QIODevice::ReadOnly))
            return notFound(u"%1 cannot be read: %2."_s.arg(file.fileName(), file.errorString()));
        const QByteArray bytes = file.read(largestFolder - total + 1);
        total += bytes.size();
        if (total > largestFolder)
            return badInput(u"The settings in %1 are larger than 16 MiB."_s.arg(folder));
        files.insert(name, bytes);
    }
    return files;
}

Result<Done> writeSettingsFolder(const QString &folder, const SettingsFiles &files)
{
    const QDir dir(folder);
    if (!dir.mkpath(u"."_s))
        return storageError(u"The folder %1 cannot be made."_s.arg(folder));
    for (const QString &name : dir.entryList({ u"*.rules"_s, u"*.json"_s }, QDir::Files)) {
        if (!files.contains(name))
            return conflictError(
                u"%1 has a file %2, which is no settings of ours: name an empty folder."_s.arg(
                    folder, name));
    }
    for (auto it = files.begin(); it != files.end(); ++it) {
        QSaveFile file(dir.filePath(it.key()));
        if (!file.open(QIODevice::WriteOnly) || file.write(*it) != it->size() || !file.commit())
            return storageError(
                u"%1 cannot be written: %2."_s.arg(file.fileName(), file.errorString()));
    }
    return Done {};
}

} // namespace tierline::desk
