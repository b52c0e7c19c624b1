#include <string>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/limits.hpp"
#include "cli/machine.hpp"
#include "cli/options.hpp"
#include "cli/table.hpp"
#include "sandbox/call_table.hpp"
#include "sandbox/probe.hpp"

namespace instdrv::cli {
namespace {

using sandbox::LayerState;
using sandbox::TrialOutcome;

constexpr Option doctor_options[] = {
    {.name = "--policy", .help = "Print the system calls that drivers may make"}, json_option};

Tone tone_of(LayerState state) {
    switch (state) {
        case LayerState::on: return Tone::good;
        case LayerState::not_planned: return Tone::warning;
        default: return Tone::bad;
    }
}

Table layers_of(const sandbox::Policy& policy, const sandbox::ProbeResult& probe) {
    Table table({{"layer", "LAYER"},
                 {"state", "STATE", Align::left, true},
                 {"note", "WHAT IT IS GOOD FOR", Align::left, true}});
    for (const auto& layer : policy.layers()) {
        const auto& report = probe.report[layer.layer];
        const bool off = report.state == LayerState::not_planned;
        table.add_row({name_of(layer.layer),
                       Cell(describe(layer.layer, report), tone_of(report.state)),
                       off ? Cell(layer.content, Tone::warning) : Cell(purpose_of(layer.layer))});
    }
    return table;
}

Cell cell_of(const sandbox::Trial& trial) {
    switch (trial.outcome) {
        case TrialOutcome::refused:
            return {"refused: " + std::generic_category().message(trial.error), Tone::good};
        case TrialOutcome::denied: return {"denied by the filter", Tone::good};
        case TrialOutcome::carried_out: return {"carried out", Tone::bad};
        case TrialOutcome::not_tried: break;
    }
    return {"not tried", Tone::warning};
}

Table trials_of(const sandbox::ProbeResult& probe) {
    Table table({{"attempt", "A CONFINED PROCESS TRIED TO"}, {"outcome", "OUTCOME"}});
    for (const auto& trial : probe.trials)
        table.add_row({trial.attempt, cell_of(trial)});
    return table;
}

Table needs_of(const std::vector<MachineNeed>& needs) {
    Table table(
        {{"need", "NEEDED AT RUN TIME"}, {"state", "STATE"}, {"note", "FOR", Align::left, true}});
    for (const auto& need : needs) {
        const auto state = need.met ? Cell(need.found, Tone::good)
                                    : Cell(need.found, need.vital ? Tone::bad : Tone::warning);
        table.add_row({need.name, state, need.met ? need.purpose : need.advice});
    }
    return table;
}

std::string amount(const MachineLimit& limit) {
    if (!limit.value) return "no limit";
    constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;
    return limit.name == "memory" ? fmt::format("{} MiB", *limit.value / mebibyte)
                                  : std::to_string(*limit.value);
}

Table limits_table() {
    Table table({{"limit", "THIS PROCESS AND ITS WORKERS MAY HAVE"},
                 {"value", "AT MOST", Align::right},
                 {"set_by", "SET BY", Align::left, true}});
    for (const auto& limit : machine_limits()) {
        table.add_row(
            {limit.name,
             limit.value ? Cell::of(amount(limit), *limit.value) : Cell::of(amount(limit), nullptr),
             limit.set_by.empty() ? Cell::absent() : Cell(limit.set_by)});
    }
    return table;
}

Table calls_of_policy() {
    Table table({{"call", "SYSTEM CALL"},
                 {"when", "WHEN", Align::left, true},
                 {"answer", "ANSWER"},
                 {"reason", "WHY", Align::left, true}});
    for (const auto& rule : sandbox::default_rules()) {
        table.add_row({rule.name, rule.when.empty() ? Cell::absent() : Cell(rule.when),
                       rule.error == 0 ? Cell("made", Tone::good)
                                       : Cell(::strerrorname_np(rule.error), Tone::warning),
                       rule.reason});
    }
    return table;
}

bool all_met(const std::vector<MachineNeed>& needs) {
    for (const auto& need : needs) {
        if (need.vital && !need.met) return false;
    }
    return true;
}

// Is every layer on, and does it hold?
bool is_whole(const sandbox::ProbeResult& probe) {
    return probe.holds() && probe.report[sandbox::Layer::landlock].state == LayerState::on;
}

// The usual one for a driver that is kept nowhere.
Result<sandbox::Policy> usual_policy() {
    sandbox::PolicyBuilder builder(sandbox::own_architecture);
    if (sandbox::built_with_sanitizer) builder.allow_sanitizer("this build has AddressSanitizer");
    return builder.build();
}

void print_weakenings(Console& console, const sandbox::Policy& policy) {
    for (const auto& weakening : policy.weakenings()) {
        fmt::print(console.out, "{} {}: {}\n",
                   painted("weaker:", Tone::warning, console.out_colour), weakening.call,
                   weakening.reason);
    }
}

ExitCode examine(bool as_json, Console& console) {
    const auto policy = usual_policy();
    if (!policy) return fail(console, policy.error());
    const auto probe = sandbox::probe(*policy);
    if (!probe) return fail(console, probe.error());
    const auto needs = machine_needs();
    const bool well = is_whole(*probe) && all_met(needs);
    const auto layers = layers_of(*policy, *probe), trials = trials_of(*probe);
    const auto bad = [&](std::string_view text) {
        return painted(text, Tone::bad, console.out_colour);
    };
    if (as_json) {
        print(console, nlohmann::json{{"whole", well},
                                      {"layers", layers.json()},
                                      {"attempts", trials.json()},
                                      {"needs", needs_of(needs).json()},
                                      {"limits", limits_table().json()}});
    } else {
        print(console, layers, false);
        print_weakenings(console, *policy);
        fmt::print(console.out, "\n");
        print(console, trials, false);
        fmt::print(console.out, "\n");
        print(console, needs_of(needs), false);
        fmt::print(console.out, "\n");
        print(console, limits_table(), false);
        fmt::print(console.out, "\n{}\n",
                   !is_whole(*probe) ? bad("The sandbox is not whole.")
                   : !all_met(needs)
                       ? bad("The sandbox is whole, but something that drivers need is missing.")
                       : painted("The sandbox is whole.", Tone::good, console.out_colour));
    }
    return well ? ExitCode::ok : ExitCode::failure;
}

ExitCode doctor(const Arguments& arguments, Console& console) {
    const bool as_json = arguments.given("--json");
    if (!arguments.given("--policy")) return examine(as_json, console);
    print(console, calls_of_policy(), as_json);
    return ExitCode::ok;
}

}  // namespace

constinit const Command doctor_command{
    .name = "doctor",
    .summary = "Says whether drivers are confined on this machine, and how",
    .description =
        "Starts a process that confines itself as a worker does and tries to get out, and the "
        "worker programs. Needs no privileges.",
    .examples =
        "instdrv doctor               is the sandbox whole on this machine?\n"
        "instdrv doctor --policy      the system calls a driver may make, and why",
    .exit_codes =
        "0 the sandbox is whole and a worker runs, 1 it is not or none does, 2 wrong usage",
    .options = doctor_options,
    .run = doctor};

}  // namespace instdrv::cli
