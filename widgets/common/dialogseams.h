#pragma once

#include <QStringList>

#include <functional>
#include <optional>

class QObject;
class QWidget;

namespace tierline::ui {

/// Answers that a test lays ready for dialogs that would otherwise wait for a person. Each dialog
/// takes the next one and does not appear. Its questions are kept, so that a test can read them.
/// Make one in a test; while it lives no seam of this room shows a window. An answer that nobody laid
/// ready is "cancelled". Thread: ui.
class QueuedAnswers
{
public:
    QueuedAnswers();
    ~QueuedAnswers();
    QueuedAnswers(const QueuedAnswers &) = delete;
    QueuedAnswers &operator=(const QueuedAnswers &) = delete;

    void confirm() { m_answers.append(Answer { true, {} }); }
    void refuse() { m_answers.append(Answer { false, {} }); }
    void choose(const QStringList &paths) { m_answers.append(Answer { true, paths }); }

    /// What was asked, oldest first: title and text of boxes, title and start folder of file dialogs.
    const QStringList &asked() const { return m_asked; }
    /// How many answers nobody took.
    qsizetype left() const { return m_answers.size(); }

    struct Answer {
        bool isConfirmed = false;
        QStringList paths;
    };
    /// For the seams: the next answer where a test wants to answer at all.
    static std::optional<Answer> take(const QString &question);

private:
    QList<Answer> m_answers;
    QStringList m_asked;
    QueuedAnswers *m_outer = nullptr;
};

/// File dialogs. They return at once; `chosen` is called on the ui thread while `context` lives, and
/// not at all where the person cancels.
namespace filedialog {

struct Request {
    QString title;
    QString folder; ///< where to start; empty: where the person was last
    QStringList filters; ///< "Ticket lines (*.jsonl)"
    QString suggestedName; ///< for saving
    QString suffix; ///< added where the person gave none
};

void open(QWidget *parent, const Request &request, QObject *context,
    std::function<void(const QString &)> chosen);
void openMany(QWidget *parent, const Request &request, QObject *context,
    std::function<void(const QStringList &)> chosen);
void openFolder(QWidget *parent, const Request &request, QObject *context,
    std::function<void(const QString &)> chosen);
void save(QWidget *parent, const Request &request, QObject *context,
    std::function<void(const QString &)> chosen);

} // namespace filedialog

} // namespace tierline::ui
