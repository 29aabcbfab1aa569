#pragma once

#include "core/desk/accountsetup.h"

#include <QWidget>

class QGridLayout;
class QVBoxLayout;

namespace tierline::ui {

class ChoiceBox;
class PlainLabel;

/// Which steps an assistant has, and which one is in front. Takes no keys. Thread: ui.
class StepLine : public QWidget
{
    Q_OBJECT
public:
    explicit StepLine(const QStringList &steps, QWidget *parent = nullptr);
    void setCurrent(int step);

private:
    QStringList m_steps;
    QList<PlainLabel *> m_labels;
};

/// What a live test found: one sentence a line, each with its mark. Foreign words are bounded and plain.
/// Thread: ui.
class FindingsView : public QWidget
{
    Q_OBJECT
public:
    enum class Mark : quint8 { Good, Warning, Bad };

    explicit FindingsView(QWidget *parent = nullptr);
    void clear();
    void add(Mark mark, const QString &sentence);
    QStringList sentences() const;

protected:
    void changeEvent(QEvent *event) override;

private:
    struct Row {
        Mark mark;
        PlainLabel *picture;
        PlainLabel *sentence;
    };
    void paintMarks();

    QGridLayout *m_grid;
    QList<Row> m_rows;
};

/// Which tier and team each place of a helpdesk stands for: one row a place, two lists that take
/// typing. Thread: ui.
class PlacesEditor : public QWidget
{
    Q_OBJECT
public:
    /// More rows than this are not drawn; what is known of those is kept as it is.
    static constexpr int MostRows = 200;

    explicit PlacesEditor(QWidget *parent = nullptr);
    void setPlaces(const QList<storage::PlaceMapping> &places, const QList<Tier> &tiers,
        const QList<Team> &teams);
    /// BadInput where something is typed that is in no list; that list then has the keys.
    Result<QList<storage::PlaceMapping>> places() const;
    int count() const { return int(m_rows.size()); }
    void focusFirst();

private:
    struct Row {
        storage::PlaceMapping place;
        ChoiceBox *tier;
        ChoiceBox *team;
    };
    void addRow(const storage::PlaceMapping &place);
    void fillTeams(const Row &row, const QString &team);

    QGridLayout *m_grid;
    PlainLabel *m_more;
    QList<Row> m_rows;
    QList<storage::PlaceMapping> m_notShown;
    QList<Tier> m_tiers;
    QList<Team> m_teams;
};

} // namespace tierline::ui
