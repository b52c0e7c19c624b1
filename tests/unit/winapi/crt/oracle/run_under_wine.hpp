// Runs one of the programs in this folder under Debian's Wine and returns what it printed, by line.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "support/command.hpp"

namespace oracle {

inline std::vector<std::string> lines_under_wine(const std::string& name) {
    const auto result =
        instdrv::test::run({.arguments = {"wine", INSTDRV_ORACLES "/" + name + ".exe"},
                            .environment = {{"WINEPREFIX", INSTDRV_WINE_PREFIX},
                                            {"WINEDEBUG", "-all"},
                                            {"WINEDLLOVERRIDES", "mscoree,mshtml="}}});
    std::istringstream stream(result.out);
    std::vector<std::string> lines;
    for (std::string line; std::getline(stream, line);) {
        if (line.ends_with('\r')) line.pop_back();
        lines.push_back(line);
    }
    return lines;
}

}  // namespace oracle
