// The small drivers of tests/drivers, by name.
#pragma once

#include <instdrv/host.hpp>

#include <string>

#include <gtest/gtest.h>

namespace instdrv::test {

inline std::string driver_file(const std::string& name, const std::string& ending) {
    return std::string(INSTDRV_TEST_DRIVERS) + "/" + name + ending;
}

// The same test for the Windows and the native build of a driver.
class EitherKind : public testing::TestWithParam<std::string> {
protected:
    [[nodiscard]] static std::string file(const std::string& name) {
        return driver_file(name, GetParam());
    }
    [[nodiscard]] static bool windows() { return GetParam() == ".dll"; }

    // What came of opening: the error's code, none if it is open.
    ErrorCode code_of_opening(const std::string& name) {
        const auto driver = host_.open(file(name));
        return driver ? ErrorCode::none : driver.error().code;
    }

    Host host_{{.configuration = {}, .state_folder = testing::TempDir() + "/state"}};
};

inline const auto both_kinds = testing::Values(".dll", ".so");
inline std::string name_of_kind(const testing::TestParamInfo<std::string>& tested) {
    return tested.param == ".dll" ? "Windows" : "Native";
}

}  // namespace instdrv::test
