#include <atomic>
#include <thread>
#include <vector>

#include <unistd.h>

#include "image/pe/guarded_call.hpp"
#include "winapi/process/driver_thread.hpp"
#include "winapi/threads/thread.hpp"

#include "windows_call.hpp"

namespace instdrv::winapi::test {
namespace {

constexpr DWORD WAIT_TIMEOUT = 258;
constexpr DWORD WAIT_FAILED = 0xFFFFFFFF;
constexpr DWORD INFINITE = 0xFFFFFFFF;

HANDLE event(bool manual, bool set) {
    return call<HANDLE>("CreateEventW", static_cast<void*>(nullptr), BOOL{manual}, BOOL{set},
                        static_cast<const WCHAR*>(nullptr));
}
DWORD wait(HANDLE handle, DWORD timeout) {
    return call<DWORD>("WaitForSingleObject", handle, timeout);
}
BOOL close(HANDLE handle) { return call<BOOL>("CloseHandle", handle); }

template <class T>
T at_segment(std::size_t offset) {
    T value;
#if defined(__x86_64__)
    asm volatile("mov %%gs:(%1), %0" : "=r"(value) : "r"(offset));
#else
    asm volatile("mov %%fs:(%1), %0" : "=r"(value) : "r"(offset));
#endif
    return value;
}

TEST(ThreadBlock, IsReachedThroughTheSegmentRegister) {
    Process::instance().prepare_thread();
    const auto* const teb = at_segment<const Teb*>(offsetof(Teb, Self));
    EXPECT_EQ(teb, &current_thread().teb());
    EXPECT_EQ(at_segment<DWORD_PTR>(offsetof(Teb, UniqueThread)),
              call<DWORD>("GetCurrentThreadId"));
    int local = 0;
    EXPECT_LT(static_cast<void*>(&local), teb->StackBase);
    EXPECT_GT(static_cast<void*>(&local), teb->StackLimit);
    call<void>("SetLastError", DWORD{1234});
    EXPECT_EQ(teb->LastErrorValue, 1234u);
    const Peb& peb = *teb->ProcessEnvironmentBlock;
    EXPECT_EQ(peb.ImageBaseAddress,
              call<HMODULE>("GetModuleHandleW", static_cast<WCHAR*>(nullptr)));
    EXPECT_EQ(peb.ProcessHeap, call<HANDLE>("GetProcessHeap"));
    EXPECT_EQ(peb.Ldr->InLoadOrderModuleList.Flink, &peb.Ldr->InLoadOrderModuleList);
}

TEST(ThreadBlock, BelongsToOneThread) {
    Process::instance().prepare_thread();
    call<void>("SetLastError", DWORD{1});
    std::thread([] {
        EXPECT_EQ(call<DWORD>("GetLastError"), 0u);
        call<void>("SetLastError", DWORD{2});
        EXPECT_EQ(at_segment<const Teb*>(offsetof(Teb, Self)), &current_thread().teb());
    }).join();
    EXPECT_EQ(call<DWORD>("GetLastError"), 1u);
}

int& tls_value(std::uint32_t index) {
    return *static_cast<int*>(current_thread().teb().ThreadLocalStoragePointer[index]);
}

TEST(ModuleThreadData, ReachesThreadsThatRunAlready) {
    Process& process = Process::instance();
    std::atomic<std::uint32_t> index = 0;
    std::atomic<int> step = 0;
    int seen = 0;
    std::thread other([&] {
        process.prepare_thread();
        step = 1;
        step.notify_all();
        step.wait(1);
        seen = tls_value(index);
        tls_value(index) = 99;
    });
    step.wait(0);
    const int initial = 42;
    index = process.add_tls({.initial = std::as_bytes(std::span(&initial, 1)), .zero_fill = 60});
    step = 2;
    step.notify_all();
    other.join();
    EXPECT_EQ(seen, 42);
    process.prepare_thread();
    EXPECT_EQ(tls_value(index), 42);
    EXPECT_EQ((&tls_value(index))[15], 0);
    process.remove_tls(index);
    EXPECT_EQ(current_thread().teb().ThreadLocalStoragePointer[index], nullptr);
}

TEST(ModuleThreadData, GrowsBeyondTheFirstArray) {
    Process& process = Process::instance();
    process.prepare_thread();
    std::vector<std::uint32_t> indices;
    for (int i = 0; i < 200; ++i) {
        indices.push_back(
            process.add_tls({.initial = std::as_bytes(std::span(&i, 1)), .alignment = 64}));
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(&tls_value(indices.back())) % 64, 0u);
    }
    for (int i = 0; i < 200; ++i)
        EXPECT_EQ(tls_value(indices[i]), i);
    for (const auto index : indices)
        process.remove_tls(index);
}

TEST(TlsSlots, AreZeroAtFirstAndEachThreadsOwn) {
    std::vector<DWORD> indices;
    for (int i = 0; i < 100; ++i)
        indices.push_back(call<DWORD>("TlsAlloc"));  // more than the TEB itself holds
    const DWORD last = indices.back();
    EXPECT_GE(last, 64u);
    EXPECT_EQ(call<BOOL>("TlsSetValue", last, reinterpret_cast<void*>(7)), TRUE);
    std::thread([&] { EXPECT_EQ(call<void*>("TlsGetValue", last), nullptr); }).join();
    EXPECT_EQ(call<void*>("TlsGetValue", last), reinterpret_cast<void*>(7));
    EXPECT_EQ(last_error_code(), ERROR_SUCCESS);
    for (const DWORD index : indices)
        EXPECT_EQ(call<BOOL>("TlsFree", index), TRUE);
    EXPECT_EQ(call<BOOL>("TlsFree", last), FALSE);
    for (DWORD index = call<DWORD>("TlsAlloc");; index = call<DWORD>("TlsAlloc")) {
        if (index == last) break;
    }
    EXPECT_EQ(call<void*>("TlsGetValue", last), nullptr) << "a slot given out anew";
    EXPECT_EQ(call<void*>("TlsGetValue", DWORD{5000}), nullptr);
    EXPECT_EQ(last_error_code(), ERROR_INVALID_PARAMETER);
    for (const DWORD index : indices)
        call<BOOL>("TlsFree", index);
}

std::atomic<std::uintptr_t> handed_back = 0;

TEST(FiberSlots, HandValuesBackWhenAThreadEnds) {
    using Callback = void(WINCALL*)(void*);
    const Callback callback = [](void* value)
                                  WINFN { handed_back = reinterpret_cast<std::uintptr_t>(value); };
    const DWORD index = call<DWORD>("FlsAlloc", callback);
    std::thread([&] { call<BOOL>("FlsSetValue", index, reinterpret_cast<void*>(5)); }).join();
    EXPECT_EQ(handed_back, 5u);
    call<BOOL>("FlsSetValue", index, reinterpret_cast<void*>(6));
    EXPECT_EQ(call<BOOL>("FlsFree", index), TRUE);
    EXPECT_EQ(handed_back, 6u);
    EXPECT_EQ(call<BOOL>("FlsFree", index), FALSE);
}

DWORD WINFN add_one(void* number) {
    ++*static_cast<std::atomic<int>*>(number);
    return 17;
}

HANDLE start(DWORD(WINFN* function)(void*), void* argument, DWORD flags = 0, DWORD* id = nullptr) {
    return call<HANDLE>("CreateThread", static_cast<void*>(nullptr), SIZE_T{0},
                        reinterpret_cast<const void*>(function), argument, flags, id);
}

DWORD exit_code(HANDLE thread) {
    DWORD code = 0;
    EXPECT_EQ(call<BOOL>("GetExitCodeThread", thread, &code), TRUE);
    return code;
}

TEST(DriverThreads, RunAndTellTheirExitCode) {
    std::atomic<int> number = 0;
    DWORD id = 0;
    HANDLE const thread = start(add_one, &number, 0, &id);
    ASSERT_NE(thread, nullptr);
    EXPECT_EQ(wait(thread, INFINITE), 0u);
    EXPECT_EQ(number, 1);
    EXPECT_EQ(exit_code(thread), 17u);
    EXPECT_EQ(call<DWORD>("GetThreadId", thread), id);
    EXPECT_EQ(close(thread), TRUE);
    EXPECT_EQ(wait(thread, 0), WAIT_FAILED);
}

TEST(DriverThreads, WaitToBeResumed) {
    std::atomic<int> number = 0;
    constexpr DWORD suspended = 4;
    HANDLE const thread = start(add_one, &number, suspended);
    EXPECT_EQ(wait(thread, 20), WAIT_TIMEOUT);
    EXPECT_EQ(exit_code(thread), 259u) << "STILL_ACTIVE";
    EXPECT_EQ(number, 0);
    EXPECT_EQ(call<DWORD>("ResumeThread", thread), 1u);
    EXPECT_EQ(wait(thread, INFINITE), 0u);
    EXPECT_EQ(number, 1);
    close(thread);
}

TEST(DriverThreads, ActForTheDriverThatStartedThem) {
    const DriverContext context{.driver_folder = "/nowhere"};
    const ContextScope scope(&context);
    const DriverContext* seen = nullptr;
    HANDLE const thread = start(
        [](void* out) WINFN -> DWORD {
            *static_cast<const DriverContext**>(out) = current_context();
            return 0;
        },
        &seen);
    wait(thread, INFINITE);
    EXPECT_EQ(seen, &context);
    close(thread);
}

TEST(DriverThreads, EndByExitThreadAndByWhatBreaksThem) {
    HANDLE const left = start([](void*) WINFN -> DWORD { exit_driver_thread(23); }, nullptr);
    wait(left, INFINITE);
    EXPECT_EQ(exit_code(left), 23u);
    close(left);
    HANDLE const broken = start(
        [](void*) WINFN -> DWORD {
            pe::break_off(Error{.code = ErrorCode::broken, .cause = "a test", .system_code = 99});
        },
        nullptr);
    wait(broken, INFINITE);
    EXPECT_EQ(exit_code(broken), 99u);
    close(broken);
}

DWORD WINFN exit_the_process(void*) {
    call<void>("ExitProcess", UINT{3});
    return 0;
}

TEST(EndingTheProcess, EndsOnlyTheDriversCall) {
    Process::instance().prepare_thread();
    const auto result = pe::guarded_call(reinterpret_cast<const void*>(exit_the_process));
    ASSERT_NE(result.broken, nullptr);
    EXPECT_EQ(result.broken->code, ErrorCode::exited);
    EXPECT_EQ(result.broken->system_code, 3);
    EXPECT_NE(result.broken->cause.find("ExitProcess(3)"), std::string::npos);
}

TEST(Events, AreResetByTheWaitOrByHand) {
    HANDLE const automatic = event(false, true);
    EXPECT_EQ(wait(automatic, 0), 0u);
    EXPECT_EQ(wait(automatic, 0), WAIT_TIMEOUT);
    HANDLE const manual = event(true, false);
    call<BOOL>("SetEvent", manual);
    EXPECT_EQ(wait(manual, 0), 0u);
    EXPECT_EQ(wait(manual, 0), 0u);
    call<BOOL>("ResetEvent", manual);
    EXPECT_EQ(wait(manual, 0), WAIT_TIMEOUT);
    EXPECT_EQ(call<BOOL>("SetEvent", static_cast<HANDLE>(nullptr)), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_INVALID_HANDLE);
    close(automatic);
    close(manual);
}

TEST(Events, AreSharedByName) {
    const auto named = [](const WCHAR* name) {
        return call<HANDLE>("CreateEventW", static_cast<void*>(nullptr), BOOL{TRUE}, BOOL{FALSE},
                            name);
    };
    HANDLE const first = named(u"driver's event");
    EXPECT_EQ(last_error_code(), ERROR_SUCCESS);
    HANDLE const second = named(u"driver's event");
    EXPECT_EQ(last_error_code(), ERROR_ALREADY_EXISTS);
    EXPECT_NE(first, second);
    call<BOOL>("SetEvent", first);
    EXPECT_EQ(wait(second, 0), 0u);
    EXPECT_EQ(call<HANDLE>("OpenMutexA", DWORD{0}, BOOL{FALSE}, "driver's event"), nullptr);
    EXPECT_EQ(last_error_code(), ERROR_INVALID_HANDLE) << "it is no mutex";
    close(first);
    close(second);
    EXPECT_EQ(call<HANDLE>("OpenEventA", DWORD{0}, BOOL{FALSE}, "driver's event"), nullptr);
    EXPECT_EQ(last_error_code(), ERROR_FILE_NOT_FOUND);
}

TEST(Waits, TellWhichObjectIsSignalled) {
    HANDLE const handles[] = {event(true, false), event(true, true), event(true, true)};
    const auto wait_many = [&](DWORD count, BOOL all) {
        return call<DWORD>("WaitForMultipleObjects", count, static_cast<const HANDLE*>(handles),
                           all, DWORD{0});
    };
    EXPECT_EQ(wait_many(3, FALSE), 1u);
    EXPECT_EQ(wait_many(3, TRUE), WAIT_TIMEOUT);
    call<BOOL>("SetEvent", handles[0]);
    EXPECT_EQ(wait_many(3, TRUE), 0u);
    EXPECT_EQ(wait_many(0, FALSE), WAIT_FAILED);
    EXPECT_EQ(wait_many(65, FALSE), WAIT_FAILED);
    EXPECT_EQ(last_error_code(), ERROR_INVALID_PARAMETER);
    for (HANDLE const handle : handles)
        close(handle);
}

TEST(Mutexes, BelongToTheirThread) {
    HANDLE const mutex = call<HANDLE>("CreateMutexW", static_cast<void*>(nullptr), BOOL{TRUE},
                                      static_cast<const WCHAR*>(nullptr));
    EXPECT_EQ(wait(mutex, 0), 0u) << "taken twice by its owner";
    std::thread([&] {
        EXPECT_EQ(wait(mutex, 0), WAIT_TIMEOUT);
        EXPECT_EQ(call<BOOL>("ReleaseMutex", mutex), FALSE);
        EXPECT_EQ(last_error_code(), ERROR_NOT_OWNER);
    }).join();
    EXPECT_EQ(call<BOOL>("ReleaseMutex", mutex), TRUE);
    EXPECT_EQ(call<BOOL>("ReleaseMutex", mutex), TRUE);
    EXPECT_EQ(call<BOOL>("ReleaseMutex", mutex), FALSE);
    std::thread([&] {
        EXPECT_EQ(wait(mutex, 0), 0u);
        call<BOOL>("ReleaseMutex", mutex);
    }).join();
    close(mutex);
}

TEST(Semaphores, CountUpToTheirLimit) {
    const auto create = [](LONG count, LONG limit) {
        return call<HANDLE>("CreateSemaphoreA", static_cast<void*>(nullptr), count, limit,
                            static_cast<const char*>(nullptr));
    };
    EXPECT_EQ(create(2, 1), nullptr);
    EXPECT_EQ(last_error_code(), ERROR_INVALID_PARAMETER);
    HANDLE const semaphore = create(1, 3);
    LONG previous = -1;
    EXPECT_EQ(call<BOOL>("ReleaseSemaphore", semaphore, LONG{2}, &previous), TRUE);
    EXPECT_EQ(previous, 1);
    EXPECT_EQ(call<BOOL>("ReleaseSemaphore", semaphore, LONG{1}, &previous), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_TOO_MANY_POSTS);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(wait(semaphore, 0), 0u);
    EXPECT_EQ(wait(semaphore, 0), WAIT_TIMEOUT);
    close(semaphore);
}

TEST(WaitableTimers, AreSignalledWhenTheirTimeComes) {
    const auto create = [](BOOL manual) {
        return call<HANDLE>("CreateWaitableTimerW", static_cast<void*>(nullptr), manual,
                            static_cast<const WCHAR*>(nullptr));
    };
    const auto set = [](HANDLE timer, LONGLONG due, LONG period) {
        return call<BOOL>("SetWaitableTimer", timer, static_cast<const LONGLONG*>(&due), period,
                          static_cast<const void*>(nullptr), static_cast<void*>(nullptr),
                          BOOL{FALSE});
    };
    HANDLE const automatic = create(FALSE);
    EXPECT_EQ(wait(automatic, 0), WAIT_TIMEOUT);
    EXPECT_EQ(set(automatic, -10'000, 0), TRUE);
    EXPECT_EQ(wait(automatic, INFINITE), 0u);
    EXPECT_EQ(wait(automatic, 0), WAIT_TIMEOUT);
    EXPECT_EQ(set(automatic, 0, 1), TRUE);
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(wait(automatic, INFINITE), 0u);
    EXPECT_EQ(set(automatic, -1'000'000'000, 0), TRUE);
    EXPECT_EQ(call<BOOL>("CancelWaitableTimer", automatic), TRUE);
    EXPECT_EQ(wait(automatic, 0), WAIT_TIMEOUT);
    close(automatic);
    HANDLE const manual = create(TRUE);
    EXPECT_EQ(set(manual, 1, 0), TRUE) << "a moment in the year 1601";
    EXPECT_EQ(wait(manual, INFINITE), 0u);
    EXPECT_EQ(wait(manual, 0), 0u);
    close(manual);
    EXPECT_EQ(set(manual, 0, 0), FALSE);
}

TEST(Waits, SignalOneObjectAndWaitForAnother) {
    HANDLE const done = event(false, false);
    HANDLE const more = event(false, true);
    EXPECT_EQ(call<DWORD>("SignalObjectAndWait", done, more, INFINITE, BOOL{FALSE}), 0u);
    EXPECT_EQ(wait(done, 0), 0u);
    EXPECT_EQ(wait(more, 0), WAIT_TIMEOUT);
    close(more);
    EXPECT_EQ(call<DWORD>("SignalObjectAndWait", more, done, DWORD{0}, BOOL{FALSE}), WAIT_FAILED);
    close(done);
}

TEST(Handles, DuplicatesOutliveTheirSource) {
    HANDLE const source = event(true, true);
    HANDLE copy = nullptr;
    HANDLE const process = call<HANDLE>("GetCurrentProcess");
    EXPECT_EQ(call<BOOL>("DuplicateHandle", process, source, process, &copy, DWORD{0}, BOOL{FALSE},
                         DWORD{2}),
              TRUE);
    close(source);
    EXPECT_EQ(wait(copy, 0), 0u);
    close(copy);
}

}  // namespace
}  // namespace instdrv::winapi::test
