#include <vector>

#include "winapi/dlls.hpp"
#include "winapi/winmm/topics.hpp"

namespace instdrv::winapi {

const Dll& winmm_dll() {
    static constexpr Dll dll{
        "winmm.dll", [] {
            static const std::vector<Export> all =
                joined({winmm::driver_exports(), winmm::joystick_exports(), winmm::mci_exports(),
                        winmm::midi_exports(), winmm::mixer_exports(), winmm::mmio_exports(),
                        winmm::sound_exports(), winmm::timer_exports(), winmm::wave_exports()});
            return std::span<const Export>(all);
        }};
    return dll;
}

}  // namespace instdrv::winapi
