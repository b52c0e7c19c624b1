// What only a Windows DLL can do wrong.
#include <tuple>

#include <gmock/gmock.h>

#include "driver_files.hpp"

namespace instdrv::test {
namespace {

using testing::HasSubstr;

class MisbehavingDlls : public EveryBuild {
protected:
    Driver open(const std::string& name) {
        auto driver = host_.open(file(name));
        if (!driver) {
            ADD_FAILURE() << driver.error().text();
            return {};
        }
        return std::move(*driver);
    }
};
INSTANTIATE_TEST_SUITE_P(Builds, MisbehavingDlls, windows_builds, name_of_build);

TEST_P(MisbehavingDlls, ImportsByOrdinalFromADllBesideIt) {
    const auto driver = open("imports_by_ordinal");
    EXPECT_EQ(driver.send(DRV_USER, 20, 22).value_or(0), 42);
    EXPECT_EQ(driver.send(DRV_USER + 1, 6, 7).value_or(0), 42);
}

TEST_P(MisbehavingDlls, MissingImportsBreakOffTheCallThatNeedsThemAndAreNamed) {
    const auto driver = open("missing_imports");
    const std::pair<UINT, const char*> imports[] = {
        {0, "NobodyHasThis"}, {1, "77"}, {2, "FunctionOfALaterWindows"}};
    for (const auto& [offset, name] : imports) {
        EXPECT_EQ(driver.send(DRV_USER + 3).value_or(0), 33) << "it goes on";
        const auto answer = driver.send(DRV_USER + offset);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, ErrorCode::missing_import);
        EXPECT_THAT(answer.error().text(), HasSubstr(name));
    }
}

}  // namespace
}  // namespace instdrv::test
