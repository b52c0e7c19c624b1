// Other programs, run by tests.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace instdrv::test {

struct CommandResult {
    int status = -1;  // as the shell has it: 128 + the signal's number for a killed program
    std::string out;
    std::string err;
    long peak_kib = 0;  // most memory it had resident
};

struct Command {
    std::vector<std::string> arguments;  // the program first, looked for in PATH
    std::filesystem::path folder;        // to run in; empty: here
    std::filesystem::path input;         // standard input; empty: /dev/null
    std::vector<std::pair<std::string, std::string>> environment;  // added to what is there
};

// Runs to the end. Output goes through files, so that a program's children that live on keep nobody
// waiting.
CommandResult run(const Command& command);

}  // namespace instdrv::test
