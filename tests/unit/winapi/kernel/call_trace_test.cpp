#include <string>

#include <malloc.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/pe/guarded_call.hpp"
#include "winapi/exports/call_trace.hpp"
#include "winapi/process/process.hpp"
#include "windows_call.hpp"

namespace instdrv::winapi {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

// What is printed of the calls that `calls` makes, with that list chosen.
template <class Calls>
std::string trace_of(const std::string& list, const Calls& calls) {
    CallTrace::choose(list);
    ::testing::internal::CaptureStderr();
    calls();
    std::string printed = ::testing::internal::GetCapturedStderr();
    CallTrace::choose("");
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

TEST(CallTrace, EndsALineThatIsFull) {
    const std::string long_text(80, 'x');
    const auto printed = trace_of("all", [&] {
        detail::TracedCall call("Long");
        for (int i = 0; i < 100; ++i)
            call.text_argument(long_text.c_str());
        call.answered(0x12345678);
    });
    EXPECT_THAT(printed, ContainsRegex("x\", \\.\\.\\.\\) = 0x12345678\n$"));
    EXPECT_LT(printed.size(), 1100U);
}

TEST(CallTrace, NamesTheDllThatTheDriverImportedFrom) {
    const auto move = [](const char* dll) {
        using Move = void(WINCALL*)(void*, const void*, SIZE_T);
        char bytes[2] = {1, 2};
        test::as_function<Move>(import_from(*find_dll(dll), {.name = "RtlMoveMemory"}))(
            bytes, bytes + 1, 1);
    };
    // The first DLL that has it is kernel32.
    EXPECT_THAT(trace_of("ntdll", [&] { move("ntdll"); }), HasSubstr("] ntdll.RtlMoveMemory("));
    EXPECT_EQ(trace_of("kernel32", [&] { move("ntdll"); }), "");
}

// What is lost with each call is more than what else happens to the heap.
TEST(CallTrace, LeaksNothingWhenACallDoesNotComeBack) {
    Process::instance().prepare_thread();
    const void* const exit_thread = test::address_in("kernel32.dll", "ExitThread");
    const auto end_calls = [&](int count) {
        trace_of("ExitThread", [&] {
            for (int i = 0; i < count; ++i)
                EXPECT_NE(pe::guarded_call(exit_thread, pe::Word{7}).broken, nullptr);
        });
        return ::mallinfo2().uordblks;
    };
    const std::size_t before = end_calls(1);
    EXPECT_LT(end_calls(1000), before + 16'000);
}

TEST(CallTrace, RefusesNamesThatAreNoFunctions) {
    const auto elsewhere = [](std::string_view name) { return name == "_elsewhere"; };
    const auto refused = CallTrace::check("kernel32,-_elsewhere,CreateFlieA", elsewhere);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid_argument);
    EXPECT_THAT(refused.error().cause, HasSubstr("'CreateFlieA'"));
    EXPECT_TRUE(CallTrace::check("kernel32,-_elsewhere, all", elsewhere));
    EXPECT_FALSE(CallTrace::is_on());
}

}  // namespace
}  // namespace instdrv::winapi
