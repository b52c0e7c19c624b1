#include "supervisor/callback_table.hpp"

#include <set>

#include <gtest/gtest.h>

#include "supervisor/client.hpp"

namespace instdrv::supervisor {
namespace {

CallbackTable::Target target(std::uint64_t callback) {
    return {{.type = 0x30000, .callback = callback, .user = 1, .device = 2}, {}, false};
}

TEST(CallbackTable, GivesTokensThatFitAnyDriver) {
    CallbackTable table;
    const auto token = table.add(target(0x7FFF'1234'5678));
    EXPECT_NE(token, 0u);
    EXPECT_LE(token, 0x7FFF'FFFFu);
    EXPECT_EQ(table.target(token)->what.callback, 0x7FFF'1234'5678u);
}

TEST(CallbackTable, LeadsNowhereFromANumberThatSomebodyInvented) {
    CallbackTable table;
    const auto token = table.add(target(5));
    EXPECT_FALSE(table.target(5));
    EXPECT_FALSE(table.target(token + 1));
    EXPECT_FALSE(table.function(token)) << "a notification's token is no function's";
    table.remove(token);
    EXPECT_FALSE(table.target(token));
}

// Of its other tokens nothing follows, or a client could have a driver call another's function.
TEST(CallbackTable, GivesTokensThatNobodyCanGuess) {
    for (const unsigned pointer_size : {4u, 8u}) {
        std::set<std::uint64_t> steps;
        CallbackTable table;
        table.use_channel(7, pointer_size);
        auto last = table.add(target(5));
        for (int i = 0; i < 50; ++i) {
            const auto next = table.add(target(5));
            steps.insert(next - last);
            last = next;
        }
        EXPECT_GT(steps.size(), 45u);
        EXPECT_EQ(pointer_size == 8, last >> 32 != 0);
    }
}

TEST(CallbackTable, TellsFunctionsByTheirKind) {
    CallbackTable table;
    channel::LoadModule::Answer facts{};
    facts.functions[1] = 0x1000;
    InstanceCallbacks callbacks(table, facts);
    const auto thunk = callbacks.thunk_for(
        {.kind = messages::FunctionKind::icm_get_data, .address = 0x77, .user = 9});
    ASSERT_TRUE(thunk);
    EXPECT_EQ(thunk->address, 0x1000u);
    EXPECT_EQ(table.function(thunk->token)->what.address, 0x77u);
    callbacks.release(thunk->token);
    EXPECT_FALSE(table.function(thunk->token));
}

// Else a driver could have any address of this process called.
TEST(CallbackTable, TakesNoFunctionOfADrivers) {
    CallbackTable table;
    const channel::LoadModule::Answer facts{};
    InstanceCallbacks callbacks(table, facts);
    const Client driver{this_process().memory, 8, 1};
    const ClientScope scope(driver);
    EXPECT_FALSE(
        callbacks.thunk_for({.kind = messages::FunctionKind::icm_status, .address = 0x77}));
    for (const std::uint32_t type : {CALLBACK_FUNCTION, CALLBACK_EVENT, CALLBACK_TASK}) {
        EXPECT_FALSE(callbacks.token_for({.type = type, .callback = 0x77}));
    }
    EXPECT_TRUE(callbacks.token_for({.type = CALLBACK_NULL}));
}

}  // namespace
}  // namespace instdrv::supervisor
