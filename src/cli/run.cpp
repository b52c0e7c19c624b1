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
#include "cli/opening.hpp"
#include "cli/options.hpp"
#include "cli/report.hpp"
#include "session/signals.hpp"

namespace instdrv::cli {
namespace {

struct RunOptions {
    std::vector<std::string> drivers;
    std::filesystem::path config;
    std::filesystem::path report;
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
    "\n"
    "Exit codes: 0 every driver ended well, 1 a driver could not be opened or something else\n"
    "failed, 2 wrong usage, 3 a driver did not end well.";

Result<std::vector<DriverRequest>> requests_of(const RunOptions& options) {
    std::vector<DriverRequest> requests;
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

void print_openings(Console& console, const std::vector<DriverOpening>& openings, bool as_json) {
    for (const auto& opening : openings) {
        if (opening.error) complain(console, opening.error->text());
    }
    print(console, opening_table(openings), as_json);
}

bool all_open(const std::vector<DriverOpening>& openings) {
    return std::all_of(openings.begin(), openings.end(),
                       [](const auto& o) { return o.succeeded(); });
}

bool none_open(const std::vector<DriverOpening>& openings) {
    return std::none_of(openings.begin(), openings.end(),
                        [](const auto& o) { return o.succeeded(); });
}

// A thread of a driver that never answered may still be running inside code and data that leaving
// main() would tear down.
bool left_running(const ExitReport& report) {
    for (const auto& driver : report.drivers) {
        for (const auto& message : driver.messages) {
            if (message.outcome == ExitOutcome::timed_out) return true;
        }
    }
    return false;
}

// One session, from opening its drivers to the report.
class Session {
public:
    Session(const RunOptions& options, Console& console, session::EndSource& signals)
        : options_(options), console_(console), sources_{&signals}, host_(options.host) {}

    ExitCode run(std::vector<DriverRequest> requests) {
        if (auto configured = configure(); !configured) return fail(console_, configured.error());
        auto opening = Opening::start(host_, std::move(requests));
        if (!opening) return fail(console_, opening.error());
        opening_ = std::move(*opening);
        const auto end = wait_with_drivers();
        if (!end) return fail(console_, end.error());
        if (!*end) return ExitCode::failure;  // no driver could be opened, which was said
        return end_session(**end);
    }

private:
    Status configure() {
        return options_.config.empty() ? Status{} : host_.set_configuration(options_.config);
    }

    // The end of the session; nothing when there is no driver to hold a session for.
    Result<std::optional<session::End>> wait_with_drivers() {
        auto end = session::wait_for_end(sources_, opening_->finished_fd());
        if (!end || *end) return end;
        const auto openings = opening_->results();
        print_openings(console_, openings, options_.json);
        if (none_open(openings)) {
            complain(console_, "no driver is open, so there is no session to hold");
            return std::nullopt;
        }
        if (!options_.json) {
            fmt::print(console_.out,
                       "\nThe session runs as process {}; SIGTERM or Ctrl-C ends it.\n", getpid());
        }
        std::fflush(console_.out);
        return session::wait_for_end(sources_);
    }

    ExitCode end_session(const session::End& end) {
        opening_->stop();
        auto exit = options_.exit;
        exit.reason = end.reason;
        const auto report = host_.exit_session(exit);
        if (!report) return fail(console_, report.error());
        const auto code = publish(*report, end.announced_by);
        leave_if_hanging(*report, code);
        return code;
    }

    ExitCode publish(const ExitReport& report, const std::string& announced_by) {
        const auto openings = opening_->results();
        const auto as_json = report_json(report, announced_by, openings);
        if (options_.json) {
            print(console_, as_json);
        } else {
            fmt::print(console_.out, "\n{} ended the session in {:.1f} ms.\n\n", announced_by,
                       static_cast<double>(report.took.count()) / 1000);
            print(console_, report_table(report), false);
        }
        const auto written = write_report(options_.report, as_json);
        if (!written) complain(console_, written.error().text());
        if (!report.ended_well()) return ExitCode::driver_failed;
        return written && all_open(openings) ? ExitCode::ok : ExitCode::failure;
    }

    void leave_if_hanging(const ExitReport& report, ExitCode code) {
        const auto openings = opening_->results();
        const bool opening_hangs = std::any_of(openings.begin(), openings.end(),
                                               [](const auto& o) { return !o.finished; });
        if (!left_running(report) && !opening_hangs) return;
        std::fflush(console_.out);
        std::fflush(console_.err);
        _exit(static_cast<int>(code));
    }

    const RunOptions& options_;
    Console& console_;
    std::array<session::EndSource*, 1> sources_;
    Host host_;
    std::unique_ptr<Opening> opening_;
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
    return Session(options, console, **signals).run(std::move(*requests));
}

}  // namespace

void add_run(CLI::App& app, Invocation& invocation) {
    auto options = std::make_shared<RunOptions>();
    CLI::App* command =
        app.add_subcommand("run", "Holds a session of drivers and ends it properly");
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
    add_json(*command, options->json);
    command->callback([options, &invocation] {
        invocation.action = [options](Console& console) { return run(*options, console); };
    });
}

}  // namespace instdrv::cli
