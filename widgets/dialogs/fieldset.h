#pragma once

#include "core/base/result.h"

#include <QHash>
#include <QStringList>
#include <QWidget>

class QPlainTextEdit;

namespace tierline::ui {

class PlainLabel;

/// Fields with their labels above and their problems below, and a place at the foot for refusals that
/// are about no field. A refusal never touches what was typed. Thread: ui; lives as long as `owner`.
class FieldSet
{
public:
    explicit FieldSet(QWidget *owner);

    /// A block of label, field and problem; `name` is how an Error's `where` names the field, and
    /// becomes its object name where it has none.
    QWidget *make(
        const QString &name, const QString &label, QWidget *field, const QString &hint = {});
    /// Another name by which errors speak of a field.
    void alias(const QString &where, const QString &name) { m_alias.insert(where, name); }
    /// Where refusals about no field stand; the caller lays it out.
    PlainLabel *foot() const { return m_foot; }

    /// Shows why not, beside its field where it is about one, and puts the keys there.
    void refuse(const Error &error);
    void clear();
    /// What is shown at present, and beside which field ("" at the foot).
    QString refusal() const;
    QString refusedField() const;

private:
    struct Field {
        QWidget *widget = nullptr;
        PlainLabel *problem = nullptr;
    };
    void say(PlainLabel *label, const QString &text);

    QWidget *m_owner;
    PlainLabel *m_foot;
    QHash<QString, Field> m_fields;
    QHash<QString, QString> m_alias;
};

/// A label for problems and warnings: wraps, hidden while empty, in the colour of its meaning.
PlainLabel *makeProblemLabel(const QString &objectName);
/// A text edit of so many lines in which Tab goes on to the next field.
QPlainTextEdit *makeTextEdit(int lines, const QString &placeholder);
/// What is written in it, one entry a line, without empty ones.
QStringList linesOf(const QPlainTextEdit *edit);

} // namespace tierline::ui
