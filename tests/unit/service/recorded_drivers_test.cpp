#include "service/recorded_drivers.hpp"

#include <cstdint>

#include <gmock/gmock.h>

namespace instdrv::service {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

HDRVR handle(std::size_t number) {
    return reinterpret_cast<HDRVR>(static_cast<std::uintptr_t>(0x10000 + number));
}

// A session of so many instances of three drivers, which have got through different parts of its
// end.
RecordedDrivers drivers_with(std::size_t instances) {
    RecordedDrivers drivers;
    for (std::size_t i = 0; i < instances; ++i) {
        const auto name = "codec" + std::to_string(i % 3) + ".acm";
        drivers.opened(drivers.opening(name), "/d/" + name, handle(i));
    }
    for (std::size_t i = 0; i < instances / 2; ++i) {
        drivers.progress({.file = {}, .instance = handle(i), .message = DRV_EXITSESSION});
        if (i % 2 == 0) {
            drivers.progress({.file = {}, .instance = handle(i), .message = DRV_CLOSE});
        }
    }
    return drivers;
}

std::size_t bytes_of(const RecordedDrivers& drivers) {
    return to_text({.boot = {}, .ended_by = {}, .drivers = drivers.folded()}).size();
}

TEST(RecordedDrivers, AreOneEntryWhereTheSameIsTrueOfThem) {
    RecordedDrivers drivers;
    for (std::size_t i = 0; i < 5; ++i)
        drivers.opened(drivers.opening("a.acm"), "/d/a.acm", handle(i));
    EXPECT_THAT(drivers.folded(), ElementsAre(Field(&RecordedDriver::count, 5u)));
    drivers.forget(handle(2));
    const auto key = drivers.opening("a.acm");
    EXPECT_THAT(drivers.folded(), ElementsAre(Field(&RecordedDriver::stage, Stage::opening),
                                              Field(&RecordedDriver::count, 4u)));
    drivers.forget(key);
    EXPECT_FALSE(drivers.opened(key, "/d/a.acm", handle(9))) << "it is forgotten";
    drivers.progress({.file = "/d/a.acm", .instance = nullptr, .message = unloading_step});
    EXPECT_THAT(drivers.folded(), ElementsAre(Field(&RecordedDriver::stage, Stage::ended)));
    for (std::size_t i = 0; i < 5; ++i)
        drivers.forget(handle(i));
    EXPECT_THAT(drivers.folded(), IsEmpty());
}

// Each change writes all of it.
TEST(RecordedDrivers, AreWrittenInAsManyBytesForTenThousandInstancesAsForAFew) {
    const auto few = bytes_of(drivers_with(12));
    const auto many = bytes_of(drivers_with(10'000));
    EXPECT_LE(many, few + few / 10) << "the counts have more digits";
}

TEST(RecordedDrivers, KeepHowEachInstanceEnded) {
    RecordedDrivers drivers;
    for (std::size_t i = 0; i < 3; ++i)
        drivers.opened(drivers.opening("a.acm"), "/d/a.acm", handle(i));
    ExitDriver late{.name = "a.acm", .file = "/d/a.acm", .instance = handle(1)};
    late.messages = {{.message = DRV_EXITSESSION, .outcome = ExitOutcome::timed_out}};
    drivers.ended({.drivers = {late}});
    EXPECT_THAT(drivers.folded(),
                ElementsAre(testing::AllOf(Field(&RecordedDriver::stage, Stage::open),
                                           Field(&RecordedDriver::trouble, "timed out"),
                                           Field(&RecordedDriver::count, 1u)),
                            testing::AllOf(Field(&RecordedDriver::stage, Stage::ended),
                                           Field(&RecordedDriver::count, 2u))));
}

}  // namespace
}  // namespace instdrv::service
