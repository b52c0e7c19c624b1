// Runs one of the programs in this folder under Debian's Wine and returns what it printed, by line.
#pragma once

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <stdio.h>

#include <gtest/gtest.h>

namespace oracle {

// INSTDRV_WINE_PREFIX is the build folder's own prefix; WINEPREFIX in the environment overrides it.
inline std::vector<std::string> lines_under_wine(const std::string& oracle) {
    setenv("WINEPREFIX", INSTDRV_WINE_PREFIX, 0);
    const std::string program = std::string(INSTDRV_ORACLES) + "/" + oracle + ".exe";
    const std::string command = "WINEDEBUG=-all wine '" + program + "' 2>/dev/null";
    struct Close {
        void operator()(FILE* pipe) const { pclose(pipe); }
    };
    const std::unique_ptr<FILE, Close> pipe(popen(command.c_str(), "r"));
    std::vector<std::string> lines;
    std::string line;
    for (int c = getc(pipe.get()); c != EOF; c = getc(pipe.get())) {
        if (c == '\n') {
            lines.push_back(std::move(line));
            line.clear();
        } else if (c != '\r') {
            line.push_back(static_cast<char>(c));
        }
    }
    return lines;
}

}  // namespace oracle
