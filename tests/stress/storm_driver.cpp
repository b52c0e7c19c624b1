#include "stress/storm_driver.hpp"

#include <instdrv/exit.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

#include "messages/catalog.hpp"

namespace instdrv::stress {
namespace {

using namespace std::chrono_literals;

// Longer than both phases of a storm's exits together.
constexpr auto longest = 40ms;

core::Answer broken(ErrorCode code) {
    static const Error crashed{.code = ErrorCode::crashed, .cause = "made up"};
    static const Error late{.code = ErrorCode::timed_out, .cause = "made up"};
    return {0, code == ErrorCode::crashed ? &crashed : &late};
}

}  // namespace

std::string_view name_of(Met met) noexcept {
    constexpr std::array<std::string_view, static_cast<std::size_t>(Met::count)> names{
        "load",      "client's open", "client's send", "client's close", "closing",
        "disabling", "freeing",       "unloading",     "telling",        "between"};
    return names[static_cast<std::size_t>(met)];
}

void Findings::fault(const std::string& what) {
    const std::lock_guard lock(mutex_);
    if (fault_.empty()) fault_ = what;
}

void Findings::begins(const StormModule& module) {
    const std::lock_guard lock(mutex_);
    there_.insert(&module);
}

void Findings::goes(const StormModule& module) {
    const std::lock_guard lock(mutex_);
    there_.erase(&module);
}

std::size_t Findings::modules() const {
    const std::lock_guard lock(mutex_);
    return there_.size();
}

bool Findings::all_ended_or_given_up() const {
    const std::lock_guard lock(mutex_);
    return std::all_of(there_.begin(), there_.end(),
                       [](const StormModule* module) { return module->ended_or_given_up(); });
}

std::string Findings::first_fault() const {
    const std::lock_guard lock(mutex_);
    return fault_;
}

bool& is_client() noexcept {
    thread_local bool client = false;
    return client;
}

// A call's stay in the driver.
class StormModule::Visit {
public:
    Visit(StormModule& module, UINT message) : module_(module) {
        const std::lock_guard lock(module.mutex_);
        number_ = module.calls_++;
        module.inside_.emplace(number_, Inside{message, is_client()});
    }
    ~Visit() {
        const std::lock_guard lock(module_.mutex_);
        module_.inside_.erase(number_);
    }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

private:
    StormModule& module_;
    std::uint64_t number_;
};

StormModule::StormModule(std::string name, std::uint64_t seed, Findings& findings)
    : name_(std::move(name)),
      seed_(seed),
      findings_(findings),
      confined_(seed % 4 != 0),
      windows_(seed % 3 == 0) {}

StormModule::~StormModule() {
    findings_.goes(*this);
    if (!inside_.empty()) fault("destroyed with a call inside");
    if (!known_.empty()) fault("destroyed with an instance that was not given back");
}

void StormModule::fault(const std::string& what) { findings_.fault(name_ + ": " + what); }

Random StormModule::draw(UINT message) {
    const std::lock_guard lock(mutex_);
    return Random(seed_ * 1000003 + message * 131 + calls_++);
}

bool StormModule::spend_time(UINT message) {
    auto random = draw(message);
    // Closing takes long more often, so that each way of being given up is met.
    const std::size_t quick = message == DRV_CLOSE ? 40 : 70;
    const auto what = random.below(100);
    if (dead_) return false;
    if (what < quick) return true;
    if (what < quick + 4) {
        dead_ = confined_;
        return !confined_;
    }
    const auto time = what < quick + 18 ? std::chrono::microseconds(random.below(3000)) : longest;
    std::unique_lock lock(mutex_);
    const auto killed = [&] { return confined_ && (life_->given_up || dead_); };
    life_->killed.wait_for(lock, time, killed);
    const bool late = confined_ && time == longest;  // its deadline has passed
    if (late) dead_ = true;
    return !killed();
}

// ---- messages -----------------------------------------------------------------------------------

core::Answer StormModule::call(const core::Target& target, UINT message, LPARAM, LPARAM) noexcept {
    check_message(target, message);
    const Visit visit(*this, message);
    if (!spend_time(message)) {
        return broken(life_->given_up ? ErrorCode::timed_out : ErrorCode::crashed);
    }
    const bool refuses = draw(message).percent(5) &&
                         (message == DRV_OPEN || message == DRV_CLOSE || message == DRV_LOAD);
    const std::lock_guard lock(mutex_);
    if (message == DRV_OPEN && !refuses) open_.insert(target.hdrvr);
    if (message == DRV_CLOSE && !refuses) open_.erase(target.hdrvr);
    return {refuses ? 0 : 1, nullptr};
}

void StormModule::check_message(const core::Target& target, UINT message) {
    const std::lock_guard lock(mutex_);
    check_stage(message);
    const bool of_instance = message == DRV_OPEN || message == DRV_CLOSE || message == DRV_USER;
    // Who was let in just before a driver was given up is inside when its instance is given back.
    if (life_->given_up) return;
    if (of_instance && !known_.contains(target.hdrvr)) {
        fault(messages::describe(message) + " to an instance that was given back");
    }
    const bool needs_open = message == DRV_CLOSE || message == DRV_USER;
    if (needs_open && !open_.contains(target.hdrvr) && !dead_) {
        fault(messages::describe(message) + " to an instance that is not open");
    }
}

void StormModule::check_stage(UINT message) {
    if (stage_ == Stage::unloaded) return fault(messages::describe(message) + " after unloading");
    if (message == DRV_ENABLE) stage_ = Stage::enabled;
    if (stage_ == Stage::disabled && message != DRV_FREE) {
        fault(messages::describe(message) + " after DRV_DISABLE");
    }
    if (message == DRV_DISABLE) {
        for (const auto& [number, inside] : inside_)
            if (!dead_) fault("DRV_DISABLE beside " + messages::describe(inside.message));
        stage_ = Stage::disabled;
    }
    if (stage_ == Stage::freed) fault(messages::describe(message) + " after DRV_FREE");
    if (message == DRV_FREE) stage_ = Stage::freed;
}

std::shared_ptr<core::InstanceData> StormModule::opening(HDRVR hdrvr, std::string_view) {
    const std::lock_guard lock(mutex_);
    if (!known_.insert(hdrvr).second) fault("an instance is opened twice");
    return nullptr;
}

void StormModule::closed(HDRVR hdrvr) noexcept {
    const std::lock_guard lock(mutex_);
    if (known_.erase(hdrvr) == 0) fault("an instance was given back twice, or never opened");
    open_.erase(hdrvr);
}

bool StormModule::ended_or_given_up() const {
    const std::lock_guard lock(mutex_);
    return life_->given_up || (stage_ == Stage::unloaded && inside_.empty());
}

// ---- loading, unloading, giving up --------------------------------------------------------------

Status StormModule::load(core::LoadUnderWay& under_way) {
    under_way.ended_by([life = life_, &findings = findings_] {
        const std::lock_guard lock(life->mutex);
        life->given_up = true;
        if (life->loading) findings.met(Met::load);
        life->killed.notify_all();
    });
    findings_.begins(*this);  // now that giving up can reach it
    {
        const std::lock_guard lock(mutex_);
        life_->loading = true;
    }
    const bool survived = spend_time(loading_step);
    const std::lock_guard lock(mutex_);
    life_->loading = false;
    if (survived) return {};
    return failure(Error{.code = ErrorCode::crashed, .cause = "made up"});
}

Status StormModule::unload() noexcept {
    {
        const std::lock_guard lock(mutex_);
        if (stage_ == Stage::unloaded) fault("unloaded twice");
        if (!inside_.empty()) fault("unloaded with a call inside");
        stage_ = Stage::unloaded;
    }
    const Visit visit(*this, unloading_step);
    if (spend_time(unloading_step)) return {};
    return failure(Error{.code = ErrorCode::crashed, .cause = "made up"});
}

Met StormModule::met_by(const Inside& inside) const {
    switch (inside.message) {
        case DRV_OPEN: return Met::client_open;
        case DRV_CLOSE: return inside.client ? Met::client_close : Met::closing;
        case DRV_DISABLE: return Met::disabling;
        case DRV_FREE: return Met::freeing;
        case DRV_EXITSESSION: return Met::telling;
        case unloading_step: return Met::unloading;
        default: return Met::client_send;
    }
}

void StormModule::abandon() noexcept {
    const std::lock_guard lock(mutex_);
    life_->given_up = true;
    dead_ = dead_ || confined_;
    if (inside_.empty()) findings_.met(Met::between);
    for (const auto& [number, inside] : inside_)
        findings_.met(met_by(inside));
    life_->killed.notify_all();
}

}  // namespace instdrv::stress
