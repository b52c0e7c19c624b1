#include <instdrv/host.hpp>

#include <cerrno>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <unistd.h>

#include <fmt/format.h>

#include "base/fd.hpp"
#include "catalog/catalog.hpp"
#include "cli/command.hpp"
#include "cli/options.hpp"
#include "cli/report.hpp"
#include "cli/session_commands.hpp"
#include "service/report_json.hpp"
#include "service/session_service.hpp"
#include "session/signals.hpp"

namespace instdrv::cli {
namespace {

struct RunOptions {
    std::vector<std::string> drivers;
    std::filesystem::path config;
    std::filesystem::path report;
    std::filesystem::path trace;
    ExitOptions exit;
    HostOptions host;
    bool json = false;
};

constexpr const char* footer =
    "Opens the named drivers, or all of the configuration, prints a table and stays until "
    "SIGTERM,\n"
    "SIGINT or SIGHUP. Then every driver gets DRV_EXITSESSION while all are still enabled, and "
    "each\n"
    "is closed, disabled, freed and unloaded. A driver that cannot be opened does not keep the\n"
    "others from their session; it makes the exit code 1.\n"
    "\n"
    "Examples:\n"
    "  instdrv run msadp32.acm imaadp32.acm\n"
    "  instdrv run --config system.ini --report exit.json --notify-timeout 500ms\n"
    "  instdrv run --trace session.json msadp32.acm\n"
    "\n"
    "Exit codes: 0 every driver ended well, 1 a driver could not be opened or something else\n"
    "failed, 2 wrong usage, 3 a driver did not end well.";

Result<std::vector<service::DriverRequest>> requests_of(const RunOptions& options) {
    std::vector<service::DriverRequest> requests;
    if (!options.drivers.empty()) {
        for (const auto& name : options.drivers)
            requests.push_back({.name = name, .section = {}});
        return requests;
    }
    const auto catalog = catalog::Catalog::from_file(options.config);
    if (!catalog) return failure(catalog.error());
    for (auto& name : catalog->boot_drivers()) {
        requests.push_back({.name = std::move(name), .section = {}, .load_only = true});
    }
    for (auto& entry : catalog->drivers()) {
        requests.push_back({.name = std::move(entry.alias), .section = std::move(entry.section)});
    }
    return requests;
}

// Found out before any driver is opened, not when its report is due.
Status check_report_file(const std::filesystem::path& report) {
    if (report.empty()) return {};
    auto folder = report.parent_path();
    if (folder.empty()) folder = ".";
    if (access(folder.c_str(), W_OK | X_OK) != 0) {
        return failure(io_error("write the report to", report, errno));
    }
    return {};
}

Status write_report(const std::filesystem::path& file, const nlohmann::json& report) {
    if (file.empty()) return {};
    const auto text = report.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
    return write_file_atomically(file, std::as_bytes(std::span(text)));
}

void print_openings(Console& console, const std::vector<service::DriverOpening>& openings,
                    bool as_json) {
    for (const auto& opening : openings) {
        if (opening.error) complain(console, opening.error->report());
    }
    print(console, opening_table(openings), as_json);
}

bool all_open(const std::vector<service::DriverOpening>& openings) {
    return std::all_of(openings.begin(), openings.end(),
                       [](const auto& o) { return o.succeeded(); });
}

bool none_open(const std::vector<service::DriverOpening>& openings) {
    return std::none_of(openings.begin(), openings.end(),
                        [](const auto& o) { return o.succeeded(); });
}

// Prints what becomes of the session, and works out what the program ends with.
class Printer final : public service::Audience {
public:
    Printer(const RunOptions& options, Console& console) : options_(options), console_(console) {}

    void opened(const std::vector<service::DriverOpening>& openings) override {
        print_openings(console_, openings, options_.json);
        if (!options_.json && !none_open(openings)) {
            fmt::print(console_.out,
                       "\nThe session runs as process {}; SIGTERM or Ctrl-C ends it.\n", getpid());
        }
        std::fflush(console_.out);
    }

    void ended(const ExitReport& report, const session::End& end,
               const std::vector<service::DriverOpening>& openings) override {
        const auto as_json = service::report_json(report, end.announced_by, openings);
        if (options_.json) {
            print(console_, as_json);
        } else {
            fmt::print(console_.out, "\n{} ended the session in {:.1f} ms.\n\n", end.announced_by,
                       service::milliseconds(report.took));
            print(console_, report_table(report), false);
        }
        std::fflush(console_.out);
        const auto written = write_report(options_.report, as_json);
        if (!written) complain(console_, written.error().text());
        const bool complete = written && all_open(openings);
        code_ = !report.ended_well() ? ExitCode::driver_failed
                : complete           ? ExitCode::ok
                                     : ExitCode::failure;
    }

    [[nodiscard]] ExitCode code() const noexcept { return code_; }

private:
    const RunOptions& options_;
    Console& console_;
    ExitCode code_ = ExitCode::failure;
};

ExitCode run(const RunOptions& options, Console& console) {
    if (options.drivers.empty() && options.config.empty()) {
        complain(console,
                 "no driver is named and there is no configuration. Name drivers, or pass --config "
                 "FILE or set INSTDRV_CONFIG.");
        return ExitCode::usage;
    }
    auto signals = session::SignalSource::open();  // before any thread starts
    if (!signals) return fail(console, signals.error());
    if (auto writable = check_report_file(options.report); !writable) {
        return fail(console, writable.error());
    }
    auto requests = requests_of(options);
    if (!requests) return fail(console, requests.error());
    service::SessionOptions session{.requests = std::move(*requests), .exit = options.exit};
    if (!options.trace.empty()) {
        auto trace = service::TraceFile::open(options.trace);
        if (!trace) return fail(console, trace.error());
        session.trace = *std::move(trace);
    }
    const auto trace = session.trace;
    session.host = options.host;
    session.host.configuration = options.config;
    Printer printer(options, console);
    service::SessionService service(std::move(session), printer, console.err);
    service.add(std::move(*signals));
    const auto ran = service.run();
    auto code = ran ? printer.code() : fail(console, ran.error());
    if (trace != nullptr) {
        if (const auto traced = trace->close(); !traced) code = fail(console, traced.error());
    }
    if (service.left_running()) {
        std::fflush(console.out);
        std::fflush(console.err);
        _exit(static_cast<int>(code));
    }
    return code;
}

}  // namespace

void add_run(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<RunOptions>();
    CLI::App* command = app.add_subcommand(run_command.name, run_command.description);
    command->footer(footer);
    command
        ->add_option("driver", options->drivers, "Aliases or files; none: all of the configuration")
        ->type_name("DRIVER");
    add_config(*command, options->config);
    add_placement(*command, options->host);
    add_duration(*command, "--notify-timeout", options->exit.notify_timeout,
                 "Time for all drivers to answer DRV_EXITSESSION");
    add_duration(*command, "--close-timeout", options->exit.close_timeout,
                 "Time for all drivers to be closed, disabled and freed");
    command
        ->add_option_function<std::string>(
            "--report", [options](const std::string& file) { options->report = file; },
            "Write the exit report to this file, as JSON")
        ->type_name("FILE.json");
    command
        ->add_option_function<std::string>(
            "--trace", [options](const std::string& file) { options->trace = file; },
            "Write every message to this file, for Perfetto or chrome://tracing")
        ->type_name("FILE.json");
    add_json(*command, options->json);
    command->callback([options, &invocation] {
        invocation.action = [options](Console& console) { return run(*options, console); };
    });
}

}  // namespace instdrv::cli
