#include "core/net/tlsready.h"

#include <QSslConfiguration>
#include <QSslSocket>

#include <mutex>

namespace tierline::net {

void readyTls()
{
    static std::once_flag once;
    std::call_once(once, [] {
        if (QSslSocket::supportsSsl())
            QSslConfiguration::defaultConfiguration();
    });
}

} // namespace tierline::net
