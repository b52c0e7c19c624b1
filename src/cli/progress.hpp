// A progress line for terminals, on the error stream.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "cli/console.hpp"

namespace instdrv::cli {

// "sound.wav  42 %  18.3 MB/s  0:03 left"; without a total "sound.wav  12.3 MB  18.3 MB/s".
std::string progress_line(const std::string& label, std::uint64_t done,
                          std::optional<std::uint64_t> total, std::chrono::milliseconds elapsed);

// "18.3 MB", in powers of 1000.
std::string byte_text(double bytes);

// Prints nothing where the error stream is no terminal. The line is gone when the object is.
class Progress {
public:
    Progress(Console& console, std::string label, std::optional<std::uint64_t> total);
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    ~Progress();

    // Cheap: prints some ten times a second at most.
    void update(std::uint64_t done);

private:
    using Clock = std::chrono::steady_clock;
    Console& console_;
    std::string label_;
    std::optional<std::uint64_t> total_;
    Clock::time_point start_ = Clock::now();
    std::optional<Clock::time_point> shown_;  // when the line was printed last
};

}  // namespace instdrv::cli
