#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "winapi/exports/call_trace.hpp"
#include "windows_call.hpp"

namespace instdrv::winapi {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

// What is printed of the calls that `calls` makes, with that list chosen.
template <class Calls>
std::string trace_of(const std::string& list, const Calls& calls) {
    EXPECT_TRUE(CallTrace::choose(list));
    ::testing::internal::CaptureStderr();
    calls();
    std::string printed = ::testing::internal::GetCapturedStderr();
    EXPECT_TRUE(CallTrace::choose(""));
    return printed;
}

TEST(CallTrace, WritesNameArgumentsAnswerAndLastError) {
    const auto printed = trace_of("kernel32", [] {
        test::call<DWORD>("GetFileAttributesA", static_cast<const char*>("C:\\nowhere"));
    });
    EXPECT_THAT(printed, ContainsRegex("^call: \\[[0-9]+\\] kernel32.GetFileAttributesA\\("
                                       "\"C:.nowhere\"\\) = 0xffffffff; last error [23]\n$"));
}

TEST(CallTrace, LeavesTheLastErrorAlone) {
    trace_of("all", [] {
        test::call<DWORD>("GetFileAttributesA", static_cast<const char*>("C:\\nowhere"));
        EXPECT_THAT(test::call<DWORD>("GetLastError"), ::testing::AnyOf(2U, 3U)) << "not found";
    });
}

TEST(CallTrace, ChoosesByTheLastNameThatFits) {
    const auto calls = [] {
        test::call<DWORD>("GetLastError");
        test::call<DWORD>("GetCurrentThreadId");
    };
    EXPECT_EQ(trace_of("user32", calls), "");
    EXPECT_THAT(trace_of("kernel32,-GetLastError", calls),
                AllOf(HasSubstr("GetCurrentThreadId"), Not(HasSubstr("GetLastError"))));
    EXPECT_THAT(trace_of("-kernel32.dll, GetLastError", calls),
                AllOf(HasSubstr("GetLastError"), Not(HasSubstr("GetCurrentThreadId"))));
    EXPECT_THAT(trace_of("all", calls), HasSubstr("GetCurrentThreadId"));
}

TEST(CallTrace, ShowsTextsThatCannotBeReadAsPointers) {
    const auto printed = trace_of("kernel32", [] {
        const auto module =
            test::call<HMODULE>("GetModuleHandleW", static_cast<const WCHAR*>(u"kernel32"));
        const auto* const ordinal = reinterpret_cast<const char*>(std::uintptr_t{0x10});
        test::call<const void*>("GetProcAddress", module, ordinal);
        test::call<int>("lstrlenA", static_cast<const char*>(nullptr));
    });
    EXPECT_THAT(printed, HasSubstr("GetModuleHandleW(\"kernel32\") = 0x"));
    EXPECT_THAT(printed, ContainsRegex("GetProcAddress\\(0x[0-9a-f]+, 0x10\\) = 0x0"));
    EXPECT_THAT(printed, HasSubstr("lstrlenA(0x0) = 0"));
}

TEST(CallTrace, RefusesNamesThatAreNoFunctions) {
    const auto refused = CallTrace::check("kernel32,CreateFlieA");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(refused.error().cause, HasSubstr("'CreateFlieA'"));
    EXPECT_FALSE(CallTrace::is_on());
}

}  // namespace
}  // namespace instdrv::winapi
