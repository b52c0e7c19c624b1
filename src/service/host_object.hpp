// The session as a D-Bus object (host_protocol.hpp says which), on the bus of the service manager
// that runs it: the user's, or the system's for root.
//
// The object has the properties and checks who may use it; its parts carry out the calls
// (host_parts.hpp).
#pragma once

#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "service/host_parts.hpp"
#include "service/instance_calls.hpp"
#include "service/session_calls.hpp"
#include "service/share_calls.hpp"
#include "session/bus.hpp"
#include "session/event_loop.hpp"

namespace instdrv::service {

class HostObject {
public:
    // Null where there is no bus. An Error: there is one, but the object cannot be on it.
    static Result<std::unique_ptr<HostObject>> open(session::EventLoop& loop, Jobs& jobs,
                                                    HostControls& controls);
    HostObject(const HostObject&) = delete;
    HostObject& operator=(const HostObject&) = delete;
    ~HostObject() = default;

    // The drivers of the configuration were opened, or something else changed what properties say.
    void changed() { signals_.changed(); }
    // Tells everybody; the openings say so already.
    void driver_died(const DriverDeath& death) { signals_.died(death); }
    // Tells everybody, and answers those who wait in ExitSession.
    void session_ended(const std::string& report);
    // What was said is on its way when this returns, which may wait for the bus.
    void flush() { sd_bus_flush(bus_.get()); }

private:
    using Getter = int (HostObject::*)(sd_bus_message*);

    HostObject(session::Bus bus, Jobs& jobs, HostControls& controls);
    Status attach(session::EventLoop& loop);

    static const sd_bus_vtable vtable[];
    // handler: the function of one of `kinds_` that carries the call out.
    template <auto handler>
    static int method(sd_bus_message* call, void* self, sd_bus_error*) noexcept;
    template <class Kind>
    void carry_out(void (Kind::*handler)(sd_bus_message*), sd_bus_message* call);
    template <Getter getter>
    static int property(sd_bus*, const char*, const char*, const char*, sd_bus_message* reply,
                        void* self, sd_bus_error*) noexcept;
    static int admit(sd_bus_message* message, void* self, sd_bus_error*) noexcept;

    int get_state(sd_bus_message* reply);
    int get_process(sd_bus_message* reply);
    int get_drivers(sd_bus_message* reply);
    int get_instances(sd_bus_message* reply);

    void disconnected();

    session::Bus bus_;
    HostControls& controls_;
    PendingCalls calls_;
    HostSignals signals_;
    Departures departures_;
    BusClients clients_;
    HostParts parts_{bus_.get(), controls_, calls_, clients_, signals_, departures_};
    std::tuple<InstanceCalls, ShareCalls, SessionCalls> kinds_{parts_, parts_, parts_};  // of calls
    std::vector<session::BusSlot> slots_;
};

}  // namespace instdrv::service
