#include "service/service_manager.hpp"

#include <utility>

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include "base/fd.hpp"
#include "base/text.hpp"

namespace instdrv::service {
namespace {

// Failing is no reason to treat drivers differently: the manager finds out by itself.
void notify(const std::string& state) { static_cast<void>(sd_notify(0, state.c_str())); }

}  // namespace

Status ServiceManager::feed_watchdog(session::EventLoop& loop) {
    const int result = sd_event_set_watchdog(loop.get(), 1);
    if (result < 0) return failure(io_error("start the watchdog", {}, -result));
    return {};
}

void ServiceManager::ready(const std::string& text) {
    notify((std::exchange(ready_, true) ? "STATUS=" : "READY=1\nSTATUS=") + visible(text));
}

void ServiceManager::status(const std::string& text) { notify("STATUS=" + visible(text)); }

void ServiceManager::extend_timeout(std::chrono::milliseconds longest) {
    notify(fmt::format("EXTEND_TIMEOUT_USEC={}", std::chrono::microseconds(longest).count()));
}

void ServiceManager::stopping() { notify("STOPPING=1"); }

}  // namespace instdrv::service
