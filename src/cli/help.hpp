// Prints what --help shows.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "cli/command.hpp"

namespace instdrv::cli {

// Of a command, no line wider than 80 columns. spelling: "instdrv acm convert".
std::string help_text(const Command& command, const std::string& spelling);

// ---- parts that manual pages have as well -------------------------------------------------------

// "[OPTIONS] driver message [lparam1] [lparam2]": what comes after the command's name.
std::string usage_of(const Command& command);
// "-h, --help", "--config FILE", "driver DRIVER".
std::string label_of(const Option& option);
// What the option is for, with its default, its variable and its choices.
std::string explanation_of(const Option& option);
// Its options, those that it has without naming them first; its arguments are not among them.
std::vector<Option> options_of(const Command& command);
std::vector<Option> arguments_of(const Command& command);
// "0 done, 1 failed, ..."
std::string_view exit_codes_of(const Command& command);

// A piece of a command's description: prose in one line, or lines that stay as they are.
struct Paragraph {
    std::string text;
    bool literal = false;
};
std::vector<Paragraph> paragraphs_of(std::string_view description);

// The lines of a text that is broken at blanks; a word that is wider than `width` has one alone.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

}  // namespace instdrv::cli
