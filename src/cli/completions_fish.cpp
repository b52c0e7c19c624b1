#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/completions.hpp"
#include "cli/help.hpp"

namespace instdrv::cli {
namespace {

std::string line_of(const std::string& path, const std::string& what) {
    return fmt::format("complete -c instdrv -n \"test (__instdrv_command) = '{}'\" {}\n", path,
                       what);
}

// A function that says which command is being completed.
std::string finder(const std::vector<Placed>& all) {
    std::string text =
        "function __instdrv_command\n"
        "    set -l command ''\n"
        "    for word in (commandline -opc)\n"
        "        switch \"$command:$word\"\n";
    for (const auto& [command, path] : all) {
        for (const auto* one : command->commands) {
            text +=
                fmt::format("            case '{0}:{1}'\n                set command '{2}{1}'\n",
                            path, one->name, path.empty() ? "" : path + " ");
        }
    }
    return text +
           "        end\n"
           "    end\n"
           "    echo $command\n"
           "end\n";
}

std::string choices_of(const Option& option) {
    return shell_quoted(fmt::format("{}", fmt::join(option.choices.names(), " ")));
}

std::string described(const Option& option) {
    std::string text = option.letter.empty() ? "" : fmt::format("-s {} ", option.letter.substr(1));
    text += fmt::format("-l {}", option.name.substr(2));
    if (option.choices.names != nullptr) {
        text += " -x -a " + choices_of(option);
    } else if (!option.is_switch()) {
        text += option.files ? " -r -F" : " -x";
    }
    return fmt::format("{} -d {}", text, shell_quoted(option.help));
}

}  // namespace

std::string fish_completions() {
    const auto all = placed_commands();
    std::string text = "# fish completion for instdrv, made by `instdrv completions fish`\n";
    text += finder(all) + "complete -c instdrv -f\n";
    for (const auto& [command, path] : all) {
        for (const auto* one : command->commands)
            text +=
                line_of(path, fmt::format("-a {} -d {}", one->name, shell_quoted(one->summary)));
        for (const auto& option : options_of(*command))
            text += line_of(path, described(option));
        for (const auto& argument : arguments_of(*command)) {
            if (argument.choices.names != nullptr) {
                text += line_of(path, "-a " + choices_of(argument));
            } else if (argument.files) {
                text += line_of(path, "-F");
            }
        }
    }
    return text;
}

}  // namespace instdrv::cli
