// Upper and lower case of single UTF-16 units: of letters that are each other's other case. Those
// whose other case is two letters, or has another one itself (the sharp s, the long s, the dotless
// i, the final sigma), have none.
#pragma once

#include <string_view>

namespace instdrv::winapi {

char16_t upper_case(char16_t c) noexcept;
char16_t lower_case(char16_t c) noexcept;

// <0, 0, >0. Letters compare by the alphabet first; where that is equal, and case is not ignored,
// lower case comes before upper case, as in Windows' word sort.
int compare_text(std::u16string_view a, std::u16string_view b, bool ignore_case) noexcept;

}  // namespace instdrv::winapi
