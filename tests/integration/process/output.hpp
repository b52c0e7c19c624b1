// Other programs, run by tests.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace instdrv::test {

struct Output {
    int exit_code = -1;  // 128 + the signal, as in a shell, where one ended it
    std::string out;
    std::string err;
};

// Runs a program (looked for in PATH) until it ends, with `input` (a file; empty: nothing) as its
// standard input.
Output run_to_end(const std::vector<std::string>& command, const std::string& input = {});

// A program that runs while the test does something with it. Killed when destroyed.
class RunningProgram {
public:
    explicit RunningProgram(const std::vector<std::string>& command, const std::string& input = {});
    ~RunningProgram();
    RunningProgram(const RunningProgram&) = delete;
    RunningProgram& operator=(const RunningProgram&) = delete;

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    // Waits until the standard output has said `text`. False: it ended before.
    bool wait_for_output(const std::string& text);
    // Waits until the program has mapped a file whose path has `part` in it.
    void wait_for_mapping(const std::string& part) const;
    void signal(int number) const;
    // Closes the reading end of its standard output.
    void stop_reading();
    // Waits for the end and returns everything it said, with what wait_for_output has read.
    Output wait();

private:
    bool read_more();

    pid_t pid_ = -1;
    int out_ = -1;
    std::string err_file_;
    std::string said_;
};

std::vector<std::string> lines_of(const std::string& text);

}  // namespace instdrv::test
