#include "worker/crash.hpp"

#include <array>
#include <csignal>
#include <cstddef>
#include <memory>

#include <sys/mman.h>
#include <unistd.h>

#include "channel/crash_record.hpp"
#include "winapi/exceptions/fault.hpp"
#include "worker/stack_walk.hpp"

namespace instdrv::worker {
namespace {

constexpr std::size_t signal_stack_size = std::size_t{64} << 10;

constinit const channel::Region* crash_region = nullptr;

// A driver that got no memory usually crashes over it.
bool is_out_of_memory() noexcept {
    constexpr std::size_t probe = std::size_t{1} << 20;
    void* const memory =
        ::mmap(nullptr, probe, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return true;
    ::munmap(memory, probe);
    return false;
}

void write_record(int number, const siginfo_t& info, const ucontext_t& context) noexcept {
    // The first of several threads that crash at once.
    if (crash_region->header().crashed.exchange(1) != 0) return;
    auto& record = *reinterpret_cast<channel::CrashRecord*>(crash_region->crash().bytes.data());
    record.signal = static_cast<std::uint32_t>(number);
    record.code = static_cast<std::uint32_t>(info.si_code);
    record.address = reinterpret_cast<std::uintptr_t>(info.si_addr);
    if (number == SIGSYS && record.code == channel::code_of_denials) {
        record.system_call = static_cast<std::uint32_t>(info.si_syscall);
        record.architecture = info.si_arch;
    }
    record.out_of_memory = is_out_of_memory() ? 1 : 0;
    record.frame_count = static_cast<std::uint32_t>(walk_stack(context, record.frames));
    crash_region->header().crashed.store(2);
}

// All signals are blocked in a handler. One that the kernel raises all the same ends the process,
// which is how it dies of SIGSEGV and SIGSYS: the filter lets nobody change what these do, so that
// asking for it is a denied call.
void die_of(int number) noexcept {
    if (number == SIGSEGV) asm volatile("hlt");
    struct sigaction action {};
    action.sa_handler = SIG_DFL;
    ::sigaction(number, &action, nullptr);
    sigset_t only;
    ::sigemptyset(&only);
    ::sigaddset(&only, number);
    ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
    ::raise(number);
    ::_exit(128 + number);
}

void handle(int number, siginfo_t* info, void* context) noexcept {
    auto& stopped = *static_cast<ucontext_t*>(context);
    if (winapi::dispatch_fault(number, *info, stopped)) return;
    write_record(number, *info, stopped);
    die_of(number);
}

struct SignalStack {
    std::unique_ptr<std::byte[]> memory =  // NOLINT(*-avoid-c-arrays)
        std::make_unique_for_overwrite<std::byte[]>(signal_stack_size);
    ~SignalStack() {
        stack_t off{};
        off.ss_flags = SS_DISABLE;
        ::sigaltstack(&off, nullptr);
    }
};

}  // namespace

void prepare_thread_for_crashes() {
    thread_local const SignalStack stack;
    stack_t description{};
    description.ss_sp = stack.memory.get();
    description.ss_size = signal_stack_size;
    ::sigaltstack(&description, nullptr);
    remember_stack_bounds();
}

void report_crashes(const channel::Region& shared) {
    crash_region = &shared;
    prepare_thread_for_crashes();
    struct sigaction action {};
    action.sa_sigaction = handle;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    ::sigfillset(&action.sa_mask);
    for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS}) {
        ::sigaction(number, &action, nullptr);
    }
}

}  // namespace instdrv::worker
