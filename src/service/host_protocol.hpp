// The session as a D-Bus object: org.instdrv.Host1 at /org/instdrv/Host1, on the bus of the service
// manager that runs it (the user's, or the system's for root).
//
//   Open(s name, s section) -> t id          opens a driver; section "": the default one
//   Close(t id) -> x answer                  a refusal leaves it open
//   Send(t id, u message, x lparam1, x lparam2) -> x answer     parameters are plain numbers
//   Share(s name, s section) -> t share, s file, s text, h region, h control, h process,
//                                    b traced
//                                            loads a driver, with a channel of the client's own to
//                                            it
//   OpenShared(t share, x lparam1, x lparam2) -> t id, t name, t driver_id
//                                            parameters are in that channel; name: the driver's for
//                                            id
//   CloseShared(t id, x lparam1, x lparam2, b forced) -> x answer
//   EndShare(t share)
//   TraceCalls(a(sutusttxss) calls, u left_out)
//                                            what the client sent on channels of its own; wanted
//                                            where Share said `traced` (service/traced_calls.hpp)
//   Drill() -> s report                      rehearses the notify phase; JSON
//   ExitSession() -> s report                ends the session, answers when it has ended; JSON
//   Leave()                                  the client ends normally; answers when all it had is
//                                            closed
//   State, Process, Drivers, Instances       properties
//   DriverOpened, DriverClosed, DriverDied, SessionEnding     signals
//
// Close and Send reach what the caller opened, and what the session opened by itself; CloseShared
// what the caller opened.
//
// What a client has opened is closed when it leaves the bus: DRV_EXITAPPLICATION first, with
// DRVEA_NORMALEXIT if it had called Leave, else DRVEA_ABNORMALEXIT. Only the user who runs the
// service and root may call it, whatever the bus's own policy says. Errors are called
// org.instdrv.Error.<code>, with the names of ErrorCode.
//
// The object (HostObject) and its callers both include this header.
#pragma once

#include <instdrv/driver.h>
#include <instdrv/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

#include "session/bus.hpp"

namespace instdrv::service {

inline constexpr const char* host_name = "org.instdrv.Host1";
inline constexpr const char* host_path = "/org/instdrv/Host1";
inline constexpr const char* host_interface = "org.instdrv.Host1";

// The bus of the manager that runs this process: a system service knows of no user's bus.
session::BusKind bus_of_the_manager();

// How handles cross.
HDRVR handle_of(std::uint64_t id);
std::uint64_t id_of(HDRVR handle);

// Replies; what cannot be sent is dropped. [loop thread]
void reply(sd_bus_message* call, HDRVR handle);
void reply(sd_bus_message* call, LRESULT answer);
void reply(sd_bus_message* call, const std::string& text);
void reply_nothing(sd_bus_message* call);
// As org.instdrv.Error.<name of its code>.
void reply_error(sd_bus_message* call, const Error& error);
// The Error that such a reply carries.
Error error_of(std::string_view name, const std::string& text);

}  // namespace instdrv::service
