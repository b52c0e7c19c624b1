#include "support/command.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace instdrv::test {
namespace {

struct Close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

std::string content_of(const File& file) {
    std::rewind(file.get());
    std::string text;
    char piece[4096];
    while (const auto got = std::fread(piece, 1, sizeof piece, file.get()))
        text.append(piece, got);
    return text;
}

[[noreturn]] void become(const Command& command, const File& out, const File& err) {
    const char* input = command.input.empty() ? "/dev/null" : command.input.c_str();
    ::dup2(::open(input, O_RDONLY), STDIN_FILENO);
    ::dup2(::fileno(out.get()), STDOUT_FILENO);
    ::dup2(::fileno(err.get()), STDERR_FILENO);
    if (!command.folder.empty() && ::chdir(command.folder.c_str()) != 0) std::_Exit(127);
    for (const auto& [name, value] : command.environment)
        ::setenv(name.c_str(), value.c_str(), 1);
    std::vector<char*> arguments;
    for (const auto& argument : command.arguments)
        arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    ::execvp(arguments.front(), arguments.data());
    std::_Exit(127);
}

}  // namespace

CommandResult run(const Command& command) {
    const File out(std::tmpfile());
    const File err(std::tmpfile());
    const pid_t child = ::fork();
    if (child == 0) become(command, out, err);
    int status = 0;
    struct rusage usage {};
    if (child < 0 || ::wait4(child, &status, 0, &usage) != child) return {};
    return {.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status),
            .out = content_of(out),
            .err = content_of(err),
            .peak_kib = usage.ru_maxrss};
}

}  // namespace instdrv::test
