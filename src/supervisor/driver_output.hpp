// Passes what a worker prints on to this process's standard error: line by line, each begun with
// the driver's name, without escape sequences, and no more than people can read. A driver that
// prints without end costs this process some copying and no memory.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.hpp"

namespace instdrv::supervisor {

// Splits bytes into lines. Pure: the caller passes the time.
class OutputLines {
public:
    using Clock = std::chrono::steady_clock;

    static constexpr std::size_t longest_line = 512;  // bytes; longer ones become several lines
    static constexpr std::size_t most_per_second = std::size_t{32} << 10;  // bytes, names included
    static constexpr std::size_t no_limit = SIZE_MAX;
    static constexpr std::size_t kept_lines = 16;  // for the report of the worker's death

    // `driver`: what lines begin with. `limit`: bytes that are printed in a second.
    explicit OutputLines(std::string_view driver, std::size_t limit = most_per_second);

    // The lines to print now, each with its line feed. What is over the measure is left out; how
    // much is said once there is room again.
    std::vector<std::string> take(std::string_view bytes, Clock::time_point now);
    // The same for what waits for a line feed, and for what was left out.
    std::vector<std::string> finish();
    // A line that take() gave out could not be printed.
    void lost(const std::string& line) noexcept { left_out_ += line.size(); }

    // The last lines, printed or left out, oldest first.
    [[nodiscard]] std::vector<std::string> last_lines() const;
    // Has there been more in this second than is shown? What comes next is left out as well.
    [[nodiscard]] bool leaves_out() const noexcept { return left_out_ > 0; }

private:
    void end_line(std::vector<std::string>& out);
    void tell_left_out(std::vector<std::string>& out);

    std::string prefix_;
    std::string line_;  // what has come of the next one
    std::deque<std::string> last_;
    Clock::time_point second_{};  // when it began
    std::size_t limit_;           // bytes a second
    std::size_t spent_ = 0;       // of it
    std::size_t left_out_ = 0;    // bytes
};

// The state of a worker's output after everything that had come was read.
enum class OutputState {
    open,
    crowded,  // open, and what comes next is left out: there is no hurry to read it
    over,     // nothing will come any more
};

// [any thread]
class DriverOutput {
public:
    explicit DriverOutput(std::string_view driver, std::size_t limit = OutputLines::most_per_second)
        : lines_(driver, limit) {}

    // Prints what has come through `pipe`, at most what a pipe holds at a time. Never waits,
    // neither for the worker nor for standard error: lines that it does not take are left out. An
    // invalid pipe is one that has ended.
    OutputState pass_on(const Fd& pipe);
    // Prints the rest of a worker that ends or is to be ended.
    void finish(const Fd& pipe);
    [[nodiscard]] std::vector<std::string> last_lines() const;

private:
    OutputState read_and_print(const Fd& pipe);
    void print(const std::vector<std::string>& lines);

    mutable std::mutex mutex_;
    OutputLines lines_;
};

}  // namespace instdrv::supervisor
