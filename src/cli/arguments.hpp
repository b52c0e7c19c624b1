// The arguments of a command, after they were parsed and checked.
#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace instdrv::cli {

struct Command;

// Options are asked for by the names that the command's data has for them; any other name is a
// mistake of the caller's, and throws std::logic_error.
class Arguments {
public:
    // `words`: the whole command line, without the program's name.
    Arguments(const Command& command, std::vector<std::string> words);

    // The parser's: what was given to `option`, in order; of a switch any value.
    void set(std::string_view option, std::vector<std::string> values);

    [[nodiscard]] const Command& command() const noexcept { return *command_; }
    [[nodiscard]] const std::vector<std::string>& words() const noexcept { return words_; }

    // On the command line or by the environment.
    [[nodiscard]] bool given(std::string_view option) const { return !values(option).empty(); }
    // All that was given, in order.
    [[nodiscard]] const std::vector<std::string>& values(std::string_view option) const;
    // The value, else the one the option has initially, else an empty text.
    [[nodiscard]] std::string text(std::string_view option) const;
    // The same of an option whose check allows nothing but durations, or numbers that Number holds.
    // Nothing where the text is empty.
    [[nodiscard]] std::optional<std::chrono::milliseconds> duration(std::string_view option) const;
    template <std::integral Number>
    [[nodiscard]] std::optional<Number> number(std::string_view option) const {
        const auto value = integer(option);
        return value ? std::optional(static_cast<Number>(*value)) : std::nullopt;
    }

private:
    [[nodiscard]] std::size_t index_of(std::string_view option) const;
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view option) const;

    const Command* command_;
    std::vector<std::string> words_;
    std::vector<std::vector<std::string>> values_;  // of each option of the command
};

}  // namespace instdrv::cli
