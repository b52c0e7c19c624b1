// The record's text and what it says of the last session; tests/integration/service kills services
// to see whether it is kept.
#include "service/record.hpp"

#include <gmock/gmock.h>

#include "support/temporary_folder.hpp"

namespace instdrv::service {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

SessionRecord record_of(Stage stage, const std::string& trouble = {}) {
    return {.boot = "this boot",
            .process = 7,
            .ended_by = "SIGTERM",
            .drivers = {{.name = "a.acm", .file = "/d/a.acm", .stage = stage, .trouble = trouble}}};
}

DriverOpening opening_of(HDRVR instance) {
    DriverOpening opening;
    opening.file = "/d/a.acm";
    if (instance != nullptr) opening.info = InstanceInfo{.handle = instance, .file = opening.file};
    return opening;
}

TEST(Record, survives_writing_and_reading) {
    auto record = record_of(Stage::told, "timed out");
    record.drivers.push_back({.name = "quote \" and \n line"});
    const auto read = parse_record(to_text(record));
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(to_text(*read), to_text(record));
    EXPECT_EQ(read->drivers[0].stage, Stage::told);
    EXPECT_EQ(read->drivers[0].trouble, "timed out");
}

TEST(Record, says_nothing_of_drivers_that_ended) {
    EXPECT_THAT(unfinished(record_of(Stage::ended), "this boot"), IsEmpty());
    EXPECT_THAT(unfinished({}, "this boot"), IsEmpty());
}

TEST(Record, says_why_a_driver_did_not_end) {
    EXPECT_THAT(unfinished(record_of(Stage::opening), "this boot"),
                ElementsAre(HasSubstr("it was being opened when the service was killed")));
    EXPECT_THAT(unfinished(record_of(Stage::open), "another boot"),
                ElementsAre(HasSubstr("not told of the end when the machine went down")));
    EXPECT_THAT(unfinished(record_of(Stage::told), "this boot"),
                ElementsAre(HasSubstr("told of the end but not closed")));
    EXPECT_THAT(unfinished(record_of(Stage::closed), "this boot"),
                ElementsAre(HasSubstr("closed but not freed")));
    EXPECT_THAT(unfinished(record_of(Stage::told, "timed out"), "this boot"),
                ElementsAre("a.acm did not end properly last time: timed out"));
}

TEST(RecordKeeper, follows_a_driver_from_opening_to_its_end) {
    const test::TemporaryFolder folder;
    const auto instance = reinterpret_cast<HDRVR>(0x10001);
    const auto stored = [&folder] {
        const auto bytes = *read_file(folder / "session.json");
        return *parse_record({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    };
    const auto keeper = *RecordKeeper::open(folder.path());
    EXPECT_FALSE(keeper->previous()->has_value());
    ASSERT_TRUE(keeper->begin());
    const auto key = keeper->opening("a.acm");
    ASSERT_TRUE(key);
    EXPECT_EQ(stored().drivers[0].stage, Stage::opening);
    ASSERT_TRUE(keeper->opened(*key, opening_of(instance)));
    EXPECT_EQ(stored().drivers[0].stage, Stage::open);
    const auto refused = keeper->opening("b.acm");
    ASSERT_TRUE(keeper->forget(*refused));
    ASSERT_TRUE(keeper->end_begins("SIGTERM"));
    EXPECT_EQ(stored().ended_by, "SIGTERM");
    EXPECT_FALSE(stored().complete);
    for (const UINT message : {DRV_EXITSESSION, DRV_CLOSE}) {
        ASSERT_TRUE(
            keeper->progress({.file = "/d/a.acm", .instance = instance, .message = message}));
    }
    ExitDriver late{.name = "a.acm", .file = "/d/a.acm", .instance = instance};
    late.messages = {{.message = DRV_EXITSESSION, .outcome = ExitOutcome::timed_out}};
    ASSERT_TRUE(keeper->ended({.drivers = {late}}));
    EXPECT_TRUE(stored().complete);
    ASSERT_EQ(stored().drivers.size(), 1u);
    EXPECT_EQ(stored().drivers[0].trouble, "timed out");
}

TEST(RecordKeeper, names_a_driver_that_was_loaded_and_did_not_end) {
    const test::TemporaryFolder folder;
    const auto keeper = *RecordKeeper::open(folder.path());
    const auto key = *keeper->opening("boot.dll");
    ASSERT_TRUE(keeper->opened(key, opening_of(nullptr)));
    ExitDriver late{.name = "boot.dll", .file = "/d/a.acm"};
    late.messages = {{.message = DRV_DISABLE, .outcome = ExitOutcome::timed_out}};
    ASSERT_TRUE(keeper->ended({.drivers = {late}}));
    const auto bytes = *read_file(folder / "session.json");
    const auto stored = *parse_record({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    EXPECT_THAT(unfinished(stored, stored.boot),
                ElementsAre("boot.dll did not end properly last time: timed out"));
}

TEST(RecordKeeper, forgets_what_a_client_has_closed) {
    const test::TemporaryFolder folder;
    const auto instance = reinterpret_cast<HDRVR>(0x10001);
    const auto keeper = *RecordKeeper::open(folder.path());
    const auto key = *keeper->opening("a.acm");
    ASSERT_TRUE(keeper->opened(key, opening_of(instance)));
    ASSERT_TRUE(keeper->forget(instance));
    ASSERT_TRUE(keeper->ended({}));
    const auto bytes = *read_file(folder / "session.json");
    EXPECT_TRUE(
        parse_record({reinterpret_cast<const char*>(bytes.data()), bytes.size()})->drivers.empty());
}

TEST(RecordKeeper, is_alone_in_its_folder) {
    const test::TemporaryFolder folder;
    const auto first = RecordKeeper::open(folder.path());
    const auto second = RecordKeeper::open(folder.path());
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::busy);
}

}  // namespace
}  // namespace instdrv::service
