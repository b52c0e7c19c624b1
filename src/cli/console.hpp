// The output streams of a command, and what it may assume of them.
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <cstdio>
#include <string_view>

namespace instdrv::cli {

enum class Tone { plain, strong, good, bad, warning, faint };

struct Console {
    std::FILE* out = stdout;    // results: tables, JSON, answers
    std::FILE* err = stderr;    // everything else: errors, progress
    bool out_colour = false;    // escape sequences are welcome on `out`
    bool err_colour = false;    // and on `err`
    bool err_terminal = false;  // a progress line on `err` makes sense
    std::size_t width = 0;      // columns of the terminal behind `out`; 0: no limit

    // The process's standard streams: colour only on a terminal that is not "dumb", and never when
    // NO_COLOR is set and not empty (https://no-color.org).
    static Console standard();
};

// Writes a line to the error stream. Where it cannot be written, it is left out: it changes neither
// what the program does nor what it ends with.
void print_to_stderr(Console& console, std::string_view line) noexcept;

// The text within the escape sequences of a tone; unchanged where colour is false.
std::string painted(std::string_view text, Tone tone, bool colour);

}  // namespace instdrv::cli
