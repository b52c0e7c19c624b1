// The drivers of Debian's libwine, through their whole life.
#include <gmock/gmock.h>

#include "driver_files.hpp"

namespace instdrv::test {
namespace {

class RealDriver : public testing::TestWithParam<std::string> {
protected:
    Host host_{{.configuration = {}, .state_folder = testing::TempDir() + "/state"}};
};
INSTANTIATE_TEST_SUITE_P(Libwine, RealDriver,
                         testing::Values("msadp32.acm", "imaadp32.acm", "msg711.acm", "msgsm32.acm",
                                         "l3codeca.acm", "iccvid.dll", "msrle32.dll",
                                         "msvidc32.dll", "mciwave.dll", "mciseq.dll", "mcicda.dll",
                                         "midimap.dll", "msacm32.drv"),
                         [](const auto& tested) {
                             return tested.param.substr(0, tested.param.find('.'));
                         });

TEST_P(RealDriver, OpensAnswersAndCloses) {
    auto driver = host_.open(GetParam());
    ASSERT_TRUE(driver) << driver.error().text();
    EXPECT_TRUE(driver->send(DRV_QUERYCONFIGURE));
    const auto closed = driver->close();
    ASSERT_TRUE(closed) << closed.error().text();
    EXPECT_NE(*closed, 0);
    EXPECT_TRUE(host_.instances().empty());
}

TEST_P(RealDriver, EndsWellWithTheSession) {
    auto driver = host_.open(GetParam());
    ASSERT_TRUE(driver) << driver.error().text();
    driver->release();
    const auto report = host_.exit_session();
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_TRUE(report->ended_well()) << report->drivers.at(0).outcome();
}

}  // namespace
}  // namespace instdrv::test
