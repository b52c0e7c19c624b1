// The real drivers of Debian's libwine, in a system that owns every DLL and provides nothing: all
// of them map, relocate and bind, and stop at the first function they call.
#include <filesystem>

#include <gmock/gmock.h>

#include "recorder.hpp"

using namespace instdrv;
using namespace instdrv::test;
using testing::HasSubstr;

namespace {

const std::filesystem::path drivers = INSTDRV_WINE_DLLS;

class RealDriver : public LoaderTest, public testing::WithParamInterface<const char*> {};

TEST_P(RealDriver, BindsItsImportsAndNamesTheFirstItCalls) {
    const auto file = drivers / GetParam();
    if (!std::filesystem::exists(file)) GTEST_SKIP() << "needs the package libwine";
    recorder.owns_all = true;
    const auto image = loader.load(file);
    EXPECT_GT(recorder.asked_for.size(), 10U);
    if (image) {  // its DllMain calls nothing
        EXPECT_NE((*image)->find_export({.name = "DriverProc"}), nullptr);
        loader.release(*image);
        return;
    }
    EXPECT_EQ(image.error().code, ErrorCode::missing_import) << image.error().text();
    EXPECT_EQ(image.error().driver, file.string());
    EXPECT_THAT(image.error().cause, HasSubstr(", which nobody provides, in its DllMain"));
    EXPECT_TRUE(loader.images().empty());
}

INSTANTIATE_TEST_SUITE_P(Wine, RealDriver,
                         testing::Values("msadp32.acm", "imaadp32.acm", "msg711.acm", "msgsm32.acm",
                                         "l3codeca.acm", "iccvid.dll", "msrle32.dll",
                                         "msvidc32.dll", "mciwave.dll", "mciseq.dll", "mcicda.dll",
                                         "midimap.dll", "msacm32.drv"),
                         [](const auto& test) {
                             std::string name = test.param;
                             return name.substr(0, name.find('.'));
                         });

}  // namespace
