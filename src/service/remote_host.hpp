// A session that another process holds, through its object on the bus (host_protocol.hpp).
#pragma once

#include <instdrv/error.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "session/bus.hpp"

namespace instdrv::service {

struct RemoteInstance {
    std::uint64_t id = 0;
    std::string name;
    std::string file;
    std::string kind;
    std::uint64_t driver_id = 0;
    bool dead = false;  // its worker died
};

struct RemoteDriver {
    std::string name;
    std::string state;  // "opening", "open", "loaded", "failed", "died"
    std::string error;
};

struct RemoteStatus {
    std::string state;  // "starting", "running", "ending", "ended"
    std::uint32_t process = 0;
    std::vector<RemoteDriver> drivers;      // of the configuration, or named
    std::vector<RemoteInstance> instances;  // open now, clients' too
};

// An exit, a drill or a driver takes as long as the session was told it may, which is not known to
// who asks.
inline constexpr std::uint64_t no_timeout = UINT64_MAX;
// An answer of the session's that is not of the expected form.
Error unreadable_answer();

// The bus that has a session: the user's, else the system's. Fails where neither has one.
Result<session::Bus> open_session_bus();

// Every call waits for the session's answer.
class RemoteHost {
public:
    // See open_session_bus.
    static Result<RemoteHost> connect();

    Result<RemoteStatus> status();
    // The report as the session sends it.
    Result<nlohmann::json> drill();
    Result<nlohmann::json> exit_session();

private:
    explicit RemoteHost(session::Bus bus) noexcept : bus_(std::move(bus)) {}
    Result<session::BusMessage> property(const char* name, const char* type);
    Result<nlohmann::json> report_of(const char* method);

    session::Bus bus_;
};

}  // namespace instdrv::service
