// Notifies the service manager, see sd_notify(3). Without one (no NOTIFY_SOCKET) nothing happens.
// sd-event itself serves the watchdog.
#pragma once

#include <instdrv/error.hpp>

#include <chrono>
#include <string>

#include "session/event_loop.hpp"

namespace instdrv::service {

class ServiceManager {
public:
    // Keeps the watchdog fed for as long as the loop turns, if the manager asks for it.
    static Status feed_watchdog(session::EventLoop& loop);

    // Started; said once, later calls only change the status line.
    void ready(const std::string& status);
    void status(const std::string& text);
    // The exit is under way and may take `longest`: the manager must not kill us before.
    void extend_timeout(std::chrono::milliseconds longest);
    // The process is about to end.
    void stopping();

private:
    bool ready_ = false;
};

}  // namespace instdrv::service
