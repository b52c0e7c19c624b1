#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

#include "winapi/objects/critical_section.hpp"

#include "windows_call.hpp"

namespace instdrv::winapi::test {
namespace {

constexpr int rounds = 4000;

// Four threads that each do something `rounds` times.
template <class Work>
void in_four_threads(Work work) {
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            for (int round = 0; round < rounds; ++round)
                work(i, round);
        });
    }
    for (auto& thread : threads)
        thread.join();
}

TEST(CriticalSections, LetOneThreadIn) {
    CriticalSection section{};
    section.LockCount = -1;  // as code does that initialises one by hand
    int counter = 0;
    in_four_threads([&](int, int) {
        call<void>("EnterCriticalSection", &section);
        call<void>("EnterCriticalSection", &section);
        ++counter;
        call<void>("LeaveCriticalSection", &section);
        call<void>("LeaveCriticalSection", &section);
    });
    EXPECT_EQ(counter, 4 * rounds);
    EXPECT_EQ(section.LockCount, -1);
    EXPECT_EQ(section.OwningThread, 0u);
}

TEST(CriticalSections, AreRefusedWhileAnotherThreadIsIn) {
    CriticalSection section{};
    call<void>("InitializeCriticalSection", &section);
    EXPECT_EQ(call<BOOL>("TryEnterCriticalSection", &section), TRUE);
    EXPECT_EQ(call<BOOL>("TryEnterCriticalSection", &section), TRUE);
    std::thread([&] { EXPECT_EQ(call<BOOL>("TryEnterCriticalSection", &section), FALSE); }).join();
    call<void>("LeaveCriticalSection", &section);
    call<void>("LeaveCriticalSection", &section);
    std::thread([&] {
        EXPECT_EQ(call<BOOL>("TryEnterCriticalSection", &section), TRUE);
        call<void>("LeaveCriticalSection", &section);
    }).join();
    call<void>("DeleteCriticalSection", &section);
}

TEST(SlimLocks, KeepWritersApartFromAllOthers) {
    void* lock = nullptr;
    int first = 0;
    int second = 0;
    std::atomic<int> torn = 0;
    in_four_threads([&](int thread, int) {
        if (thread == 0) {
            call<void>("AcquireSRWLockExclusive", &lock);
            ++first;
            ++second;
            call<void>("ReleaseSRWLockExclusive", &lock);
        } else {
            call<void>("AcquireSRWLockShared", &lock);
            if (first != second) ++torn;
            call<void>("ReleaseSRWLockShared", &lock);
        }
    });
    EXPECT_EQ(torn, 0);
    EXPECT_EQ(first, rounds);
    EXPECT_EQ(lock, nullptr);
}

TEST(SlimLocks, AreTakenOrRefusedAtOnce) {
    void* lock = nullptr;
    EXPECT_EQ(call<BYTE>("TryAcquireSRWLockShared", &lock), 1);
    EXPECT_EQ(call<BYTE>("TryAcquireSRWLockShared", &lock), 1);
    EXPECT_EQ(call<BYTE>("TryAcquireSRWLockExclusive", &lock), 0);
    call<void>("ReleaseSRWLockShared", &lock);
    call<void>("ReleaseSRWLockShared", &lock);
    EXPECT_EQ(call<BYTE>("TryAcquireSRWLockExclusive", &lock), 1);
    EXPECT_EQ(call<BYTE>("TryAcquireSRWLockShared", &lock), 0);
    call<void>("ReleaseSRWLockExclusive", &lock);
}

TEST(ConditionVariables, PassABallToAndFro) {
    CriticalSection section{};
    call<void>("InitializeCriticalSection", &section);
    void* turned = nullptr;
    int turn = 0;
    const auto play = [&](int me) {
        for (int round = 0; round < 2000; ++round) {
            call<void>("EnterCriticalSection", &section);
            while (turn != me)
                call<BOOL>("SleepConditionVariableCS", &turned, &section, DWORD{0xFFFFFFFF});
            turn = 1 - me;
            call<void>("LeaveCriticalSection", &section);
            call<void>("WakeAllConditionVariable", &turned);
        }
    };
    std::thread other(play, 1);
    play(0);
    other.join();
    EXPECT_EQ(turn, 0);
}

TEST(ConditionVariables, GiveUpInTime) {
    void* lock = nullptr;
    void* variable = nullptr;
    call<void>("AcquireSRWLockExclusive", &lock);
    EXPECT_EQ(call<BOOL>("SleepConditionVariableSRW", &variable, &lock, DWORD{5}, DWORD{0}), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_TIMEOUT);
    EXPECT_EQ(call<BYTE>("TryAcquireSRWLockShared", &lock), 0) << "it holds the lock again";
    call<void>("ReleaseSRWLockExclusive", &lock);
}

std::atomic<int> initialised = 0;

BOOL WINFN initialise(void*, void* parameter, void** context) {
    if (parameter == nullptr) return FALSE;
    ++initialised;
    *context = parameter;
    return TRUE;
}

TEST(OneTimeInitialisation, HappensOnce) {
    void* once = nullptr;
    void* context = nullptr;
    const auto execute = [&](void* parameter) {
        return call<BOOL>("InitOnceExecuteOnce", &once, reinterpret_cast<const void*>(initialise),
                          parameter, &context);
    };
    EXPECT_EQ(execute(nullptr), FALSE) << "a failure leaves it to the next";
    alignas(4) int value = 0;
    in_four_threads([&](int, int round) {
        if (round >= 100) return;
        EXPECT_EQ(execute(&value), TRUE);
    });
    EXPECT_EQ(initialised, 1);
    EXPECT_EQ(context, &value);
    BOOL pending = TRUE;
    EXPECT_EQ(call<BOOL>("InitOnceBeginInitialize", &once, DWORD{1}, &pending, &context), TRUE);
    EXPECT_EQ(pending, FALSE);
}

TEST(SharedLists, GiveBackWhatWasPushedLast) {
    struct alignas(16) Entry {
        Entry* next;
    };
    struct alignas(16) List {
        void* words[2];
    } list;
    std::memset(&list, 0xFF, sizeof list);
    call<void>("InitializeSListHead", &list);
    Entry a{};
    Entry b{};
    EXPECT_EQ(call<Entry*>("InterlockedPushEntrySList", &list, &a), nullptr);
    EXPECT_EQ(call<Entry*>("InterlockedPushEntrySList", &list, &b), &a);
    EXPECT_EQ(call<WORD>("QueryDepthSList", &list), 2);
    EXPECT_EQ(call<Entry*>("InterlockedPopEntrySList", &list), &b);
    EXPECT_EQ(call<Entry*>("InterlockedFlushSList", &list), &a);
    EXPECT_EQ(call<Entry*>("InterlockedPopEntrySList", &list), nullptr);
}

}  // namespace
}  // namespace instdrv::winapi::test
