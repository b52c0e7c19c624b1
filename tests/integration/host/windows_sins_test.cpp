// Sins that only a Windows DLL can commit.
#include <gmock/gmock.h>

#include "driver_files.hpp"

namespace instdrv::test {
namespace {

using testing::HasSubstr;

class WindowsSins : public testing::Test {
protected:
    Driver open(const std::string& name) {
        auto driver = host_.open(driver_file(name, ".dll"));
        if (!driver) {
            ADD_FAILURE() << driver.error().text();
            return {};
        }
        return std::move(*driver);
    }
    Host host_{{.configuration = {}, .state_folder = testing::TempDir() + "/state"}};
};

TEST_F(WindowsSins, ImportsByOrdinalFromADllBesideIt) {
    const auto driver = open("imports_by_ordinal");
    EXPECT_EQ(driver.send(DRV_USER, 20, 22).value_or(0), 42);
    EXPECT_EQ(driver.send(DRV_USER + 1, 6, 7).value_or(0), 42);
}

class MissingImport : public WindowsSins,
                      public testing::WithParamInterface<std::pair<int, std::string>> {};
INSTANTIATE_TEST_SUITE_P(Imports, MissingImport,
                         testing::Values(std::pair(0, "NobodyHasThis"), std::pair(1, "77"),
                                         std::pair(2, "FunctionOfALaterWindows")),
                         [](const auto& tested) {
                             return "Message" + std::to_string(tested.param.first);
                         });

TEST_P(MissingImport, BreaksOffTheCallThatNeedsItAndNamesIt) {
    const auto& [offset, name] = GetParam();
    const auto driver = open("missing_imports");
    EXPECT_EQ(driver.send(DRV_USER + 3).value_or(0), 33);  // loading did no harm
    const auto answer = driver.send(DRV_USER + static_cast<UINT>(offset));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::missing_import);
    EXPECT_THAT(answer.error().text(), HasSubstr(name));
}

}  // namespace
}  // namespace instdrv::test
