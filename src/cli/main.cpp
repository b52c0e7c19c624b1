#include <csignal>
#include <exception>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include "cli/command.hpp"

// What is opened later must not take the place of a stream that is closed, where this program and
// its workers write. Opened the wrong way round, it fails as a closed one does.
static void keep_standard_streams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (fcntl(stream, F_GETFD) >= 0) continue;
        if (open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY) != stream) _exit(1);
    }
}

int main(int argc, char** argv) {
    keep_standard_streams();
    // A reader that has gone and a limit of file sizes are errors like a full disk.
    for (const int signal : {SIGPIPE, SIGXFSZ})
        std::signal(signal, SIG_IGN);
    auto console = instdrv::cli::Console::standard();
    try {
        const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
        return static_cast<int>(instdrv::cli::run_program(arguments, console));
    } catch (
        const std::exception& error) {  // a broken invariant or no memory: say so, do not abort
        instdrv::cli::complain(console, error.what());
        return static_cast<int>(instdrv::cli::ExitCode::failure);
    }
}
