#include "cli/console.hpp"

#include <cstdlib>
#include <string>

#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

namespace instdrv::cli {
namespace {

bool colour_allowed() {
    const char* no_color = std::getenv("NO_COLOR");
    const char* term = std::getenv("TERM");
    const bool refused = no_color != nullptr && *no_color != '\0';
    return !refused && term != nullptr && std::string_view(term) != "dumb";
}

std::size_t columns_of(int fd) {
    winsize size{};
    if (isatty(fd) == 0 || ioctl(fd, TIOCGWINSZ, &size) != 0) return 0;
    return size.ws_col;
}

std::string_view escape_of(Tone tone) {
    switch (tone) {
        case Tone::plain: return "";
        case Tone::strong: return "\x1b[1m";
        case Tone::good: return "\x1b[32m";
        case Tone::bad: return "\x1b[31m";
        case Tone::warning: return "\x1b[33m";
        case Tone::faint: return "\x1b[2m";
    }
    return "";
}

}  // namespace

Console Console::standard() {
    Console console;
    const bool colour = colour_allowed();
    console.err_terminal = isatty(STDERR_FILENO) != 0;
    console.out_colour = colour && isatty(STDOUT_FILENO) != 0;
    console.err_colour = colour && console.err_terminal;
    console.width = columns_of(STDOUT_FILENO);
    return console;
}

void print_to_stderr(Console& console, std::string_view line) noexcept {
    (void)std::fwrite(line.data(), 1, line.size(), console.err);
    (void)std::fputc('\n', console.err);
}

std::string painted(std::string_view text, Tone tone, bool colour) {
    if (!colour || tone == Tone::plain || text.empty()) return std::string(text);
    return fmt::format("{}{}\x1b[0m", escape_of(tone), text);
}

}  // namespace instdrv::cli
