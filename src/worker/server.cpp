#include "worker/server.hpp"

#include <array>
#include <cstring>
#include <thread>
#include <utility>

#include <unistd.h>

#include "channel/control.hpp"
#include "channel/protocol.hpp"
#include "sandbox/confine.hpp"
#include "winapi/process.hpp"
#include "worker/crash.hpp"
#include "worker/direct_callbacks.hpp"

namespace instdrv::worker {
namespace {

constinit Server* the_server = nullptr;

template <class Call>
void answer(channel::Message& lane, const typename Call::Answer& value,
            std::string_view text = {}) {
    channel::send(lane, channel::Turn::answer, Call::what, channel::words_of(value), text);
}

void answer_error(channel::Message& lane, const Error& error) {
    channel::send_error(lane, channel::Turn::answer, error);
}

core::Module& module_of(std::uint64_t number) noexcept {
    return *reinterpret_cast<core::Module*>(static_cast<std::uintptr_t>(number));
}

std::uint64_t number_of(const void* address) noexcept {
    return reinterpret_cast<std::uintptr_t>(address);
}

template <class Handle>
Handle handle_of(std::uint64_t number) noexcept {
    return reinterpret_cast<Handle>(static_cast<std::uintptr_t>(number));
}

// Sign-extended, as LPARAM and LRESULT are.
std::uint64_t word(std::intptr_t value) noexcept {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
}

std::intptr_t number(std::uint64_t word) noexcept { return static_cast<std::intptr_t>(word); }

}  // namespace

Server* Server::of_this_process() noexcept { return the_server; }

Server::Server(channel::Region region, Fd control)
    : region_(std::move(region)),
      control_(std::move(control)),
      main_talk_(region_.lane(0), region_.header().spin_limit, *this),
      driver_lanes_(region_, control_, *this),
      memory_(region_),
      outgoing_(memory_) {
    the_server = this;
}

void Server::run() { main_talk_.serve(); }

// ---- calls --------------------------------------------------------------------------------------

void Server::carry_out(const channel::Received& call, channel::Message& lane) {
    switch (call.what) {
        case channel::What::deliver:
            deliver(channel::value_of<channel::Deliver>(call.words), lane);
            return;
        case channel::What::start: start(lane); return;
        case channel::What::load_module: load(call.text, lane); return;
        case channel::What::unload_module:
            unload(channel::value_of<channel::UnloadModule>(call.words), lane);
            return;
        default:
            answer_error(lane, {.code = ErrorCode::broken, .cause = "an unknown call"});
            return;
    }
}

void Server::start(channel::Message& lane) {
    const auto memory = region_.supervisor_arena();
    const auto document = channel::StartDocument::decode(
        {reinterpret_cast<const char*>(memory.data()), region_.header().start_size});
    if (!document) {
        answer_error(lane, {.code = ErrorCode::broken, .cause = "the start document is damaged"});
        return;
    }
    const std::array<int, 4> kept{0, 1, 2, control_.get()};
    const auto report = sandbox::confine(std::as_bytes(std::span(document->confinement)), kept);
    if (report.confined != 0) {
        winapi::Process::instance();  // made now: crash reports ask it and can take no memory
        loader_ = std::make_unique<LocalLoader>(*this, document->state_folder);
        std::thread([this] { listen(); }).detach();
    }
    const channel::Start::Answer value{.pointer_size = sizeof(void*),
                                       .base = number_of(region_.base())};
    answer<channel::Start>(lane, value, {reinterpret_cast<const char*>(&report), sizeof report});
}

void Server::load(const std::string& file, channel::Message& lane) {
    auto module = loader_->load({.file = file});
    if (!module) {
        answer_error(lane, module.error());
        return;
    }
    core::Module* const loaded = module->release();  // until unload
    channel::LoadModule::Answer value{.module = number_of(loaded),
                                      .handle = number_of(loaded->handle()),
                                      .is_windows = loaded->is_windows() ? 1u : 0u,
                                      .functions = {}};
    const auto functions = direct_callback_functions(loaded->is_windows());
    for (std::size_t i = 0; i < functions.size(); ++i)
        value.functions[i] = number_of(functions[i]);
    answer<channel::LoadModule>(lane, value, loaded->kind());
}

void Server::unload(const channel::UnloadModule& call, channel::Message& lane) {
    const std::unique_ptr<core::Module> module(&module_of(call.module));
    answer<channel::UnloadModule>(lane, {});
}

void Server::deliver(const channel::Deliver& call, channel::Message& lane) {
    const core::Answer result =
        module_of(call.module)
            .call({.hdrvr = handle_of<HDRVR>(call.hdrvr),
                   .driver_id = static_cast<DWORD_PTR>(call.driver_id)},
                  static_cast<UINT>(call.message), number(call.lparam1), number(call.lparam2));
    if (result.broken != nullptr) {
        answer_error(lane, *result.broken);
    } else {
        answer<channel::Deliver>(lane, {.value = word(result.value)});
    }
}

// ---- the control socket -------------------------------------------------------------------------

void Server::listen() {
    while (const auto notice = channel::receive_notice(control_)) {
        if (notice->kind != channel::Notice::Kind::lane_opened) continue;
        std::thread([this, lane = notice->lane] { serve_lane(lane); }).detach();
    }
    ::_exit(0);
}

void Server::serve_lane(std::uint32_t index) {
    prepare_thread_for_crashes();
    Talk(region_.lane(index), region_.header().spin_limit, *this).serve();
}

// ---- requests -----------------------------------------------------------------------------------

template <class Request>
typename Request::Answer Server::ask(const Request& request, std::string_view text) {
    const auto words = channel::words_of(request);
    const auto reply = [&] {
        if (Talk* const talk = Talk::of_this_thread()) {
            return talk->request(Request::what, words, text);
        }
        const DriverLanes::Lease lease(driver_lanes_);
        return lease.talk().request(Request::what, words, text);
    }();
    if (reply.what != Request::what) return {};
    return channel::value_of<typename Request::Answer>(reply.words);
}

HDRVR Server::open(std::string_view name, std::string_view section, LPARAM lparam2) {
    const std::array<std::string_view, 2> parts{name, section};
    const auto opened = outgoing_.open(section, lparam2, [&](const messages::Parameters& sent) {
        const auto answer = ask(channel::OpenDriver{.lparam2 = sent.lparam2}, channel::pack(parts));
        return static_cast<std::int64_t>(answer.hdrvr);
    });
    return handle_of<HDRVR>(static_cast<std::uint64_t>(opened));
}

LRESULT Server::close(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2) {
    const auto answer = number(
        ask(channel::CloseDriver{
                .hdrvr = number_of(hdrvr), .lparam1 = word(lparam1), .lparam2 = word(lparam2)})
            .value);
    if (answer != 0) outgoing_.closed(hdrvr);
    return answer;
}

LRESULT Server::send(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) {
    const auto answer =
        outgoing_.send(hdrvr, message, lparam1, lparam2, [&](const messages::Parameters& sent) {
            return static_cast<std::int64_t>(ask(channel::SendMessage{.hdrvr = number_of(hdrvr),
                                                                      .message = message,
                                                                      .lparam1 = sent.lparam1,
                                                                      .lparam2 = sent.lparam2})
                                                 .value);
        });
    return static_cast<LRESULT>(answer);
}

HMODULE Server::module_handle(HDRVR hdrvr) {
    return handle_of<HMODULE>(ask(channel::ModuleHandle{.hdrvr = number_of(hdrvr)}).handle);
}

bool Server::callback(const core::CallbackRequest& request) {
    return ask(channel::DriverCallback{.callback = request.callback,
                                       .flags = request.flags,
                                       .message = request.message,
                                       .device = number_of(request.device),
                                       .user = request.user,
                                       .param1 = request.param1,
                                       .param2 = request.param2})
               .delivered != 0;
}

LRESULT Server::direct_callback(const channel::DirectCallback& call) {
    return number(ask(call).value);
}

}  // namespace instdrv::worker
