#include "worker/server.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <limits>
#include <thread>
#include <utility>
#include <vector>

#include <poll.h>
#include <unistd.h>

#include "base/thread.hpp"
#include "channel/control.hpp"
#include "channel/protocol.hpp"
#include "image/pe/control_words.hpp"
#include "messages/catalog.hpp"
#include "winapi/process/process.hpp"
#include "worker/callback_reach.hpp"
#include "worker/crash.hpp"
#include "worker/direct_callbacks.hpp"
#include "worker/link_wait.hpp"

namespace instdrv::worker {
namespace {

constinit Server* the_server = nullptr;

// What a driver may wait for a client in all while an instance of it is being closed: less than a
// session has to end.
constexpr std::chrono::milliseconds longest_leave{500};

template <class Call>
void answer(channel::Message& out, const typename Call::Answer& value, std::string_view text = {}) {
    channel::send(out, channel::Turn::answer, Call::what, channel::words_of(value), text);
}

void answer_error(channel::Message& out, const Error& error) {
    channel::send_error(out, channel::Turn::answer, error);
}

Error no_places() {
    return {.code = ErrorCode::broken, .cause = "a call to load names no file and state folder"};
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

core::Answer call_module(core::Module& module, std::uint64_t driver_id,
                         const channel::CallDriver& call) {
    return module.call(
        {.hdrvr = handle_of<HDRVR>(call.hdrvr), .driver_id = static_cast<DWORD_PTR>(driver_id)},
        static_cast<UINT>(call.message), number(call.lparam1), number(call.lparam2));
}

[[noreturn]] void end_process(const Error& error) {
    std::fprintf(stderr, "instdrv-worker: %s\n", error.text().c_str());
    ::_exit(1);
}

void put(const core::Answer& result, channel::Message& out) {
    if (result.broken != nullptr) return answer_error(out, *result.broken);
    answer<channel::CallDriver>(out, {.value = word(result.value)});
}

}  // namespace

Server* Server::of_this_process() noexcept { return the_server; }

Server::Server(channel::Region region, Fd control, Confine confine)
    : confine_(confine),
      supervisor_(
          std::make_shared<Link>(std::move(region), std::move(control), 0, *this, no_parts_)),
      main_lane_(*supervisor_, 0),
      outgoing_(supervisor_->memory()),
      clients_(*this),
      callback_time_(std::numeric_limits<std::uint32_t>::max()) {
    the_server = this;
}

void Server::run() {
    main_lane_.serve();
    ::_exit(0);
}

// ---- calls --------------------------------------------------------------------------------------

void Server::carry_out(Link& link, const channel::Received& call, channel::Message& out) {
    if (link.is_supervisors()) return carry_out_supervisors(call, out);
    carry_out_clients(link, call, out);
}

void Server::carry_out_supervisors(const channel::Received& call, channel::Message& out) {
    switch (call.what) {
        case channel::What::call_driver:
            return call_driver(channel::value_of<channel::CallDriver>(call.words), out);
        case channel::What::start: return start(out);
        case channel::What::load_module:
            return load(call, channel::value_of<channel::LoadModule>(call.words), out);
        case channel::What::unload_module:
            return unload(channel::value_of<channel::UnloadModule>(call.words), out);
        default: return answer_error(out, {.code = ErrorCode::broken, .cause = "an unknown call"});
    }
}

void Server::carry_out_clients(Link& link, const channel::Received& call, channel::Message& out) {
    switch (call.what) {
        case channel::What::call_driver:
            return call_driver_for_client(link, channel::value_of<channel::CallDriver>(call.words),
                                          out);
        case channel::What::start: return tell_facts(link, out, {});
        case channel::What::load_module: return find_loaded(call, out);
        case channel::What::map_memory:
            return map_for_client(link, channel::value_of<channel::MapMemory>(call.words), out);
        case channel::What::unload_module: return answer<channel::UnloadModule>(out, {});
        default: return answer_error(out, {.code = ErrorCode::broken, .cause = "an unknown call"});
    }
}

void Server::start(channel::Message& out) {
    const auto memory = region().supervisor_arena();
    const auto plan =
        memory.first(std::min<std::size_t>(region().header().start_size, memory.size()));
    const std::array<int, 4> kept{0, 1, 2, supervisor_->control().get()};
    const auto report = confine_(plan, kept);
    if (report.confined != 0) {
        pe::give_all_threads_to_drivers();
        winapi::Process::instance();  // made now: crash reports ask it and can take no memory
        loader_ = std::make_unique<LocalLoader>(*this);
        if (auto prepared = clients_.prepare(); !prepared) {
            return answer_error(out, prepared.error());
        }
        const auto listening = start_detached("listens", 0, [this] { listen(); });
        if (!listening) return answer_error(out, listening.error());
    }
    tell_facts(*supervisor_, out, {reinterpret_cast<const char*>(&report), sizeof report});
}

void Server::tell_facts(const Link& link, channel::Message& out, std::string_view report) const {
    answer<channel::Start>(out,
                           {.pointer_size = sizeof(void*),
                            .base = number_of(link.region().base()),
                            .channel = link.number()},
                           report);
}

void Server::load(const channel::Received& call, const channel::LoadModule& words,
                  channel::Message& out) {
    const auto texts = channel::unpack(call.text, channel::LoadModule::parts);
    if (!texts) return answer_error(out, no_places());
    const auto& file = texts->front();
    core::LoadUnderWay under_way;  // who gives it up kills this process
    core::ModuleRequest request{
        .file = file, .state_folder = texts->at(1), .state_limit = words.state_limit};
    request.traced_calls = texts->at(2);
    request.text = {static_cast<std::uint16_t>(words.code_page),
                    static_cast<std::uint16_t>(words.oem_code_page),
                    static_cast<std::uint16_t>(words.locale)};
    if (!is_known(request.text)) {
        return answer_error(
            out, {.code = ErrorCode::broken, .cause = "its code page or locale does not exist"});
    }
    auto module = loader_->load(request, under_way);
    if (!module) {
        answer_error(out, module.error());
        return;
    }
    core::Module* const loaded = module->release();  // until unload
    shorten_callback_time(words.callback_time);
    channel::LoadModule::Answer value{.module = number_of(loaded),
                                      .handle = number_of(loaded->handle()),
                                      .is_windows = loaded->is_windows() ? 1u : 0u,
                                      .functions = {}};
    const auto functions = direct_callback_functions(loaded->is_windows());
    for (std::size_t i = 0; i < functions.size(); ++i)
        value.functions[i] = number_of(functions[i]);
    {
        const std::lock_guard lock(mutex_);
        loaded_[file] = {.facts = value, .kind = std::string(loaded->kind())};
    }
    answer<channel::LoadModule>(out, value, loaded->kind());
}

void Server::shorten_callback_time(std::uint64_t milliseconds) noexcept {
    auto now = callback_time_.load();
    while (milliseconds < now &&
           !callback_time_.compare_exchange_weak(now, static_cast<std::uint32_t>(milliseconds))) {
    }
}

void Server::find_loaded(const channel::Received& call, channel::Message& out) {
    const auto places = channel::unpack(call.text, channel::LoadModule::parts);
    if (!places) return answer_error(out, no_places());
    const auto& file = places->front();
    const std::lock_guard lock(mutex_);
    const auto found = loaded_.find(file);
    if (found == loaded_.end()) {
        answer_error(
            out, {.code = ErrorCode::not_found, .cause = "the session has unloaded it meanwhile"});
        return;
    }
    answer<channel::LoadModule>(out, found->second.facts, found->second.kind);
}

void Server::unload(const channel::UnloadModule& call, channel::Message& out) {
    const std::unique_ptr<core::Module> module(&module_of(call.module));
    instances_.forget(*module);
    {
        const std::lock_guard lock(mutex_);
        std::erase_if(loaded_,
                      [&](const auto& one) { return one.second.facts.module == call.module; });
    }
    if (Status unloaded = module->unload(); !unloaded) return answer_error(out, unloaded.error());
    answer<channel::UnloadModule>(out, {});
}

// Opening and closing carry what a client says, though the supervisor sends them.
std::uint32_t Server::caller_of(const channel::CallDriver& call) {
    if (!CallbackReach::is_bounded) return CallbackReach::everybody;
    if (call.message == DRV_OPEN) return static_cast<std::uint32_t>(call.driver_id);
    const bool systems = messages::reserved_for_system(static_cast<UINT>(call.message));
    if (systems && call.message != DRV_CLOSE) return CallbackReach::everybody;
    return instances_.channel_of(call.hdrvr);
}

void Server::call_driver(const channel::CallDriver& call, channel::Message& out) {
    const CallbackReach reach(caller_of(call));
    auto& module = module_of(call.module);
    if (call.message == DRV_CLOSE) shut(call.hdrvr);
    if (call.message == DRV_DISABLE) instances_.shut(module);
    // Before it is open, it has no id, and whose it will be is no affair of the driver's.
    const auto driver_id = call.message == DRV_OPEN ? 0 : call.driver_id;
    const core::Answer result = call_module(module, driver_id, call);
    const bool accepted = result.broken == nullptr && result.value != 0;
    if (call.message == DRV_OPEN && accepted) {
        instances_.opened(call.hdrvr, {&module, static_cast<DWORD_PTR>(result.value),
                                       static_cast<std::uint32_t>(call.driver_id)});
    } else if (call.message == DRV_CLOSE) {
        accepted ? instances_.closed(call.hdrvr) : instances_.admit(call.hdrvr);
    }
    put(result, out);
}

void Server::shut(std::uint64_t instance) {
    // What the driver itself takes does not count.
    constexpr std::chrono::milliseconds glance{20};
    auto left = std::min(callback_time(), longest_leave);
    while (!instances_.shut(instance, glance)) {
        const auto link = clients_.find(instances_.channel_of(instance));
        if (link == nullptr || !link->is_awaited()) continue;
        if (left <= glance) {
            clients_.give_up(*link);
            return instances_.shut(instance);
        }
        left -= glance;
    }
}

void Server::call_driver_for_client(const Link& link, const channel::CallDriver& call,
                                    channel::Message& out) {
    if (messages::reserved_for_system(static_cast<UINT>(call.message))) {
        return answer_error(out, {.code = ErrorCode::reserved_message,
                                  .cause = "only the session sends this message"});
    }
    const CallbackReach reach(link.number());
    const OpenInstances::Visit visit(instances_, call.hdrvr, link.number());
    if (!visit.instance()) {
        return answer_error(out, {.code = ErrorCode::exiting,
                                  .cause = "the session that holds the driver has closed it"});
    }
    put(call_module(*visit.instance()->module, visit.instance()->driver_id, call), out);
}

void Server::map_for_client(Link& link, const channel::MapMemory& call, channel::Message& out) {
    const auto part = link.parts().add(call.offset, call.size);
    if (!part) return answer_error(out, part.error());
    answer<channel::MapMemory>(out, {.base = number_of(part->data())});
}

// ---- links --------------------------------------------------------------------------------------

void Server::listen() {
    // It takes no memory, which drivers may have used up.
    std::vector<std::shared_ptr<Link>> links;
    std::vector<pollfd> heard;
    links.reserve(channel::CallbackToken::most_channels);
    heard.reserve(channel::CallbackToken::most_channels + 2);
    const auto hear = [&](int descriptor) {
        heard.push_back({.fd = descriptor, .events = POLLIN, .revents = 0});
    };
    for (;;) {
        clients_.list(links);
        heard.clear();
        hear(supervisor_->control().get());
        hear(clients_.given_up().get());
        for (const auto& link : links)
            hear(link->control().get());
        if (::poll(heard.data(), heard.size(), -1) < 0) continue;
        if (heard[0].revents != 0) hear_supervisor();
        if (heard[1].revents != 0) clients_.remove_given_up();
        for (std::size_t i = 0; i < links.size(); ++i) {
            if (heard[i + 2].revents != 0) clients_.hear(links[i]);
        }
    }
}

void Server::hear_supervisor() {
    std::array<Fd, channel::most_descriptors> descriptors;
    const auto notice = channel::receive_notice(supervisor_->control(), descriptors);
    if (!notice) ::_exit(0);
    switch (notice->kind) {
        case channel::Notice::Kind::lane_opened: return open_lane(notice->subject);
        case channel::Notice::Kind::channel_added:
            return clients_.add(notice->subject, std::move(descriptors[0]),
                                std::move(descriptors[1]));
        case channel::Notice::Kind::channel_removed: return clients_.remove(notice->subject);
        case channel::Notice::Kind::instance_closed: return instances_.closed(notice->subject);
        default: return;
    }
}

// Its caller waits for somebody to serve the lane: where there is no thread, the process must not
// go on.
void Server::open_lane(std::uint32_t lane) {
    if (lane >= channel::first_worker_lane) return;
    const auto serving = start_detached("serves", 0, [link = supervisor_, lane] {
        prepare_thread_for_crashes();
        LaneServer(*link, lane).serve();
    });
    if (!serving) end_process(serving.error());
}

std::chrono::milliseconds Server::callback_time() const noexcept {
    return std::chrono::milliseconds(callback_time_.load(std::memory_order_relaxed));
}

std::shared_ptr<Link> Server::link_of(std::uint64_t token) {
    const auto number = channel::CallbackToken::channel_of(token);
    if (!CallbackReach::includes(number)) return nullptr;
    return number == 0 ? supervisor_ : clients_.find(number);
}

void Server::slow_down() {
    if constexpr (!CallbackReach::is_bounded) return;
    const std::lock_guard lock(slow_);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
}

// ---- requests -----------------------------------------------------------------------------------

template <class Request>
typename Request::Answer Server::ask(Link& link, const Request& request, std::string_view text) {
    const auto words = channel::words_of(request);
    LaneServer* const lane = LaneServer::of_this_thread();
    LinkWait wait(link, callback_time());
    const auto reply = [&] {
        if (lane != nullptr && &lane->link() == &link) {
            return lane->request(Request::what, words, text, wait.deadline());
        }
        const DriverLanes::Lease lease(link.driver_lanes());
        return lease.lane().request(Request::what, words, text, wait.deadline());
    }();
    if (reply.turn == channel::Turn::none && !link.is_supervisors()) clients_.give_up(link);
    if (reply.what == Request::what) {
        return channel::value_of<typename Request::Answer>(reply.words);
    }
    if (lane == nullptr) slow_down();
    return {};
}

HDRVR Server::open(std::string_view name, std::string_view section, LPARAM lparam2) {
    const std::array<std::string_view, 2> parts{name, section};
    const auto opened = outgoing_.open(section, lparam2, [&](const messages::Parameters& sent) {
        const auto answer =
            ask(*supervisor_, channel::OpenDriver{.lparam2 = sent.lparam2}, channel::pack(parts));
        return static_cast<std::int64_t>(answer.hdrvr);
    });
    return handle_of<HDRVR>(static_cast<std::uint64_t>(opened));
}

LRESULT Server::close(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2) {
    const auto answer = number(ask(*supervisor_, channel::CloseDriver{.hdrvr = number_of(hdrvr),
                                                                      .lparam1 = word(lparam1),
                                                                      .lparam2 = word(lparam2)})
                                   .value);
    if (answer != 0) outgoing_.closed(hdrvr);
    return answer;
}

LRESULT Server::send(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) {
    const auto answer =
        outgoing_.send(hdrvr, message, lparam1, lparam2, [&](const messages::Parameters& sent) {
            return static_cast<std::int64_t>(
                ask(*supervisor_, channel::SendMessage{.hdrvr = number_of(hdrvr),
                                                       .message = message,
                                                       .lparam1 = sent.lparam1,
                                                       .lparam2 = sent.lparam2})
                    .value);
        });
    return static_cast<LRESULT>(answer);
}

HMODULE Server::module_handle(HDRVR hdrvr) {
    return handle_of<HMODULE>(
        ask(*supervisor_, channel::ModuleHandle{.hdrvr = number_of(hdrvr)}).handle);
}

bool Server::callback(const core::CallbackRequest& request) {
    const auto link = link_of(request.callback);
    if (link == nullptr) return false;
    return ask(*link, channel::DriverCallback{.callback = request.callback,
                                              .flags = request.flags,
                                              .message = request.message,
                                              .device = number_of(request.device),
                                              .user = request.user,
                                              .param1 = request.param1,
                                              .param2 = request.param2})
               .delivered != 0;
}

LRESULT Server::direct_callback(const channel::DirectCallback& call) {
    const auto link = link_of(call.token);
    return link == nullptr ? 0 : number(ask(*link, call).value);
}

}  // namespace instdrv::worker
