// Tests a policy on this machine: a child process confines itself with it and then attempts what a
// hostile driver would.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <instdrv/error.hpp>

#include "sandbox/policy.hpp"
#include "sandbox/report.hpp"

namespace instdrv::sandbox {

enum class TrialOutcome : std::uint32_t {
    not_tried,
    refused,  // the call failed
    denied,   // the filter raised SIGSYS
    carried_out,
};

struct Trial {
    std::string_view attempt;  // "read /etc/passwd"
    TrialOutcome outcome = TrialOutcome::not_tried;
    int error = 0;  // errno, where it was refused
};

struct ProbeResult {
    ConfinementReport report;
    std::vector<Trial> trials;  // not tried where the confinement failed

    // Is the process confined, and was every attempt refused or denied?
    [[nodiscard]] bool holds() const;
};

// Takes some milliseconds. Fails where no process can be started or the child ends early. For the
// architecture of this program. [while the process has one thread: the child is a fork]
Result<ProbeResult> probe(const Policy& policy);

}  // namespace instdrv::sandbox
