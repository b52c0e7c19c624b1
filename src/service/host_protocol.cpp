#include "service/host_protocol.hpp"

#include <cstdlib>

namespace instdrv::service {

session::BusKind bus_of_the_manager() {
    const bool of_a_user = std::getenv("DBUS_SESSION_BUS_ADDRESS") != nullptr ||
                           std::getenv("XDG_RUNTIME_DIR") != nullptr;
    return of_a_user ? session::BusKind::user : session::BusKind::system;
}

HDRVR handle_of(std::uint64_t id) {
    return reinterpret_cast<HDRVR>(static_cast<std::uintptr_t>(id));
}

std::uint64_t id_of(HDRVR handle) { return reinterpret_cast<std::uintptr_t>(handle); }

void reply(sd_bus_message* call, HDRVR handle) {
    sd_bus_reply_method_return(call, "t", id_of(handle));
}

void reply(sd_bus_message* call, LRESULT answer) {
    sd_bus_reply_method_return(call, "x", static_cast<std::int64_t>(answer));
}

void reply(sd_bus_message* call, const std::string& text) {
    sd_bus_reply_method_return(call, "s", text.c_str());
}

void reply_nothing(sd_bus_message* call) { sd_bus_reply_method_return(call, ""); }

void reply_error(sd_bus_message* call, const Error& error) {
    const auto name = "org.instdrv.Error." + std::string(name_of(error.code));
    sd_bus_reply_method_errorf(call, name.c_str(), "%s", session::sendable(error.text()).c_str());
}

Error error_of(std::string_view name, const std::string& text) {
    Error error{.code = ErrorCode::broken};
    for (int code = 1; code <= INSTDRV_LAST_ERROR_CODE; ++code) {
        if (name_of(static_cast<ErrorCode>(code)) == name)
            error.code = static_cast<ErrorCode>(code);
    }
    // Who hands it on says himself what was attempted with which driver.
    const auto colon = text.find(": ");
    error.cause = colon == std::string::npos ? text : text.substr(colon + 2);
    return error;
}

}  // namespace instdrv::service
