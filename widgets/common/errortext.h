#pragma once

#include "core/base/result.h"

namespace tierline::ui {

/// An error in the person's language: what happened, what it means for the work, what to do.
/// All three are plain text; `detail` is the English sentence of the error itself and may name places.
struct ErrorText {
    QString what;
    QString means; ///< empty where nothing is lost or held up
    QString todo; ///< empty where there is nothing to do
    QString detail;

    /// The first three as one paragraph.
    QString paragraph() const;
};

/// Cancelled gives empty texts: what the person stopped is no error.
ErrorText errorText(const Error &error);

/// One line for a status bar or beside a field: what happened, then the detail where it says more.
QString errorLine(const Error &error);

/// A verb for the button that helps ("Try again", "Sign in"), or nothing.
QString errorAction(const Error &error);

} // namespace tierline::ui
