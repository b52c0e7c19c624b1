#include "cli/progress.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

namespace instdrv::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto between_prints = 100ms;
constexpr auto before_rate_is_known = 500ms;
constexpr const char* clear_line = "\r\x1b[K";

std::string minutes(double seconds) {
    const auto whole = std::llround(seconds);
    return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace

std::string byte_text(double bytes) {
    constexpr std::array<const char*, 5> units = {"B", "kB", "MB", "GB", "TB"};
    std::size_t unit = 0;
    while (bytes >= 999.95 && unit + 1 < units.size()) {
        bytes /= 1000;
        ++unit;
    }
    return unit == 0 ? fmt::format("{:.0f} B", bytes)
                     : fmt::format("{:.1f} {}", bytes, units[unit]);
}

std::string progress_line(const std::string& label, std::uint64_t done,
                          std::optional<std::uint64_t> total, std::chrono::milliseconds elapsed) {
    const auto bytes = static_cast<double>(done);
    const bool known = total && *total > 0;
    std::string line = label + "  ";
    line += known ? fmt::format("{} %", std::min<std::uint64_t>(100, done * 100 / *total))
                  : byte_text(bytes);
    if (elapsed < before_rate_is_known || done == 0) return line;
    const double rate = bytes * 1000 / static_cast<double>(elapsed.count());
    line += fmt::format("  {}/s", byte_text(rate));
    if (known && done < *total) {
        line += fmt::format("  {} left", minutes(static_cast<double>(*total - done) / rate));
    }
    return line;
}

Progress::Progress(Console& console, std::string label, std::optional<std::uint64_t> total)
    : console_(console), label_(std::move(label)), total_(total) {}

Progress::~Progress() {
    if (!shown_) return;
    (void)std::fputs(clear_line, console_.err);
    (void)std::fflush(console_.err);
}

void Progress::update(std::uint64_t done) {
    if (!console_.err_terminal) return;
    const auto now = Clock::now();
    if (shown_ && now - *shown_ < between_prints) return;
    shown_ = now;
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - start_);
    const auto line = clear_line + progress_line(label_, done, total_, elapsed);
    (void)std::fputs(line.c_str(), console_.err);
    (void)std::fflush(console_.err);
}

}  // namespace instdrv::cli
