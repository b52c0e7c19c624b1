#include <algorithm>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <instdrv/exit.hpp>

#include "messages/catalog.hpp"

namespace instdrv::messages {
namespace {

std::size_t count_of(Family family) {
    const auto messages = all();
    return std::count_if(messages.begin(), messages.end(),
                         [family](const Message& message) { return message.family == family; });
}

TEST(Messages, of_every_family_are_there) {
    EXPECT_EQ(count_of(Family::standard), 24u);
    EXPECT_EQ(count_of(Family::mci), 50u);
    EXPECT_EQ(count_of(Family::acm), 18u);
    EXPECT_EQ(count_of(Family::vfw), 55u);
}

TEST(Messages, have_names_and_numbers_of_their_own) {
    for (const auto& a : all()) {
        EXPECT_EQ(parse(a.name), a.number) << a.name;
        EXPECT_EQ(describe(a.number, a.family), a.name);
    }
}

TEST(Messages, are_parsed_by_name_in_any_case_or_as_numbers) {
    EXPECT_EQ(parse("DRV_CONFIGURE"), UINT{DRV_CONFIGURE});
    EXPECT_EQ(parse("drv_exitSession"), UINT{DRV_EXITSESSION});
    EXPECT_EQ(parse("mci_play"), 0x806u);
    EXPECT_EQ(parse("DRV_USER"), UINT{DRV_USER});
    EXPECT_EQ(parse("drv_user+0x10"), DRV_USER + 0x10u);
    EXPECT_EQ(parse("DRV_RESERVED+2"), DRV_RESERVED + 2u);
    EXPECT_FALSE(parse("DRV_USER+"));
    EXPECT_FALSE(parse("DRV_USER+0xFFFFFFFF"));
    EXPECT_EQ(parse("0"), 0u);
    EXPECT_EQ(parse("11"), 11u);
    EXPECT_EQ(parse("0x400A"), 0x400Au);
    EXPECT_EQ(parse("0Xffffffff"), 0xFFFFFFFFu);
    EXPECT_EQ(parse("4294967295"), 0xFFFFFFFFu);
}

TEST(Messages, are_not_guessed) {
    for (const auto* text :
         {"", " ", "0x", "x10", "12a", "0x12g", " 12", "12 ", "-1", "+1", "4294967296",
          "0x100000000", "DRV_", "DRV_CONFIGURE ", "DRV_RESERVE", "1.5", "0x-1"}) {
        EXPECT_FALSE(parse(text)) << "'" << text << "'";
    }
    EXPECT_FALSE(parse(std::string("DRV_LOAD\0", 9)));
    EXPECT_FALSE(parse(std::string("1\0", 2)));
}

TEST(Messages, are_described_by_the_first_family_that_knows_them) {
    EXPECT_EQ(describe(DRV_EXITSESSION), "DRV_EXITSESSION");
    EXPECT_EQ(describe(0x80B), "DRV_PNPINSTALL");
    EXPECT_EQ(describe(0x80B, Family::mci), "MCI_GETDEVCAPS");
    EXPECT_EQ(describe(0x400D, Family::vfw), "ICM_DECOMPRESS");
    EXPECT_EQ(describe(DRV_OPEN, Family::acm), "DRV_OPEN");
    EXPECT_EQ(describe(0x400D, Family::acm), "0x400d");
    EXPECT_EQ(describe(0), "0x0");
    EXPECT_EQ(describe(0xFFFFFFFD), "0xfffffffd");
    EXPECT_EQ(describe(loading_step), "load");
    EXPECT_EQ(describe(unloading_step), "unload");
}

TEST(Messages, that_only_the_system_sends) {
    for (UINT number = 0; number < 0x10000; ++number) {
        const bool reserved = (number >= DRV_LOAD && number <= DRV_FREE) ||
                              number == DRV_EXITSESSION || number == DRV_EXITAPPLICATION;
        EXPECT_EQ(reserved_for_system(number), reserved) << number;
    }
    EXPECT_FALSE(reserved_for_system(0xFFFFFFFF));
}

TEST(Messages, families_have_names) {
    EXPECT_EQ(name_of(Family::standard), "standard");
    EXPECT_EQ(name_of(Family::mci), "mci");
    EXPECT_EQ(name_of(Family::acm), "acm");
    EXPECT_EQ(name_of(Family::vfw), "vfw");
}

}  // namespace
}  // namespace instdrv::messages
