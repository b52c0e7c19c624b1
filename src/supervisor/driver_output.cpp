#include "supervisor/driver_output.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <unistd.h>

#include <fmt/format.h>

#include "base/standard_error.hpp"
#include "base/text.hpp"

namespace instdrv::supervisor {
namespace {

// What print_for_driver begins lines with. The driver's name says more.
constexpr std::string_view layer_mark = "driver: ";

constexpr std::size_t pipe_size = std::size_t{64} << 10;

}  // namespace

// ---- lines --------------------------------------------------------------------------------------

OutputLines::OutputLines(std::string_view driver, std::size_t limit)
    : prefix_(visible(driver) + ": "), limit_(limit) {}

std::vector<std::string> OutputLines::take(std::string_view bytes, Clock::time_point now) {
    std::vector<std::string> out;
    if (now - second_ >= std::chrono::seconds(1)) {
        second_ = now;
        spent_ = 0;
        tell_left_out(out);
    }
    while (!bytes.empty()) {
        const auto end = bytes.find('\n');
        const auto part = bytes.substr(0, std::min(end, longest_line - line_.size()));
        line_ += part;
        bytes.remove_prefix(part.size());
        if (bytes.empty()) break;
        if (part.size() == end) bytes.remove_prefix(1);
        end_line(out);
    }
    return out;
}

std::vector<std::string> OutputLines::finish() {
    std::vector<std::string> out;
    if (!line_.empty()) end_line(out);
    tell_left_out(out);
    return out;
}

void OutputLines::end_line(std::vector<std::string>& out) {
    auto line = std::exchange(line_, {});
    if (line.ends_with('\r')) line.pop_back();
    if (line.starts_with(layer_mark)) line.erase(0, layer_mark.size());
    const auto size = prefix_.size() + line.size() + 1;
    if (size <= limit_ - std::min(spent_, limit_)) {
        spent_ += size;
        out.push_back(prefix_ + visible(line) + "\n");
    } else {
        left_out_ += size;
    }
    last_.push_back(std::move(line));
    if (last_.size() > kept_lines) last_.pop_front();
}

void OutputLines::tell_left_out(std::vector<std::string>& out) {
    if (left_out_ == 0) return;
    out.push_back(fmt::format("{}({} bytes more are left out)\n", prefix_, left_out_));
    left_out_ = 0;
}

std::vector<std::string> OutputLines::last_lines() const {
    std::vector<std::string> lines;
    lines.reserve(last_.size() + 1);
    for (const auto& line : last_)
        lines.push_back(visible(line));
    if (!line_.empty()) lines.push_back(visible(line_));
    return lines;
}

// ---- from a pipe to standard error --------------------------------------------------------------

OutputState DriverOutput::pass_on(const Fd& pipe) {
    const std::lock_guard lock(mutex_);
    return read_and_print(pipe);
}

void DriverOutput::finish(const Fd& pipe) {
    const std::lock_guard lock(mutex_);
    read_and_print(pipe);
    print(lines_.finish());
}

std::vector<std::string> DriverOutput::last_lines() const {
    const std::lock_guard lock(mutex_);
    return lines_.last_lines();
}

OutputState DriverOutput::read_and_print(const Fd& pipe) {
    std::array<char, 4096> bytes{};
    for (std::size_t taken = 0; taken < pipe_size;) {
        const auto count = ::read(pipe.get(), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count == 0 || (count < 0 && errno != EAGAIN)) return OutputState::over;
        if (count < 0) break;
        taken += static_cast<std::size_t>(count);
        print(lines_.take({bytes.data(), static_cast<std::size_t>(count)},
                          OutputLines::Clock::now()));
    }
    return lines_.leaves_out() ? OutputState::crowded : OutputState::open;
}

void DriverOutput::print(const std::vector<std::string>& lines) {
    for (const auto& line : lines) {
        if (!print_without_waiting(line)) lines_.lost(line);
    }
}

}  // namespace instdrv::supervisor
