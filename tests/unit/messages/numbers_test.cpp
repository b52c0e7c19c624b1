// Messages that carry numbers, and which family an instance speaks.
#include <instdrv/acm.h>
#include <instdrv/mci.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "messages/declarations.hpp"
#include "world.hpp"

namespace instdrv::messages::test {
namespace {

constexpr UINT unknown_message = DRV_USER + 0x123;

Result<Parameters> carried(const Sides& sides, std::uint64_t l1, std::uint64_t l2) {
    World world(sides);
    auto conversation = world.conversation(Family::standard);
    auto call = conversation.begin(unknown_message, {l1, l2}, world.client);
    if (!call) return failure(call.error());
    const Parameters got = call->parameters();
    EXPECT_TRUE(call->finish(0));
    return got;
}

TEST(Numbers, reach_a_64_bit_driver_as_they_are) {
    const auto wide = carried({}, 0x123456789ABCDEF0, ~std::uint64_t{0});
    EXPECT_EQ(wide->lparam1, 0x123456789ABCDEF0u);
    EXPECT_EQ(wide->lparam2, ~std::uint64_t{0});
}

TEST(Numbers, of_a_32_bit_client_keep_their_sign) {
    const auto got = carried({.client_pointer = 4, .driver_pointer = 8}, 0xFFFFFFFF, 0x7FFFFFFF);
    EXPECT_EQ(got->lparam1, ~std::uint64_t{0});
    EXPECT_EQ(got->lparam2, 0x7FFFFFFFu);
}

TEST(Numbers, reach_a_32_bit_driver_if_they_fit) {
    const Sides sides{.client_pointer = 8, .driver_pointer = 4};
    const auto got = carried(sides, static_cast<std::uint64_t>(-1), 0xFFFFFFFE);
    ASSERT_TRUE(got) << got.error().text();
    EXPECT_EQ(got->lparam1, 0xFFFFFFFFu);
    EXPECT_EQ(got->lparam2, 0xFFFFFFFEu);
    for (const std::uint64_t value : {std::uint64_t{0x1'0000'0000}, std::uint64_t{1} << 63,
                                      std::uint64_t{0xFFFF'FFFF'7FFF'FFFF}}) {
        const auto refused = carried(sides, 0, value);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::unsupported);
        EXPECT_THAT(refused.error().text(), testing::HasSubstr("lParam2"));
        EXPECT_THAT(refused.error().text(), testing::HasSubstr("0x4123"));
    }
}

TEST(Numbers, in_structures_are_refused_if_they_do_not_fit) {
    World world({.client_pointer = 8, .driver_pointer = 4});
    auto conversation = world.conversation(Family::mci);
    const std::uint64_t window = 0x1234'5678'9ABC;
    const auto parms = world.allocate(std::as_bytes(std::span(&window, 1)));
    const auto call = conversation.begin(MCI_CLOSE_DRIVER, {0, parms}, world.client);
    ASSERT_FALSE(call);
    EXPECT_EQ(call.error().code, ErrorCode::unsupported);
    EXPECT_THAT(call.error().text(), testing::HasSubstr("MCI_GENERIC_PARMS.dwCallback"));
}

TEST(McI, texts_are_read_only_where_the_flags_say_so) {
    World world({});
    auto conversation = world.conversation(Family::mci);
    const Structure& declared = structure_named(Family::mci, "MCI_OPEN_PARMS");
    const Layout layout = layout_of(declared, 8);
    const auto at = world.allocate(layout.size);
    const auto structure = world.client_at(at, layout.size);
    world.set(structure, declared, layout, "lpstrDeviceType", 0x0000'0000'0204);
    world.set(structure, declared, layout, "lpstrElementName", world.allocate_text(u"a.wav"));
    world.set(structure, declared, layout, "lpstrAlias", 3);  // rubbish
    Call call = world.begin(conversation, MCI_OPEN_DRIVER,
                            MCI_OPEN_TYPE | MCI_OPEN_TYPE_ID | MCI_OPEN_ELEMENT, at);
    const auto there = world.shared.at(call.parameters().lparam2, layout.size);
    EXPECT_EQ(world.get(there, declared, layout, "lpstrDeviceType"), 0x204u);
    EXPECT_EQ(world.get(there, declared, layout, "lpstrAlias"), 0u);
    const auto name = world.shared.at(world.get(there, declared, layout, "lpstrElementName"), 12);
    EXPECT_EQ(std::vector(name.begin(), name.end()), bytes_of(u"a.wav"));
}

TEST(OpenText, is_as_wide_as_the_driver_has_it) {
    for (const unsigned unit : {1u, 2u}) {
        World world({.open_text_unit = unit});
        auto conversation = world.conversation(Family::standard);
        const auto wide = bytes_of(u"abc");
        const std::vector<std::byte> narrow{std::byte{'a'}, std::byte{'b'}, std::byte{0}};
        const auto& text = unit == 2 ? wide : narrow;
        Call call = world.begin(conversation, DRV_OPEN, world.allocate(text), 42);
        const auto got = world.shared.at(call.parameters().lparam1, text.size());
        EXPECT_EQ(std::vector(got.begin(), got.end()), text);
        EXPECT_EQ(call.parameters().lparam2, 42u);
    }
}

TEST(Configuration, has_a_device_node_only_if_it_says_so) {
    World world({.client_pointer = 8, .driver_pointer = 4});
    auto conversation = world.conversation(Family::standard);
    DRVCONFIGINFO info{.dwDCISize = sizeof info};
    const auto at = world.allocate(std::as_bytes(std::span(&info, 1)));
    Call call = world.begin(conversation, DRV_CONFIGURE, 0, at);
    EXPECT_EQ(load(world.shared.at(call.parameters().lparam2, 16), 0, 4), 12u);
    DRVCONFIGINFOEX more{.dwDCISize = sizeof more, .dnDevNode = 5};
    const auto at_more = world.allocate(std::as_bytes(std::span(&more, 1)));
    Call second = world.begin(conversation, DRV_INSTALL, 0, at_more);
    const auto there = world.shared.at(second.parameters().lparam2, 16);
    EXPECT_EQ(load(there, 0, 4), 16u);
    EXPECT_EQ(load(there, 12, 4), 5u);
}

TEST(Families, are_told_by_what_a_driver_is_opened_with) {
    const ProcessMemory memory;
    const auto opened_with = [&](std::uint64_t lparam2, std::string_view section = {}) {
        return family_of_open(lparam2, section, memory);
    };
    const auto of = [&](FOURCC type) {
        const std::array<DWORD, 2> start{36, type};
        return opened_with(reinterpret_cast<std::uintptr_t>(start.data()), "mci");
    };
    EXPECT_EQ(of(INSTDRV_FOURCC('a', 'u', 'd', 'c')), Family::acm);
    EXPECT_EQ(of(INSTDRV_FOURCC('v', 'i', 'd', 'c')), Family::vfw);
    EXPECT_EQ(of(INSTDRV_FOURCC('v', 'i', 'd', 's')), Family::vfw);
    EXPECT_EQ(of(INSTDRV_FOURCC('v', 'c', 'a', 'p')), Family::vfw);
    EXPECT_EQ(of(INSTDRV_FOURCC('A', 'U', 'D', 'C')), Family::mci);
    EXPECT_EQ(opened_with(0), Family::standard);
    EXPECT_EQ(opened_with(0, "drivers32"), Family::standard);
    EXPECT_EQ(opened_with(0, "MCI32"), Family::mci);
    EXPECT_EQ(opened_with(0, "mci"), Family::mci);
    for (const std::uint64_t number :
         {std::uint64_t{1}, std::uint64_t{0x10000}, ~std::uint64_t{0}}) {
        EXPECT_EQ(opened_with(number), Family::standard) << number;
    }
}

}  // namespace
}  // namespace instdrv::messages::test
