// One row of the fault matrix: a fault at each stage of a driver's life, in a host that has three
// healthy drivers beside.
#pragma once

#include <instdrv/exit.hpp>
#include <instdrv/host.hpp>

#include <array>
#include <map>
#include <string>
#include <vector>

#include "expectations.hpp"
#include "fault_files.hpp"

namespace instdrv::test {

// How a call ended, as expectations have it: "answered", "crashed SIGSEGV", "denied ptrace".
[[nodiscard]] std::string ending_of(const Result<LRESULT>& answer);
[[nodiscard]] std::string ending_of(const ExitMessage& message);

class Row {
public:
    Row(const Fault& fault, const Build& build);

    // Commits the fault at each stage, the last four of them in the end of the session. Failures
    // are the test's.
    void run();
    // How each ended, by the stages.
    [[nodiscard]] const std::array<std::string, stages.size()>& endings() const noexcept {
        return endings_;
    }

private:
    void open_healthy();
    void ask_healthy(const std::string& when);
    std::string load_or_open(const Stage& stage);
    std::string send_private(const Stage& stage);
    void open_for_exit(const Stage& stage);
    void end_session();
    void record_end(const ExitDriver& driver, const Stage& stage);
    void check_healthy_end(const ExitReport& report) const;
    // Ending the Windows process ends the call; the worker lives on.
    [[nodiscard]] bool is_windows() const { return build_.ending == std::string_view(".dll"); }
    void keep(HDRVR handle, const Stage& stage) { staged_[handle] = &stage; }

    const Fault& fault_;
    const Build& build_;
    FaultFiles files_;
    Host host_;
    std::vector<Driver> healthy_;
    LRESULT asked_ = 0;
    std::map<HDRVR, const Stage*> staged_;  // open faulty drivers
    std::array<std::string, stages.size()> endings_;
};

}  // namespace instdrv::test
