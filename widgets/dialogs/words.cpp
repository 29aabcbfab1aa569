#include "widgets/dialogs/words.h"

#include <QCoreApplication>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Words", text);
}

} // namespace

QString reasonText(const QString &reason)
{
    static const QHash<QString, const char *> words {
        { u"missing-permission"_s, QT_TRANSLATE_NOOP("Words", "Missing permission") },
        { u"missing-tools"_s, QT_TRANSLATE_NOOP("Words", "Missing tools") },
        { u"needs-code-change"_s, QT_TRANSLATE_NOOP("Words", "Needs a code change") },
        { u"policy-exception"_s, QT_TRANSLATE_NOOP("Words", "Policy exception") },
        { u"beyond-skill"_s, QT_TRANSLATE_NOOP("Words", "Beyond our skill") },
        { u"sla-risk"_s, QT_TRANSLATE_NOOP("Words", "Promise at risk (SLA)") },
        { u"customer-asked"_s, QT_TRANSLATE_NOOP("Words", "The customer asked") },
        { u"outage"_s, QT_TRANSLATE_NOOP("Words", "Outage") },
        { u"security"_s, QT_TRANSLATE_NOOP("Words", "Security") },
        { u"legal"_s, QT_TRANSLATE_NOOP("Words", "Legal") },
        { u"vip"_s, QT_TRANSLATE_NOOP("Words", "VIP customer") },
        { u"bot-gave-up"_s, QT_TRANSLATE_NOOP("Words", "The bot gave up") },
        { u"outside"_s, QT_TRANSLATE_NOOP("Words", "Done outside Tierline") },
    };
    const char *known = words.value(reason);
    return known ? tr(known) : QString(reason).replace(u'-', u' ');
}

QString kindText(EscalationKind kind)
{
    switch (kind) {
    case EscalationKind::Functional: return tr("Functional: other skills");
    case EscalationKind::Hierarchical: return tr("Hierarchical: other authority");
    case EscalationKind::Automated: return tr("Automated: by a rule");
    case EscalationKind::Priority: return tr("Priority: faster");
    }
    return {};
}

QString roleText(Role role)
{
    switch (role) {
    case Role::Agent: return tr("Agent");
    case Role::Specialist: return tr("Specialist");
    case Role::Lead: return tr("Lead");
    case Role::Admin: return tr("Admin");
    case Role::ReadOnly: return tr("Reads only");
    }
    return {};
}

QString confidentialText(Confidential confidential)
{
    switch (confidential) {
    case Confidential::No: return tr("No: everybody sees its tickets");
    case Confidential::Legal: return tr("Legal: only its members and admins");
    case Confidential::Security: return tr("Security: only its members and admins");
    }
    return {};
}

} // namespace tierline::ui
