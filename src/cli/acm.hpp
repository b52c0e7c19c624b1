// The subcommands of `instdrv acm`.
#pragma once

#include "cli/command.hpp"

namespace instdrv::cli {

void add_acm_list(CLI::App& acm, Invocation& invocation);
void add_acm_convert(CLI::App& acm, Invocation& invocation);

}  // namespace instdrv::cli
