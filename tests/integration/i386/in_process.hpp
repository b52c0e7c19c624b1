// Drivers in this process, for programs of either machine: the life cycle over the local loader, with
// nothing of a host around it. Native drivers find the C functions of <instdrv/driver.h> here, too.
#pragma once

#include <filesystem>
#include <string>

#include "core/life_cycle.hpp"
#include "worker/local_loader.hpp"

namespace instdrv::test {

class InProcess final : public core::DriverSystem {
public:
    // Files that drivers name without a folder are looked for in `folder`.
    InProcess(std::filesystem::path folder, std::filesystem::path state_folder);
    ~InProcess() override;

    // `name`: a file of the folder, or a path.
    Result<HDRVR> open_driver(std::string_view name, LPARAM lparam2 = 0);
    // A driver's answer, or why its call broke off.
    Result<LRESULT> ask(HDRVR hdrvr, UINT message, LPARAM lparam1 = 0, LPARAM lparam2 = 0);
    core::LifeCycle& life_cycle() { return life_cycle_; }

    HDRVR open(std::string_view name, std::string_view section, LPARAM lparam2) override;
    LRESULT close(HDRVR hdrvr, LPARAM lparam1, LPARAM lparam2) override;
    LRESULT send(HDRVR hdrvr, UINT message, LPARAM lparam1, LPARAM lparam2) override;
    HMODULE module_handle(HDRVR hdrvr) override;

private:
    std::filesystem::path folder_;
    worker::LocalLoader loader_;
    core::LifeCycle life_cycle_;
};

}  // namespace instdrv::test
