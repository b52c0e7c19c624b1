#include "supervisor/requests.hpp"

#include <instdrv/acm.h>

#include <cstring>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "core/driver_callback.hpp"
#include "supervisor/client.hpp"
#include "supervisor/deadlines.hpp"
#include "supervisor/instance_state.hpp"

namespace instdrv::supervisor {
namespace {

template <class Request>
void reply(channel::Message& lane, const typename Request::Answer& answer) {
    channel::send(lane, channel::Turn::reply, Request::what, channel::words_of(answer));
}

// How deep this thread is in requests, each of which a driver makes while it is called for another.
constinit thread_local int depth = 0;
constexpr int deepest = 16;

class Nested {
public:
    Nested() noexcept { ++depth; }
    ~Nested() { --depth; }
    Nested(const Nested&) = delete;
    Nested& operator=(const Nested&) = delete;
};

// Opening a driver is worth so many other requests. Workers that it starts have a WorkerQuota
// besides.
constexpr std::uint32_t cost_of_opening = 100;

// LPARAMs of a 32-bit driver came sign-extended.
LPARAM lparam(std::uint64_t word) noexcept { return static_cast<LPARAM>(word); }
std::uint64_t word(LRESULT value) noexcept { return static_cast<std::uint64_t>(value); }

// Acts for one request of one driver.
class Request {
    template <class Action>
    auto as_client(const Action& action) {
        const auto memory = worker_.drivers_memory();
        const Client client{memory, static_cast<unsigned>(worker_.facts().pointer_size),
                            worker_.number()};
        const ClientScope scope(client);
        return action();
    }

public:
    Request(std::shared_ptr<core::DriverSystem> system, Worker& worker, channel::Message& lane)
        : system_(std::move(system)), worker_(worker), lane_(lane) {}

    void open(const channel::OpenDriver& request, std::string_view text) {
        worker_.pace(cost_of_opening);
        const auto names = channel::unpack(text, 2);
        if (!names || system_ == nullptr) return reply<channel::OpenDriver>(lane_, {});
        const auto opened = as_client(
            [&] { return system_->open((*names)[0], (*names)[1], lparam(request.lparam2)); });
        reply<channel::OpenDriver>(lane_, {.hdrvr = worker_.handles().name_of(opened)});
    }

    void close(const channel::CloseDriver& request) {
        const auto hdrvr = worker_.handles().handle_of(request.hdrvr);
        if (system_ == nullptr) return reply<channel::CloseDriver>(lane_, {});
        const auto answer = as_client([&] {
            return system_->close(hdrvr, lparam(request.lparam1), lparam(request.lparam2));
        });
        if (answer != 0) worker_.handles().forget(hdrvr);
        reply<channel::CloseDriver>(lane_, {.value = word(answer)});
    }

    void send(const channel::SendMessage& request) {
        const auto hdrvr = worker_.handles().handle_of(request.hdrvr);
        if (system_ == nullptr) return reply<channel::SendMessage>(lane_, {});
        const auto answer = as_client([&] {
            return system_->send(hdrvr, static_cast<UINT>(request.message), lparam(request.lparam1),
                                 lparam(request.lparam2));
        });
        reply<channel::SendMessage>(lane_, {.value = word(answer)});
    }

    void module_handle(const channel::ModuleHandle& request) {
        if (system_ == nullptr) return reply<channel::ModuleHandle>(lane_, {});
        const auto handle = system_->module_handle(worker_.handles().handle_of(request.hdrvr));
        reply<channel::ModuleHandle>(lane_, {.handle = reinterpret_cast<std::uintptr_t>(handle)});
    }

    // What is called is this process's, and so is what it sends, whoever waits for the driver.
    void driver_callback(const channel::DriverCallback& request) {
        const auto target = worker_.callbacks().target(request.callback);
        if (!target) return refuse_token();
        const ClientScope scope(this_process());
        const OwnBehalfScope own;
        reply<channel::DriverCallback>(lane_,
                                       {.delivered = run_callback(*target, request) ? 1u : 0u});
    }

    void direct_callback(const channel::DirectCallback& request) {
        const auto function = worker_.callbacks().function(request.token);
        if (!function) return refuse_token();
        const ClientScope scope(this_process());
        const OwnBehalfScope own;
        reply<channel::DirectCallback>(lane_, {.value = word(call_function(*function, request))});
    }

private:
    // Of a callback that is not there any more, or that somebody guesses at.
    void refuse_token() {
        channel::send_error(lane_, channel::Turn::reply, {.code = ErrorCode::bad_handle});
    }

    // What a callback hands over may be a structure the client gave: it gets its own back. Nothing:
    // the client would take it for one, and it is none that it gave.
    static std::optional<std::uint64_t> client_value(InstanceState& instance, bool a_structure,
                                                     std::uint64_t value) {
        const bool of_this_process = instance.client == 0;
        if (!of_this_process || !instance.conversation) return value;
        if (auto own = instance.conversation->collect(value, this_process().memory)) return *own;
        if (a_structure && value != 0) return std::nullopt;
        return value;
    }

    // What a client that is told of a stream finds in the parameters are structures, or nothing.
    static bool of_a_stream(const InstanceState& instance, const CallbackTable::Target& target) {
        return !target.plain && instance.client == 0 && instance.conversation &&
               instance.conversation->family() == messages::Family::acm;
    }

    bool run_callback(const CallbackTable::Target& target, const channel::DriverCallback& request) {
        const auto instance = target.instance.lock();
        if (instance == nullptr) return false;
        const auto kind = target.what.type >> 16;
        if ((request.flags & DCB_TYPEMASK) != kind) return false;
        const core::CallbackGate::Passage passage(*instance->gate);
        if (!passage) return false;
        const bool stream = of_a_stream(*instance, target);
        const auto param1 = client_value(*instance, stream, request.param1);
        const auto param2 = client_value(*instance, stream, request.param2);
        if (!param1 || !param2) return false;
        if (stream && request.message == MM_ACM_DONE && *param1 == 0) return false;
        const auto device =
            target.plain ? worker_.handles().handle_of(request.device)
                         : reinterpret_cast<HDRVR>(static_cast<std::uintptr_t>(target.what.device));
        return core::driver_callback(
            {.callback = static_cast<DWORD_PTR>(target.what.callback),
             .flags = kind,
             .device = device,
             .message = static_cast<DWORD>(request.message),
             .user = static_cast<DWORD_PTR>(target.plain ? request.user : target.what.user),
             .param1 = static_cast<DWORD_PTR>(*param1),
             .param2 = static_cast<DWORD_PTR>(*param2)},
            &core::call_native_callback);
    }

    LRESULT call_function(const CallbackTable::Function& function,
                          const channel::DirectCallback& request) {
        if (static_cast<std::uint64_t>(function.what.kind) != request.kind) return 0;
        const auto instance = function.instance.lock();
        if (instance == nullptr) return 0;
        const core::CallbackGate::Passage passage(*instance->gate);
        if (!passage) return 0;
        const auto& [first, second, third] = request.arguments;
        if (function.what.kind == messages::FunctionKind::icm_status) {
            using Status = LONG (*)(LPARAM, UINT, LONG);
            return reinterpret_cast<Status>(function.what.address)(
                lparam(function.what.user), static_cast<UINT>(first), static_cast<LONG>(second));
        }
        return move_frame(function.what, static_cast<LONG>(first), second,
                          static_cast<std::uint32_t>(third));
    }

    // GetData and PutData: the frame's bits travel through the driver's part of the channel.
    LRESULT move_frame(const messages::Function& function, LONG frame, std::uint64_t address,
                       std::uint32_t size) {
        using Move = LONG (*)(LPARAM, LONG, void*, LONG);
        const auto memory = worker_.drivers_memory();
        if (size > worker_.region().worker_arena().size()) return -1;
        std::vector<std::byte> bits(size);
        if (!memory.read(address, bits)) return -1;
        const LONG answer = reinterpret_cast<Move>(function.address)(
            lparam(function.user), frame, bits.data(), static_cast<LONG>(size));
        const bool fills = function.kind == messages::FunctionKind::icm_get_data;
        if (fills && !memory.write(address, bits)) return -1;
        return answer;
    }

    std::shared_ptr<core::DriverSystem> system_;  // null: there is nothing to be had
    Worker& worker_;
    channel::Message& lane_;
};

}  // namespace

void Requests::handle(Worker& worker, const channel::Received& received, channel::Message& lane) {
    const Nested nested;
    const bool is_refused = depth > deepest || OnBehalfScope::is_over();
    Request request(is_refused ? nullptr : find_system_(worker.asker()), worker, lane);
    const auto& words = received.words;
    switch (received.what) {
        case channel::What::open_driver:
            return request.open(channel::value_of<channel::OpenDriver>(words), received.text);
        case channel::What::close_driver:
            return request.close(channel::value_of<channel::CloseDriver>(words));
        case channel::What::send_message:
            return request.send(channel::value_of<channel::SendMessage>(words));
        case channel::What::module_handle:
            return request.module_handle(channel::value_of<channel::ModuleHandle>(words));
        case channel::What::driver_callback:
            return request.driver_callback(channel::value_of<channel::DriverCallback>(words));
        case channel::What::direct_callback:
            return request.direct_callback(channel::value_of<channel::DirectCallback>(words));
        default: channel::send_error(lane, channel::Turn::reply, {.code = ErrorCode::broken});
    }
}

void Requests::died(const Worker& worker) noexcept {
    try {
        if (died_) died_(worker, worker.handles().handles(), worker.death());
    } catch (const std::bad_alloc&) {
        // Nobody is told of it; whoever calls one of its drivers learns why it died.
    }
}

}  // namespace instdrv::supervisor
