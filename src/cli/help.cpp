#include "cli/help.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/table.hpp"

namespace instdrv::cli {
namespace {

constexpr std::size_t help_width = 80;
constexpr std::size_t explanation_column = 30;

// "  --json                      Print JSON instead of a table"
std::string entry(const std::string& label, std::string_view explanation) {
    std::string text = "  " + label;
    std::size_t column = display_width(text);
    if (column + 2 > explanation_column) {
        text += '\n';
        column = 0;
    }
    for (const auto& line : wrapped(explanation, help_width - explanation_column)) {
        text += std::string(explanation_column - column, ' ') + line + '\n';
        column = 0;
    }
    return text;
}

std::string entries(std::string_view title, const std::vector<Option>& options) {
    if (options.empty()) return {};
    std::string text = fmt::format("\n{}:\n", title);
    for (const auto& option : options)
        text += entry(label_of(option), explanation_of(option));
    return text;
}

std::string subcommands(const Command& command) {
    if (command.commands.empty()) return {};
    std::string text = "\nSubcommands:\n";
    for (const auto* one : command.commands)
        text += entry(std::string(one->name), one->summary);
    return text;
}

std::string filled(std::string_view text) {
    return fmt::format("{}\n", fmt::join(wrapped(text, help_width), "\n"));
}

std::string description(const Command& command) {
    std::string text;
    for (const auto& [paragraph, literal] : paragraphs_of(command.description))
        text += "\n" + (literal ? paragraph + "\n" : filled(paragraph));
    return text;
}

std::string examples(const Command& command) {
    if (command.examples.empty()) return {};
    std::string text = "\nExamples:\n";
    for (const auto& line : split(command.examples, "\n"))
        text += "  " + line + "\n";
    return text;
}

std::vector<Option> chosen_of(const Command& command, bool arguments) {
    std::vector<Option> chosen;
    std::ranges::copy_if(command.options, std::back_inserter(chosen),
                         [&](const Option& option) { return option.is_argument() == arguments; });
    return chosen;
}

}  // namespace

std::string help_text(const Command& command, const std::string& spelling) {
    std::string text = filled(std::string(command.summary) + ".");
    const auto usage = wrapped(usage_of(command), help_width - 8 - spelling.size());
    const std::string indent(8 + spelling.size(), ' ');
    text += fmt::format("\nUsage: {} {}\n", spelling, fmt::join(usage, "\n" + indent));
    text += entries("Arguments", arguments_of(command));
    text += entries("Options", options_of(command));
    text += subcommands(command) + description(command) + examples(command);
    return text + "\n" + filled(fmt::format("Exit codes: {}.", exit_codes_of(command)));
}

std::string usage_of(const Command& command) {
    std::string usage = "[OPTIONS]";
    for (const auto& option : options_of(command)) {
        if (option.required) usage += fmt::format(" {} {}", option.name, option.value);
    }
    for (const auto& option : arguments_of(command)) {
        const auto name = fmt::format("{}{}", option.name, option.repeated ? "..." : "");
        usage += option.required ? " " + name : " [" + name + "]";
    }
    return command.commands.empty() ? usage : usage + " SUBCOMMAND";
}

std::string label_of(const Option& option) {
    std::string label(option.letter);
    if (!label.empty()) label += ", ";
    label += option.name;
    return option.is_switch() ? label : fmt::format("{} {}", label, option.value);
}

std::string explanation_of(const Option& option) {
    std::string text(option.help);
    if (option.required && !option.is_argument()) text += "; required";
    if (!option.initial.empty()) text += fmt::format("; {} if not given", option.initial);
    if (!option.environment.empty()) text += fmt::format("; else ${} does", option.environment);
    if (option.choices.in_help)
        text += fmt::format(": {}", fmt::join(option.choices.names(), ", "));
    return text;
}

std::vector<Option> options_of(const Command& command) {
    std::vector<Option> options{help_option};
    if (&command == &program_command) options.push_back(version_option);
    std::ranges::copy(chosen_of(command, false), std::back_inserter(options));
    return options;
}

std::vector<Option> arguments_of(const Command& command) { return chosen_of(command, true); }

std::string_view exit_codes_of(const Command& command) {
    return command.exit_codes.empty() ? "0 done, 1 failed, 2 wrong usage" : command.exit_codes;
}

std::vector<Paragraph> paragraphs_of(std::string_view description) {
    std::vector<Paragraph> paragraphs;
    while (!description.empty()) {
        const auto end = std::min(description.find("\n\n"), description.size());
        const auto text = description.substr(0, end);
        paragraphs.push_back({std::string(text), text.starts_with(' ')});
        description.remove_prefix(std::min(end + 2, description.size()));
    }
    return paragraphs;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
    std::vector<std::string> lines;
    for (const auto& word : split(text, " \n")) {
        const bool fits =
            !lines.empty() && display_width(lines.back()) + 1 + display_width(word) <= columns;
        if (fits) {
            lines.back() += " " + word;
        } else {
            lines.push_back(word);
        }
    }
    return lines;
}

}  // namespace instdrv::cli
