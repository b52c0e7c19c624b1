#include "cli/acm.hpp"

namespace instdrv::cli {

void add_acm(CLI::App& app, Invocation& invocation) {
    CLI::App* acm = app.add_subcommand("acm", "Converts sound through ACM drivers");
    acm->require_subcommand(1);
    add_acm_list(*acm, invocation);
    add_acm_convert(*acm, invocation);
}

}  // namespace instdrv::cli
