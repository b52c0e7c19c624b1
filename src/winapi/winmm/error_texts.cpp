#include "winapi/winmm/error_texts.hpp"

#include <array>

namespace instdrv::winapi::winmm {

std::string_view error_text(MMRESULT result) noexcept {
    // By number, from MMSYSERR_NOERROR on.
    static constexpr std::array<std::string_view, 21> general = {
        "The command was carried out.",
        "The device had an error of its own.",
        "There is no device of this number.",
        "The driver could not be enabled.",
        "The device is in use already.",
        "The handle of the device is not valid.",
        "No driver is installed for this.",
        "There is not enough memory.",
        "The driver does not support this.",
        "There is no error of this number.",
        "A flag was not valid.",
        "A parameter was not valid.",
        "The handle is in use by another thread.",
        "There is no alias of this name.",
        "The registry is damaged.",
        "The registry key was not found.",
        "The registry could not be read.",
        "The registry could not be written.",
        "The registry entry could not be deleted.",
        "The registry value was not found.",
        "The driver did not call back.",
    };
    static constexpr std::array<std::string_view, 4> wave = {
        "The device does not support this format.",
        "The device is still playing or recording.",
        "The header of a buffer was not prepared.",
        "The device must be opened for synchronous use.",
    };
    constexpr MMRESULT wave_base = 32;
    if (result < general.size()) return general[result];
    if (result >= wave_base && result - wave_base < wave.size()) return wave[result - wave_base];
    return {};
}

}  // namespace instdrv::winapi::winmm
