#include "core/import/eventmap.h"

#include "core/base/json.h"
#include "core/base/unicode.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>

static void initMapResources()
{
    Q_INIT_RESOURCE(maps);
}

namespace tierline::importing {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 MaxMapBytes = 1 << 20;
const QString shippedFolder = u":/tierline/maps"_s;

Error badMap(const QString &map, const QString &what, const QString &key)
{
    return badInput(u"The map “%1” cannot be used: %2."_s.arg(map, what), key);
}

/// How many single changes (a letter more, less, other, or two swapped) make one word of the other.
int distance(const QString &a, const QString &b)
{
    const auto width = static_cast<size_t>(b.size()) + 1;
    std::vector<std::vector<int>> rows(
        static_cast<size_t>(a.size()) + 1, std::vector<int>(width, 0));
    for (size_t i = 0; i < rows.size(); ++i) {
        for (size_t j = 0; j < width; ++j) {
            if (i == 0 || j == 0) {
                rows[i][j] = static_cast<int>(i + j);
                continue;
            }
            const auto x = static_cast<qsizetype>(i) - 1, y = static_cast<qsizetype>(j) - 1;
            rows[i][j] = std::min({ rows[i - 1][j - 1] + (a[x] == b[y] ? 0 : 1), rows[i - 1][j] + 1,
                rows[i][j - 1] + 1 });
            if (x > 0 && y > 0 && a[x] == b[y - 1] && a[x - 1] == b[y])
                rows[i][j] = std::min(rows[i][j], rows[i - 2][j - 2] + 1);
        }
    }
    return rows.back().back();
}

/// Reads one map's JSON; the first thing that is wrong stays in `error`.
class MapParser
{
public:
    MapParser(EventMap &map, QJsonObject root)
        : m_map(map)
        , m_root(std::move(root))
    {
    }
    Result<Done> run();

private:
    void fail(const QString &what, const QString &key)
    {
        if (!m_error)
            m_error = badMap(m_map.name, what, key);
    }
    void checkKeys(const QJsonObject &object, const QStringList &known, const QString &inside);
    QString text(const QJsonObject &object, const QString &key, const QString &otherwise,
        const QString &inside = {});
    int column(const QString &name);
    int columnAt(const QJsonObject &object, const QString &key, const QString &inside = {});
    void readFormat();
    void readTier();
    void readTierRule(const QJsonValue &value, bool isLast);
    void readStatus();
    void readAgent();
    void readFields();
    void readNulls();
    void readKnown();
    void readKnownPriority(const QJsonValue &value);
    void readKnownAwaiting(const QJsonValue &value);

    EventMap &m_map;
    QJsonObject m_root;
    std::optional<Error> m_error;
};

void MapParser::checkKeys(
    const QJsonObject &object, const QStringList &known, const QString &inside)
{
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (known.contains(it.key()))
            continue;
        QString nearest = known.first();
        for (const QString &candidate : known) {
            if (distance(it.key().left(40), candidate) < distance(it.key().left(40), nearest))
                nearest = candidate;
        }
        const QString place = inside.isEmpty() ? QString() : u" in “%1”"_s.arg(inside);
        fail(u"it has no key “%1”%2; the nearest one is “%3”"_s.arg(
                 it.key().left(60), place, nearest),
            it.key());
    }
}

QString MapParser::text(
    const QJsonObject &object, const QString &key, const QString &otherwise, const QString &inside)
{
    const QJsonValue value = object[key];
    if (value.isUndefined() || value.isNull())
        return otherwise;
    if (!value.isString())
        fail(u"“%1” must be a text"_s.arg(inside.isEmpty() ? key : inside + u'.' + key), key);
    return validText(value.toString());
}

int MapParser::column(const QString &name)
{
    if (name.isEmpty())
        return -1;
    // In XES the case is the trace's attribute: an event's attribute of the same name is another column.
    const qsizetype at = m_map.columns.indexOf(name, m_map.format.isXes ? 1 : 0);
    if (at >= 0)
        return static_cast<int>(at);
    m_map.columns.append(name);
    return static_cast<int>(m_map.columns.size()) - 1;
}

int MapParser::columnAt(const QJsonObject &object, const QString &key, const QString &inside)
{
    return column(text(object, key, {}, inside));
}

void MapParser::readFormat()
{
    const QString format = text(m_root, u"format"_s, u"csv"_s);
    m_map.format.isXes = format == u"xes";
    if (format != u"csv" && format != u"xes")
        fail(u"“format” is “%1” and must be csv or xes"_s.arg(format.left(40)), u"format"_s);
    const QString delimiter = text(m_root, u"delimiter"_s, u","_s);
    if (delimiter.size() != 1 || delimiter == u"\"" || delimiter == u"\n" || delimiter == u"\r")
        fail(u"“delimiter” must be one character, such as \";\""_s, u"delimiter"_s);
    else
        m_map.format.delimiter = delimiter[0];
    const QString encoding = text(m_root, u"encoding"_s, u"utf-8"_s);
    if (const auto known = encodingFromName(encoding))
        m_map.format.encoding = *known;
    else
        fail(u"“encoding” is “%1” and must be utf-8, iso-8859-1, windows-1252 or utf-16"_s.arg(
                 encoding.left(40)),
            u"encoding"_s);
    // The case comes first: for XES it is the one column that is the trace's.
    const QString caseName
        = text(m_root, u"case"_s, m_map.format.isXes ? u"concept:name"_s : QString());
    if (caseName.isEmpty())
        fail(u"it names no “case”, the column that holds the ticket's number"_s, u"case"_s);
    m_map.columns.append(caseName);
    m_map.caseColumn = m_map.format.caseColumn = 0;
}

void MapParser::readTierRule(const QJsonValue &value, bool isLast)
{
    using Test = EventMap::TierRule::Test;
    const QJsonObject rule = value.toObject();
    if (rule.isEmpty()) {
        fail(
            u"each of “tier.rules” must be an object such as {\"suffix\":\" 2nd\",\"tier\":\"L2\"}"_s,
            u"tier"_s);
        return;
    }
    if (rule.contains(u"else"_s)) {
        checkKeys(rule, { u"else"_s }, u"tier.rules"_s);
        if (!isLast)
            fail(u"the “else” of “tier.rules” must be the last rule"_s, u"tier"_s);
        m_map.tierRules.push_back({ Test::Else, {}, text(rule, u"else"_s, {}, u"tier.rules"_s) });
        return;
    }
    checkKeys(rule, { u"suffix"_s, u"prefix"_s, u"equals"_s, u"contains"_s, u"tier"_s, u"else"_s },
        u"tier.rules"_s);
    static const std::pair<QString, Test> tests[]
        = { { u"suffix"_s, Test::Suffix }, { u"prefix"_s, Test::Prefix },
              { u"equals"_s, Test::Equals }, { u"contains"_s, Test::Contains } };
    int found = 0;
    for (const auto &[key, test] : tests) {
        if (!rule.contains(key))
            continue;
        ++found;
        m_map.tierRules.push_back({ test, text(rule, key, {}, u"tier.rules"_s),
            text(rule, u"tier"_s, {}, u"tier.rules"_s) });
    }
    if (found != 1 || m_map.tierRules.back().tier.isEmpty())
        fail(
            u"each of “tier.rules” must have one of suffix, prefix, equals or contains, and a tier"_s,
            u"tier"_s);
}

void MapParser::readTier()
{
    const QJsonValue value = m_root[u"tier"_s];
    if (value.isUndefined() || value.isNull())
        return;
    const QJsonObject tier = value.toObject();
    checkKeys(tier, { u"from"_s, u"rules"_s }, u"tier"_s);
    const QString from = text(tier, u"from"_s, {}, u"tier"_s);
    if (from.isEmpty() || !tier[u"rules"_s].isArray())
        fail(u"“tier” must be an object with “from” and “rules”"_s, u"tier"_s);
    // A key of the map ("team", "status") means that key's column; anything else is a column's name.
    if (from == u"team" && m_map.team >= 0)
        m_map.tierFrom = m_map.team;
    else if (from == u"status" && m_map.status >= 0)
        m_map.tierFrom = m_map.status;
    else
        m_map.tierFrom = column(from);
    const QJsonArray rules = tier[u"rules"_s].toArray();
    for (qsizetype i = 0; i < rules.size(); ++i)
        readTierRule(rules[i], i == rules.size() - 1);
}

void MapParser::readStatus()
{
    const QJsonValue value = m_root[u"status"_s];
    if (value.isUndefined() || value.isNull())
        return;
    const QJsonObject status = value.toObject();
    checkKeys(status, { u"column"_s, u"map"_s, u"else"_s }, u"status"_s);
    m_map.status = columnAt(status, u"column"_s, u"status"_s);
    if (m_map.status < 0)
        fail(u"“status” must be an object with a “column”"_s, u"status"_s);
    const QString all = codes<Status>().join(u", "_s);
    const auto statusNamed = [&](const QString &name) {
        const auto known = fromCode<Status>(name);
        if (!known)
            fail(u"“%1” is no status; there are %2"_s.arg(name.left(40), all), u"status"_s);
        return known;
    };
    const QJsonObject names = status[u"map"_s].toObject();
    for (auto it = names.begin(); it != names.end(); ++it) {
        if (const auto known = statusNamed(it.value().toString()))
            m_map.statusOf.insert(validText(it.key()), *known);
    }
    if (status.contains(u"else"_s))
        m_map.statusElse = statusNamed(status[u"else"_s].toString());
}

void MapParser::readAgent()
{
    const QJsonValue value = m_root[u"agent"_s];
    if (value.isUndefined() || value.isNull())
        return;
    if (!value.isString() && !value.isArray())
        fail(u"“agent” must be a column or a list of columns"_s, u"agent"_s);
    const QJsonArray names = value.isString() ? QJsonArray { value } : value.toArray();
    for (const QJsonValue &name : names) {
        const int at = column(validText(name.toString()));
        if (at < 0)
            fail(u"“agent” must be a column or a list of columns"_s, u"agent"_s);
        m_map.agent.push_back(at);
    }
}

void MapParser::readFields()
{
    const QJsonValue value = m_root[u"fields"_s];
    if (!value.isUndefined() && !value.isNull() && !value.isObject())
        fail(u"“fields” must be an object of names and columns"_s, u"fields"_s);
    const QJsonObject fields = value.toObject();
    for (auto it = fields.begin(); it != fields.end(); ++it) {
        if (it.key() == u"known")
            fail(u"a field cannot be called “known”, which holds what “known” maps"_s, u"fields"_s);
        const int at = it.value().isString() ? column(validText(it.value().toString())) : -1;
        if (at < 0)
            fail(u"the field “%1” must name a column"_s.arg(it.key().left(60)), u"fields"_s);
        m_map.fields.push_back({ validText(it.key()), at });
    }
}

void MapParser::readNulls()
{
    const QJsonValue value = m_root[u"null"_s];
    m_map.nulls = QStringList { QString(u""_s) };
    if (value.isUndefined() || value.isNull())
        return;
    if (!value.isArray() && !value.isString())
        fail(u"“null” must be a list of texts"_s, u"null"_s);
    const QJsonArray list = value.isString() ? QJsonArray { value } : value.toArray();
    m_map.nulls.clear();
    for (const QJsonValue &item : list)
        m_map.nulls.append(validText(item.toString()));
}

void MapParser::readKnownPriority(const QJsonValue &value)
{
    if (value.isString()) {
        m_map.priority = column(validText(value.toString()));
        return;
    }
    const QJsonObject object = value.toObject();
    checkKeys(object, { u"column"_s, u"map"_s }, u"known.priority"_s);
    m_map.priority = columnAt(object, u"column"_s, u"known.priority"_s);
    const QJsonObject names = object[u"map"_s].toObject();
    for (auto it = names.begin(); it != names.end(); ++it) {
        if (const auto known = fromCode<Priority>(it.value().toString()))
            m_map.priorityOf.insert(validText(it.key()), *known);
        else
            fail(u"“%1” is no priority; there are %2"_s.arg(
                     it.value().toString().left(40), codes<Priority>().join(u", "_s)),
                u"known"_s);
    }
    if (m_map.priority < 0)
        fail(u"“known.priority” must be a column, or an object with “column” and “map”"_s,
            u"known"_s);
}

/// A column of true and false, a state of the status column, a list of such states, or both as an object.
void MapParser::readKnownAwaiting(const QJsonValue &value)
{
    QJsonValue states = value;
    m_map.awaiting = m_map.status;
    if (value.isObject()) {
        const QJsonObject object = value.toObject();
        checkKeys(object, { u"column"_s, u"values"_s }, u"known.awaiting"_s);
        if (object.contains(u"column"_s))
            m_map.awaiting = columnAt(object, u"column"_s, u"known.awaiting"_s);
        states = object[u"values"_s];
    } else if (value.isString() && !m_map.statusOf.contains(value.toString())) {
        m_map.awaiting = column(validText(value.toString()));
        return;
    }
    const QJsonArray list = states.isString() ? QJsonArray { states } : states.toArray();
    for (const QJsonValue &state : list)
        m_map.awaitingStates.append(validText(state.toString()));
    if (m_map.awaiting < 0)
        fail(u"“known.awaiting” names a state, but the map has no “status”"_s, u"known"_s);
}

void MapParser::readKnown()
{
    QJsonObject known = m_root[u"known"_s].toObject();
    const QStringList keys { u"created_at"_s, u"resolved_at"_s, u"sla_met"_s, u"reopen_count"_s,
        u"priority"_s, u"awaiting"_s };
    // Either way round: {"created_at":"opened_at"} and {"opened_at":"created_at"} say the same.
    const QStringList written = known.keys();
    for (const QString &key : written) {
        if (!keys.contains(key) && keys.contains(known[key].toString())
            && !known.contains(known[key].toString()))
            known[known.take(key).toString()] = key;
    }
    checkKeys(known, keys, u"known"_s);
    m_map.createdAt = columnAt(known, u"created_at"_s, u"known"_s);
    m_map.resolvedAt = columnAt(known, u"resolved_at"_s, u"known"_s);
    m_map.slaMet = columnAt(known, u"sla_met"_s, u"known"_s);
    m_map.reopenCount = columnAt(known, u"reopen_count"_s, u"known"_s);
    if (known.contains(u"priority"_s) && !known[u"priority"_s].isNull())
        readKnownPriority(known[u"priority"_s]);
    if (known.contains(u"awaiting"_s) && !known[u"awaiting"_s].isNull())
        readKnownAwaiting(known[u"awaiting"_s]);
}

Result<Done> MapParser::run()
{
    checkKeys(m_root,
        { u"format"_s, u"delimiter"_s, u"encoding"_s, u"case"_s, u"time"_s, u"time_format"_s,
            u"zone"_s, u"order"_s, u"team"_s, u"tier"_s, u"status"_s, u"agent"_s, u"fields"_s,
            u"null"_s, u"known"_s },
        {});
    readFormat();
    m_map.time = columnAt(m_root, u"time"_s);
    if (m_map.time < 0)
        fail(u"it names no “time”, the column that says when a row happened"_s, u"time"_s);
    m_map.timeFormat = text(m_root, u"time_format"_s, u"iso"_s);
    m_map.zone = text(m_root, u"zone"_s, u"UTC"_s);
    if (auto reader = TimeReader::make(m_map.timeFormat, m_map.zone); !reader && !m_error)
        m_error = reader.error();
    m_map.order = columnAt(m_root, u"order"_s);
    m_map.team = columnAt(m_root, u"team"_s);
    readStatus();
    readTier();
    readAgent();
    readFields();
    readNulls();
    readKnown();
    if (m_error)
        return *m_error;
    return Done {};
}

} // namespace

Result<EventMap> EventMap::parse(const QByteArray &json, const QString &name)
{
    auto root = readJsonObject(json, { .bytes = MaxMapBytes, .depth = 16 });
    if (!root)
        return badMap(name,
            root.error().detail.chopped(1)
                + (root.error().where.isEmpty() ? QString() : u" ("_s + root.error().where + u')'),
            root.error().where);
    EventMap map;
    map.name = name;
    TIERLINE_CHECK(MapParser(map, *root).run());
    return map;
}

QStringList EventMap::shippedNames()
{
    initMapResources();
    QStringList names;
    const QStringList files
        = QDir(shippedFolder).entryList({ u"*.json"_s }, QDir::Files, QDir::Name);
    for (const QString &file : files)
        names.append(file.chopped(5));
    names.sort();
    return names;
}

Result<EventMap> EventMap::load(const QString &fileOrName)
{
    QString path = fileOrName;
    const QStringList shipped = shippedNames();
    if (!QFileInfo(path).isFile()) {
        if (!shipped.contains(fileOrName))
            return notFound(
                u"There is no map “%1”: name a file, or one of the maps that ship: %2."_s.arg(
                    fileOrName.left(200), shipped.join(u", "_s)));
        path = shippedFolder + u'/' + fileOrName + u".json"_s;
    }
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return badInput(
            u"The map “%1” cannot be opened: %2."_s.arg(fileOrName, file.errorString()));
    return parse(file.read(MaxMapBytes + 1), QFileInfo(path).fileName());
}

QStringList EventMap::tiers() const
{
    QStringList list;
    for (const TierRule &rule : tierRules) {
        if (!list.contains(rule.tier))
            list.append(rule.tier);
    }
    return list;
}

std::optional<QString> EventMap::tierOf(const QString &value) const
{
    using Test = TierRule::Test;
    for (const TierRule &rule : tierRules) {
        const bool fits = rule.test == Test::Else
            || (rule.test == Test::Equals && value == rule.text)
            || (rule.test == Test::Prefix && value.startsWith(rule.text))
            || (rule.test == Test::Suffix && value.endsWith(rule.text))
            || (rule.test == Test::Contains && value.contains(rule.text));
        if (fits)
            return rule.tier;
    }
    return std::nullopt;
}

std::optional<Priority> priorityFromText(const QString &text)
{
    const QString word = text.trimmed().toLower();
    if (const auto known = fromCode<Priority>(word))
        return known;
    QStringView rest(word);
    if (rest.startsWith(u'p'))
        rest = rest.mid(1);
    if (!rest.isEmpty() && rest[0] >= u'1' && rest[0] <= u'5'
        && (rest.size() == 1 || !rest[1].isLetterOrNumber())) {
        // 1 is the most urgent wherever numbers are used; 5 ("planning") is low too.
        const int number = rest[0].unicode() - u'0';
        return static_cast<Priority>(qMax(0, 4 - number));
    }
    if (word == u"critical" || word == u"highest" || word == u"blocker")
        return Priority::Urgent;
    if (word == u"major")
        return Priority::High;
    if (word == u"medium" || word == u"moderate" || word == u"standard")
        return Priority::Normal;
    if (word == u"minor" || word == u"lowest" || word == u"planning")
        return Priority::Low;
    return std::nullopt;
}

} // namespace tierline::importing
