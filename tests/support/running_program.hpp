// A program that runs while the test does something with it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <stdio.h>
#include <sys/types.h>

#include "support/command.hpp"

namespace instdrv::test {

// Killed when destroyed. Its standard input is empty.
class RunningProgram {
public:
    explicit RunningProgram(const std::vector<std::string>& command);
    ~RunningProgram();
    RunningProgram(const RunningProgram&) = delete;
    RunningProgram& operator=(const RunningProgram&) = delete;

    // Waits until the standard output has said `text`. False: it ended before.
    bool wait_for_output(const std::string& text);
    // Waits until the program has mapped a file whose path has `part` in it.
    void wait_for_mapping(const std::string& part) const;
    void signal(int number) const;
    [[nodiscard]] pid_t id() const noexcept { return pid_; }
    // Closes the reading end of its standard output.
    void stop_reading();
    // Waits for the end and returns everything it said, with what wait_for_output has read.
    CommandResult wait();

private:
    struct Close {
        void operator()(FILE* file) const noexcept { fclose(file); }
    };

    bool read_more();
    [[nodiscard]] std::string errors() const;

    pid_t pid_ = -1;
    int out_ = -1;
    std::unique_ptr<FILE, Close> err_;
    std::string said_;
};

}  // namespace instdrv::test
