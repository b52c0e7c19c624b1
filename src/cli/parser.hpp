// Parses the words of the command line into a command and its arguments. Only its source uses
// CLI11.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "cli/arguments.hpp"
#include "cli/command.hpp"

namespace instdrv::cli {

struct Request {
    enum class Kind { carry_out, help, version, mistake };

    Kind kind = Kind::mistake;
    const Command* command = nullptr;    // the innermost that was named
    std::string spelling;                // all that were: "instdrv acm convert"
    std::optional<Arguments> arguments;  // to carry out
    std::string mistake;                 // what is wrong with the words, and what may be meant
};

// `program` has been named already; `words` are what comes after.
Request parse(const Command& program, std::span<const std::string> words);

}  // namespace instdrv::cli
