#include "base/thread_end.hpp"

#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace instdrv {
namespace {

std::vector<int> ended;

struct Counted : ThreadEnd {
    explicit Counted(int wanted) : number(wanted) {
        run = [](ThreadEnd& end) noexcept {
            auto& counted = static_cast<Counted&>(end);
            ended.push_back(counted.number);
            if (counted.again-- > 0) at_thread_end(counted);
        };
    }
    const int number;
    int again = 0;
};

TEST(ThreadEnd, RunsWhatAThreadGaveNewestFirst) {
    ended.clear();
    Counted first(1);
    Counted second(2);
    std::thread([&] {
        at_thread_end(first);
        at_thread_end(second);
    }).join();
    EXPECT_EQ(ended, (std::vector{2, 1}));
}

TEST(ThreadEnd, RunsWhatIsGivenInIt) {
    ended.clear();
    Counted one(1);
    one.again = 2;
    std::thread([&] { at_thread_end(one); }).join();
    EXPECT_EQ(ended, (std::vector{1, 1, 1}));
}

struct Value {
    Value() { ++made; }
    ~Value() { ++gone; }
    int number = 0;
    static inline int made = 0;
    static inline int gone = 0;
};

TEST(ThreadEnd, MakesOneValueForEachThreadAndEndsIt) {
    of_this_thread<Value>().number = 1;
    EXPECT_EQ(of_this_thread<Value>().number, 1);
    for (int i = 0; i < 2; ++i) {
        std::thread([] { EXPECT_EQ(of_this_thread<Value>().number++, 0); }).join();
    }
    EXPECT_EQ(Value::made, 3);
    EXPECT_EQ(Value::gone, 2);
}

}  // namespace
}  // namespace instdrv
