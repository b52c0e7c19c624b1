// Drivers for i386 are left out where the kernel runs no programs for i386: IA-32 emulation may be
// off.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace instdrv::test {

inline constexpr bool runs_i386 = INSTDRV_RUNS_I386 != 0;

// Those of the files that can run here; the ones for i386 are in a folder of that name.
inline std::vector<std::string> that_run_here(std::initializer_list<std::string_view> files) {
    std::vector<std::string> chosen;
    for (const auto file : files) {
        if (runs_i386 || file.find("i386/") == std::string_view::npos) chosen.emplace_back(file);
    }
    return chosen;
}

}  // namespace instdrv::test
