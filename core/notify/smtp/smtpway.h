#pragma once

#include "core/notify/api/wayregistry.h"
#include "core/notify/smtp/mailmessage.h"
#include "core/notify/smtp/smtpdialogue.h"

namespace tierline::notify::smtp {

/// A way's configuration, looked through.
struct SmtpSetup {
    SmtpServer server;
    MailAddress from;
};
/// BadInput with `where` = url, user, from or auth for what cannot work.
Result<SmtpSetup> readSetup(const WayConfig &config, const Secret &secret);

/// Mail through one server, at most two connections at a time. Thread and handlers as Way says.
class SmtpWay final : public Way
{
public:
    explicit SmtpWay(SmtpSetup setup, SmtpLimits limits = {});
    ~SmtpWay() override;

    [[nodiscard]] std::unique_ptr<Errand> tell(const Telling &telling, ToldHandler done) override;
    [[nodiscard]] std::unique_ptr<Errand> look(const Telling &telling, ToldHandler done) override;
    [[nodiscard]] std::unique_ptr<Errand> test(std::function<void(Result<QString>)> done) override;

private:
    class Post;
    SmtpSetup m_setup;
    std::unique_ptr<Post> m_post;
};

WayKind smtpKind();

} // namespace tierline::notify::smtp
