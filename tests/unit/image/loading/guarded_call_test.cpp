#include "image/pe/guarded_call.hpp"

#include <unwind.h>

#include <cfenv>
#include <cmath>
#include <string>
#include <thread>
#include <utility>

#include <immintrin.h>

#include <gtest/gtest.h>

#if defined(__x86_64__)
#define WINDOWS_CALL __attribute__((ms_abi))
#else
#define WINDOWS_CALL __attribute__((stdcall))
#endif

using namespace instdrv;
using pe::guarded_call;
using pe::GuardedResult;
using pe::Word;

namespace {

const void* address(WINDOWS_CALL Word (*function)(Word, Word, Word, Word, Word)) {
    return reinterpret_cast<const void*>(function);
}

std::uint16_t x87_control() {
    std::uint16_t word = 0;
    __asm__ volatile("fnstcw %0" : "=m"(word));
    return word;
}

void set_x87_control(std::uint16_t word) { __asm__ volatile("fldcw %0" : : "m"(word)); }

Error missing(const char* name) {
    return {.code = ErrorCode::missing_import, .operation = "call", .cause = name};
}

WINDOWS_CALL Word in_order(Word a, Word b, Word c, Word d, Word e) {
    return a * 10000 + b * 1000 + c * 100 + d * 10 + e;
}

WINDOWS_CALL Word x87_control_inside(Word, Word, Word, Word, Word) { return x87_control(); }
WINDOWS_CALL Word mxcsr_inside(Word, Word, Word, Word, Word) { return _mm_getcsr(); }

WINDOWS_CALL Word change_control_words(Word, Word, Word, Word, Word) {
    set_x87_control(0x0F7F);
    _mm_setcsr(0x7F80);
    return 1;
}

WINDOWS_CALL Word change_control_words_and_break(Word, Word, Word, Word, Word) {
    set_x87_control(0x0F7F);
    _mm_setcsr(0x7F80);
    pe::break_off(missing("changed"));
}

// Volatile, so that the compiler cannot see that the recursion below never returns.
void (*volatile break_off_unseen)(Error) = pe::break_off;

WINDOWS_CALL Word break_at_depth(Word depth, Word, Word, Word, Word) {
    volatile char frame[300] = {};
    if (depth == 0) {
        break_off_unseen(missing("deep"));
        return 0;
    }
    return break_at_depth(depth - 1, 0, 0, 0, 0) + static_cast<Word>(frame[depth % 300]);
}

WINDOWS_CALL Word survive_inner_break(Word depth, Word, Word, Word, Word) {
    const GuardedResult inner = guarded_call(address(break_at_depth), depth);
    return inner.broken != nullptr && inner.broken->cause == "deep" ? 77 : 0;
}

WINDOWS_CALL Word break_after_inner_call(Word, Word, Word, Word, Word) {
    guarded_call(address(in_order), 1, 2, 3, 4, 5);
    pe::break_off(missing("outer"));
}

WINDOWS_CALL Word is_inside(Word, Word, Word, Word, Word) { return pe::inside_guarded_call(); }

std::size_t frames_above() {
    std::size_t count = 0;
    _Unwind_Backtrace(
        [](_Unwind_Context*, void* counter) {
            ++*static_cast<std::size_t*>(counter);
            return _URC_NO_REASON;
        },
        &count);
    return count;
}

WINDOWS_CALL Word count_frames(Word, Word, Word, Word, Word) { return frames_above(); }

}  // namespace

// In guarded_call_<machine>.S, where comments say what they do.
extern "C" {
WINDOWS_CALL Word instdrv_test_stack_pointer(Word, Word, Word, Word, Word);
WINDOWS_CALL Word instdrv_test_ruin_and_return(Word error, Word, Word, Word, Word);
int instdrv_test_keeps_registers(const void* function, const Error* error);
#if defined(__i386__)
WINDOWS_CALL Word instdrv_test_leaves_arguments(Word first, Word, Word, Word, Word);
#endif
}

namespace {

TEST(GuardedCall, PassesFiveArgumentsInOrder) {
    const GuardedResult result = guarded_call(address(in_order), 1, 2, 3, 4, 5);
    EXPECT_EQ(result.value, 12345U);
    EXPECT_EQ(result.broken, nullptr);
}

TEST(GuardedCall, AlignsTheStack) {
    const GuardedResult result = guarded_call(address(instdrv_test_stack_pointer));
    EXPECT_EQ(result.value % 16, 16 - sizeof(void*));  // the call pushed its return address
}

TEST(GuardedCall, SetsTheControlWordsOfWindowsInside) {
    EXPECT_EQ(guarded_call(address(x87_control_inside)).value, 0x27FU);
    EXPECT_EQ(guarded_call(address(mxcsr_inside)).value & 0xFFC0, 0x1F80U);
}

TEST(GuardedCall, SetsTheControlWordsOfWindowsWhateverTheCallerHas) {
    _MM_SET_FLUSH_ZERO_MODE(_MM_FLUSH_ZERO_ON);
    std::fesetround(FE_UPWARD);
    const unsigned before = _mm_getcsr();
    const Word x87 = guarded_call(address(x87_control_inside)).value;
    const Word mxcsr = guarded_call(address(mxcsr_inside)).value;
    const unsigned after = _mm_getcsr();
    const int rounding = std::fegetround();
    std::fesetround(FE_TONEAREST);
    _MM_SET_FLUSH_ZERO_MODE(_MM_FLUSH_ZERO_OFF);
    EXPECT_EQ(x87, 0x27FU);
    EXPECT_EQ(mxcsr & 0xFFC0, 0x1F80U);
    EXPECT_EQ(after, before);
    EXPECT_EQ(rounding, FE_UPWARD);
}

TEST(GuardedCall, RestoresControlWordsThatTheCodeChanged) {
    const std::uint16_t x87 = x87_control();
    const unsigned mxcsr = _mm_getcsr();
    guarded_call(address(change_control_words));
    EXPECT_EQ(x87_control(), x87);
    EXPECT_EQ(_mm_getcsr(), mxcsr);
}

TEST(GuardedCall, RestoresControlWordsOfCodeThatBrokeOff) {
    const std::uint16_t x87 = x87_control();
    const unsigned mxcsr = _mm_getcsr();
    const GuardedResult result = guarded_call(address(change_control_words_and_break));
    ASSERT_NE(result.broken, nullptr);
    EXPECT_EQ(x87_control(), x87);
    EXPECT_EQ(_mm_getcsr(), mxcsr);
}

TEST(GuardedCall, ReturnsTheErrorOfABreakFarBelow) {
    const GuardedResult result = guarded_call(address(break_at_depth), 200);
    ASSERT_NE(result.broken, nullptr);
    EXPECT_EQ(result.value, 0U);
    EXPECT_EQ(result.broken->code, ErrorCode::missing_import);
    EXPECT_EQ(result.broken->cause, "deep");
    EXPECT_FALSE(pe::inside_guarded_call());
}

TEST(GuardedCall, BreaksOffTheInnermostCallOnly) {
    const GuardedResult result = guarded_call(address(survive_inner_break), 5);
    EXPECT_EQ(result.broken, nullptr);
    EXPECT_EQ(result.value, 77U);
}

TEST(GuardedCall, BreaksOffTheOuterCallOnceTheInnerReturned) {
    const GuardedResult result = guarded_call(address(break_after_inner_call));
    ASSERT_NE(result.broken, nullptr);
    EXPECT_EQ(result.broken->cause, "outer");
}

TEST(GuardedCall, CanBeBrokenOffAgainAndAgain) {
    for (Word depth = 0; depth < 100; ++depth) {
        const GuardedResult result = guarded_call(address(break_at_depth), depth);
        ASSERT_NE(result.broken, nullptr);
        ASSERT_EQ(result.broken->cause, "deep");
    }
}

TEST(GuardedCall, KnowsWhetherItIsInside) {
    EXPECT_FALSE(pe::inside_guarded_call());
    EXPECT_EQ(guarded_call(address(is_inside)).value, 1U);
    EXPECT_FALSE(pe::inside_guarded_call());
}

TEST(GuardedCall, KeepsPreservedRegistersOfBrokenCode) {
    const Error error = missing("ruined");
    EXPECT_EQ(instdrv_test_keeps_registers(address(in_order), &error), 1);
    EXPECT_EQ(instdrv_test_keeps_registers(address(instdrv_test_ruin_and_return), &error), 1);
    volatile long double two = 2;  // would be NaN had the x87 stack overflowed
    EXPECT_EQ(std::sqrt(two * two), two);
}

#if defined(__i386__)
TEST(GuardedCall, DoesNotMindWhoTakesTheArgumentsOff) {
    const Error error;
    const auto first = reinterpret_cast<Word>(&error);
    EXPECT_EQ(guarded_call(address(instdrv_test_leaves_arguments), first).value, first);
    EXPECT_EQ(instdrv_test_keeps_registers(address(instdrv_test_leaves_arguments), &error), 1);
}

TEST(GuardedCall, BeginsAChainOfHandlersAndPutsTheCallersBack) {
    static void* chain = &chain;
    const auto look = [](Word, Word, Word, Word, Word) WINDOWS_CALL {
        return reinterpret_cast<Word>(std::exchange(chain, nullptr));
    };
    pe::set_handler_chain(&chain);
    EXPECT_EQ(guarded_call(address(look)).value, static_cast<Word>(-1));
    EXPECT_EQ(chain, &chain);
    EXPECT_NE(guarded_call(address(break_at_depth), 3).broken, nullptr);
    EXPECT_EQ(chain, &chain);
    pe::set_handler_chain(nullptr);
}
#endif

TEST(GuardedCall, ThreadsHaveTheirOwnCheckpointsAndErrors) {
    const GuardedResult here = guarded_call(address(break_at_depth), 3);
    bool inside = true;
    std::string cause;
    std::thread([&] {
        inside = pe::inside_guarded_call();
        cause = guarded_call(address(break_after_inner_call)).broken->cause;
    }).join();
    EXPECT_FALSE(inside);
    EXPECT_EQ(cause, "outer");
    EXPECT_EQ(here.broken->cause, "deep");
}

TEST(GuardedCall, CanBeWalkedThroughByAnUnwinder) {
    // The called function and guarded_call itself lie between.
    EXPECT_EQ(guarded_call(address(count_frames)).value, frames_above() + 2);
}

TEST(GuardedCallDeathTest, BreakOutsideOfACallEndsTheProgram) {
    EXPECT_DEATH(pe::break_off(missing("lost")), "lost");
}

}  // namespace
