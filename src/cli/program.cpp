#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/parser.hpp"

namespace instdrv::cli {
namespace {

ExitCode answer(const Request& request, Console& console) {
    switch (request.kind) {
        case Request::Kind::help:
            fmt::print(console.out, "{}", help_text(*request.command, request.spelling));
            return ExitCode::ok;
        case Request::Kind::version:
            fmt::print(console.out, "instdrv {}\n", INSTDRV_VERSION);
            return ExitCode::ok;
        case Request::Kind::carry_out: return request.command->run(*request.arguments, console);
        case Request::Kind::mistake: break;
    }
    complain(console, visible(request.mistake));  // of words that may be names of files
    print_to_stderr(console, fmt::format("Run `{} --help` for what it takes.", request.spelling));
    return ExitCode::usage;
}

// What a command prints is why it was run: lost, it has failed, unless something worse is to be
// said. A reader that has gone, as `head` does, has all that it wanted.
ExitCode check_output(ExitCode code, Console& console, int error) {
    if (error == 0 && std::fflush(console.out) != 0) error = errno;
    if (error == 0 && std::ferror(console.out) == 0) return code;
    if (error != EPIPE) {
        complain(console, error == 0 ? "the output could not be written in full"
                                     : io_error("write the output", {}, error).text());
    }
    return code == ExitCode::ok ? ExitCode::failure : code;
}

}  // namespace

void complain(Console& console, const std::string& text) {
    std::string shown;  // of several lines, where it is the report of a crash
    for (std::string_view rest = text; !rest.empty();) {
        const auto line = rest.substr(0, rest.find('\n'));
        shown += (shown.empty() ? "" : "\n") + visible(line);
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    }
    print_to_stderr(console, painted("instdrv:", Tone::bad, console.err_colour) + " " + shown);
}

ExitCode fail(Console& console, const Error& error) {
    complain(console, error.report());
    return ExitCode::failure;
}

ExitCode run_program(std::span<const std::string> words, Console& console) {
    const auto request = parse(program_command, words);
    try {
        return check_output(answer(request, console), console, 0);
    } catch (const std::system_error& error) {  // of fmt::print
        if (std::ferror(console.out) == 0) throw;
        return check_output(ExitCode::failure, console, error.code().value());
    }
}

}  // namespace instdrv::cli
