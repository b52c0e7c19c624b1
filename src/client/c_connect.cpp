// The C functions that connect to a session.
#include <instdrv/driver.h>
#include <instdrv/connect.hpp>

#include <memory>
#include <mutex>
#include <utility>

#include "host/impl.hpp"
#include "host/last_error.hpp"

using namespace instdrv;

namespace {

struct Connection {
    std::mutex mutex;
    std::unique_ptr<Host> host;
};

// Never destroyed, as the host that it takes the place of.
Connection& connection() {
    static auto& the_one = *std::make_unique<Connection>().release();
    return the_one;
}

BOOL refuse(ErrorCode code, const char* operation, const char* cause) {
    remember_error({.code = code, .operation = operation, .cause = cause});
    return FALSE;
}

}  // namespace

BOOL instdrv_connect(void) {
    const std::lock_guard lock(connection().mutex);
    if (connection().host != nullptr) {
        return refuse(ErrorCode::busy, "connect", "this process is connected already");
    }
    auto host = connect();
    if (!host) {
        remember_error(host.error());
        return FALSE;
    }
    connection().host = *std::move(host);
    choose_default_host(connection().host.get());
    return TRUE;
}

BOOL instdrv_disconnect(void) {
    const std::lock_guard lock(connection().mutex);
    if (connection().host == nullptr) {
        return refuse(ErrorCode::invalid_argument, "disconnect", "this process is not connected");
    }
    choose_default_host(nullptr);
    connection().host.reset();
    return TRUE;
}
