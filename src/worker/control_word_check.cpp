#include "worker/control_word_check.hpp"

#ifndef NDEBUG
#include "base/standard_error.hpp"

namespace instdrv::worker {

void ControlWordCheck::compare(const pe::LoadedImage& driver, UINT message) const noexcept {
    if (pe::is_drivers_thread()) return;
    const auto after = pe::control_words();
    if (after == before_) return;
    print_message(
        "{} returned from message {:#x} with changed floating-point control words: "
        "x87 {:#06x}, was {:#06x}; MXCSR {:#06x}, was {:#06x}",
        driver.file().filename().string(), message, after.x87, before_.x87, after.mxcsr,
        before_.mxcsr);
}

}  // namespace instdrv::worker
#endif
