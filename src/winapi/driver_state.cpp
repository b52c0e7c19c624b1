#include "winapi/driver_state.hpp"

#include <utility>

#include "winapi/advapi32/registry_store.hpp"
#include "winapi/crt/stream.hpp"
#include "winapi/process.hpp"
#include "winapi/profiles.hpp"

namespace instdrv::winapi {

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

void DriverState::flush_streams() const { crt::Stream::flush_of(*this); }

void DriverState::settle() {
    crt::Stream::close_of(*this);
    profiles_->fold_all();
    const std::lock_guard lock(mutex_);
    // What could not be written anew is in the journal still.
    if (registry_ != nullptr) (void)registry_->fold();
}

}  // namespace instdrv::winapi
