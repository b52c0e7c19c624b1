#include "cli/completions.hpp"

#include <fmt/format.h>

#include "cli/commands.hpp"

namespace instdrv::cli {
namespace {

struct Shell {
    std::string_view name;
    std::string (*script)();
};
constexpr Shell shells[] = {
    {"bash", bash_completions}, {"zsh", zsh_completions}, {"fish", fish_completions}};

const Shell* find_shell(std::string_view name) {
    for (const auto& shell : shells) {
        if (shell.name == name) return &shell;
    }
    return nullptr;
}

std::string check_shell(const std::string& value) {
    if (find_shell(value) != nullptr) return {};
    return fmt::format("'{}' is no shell that instdrv knows; give bash, zsh or fish", value);
}

std::vector<std::string> names_of_shells() {
    std::vector<std::string> names;
    for (const auto& shell : shells)
        names.emplace_back(shell.name);
    return names;
}

constexpr Option completions_options[] = {{.name = "shell",
                                           .value = "SHELL",
                                           .help = "Whose script it is",
                                           .check = check_shell,
                                           .choices = {.names = names_of_shells, .in_help = true},
                                           .required = true}};

ExitCode print_script(const Arguments& arguments, Console& console) {
    fmt::print(console.out, "{}", find_shell(arguments.text("shell"))->script());
    return ExitCode::ok;
}

void place(const Placed& one, std::vector<Placed>& all) {
    all.push_back(one);
    for (const auto* command : one.command->commands) {
        const std::string before = one.path.empty() ? "" : one.path + " ";
        place({command, before + std::string(command->name)}, all);
    }
}

}  // namespace

std::vector<Placed> placed_commands() {
    std::vector<Placed> all;
    place({&program_command, ""}, all);
    return all;
}

std::string shell_quoted(std::string_view text) {
    std::string word = "'";
    for (const char c : text) {
        if (c == '\'') {
            word += "'\\''";
        } else {
            word += c;
        }
    }
    return word + "'";
}

constinit const Command completions_command{
    .name = "completions",
    .summary = "Prints the script with which a shell completes instdrv",
    .description = "An installed instdrv has installed them where the shells look.",
    .examples = "source <(instdrv completions bash)",
    .options = completions_options,
    .run = print_script};

}  // namespace instdrv::cli
