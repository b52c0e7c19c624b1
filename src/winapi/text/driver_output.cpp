#include "winapi/text/driver_output.hpp"

#include <string>

#include <unistd.h>

#include "base/fd.hpp"

namespace instdrv::winapi {

void print_for_driver(std::string_view text) {
    std::string lines;
    while (!text.empty()) {
        const auto end = text.find('\n');
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines += "driver: ";
        lines += line;
        lines += '\n';
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    print_lines(lines);
}

void print_lines(std::string_view lines) {
    // Nobody can be told that standard error does not take it.
    (void)write_all(STDERR_FILENO, std::as_bytes(std::span(lines)), "standard error");
}

}  // namespace instdrv::winapi
