#include <instdrv/host.hpp>

#include <memory>
#include <string>

#include <fmt/format.h>

#include "cli/command.hpp"
#include "cli/options.hpp"
#include "cli/report.hpp"
#include "messages/catalog.hpp"

namespace instdrv::cli {
namespace {

struct SendOptions {
    std::string driver;
    UINT message = 0;
    LPARAM lparam1 = 0;
    LPARAM lparam2 = 0;
    std::filesystem::path config;
    HostOptions host;
    bool json = false;
};

constexpr const char* footer =
    "Opens the driver, sends the message, prints the answer and closes the driver. Parameters are\n"
    "numbers, decimal or 0x hexadecimal; a message that wants a structure gets a null pointer.\n"
    "LOAD, ENABLE, OPEN, CLOSE, DISABLE, FREE, EXITSESSION and EXITAPPLICATION are the system's "
    "to\n"
    "send.\n"
    "\n"
    "Examples:\n"
    "  instdrv send msadp32.acm DRV_QUERYCONFIGURE\n"
    "  instdrv send msvidc32.dll 0x4003 -- -1 0\n"
    "\n"
    "Exit codes: 0 answered and closed, 1 failed, 2 wrong usage, 3 the driver crashed, hung, "
    "ended\n"
    "its process or did what its sandbox does not allow.";

ExitCode fail_of_driver(Console& console, const Error& error) {
    const ExitCode code = fail(console, error);
    if (error.crash != nullptr) return ExitCode::driver_failed;
    switch (error.code) {
        case ErrorCode::timed_out:
        case ErrorCode::broken:
        case ErrorCode::crashed:
        case ErrorCode::denied:
        case ErrorCode::exited: return ExitCode::driver_failed;
        default: return code;
    }
}

ExitCode send(const SendOptions& options, Console& console) {
    auto host_options = options.host;
    host_options.on_notice = [&console](const std::string& line) { complain(console, line); };
    Host host(host_options);
    if (!options.config.empty()) {
        if (auto read = host.set_configuration(options.config); !read) {
            return fail(console, read.error());
        }
    }
    auto driver = host.open(options.driver);
    if (!driver) return fail_of_driver(console, driver.error());
    const auto answer = driver->send(options.message, options.lparam1, options.lparam2);
    if (!answer) return fail_of_driver(console, answer.error());
    const auto name = messages::describe(options.message);
    if (options.json) {
        print(console, {{"driver", options.driver}, {"message", name}, {"answer", *answer}});
    } else {
        fmt::print(console.out, "{}: {}\n", name, *answer);
    }
    if (auto closed = driver->close(); !closed) {
        return fail_of_driver(console, closed.error());
    }
    return ExitCode::ok;
}

UINT message_of(const std::string& text) {
    const auto number = messages::parse(text);
    if (!number) {
        throw CLI::ValidationError(
            "message",
            fmt::format("'{}' is no message; give a name such as DRV_CONFIGURE or a number", text));
    }
    if (messages::reserved_for_system(*number)) {
        throw CLI::ValidationError(
            "message", fmt::format("{} is the system's to send", messages::describe(*number)));
    }
    return *number;
}

LPARAM parameter_of(const std::string& text) {
    if (const auto number = parse_integer(text)) return static_cast<LPARAM>(*number);
    throw CLI::ValidationError("parameter",
                               fmt::format("'{}' is no number; write it as 5, -1 or 0x1F", text));
}

CLI::Option* add_parameter(CLI::App& app, const char* name, LPARAM& target) {
    const auto store = [&target](const std::string& text) { target = parameter_of(text); };
    return app.add_option_function<std::string>(name, store, "Its parameter; 0 if not given")
        ->type_name("NUMBER");
}

}  // namespace

void add_send(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<SendOptions>();
    CLI::App* command = app.add_subcommand("send", "Sends one message to a driver");
    command->footer(footer);
    command->add_option("driver", options->driver, "Alias or file")
        ->type_name("DRIVER")
        ->required();
    command
        ->add_option_function<std::string>(
            "message", [options](const std::string& text) { options->message = message_of(text); },
            "Name or number")
        ->type_name("MESSAGE")
        ->required();
    add_parameter(*command, "lparam1", options->lparam1);
    add_parameter(*command, "lparam2", options->lparam2);
    add_config(*command, options->config);
    add_placement(*command, options->host);
    add_json(*command, options->json);
    command->callback([options, &invocation] {
        invocation.action = [options](Console& console) { return send(*options, console); };
    });
}

}  // namespace instdrv::cli
