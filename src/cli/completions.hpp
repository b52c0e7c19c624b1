// Writes the scripts with which shells complete instdrv's command line, from the commands' data.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

namespace instdrv::cli {

// For bash 4 and later, zsh's _arguments, and fish.
std::string bash_completions();
std::string zsh_completions();
std::string fish_completions();

// ---- what they are made of ----------------------------------------------------------------------

// A command with the names that lead to it: "acm convert"; the program itself has none.
struct Placed {
    const Command* command;
    std::string path;
};

// Every command, the program first, a group before its members.
std::vector<Placed> placed_commands();

// 'text' as one word to a shell.
std::string shell_quoted(std::string_view text);

}  // namespace instdrv::cli
