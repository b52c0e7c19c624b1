// Windows programs under Wine, in a prefix of the benchmarks' own: what they start and stop is not
// the Wine that the user runs.
#pragma once

#include <cstdlib>
#include <string>
#include <tuple>

#include <fmt/format.h>

namespace instdrv::bench {

// The shell command that runs a Windows program, with its arguments.
inline std::string under_wine(const std::string& program) {
    return fmt::format("WINEPREFIX='{}' WINEDEBUG=-all wine {} 2>/dev/null", WINE_PREFIX, program);
}

// Ends Wine's server and waits until it is gone.
inline void stop_wine() {
    const auto command = fmt::format(
        "export WINEPREFIX='{}'; wineserver -k >/dev/null 2>&1; wineserver -w >/dev/null 2>&1",
        WINE_PREFIX);
    std::ignore = std::system(command.c_str());  // no server is as good as one that ended
}

}  // namespace instdrv::bench
