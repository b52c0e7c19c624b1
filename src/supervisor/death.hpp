// Describes why a worker died: from how its process ended, what it wrote into its crash area, and
// the last messages it was sent.
#pragma once

#include <instdrv/crash.hpp>
#include <instdrv/error.hpp>

#include <optional>
#include <string>
#include <vector>

#include <csignal>

#include "channel/crash_record.hpp"
#include "sandbox/architecture.hpp"

namespace instdrv::supervisor {

struct Death {
    std::string driver;                          // for the Error
    siginfo_t how{};                             // as waitid(2) has it
    std::optional<channel::CrashRecord> record;  // a copy; the worker may have lied in it
    sandbox::Architecture architecture = sandbox::own_architecture;
    std::vector<std::string> messages;
    std::vector<std::string> output;
};

Error explain(const Death& death);
// The Error for a worker that was given up because the system does not report its end. error: an
// errno of epoll_ctl(2).
Error not_watched(const std::string& driver, int error);

}  // namespace instdrv::supervisor
