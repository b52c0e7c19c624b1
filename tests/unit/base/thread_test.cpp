#include "base/thread.hpp"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace instdrv {
namespace {

TEST(Thread, RunsItsBodyUntilItIsJoined) {
    int done = 0;
    auto thread = Thread::start("worker", 0, [&] { done = 1; });
    ASSERT_TRUE(thread) << thread.error().text();
    EXPECT_TRUE(thread->joinable());
    thread->join();
    EXPECT_FALSE(thread->joinable());
    EXPECT_EQ(done, 1);
    thread->join();  // nothing is left to be joined
}

TEST(Thread, IsJoinedByItsDestructorAndByWhatReplacesIt) {
    std::atomic<int> done{0};
    {
        auto first = Thread::start("first", 0, [&] { ++done; });
        auto second = Thread::start("second", 0, [&] { ++done; });
        ASSERT_TRUE(first && second);
        *first = *std::move(second);
        EXPECT_GE(done, 1) << "the first has ended before it was replaced";
    }
    EXPECT_EQ(done, 2);
}

TEST(Thread, HasTheNameCutToFitAndTheStackThatWasAskedFor) {
    std::array<char, 16> name{};
    std::size_t stack = 0;
    auto thread = Thread::start("a name that is too long", 256 << 10, [&] {
        ::pthread_getname_np(::pthread_self(), name.data(), name.size());
        const auto bounds = find_stack_bounds();
        stack = bounds.highest - bounds.lowest;
    });
    ASSERT_TRUE(thread) << thread.error().text();
    thread->join();
    EXPECT_STREQ(name.data(), "a name that is ");
    EXPECT_GE(stack, std::size_t{128} << 10);
    EXPECT_LE(stack, std::size_t{512} << 10);
}

TEST(Thread, IsLetGo) {
    std::promise<int> told;
    auto answer = told.get_future();
    ASSERT_TRUE(start_detached("gone", 64 << 10, [&told] { told.set_value(7); }));
    EXPECT_EQ(answer.get(), 7);
}

// As an ordinary user, whom the limit holds for.
TEST(Thread, CannotBeStartedBeyondTheUsersLimitAndSaysSo) {
    constexpr uid_t somebody = 61234;
    const pid_t child = ::fork();
    if (child == 0) {
        const rlimit none{.rlim_cur = 0, .rlim_max = 0};
        if (::getuid() == 0 && (::setgid(somebody) != 0 || ::setuid(somebody) != 0)) ::_exit(10);
        if (::setrlimit(RLIMIT_NPROC, &none) != 0) ::_exit(11);
        const auto thread = Thread::start("too many", 0, [] {});
        if (thread) ::_exit(12);
        const bool said = thread.error().system_code == EAGAIN &&
                          thread.error().text().find("ulimit -u") != std::string::npos;
        ::_exit(said ? 0 : 13);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

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
