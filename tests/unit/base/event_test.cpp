#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>
#include <vector>

#include <poll.h>
#include <sys/resource.h>

#include <gtest/gtest.h>

#include "base/event.hpp"

namespace instdrv {
namespace {

using Objects = std::vector<std::shared_ptr<KernelObject>>;
constexpr int long_enough = 60'000;  // ms; only a failure takes so long

bool is_set(const Event& event) {
    pollfd polled{.fd = event.wait_fd(), .events = POLLIN, .revents = 0};
    return ::poll(&polled, 1, 0) == 1;
}

TEST(Event, is_set_and_reset) {
    const auto event = Event::create(true, false);
    EXPECT_FALSE(is_set(*event));
    event->set();
    event->set();
    EXPECT_TRUE(is_set(*event));
    EXPECT_TRUE(event->acquire());
    EXPECT_TRUE(is_set(*event)) << "a manual one stays set";
    event->reset();
    EXPECT_FALSE(is_set(*event)) << "once, however often it was set";
    event->reset();
    EXPECT_TRUE(is_set(*Event::create(true, true)));
}

TEST(Event, resets_itself_for_one_wait) {
    const auto event = Event::create(false, true);
    event->set();
    EXPECT_TRUE(event->acquire());
    EXPECT_FALSE(is_set(*event));
    EXPECT_FALSE(event->acquire());
}

TEST(Wait, for_nothing_or_for_what_cannot_be_waited_on_fails) {
    EXPECT_EQ(wait_for({}, false, -1), WaitResult::failed);
    EXPECT_EQ(wait_for({}, true, 0), WaitResult::failed);
    EXPECT_EQ(wait_for(Objects{nullptr}, false, -1), WaitResult::failed);
    EXPECT_EQ(wait_for(Objects{std::make_shared<KernelObject>()}, false, -1), WaitResult::failed);
}

TEST(Wait, for_one_takes_the_first_that_is_set) {
    const auto a = Event::create(false, false);
    const auto b = Event::create(false, true);
    const auto c = Event::create(false, true);
    std::size_t which = 99;
    EXPECT_EQ(wait_for(Objects{a, b, c}, false, 0, &which), WaitResult::signalled);
    EXPECT_EQ(which, 1u);
    EXPECT_FALSE(is_set(*b));
    EXPECT_TRUE(is_set(*c));
    EXPECT_EQ(wait_for(Objects{a, b}, false, 0), WaitResult::timed_out);
}

TEST(Wait, for_all_takes_all_or_none) {
    const auto a = Event::create(false, true);
    const auto b = Event::create(false, false);
    EXPECT_EQ(wait_for(Objects{a, b}, true, 0), WaitResult::timed_out);
    EXPECT_EQ(wait_for(Objects{a, b}, true, 20), WaitResult::timed_out);
    EXPECT_TRUE(is_set(*a));
    b->set();
    EXPECT_EQ(wait_for(Objects{a, b}, true, 0), WaitResult::signalled);
    EXPECT_FALSE(is_set(*a));
    EXPECT_FALSE(is_set(*b));
}

TEST(Wait, takes_the_time_it_was_given) {
    const auto event = Event::create(false, false);
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(wait_for(Objects{event}, false, 50), WaitResult::timed_out);
    EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(49));
}

TEST(Wait, is_ended_by_another_thread) {
    const auto a = Event::create(false, false);
    const auto b = Event::create(false, false);
    std::thread other([&] {
        a->set();
        b->set();
    });
    EXPECT_EQ(wait_for(Objects{a, b}, true, long_enough), WaitResult::signalled);
    other.join();
}

TEST(Wait, lets_each_setting_of_an_event_through_once) {
    const auto event = Event::create(false, false);
    const auto taken = Event::create(false, false);
    constexpr int rounds = 500;
    std::atomic<int> got = 0;
    std::vector<std::thread> threads;
    threads.reserve(3);
    std::atomic<bool> stop = false;
    for (int i = 0; i < 3; ++i) {
        threads.emplace_back([&] {
            while (wait_for(Objects{event}, false, -1) == WaitResult::signalled && !stop) {
                ++got;
                taken->set();
            }
            event->set();  // the next one ends too
        });
    }
    for (int i = 0; i < rounds; ++i) {
        event->set();
        ASSERT_EQ(wait_for(Objects{taken}, false, long_enough), WaitResult::signalled);
    }
    stop = true;
    event->set();
    for (auto& thread : threads)
        thread.join();
    EXPECT_EQ(got, rounds);
}

// Two threads want both of two events: each pair goes to one of them.
TEST(Wait, for_all_is_not_shared_between_threads) {
    const auto a = Event::create(false, false);
    const auto b = Event::create(false, false);
    const auto taken = Event::create(false, false);
    const auto stop = Event::create(true, false);
    constexpr int rounds = 500;
    std::atomic<int> got = 0;
    const auto set_both = [&] {
        a->set();
        b->set();
    };
    const auto want_both = [&] {
        while (wait_for(Objects{a, b}, true, long_enough) == WaitResult::signalled) {
            if (is_set(*stop)) return set_both();  // the other thread ends too
            ++got;
            taken->set();
        }
    };
    std::thread one(want_both);
    std::thread two(want_both);
    for (int i = 0; i < rounds; ++i) {
        set_both();
        ASSERT_EQ(wait_for(Objects{taken}, false, long_enough), WaitResult::signalled);
    }
    EXPECT_EQ(got, rounds);
    stop->set();
    set_both();
    one.join();
    two.join();
}

TEST(KernelObjects, are_known_by_handle) {
    const auto event = Event::create(false, false);
    const auto handle = kernel_objects().add(event);
    EXPECT_EQ(kernel_objects().find(handle), event);
    EXPECT_EQ(kernel_objects().remove(handle), event);
    EXPECT_EQ(kernel_objects().find(handle), nullptr);
}

TEST(Event, is_not_made_without_descriptors) {
    rlimit old{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &old), 0);
    const rlimit none{.rlim_cur = 0, .rlim_max = old.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    EXPECT_EQ(Event::create(false, false), nullptr);
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &old), 0);
}

}  // namespace
}  // namespace instdrv
