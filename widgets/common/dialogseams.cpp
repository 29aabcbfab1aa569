#include "widgets/common/dialogseams.h"

#include <QFileDialog>
#include <QPointer>

using namespace Qt::StringLiterals;

namespace tierline::ui {

namespace {

QueuedAnswers *current = nullptr;

using Chosen = std::function<void(const QStringList &)>;

void run(QWidget *parent, const filedialog::Request &request, QFileDialog::FileMode mode,
    QFileDialog::AcceptMode accept, QObject *context, Chosen chosen)
{
    if (const auto answer = QueuedAnswers::take(request.title + u'\n' + request.folder)) {
        if (answer->isConfirmed && !answer->paths.isEmpty())
            QMetaObject::invokeMethod(
                context, [chosen, paths = answer->paths] { chosen(paths); }, Qt::QueuedConnection);
        return;
    }
    auto *dialog = new QFileDialog(parent, request.title, request.folder);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(mode);
    dialog->setAcceptMode(accept);
    if (mode == QFileDialog::Directory)
        dialog->setOption(QFileDialog::ShowDirsOnly);
    if (!request.filters.isEmpty())
        dialog->setNameFilters(request.filters);
    if (!request.suffix.isEmpty())
        dialog->setDefaultSuffix(request.suffix);
    if (!request.suggestedName.isEmpty())
        dialog->selectFile(request.suggestedName);
    QObject::connect(dialog, &QFileDialog::accepted, context, [dialog, chosen] {
        const QStringList files = dialog->selectedFiles();
        if (!files.isEmpty())
            chosen(files);
    });
    dialog->open();
}

Chosen firstOf(std::function<void(const QString &)> chosen)
{
    return [chosen = std::move(chosen)](const QStringList &files) { chosen(files.first()); };
}

} // namespace

QueuedAnswers::QueuedAnswers()
    : m_outer(std::exchange(current, this))
{
}

QueuedAnswers::~QueuedAnswers()
{
    current = m_outer;
}

std::optional<QueuedAnswers::Answer> QueuedAnswers::take(const QString &question)
{
    if (!current)
        return std::nullopt;
    current->m_asked.append(question);
    return current->m_answers.isEmpty() ? Answer {} : current->m_answers.takeFirst();
}

void filedialog::open(QWidget *parent, const Request &request, QObject *context,
    std::function<void(const QString &)> chosen)
{
    run(parent, request, QFileDialog::ExistingFile, QFileDialog::AcceptOpen, context,
        firstOf(std::move(chosen)));
}

void filedialog::openMany(QWidget *parent, const Request &request, QObject *context,
    std::function<void(const QStringList &)> chosen)
{
    run(parent, request, QFileDialog::ExistingFiles, QFileDialog::AcceptOpen, context,
        std::move(chosen));
}

void filedialog::openFolder(QWidget *parent, const Request &request, QObject *context,
    std::function<void(const QString &)> chosen)
{
    run(parent, request, QFileDialog::Directory, QFileDialog::AcceptOpen, context,
        firstOf(std::move(chosen)));
}

void filedialog::save(QWidget *parent, const Request &request, QObject *context,
    std::function<void(const QString &)> chosen)
{
    run(parent, request, QFileDialog::AnyFile, QFileDialog::AcceptSave, context,
        firstOf(std::move(chosen)));
}

} // namespace tierline::ui
