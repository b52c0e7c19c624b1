#include <instdrv/host.hpp>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <unistd.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json_text.hpp"
#include "catalog/catalog.hpp"
#include "cli/options.hpp"
#include "cli/report.hpp"
#include "cli/report_file.hpp"
#include "cli/session.hpp"
#include "service/outlet.hpp"
#include "service/report_json.hpp"
#include "service/session_service.hpp"
#include "session/signals.hpp"
#include "supervisor/monitor.hpp"

namespace instdrv::cli {
namespace {

using session::Clock;

// For standard output, and for standard error, at the end: whoever reads them has had the whole
// session.
constexpr std::chrono::seconds time_for_lines{1};

Result<std::vector<service::DriverRequest>> requests_of(const Arguments& arguments) {
    std::vector<service::DriverRequest> requests;
    if (arguments.given("driver")) {
        for (const auto& name : arguments.values("driver"))
            requests.push_back({.name = name, .section = {}});
        return requests;
    }
    const auto catalog = catalog::Catalog::from_file(arguments.text("--config"));
    if (!catalog) return failure(catalog.error());
    for (auto& name : catalog->boot_drivers()) {
        requests.push_back({.name = std::move(name), .section = {}, .load_only = true});
    }
    for (auto& entry : catalog->drivers()) {
        requests.push_back({.name = std::move(entry.alias), .section = std::move(entry.section)});
    }
    return requests;
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

// Shows what becomes of the session, and works out what the program ends with.
class Printer final : public service::Audience {
public:
    Printer(bool as_json, Console& console, ReportFile* report)
        : as_json_(as_json), console_(console), report_(report) {}

    void opened(const std::vector<service::DriverOpening>& openings) override {
        print_openings(console_, openings, as_json_);
        if (as_json_ || none_open(openings)) return;
        fmt::print(console_.out, "\nThe session runs as process {}; SIGTERM or Ctrl-C ends it.\n",
                   getpid());
    }

    void ended(const ExitReport& report, const session::End& end,
               const std::vector<service::DriverOpening>& openings) override {
        const auto as_json = service::report_json(report, end.announced_by, openings);
        if (as_json_) {
            print(console_, as_json);
        } else {
            fmt::print(console_.out, "\n{} ended the session in {:.1f} ms.\n\n", end.announced_by,
                       service::milliseconds(report.took));
            print(console_, report_table(report), false);
        }
        if (report_ != nullptr) {
            report_->write(json_text(as_json, 2) + "\n");
        }
        code_ = !report.ended_well() ? ExitCode::driver_failed
                : all_open(openings) ? ExitCode::ok
                                     : ExitCode::failure;
    }

    [[nodiscard]] ExitCode code() const noexcept { return code_; }

private:
    bool as_json_;
    Console& console_;
    ReportFile* report_;  // null: nobody wants one
    ExitCode code_ = ExitCode::failure;
};

// Where the session's words and files go. None of it holds the session up.
struct Outputs {
    std::unique_ptr<service::Outlet> out;
    std::unique_ptr<service::Outlet> err;
    std::unique_ptr<ReportFile> report;         // null: nobody wants one
    std::shared_ptr<service::TraceFile> trace;  // the same

    static Result<Outputs> open(const Arguments& arguments, const Console& console);
    // The console for what is said from now on.
    [[nodiscard]] Console console(const Console& usual) const;
};

bool is_one_file(const std::filesystem::path& one, const std::filesystem::path& other) {
    if (one.empty() || other.empty()) return false;
    std::error_code error;
    return std::filesystem::weakly_canonical(one, error) ==
           std::filesystem::weakly_canonical(other, error);
}

Result<Outputs> Outputs::open(const Arguments& arguments, const Console& console) {
    using service::Outlet;
    const std::filesystem::path report_file = arguments.text("--report");
    const std::filesystem::path trace_file = arguments.text("--trace");
    const bool force = arguments.given("--force");
    if (is_one_file(report_file, trace_file)) {
        return failure(Error{.code = ErrorCode::invalid_argument,
                             .operation = "write the report and the trace to",
                             .driver = trace_file.string(),
                             .cause = "they are one file",
                             .advice = "Name two"});
    }
    Outputs outputs;
    if (!report_file.empty()) {
        auto report = ReportFile::open(report_file, force);
        if (!report) return failure(std::move(report).error());
        outputs.report = *std::move(report);
    }
    if (!trace_file.empty()) {
        auto trace = service::TraceFile::open(trace_file, force);
        if (!trace) return failure(std::move(trace).error());
        outputs.trace = *std::move(trace);
    }
    auto out = Outlet::open(fileno(console.out), Outlet::Carries::product);
    if (!out) return failure(std::move(out).error());
    outputs.out = *std::move(out);
    auto err = Outlet::open(fileno(console.err), Outlet::Carries::notes);
    if (!err) return failure(std::move(err).error());
    outputs.err = *std::move(err);
    return outputs;
}

Console Outputs::console(const Console& usual) const {
    Console console = usual;
    console.out = out->stream();
    console.err = err->stream();
    return console;
}

// Gives what is still to be written its time. What was asked for and is not there makes the session
// a failure, unless a driver has already done worse. True: all threads are through.
bool finish(Outputs& outputs, Console& console, ExitCode& code, Clock::time_point until) {
    bool through = true;
    const auto check = [&](const Status& status) {
        if (status) return;
        through = through && status.error().code != ErrorCode::timed_out;
        complain(console, status.error().text());
        if (code == ExitCode::ok) code = ExitCode::failure;
    };
    if (outputs.report) check(outputs.report->finish(until));
    if (outputs.trace) check(outputs.trace->close(until));
    through = outputs.out->finish(Clock::now() + time_for_lines) && through;
    check(outputs.out->outcome());
    return outputs.err->finish(Clock::now() + time_for_lines) && through;
}

ExitCode carry_out(const Arguments& arguments, Console& usual, service::SessionOptions session,
                   std::unique_ptr<session::Source> signals) {
    auto outputs = Outputs::open(arguments, usual);
    if (!outputs) return fail(usual, outputs.error());
    auto console = outputs->console(usual);
    session.trace = outputs->trace;
    Printer printer(arguments.given("--json"), console, outputs->report.get());
    service::SessionService service(std::move(session), printer, *outputs->err);
    service.add(std::move(signals));
    const auto ran = service.run();
    auto code = ran ? printer.code() : fail(console, ran.error());
    const auto until = Clock::now() + service::time_to_write;
    const bool left_running = service.left_running(until);
    if (finish(*outputs, console, code, until) && !left_running) return code;
    supervisor::Monitor::instance().end_workers();
    _exit(static_cast<int>(code));
}

}  // namespace

ExitCode hold_session(const Arguments& arguments, Console& console) {
    if (!arguments.given("driver") && arguments.text("--config").empty()) {
        complain(console,
                 "no driver is named and there is no configuration. Name drivers, or pass --config "
                 "FILE or set INSTDRV_CONFIG.");
        return ExitCode::usage;
    }
    auto signals = session::SignalSource::open();  // before any thread starts
    if (!signals) return fail(console, signals.error());
    auto requests = requests_of(arguments);
    if (!requests) return fail(console, requests.error());
    service::SessionOptions session{
        .requests = std::move(*requests),
        .exit = {.notify_timeout = arguments.duration("--notify-timeout").value(),
                 .close_timeout = arguments.duration("--close-timeout").value()}};
    session.host = host_options(arguments);
    return carry_out(arguments, console, std::move(session), *std::move(signals));
}

}  // namespace instdrv::cli
