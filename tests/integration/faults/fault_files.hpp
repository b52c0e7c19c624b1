// The files of one row of the fault matrix, in a folder of their own: a faulty driver for each
// stage, what they look for beside them, and a configuration. Gone with the object.
#pragma once

#include <array>
#include <filesystem>

#include "expectations.hpp"
#include "support/temporary_folder.hpp"

namespace instdrv::test {

class FaultFiles {
public:
    FaultFiles(const Fault& fault, const Build& build);

    [[nodiscard]] std::filesystem::path driver(const Stage& stage) const;
    // Gives the faulty drivers a short deadline where they use it up; the healthy ones have the
    // usual ones.
    [[nodiscard]] std::filesystem::path configuration() const { return folder_ / "system.ini"; }
    [[nodiscard]] std::filesystem::path state() const { return folder_ / "state"; }
    [[nodiscard]] std::filesystem::path report() const { return folder_ / "exit.json"; }

private:
    void write_configuration() const;

    const Fault& fault_;
    const Build& build_;
    TemporaryFolder folder_;
};

// Drivers without a fault: one of each kind, whatever the faulty one is.
[[nodiscard]] std::vector<std::filesystem::path> healthy_files();

}  // namespace instdrv::test
