// The record's text and what it says of the last session; tests/integration/service kills services
// to see whether it is kept.
#include "service/record.hpp"

#include <atomic>
#include <chrono>

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

void unexpected(const Error& error) { ADD_FAILURE() << error.text(); }

bool settle(RecordKeeper& keeper) {
    return keeper.finish(std::chrono::steady_clock::now() + std::chrono::minutes(1));
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

TEST(Record, says_so_much_and_no_more) {
    SessionRecord record;
    for (int i = 0; i < 5000; ++i)
        record.drivers.push_back({.name = std::to_string(i) + ".acm"});
    const auto lines = unfinished(record, "this boot");
    ASSERT_EQ(lines.size(), most_lines + 1);
    EXPECT_EQ(lines.back(), "4900 more drivers did not end properly last time");
}

TEST(Record, of_another_time_has_no_counts) {
    const auto read = parse_record(
        R"({"version": 1, "boot": "", "process": 7, "ended_by": "", "complete": false, "drivers":
            [{"name": "a.acm", "file": "", "stage": "open", "trouble": ""}]})");
    ASSERT_TRUE(read) << read.error().text();
    EXPECT_EQ(read->drivers[0].count, 1u);
}

TEST(Record, is_not_read_where_it_is_larger_than_any) {
    const test::TemporaryFolder folder;
    const auto file = folder / "session.json";
    ASSERT_TRUE(write_file_atomically(file, {}));
    std::filesystem::resize_file(file, std::uintmax_t{1} << 34);
    const auto read = read_record(file);
    ASSERT_FALSE(read);
    EXPECT_THAT(read.error().text(), HasSubstr("too large"));
}

TEST(RecordKeeper, follows_a_driver_from_opening_to_its_end) {
    const test::TemporaryFolder folder;
    const auto instance = reinterpret_cast<HDRVR>(0x10001);
    const auto stored = [&folder] {
        const auto bytes = *read_file(folder / "session.json");
        return *parse_record({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    };
    const auto keeper = *RecordKeeper::open(folder.path(), unexpected);
    EXPECT_FALSE(keeper->previous()->has_value());
    keeper->begin();
    const auto key = keeper->opening("a.acm");
    EXPECT_EQ(stored().drivers[0].stage, Stage::opening);
    keeper->opened(key, opening_of(instance));
    EXPECT_EQ(stored().drivers[0].stage, Stage::open);
    keeper->forget(keeper->opening("b.acm"));
    keeper->end_begins("SIGTERM");
    ASSERT_TRUE(settle(*keeper));
    EXPECT_EQ(stored().ended_by, "SIGTERM");
    EXPECT_FALSE(stored().complete);
    for (const UINT message : {DRV_EXITSESSION, DRV_CLOSE})
        keeper->progress({.file = "/d/a.acm", .instance = instance, .message = message});
    ExitDriver late{.name = "a.acm", .file = "/d/a.acm", .instance = instance};
    late.messages = {{.message = DRV_EXITSESSION, .outcome = ExitOutcome::timed_out}};
    keeper->ended({.drivers = {late}});
    ASSERT_TRUE(settle(*keeper));
    EXPECT_TRUE(stored().complete);
    ASSERT_EQ(stored().drivers.size(), 1u);
    EXPECT_EQ(stored().drivers[0].trouble, "timed out");
}

TEST(RecordKeeper, complains_once_and_goes_on_when_it_cannot_be_written) {
    const test::TemporaryFolder folder;
    std::atomic<int> complaints = 0;
    const auto keeper =
        *RecordKeeper::open(folder / "session", [&](const Error&) { ++complaints; });
    std::filesystem::remove_all(folder / "session");
    keeper->begin();
    const auto key = keeper->opening("a.acm");  // does not wait for what never comes
    keeper->opened(key, opening_of(nullptr));
    keeper->ended({});
    ASSERT_TRUE(settle(*keeper));
    EXPECT_EQ(complaints, 1);
}

TEST(RecordKeeper, names_a_driver_that_was_loaded_and_did_not_end) {
    const test::TemporaryFolder folder;
    const auto keeper = *RecordKeeper::open(folder.path(), unexpected);
    const auto key = keeper->opening("boot.dll");
    keeper->opened(key, opening_of(nullptr));
    ExitDriver late{.name = "boot.dll", .file = "/d/a.acm"};
    late.messages = {{.message = DRV_DISABLE, .outcome = ExitOutcome::timed_out}};
    keeper->ended({.drivers = {late}});
    ASSERT_TRUE(settle(*keeper));
    const auto bytes = *read_file(folder / "session.json");
    const auto stored = *parse_record({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    EXPECT_THAT(unfinished(stored, stored.boot),
                ElementsAre("boot.dll did not end properly last time: timed out"));
}

TEST(RecordKeeper, forgets_what_a_client_has_closed) {
    const test::TemporaryFolder folder;
    const auto instance = reinterpret_cast<HDRVR>(0x10001);
    const auto keeper = *RecordKeeper::open(folder.path(), unexpected);
    const auto key = keeper->opening("a.acm");
    keeper->opened(key, opening_of(instance));
    keeper->forget(instance);
    keeper->ended({});
    ASSERT_TRUE(settle(*keeper));
    const auto bytes = *read_file(folder / "session.json");
    EXPECT_TRUE(
        parse_record({reinterpret_cast<const char*>(bytes.data()), bytes.size()})->drivers.empty());
}

TEST(RecordKeeper, is_alone_in_its_folder) {
    const test::TemporaryFolder folder;
    const auto first = RecordKeeper::open(folder.path(), unexpected);
    const auto second = RecordKeeper::open(folder.path(), unexpected);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::busy);
}

}  // namespace
}  // namespace instdrv::service
