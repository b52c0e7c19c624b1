#include <cerrno>
#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sandbox/plan.hpp"
#include "sandbox/report.hpp"

namespace instdrv::sandbox {
namespace {

Plan rich_plan() {
    return {.architecture = Architecture::i386,
            .landlock_abi = 6,
            .handled_files = 0xffff,
            .handled_network = 3,
            .scoped = 3,
            .filter = {{0x20, 0, 0, 4}, {0x15, 1, 2, 0xc000003e}, {0x06, 0, 0, 0x7fff0000}},
            .paths = {{"/opt/codecs", 0x0c, Missing::fail, false},
                      {"/home/me/st\xc3\xa4te", 0xe1be, Missing::create, false},
                      {"/proc/self/maps", 0x04, Missing::skip, true}},
            .limits = {{9, std::uint64_t{4} << 30}, {4, 0}},
            .variables = {"TZ", "LANG"}};
}

TEST(PlanTest, ComesBackAsItWas) {
    const auto plan = rich_plan();
    const auto parsed = parse_plan(serialise(plan));
    ASSERT_TRUE(parsed) << parsed.error().text();
    EXPECT_EQ(*parsed, plan);
}

TEST(PlanTest, ASmallestOneComesBackToo) {
    const Plan plan{.filter = {{0x06, 0, 0, 0}}};
    EXPECT_EQ(parse_plan(serialise(plan)).value(), plan);
}

TEST(PlanTest, EveryTruncationIsRefused) {
    const auto bytes = serialise(rich_plan());
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_FALSE(parse_plan(std::span(bytes).first(size))) << size;
    }
}

TEST(PlanTest, NothingMayBeLeftOver) {
    auto bytes = serialise(rich_plan());
    bytes.push_back(std::byte{'x'});
    EXPECT_FALSE(parse_plan(bytes));
}

// A garbled byte is refused or is another valid value of its field; in no case is it lost, which
// is what would let two readers see two plans.
TEST(PlanTest, EveryGarbledByteIsRefusedOrSeen) {
    const auto plan = rich_plan();
    const auto bytes = serialise(plan);
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        for (const int flip : {0x01, 0x80, 0xff}) {
            auto garbled = bytes;
            garbled[at] ^= static_cast<std::byte>(flip);
            const auto parsed = parse_plan(garbled);
            EXPECT_TRUE(!parsed || *parsed != plan) << at;
        }
    }
}

TEST(PlanTest, FieldsOutOfRangeAreRefused) {
    auto filterless = rich_plan();
    filterless.filter.clear();
    EXPECT_FALSE(parse_plan(serialise(filterless)));
    auto long_filter = rich_plan();
    long_filter.filter.resize(4097);
    EXPECT_FALSE(parse_plan(serialise(long_filter)));
    auto relative = rich_plan();
    relative.paths[0].path = "opt/codecs";
    EXPECT_FALSE(parse_plan(serialise(relative)));
    auto cut = rich_plan();
    cut.paths[0].path = std::string("/opt\0/codecs", 12);
    EXPECT_FALSE(parse_plan(serialise(cut)));
    auto nameless = rich_plan();
    nameless.variables[0].clear();
    EXPECT_FALSE(parse_plan(serialise(nameless)));
}

TEST(PlanTest, CountsThatOverflowAreRefused) {
    const auto bytes = serialise(rich_plan());
    constexpr std::size_t counts = 16;  // four of them, behind magic, version, machine and ABI
    for (std::size_t field = 0; field < 4; ++field) {
        for (const std::uint32_t count : {0x7fffffffU, 0x80000000U, 0xffffffffU}) {
            auto garbled = bytes;
            std::memcpy(garbled.data() + counts + field * sizeof count, &count, sizeof count);
            EXPECT_FALSE(parse_plan(garbled)) << field;
        }
    }
}

std::vector<std::byte> bytes_of(const ConfinementReport& report) {
    const auto bytes = std::as_bytes(std::span(&report, 1));
    return {bytes.begin(), bytes.end()};
}

TEST(ReportTest, ComesBackAsItWas) {
    ConfinementReport report;
    report.confined = 1;
    report[Layer::landlock] = {.state = LayerState::on, .detail = 7};
    const auto read = read_report(bytes_of(report));
    ASSERT_TRUE(read);
    EXPECT_TRUE(status_of(*read));
    EXPECT_EQ(describe(Layer::landlock, (*read)[Layer::landlock]), "on, ABI 7");
    EXPECT_EQ(describe(Layer::seccomp, (*read)[Layer::seccomp]), "not reached");
}

TEST(ReportTest, OfAScoreThatCouldNotBeRaisedIsOfAWholeConfinement) {
    ConfinementReport report;
    report[Layer::oom_score] = {.state = LayerState::on,
                                .detail = static_cast<std::uint32_t>(-200)};
    EXPECT_EQ(describe(Layer::oom_score, report[Layer::oom_score]), "on, -200");
    report[Layer::oom_score] = {.state = LayerState::failed, .error = EACCES};
    EXPECT_EQ(describe(Layer::oom_score, report[Layer::oom_score]), "failed: Permission denied");
    report[Layer::capabilities] = {.state = LayerState::failed, .error = EPERM};
    EXPECT_EQ(status_of(report).error().cause, "capabilities: Operation not permitted");
    report.confined = 1;
    EXPECT_TRUE(status_of(report));
}

TEST(ReportTest, OfAnotherSizeKindOrValueIsRefused) {
    auto bytes = bytes_of({});
    EXPECT_TRUE(read_report(bytes));
    EXPECT_FALSE(read_report(std::span(bytes).first(bytes.size() - 1)));
    EXPECT_FALSE(read_report({}));
    ConfinementReport other;
    other.version = 1;
    EXPECT_FALSE(read_report(bytes_of(other)));
    ConfinementReport odd;
    odd[Layer::limits].state = static_cast<LayerState>(17);
    EXPECT_FALSE(read_report(bytes_of(odd)));
    ConfinementReport confined_twice;
    confined_twice.confined = 2;
    EXPECT_FALSE(read_report(bytes_of(confined_twice)));
}

TEST(ReportTest, NamesTheLayerThatFailed) {
    ConfinementReport report;
    report[Layer::descriptors].state = LayerState::on;
    report[Layer::limits] = {.state = LayerState::failed, .error = EPERM, .detail = 7};
    const auto status = status_of(report);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().cause, "limits: limit of open files: Operation not permitted");
    EXPECT_EQ(status.error().system_code, EPERM);
    report.plan_error = 1;
    EXPECT_NE(status_of(report).error().cause, status.error().cause);
}

}  // namespace
}  // namespace instdrv::sandbox
