#include "cli/report.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "service/report_json.hpp"

namespace instdrv::cli {
namespace {

using nlohmann::json;
using service::DriverOpening;
using service::report_json;
using namespace std::chrono_literals;

ExitMessage message(UINT number, ExitOutcome outcome, LRESULT answer = 1) {
    const auto phase = number == DRV_EXITSESSION ? ExitPhase::notify : ExitPhase::close;
    return {
        .message = number, .phase = phase, .outcome = outcome, .answer = answer, .took = 1500us};
}

ExitReport report_of_two() {
    ExitDriver well{.name = "good", .file = "/d/good.dll", .kind = "PE32+ x86-64"};
    well.instance = reinterpret_cast<HDRVR>(std::uintptr_t{0x10001});
    well.driver_id = 0xFFFFFFFFFFFFFFFE;
    well.messages = {message(DRV_EXITSESSION, ExitOutcome::answered, -5),
                     message(DRV_CLOSE, ExitOutcome::answered),
                     message(DRV_DISABLE, ExitOutcome::answered),
                     message(DRV_FREE, ExitOutcome::answered)};
    ExitDriver hung{.name = "hung", .file = "/d/hung.so", .kind = "ELF x86-64"};
    hung.messages = {message(DRV_EXITSESSION, ExitOutcome::timed_out),
                     message(DRV_CLOSE, ExitOutcome::not_sent)};
    return {.options = {.reason = ExitReason::signal}, .drivers = {well, hung}, .took = 2s};
}

TEST(ReportJson, SaysEverything) {
    const auto report = report_json(report_of_two(), "SIGTERM", {});
    EXPECT_EQ(report["announced_by"], "SIGTERM");
    EXPECT_EQ(report["reason"], "signal");
    EXPECT_EQ(report["ended_well"], false);
    EXPECT_EQ(report["milliseconds"], 2000.0);
    EXPECT_EQ(report["notify_timeout_ms"], 2000);
    const auto& good = report["drivers"][0];
    EXPECT_EQ(good["file"], "/d/good.dll");
    EXPECT_EQ(good["driver_id"], "0xfffffffffffffffe");
    EXPECT_EQ(good["ended_well"], true);
    EXPECT_EQ(good["messages"][0], json::parse(R"({"message": "DRV_EXITSESSION", "number": 11,
        "phase": "notify", "outcome": "answered", "answer": -5, "milliseconds": 1.5,
        "error": null})"));
}

TEST(ReportJson, HasNoAnswerWhereThereWasNone) {
    const auto report = report_json(report_of_two(), "SIGTERM", {});
    const auto& hung = report["drivers"][1];
    EXPECT_EQ(hung["handle"], nullptr);
    EXPECT_EQ(hung["messages"][0]["answer"], nullptr);
    EXPECT_EQ(hung["messages"][1]["outcome"], name_of(ExitOutcome::not_sent));
}

TEST(ReportJson, NamesDriversThatNeverWereOpen) {
    DriverOpening failed{.request = {.name = "foo.acm"}, .finished = true};
    failed.error =
        Error{.code = ErrorCode::not_found, .operation = "open", .cause = "no such file"};
    const DriverOpening never{.request = {.name = "bar"}};
    const std::vector openings{failed, never};
    const auto report = report_json(report_of_two(), "SIGTERM", openings);
    ASSERT_EQ(report["not_opened"].size(), 2u);
    EXPECT_EQ(report["not_opened"][0]["error"]["code"], "not_found");
    EXPECT_EQ(report["not_opened"][1]["error"], nullptr);
}

TEST(ReportTable, ShowsAnswersOrWhyThereAreNone) {
    const auto table = report_table(report_of_two()).json();
    EXPECT_EQ(table[0]["exit_session"], "-5");
    EXPECT_EQ(table[0]["free"], "1");
    EXPECT_EQ(table[1]["exit_session"], name_of(ExitOutcome::timed_out));
    EXPECT_EQ(table[1]["disable"], nullptr);
}

TEST(OpeningTable, TellsOpenLoadedFailedAndNotOpened) {
    DriverOpening open{.request = {.name = "a"}, .finished = true};
    open.info = InstanceInfo{.driver_id = 7, .file = "/d/a.dll", .kind = "PE32+ x86-64"};
    DriverOpening loaded{.request = {.name = "b", .load_only = true}, .finished = true};
    loaded.file = "/d/b.dll";
    loaded.kind = "PE32 i386";
    DriverOpening failed{.request = {.name = "c"}, .finished = true};
    failed.error = Error{};
    const DriverOpening never{.request = {.name = "d"}};
    const auto table = opening_table(std::vector{open, loaded, failed, never}).json();
    EXPECT_EQ(table[0]["state"], "open");
    EXPECT_EQ(table[0]["driver_id"], "0x7");
    EXPECT_EQ(table[1]["state"], "loaded");
    EXPECT_EQ(table[1]["kind"], "PE32 i386");
    EXPECT_EQ(table[1]["file"], "/d/b.dll");
    EXPECT_EQ(table[2]["state"], "failed");
    EXPECT_EQ(table[3]["state"], "not opened");
}

}  // namespace
}  // namespace instdrv::cli
