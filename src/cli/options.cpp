#include "cli/options.hpp"

namespace instdrv::cli {

HostOptions host_options(const Arguments& arguments) {
    HostOptions options;
    options.configuration = arguments.text(config_option.name);
    if (arguments.given(in_process_option.name)) options.placement = Placement::in_process;
    options.deadline = arguments.duration(deadline_option.name);
    return options;
}

}  // namespace instdrv::cli
