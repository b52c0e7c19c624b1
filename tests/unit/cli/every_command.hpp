// Every command of the program with how it is spelt, for tests that hold of all.
#pragma once

#include <string>
#include <vector>

#include "cli/commands.hpp"

namespace instdrv::cli {

struct Spelt {
    const Command* command;
    std::vector<std::string> words;  // after the program's name
    [[nodiscard]] std::string spelling() const {
        std::string text = "instdrv";
        for (const auto& word : words)
            text += " " + word;
        return text;
    }
};

inline void add_commands_below(const Spelt& one, std::vector<Spelt>& all) {
    all.push_back(one);
    for (const auto* command : one.command->commands) {
        auto words = one.words;
        words.emplace_back(command->name);
        add_commands_below({command, words}, all);
    }
}

// The program first, then each command after its group.
inline std::vector<Spelt> every_command() {
    std::vector<Spelt> all;
    add_commands_below({&program_command, {}}, all);
    return all;
}

}  // namespace instdrv::cli
