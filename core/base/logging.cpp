#include "core/base/logging.h"

namespace tierline {
Q_LOGGING_CATEGORY(lcStorage, "tierline.storage", QtWarningMsg)
Q_LOGGING_CATEGORY(lcCommands, "tierline.commands", QtWarningMsg)
Q_LOGGING_CATEGORY(lcImport, "tierline.import", QtWarningMsg)
Q_LOGGING_CATEGORY(lcModel, "tierline.model", QtWarningMsg)
Q_LOGGING_CATEGORY(lcDesk, "tierline.desk", QtWarningMsg)
Q_LOGGING_CATEGORY(lcUi, "tierline.ui", QtWarningMsg)
Q_LOGGING_CATEGORY(lcSecrets, "tierline.secrets", QtWarningMsg)
Q_LOGGING_CATEGORY(lcNet, "tierline.net", QtWarningMsg)
} // namespace tierline
