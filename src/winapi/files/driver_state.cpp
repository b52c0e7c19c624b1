#include "winapi/files/driver_state.hpp"

#include <utility>

#include "winapi/files/profiles.hpp"
#include "winapi/process/process.hpp"
#include "winapi/registry/store.hpp"

namespace instdrv::winapi {
namespace {

constinit DriverState::Streams streams_in_use{.flush = [](const DriverState&) {},
                                              .close = [](const DriverState&) {}};

}  // namespace

DriverState::DriverState(std::filesystem::path folder, std::uint64_t limit)
    : folder_(std::move(folder)),
      room_(std::make_shared<StateRoom>(folder_, limit)),
      profiles_(std::make_unique<OpenProfiles>(*room_)) {}

DriverState::~DriverState() { settle(); }

DriverState* DriverState::current() noexcept {
    const DriverContext* const context = current_context();
    return context == nullptr ? nullptr : context->state;
}

std::shared_ptr<registry::Store> DriverState::registry() {
    const std::lock_guard lock(mutex_);
    if (registry_ == nullptr) registry_ = std::make_shared<registry::Store>(folder_, room_);
    return registry_;
}

void DriverState::use_streams(const Streams& streams) noexcept { streams_in_use = streams; }

void DriverState::flush_streams() const { streams_in_use.flush(*this); }

void DriverState::settle() {
    streams_in_use.close(*this);
    profiles_->fold_all();
    const std::lock_guard lock(mutex_);
    // What could not be written anew is in the journal still.
    if (registry_ != nullptr) (void)registry_->fold();
}

}  // namespace instdrv::winapi
