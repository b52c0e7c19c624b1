// Checks in debug builds whether a driver that was called on a thread of its host changed the
// floating-point control words, with which its host then has to continue. In other builds it does
// nothing: reading MXCSR takes as long as the whole call.
#pragma once

#include <instdrv/messages.h>

#include "image/pe/control_words.hpp"
#include "image/pe/loader.hpp"

namespace instdrv::worker {

#ifdef NDEBUG
class ControlWordCheck {
public:
    void compare(const pe::LoadedImage& /*driver*/, UINT /*message*/) const noexcept {}
};
#else
// Made before the call.
class ControlWordCheck {
public:
    ControlWordCheck() noexcept {
        if (!pe::is_drivers_thread()) before_ = pe::control_words();
    }
    // Says on standard error that they differ. On a thread that is the drivers' they may.
    void compare(const pe::LoadedImage& driver, UINT message) const noexcept;

private:
    pe::ControlWords before_;
};
#endif

}  // namespace instdrv::worker
