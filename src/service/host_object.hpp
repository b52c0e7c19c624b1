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
// service and root are let in, whatever the bus's own policy says. Errors are called
// org.instdrv.Error.<code>, with the names of ErrorCode.
#pragma once

#include <instdrv/host.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "service/bus_clients.hpp"
#include "service/jobs.hpp"
#include "service/opening.hpp"
#include "service/trace_file.hpp"
#include "service/turns.hpp"
#include "session/bus.hpp"

namespace instdrv::service {

inline constexpr const char* host_name = "org.instdrv.Host1";
inline constexpr const char* host_path = "/org/instdrv/Host1";
inline constexpr const char* host_interface = "org.instdrv.Host1";

// The Error that a reply carries as org.instdrv.Error.<name>.
Error error_of(std::string_view name, const std::string& text);

// The bus of the manager that runs this process: a system service knows of no user's bus.
session::BusKind bus_of_the_manager();

// What the object shows and controls. [loop thread]
class HostControls {
public:
    virtual ~HostControls() = default;
    [[nodiscard]] virtual std::shared_ptr<Host> host() const = 0;
    // "starting", "running", "ending" or "ended".
    [[nodiscard]] virtual std::string_view state() const = 0;
    [[nodiscard]] virtual const std::vector<DriverOpening>& openings() const = 0;
    // Opens a driver with what belongs to it. [job thread]
    using Opener = std::function<DriverOpening(DriverRequest, const HowToOpen&)>;
    [[nodiscard]] virtual Opener opener() const = 0;
    // Shares a driver; letting it go may call it. Both with what belongs to them. [job thread]
    using Sharer = std::function<Result<std::shared_ptr<SharedDriver>>(const DriverRequest&)>;
    [[nodiscard]] virtual Sharer sharer() const = 0;
    // Is told of an instance that is closed for a client. [job thread]
    using Closed = std::function<void(HDRVR)>;
    [[nodiscard]] virtual Closed closed() const = 0;
    // Null: nobody wants one.
    [[nodiscard]] virtual TraceFile* trace() const = 0;
    // How long a rehearsal may take.
    [[nodiscard]] virtual std::chrono::milliseconds drill_budget() const = 0;
    virtual void end_requested() = 0;
    // For people, once: why nobody can talk to the session any more.
    virtual void note(const std::string& text) = 0;
};

class HostObject {
public:
    // Null where there is no bus. An Error: there is one, but the object cannot be on it.
    static Result<std::unique_ptr<HostObject>> open(session::EventLoop& loop, Jobs& jobs,
                                                    HostControls& controls);
    HostObject(const HostObject&) = delete;
    HostObject& operator=(const HostObject&) = delete;
    ~HostObject() = default;

    // The drivers of the configuration were opened, or something else changed what properties say.
    void changed();
    // Tells everybody; the openings say so already.
    void driver_died(const DriverDeath& death);
    // Tells everybody, and answers those who wait in ExitSession.
    void session_ended(const std::string& report);
    // What was said is on its way when this returns, which may wait for the bus.
    void flush() { sd_bus_flush(bus_.get()); }

private:
    using Ticket = std::uint64_t;
    using Handler = void (HostObject::*)(sd_bus_message*);
    using Getter = int (HostObject::*)(sd_bus_message*);

    HostObject(session::Bus bus, Jobs& jobs, HostControls& controls);
    Status attach(session::EventLoop& loop);

    static const sd_bus_vtable vtable[];
    template <Handler handler>
    static int method(sd_bus_message* call, void* self, sd_bus_error*) noexcept;
    template <Getter getter>
    static int property(sd_bus*, const char*, const char*, const char*, sd_bus_message* reply,
                        void* self, sd_bus_error*) noexcept;
    static int admit(sd_bus_message* message, void* self, sd_bus_error*) noexcept;

    void on_open(sd_bus_message* call);
    void on_close(sd_bus_message* call);
    void on_send(sd_bus_message* call);
    void on_share(sd_bus_message* call);
    void on_open_shared(sd_bus_message* call);
    void on_close_shared(sd_bus_message* call);
    void on_end_share(sd_bus_message* call);
    void on_trace_calls(sd_bus_message* call);
    void on_drill(sd_bus_message* call);
    void on_exit_session(sd_bus_message* call);
    void on_leave(sd_bus_message* call);
    int get_state(sd_bus_message* reply);
    int get_process(sd_bus_message* reply);
    int get_drivers(sd_bus_message* reply);
    int get_instances(sd_bus_message* reply);

    // A call that is answered later.
    Ticket defer(sd_bus_message* call);
    // Does what it asks for when it is that driver's turn, or answers that there are too many.
    void in_turn(Ticket ticket, const std::string& driver, Jobs::Work work);
    // The file of an instance's driver; empty: there is no such instance.
    [[nodiscard]] std::string driver_of(HDRVR instance) const;
    bool may_reach(sd_bus_message* call, HDRVR instance) const;
    template <class Answer>
    void answer(Ticket ticket, const Result<Answer>& result);
    void answer_nothing(Ticket ticket);
    void opened_for(Ticket ticket, const DriverOpening& opening);
    void opened_shared(Ticket ticket, const DriverOpening& opening, const SharedInstance& instance);
    void shared_for(Ticket ticket, std::shared_ptr<SharedDriver> driver);
    void close(sd_bus_message* call, HDRVR instance,
               const std::function<Result<LRESULT>(Host&, HDRVR)>& how);
    [[nodiscard]] std::string caller(Ticket ticket) const;
    // `done` runs on the loop when everything is closed.
    void end_client(Holdings&& holdings, bool normally, const Jobs::Action& done);
    void end_part(const std::string& driver, Holdings part, bool normally,
                  const Jobs::Action& done);
    void emit_opened(const InstanceInfo& info);
    void emit_closed(HDRVR instance);
    void disconnected();

    session::Bus bus_;
    HostControls& controls_;
    Turns calls_;
    Turns ends_;  // of clients
    std::map<Ticket, session::BusMessage> waiting_;
    std::vector<Ticket> waiting_for_end_;
    Ticket next_ticket_ = 0;
    BusClients clients_;
    std::vector<session::BusSlot> slots_;
};

}  // namespace instdrv::service
