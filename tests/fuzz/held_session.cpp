#include "held_session.hpp"

#include <array>
#include <thread>
#include <utility>

#include <sys/eventfd.h>
#include <sys/socket.h>

#include "messages/catalog.hpp"
#include "require.hpp"
#include "supervisor/client.hpp"
#include "supervisor/requests.hpp"
#include "supervisor/worker_module.hpp"
#include "worker/server.hpp"

namespace instdrv::fuzz {
namespace {

constexpr std::size_t region_size = channel::arena_offset + (std::size_t{1} << 20);

sandbox::ConfinementReport confine_nothing(std::span<const std::byte>, std::span<const int>) {
    sandbox::ConfinementReport report;
    report.confined = 1;
    return report;
}

void serve(const Fd& shared, Fd control) {
    auto region = channel::Region::attach(shared);
    require(region.has_value());
    // Threads of its drivers may be inside of it for as long as the process lives.
    auto* const server =
        std::make_unique<worker::Server>(*std::move(region), std::move(control), &confine_nothing)
            .release();
    std::thread([server] { server->run(); }).detach();
}

}  // namespace

HeldSession& HeldSession::instance() {
    static auto& the_one = *std::unique_ptr<HeldSession>(new HeldSession).release();
    return the_one;
}

HeldSession::HeldSession() {
    auto region = channel::Region::create(region_size);
    std::array<int, 2> ends{};
    require(region && ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) == 0);
    serve(region->fd(), Fd(ends[1]));
    // The process that never ends is this one.
    const auto child = std::make_shared<const supervisor::ChildProcess>(
        supervisor::ChildProcess::shared(Fd(::eventfd(0, EFD_CLOEXEC)), Fd(ends[0])));
    worker_ = supervisor::Worker::over(
        {.name = "shared_driver.so"},
        std::make_shared<supervisor::Requests>([](const core::Asker&) { return nullptr; }),
        *std::move(region), child);
    require(supervisor::Monitor::instance().watch(child, worker_).has_value());
    require(worker_->confine().has_value());
    auto module = supervisor::WorkerModule::load(worker_, {.file = INSTDRV_SHARED_DRIVER}, false);
    require(module.has_value());
    module_ = *std::move(module);
    require(call({}, DRV_LOAD) == 1 && call({}, DRV_ENABLE) == 1);
}

LRESULT HeldSession::call(const core::Target& target, UINT message) {
    if (messages::reserved_for_system(message)) ++systems_;
    const auto answer = module_->call(target, message, 0, 0);
    require(answer.broken == nullptr && !worker_->is_dead());
    return answer.value;
}

core::SharedChannel HeldSession::share() {
    auto shared = worker_->share();
    require(shared.has_value());
    return *std::move(shared);
}

HeldSession::Instance::Instance(HeldSession& session, const core::ChannelName& channel)
    : session_(session) {
    target_.hdrvr = reinterpret_cast<HDRVR>(++session.last_handle_ * 16);
    data_ = session.module_->process()->opening(target_.hdrvr, {});
    target_.data = data_.get();
    const supervisor::Client carried{.memory = supervisor::this_process().memory,
                                     .pointer_size = sizeof(void*),
                                     .worker = 0,
                                     .carried = true,
                                     .channel = channel};
    const supervisor::ClientScope scope(carried);
    target_.driver_id = static_cast<DWORD_PTR>(session.call(target_, DRV_OPEN));
    require(target_.driver_id != 0);
}

HeldSession::Instance::~Instance() {
    require(session_.call(target_, DRV_CLOSE) == 1);
    data_->gate->close();
    session_.module_->process()->closed(target_.hdrvr);
}

std::uint64_t HeldSession::Instance::name() const {
    return session_.module_->process()->name_of(target_.hdrvr);
}

LRESULT HeldSession::Instance::send(UINT message) { return session_.call(target_, message); }

}  // namespace instdrv::fuzz
