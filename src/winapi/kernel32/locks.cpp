// Slim reader/writer locks, condition variables, one-time initialisation.
// https://learn.microsoft.com/windows/win32/sync/slim-reader-writer--srw--locks
// https://learn.microsoft.com/windows/win32/sync/condition-variables
// https://learn.microsoft.com/windows/win32/sync/one-time-initialization
#include <atomic>
#include <optional>

#include "winapi/exports/export.hpp"
#include "winapi/objects/critical_section.hpp"
#include "winapi/objects/futex.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi::kernel32 {
namespace {

// Each is one pointer on Windows, all zero at first; the lower 32 bits are enough here.
struct SrwLock {
    std::uint32_t state;  // writer | awaited | number of readers
};
struct ConditionVariable {
    std::uint32_t wakes;  // counts them, so that none between looking and sleeping is missed
};

constexpr std::uint32_t writer = 0x80000000;
constexpr std::uint32_t awaited = 0x40000000;

bool try_exclusive(SrwLock& lock) {
    const std::atomic_ref state(lock.state);
    std::uint32_t seen = state.load(std::memory_order_relaxed);
    while ((seen & ~awaited) == 0) {
        if (state.compare_exchange_weak(seen, seen | writer, std::memory_order_acquire))
            return true;
    }
    return false;
}

bool try_shared(SrwLock& lock) {
    const std::atomic_ref state(lock.state);
    std::uint32_t seen = state.load(std::memory_order_relaxed);
    while ((seen & writer) == 0) {
        if (state.compare_exchange_weak(seen, seen + 1, std::memory_order_acquire)) return true;
    }
    return false;
}

void wait_for_change(SrwLock& lock) {
    const std::atomic_ref state(lock.state);
    const std::uint32_t seen = state.load(std::memory_order_relaxed);
    if ((seen & ~awaited) == 0) return;
    const std::uint32_t marked = state.fetch_or(awaited, std::memory_order_relaxed) | awaited;
    futex_wait(&lock.state, marked);
}

void InitializeSRWLock(SrwLock* lock) { *reinterpret_cast<void**>(lock) = nullptr; }
WINAPI_EXPORT(InitializeSRWLock, in_kernel32);

void AcquireSRWLockExclusive(SrwLock* lock) {
    while (!try_exclusive(*lock))
        wait_for_change(*lock);
}
WINAPI_EXPORT(AcquireSRWLockExclusive, in_kernel32);

void AcquireSRWLockShared(SrwLock* lock) {
    while (!try_shared(*lock))
        wait_for_change(*lock);
}
WINAPI_EXPORT(AcquireSRWLockShared, in_kernel32);

BYTE TryAcquireSRWLockExclusive(SrwLock* lock) { return try_exclusive(*lock) ? 1 : 0; }
WINAPI_EXPORT(TryAcquireSRWLockExclusive, in_kernel32);

BYTE TryAcquireSRWLockShared(SrwLock* lock) { return try_shared(*lock) ? 1 : 0; }
WINAPI_EXPORT(TryAcquireSRWLockShared, in_kernel32);

void ReleaseSRWLockExclusive(SrwLock* lock) {
    const std::atomic_ref state(lock->state);
    if ((state.exchange(0, std::memory_order_release) & awaited) != 0) {
        futex_wake_all(&lock->state);
    }
}
WINAPI_EXPORT(ReleaseSRWLockExclusive, in_kernel32);

void ReleaseSRWLockShared(SrwLock* lock) {
    const std::atomic_ref state(lock->state);
    const std::uint32_t left = state.fetch_sub(1, std::memory_order_release) - 1;
    if (left != awaited) return;
    std::uint32_t expected = awaited;
    if (state.compare_exchange_strong(expected, 0, std::memory_order_relaxed)) {
        futex_wake_all(&lock->state);
    }
}
WINAPI_EXPORT(ReleaseSRWLockShared, in_kernel32);

void InitializeConditionVariable(ConditionVariable* variable) {
    *reinterpret_cast<void**>(variable) = nullptr;
}
WINAPI_EXPORT(InitializeConditionVariable, in_kernel32);

void wake(ConditionVariable& variable, void (*wake_threads)(const std::uint32_t*)) {
    std::atomic_ref(variable.wakes).fetch_add(1, std::memory_order_release);
    wake_threads(&variable.wakes);
}

void WakeConditionVariable(ConditionVariable* variable) { wake(*variable, futex_wake_one); }
WINAPI_EXPORT(WakeConditionVariable, in_kernel32);

void WakeAllConditionVariable(ConditionVariable* variable) { wake(*variable, futex_wake_all); }
WINAPI_EXPORT(WakeAllConditionVariable, in_kernel32);

// Sleeps between `unlock` and `lock`. Wake-ups for no reason are allowed by the documentation.
template <class Unlock, class Lock>
BOOL sleep_on(ConditionVariable& variable, DWORD timeout, Unlock unlock, Lock lock) {
    const std::uint32_t seen = std::atomic_ref(variable.wakes).load(std::memory_order_acquire);
    unlock();
    const bool woken = futex_wait(&variable.wakes, seen,
                                  timeout == INFINITE ? std::nullopt : std::optional(timeout));
    lock();
    return woken ? TRUE : fail(ERROR_TIMEOUT, FALSE);
}

BOOL SleepConditionVariableCS(ConditionVariable* variable, CriticalSection* section,
                              DWORD timeout) {
    return sleep_on(
        *variable, timeout, [&] { leave(*section); }, [&] { enter(*section); });
}
WINAPI_EXPORT(SleepConditionVariableCS, in_kernel32);

BOOL SleepConditionVariableSRW(ConditionVariable* variable, SrwLock* lock, DWORD timeout,
                               DWORD flags) {
    constexpr DWORD CONDITION_VARIABLE_LOCKMODE_SHARED = 1;
    if ((flags & CONDITION_VARIABLE_LOCKMODE_SHARED) != 0) {
        return sleep_on(
            *variable, timeout, [&] { ReleaseSRWLockShared(lock); },
            [&] { AcquireSRWLockShared(lock); });
    }
    return sleep_on(
        *variable, timeout, [&] { ReleaseSRWLockExclusive(lock); },
        [&] { AcquireSRWLockExclusive(lock); });
}
WINAPI_EXPORT(SleepConditionVariableSRW, in_kernel32);

// A pointer: the context with one of these in its two lowest bits.
struct InitOnce {
    std::uintptr_t value;
};
constexpr std::uintptr_t state_bits = 3;
constexpr std::uintptr_t not_begun = 0;
constexpr std::uintptr_t begun = 1;
constexpr std::uintptr_t complete = 2;

constexpr DWORD INIT_ONCE_CHECK_ONLY = 1;
constexpr DWORD INIT_ONCE_ASYNC = 2;
constexpr DWORD INIT_ONCE_INIT_FAILED = 4;

using InitOnceCallback = BOOL(WINCALL*)(InitOnce* once, void* parameter, void** context);

const std::uint32_t* futex_word(const InitOnce& once) {
    return reinterpret_cast<const std::uint32_t*>(&once.value);
}

void give_context(std::uintptr_t value, void** context) {
    if (context != nullptr) *context = reinterpret_cast<void*>(value & ~state_bits);
}

// True: the caller is to initialise. False: it is done, and the context was given.
bool begin_or_wait(InitOnce& once, void** context) {
    const std::atomic_ref state(once.value);
    for (;;) {
        std::uintptr_t seen = not_begun;
        if (state.compare_exchange_strong(seen, begun, std::memory_order_acquire)) return true;
        if ((seen & state_bits) == complete) {
            give_context(seen, context);
            return false;
        }
        futex_wait(futex_word(once), static_cast<std::uint32_t>(seen));
    }
}

void finish(InitOnce& once, std::uintptr_t value) {
    std::atomic_ref(once.value).store(value, std::memory_order_release);
    futex_wake_all(futex_word(once));
}

void InitOnceInitialize(InitOnce* once) { once->value = not_begun; }
WINAPI_EXPORT(InitOnceInitialize, in_kernel32);

BOOL InitOnceExecuteOnce(InitOnce* once, InitOnceCallback callback, void* parameter,
                         void** context) {
    if (!begin_or_wait(*once, context)) return TRUE;
    void* made = nullptr;
    const BOOL succeeded = callback(once, parameter, &made);
    const auto value = reinterpret_cast<std::uintptr_t>(made);
    finish(*once, succeeded != FALSE ? (value & ~state_bits) | complete : not_begun);
    if (succeeded != FALSE) give_context(value, context);
    return succeeded != FALSE ? TRUE : FALSE;
}
WINAPI_EXPORT(InitOnceExecuteOnce, in_kernel32);

BOOL InitOnceBeginInitialize(InitOnce* once, DWORD flags, BOOL* pending, void** context) {
    if ((flags & INIT_ONCE_ASYNC) != 0) return fail(ERROR_NOT_SUPPORTED, FALSE);
    if ((flags & INIT_ONCE_CHECK_ONLY) != 0) {
        const auto seen = std::atomic_ref(once->value).load(std::memory_order_acquire);
        if ((seen & state_bits) != complete) return fail(ERROR_GEN_FAILURE, FALSE);
        *pending = FALSE;
        give_context(seen, context);
        return TRUE;
    }
    *pending = begin_or_wait(*once, context) ? TRUE : FALSE;
    return TRUE;
}
WINAPI_EXPORT(InitOnceBeginInitialize, in_kernel32, Coverage::partial,
              "INIT_ONCE_ASYNC is refused");

BOOL InitOnceComplete(InitOnce* once, DWORD flags, void* context) {
    if ((flags & INIT_ONCE_ASYNC) != 0) return fail(ERROR_NOT_SUPPORTED, FALSE);
    const auto value = reinterpret_cast<std::uintptr_t>(context);
    const bool failed = (flags & INIT_ONCE_INIT_FAILED) != 0;
    if (!failed && (value & state_bits) != 0) return fail(ERROR_INVALID_PARAMETER, FALSE);
    finish(*once, failed ? not_begun : value | complete);
    return TRUE;
}
WINAPI_EXPORT(InitOnceComplete, in_kernel32, Coverage::partial, "INIT_ONCE_ASYNC is refused");

}  // namespace

}  // namespace instdrv::winapi::kernel32
