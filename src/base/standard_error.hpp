// Prints lines for people on this process's standard error. Callers learn of no failure: a line
// that cannot be printed (the reader has gone, the disk is full, the stream is closed, there is no
// memory) is left out. [any thread]
#pragma once

#include <string_view>
#include <utility>

#include <fmt/core.h>

namespace instdrv {

// Prints a line as a whole, or not at all: false if printing would have to wait, or the reader has
// gone. A line is cut off at the length that a pipe takes as a whole (PIPE_BUF, 4096 bytes).
bool print_without_waiting(std::string_view line) noexcept;

void print_message_arguments(fmt::string_view format, fmt::format_args arguments) noexcept;

// Prints "instdrv: ", the text and a line feed.
template <class... Arguments>
void print_message(fmt::format_string<Arguments...> format, Arguments&&... arguments) noexcept {
    print_message_arguments(format, fmt::make_format_args(arguments...));
}

}  // namespace instdrv
