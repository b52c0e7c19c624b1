#include "process/output.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
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

std::string temporary_file() {
    std::string name = "/tmp/instdrv-test-XXXXXX";
    const int fd = mkstemp(name.data());
    if (fd < 0) throw std::runtime_error("no temporary file");
    close(fd);
    return name;
}

std::string content_of(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

int exit_code_of(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

RunningProgram::RunningProgram(const std::vector<std::string>& command, const std::string& input)
    : err_file_(temporary_file()) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    const auto* from = input.empty() ? "/dev/null" : input.c_str();
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, from, O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err_file_.c_str(), O_WRONLY, 0);
    std::vector<char*> arguments;
    for (const auto& argument : command)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    const int error =
        posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    out_ = ends[0];
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
    close(out_);
    unlink(err_file_.c_str());
}

bool RunningProgram::read_more() {
    char buffer[4096];
    ssize_t got = 0;
    do {
        got = read(out_, buffer, sizeof buffer);
    } while (got < 0 && errno == EINTR);
    if (got <= 0) return false;
    said_.append(buffer, static_cast<std::size_t>(got));
    return true;
}

bool RunningProgram::wait_for_output(const std::string& text) {
    while (said_.find(text) == std::string::npos) {
        if (!read_more()) return false;
    }
    return true;
}

void RunningProgram::wait_for_mapping(const std::string& part) const {
    const auto maps = "/proc/" + std::to_string(pid_) + "/maps";
    while (content_of(maps).find(part) == std::string::npos)
        sched_yield();
}

void RunningProgram::stop_reading() { close(std::exchange(out_, -1)); }

void RunningProgram::signal(int number) const { kill(pid_, number); }

Output RunningProgram::wait() {
    while (read_more()) {
    }
    int status = 0;
    waitpid(pid_, &status, 0);
    pid_ = -1;
    return {exit_code_of(status), said_, content_of(err_file_)};
}

Output run_to_end(const std::vector<std::string>& command, const std::string& input) {
    return RunningProgram(command, input).wait();
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::string line;
    for (const char c : text) {
        if (c == '\n') {
            lines.push_back(std::move(line));
            line.clear();
        } else if (c != '\r') {
            line += c;
        }
    }
    if (!line.empty()) lines.push_back(line);
    return lines;
}

}  // namespace instdrv::test
