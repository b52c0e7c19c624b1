#include "cli/parser.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "base/suggestion.hpp"
#include "cli/help.hpp"
#include "cli/options.hpp"

namespace instdrv::cli {
namespace {

const Command* find_command(std::span<const Command* const> commands, std::string_view name) {
    const auto found = std::ranges::find(commands, name, [](const auto* c) { return c->name; });
    return found == commands.end() ? nullptr : *found;
}

std::vector<std::string> names_of(std::span<const Command* const> commands) {
    std::vector<std::string> names;
    for (const auto* command : commands)
        names.emplace_back(command->name);
    return names;
}

std::vector<std::string> names_of_options(const Command& command) {
    std::vector<std::string> names;
    for (const auto& option : options_of(command))
        names.emplace_back(option.name);
    return names;
}

// ---- what CLI11 is handed -----------------------------------------------------------------------

std::string checked(const Option& option, const std::string& value) {
    auto wrong = option.check(value);
    if (wrong.empty() || option.choices.names == nullptr) return wrong;
    return wrong + did_you_mean(value, option.choices.names());
}

void add_option(CLI::App& app, const Option& option) {
    const std::string name(option.name);
    if (option.is_switch()) {
        app.add_flag(name)->take_last();
        return;
    }
    CLI::Option* added = app.add_option(name)->required(option.required);
    added->type_name(std::string(option.value));
    if (option.repeated) added->expected(CLI::detail::expected_max_vector_size);
    if (!option.environment.empty()) added->envname(std::string(option.environment));
    if (option.check != nullptr)
        added->check([&option](const std::string& value) { return checked(option, value); }, "");
}

// Where a command of a group is named next, that is all that is needed: making the options of the
// others takes longer than understanding it.
void add_command(CLI::App& app, const Command& command, std::span<const std::string> words) {
    for (const auto& option : command.options)
        add_option(app, option);
    if (command.commands.empty()) return;
    app.require_subcommand(1);
    const auto* const named =
        words.empty() ? nullptr : find_command(command.commands, words.front());
    for (const auto* one : command.commands) {
        if (named != nullptr && one != named) continue;
        add_command(*app.add_subcommand(std::string(one->name), ""), *one,
                    named != nullptr ? words.subspan(1) : std::span<const std::string>{});
    }
}

// ---- what it makes of the words -----------------------------------------------------------------

// A command that was named, as both sides know it.
struct Named {
    const CLI::App* app;
    const Command* command;
    std::string spelling;
};

// From the program to the innermost.
std::vector<Named> named_commands(const CLI::App& app, const Command& program) {
    std::vector<Named> named{{&app, &program, std::string(program.name)}};
    for (;;) {
        const auto chosen = named.back().app->get_subcommands();
        if (chosen.empty()) return named;
        const CLI::App* next = chosen.front();
        named.push_back({next, find_command(named.back().command->commands, next->get_name()),
                         named.back().spelling + " " + next->get_name()});
    }
}

Arguments arguments_of(const Named& named, std::span<const std::string> words) {
    Arguments arguments(*named.command, {words.begin(), words.end()});
    for (const auto& option : named.command->options)
        arguments.set(option.name, named.app->get_option(std::string(option.name))->results());
    return arguments;
}

std::string unknown_option(const Named& named, const std::string& word) {
    const auto name = word.substr(0, word.find('='));
    return fmt::format("'{}' is no option of {}{}", name, named.spelling,
                       did_you_mean(name, names_of_options(*named.command)));
}

// CLI11 says that a subcommand or an argument is required where one was misspelt.
std::string cause_of(const std::vector<Named>& all, const CLI::ParseError& error) {
    for (const auto& named : all) {
        const auto unknown = named.app->remaining();
        const auto option = std::ranges::find_if(
            unknown, [](const auto& word) { return word.size() > 1 && word.starts_with('-'); });
        if (option != unknown.end()) return unknown_option(named, *option);
        const bool is_group = !named.command->commands.empty();
        if (is_group && !unknown.empty()) {
            return fmt::format("'{}' is no subcommand{}", unknown.front(),
                               did_you_mean(unknown.front(), names_of(named.command->commands)));
        }
    }
    return error.what();
}

}  // namespace

Request parse(const Command& program, std::span<const std::string> words) {
    CLI::App app("", std::string(program.name));
    app.set_version_flag(std::string(version_option.name), "");
    add_command(app, program, words);
    Request request;
    const auto finish = [&](Request::Kind kind) -> const Named {
        auto innermost = named_commands(app, program).back();
        request.kind = kind;
        request.command = innermost.command;
        request.spelling = innermost.spelling;
        return innermost;
    };
    try {
        std::vector<std::string> reversed(words.rbegin(), words.rend());  // as CLI11 wants them
        app.parse(reversed);
        request.arguments = arguments_of(finish(Request::Kind::carry_out), words);
    } catch (const CLI::CallForHelp&) {
        finish(Request::Kind::help);
    } catch (const CLI::CallForVersion&) {
        finish(Request::Kind::version);
    } catch (const CLI::ParseError& error) {
        finish(Request::Kind::mistake);
        request.mistake = cause_of(named_commands(app, program), error);
    }
    return request;
}

}  // namespace instdrv::cli
