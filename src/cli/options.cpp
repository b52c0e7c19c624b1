#include "cli/options.hpp"

#include "winapi/exports/call_trace.hpp"

namespace instdrv::cli {

std::string check_traced_calls(const std::string& value) {
    const auto status = winapi::CallTrace::check(value);
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
