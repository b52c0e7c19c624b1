// The session's commands, where another program carries them out.
#include <cerrno>
#include <vector>

#include <unistd.h>

#include "base/fd.hpp"
#include "cli/session_commands.hpp"
#include "supervisor/worker_loader.hpp"

namespace instdrv::cli {
namespace {

// Becomes that program. Returns only if it cannot.
ExitCode become(std::span<const std::string> arguments, Console& console) {
    const auto program = supervisor::own_program("instdrv-session");
    std::vector<std::string> words{"instdrv"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    for (auto& word : words)
        pointers.push_back(word.data());
    pointers.push_back(nullptr);
    ::execv(program.c_str(), pointers.data());
    Error error = io_error("start", program, errno);
    error.advice = "It is installed with instdrv, in the same folder as its worker programs";
    return fail(console, error);
}

}  // namespace

void add_session_part(CLI::App& app, Invocation& invocation,
                      std::span<const std::string> arguments) {
    for (const auto& [name, description] :
         {run_command, status_command, drill_command, exit_session_command}) {
        CLI::App* command = app.add_subcommand(name, description);
        command->set_help_flag();
        command->prefix_command();
        command->callback([arguments, &invocation] {
            invocation.action = [arguments](Console& console) {
                return become(arguments, console);
            };
        });
    }
}

}  // namespace instdrv::cli
