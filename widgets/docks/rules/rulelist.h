#pragma once

#include "core/desk/ruleboard.h"
#include "core/desk/rulefigures.h"

#include <QAbstractListModel>
#include <QListView>

namespace tierline::ui {

/// One rule as the list shows it.
struct RuleRow {
    StoredRule rule;
    qint64 fired = 0; ///< in the seven days before
    bool isEdited = false; ///< typed and not saved
    std::optional<double> precision; ///< of its last trial
    /// Of what it did and would have done; goes before that of a trial. None until it is counted.
    std::optional<desk::RuleFigures> figures;

    std::optional<double> shownPrecision() const
    {
        return figures && figures->precision ? figures->precision : precision;
    }
};

/// Rules in running order; moved rows stay moved until another order is set.
class RuleModel : public QAbstractListModel
{
    Q_OBJECT
public:
    using QAbstractListModel::QAbstractListModel;

    void setRows(const QList<RuleRow> &rows);
    const QList<RuleRow> &rows() const { return m_rows; }
    int rowOf(const QString &id) const;
    void setEdited(const QString &id, bool isEdited);
    void setPrecision(const QString &id, std::optional<double> precision);
    /// Of all rules by id; a rule that is not in them keeps none.
    void setFigures(const QHash<QString, desk::RuleFigures> &figures);
    /// Moves a row to stand before or after another; false where it stays.
    bool move(int from, int to);
    QStringList order() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    Qt::DropActions supportedDropActions() const override { return Qt::MoveAction; }
    bool moveRows(
        const QModelIndex &from, int row, int count, const QModelIndex &to, int place) override;
    QStringList mimeTypes() const override;
    QMimeData *mimeData(const QModelIndexList &indexes) const override;
    bool canDropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column,
        const QModelIndex &parent) const override;
    bool dropMimeData(const QMimeData *data, Qt::DropAction action, int row, int column,
        const QModelIndex &parent) override;

signals:
    void reordered();

private:
    QList<RuleRow> m_rows;
};

/// The list: Alt+Up and Alt+Down move the chosen rule, and so does dragging. Thread: ui.
class RuleList : public QListView
{
    Q_OBJECT
public:
    explicit RuleList(RuleModel &model, QWidget *parent = nullptr);
    void setMayMove(bool on);
    QString currentId() const;
    void choose(const QString &id);

signals:
    void chosen(const QString &id);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;

private:
    RuleModel &m_model;
    bool m_mayMove = true;
};

/// "draft", "in shadow", "live", "retired".
QString stateWords(RuleState state);

} // namespace tierline::ui
