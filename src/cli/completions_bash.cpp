#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/completions.hpp"
#include "cli/help.hpp"

namespace instdrv::cli {
namespace {

// Which command is being completed, and how many arguments of it are there. Bash takes "=" for a
// word of its own, so that "--config=a" is three.
constexpr std::string_view beginning =
    R"(# bash completion for instdrv, made by `instdrv completions bash`
_instdrv() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= place=0 i
    if [[ $word == = ]]; then
        word=
    elif [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD-2]}
    fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        case $command:${COMP_WORDS[i]} in
)";

constexpr std::string_view after_commands = R"(            *:-*)
                if _instdrv_takes_value "${COMP_WORDS[i]}"; then
                    [[ ${COMP_WORDS[i+1]} == = ]] && ((++i))
                    ((++i))
                fi ;;
            *) ((++place)) ;;
        esac
    done
    COMPREPLY=()
    if _instdrv_takes_value "$before"; then
        case $command:$before in
)";

constexpr std::string_view after_values = R"(        esac
        return
    fi
    if [[ $word == -* ]]; then
        case $command in
)";

constexpr std::string_view after_options = R"(        esac
        return
    fi
    case $command:$place in
)";

constexpr std::string_view script_end = R"(    esac
}
_instdrv_words() {
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word")
}
_instdrv_files() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
}
complete -F _instdrv instdrv
)";

std::string pattern(std::string_view command, std::string_view rest) {
    return command.empty() ? fmt::format(":{}", rest)
                           : fmt::format("{}:{}", shell_quoted(command), rest);
}

std::string branch(int depth, const std::string& when, const std::string& what) {
    return fmt::format("{:{}}{}) {} ;;\n", "", depth * 4, when, what);
}

// What completes its value; nothing for one that cannot be known.
std::string words_of(const Option& option) {
    if (option.choices.names != nullptr) {
        return fmt::format("_instdrv_words {}",
                           shell_quoted(fmt::format("{}", fmt::join(option.choices.names(), " "))));
    }
    return option.files ? "_instdrv_files" : "";
}

std::string subcommands(const std::vector<Placed>& all) {
    std::string text;
    for (const auto& [command, path] : all) {
        for (const auto* one : command->commands) {
            const auto within =
                path.empty() ? std::string(one->name) : fmt::format("{} {}", path, one->name);
            text += branch(3, pattern(path, one->name), "command=" + shell_quoted(within));
        }
    }
    return text;
}

std::string values(const std::vector<Placed>& all) {
    std::string text;
    for (const auto& [command, path] : all) {
        for (const auto& option : options_of(*command)) {
            if (const auto how = words_of(option); !option.is_switch() && !how.empty())
                text += branch(3, pattern(path, option.name), how);
        }
    }
    return text;
}

std::string options(const std::vector<Placed>& all) {
    std::string text;
    for (const auto& [command, path] : all) {
        std::vector<std::string_view> names;
        for (const auto& option : options_of(*command))
            names.push_back(option.name);
        text += branch(3, shell_quoted(path),
                       fmt::format("_instdrv_words '{}'", fmt::join(names, " ")));
    }
    return text;
}

std::string arguments(const std::vector<Placed>& all) {
    std::string text;
    for (const auto& [command, path] : all) {
        std::vector<std::string_view> names;
        for (const auto* one : command->commands)
            names.push_back(one->name);
        if (!names.empty()) {
            text += branch(2, pattern(path, "0"),
                           fmt::format("_instdrv_words '{}'", fmt::join(names, " ")));
        }
        int place = 0;
        for (const auto& argument : arguments_of(*command)) {
            const auto where = argument.repeated ? std::string("*") : std::to_string(place++);
            if (const auto how = words_of(argument); !how.empty())
                text += branch(2, pattern(path, where), how);
        }
    }
    return text;
}

std::string takes_value(const std::vector<Placed>& all) {
    std::vector<std::string_view> names;
    for (const auto& one : all) {
        for (const auto& option : options_of(*one.command)) {
            if (!option.is_switch() && std::ranges::find(names, option.name) == names.end())
                names.push_back(option.name);
        }
    }
    return fmt::format("_instdrv_takes_value() {{\n    [[ $1 == @({}) ]]\n}}\n",
                       fmt::join(names, "|"));
}

}  // namespace

std::string bash_completions() {
    const auto all = placed_commands();
    std::string text(beginning);
    text += subcommands(all);
    text += after_commands;
    text += values(all);
    text += after_values;
    text += options(all);
    text += after_options;
    text += arguments(all);
    text += script_end;
    return text + takes_value(all);
}

}  // namespace instdrv::cli
