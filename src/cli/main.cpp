#include <exception>
#include <string>
#include <vector>

#include "cli/command.hpp"

int main(int argc, char** argv) {
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
