#include "cli/session_commands.hpp"

namespace instdrv::cli {

void add_session_part(CLI::App& app, Invocation& invocation, std::span<const std::string>) {
    add_run(app, invocation);
    add_remote_commands(app, invocation);
}

}  // namespace instdrv::cli
