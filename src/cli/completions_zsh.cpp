#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/completions.hpp"
#include "cli/help.hpp"

namespace instdrv::cli {
namespace {

std::string function_name(const std::string& path) {
    std::string name = path.empty() ? "_instdrv" : "_instdrv_" + path;
    std::ranges::replace(name, ' ', '_');
    std::ranges::replace(name, '-', '_');
    return name;
}

// What means something to _arguments, without its meaning.
std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) {
        if (c == '[' || c == ']' || c == ':' || c == '\\') result += '\\';
        result += c;
    }
    return result;
}

// What completes a value: "_files", "(bash zsh fish)", or a blank for what cannot be known.
std::string action_of(const Option& option) {
    if (option.choices.names != nullptr)
        return fmt::format("({})", fmt::join(option.choices.names(), " "));
    return option.files ? "_files" : " ";
}

// "'--config=[The system.ini ...]:FILE:_files'"
std::string specification(const Option& option) {
    const auto help = escaped(option.help);
    if (option.is_switch() && !option.letter.empty()) {
        return fmt::format("'({0} {1})'{{{0},{1}}}{2}", option.letter, option.name,
                           shell_quoted("[" + help + "]"));
    }
    if (option.is_switch()) return shell_quoted(fmt::format("{}[{}]", option.name, help));
    return shell_quoted(
        fmt::format("{}=[{}]:{}:{}", option.name, help, escaped(option.value), action_of(option)));
}

std::string specification(const Option& argument, std::size_t place) {
    const auto where = argument.repeated ? std::string("*") : std::to_string(place);
    const char* const optional = argument.required || argument.repeated ? "" : ":";
    return shell_quoted(
        fmt::format("{}:{}{}:{}", where, optional, argument.name, action_of(argument)));
}

std::string function_of(const Placed& one) {
    std::vector<std::string> lines;
    for (const auto& option : options_of(*one.command))
        lines.push_back(specification(option));
    for (const auto& argument : arguments_of(*one.command))
        lines.push_back(
            specification(argument, lines.size() - options_of(*one.command).size() + 1));
    return fmt::format("{}() {{\n    _arguments -S \\\n        {}\n}}\n", function_name(one.path),
                       fmt::join(lines, " \\\n        "));
}

std::string function_of_group(const Placed& one) {
    std::vector<std::string> options, names;
    for (const auto& option : options_of(*one.command))
        options.push_back(specification(option));
    std::string branches;
    for (const auto* command : one.command->commands) {
        names.push_back(
            shell_quoted(fmt::format("{}:{}", command->name, escaped(command->summary))));
        const auto path = one.path.empty() ? std::string(command->name)
                                           : fmt::format("{} {}", one.path, command->name);
        branches += fmt::format("            {}) {} ;;\n", command->name, function_name(path));
    }
    return fmt::format(R"({}() {{
    local curcontext=$curcontext state line
    local -A opt_args
    local -a commands=(
        {}
    )
    _arguments -C -S \
        {} \
        '(-): :->command' \
        '(-)*:: :->arguments'
    case $state in
        command) _describe -t commands subcommand commands ;;
        arguments) case $words[1] in
{}        esac ;;
    esac
}}
)",
                       function_name(one.path), fmt::join(names, "\n        "),
                       fmt::join(options, " \\\n        "), branches);
}

}  // namespace

std::string zsh_completions() {
    std::string text = "#compdef instdrv\n# Made by `instdrv completions zsh`.\n";
    for (const auto& one : placed_commands())
        text += one.command->commands.empty() ? function_of(one) : function_of_group(one);
    return text + R"(if [[ $funcstack[1] == _instdrv ]]; then
    _instdrv "$@"
else
    compdef _instdrv instdrv
fi
)";
}

}  // namespace instdrv::cli
