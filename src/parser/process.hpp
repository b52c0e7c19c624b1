// One parser process, from its start to its end.
#pragma once

#include <instdrv/error.hpp>

#include <chrono>
#include <csignal>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/fd.hpp"
#include "parser/protocol.hpp"
#include "supervisor/child_process.hpp"

namespace instdrv::parser {

// Anything but an answer is the end of it: after an Error it is not to be asked again.
class Process {
public:
    using Clock = std::chrono::steady_clock;

    // Starts the program, confined. It has nothing of this process's but a socket and a pipe.
    static Result<Process> start(const std::filesystem::path& program, Clock::time_point deadline);
    Process(Process&& other) noexcept
        : child_(std::exchange(other.child_, std::nullopt)),
          answers_(other.answers_),
          is_confined_(other.is_confined_) {}
    Process& operator=(Process&&) = delete;
    // Kills and reaps it.
    ~Process();

    // The bytes of the answer, at most largest_answer.
    Result<std::vector<std::byte>> ask(Question question, const Fd& file,
                                       Clock::time_point deadline);
    // Kills it and says that it did not keep to the rules.
    Error broke_the_rules();
    [[nodiscard]] int answers() const noexcept { return answers_; }

private:
    explicit Process(supervisor::ChildProcess child) : child_(std::move(child)) {}
    Status confine(Clock::time_point deadline);
    Status send(std::span<const std::byte> packet);
    // A packet, at most as long as there is room; never an empty one.
    Result<std::size_t> receive(std::span<std::byte> room, Clock::time_point deadline);
    // It has closed its socket: how it ended.
    Error ended();
    // It has not answered in time, and is killed.
    Error late();
    // Kills it, unless it ends by itself within `patience`, and reaps it.
    siginfo_t stop(std::chrono::milliseconds patience);

    std::optional<supervisor::ChildProcess> child_;  // nothing: it was reaped
    int answers_ = 0;
    bool is_confined_ = false;
    std::string
        said_;  // the first line of what it printed before: the dynamic linker's, or its own
};

}  // namespace instdrv::parser
