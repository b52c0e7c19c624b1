#include "cli/manual.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/completions.hpp"
#include "cli/help.hpp"

namespace instdrv::cli {
namespace {

// Text as roff takes it: hyphens that may be copied, no backslash that means anything, and no
// request at the start of a line.
std::string roff(std::string_view text) {
    std::string result;
    bool at_start = true;
    for (const char c : text) {
        if (at_start && (c == '.' || c == '\'')) result += "\\&";
        at_start = c == '\n';
        switch (c) {
            case '-': result += "\\-"; break;
            case '\\': result += "\\e"; break;
            case '`': result += "\\(ga"; break;
            default: result += c;
        }
    }
    return result;
}

std::string bold(std::string_view text) { return "\\fB" + roff(text) + "\\fR"; }
std::string italic(std::string_view text) { return "\\fI" + roff(text) + "\\fR"; }

std::string capitals(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return text;
}

std::string literal(const std::string& text) { return ".PP\n.nf\n" + roff(text) + "\n.fi\n"; }

std::string synopsis(const Command& command, const std::string& path) {
    const auto name = path.empty() ? "instdrv" : "instdrv " + path;
    return fmt::format(".SH SYNOPSIS\n.B {}\n{}\n", roff(name), roff(usage_of(command)));
}

std::string description_section(const Command& command) {
    std::string text = fmt::format(".SH DESCRIPTION\n{}.\n", roff(command.summary));
    for (const auto& paragraph : paragraphs_of(command.description))
        text += paragraph.literal ? literal(paragraph.text) : ".PP\n" + roff(paragraph.text) + "\n";
    return text;
}

std::string label(const Option& option) {
    if (option.is_argument()) return italic(option.name);
    auto text = bold(option.name);
    if (!option.letter.empty()) text = bold(option.letter) + ", " + text;
    return option.is_switch() ? text : text + " " + italic(option.value);
}

std::string section_of(std::string_view title, const std::vector<Option>& options) {
    if (options.empty()) return {};
    std::string text = fmt::format(".SH {}\n", title);
    for (const auto& option : options)
        text += fmt::format(".TP\n{}\n{}.\n", label(option), roff(explanation_of(option)));
    return text;
}

std::string subcommands(const Command& command, const std::string& path) {
    if (command.commands.empty()) return {};
    std::string text = ".SH SUBCOMMANDS\n";
    for (const auto* one : command.commands) {
        const auto page = page_name(path.empty() ? std::string(one->name)
                                                 : fmt::format("{} {}", path, one->name));
        text += fmt::format(".TP\n{}\n{}; see {}(1).\n", bold(one->name), roff(one->summary),
                            bold(page));
    }
    return text;
}

std::string examples_section(const Command& command) {
    if (command.examples.empty()) return {};
    return ".SH EXAMPLES\n" + literal(std::string(command.examples));
}

ExitCode write_page(const std::filesystem::path& folder, const Placed& one, Console& console) {
    const auto file = folder / (page_name(one.path) + ".1");
    std::ofstream out(file, std::ios::binary);
    out << manual_page(*one.command, one.path) << std::flush;
    return out ? ExitCode::ok : fail(console, io_error("write", file, errno));
}

ExitCode write_pages(const std::filesystem::path& folder, Console& console) {
    for (const auto& one : placed_commands()) {
        if (const auto code = write_page(folder, one, console); code != ExitCode::ok) return code;
    }
    return ExitCode::ok;
}

std::string names_of(const std::vector<Placed>& all) {
    std::string names;
    for (const auto& one : all) {
        if (!one.path.empty()) names += (names.empty() ? "" : ", ") + one.path;
    }
    return names;
}

ExitCode manual(const Arguments& arguments, Console& console) {
    if (arguments.given("--into")) return write_pages(arguments.text("--into"), console);
    const auto path = fmt::format("{}", fmt::join(arguments.values("command"), " "));
    const auto all = placed_commands();
    const auto found = std::ranges::find(all, path, &Placed::path);
    if (found == all.end()) {
        complain(console,
                 fmt::format("there is no command '{}'; there are {}", path, names_of(all)));
        return ExitCode::usage;
    }
    fmt::print(console.out, "{}", manual_page(*found->command, path));
    return ExitCode::ok;
}

constexpr Option manual_options[] = {
    {.name = "command",
     .value = "COMMAND",
     .help = "Whose page it is, such as acm convert; none: the program's own",
     .repeated = true},
    {.name = "--into",
     .value = "FOLDER",
     .help = "Write all pages into this folder",
     .files = true}};

}  // namespace

std::string manual_page(const Command& command, const std::string& path) {
    const auto name = page_name(path);
    std::string text = fmt::format(".TH {} 1 \"\" \"instdrv {}\" \"User Commands\"\n",
                                   roff(capitals(name)), INSTDRV_VERSION);
    auto summary = std::string(command.summary);
    summary[0] = ascii_lower(summary[0]);
    text += fmt::format(".SH NAME\n{} \\- {}\n", roff(name), roff(summary));
    text += synopsis(command, path) + description_section(command);
    text += subcommands(command, path);
    text += section_of("ARGUMENTS", arguments_of(command));
    text += section_of("OPTIONS", options_of(command));
    text += fmt::format(".SH \"EXIT STATUS\"\n{}.\n", roff(exit_codes_of(command)));
    text += examples_section(command);
    if (!path.empty()) text += ".SH \"SEE ALSO\"\n.BR instdrv (1)\n";
    return text;
}

std::string page_name(const std::string& path) {
    std::string name = path.empty() ? "instdrv" : "instdrv-" + path;
    std::ranges::replace(name, ' ', '-');
    return name;
}

constinit const Command manual_command{
    .name = "manual",
    .summary = "Prints the manual page of a command",
    .description = "An installed instdrv has installed all of them.",
    .examples = "instdrv manual acm convert | man -l -",
    .options = manual_options,
    .run = manual};

}  // namespace instdrv::cli
