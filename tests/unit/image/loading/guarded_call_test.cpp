#include "image/pe/guarded_call.hpp"

#include <unwind.h>

#include <cmath>
#include <string>
#include <thread>
#include <utility>

#include <immintrin.h>

#include <gtest/gtest.h>

#include "image/pe/control_words.hpp"

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

Error missing(const char* name) {
    return {.code = ErrorCode::missing_import, .operation = "call", .cause = name};
}

WINDOWS_CALL Word in_order(Word a, Word b, Word c, Word d, Word e) {
    return a * 10000 + b * 1000 + c * 100 + d * 10 + e;
}

WINDOWS_CALL Word x87_inside(Word, Word, Word, Word, Word) { return pe::control_words().x87; }
WINDOWS_CALL Word mxcsr_inside(Word, Word, Word, Word, Word) { return pe::control_words().mxcsr; }

pe::ControlWords words_inside() {
    return {.x87 = static_cast<std::uint16_t>(guarded_call(address(x87_inside)).value),
            .mxcsr = static_cast<std::uint32_t>(guarded_call(address(mxcsr_inside)).value)};
}

// Rounding up, and exceptions that are not masked.
constexpr pe::ControlWords changed{.x87 = 0x0A7B, .mxcsr = 0x5D80};

void set_control_words(const pe::ControlWords& words) {
    __asm__ volatile("fldcw %0" : : "m"(words.x87));
    _mm_setcsr(words.mxcsr);
}

WINDOWS_CALL Word change_control_words(Word, Word, Word, Word, Word) {
    set_control_words(changed);
    return 1;
}

WINDOWS_CALL Word change_control_words_and_break(Word, Word, Word, Word, Word) {
    set_control_words(changed);
    pe::break_off(missing("changed"));
}

WINDOWS_CALL Word fill_x87_and_break(Word, Word, Word, Word, Word) {
    __asm__ volatile("fldz; fldz; fldz; fldz; fldz; fldz; fldz; fldz");
    pe::break_off(missing("full"));
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

class ControlWords : public testing::Test {
protected:
    ~ControlWords() override { set_control_words(before_); }

private:
    pe::ControlWords before_ = pe::control_words();
};

// Runs `check` on a fresh thread, which may become the drivers'.
template <class Check>
void on_a_thread(Check check) {
    std::thread(check).join();
}

TEST_F(ControlWords, AreLeftAloneByACall) {
    set_control_words({.x87 = 0x0F7F, .mxcsr = 0xFF80});
    EXPECT_EQ(words_inside(), (pe::ControlWords{.x87 = 0x0F7F, .mxcsr = 0xFF80}));
    EXPECT_EQ(pe::control_words(), (pe::ControlWords{.x87 = 0x0F7F, .mxcsr = 0xFF80}));
    guarded_call(address(change_control_words));
    EXPECT_EQ(pe::control_words(), changed);
}

TEST_F(ControlWords, AreWindowsOnceAThreadIsTheDrivers) {
    on_a_thread([] {
        EXPECT_FALSE(pe::is_drivers_thread());
        set_control_words(changed);
        pe::become_drivers_thread();
        EXPECT_TRUE(pe::is_drivers_thread());
        EXPECT_EQ(words_inside(), pe::windows_control_words);
        guarded_call(address(change_control_words));
        pe::become_drivers_thread();
        EXPECT_EQ(words_inside(), changed) << "only once";
    });
    EXPECT_FALSE(pe::is_drivers_thread());
}

TEST_F(ControlWords, AreWindowsOnADriversThreadAfterABreak) {
    on_a_thread([] {
        pe::become_drivers_thread();
        EXPECT_NE(guarded_call(address(change_control_words_and_break)).broken, nullptr);
        EXPECT_EQ(pe::control_words(), pe::windows_control_words);
    });
}

TEST_F(ControlWords, AreLinuxForTheX87OnAnyOtherThreadAfterABreak) {
    EXPECT_NE(guarded_call(address(change_control_words_and_break)).broken, nullptr);
    EXPECT_EQ(pe::control_words(), (pe::ControlWords{.x87 = 0x037F, .mxcsr = changed.mxcsr}));
}

TEST_F(ControlWords, HaveExceptionsMaskedForHandlers) {
    set_control_words(changed);
    pe::mask_floating_exceptions();
    EXPECT_EQ(pe::control_words(), (pe::ControlWords{.x87 = 0x0A7F, .mxcsr = 0x5F80}));
}

TEST_F(ControlWords, AreLinuxForTheX87WithinAScope) {
    set_control_words(changed);
    {
        const pe::LinuxPrecision scope;
        EXPECT_EQ(pe::control_words(), (pe::ControlWords{.x87 = 0x037F, .mxcsr = changed.mxcsr}));
    }
    EXPECT_EQ(pe::control_words(), changed);
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
}

TEST(GuardedCall, EmptiesTheX87OfBrokenCode) {
    EXPECT_NE(guarded_call(address(fill_x87_and_break)).broken, nullptr);
    volatile long double two = 2;  // would be NaN if the x87's registers were full
    EXPECT_EQ(std::sqrt(two * two), two);
}

#if defined(__i386__)
WINDOWS_CALL Word leave_mmx_in_use(Word, Word, Word, Word, Word) {
    __asm__ volatile("pxor %%mm0, %%mm0; movq %%mm0, %%mm7" : : : "mm0", "mm7");
    return 0;
}

TEST(GuardedCall, EmptiesTheX87OfCodeThatUsedMmx) {
    guarded_call(address(leave_mmx_in_use));
    volatile long double two = 2;
    EXPECT_EQ(std::sqrt(two * two), two);
}

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
