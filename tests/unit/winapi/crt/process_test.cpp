// What ends a program ends the driver's call here.
#include <string>

#include <gtest/gtest.h>

#include "dlls/dll_call.hpp"
#include "image/pe/guarded_call.hpp"

namespace instdrv::winapi::test {
namespace {

constexpr CalledDll ucrt{"ucrtbase.dll"};

template <class... Words>
std::string cause_of(const char* function, Words... words) {
    Process::instance().prepare_thread();
    const auto result = pe::guarded_call(address_in("ucrtbase.dll", function), words...);
    return result.broken == nullptr ? "" : result.broken->cause;
}

pe::Word word(const char* text) { return reinterpret_cast<pe::Word>(text); }

TEST(ProcessEnd, EndsTheCallAlone) {
    EXPECT_EQ(cause_of("exit", 7), "the driver ended its process: exit(7)");
    EXPECT_EQ(cause_of("abort"), "the driver gave up: abort()");
    EXPECT_EQ(cause_of("_assert", word("x > 0"), word("codec.c"), 12),
              "an assertion of the driver failed: x > 0 (codec.c, line 12)");
    EXPECT_EQ(cause_of("_amsg_exit", 16), "the driver's C runtime gave up: error R6016");
    EXPECT_EQ(cause_of("_purecall"), "the driver called a pure virtual function");
}

int raised = 0;
void WINFN_C on_signal(int number) { raised = number; }

TEST(Signals, CallTheHandlerOnce) {
    constexpr int abort_signal = 22;
    ucrt.call<void*>("signal", abort_signal, reinterpret_cast<void*>(&on_signal));
    EXPECT_EQ(ucrt.call<int>("raise", abort_signal), 0);
    EXPECT_EQ(raised, abort_signal);
    EXPECT_EQ(cause_of("raise", abort_signal), "the driver raised signal 22");
    EXPECT_EQ(ucrt.call<int>("raise", 77), -1);
}

TEST(Errors, BelongToTheThread) {
    int* const mine = ucrt.call<int*>("_errno");
    *mine = 5;
    EXPECT_EQ(ucrt.call<int*>("_errno"), mine);
    EXPECT_STREQ(ucrt.call<const char*>("strerror", 2), "No such file or directory");
    EXPECT_STREQ(ucrt.call<const char*>("strerror", 9999), "Unknown error");
}

}  // namespace
}  // namespace instdrv::winapi::test
