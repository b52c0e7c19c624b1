// The drivers of Debian's libwine, through their whole life.
#include <tuple>

#include <gmock/gmock.h>

#include "driver_files.hpp"

namespace instdrv::test {
namespace {

struct Home {
    const char* name;
    const char* folder;  // empty: where libwine of this machine has them
    Placement placement;
};

class RealDriver : public testing::TestWithParam<std::tuple<Home, const char*>> {
protected:
    static std::string file() { return home().folder + std::string(std::get<1>(GetParam())); }
    static const Home& home() { return std::get<0>(GetParam()); }

    Host host_{{.configuration = {},
                .state_folder = testing::TempDir() + "/state",
                .placement = home().placement}};
};
INSTANTIATE_TEST_SUITE_P(
    Libwine, RealDriver,
    testing::Combine(testing::Values(Home{"InProcess", "", Placement::in_process},
                                     Home{"InAWorker", "", Placement::worker},
                                     Home{"Of32Bits", INSTDRV_WINE_DLLS_32 "/", Placement::worker}),
                     testing::Values("msadp32.acm", "imaadp32.acm", "msg711.acm", "msgsm32.acm",
                                     "l3codeca.acm", "iccvid.dll", "msrle32.dll", "msvidc32.dll",
                                     "mciwave.dll", "mciseq.dll", "mcicda.dll", "midimap.dll",
                                     "msacm32.drv")),
    [](const auto& tested) {
        const std::string driver = std::get<1>(tested.param);
        return std::get<0>(tested.param).name + ("_" + driver.substr(0, driver.find('.')));
    });

TEST_P(RealDriver, OpensAnswersAndCloses) {
    auto driver = host_.open(file());
    ASSERT_TRUE(driver) << driver.error().text();
    EXPECT_TRUE(driver->send(DRV_QUERYCONFIGURE));
    const auto closed = driver->close();
    ASSERT_TRUE(closed) << closed.error().text();
    EXPECT_NE(*closed, 0);
    EXPECT_TRUE(host_.instances().empty());
}

TEST_P(RealDriver, EndsWellWithTheSession) {
    auto driver = host_.open(file());
    ASSERT_TRUE(driver) << driver.error().text();
    driver->release();
    const auto report = host_.exit_session();
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_TRUE(report->ended_well()) << report->drivers.at(0).outcome();
}

}  // namespace
}  // namespace instdrv::test
