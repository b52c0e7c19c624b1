#include "sandbox/report.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <sys/resource.h>

namespace instdrv::sandbox {
namespace {

constexpr std::array<std::string_view, layer_count> names = {
    "descriptors",       "environment",  "OOM score", "limits", "not dumpable",
    "no new privileges", "capabilities", "Landlock",  "seccomp"};

constexpr std::array<std::string_view, layer_count> purposes = {
    "nothing is open but the channel to the supervisor",
    "the user's variables are wiped out",
    "where memory is short it is killed before its host",
    "memory, open files and file size are bounded, no core files",
    "the user's other processes cannot look into it",
    "set-user-id programs give it nothing",
    "no right of root is left, in any set",
    "its folder can be read, its state folder written, nothing else opened",
    "no system call works but those that drivers need"};

std::string_view name_of_limit(std::uint32_t resource) {
    switch (resource) {
        case RLIMIT_AS: return "address space";
        case RLIMIT_DATA: return "memory";
        case RLIMIT_NOFILE: return "open files";
        case RLIMIT_FSIZE: return "file size";
        case RLIMIT_NPROC: return "threads of the user";
        case RLIMIT_CORE: return "core files";
        default: return "another resource";
    }
}

std::string cause_of(Layer layer, const LayerReport& report) {
    auto reason = std::generic_category().message(report.error);
    if (layer != Layer::limits) return reason;
    return fmt::format("limit of {}: {}", name_of_limit(report.detail), reason);
}

bool is_valid_layer(const LayerReport& report) {
    return report.state <= LayerState::failed && report.error >= 0;
}

std::string advice_for(Layer layer, int error) {
    if (layer == Layer::landlock && error == EACCES) {
        return "A worker has no rights of root: let its user enter the driver's folder and write "
               "the state folder";
    }
    return "`instdrv doctor` shows what this machine offers";
}

tl::unexpected<Error> bad_report(std::string cause) {
    return failure({.code = ErrorCode::invalid_argument,
                    .operation = "read a worker's report of its confinement",
                    .cause = std::move(cause)});
}

}  // namespace

Result<ConfinementReport> read_report(std::span<const std::byte> bytes) {
    ConfinementReport report;
    if (bytes.size() != sizeof report) return bad_report("it has the wrong size");
    std::memcpy(&report, bytes.data(), sizeof report);
    if (report.magic != ConfinementReport::expected_magic ||
        report.version != ConfinementReport::expected_version) {
        return bad_report("it is of another kind or version");
    }
    if (report.confined > 1 || report.plan_error > 1 ||
        !std::all_of(report.layers.begin(), report.layers.end(), is_valid_layer)) {
        return bad_report("it has a value that none of ours has");
    }
    return report;
}

std::string_view name_of(Layer layer) noexcept {
    const auto index = static_cast<std::size_t>(layer);
    return index < names.size() ? names[index] : "unknown layer";
}

std::string_view purpose_of(Layer layer) noexcept {
    const auto index = static_cast<std::size_t>(layer);
    return index < purposes.size() ? purposes[index] : "";
}

std::string describe(Layer layer, const LayerReport& report) {
    switch (report.state) {
        case LayerState::on:
            if (layer == Layer::landlock) return fmt::format("on, ABI {}", report.detail);
            if (layer == Layer::oom_score) {
                return fmt::format("on, {}", static_cast<std::int32_t>(report.detail));
            }
            return "on";
        case LayerState::not_planned: return "off";
        case LayerState::failed: return "failed: " + cause_of(layer, report);
        case LayerState::not_reached: break;
    }
    return "not reached";
}

Status status_of(const ConfinementReport& report) {
    if (report.confined == 1) return {};
    Error error{.code = ErrorCode::broken, .operation = "confine a worker"};
    if (report.plan_error == 1) {
        error.cause = "it did not understand its confinement plan";
        error.advice = "Install the worker and the library of one version";
        return failure(std::move(error));
    }
    error.cause = "it did not say which layer failed";
    for (std::size_t index = 0; index < layer_count; ++index) {
        const auto& layer = report.layers.at(index);
        const auto which = static_cast<Layer>(index);
        if (layer.state != LayerState::failed || may_fail(which)) continue;
        error.cause = fmt::format("{}: {}", name_of(which), cause_of(which, layer));
        error.advice = advice_for(which, layer.error);
        error.system_code = layer.error;
        break;
    }
    return failure(std::move(error));
}

}  // namespace instdrv::sandbox
