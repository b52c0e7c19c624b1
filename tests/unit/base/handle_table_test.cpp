#include <atomic>
#include <memory>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "base/handle_table.hpp"

namespace instdrv {
namespace {

using Table = HandleTable<int>;

TEST(HandleTable, gives_numbers_as_windows_does) {
    Table table;
    std::set<std::uint32_t> seen;
    for (int i = 0; i < 1000; ++i) {
        const auto handle = table.add(std::make_shared<int>(i));
        EXPECT_NE(handle, 0u);
        EXPECT_EQ(handle % 4, 0u);
        EXPECT_LT(handle, 1u << 31);
        EXPECT_TRUE(seen.insert(handle).second);
        EXPECT_EQ(*table.find(handle), i);
    }
    EXPECT_EQ(table.size(), 1000u);
}

TEST(HandleTable, knows_closed_handles) {
    Table table;
    const auto first = table.add(std::make_shared<int>(1));
    EXPECT_EQ(*table.remove(first), 1);
    EXPECT_EQ(table.find(first), nullptr);
    EXPECT_EQ(table.remove(first), nullptr);
    EXPECT_EQ(table.size(), 0u);
    const auto second = table.add(std::make_shared<int>(2));
    EXPECT_NE(first, second);
    EXPECT_EQ(table.find(first), nullptr);
}

TEST(HandleTable, refuses_numbers_that_were_never_given) {
    Table table;
    const auto handle = table.add(std::make_shared<int>(1));
    for (const std::uintptr_t wrong :
         {std::uintptr_t{0}, std::uintptr_t{1}, std::uintptr_t{3}, ~std::uintptr_t{0},
          ~std::uintptr_t{1}, std::uintptr_t{0xFFFFFFFF}, std::uintptr_t{0xFFFFFFFC},
          std::uintptr_t{handle} + 1, std::uintptr_t{handle} + 4,
          std::uintptr_t{handle} | std::uintptr_t{1} << (sizeof(void*) * 8 - 1)}) {
        EXPECT_EQ(table.find(wrong), nullptr) << wrong;
        EXPECT_EQ(table.remove(wrong), nullptr) << wrong;
    }
    EXPECT_NE(table.find(handle), nullptr);
}

TEST(HandleTable, does_not_mistake_an_old_handle_for_long) {
    Table table;
    for (int i = 0; i < 100; ++i)
        (void)table.add(std::make_shared<int>(i));
    const auto old = table.add(std::make_shared<int>(-1));
    for (int i = 0; i < 50; ++i)
        (void)table.remove(table.add(std::make_shared<int>(i)));
    (void)table.remove(old);
    for (int i = 0; i < 2000; ++i) {
        const auto handle = table.add(std::make_shared<int>(i));
        ASSERT_NE(handle, old);
        ASSERT_EQ(table.find(old), nullptr);
        (void)table.remove(handle);
    }
}

TEST(HandleTable, says_when_it_is_full) {
    Table table;
    const auto object = std::make_shared<int>(1);
    std::uint32_t last = 0;
    for (std::size_t i = 0; i < Table::capacity; ++i)
        last = table.add(object);
    EXPECT_EQ(table.find(last), object);
    EXPECT_EQ(table.add(object), 0u);
    EXPECT_EQ(table.size(), Table::capacity);
    EXPECT_EQ(table.remove(last), object);
    EXPECT_NE(table.add(object), 0u);
}

RC_GTEST_PROP(HandleTable, behaves_like_a_map, (const std::vector<std::uint8_t>& actions)) {
    Table table;
    std::vector<std::pair<std::uint32_t, int>> open;
    std::vector<std::uint32_t> closed;
    for (const auto action : actions) {
        if (action % 3 != 0 || open.empty()) {
            open.emplace_back(table.add(std::make_shared<int>(action)), action);
        } else {
            const auto victim = open.begin() + action % static_cast<long>(open.size());
            RC_ASSERT(*table.remove(victim->first) == victim->second);
            closed.push_back(victim->first);
            open.erase(victim);
        }
        RC_ASSERT(table.size() == open.size());
        for (const auto& [handle, value] : open)
            RC_ASSERT(*table.find(handle) == value);
        for (const auto handle : closed)
            RC_ASSERT(!table.find(handle));
    }
}

TEST(HandleTable, lets_one_of_many_threads_close) {
    Table table;
    for (int round = 0; round < 200; ++round) {
        const auto handle = table.add(std::make_shared<int>(round));
        std::atomic<int> closed = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&] {
                const auto found = table.find(handle);
                if (found && *found != round) closed += 100;
                if (table.remove(handle)) ++closed;
            });
        }
        for (auto& thread : threads)
            thread.join();
        ASSERT_EQ(closed, 1);
    }
}

}  // namespace
}  // namespace instdrv
