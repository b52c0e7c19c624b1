// A supervisor in conversation with a worker that means harm. A client opens a driver in it and
// works with it; what stands where the worker would be answers, asks and overwrites what the input
// says, rings, talks on the control socket, and asks on lanes of its own as drivers' threads do.
// The first byte chooses what the client does; the last bytes are the record of the worker's
// crash.
//
// Nothing may be touched but what the client and the channel own, no callback may be called but
// with what was given with it, and all memory of the channel, every descriptor and every thread
// comes back.
#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <utility>

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "channel/crash_record.hpp"
#include "client_work.hpp"
#include "core/instance_table.hpp"
#include "hostile_side.hpp"
#include "require.hpp"
#include "supervisor/requests.hpp"
#include "supervisor/worker_module.hpp"

namespace {

using namespace instdrv;
using namespace instdrv::fuzz;

constexpr std::size_t region_size = channel::arena_offset + (std::size_t{1} << 20);

// What a driver can open and message: further instances of the same module. One thread at a time,
// others are refused; the life cycle would let them wait for each other.
class OneModule final : public core::DriverSystem {
public:
    using Hold = std::unique_lock<std::recursive_mutex>;

    // For as long as somebody works with it.
    Hold has(core::Module* module) {
        Hold hold(mutex_);
        module_ = module;
        return hold;
    }

    HDRVR open(std::string_view, std::string_view section, LPARAM lparam2) override {
        const Hold hold(mutex_, std::try_to_lock);
        if (!hold || module_ == nullptr) return nullptr;
        const auto target = next(section);
        if (call(target, DRV_OPEN, 0, lparam2) != 0) {
            open_[target.hdrvr] = target;
            return target.hdrvr;
        }
        forget(target.hdrvr);
        return nullptr;
    }
    LRESULT close(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2) override {
        const Hold hold(mutex_, std::try_to_lock);
        if (!hold || !open_.contains(hdrvr)) return 0;
        const auto answer = call(open_.at(hdrvr), DRV_CLOSE, lparam1, lparam2);
        if (answer != 0) forget(hdrvr);
        return answer;
    }
    LRESULT send(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) override {
        const Hold hold(mutex_, std::try_to_lock);
        const bool reserved = message == 0 || message == DRV_OPEN || message == DRV_CLOSE;
        if (reserved || !hold || !open_.contains(hdrvr)) return 0;
        return call(open_.at(hdrvr), message, lparam1, lparam2);
    }
    HMODULE module_handle(HDRVR hdrvr) override {
        const Hold hold(mutex_, std::try_to_lock);
        return hold && open_.contains(hdrvr) ? module_->handle() : nullptr;
    }
    bool callback(const core::CallbackRequest&) override { return false; }

    // A new instance, before its DRV_OPEN.
    core::Target next(std::string_view section) {
        const auto hdrvr = reinterpret_cast<HDRVR>(static_cast<std::uintptr_t>(++last_ * 16));
        const auto& data = data_[hdrvr] = module_->process()->opening(hdrvr, section);
        return {.hdrvr = hdrvr, .driver_id = 1, .data = data.get()};
    }
    // The client's own, which it messages itself: a driver may as well.
    void opened(const core::Target& target) { open_[target.hdrvr] = target; }
    void forget_all() {
        while (!data_.empty())
            forget(data_.begin()->first);
        left_.clear();
        module_ = nullptr;
    }

private:
    // No callback of it runs or will, as where the life cycle closes an instance.
    void forget(HDRVR hdrvr) {
        open_.erase(hdrvr);
        auto data = data_.extract(hdrvr);
        if (data.empty()) return;
        data.mapped()->gate->close();
        left_.push_back(std::move(data.mapped()));
        module_->process()->closed(hdrvr);
    }
    // Nests as deep as the life cycle lets calls nest.
    LRESULT call(core::Target target, UINT message, LPARAM lparam1, LPARAM lparam2) {
        if (depth_ == core::CallRecord::max_depth) return 0;
        ++depth_;
        const auto answer = module_->call(target, message, lparam1, lparam2);
        --depth_;
        return answer.value;
    }

    std::recursive_mutex mutex_;
    core::Module* module_ = nullptr;
    int depth_ = 0;
    std::map<HDRVR, core::Target> open_;
    std::map<HDRVR, std::shared_ptr<core::InstanceData>> data_;
    std::vector<std::shared_ptr<core::InstanceData>> left_;  // a call may still be inside of them
    std::uintptr_t last_ = 0;
};

// The monitor's events, on their way to the worker. Its process dies as the input says.
class Fate final : public supervisor::WorkerEvents {
public:
    Fate(std::shared_ptr<supervisor::Worker> worker, std::span<const std::uint8_t> record)
        : worker_(std::move(worker)), record_(record) {}

    void noticed(const channel::Notice& notice) noexcept override { worker_->noticed(notice); }
    supervisor::OutputState printed() noexcept override { return supervisor::OutputState::over; }
    bool has_room() noexcept override { return worker_->has_room(); }
    void does_not_read() noexcept override { worker_->does_not_read(); }
    void unwatched(int error) noexcept override { worker_->unwatched(error); }
    void died(const siginfo_t&) noexcept override {
        const auto& region = worker_->region();
        std::memcpy(region.crash().bytes.data(), record_.data(), record_.size());
        region.header().crashed = 2;
        siginfo_t how{};
        how.si_code = CLD_KILLED;
        how.si_status = record_.empty() ? SIGSYS : record_.front();
        worker_->died(how);
        buried_.set_value();
    }
    void wait_until_buried() { buried_.get_future().wait(); }

private:
    std::shared_ptr<supervisor::Worker> worker_;
    std::span<const std::uint8_t> record_;
    std::promise<void> buried_;
};

void use_driver(const std::shared_ptr<supervisor::Worker>& worker, OneModule& system,
                unsigned family) {
    if (!worker->confine()) return;
    const auto module = supervisor::WorkerModule::load(worker, {.file = "/driver.dll"}, false);
    if (!module) return;
    const auto hold = system.has(module->get());
    const auto target = system.next(section_of(family));
    if (open_as(**module, target, family)) {
        system.opened(target);
        work_with(**module, target, family);
        (void)(*module)->call(target, DRV_CLOSE, 0, 0);
    }
    system.forget_all();
}

struct Ends {
    Fd supervisors;
    Fd workers;
};

// Of so little room that a worker that does not read is soon not told any more.
Ends control_sockets() {
    std::array<int, 2> ends{};
    require(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) == 0);
    constexpr int room = 1;  // the least that the kernel gives
    ::setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    return {Fd(ends[0]), Fd(ends[1])};
}

void converse(std::span<const std::uint8_t> input) {
    auto region = channel::Region::create(region_size);
    require(region.has_value());
    auto ends = control_sockets();
    const Fd process(::eventfd(0, EFD_CLOEXEC));  // readable once it is dead, as a process is
    const auto child = std::make_shared<const supervisor::ChildProcess>(
        supervisor::ChildProcess::shared(Fd(::dup(process.get())), std::move(ends.supervisors)));
    const auto system = std::make_shared<OneModule>();
    const auto worker = supervisor::Worker::over(
        {.name = "driver.dll"},
        std::make_shared<supervisor::Requests>([system](const core::Asker&) { return system; }),
        *std::move(region), child);
    const auto record = input.last(std::min(input.size(), sizeof(channel::CrashRecord)));
    {
        const auto fate = std::make_shared<Fate>(worker, record);
        require(supervisor::Monitor::instance().watch(child, fate).has_value());
        {
            const HostileSide hostile(worker->region(), std::move(ends.workers),
                                      Script(input.subspan(1)));
            use_driver(worker, *system, input.front() % 3);
        }
        ::eventfd_write(process.get(), 1);
        fate->wait_until_buried();
    }
    require(worker->is_dead() && !worker->death().report().empty());
    // Threads that attended to the driver's own have gone.
    require_soon([&] { return worker.use_count() == 1; });
    require(worker->memory().in_use() == 0);
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    constexpr std::array<std::uint8_t, 1> nothing{};
    converse(nothing);  // what the process keeps is there from now on
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto before = open_descriptors();
    converse({data, size});
    require_soon([&] { return open_descriptors() <= before; });
    return 0;
}
