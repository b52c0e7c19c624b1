#include "support/running_program.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <utility>

#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace instdrv::test {
namespace {

std::vector<char*> argument_list(const std::vector<std::string>& command) {
    std::vector<char*> arguments;
    for (const auto& argument : command)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    return arguments;
}

}  // namespace

RunningProgram::RunningProgram(const std::vector<std::string>& command) : err_(tmpfile()) {
    std::array<int, 2> ends{};
    if (!err_ || pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("no files left");
    out_ = ends[0];
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, fileno(err_.get()), STDERR_FILENO);
    auto arguments = argument_list(command);
    const int error =
        posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    if (error != 0) {
        close(out_);
        throw std::runtime_error("cannot run " + command[0]);
    }
}

RunningProgram::~RunningProgram() {
    if (pid_ > 0) {
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    if (out_ >= 0) close(out_);
}

bool RunningProgram::read_more() {
    std::array<char, 4096> buffer{};
    ssize_t got = 0;
    do {
        got = read(out_, buffer.data(), buffer.size());
    } while (got < 0 && errno == EINTR);
    if (got <= 0) return false;
    said_.append(buffer.data(), static_cast<std::size_t>(got));
    return true;
}

std::string RunningProgram::errors() const {
    std::rewind(err_.get());
    std::string text;
    for (int c = fgetc(err_.get()); c != EOF; c = fgetc(err_.get()))
        text += static_cast<char>(c);
    return text;
}

bool RunningProgram::wait_for_output(const std::string& text) {
    while (said_.find(text) == std::string::npos) {
        if (!read_more()) return false;
    }
    return true;
}

void RunningProgram::wait_for_mapping(const std::string& part) const {
    for (;;) {
        std::ifstream maps("/proc/" + std::to_string(pid_) + "/maps");
        const std::string text(std::istreambuf_iterator<char>(maps), {});
        if (text.find(part) != std::string::npos) return;
        sched_yield();
    }
}

void RunningProgram::signal(int number) const { kill(pid_, number); }

void RunningProgram::stop_reading() { close(std::exchange(out_, -1)); }

CommandResult RunningProgram::wait() {
    while (read_more()) {
    }
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return {.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status),
            .out = said_,
            .err = errors()};
}

}  // namespace instdrv::test
