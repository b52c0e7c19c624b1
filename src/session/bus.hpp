// Owners of sd-bus objects. Messages, slots and connections are reference-counted C objects; each
// owner holds one reference.
#pragma once

#include <instdrv/error.hpp>

#include <memory>
#include <string>
#include <string_view>

#include <systemd/sd-bus.h>

namespace instdrv::session {

struct BusUnref {
    // Connections are closed, which drops what could not be sent yet.
    void operator()(sd_bus* bus) const noexcept { sd_bus_close_unref(bus); }
    void operator()(sd_bus_message* message) const noexcept { sd_bus_message_unref(message); }
    void operator()(sd_bus_slot* slot) const noexcept { sd_bus_slot_unref(slot); }
};
using Bus = std::unique_ptr<sd_bus, BusUnref>;
using BusMessage = std::unique_ptr<sd_bus_message, BusUnref>;
// Destroying it cancels the call, match or object that it stands for.
using BusSlot = std::unique_ptr<sd_bus_slot, BusUnref>;

// An sd_bus_error whose texts are freed.
class BusError {
public:
    BusError() noexcept = default;
    BusError(const BusError&) = delete;
    BusError& operator=(const BusError&) = delete;
    ~BusError() { sd_bus_error_free(&error_); }

    sd_bus_error* get() noexcept { return &error_; }
    // What it says, else what the (negative) errno of the failed function says.
    [[nodiscard]] Error to_error(std::string operation, int result) const;

private:
    sd_bus_error error_ = SD_BUS_ERROR_NULL;
};

// What an sd-bus function that returned a negative errno failed at.
Error bus_error(std::string operation, int result);
// The error that a reply carries.
Error bus_error(std::string operation, sd_bus_message* reply);

enum class BusKind { system, user };
// [blocks while the connection is made; the bus answers at once or not at all]
Result<Bus> open_bus(BusKind kind);

// Text that the bus carries: what is no UTF-8 in it is replaced.
std::string sendable(std::string_view text);

}  // namespace instdrv::session
