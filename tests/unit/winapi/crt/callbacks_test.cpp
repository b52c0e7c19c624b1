// Functions that call the driver back.
#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "dlls/dll_call.hpp"

namespace instdrv::winapi::test {
namespace {

constexpr CalledDll ucrt{"ucrtbase.dll"};

int WINFN_C by_value(const void* a, const void* b) {
    const int x = *static_cast<const int*>(a);
    const int y = *static_cast<const int*>(b);
    return x < y ? -1 : x > y ? 1 : 0;
}

int WINFN_C by_value_times(void* factor, const void* a, const void* b) {
    return by_value(a, b) * *static_cast<const int*>(factor);
}

TEST(Sorting, OrdersWhateverItGets) {
    std::mt19937 random(7);
    for (std::size_t size = 0; size < 200; ++size) {
        std::vector<int> numbers(size);
        for (int& number : numbers)
            number = static_cast<int>(random() % 50);
        std::vector<int> expected = numbers;
        std::sort(expected.begin(), expected.end());
        ucrt.call<void>("qsort", static_cast<void*>(numbers.data()), SIZE_T{size}, SIZE_T{4},
                        &by_value);
        EXPECT_EQ(numbers, expected);
    }
}

TEST(Sorting, PassesTheContextOn) {
    int numbers[] = {1, 3, 2};
    int backwards = -1;
    ucrt.call<void>("qsort_s", static_cast<void*>(numbers), SIZE_T{3}, SIZE_T{4}, &by_value_times,
                    static_cast<void*>(&backwards));
    EXPECT_EQ(std::vector<int>(numbers, numbers + 3), (std::vector<int>{3, 2, 1}));
}

TEST(Searching, FindsWhatIsThere) {
    std::vector<int> numbers(57);
    std::iota(numbers.begin(), numbers.end(), 10);
    for (int wanted = 0; wanted < 100; ++wanted) {
        const void* const found = ucrt.call<void*>("bsearch", static_cast<const void*>(&wanted),
                                                   static_cast<const void*>(numbers.data()),
                                                   SIZE_T{57}, SIZE_T{4}, &by_value);
        const bool there = wanted >= 10 && wanted < 67;
        EXPECT_EQ(found, there ? &numbers[static_cast<std::size_t>(wanted - 10)] : nullptr);
    }
}

TEST(Searching, AddsWhatIsMissing) {
    int numbers[4] = {5, 6, 7, 0};
    unsigned count = 3;
    int wanted = 9;
    EXPECT_EQ(ucrt.call<void*>("_lsearch", static_cast<const void*>(&wanted),
                               static_cast<void*>(numbers), &count, 4u, &by_value),
              &numbers[3]);
    EXPECT_EQ(count, 4u);
    EXPECT_EQ(numbers[3], 9);
}

int ran = 0;
void WINFN_C first_initializer() { ran = ran * 10 + 1; }
void WINFN_C second_initializer() { ran = ran * 10 + 2; }
int WINFN_C failing_initializer() { return 5; }

TEST(Initializers, RunInOrderAndSkipEmptyOnes) {
    using Function = void(WINFN_C*)();
    const Function functions[] = {first_initializer, nullptr, second_initializer};
    ran = 0;
    ucrt.call<void>("_initterm", +functions, functions + 3);
    EXPECT_EQ(ran, 12);
    using Checked = int(WINFN_C*)();
    const Checked checked[] = {nullptr, failing_initializer, nullptr};
    EXPECT_EQ(ucrt.call<int>("_initterm_e", +checked, checked + 3), 5);
}

int WINFN_C first_at_exit() {
    first_initializer();
    return 0;
}
int WINFN_C second_at_exit() {
    second_initializer();
    return 0;
}

int counted = 0;
int WINFN_C count_at_exit() {
    ++counted;
    return 0;
}

TEST(ExitTables, RunNewestFirst) {
    void* table[3] = {};
    ASSERT_EQ(ucrt.call<int>("_initialize_onexit_table", +table), 0);
    for (int i = 0; i < 40; ++i) {
        ASSERT_EQ(ucrt.call<int>("_register_onexit_function", +table, &count_at_exit), 0);
    }
    ucrt.call<int>("_register_onexit_function", +table, &second_at_exit);
    ucrt.call<int>("_register_onexit_function", +table, &first_at_exit);
    ran = 0;
    counted = 0;
    ASSERT_EQ(ucrt.call<int>("_execute_onexit_table", +table), 0);
    EXPECT_EQ(ran, 12);
    EXPECT_EQ(counted, 40);
    EXPECT_EQ(table[0], nullptr);
}

}  // namespace
}  // namespace instdrv::winapi::test
