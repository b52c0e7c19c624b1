// The small drivers of tests/drivers, by name.
#pragma once

#include <instdrv/host.hpp>

#include <string>

#include <gtest/gtest.h>

namespace instdrv::test {

inline std::string driver_file(const std::string& name, const std::string& ending) {
    return std::string(INSTDRV_TEST_DRIVERS) + "/" + name + ending;
}

// One build of a driver, and where it runs.
struct Build {
    const char* name;
    const char* ending;
    const char* folder = "";  // of the drivers' folder: "i386/" for the 32-bit ones
    Placement placement = Placement::in_process;
};

// The same test for every build of a driver and every place it can run in.
class EveryBuild : public testing::TestWithParam<Build> {
protected:
    [[nodiscard]] static std::string file(const std::string& name) {
        return driver_file(GetParam().folder + name, GetParam().ending);
    }
    [[nodiscard]] static bool windows() { return GetParam().ending == std::string(".dll"); }
    [[nodiscard]] static bool is_32_bit() { return GetParam().folder != std::string(); }
    [[nodiscard]] static bool in_worker() { return GetParam().placement == Placement::worker; }
    [[nodiscard]] static HostOptions options() {
        return {.configuration = {},
                .state_folder = testing::TempDir() + "/state",
                .placement = GetParam().placement};
    }

    // What came of opening: the error's code, none if it is open.
    ErrorCode code_of_opening(const std::string& name) {
        const auto driver = host_.open(file(name));
        return driver ? ErrorCode::none : driver.error().code;
    }

    Host host_{options()};
};

inline const auto builds_in_process =
    testing::Values(Build{"Windows", ".dll"}, Build{"Native", ".so"});
inline const auto all_builds =
    testing::Values(Build{"Windows", ".dll"}, Build{"Native", ".so"},
                    Build{"WindowsInAWorker", ".dll", "", Placement::worker},
                    Build{"NativeInAWorker", ".so", "", Placement::worker},
                    Build{"Windows32", ".dll", "i386/", Placement::worker},
                    Build{"Native32", ".so", "i386/", Placement::worker});
inline const auto builds_in_workers = testing::Values(
    Build{"Windows", ".dll", "", Placement::worker}, Build{"Native", ".so", "", Placement::worker},
    Build{"Windows32", ".dll", "i386/", Placement::worker},
    Build{"Native32", ".so", "i386/", Placement::worker});
inline const auto windows_builds = testing::Values(
    Build{"Windows", ".dll"}, Build{"WindowsInAWorker", ".dll", "", Placement::worker},
    Build{"Windows32", ".dll", "i386/", Placement::worker});
inline std::string name_of_build(const testing::TestParamInfo<Build>& tested) {
    return tested.param.name;
}

}  // namespace instdrv::test
