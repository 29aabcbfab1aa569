#pragma once

#include "core/handoff/draw.h"
#include "widgets/common/clocktext.h"

#include <QWidget>

class QToolButton;
class QVBoxLayout;

namespace tierline::ui {

class PlainLabel;

/// One clock of the card: its name and how it stands.
struct CardClock {
    QString name;
    ClockFace face;
    bool isAgreed = false; ///< of a service agreement: its ledger says why
};

/// A handoff card as labels: section titles in small letters, plain text below. Countdowns are
/// refreshed by tick(). Thread: ui.
class CardView : public QWidget
{
    Q_OBJECT
public:
    explicit CardView(TimeWords words, QWidget *parent = nullptr);

    /// Clocks of agreements come first, under a title of their own.
    void show(const handoff::Card &card, const QList<CardClock> &clocks, Instant now);
    void clear();
    /// Clocks read anew.
    void tick(Instant now);
    /// All text of the first screen, for tests and copying.
    QString text() const;

signals:
    /// A clock of an agreement was asked why; `row` is where it stands in `from`'s own coordinates.
    void ledgerWanted(QWidget *from, const QRect &row);

private:
    struct ClockRow {
        CardClock clock;
        PlainLabel *label = nullptr;
        QToolButton *button = nullptr; ///< instead of the label: it opens the ledger
    };
    void addClock(const CardClock &clock);
    void addSection(const handoff::CardSection &section);
    void addTitle(const QString &title);
    void asItem(PlainLabel *label);
    PlainLabel *addLine(const QString &line, handoff::Emphasis emphasis);

    TimeWords m_words;
    QVBoxLayout *m_layout;
    QList<ClockRow> m_clocks;
    QStringList m_lines;
};

/// The section's name in the person's language.
QString sectionTitle(handoff::CardKind kind);

} // namespace tierline::ui
