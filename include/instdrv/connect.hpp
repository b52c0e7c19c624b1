// Connects to a session that another process holds (`instdrv run`, the instdrv service). The result
// is a Host with that session's drivers.
//
//     auto session = instdrv::connect();                       // Result<std::unique_ptr<Host>>
//     if (!session) return fail(session.error().text());
//     auto driver = (*session)->open("msadp32.acm");           // as with any Host
//
// Names, configuration and placement are the session's. Programs that open the same driver share
// its module: it is loaded and enabled once and opened for each. Messages go straight to the
// driver's worker on a channel of this process's own; only opening and closing pass through the
// session. A driver that the session runs in its own process cannot be opened.
//
// When the Host is destroyed, each of its instances gets DRV_EXITAPPLICATION with DRVEA_NORMALEXIT
// and is closed; when the process ends without that, with DRVEA_ABNORMALEXIT. When the session
// ends, sends fail with ErrorCode::exiting or, once the worker is gone, ErrorCode::broken.
//
// A callback that does not return in two fifths of the time that its driver has for DRV_CLOSE (4 s
// by default) fails. The session then closes this process's channel to the driver: the call that
// made the callback and all later sends to that driver fail with ErrorCode::broken. Opening the
// driver again makes a new channel.
//
// A deadline that passes ends the driver's worker, for everybody who uses it: pass long ones where
// a driver may take long. Members that concern the session as a whole (exit_session,
// broadcast_power, rehearse_exit, set_configuration) fail with ErrorCode::unsupported.
#pragma once

#include <instdrv/host.hpp>

#include <memory>

namespace instdrv {

// The session on the user's bus, else the one on the system's. Errors: not_found, where neither has
// one; io. [any thread]
INSTDRV_API Result<std::unique_ptr<Host>> connect();

}  // namespace instdrv
