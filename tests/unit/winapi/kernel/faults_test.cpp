// Hardware faults of a driver's code, as Windows' exceptions.
#include <cfenv>
#include <csignal>
#include <cstdlib>
#include <string>

#include <unistd.h>

#include <gtest/gtest.h>

#include "image/pe/control_words.hpp"
#include "image/pe/guarded_call.hpp"
#include "winapi/exceptions/fault.hpp"
#include "winapi/process/process.hpp"

namespace instdrv::winapi::test {
namespace {

constexpr int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};

void on_fault(int signal, siginfo_t* info, void* context) {
    if (dispatch_fault(signal, *info, *static_cast<ucontext_t*>(context))) return;
    constexpr char text[] = "a crash";
    static_cast<void>(!::write(STDERR_FILENO, text, sizeof text - 1));
    ::_exit(3);
}

class Faults : public testing::Test {
protected:
    static void SetUpTestSuite() {
        const auto loaded =
            Process::instance().loader().load(std::string(INSTDRV_TEST_DLLS) + "/throwing.dll");
        ASSERT_TRUE(loaded) << loaded.error().text();
        image = *loaded;
    }
    static void TearDownTestSuite() { Process::instance().loader().release(image); }

    void SetUp() override {
        struct sigaction action {};
        action.sa_sigaction = on_fault;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK;
        for (std::size_t i = 0; i < std::size(signals); ++i)
            ::sigaction(signals[i], &action, &before_[i]);
        stack_t stack{};
        stack.ss_sp = signal_stack_;
        stack.ss_size = sizeof signal_stack_;
        ::sigaltstack(&stack, nullptr);
    }
    void TearDown() override {
        for (std::size_t i = 0; i < std::size(signals); ++i)
            ::sigaction(signals[i], &before_[i], nullptr);
        stack_t none{};
        none.ss_flags = SS_DISABLE;
        ::sigaltstack(&none, nullptr);
    }

    static pe::GuardedResult enter(const char* function, pe::Word a, pe::Word b = 0) {
        Process::instance().prepare_thread();
        return pe::guarded_call(image->find_export({.name = function}), a, b);
    }
    // The exception code that a fault is taken with.
    static DWORD taken(pe::Word which, pe::Word argument) {
        const auto result = enter("takes_fault", which, argument);
        EXPECT_EQ(result.broken, nullptr);
        return static_cast<DWORD>(result.value);
    }
    static DWORD word_of_taken(pe::Word index) {
        return static_cast<DWORD>(enter("word_of_taken", index).value);
    }

    static pe::LoadedImage* image;

private:
    struct sigaction before_[std::size(signals)]{};
    alignas(16) std::byte signal_stack_[64 << 10];
};

pe::LoadedImage* Faults::image = nullptr;

enum Fault : pe::Word { reads, writes, calls, divides, runs_nonsense, breaks, halts };
constexpr pe::Word nowhere = 0x1230;

TEST_F(Faults, OfMemorySayWhatWasDoneWhere) {
    EXPECT_EQ(taken(reads, nowhere), 0xC0000005);
    EXPECT_EQ(word_of_taken(0), 0u);
    EXPECT_EQ(word_of_taken(1), nowhere);
    EXPECT_EQ(taken(writes, nowhere), 0xC0000005);
    EXPECT_EQ(word_of_taken(0), 1u);
    EXPECT_EQ(word_of_taken(1), nowhere);
}

TEST_F(Faults, OfACallToNowhereAreTakenByTheCaller) {
    EXPECT_EQ(taken(calls, nowhere), 0xC0000005);
    EXPECT_EQ(word_of_taken(1), nowhere);
}

TEST_F(Faults, OfInstructionsHaveTheirCodes) {
    EXPECT_EQ(taken(divides, 0), 0xC0000094);
    EXPECT_EQ(taken(runs_nonsense, 0), 0xC000001D);
    EXPECT_EQ(taken(breaks, 0), 0x80000003);
    EXPECT_EQ(taken(halts, 0), 0xC0000096);
}

TEST_F(Faults, AreTakenAgainAndAgain) {
    for (int i = 0; i < 1000; ++i)
        ASSERT_EQ(taken(reads, nowhere), 0xC0000005);
}

TEST_F(Faults, LeaveTheRoundingOfTheThreadAloneWhenTheyAreTaken) {
    std::fesetround(FE_UPWARD);
    const auto before = pe::control_words();
    const DWORD code = taken(reads, nowhere);
    const auto after = pe::control_words();
    std::fesetround(FE_TONEAREST);
    EXPECT_EQ(code, 0xC0000005);
    EXPECT_EQ(after, before);
}

TEST_F(Faults, LetExecutionGoOnWhereAHandlerMendsThem) {
    EXPECT_EQ(enter("goes_on_after_fault", 10).value, 42u);
}

using FaultsDeathTest = Faults;

TEST_F(FaultsDeathTest, ThatNobodyTakesAreLeftToTheCaller) {
    for (const pe::Word which : {reads, writes, calls, divides, runs_nonsense, breaks, halts}) {
        const pe::Word argument = which == divides ? 0 : nowhere;
        EXPECT_EXIT(enter("faults_unhandled", which, argument), testing::ExitedWithCode(3),
                    "^a crash$");
    }
}

TEST_F(FaultsDeathTest, OfOtherCodeAreLeftToTheCaller) {
    volatile int* const bad = reinterpret_cast<volatile int*>(nowhere);
    EXPECT_EXIT(*bad = 1, testing::ExitedWithCode(3), "^a crash$");
    EXPECT_EXIT(::raise(SIGSEGV), testing::ExitedWithCode(3), "^a crash$");
}

}  // namespace
}  // namespace instdrv::winapi::test
