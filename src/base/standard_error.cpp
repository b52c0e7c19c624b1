#include "base/standard_error.hpp"

#include <cerrno>
#include <climits>
#include <exception>
#include <iterator>

#include <poll.h>
#include <unistd.h>

#include <fmt/format.h>

namespace instdrv {

bool print_without_waiting(std::string_view line) noexcept {
    line = line.substr(0, PIPE_BUF);
    // There is room for all of it where there is room for some. Where nobody reads any more
    // (POLLERR), writing would raise SIGPIPE.
    pollfd error{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
    if (::poll(&error, 1, 0) != 1 || error.revents != POLLOUT) return false;
    while (!line.empty()) {
        const auto written = ::write(STDERR_FILENO, line.data(), line.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        line.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

void print_message_arguments(fmt::string_view format, fmt::format_args arguments) noexcept {
    try {
        fmt::memory_buffer line;
        fmt::format_to(std::back_inserter(line), "instdrv: ");
        fmt::vformat_to(std::back_inserter(line), format, arguments);
        if (line.size() >= PIPE_BUF) line.resize(PIPE_BUF - 1);
        line.push_back('\n');
        print_without_waiting({line.data(), line.size()});
    } catch (const std::exception&) {
        // No memory for it.
    }
}

}  // namespace instdrv
