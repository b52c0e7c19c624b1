#include "session/bus.hpp"

#include <utility>

#include "base/fd.hpp"
#include "base/text.hpp"

namespace instdrv::session {
namespace {

Error described(std::string operation, const sd_bus_error* error) {
    return {.code = ErrorCode::io,
            .operation = std::move(operation),
            .cause = error->message != nullptr ? error->message : error->name,
            .system_code = sd_bus_error_get_errno(error)};
}

}  // namespace

Error BusError::to_error(std::string operation, int result) const {
    if (sd_bus_error_is_set(&error_) != 0) return described(std::move(operation), &error_);
    return bus_error(std::move(operation), result);
}

Error bus_error(std::string operation, int result) {
    return io_error(std::move(operation), {}, -result);
}

Error bus_error(std::string operation, sd_bus_message* reply) {
    return described(std::move(operation), sd_bus_message_get_error(reply));
}

Result<Bus> open_bus(BusKind kind) {
    sd_bus* bus = nullptr;
    const bool system = kind == BusKind::system;
    const int result = system ? sd_bus_open_system(&bus) : sd_bus_open_user(&bus);
    if (result < 0) {
        return failure(
            bus_error(system ? "connect to the system bus" : "connect to the user's bus", result));
    }
    return Bus(bus);
}

std::string sendable(std::string_view text) { return to_utf8(to_utf16(text)); }

}  // namespace instdrv::session
