#include "cli/options.hpp"

#include <algorithm>

#include "winapi/exports/call_trace.hpp"
#include "winapi/exports/provided.hpp"

namespace instdrv::cli {
namespace {

bool is_provided_on_i386(std::string_view function) {
    return std::ranges::any_of(winapi::provided_on_i386(), [&](const auto& dll) {
        return winapi::find_function(dll, {.name = function}) != nullptr;
    });
}

}  // namespace

std::string check_traced_calls(const std::string& value) {
    const auto status = winapi::CallTrace::check(value, is_provided_on_i386);
    return status ? std::string{} : status.error().cause;
}

HostOptions host_options(const Arguments& arguments) {
    HostOptions options;
    options.configuration = arguments.text(config_option.name);
    if (arguments.given(in_process_option.name)) options.placement = Placement::in_process;
    options.deadline = arguments.duration(deadline_option.name);
    options.traced_calls = arguments.text(trace_calls_option.name);
    return options;
}

}  // namespace instdrv::cli
