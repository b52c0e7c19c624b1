// status, drill and exit-session: what a person asks of a session that another process holds.
#include <algorithm>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/session.hpp"
#include "cli/table.hpp"
#include "service/remote_host.hpp"

namespace instdrv::cli {
namespace {

using nlohmann::json;
using service::RemoteHost;
using service::RemoteStatus;

Tone tone_of(const std::string& state) {
    if (state == "failed" || state == "died") return Tone::bad;
    return state == "opening" ? Tone::warning : Tone::good;
}

json status_json(const RemoteStatus& status) {
    auto drivers = json::array();
    for (const auto& one : status.drivers)
        drivers.push_back({{"name", one.name}, {"state", one.state}, {"error", one.error}});
    auto instances = json::array();
    for (const auto& one : status.instances) {
        instances.push_back({{"id", hex(one.id)},
                             {"name", one.name},
                             {"file", one.file},
                             {"kind", one.kind},
                             {"driver_id", hex(one.driver_id)},
                             {"dead", one.dead}});
    }
    return {{"state", status.state},
            {"process", status.process},
            {"drivers", std::move(drivers)},
            {"instances", std::move(instances)}};
}

void print_status(Console& console, const RemoteStatus& status) {
    fmt::print(console.out, "The session is {}, as process {}.\n\n", visible(status.state),
               status.process);
    Table drivers({{"name", "DRIVER", Align::left, true},
                   {"state", "STATE"},
                   {"error", "ERROR", Align::left, true}});
    for (const auto& one : status.drivers)
        drivers.add_row({one.name, Cell(one.state, tone_of(one.state)), one.error});
    print(console, drivers, false);
    Table instances({{"id", "HANDLE"},
                     {"name", "INSTANCE", Align::left, true},
                     {"kind", "KIND"},
                     {"driver_id", "DRIVER ID"},
                     {"state", "STATE"},
                     {"file", "FILE", Align::left, true}});
    for (const auto& one : status.instances) {
        const Cell state = one.dead ? Cell("died", Tone::bad) : Cell("open", Tone::good);
        instances.add_row({hex(one.id), one.name, one.kind, hex(one.driver_id), state, one.file});
    }
    fmt::print(console.out, "\n");
    print(console, instances, false);
}

ExitCode status(RemoteHost& host, Console& console, bool as_json) {
    const auto status = host.status();
    if (!status) return fail(console, status.error());
    if (as_json) {
        print(console, status_json(*status));
    } else {
        print_status(console, *status);
    }
    return ExitCode::ok;
}

bool answered(const json& driver) { return driver["result"]["outcome"] == "answered"; }

void print_drill(Console& console, const json& report) {
    Table table({{"name", "DRIVER", Align::left, true},
                 {"kind", "KIND"},
                 {"milliseconds", "MS", Align::right},
                 {"outcome", "OUTCOME"},
                 {"file", "FILE", Align::left, true}});
    for (const auto& driver : report["drivers"]) {
        const auto outcome = driver["result"]["outcome"].get<std::string>();
        table.add_row({driver["name"].get<std::string>(), driver["kind"].get<std::string>(),
                       fmt::format("{:.1f}", driver["result"]["milliseconds"].get<double>()),
                       Cell(outcome == "timed_out" ? "late" : outcome,
                            answered(driver) ? Tone::good : Tone::bad),
                       driver["file"].get<std::string>()});
    }
    print(console, table, false);
    fmt::print(console.out, "\n{:.1f} ms of {} ms would be left.\n",
               report["left_ms"].get<double>(), report["budget_ms"].get<std::int64_t>());
}

ExitCode drill(RemoteHost& host, Console& console, bool as_json) {
    const auto report = host.drill();
    if (!report) return fail(console, report.error());
    if (as_json) {
        print(console, *report);
    } else {
        print_drill(console, *report);
    }
    const auto& drivers = (*report)["drivers"];
    const bool in_time = std::all_of(drivers.begin(), drivers.end(), answered);
    return in_time ? ExitCode::ok : ExitCode::driver_failed;
}

void print_end(Console& console, const json& report) {
    Table table({{"name", "DRIVER", Align::left, true},
                 {"kind", "KIND"},
                 {"milliseconds", "MS", Align::right},
                 {"outcome", "OUTCOME"},
                 {"file", "FILE", Align::left, true}});
    for (const auto& driver : report["drivers"]) {
        table.add_row({driver["name"].get<std::string>(), driver["kind"].get<std::string>(),
                       fmt::format("{:.1f}", driver["milliseconds"].get<double>()),
                       Cell(driver["outcome"].get<std::string>(),
                            driver["ended_well"].get<bool>() ? Tone::good : Tone::bad),
                       driver["file"].get<std::string>()});
    }
    fmt::print(console.out, "The session ended in {:.1f} ms.\n\n",
               report["milliseconds"].get<double>());
    print(console, table, false);
}

ExitCode exit_session(RemoteHost& host, Console& console, bool as_json) {
    const auto report = host.exit_session();
    if (!report) return fail(console, report.error());
    if (as_json) {
        print(console, *report);
    } else {
        print_end(console, *report);
    }
    return (*report)["ended_well"].get<bool>() ? ExitCode::ok : ExitCode::driver_failed;
}

using Ask = ExitCode (*)(RemoteHost&, Console&, bool as_json);

ExitCode ask_session(Ask ask, const Arguments& arguments, Console& console) {
    auto host = RemoteHost::connect();
    if (!host) return fail(console, host.error());
    return ask(*host, console, arguments.given("--json"));
}

}  // namespace

ExitCode show_status(const Arguments& arguments, Console& console) {
    return ask_session(status, arguments, console);
}

ExitCode rehearse_exit(const Arguments& arguments, Console& console) {
    return ask_session(drill, arguments, console);
}

ExitCode end_session(const Arguments& arguments, Console& console) {
    return ask_session(exit_session, arguments, console);
}

}  // namespace instdrv::cli
