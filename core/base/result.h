#pragma once

#include <QString>

#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

namespace tierline {

/// What went wrong, in the few kinds that callers branch on.
enum class Fault : quint8 {
    Offline, ///< no way to the other side
    Timeout,
    SignIn, ///< credentials missing or refused
    RateLimited,
    NotFound, ///< no such ticket, agent, team, file …
    Conflict, ///< somebody changed it first
    BadReply, ///< the other side answered something that cannot be used
    Storage, ///< the workspace cannot be read or written
    Cancelled, ///< stopped by the person; never shown as an error
    BadInput, ///< what was given cannot be taken: a file, a value, a missing field
    NotAllowed, ///< the role, or a rule of the desk, forbids it
    Usage, ///< the command line itself is wrong
    Bug, ///< a promise of our own code was broken
};

enum class Retry : quint8 { Never, Later, AfterSignIn };

/// An error as a value. `detail` is one English sentence that says what is wrong, where, and what to
/// do; secrets are removed before it is made. `where` names the place ("line 7", "field tried").
struct Error {
    Fault fault = Fault::Bug;
    QString detail;
    QString where;
    Retry retry = Retry::Never;
    std::chrono::milliseconds wait { 0 }; ///< meaningful with Retry::Later only

    bool operator==(const Error &) const = default;
};

/// Short stable code of a fault, as `--json` prints it.
QString faultCode(Fault fault);

/// The value of a call that has nothing else to say.
struct Done {
    bool operator==(const Done &) const = default;
};

/// A value or an Error. Member names follow std::expected, so that a later compiler can replace it.
/// Not a std::variant, of which every T costs twenty templates: a third of the time that we compile. An
/// error is rare, and lies apart; asking for what is not there ends the program.
template<typename T>
class [[nodiscard]] Result
{
public:
    using value_type = T;

    Result(T value)
        : m_value(std::move(value))
    {
    }
    Result(Error error)
        : m_error(std::make_shared<const Error>(std::move(error)))
    {
    }

    bool has_value() const noexcept { return m_value.has_value(); }
    explicit operator bool() const noexcept { return has_value(); }

    T &value() & { return m_value.value(); }
    const T &value() const & { return m_value.value(); }
    T &&value() && { return std::move(m_value.value()); }
    T &operator*() & { return m_value.value(); }
    const T &operator*() const & { return m_value.value(); }
    T &&operator*() && { return std::move(m_value.value()); }
    T *operator->() { return &m_value.value(); }
    const T *operator->() const { return &m_value.value(); }

    const Error &error() const
    {
        if (!m_error)
            std::terminate();
        return *m_error;
    }

    T value_or(T other) const { return has_value() ? **this : std::move(other); }

    /// Calls `next` with the value, or hands the error on.
    template<typename F>
    auto and_then(F &&next) && -> std::invoke_result_t<F, T &&>
    {
        if (has_value())
            return std::forward<F>(next)(std::move(*m_value));
        return error();
    }

    bool operator==(const Result &other) const
    {
        return m_value == other.m_value && (m_value.has_value() || error() == other.error());
    }

private:
    std::optional<T> m_value;
    std::shared_ptr<const Error> m_error;
};

inline Error badInput(QString detail, QString where = {})
{
    return { .fault = Fault::BadInput, .detail = std::move(detail), .where = std::move(where) };
}
inline Error notFound(QString detail)
{
    return { .fault = Fault::NotFound, .detail = std::move(detail) };
}
inline Error notAllowed(QString detail)
{
    return { .fault = Fault::NotAllowed, .detail = std::move(detail) };
}
inline Error storageError(QString detail)
{
    return { .fault = Fault::Storage, .detail = std::move(detail) };
}
inline Error usageError(QString detail)
{
    return { .fault = Fault::Usage, .detail = std::move(detail) };
}
inline Error conflictError(QString detail)
{
    return { .fault = Fault::Conflict, .detail = std::move(detail) };
}
inline Error cancelled()
{
    return { .fault = Fault::Cancelled, .detail = QStringLiteral("Stopped.") };
}

} // namespace tierline

/// Hands an error on to the caller: `TIERLINE_TRY(rows, readRows());` declares `rows` or returns.
#define TIERLINE_TRY(name, expression)                                                             \
    auto name##_result = (expression);                                                             \
    if (!name##_result)                                                                            \
        return name##_result.error();                                                              \
    auto &name = *name##_result

/// The same for calls whose value is not needed.
#define TIERLINE_CHECK(expression)                                                                 \
    if (auto checked = (expression); !checked)                                                     \
    return checked.error()
