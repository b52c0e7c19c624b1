// How calls look in traces: one line for every declared message, as make_sample sends it.
#include <instdrv/acm.h>
#include <instdrv/vfw.h>

#include <algorithm>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "messages/declarations.hpp"
#include "sample.hpp"
#include "trace_samples.hpp"
#include "world.hpp"

namespace instdrv::messages::test {
namespace {

// Numbers that are addresses of the sample differ from place to place.
std::string without_addresses(std::string text) {
    constexpr std::string_view beginning = "0x5566";  // of every address in a 64-bit client
    constexpr std::size_t digits = 8;
    for (auto at = text.find(beginning); at != std::string::npos; at = text.find(beginning)) {
        text.replace(at, beginning.size() + digits, "(address)");
    }
    return text;
}

std::string line_for(Family family, const Declaration& declaration, const Sides& sides) {
    World world(sides);
    const Sample sample = make_sample(world, declaration);
    return describe_call(family, declaration.number, sample.values(), sides, world.client);
}

TEST(Traces, have_a_line_for_every_message) {
    for (const Family family : {Family::standard, Family::mci, Family::acm, Family::vfw}) {
        std::vector<const Declaration*> declarations{&table_of(family).opening};
        for (const auto& declaration : table_of(family).messages) {
            if (declaration.number != DRV_OPEN) declarations.push_back(&declaration);
        }
        for (const Declaration* const declaration : declarations) {
            const std::string line = without_addresses(line_for(family, *declaration, {}));
            const auto sample = std::ranges::find_if(trace_samples, [&](const TraceSample& one) {
                return one.family == family &&
                       (one.line == declaration->name ||
                        one.line.starts_with(std::string(declaration->name) + ' '));
            });
            EXPECT_NE(sample, std::end(trace_samples)) << "trace_samples lacks: " << line;
            if (sample == std::end(trace_samples)) continue;
            EXPECT_EQ(line, sample->line);
        }
    }
}

TEST(Traces, of_a_32_bit_client_are_the_same) {
    for (const TraceSample& sample : trace_samples) {
        if (sample.line.find("(address)") != std::string_view::npos) continue;
        const auto name = sample.line.substr(0, sample.line.find(' '));
        const auto number = parse(name);
        ASSERT_TRUE(number) << name;
        const Declaration* const declaration = find_declaration(sample.family, *number);
        EXPECT_EQ(line_for(sample.family, *declaration, {.client_pointer = 4}), sample.line);
    }
}

TEST(Traces, say_what_cannot_be_read) {
    World world({});
    const auto describe_bad = [&](Family family, UINT message, std::uint64_t l1, std::uint64_t l2) {
        return describe_call(family, message, {l1, l2}, {}, world.client);
    };
    EXPECT_EQ(describe_bad(Family::acm, ACMDM_DRIVER_DETAILS, 0x10, 0),
              "ACMDM_DRIVER_DETAILS ACMDRIVERDETAILSW=0x10 (unreadable)");
    EXPECT_EQ(describe_bad(Family::vfw, ICM_DECOMPRESS_BEGIN, 0x10, 0),
              "ICM_DECOMPRESS_BEGIN input=0x10 (unreadable)");
    EXPECT_EQ(describe_bad(Family::acm, DRV_OPEN, 0x10, 0), "DRV_OPEN text=0x10 (unreadable)");
    EXPECT_EQ(describe_bad(Family::acm, ACMDM_DRIVER_DETAILS, 0, 0), "ACMDM_DRIVER_DETAILS");
}

TEST(Traces, of_unknown_messages_show_their_numbers) {
    const ProcessMemory memory;
    EXPECT_EQ(describe_call(Family::acm, 0x4001, {1, 0xFF}, {}, memory),
              "0x4001 lParam1=0x1 lParam2=0xff");
    EXPECT_EQ(describe_call(Family::standard, 0, {0, 0}, {}, memory), "0x0");
}

TEST(Traces, never_touch_memory_that_is_not_there) {
    const ProcessMemory direct;
    const std::string line = describe_call(Family::acm, ACMDM_STREAM_CONVERT,
                                           {0x7000'0000'0000, 0x7000'0000'0000}, {}, direct);
    EXPECT_THAT(line, testing::HasSubstr("unreadable"));
}

TEST(Traces, show_letters_only_where_they_are_letters) {
    World world({});
    BITMAPINFOHEADER header{.biSize = 40, .biWidth = 1, .biHeight = 2, .biCompression = 0x64697663};
    const auto line = [&] {
        const auto at = world.allocate(std::as_bytes(std::span(&header, 1)));
        return describe_call(Family::vfw, ICM_DRAW_QUERY, {at, 0}, {}, world.client);
    };
    EXPECT_EQ(line(), "ICM_DRAW_QUERY input=[1x2, 'cvid', 0 bit]");
    header.biCompression = 0x0A0A0A0A;
    EXPECT_EQ(line(), "ICM_DRAW_QUERY input=[1x2, 0xa0a0a0a, 0 bit]");
}

}  // namespace
}  // namespace instdrv::messages::test
