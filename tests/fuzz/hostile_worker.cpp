// A supervisor in conversation with a worker that means harm. A client opens a driver in it and
// works with it; what stands where the worker would be answers, asks and overwrites what the input
// says. The first byte chooses what the client does; the last bytes are the record of the worker's
// crash.
//
// Nothing may be touched but what the client and the channel own, no callback may be called but
// with what was given with it, and all memory of the channel comes back.
#include <algorithm>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <span>

#include "channel/crash_record.hpp"
#include "client_work.hpp"
#include "core/instance_table.hpp"
#include "hostile_side.hpp"
#include "supervisor/requests.hpp"
#include "supervisor/worker_module.hpp"

namespace {

using namespace instdrv;
using namespace instdrv::fuzz;

constexpr std::size_t region_size = channel::arena_offset + (std::size_t{1} << 20);

// What a driver can open and message from inside a call: further instances of the same module.
class OneModule final : public core::DriverSystem {
public:
    void has(core::Module* module) { module_ = module; }

    HDRVR open(std::string_view, std::string_view section, LPARAM lparam2) override {
        if (module_ == nullptr) return nullptr;
        const auto hdrvr = next(section).hdrvr;
        if (call(hdrvr, DRV_OPEN, 0, lparam2) != 0) return hdrvr;
        forget(hdrvr);
        return nullptr;
    }
    LRESULT close(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2) override {
        if (!open_.contains(hdrvr)) return 0;
        const auto answer = call(hdrvr, DRV_CLOSE, lparam1, lparam2);
        if (answer != 0) forget(hdrvr);
        return answer;
    }
    LRESULT send(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) override {
        const bool reserved = message == 0 || message == DRV_OPEN || message == DRV_CLOSE;
        if (reserved || !open_.contains(hdrvr)) return 0;
        return call(hdrvr, message, lparam1, lparam2);
    }
    HMODULE module_handle(HDRVR hdrvr) override {
        return open_.contains(hdrvr) ? module_->handle() : nullptr;
    }
    bool callback(const core::CallbackRequest&) override { return false; }

    // A new instance, before its DRV_OPEN.
    core::Target next(std::string_view section) {
        const auto hdrvr = reinterpret_cast<HDRVR>(static_cast<std::uintptr_t>(++last_ * 16));
        data_.push_back(module_->opening(hdrvr, section));
        return open_[hdrvr] = {.hdrvr = hdrvr, .driver_id = 1, .data = data_.back().get()};
    }
    void forget(HDRVR hdrvr) {
        open_.erase(hdrvr);
        module_->closed(hdrvr);
    }
    void forget_all() {
        while (!open_.empty())
            forget(open_.begin()->first);
        data_.clear();
    }

private:
    // Nests as deep as the life cycle lets calls nest.
    LRESULT call(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) {
        if (depth_ == core::CallRecord::max_depth) return 0;
        ++depth_;
        const core::Target target = open_.at(hdrvr);  // it may be closed from inside the call
        const auto answer = module_->call(target, message, lparam1, lparam2);
        --depth_;
        return answer.value;
    }

    core::Module* module_ = nullptr;
    int depth_ = 0;
    std::map<HDRVR, core::Target> open_;
    // Of closed ones too: a call may still be inside of them.
    std::vector<std::shared_ptr<core::InstanceData>> data_;
    std::uintptr_t last_ = 0;
};

void use_driver(const std::shared_ptr<supervisor::Worker>& worker, OneModule& system,
                unsigned family) {
    if (!worker->confine()) return;
    const auto module = supervisor::WorkerModule::load(worker, {.file = "/driver.dll"}, false);
    if (!module) return;
    system.has(module->get());
    const auto target = system.next(section_of(family));
    if (open_as(**module, target, family)) {
        work_with(**module, target, family);
        (void)(*module)->call(target, DRV_CLOSE, 0, 0);
    }
    system.forget_all();
    system.has(nullptr);
}

void bury(supervisor::Worker& worker, std::span<const std::uint8_t> record) {
    const auto& region = worker.region();
    std::memcpy(region.crash().bytes.data(), record.data(), record.size());
    region.header().crashed = 2;
    siginfo_t how{};
    how.si_code = CLD_KILLED;
    how.si_status = record.empty() ? SIGSYS : record.front();
    worker.died(how);
    if (!worker.is_dead() || worker.death().report().empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::span input(data, size);
    auto region = channel::Region::create(region_size);
    if (!region) std::abort();
    const auto system = std::make_shared<OneModule>();
    const auto worker = supervisor::Worker::over(
        {.name = "driver.dll"},
        std::make_shared<supervisor::Requests>([system](const core::Asker&) { return system; }),
        *std::move(region), std::make_shared<const supervisor::ChildProcess>());
    {
        const HostileSide hostile(worker->region(), Script(input.subspan(1)));
        use_driver(worker, *system, input.front() % 3);
    }
    bury(*worker, input.last(std::min<std::size_t>(size, sizeof(channel::CrashRecord))));
    if (worker->memory().in_use() != 0) std::abort();
    return 0;
}
