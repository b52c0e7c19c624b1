#include "supervisor/handle_names.hpp"

#include <gtest/gtest.h>

namespace instdrv::supervisor {
namespace {

HDRVR handle(std::uintptr_t number) { return reinterpret_cast<HDRVR>(number); }

TEST(HandleNames, FitThirtyTwoBitsAndLeadBack) {
    HandleNames names;
    const auto name = names.name_of(handle(0x7F00'0000'0001));
    EXPECT_NE(name, 0u);
    EXPECT_LE(name, 0x7FFF'FFFFu);
    EXPECT_EQ(names.name_of(handle(0x7F00'0000'0001)), name);
    EXPECT_EQ(names.handle_of(name), handle(0x7F00'0000'0001));
}

TEST(HandleNames, OfAnotherInstanceLeadNowhere) {
    HandleNames names;
    const auto name = names.name_of(handle(1));
    EXPECT_EQ(names.handle_of(name + 4), nullptr);
    EXPECT_EQ(names.handle_of(1), nullptr) << "the handle itself is no name";
    EXPECT_EQ(names.handle_of(0), nullptr);
    EXPECT_EQ(names.name_of(nullptr), 0u);
}

TEST(HandleNames, AreForgottenAndNotUsedAgain) {
    HandleNames names;
    const auto name = names.name_of(handle(1));
    names.forget(handle(1));
    EXPECT_EQ(names.handle_of(name), nullptr);
    EXPECT_NE(names.name_of(handle(1)), name);
}

}  // namespace
}  // namespace instdrv::supervisor
