// The texts of the multimedia results, for waveOutGetErrorText and its relatives.
#pragma once

#include <algorithm>
#include <string_view>

#include "winapi/winmm/results.hpp"

namespace instdrv::winapi::winmm {

std::string_view error_text(MMRESULT result) noexcept;  // empty: not a known result

template <class Char>
MMRESULT give_error_text(MMRESULT result, Char* buffer, UINT room) {
    const std::string_view text = error_text(result);
    if (text.empty()) return MMSYSERR_BADERRNUM;
    if (buffer == nullptr) return MMSYSERR_INVALPARAM;
    if (room == 0) return MMSYSERR_NOERROR;
    *std::copy_n(text.begin(), std::min<std::size_t>(text.size(), room - 1), buffer) = 0;
    return MMSYSERR_NOERROR;
}

}  // namespace instdrv::winapi::winmm
