// An option or an argument of a command, as data. The parser, --help, the manual pages and the
// shells' completions all use this data.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace instdrv::cli {

// What is wrong with a value that was given, for whoever gave it; empty where nothing is. See
// checks.hpp.
using Check = std::string (*)(const std::string& value);

// The values that have names. A check may allow others beside them, such as numbers.
struct Choices {
    std::vector<std::string> (*names)() = nullptr;
    bool in_help = false;  // few enough for --help to list them
};

struct Option {
    std::string_view name;       // "--rate"; without dashes it is an argument, known by its place
    std::string_view letter{};   // "-h"; mostly none
    std::string_view value{};    // what its value is called: "NUMBER"; empty: a switch, without one
    std::string_view help{};     // a phrase, without a full stop
    Check check = nullptr;       // null: any value will do
    std::string_view initial{};  // taken where none is given, and shown; empty: see Arguments
    std::string_view
        environment{};  // the variable that gives a value where the command line does not
    Choices choices{};
    bool files = false;  // its value may be the name of a file, which shells complete
    bool required = false;
    bool repeated = false;  // an argument that takes all that is left

    [[nodiscard]] constexpr bool is_argument() const noexcept { return !name.starts_with('-'); }
    [[nodiscard]] constexpr bool is_switch() const noexcept { return value.empty(); }
};

}  // namespace instdrv::cli
