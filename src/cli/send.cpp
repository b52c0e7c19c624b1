#include <instdrv/host.hpp>

#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/options.hpp"
#include "cli/table.hpp"
#include "messages/catalog.hpp"

namespace instdrv::cli {
namespace {

std::string check_message(const std::string& value) {
    const auto number = messages::parse(value);
    if (!number) {
        return fmt::format("'{}' is no message; give a name such as DRV_CONFIGURE or a number",
                           value);
    }
    if (!messages::reserved_for_system(*number)) return {};
    return fmt::format("{} is the system's to send", messages::describe(*number));
}

std::vector<std::string> names_of_messages() {
    std::vector<std::string> names;
    for (const auto& message : messages::all()) {
        if (!messages::reserved_for_system(message.number)) names.emplace_back(message.name);
    }
    return names;
}

constexpr Option parameter(std::string_view name) {
    return {.name = name,
            .value = "NUMBER",
            .help = "Its parameter",
            .check = check_integer,
            .initial = "0"};
}

constexpr Option send_options[] = {
    {.name = "driver", .value = "DRIVER", .help = "Alias or file", .files = true, .required = true},
    {.name = "message",
     .value = "MESSAGE",
     .help = "Name or number",
     .check = check_message,
     .choices = {.names = names_of_messages},
     .required = true},
    parameter("lparam1"),
    parameter("lparam2"),
    config_option,
    in_process_option,
    deadline_option,
    trace_calls_option,
    json_option};

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

ExitCode send(const Arguments& arguments, Console& console) {
    auto settings = host_options(arguments);
    settings.on_notice = [&console](const std::string& line) { complain(console, line); };
    Host host(settings);
    if (!settings.configuration.empty()) {
        if (auto read = host.set_configuration(settings.configuration); !read) {
            return fail(console, read.error());
        }
    }
    auto driver = host.open(arguments.text("driver"));
    if (!driver) return fail_of_driver(console, driver.error());
    const UINT message = messages::parse(arguments.text("message")).value();
    const auto answer = driver->send(message, arguments.number<LPARAM>("lparam1").value(),
                                     arguments.number<LPARAM>("lparam2").value());
    if (!answer) return fail_of_driver(console, answer.error());
    const auto name = messages::describe(message);
    if (arguments.given("--json")) {
        print(console,
              {{"driver", arguments.text("driver")}, {"message", name}, {"answer", *answer}});
    } else {
        fmt::print(console.out, "{}: {}\n", name, *answer);
    }
    if (auto closed = driver->close(); !closed) {
        return fail_of_driver(console, closed.error());
    }
    return ExitCode::ok;
}

}  // namespace

constinit const Command send_command{
    .name = "send",
    .summary = "Sends one message to a driver",
    .description =
        "Opens the driver, sends the message, prints the answer and closes the driver. Parameters "
        "are numbers, decimal or 0x hexadecimal; a message that wants a structure gets a null "
        "pointer. LOAD, ENABLE, OPEN, CLOSE, DISABLE, FREE, EXITSESSION and EXITAPPLICATION are "
        "the system's to send.",
    .examples =
        "instdrv send msadp32.acm DRV_QUERYCONFIGURE\n"
        "instdrv send msvidc32.dll 0x4003 -- -1 0",
    .exit_codes =
        "0 answered and closed, 1 failed, 2 wrong usage, 3 the driver crashed, hung, "
        "ended its process or did what its sandbox does not allow",
    .options = send_options,
    .run = send};

}  // namespace instdrv::cli
