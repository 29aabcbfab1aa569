#include "core/desk/ruledesk.h"

#include "core/storage/people.h"

#include <QDir>
#include <QFile>

namespace tierline::desk {

using namespace Qt::StringLiterals;

namespace {

Error unsound(const rules::Finding &finding)
{
    return badInput(finding.message, finding.code);
}

/// The worst that is wrong with one rule, or nothing.
const rules::Finding *wrongOf(const std::vector<rules::Finding> &findings, const QString &rule)
{
    for (const rules::Finding &finding : findings) {
        if (finding.gravity == rules::Gravity::Wrong
            && finding.rule.compare(rule, Qt::CaseInsensitive) == 0)
            return &finding;
    }
    return nullptr;
}

std::vector<commands::RuleText> textsOf(const rules::Document &document)
{
    std::vector<commands::RuleText> texts;
    for (const rules::BookText &part : rules::partsOf(document))
        texts.push_back({ part.kind, part.name, part.text });
    return texts;
}

/// Live rules that look for the words of a list.
QStringList readersOf(const RuleBook &book, const QString &list)
{
    QStringList names;
    for (const rules::Rule &rule : rules::readBook(book, { RuleState::Live }).rules) {
        rules::forEachTest(rule.when, [&](const rules::Test &test) {
            for (const rules::Value &value : test.values) {
                if (value.kind == rules::ValueKind::List
                    && value.text.compare(list, Qt::CaseInsensitive) == 0
                    && !names.contains(rule.name))
                    names.append(rule.name);
            }
        });
    }
    return names;
}

} // namespace

Result<RuleCheck> RuleDesk::check(QByteArrayView utf8)
{
    TIERLINE_TRY(context, loadRuleContext(m_store.connection()));
    TIERLINE_TRY(standing, book());
    return checkRules(utf8, context, standing);
}

/// A rule that runs goes on running with its new text at once.
Result<Done> RuleDesk::checkLive(const RuleBook &book, const RuleCheck &check)
{
    for (const rules::Rule &rule : check.parsed.document.rules) {
        const StoredRule *stored = book.find(RuleKind::Rule, rule.name);
        if (!stored || !stored->runs())
            continue;
        if (const rules::Finding *wrong = wrongOf(check.findings, rule.name))
            return unsound(*wrong);
    }
    return Done {};
}

Result<commands::RuleOutcome> RuleDesk::load(
    QByteArrayView utf8, const commands::RuleReason &reason, bool appliesAgain)
{
    TIERLINE_TRY(reading, check(utf8));
    if (!reading.isWhole())
        return badInput(reading.firstProblem(), u"text"_s);
    const std::vector<commands::RuleText> texts = textsOf(reading.parsed.document);
    if (texts.empty())
        return badInput(u"The text holds no rule, no list and no priority policy."_s, u"text"_s);
    TIERLINE_TRY(standing, book());
    TIERLINE_CHECK(checkLive(standing, reading));
    commands::Context context = makeContext();
    return commands::run(context, commands::SaveRules { texts, reason, appliesAgain });
}

Result<commands::RuleOutcome> RuleDesk::save(const QString &id, int basedOn, const QString &text,
    const commands::RuleReason &reason, bool appliesAgain)
{
    TIERLINE_TRY(reading, check(text.toUtf8()));
    if (!reading.isWhole())
        return badInput(reading.firstProblem(), u"text"_s);
    std::vector<commands::RuleText> texts = textsOf(reading.parsed.document);
    if (texts.size() != 1)
        return badInput(
            u"The text holds %1 rules, lists and policies; it is kept as one."_s.arg(texts.size()),
            u"text"_s);
    texts.front().id = id;
    texts.front().basedOn = basedOn;
    TIERLINE_TRY(standing, book());
    const StoredRule *stored = id.isEmpty() ? nullptr : standing.find(texts.front().kind, id);
    if (stored && stored->runs()) {
        if (const rules::Finding *wrong = wrongOf(reading.findings, texts.front().name))
            return unsound(*wrong);
    }
    commands::Context context = makeContext();
    return commands::run(context, commands::SaveRules { texts, reason, appliesAgain });
}

Result<commands::RuleOutcome> RuleDesk::run(const commands::SetRuleState &command)
{
    TIERLINE_TRY(standing, book());
    const StoredRule *stored = standing.find(command.rule);
    const bool willRun = command.state == RuleState::Live || command.state == RuleState::Shadow;
    if (stored && willRun) {
        TIERLINE_TRY(context, loadRuleContext(m_store.connection()));
        const RuleCheck reading = checkRules(stored->text.toUtf8(), context, standing);
        if (!reading.isWhole())
            return badInput(u"“%1” cannot be read: %2"_s.arg(stored->name, reading.firstProblem()));
        const rules::Finding *wrong = wrongOf(reading.findings, stored->name);
        if (wrong && command.state == RuleState::Live)
            return unsound(*wrong);
    }
    if (stored && stored->kind == RuleKind::List && !willRun) {
        const QStringList readers = readersOf(standing, stored->name);
        if (!readers.isEmpty())
            return conflictError(
                u"Live rules look for the words of “%1”: %2. Retire them first."_s.arg(
                    stored->name, readers.mid(0, 5).join(u", "_s)));
    }
    commands::Context context = makeContext();
    return commands::run(context, command);
}

Result<commands::RuleOutcome> RuleDesk::run(const commands::SetRuleCap &command)
{
    commands::Context context = makeContext();
    return commands::run(context, command);
}

Result<commands::RuleOutcome> RuleDesk::run(const commands::OrderRules &command)
{
    commands::Context context = makeContext();
    return commands::run(context, command);
}

Result<commands::RuleOutcome> RuleDesk::run(const commands::RollBackRule &command)
{
    TIERLINE_TRY(standing, book());
    if (const StoredRule *stored = standing.find(command.rule)) {
        TIERLINE_TRY(
            version, storage::loadRuleVersion(m_store.connection(), stored->id, command.version));
        TIERLINE_TRY(reading, check(version.text.toUtf8()));
        if (!reading.isWhole())
            return badInput(u"Version %1 of “%2” cannot be read any more: %3"_s.arg(command.version)
                                .arg(stored->name, reading.firstProblem()));
        const rules::Finding *wrong = wrongOf(reading.findings, version.name);
        if (wrong && stored->state == RuleState::Live)
            return unsound(*wrong);
    }
    commands::Context context = makeContext();
    return commands::run(context, command);
}

QList<std::pair<QString, QByteArray>> shippedRules()
{
    QList<std::pair<QString, QByteArray>> files;
    const QDir folder(u":/tierline/policies"_s);
    for (const QString &name : folder.entryList({ u"*.rules"_s }, QDir::Files, QDir::Name)) {
        QFile file(folder.filePath(name));
        if (file.open(QIODevice::ReadOnly))
            files.append({ name, file.readAll() });
    }
    return files;
}

Result<Done> installRules(storage::Store &store, RandomSource &random)
{
    TIERLINE_TRY(there, storage::ruleRevision(store.connection()));
    if (!there.isEmpty())
        return Done {};
    TIERLINE_TRY(me, storage::loadMe(store.connection()));
    commands::Context context { store, random, Agent { .id = me, .role = Role::Admin },
        Visibility::all(), store.clock().now() };
    commands::ReplaceRules pack {
        .items = {}, .reason = { u"What a new workspace begins with."_s }, .isBeginning = true
    };
    for (const auto &[name, bytes] : shippedRules()) {
        const rules::Parsed parsed = rules::parse(QByteArrayView(bytes));
        if (!parsed.isWhole())
            return Error { .fault = Fault::Bug,
                .detail = u"The shipped rules in %1 cannot be read: %2"_s.arg(
                    name, parsed.problems.front().text()) };
        const RuleState state = name.contains(u"shadow"_s) ? RuleState::Shadow : RuleState::Draft;
        for (const commands::RuleText &text : textsOf(parsed.document)) {
            const RuleState begins = text.kind == RuleKind::List ? RuleState::Live
                : text.kind == RuleKind::Policy                  ? RuleState::Draft
                                                                 : state;
            pack.items.push_back({ text, begins });
        }
    }
    TIERLINE_CHECK(commands::run(context, pack));
    return Done {};
}

} // namespace tierline::desk
