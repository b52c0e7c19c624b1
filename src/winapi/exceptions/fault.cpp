#include "winapi/exceptions/fault.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <iterator>
#include <new>
#include <utility>

#include <dlfcn.h>

#include "image/pe/control_words.hpp"
#include "image/pe/guarded_call.hpp"
#include "winapi/exceptions/fault_registers.hpp"
#include "winapi/process/process.hpp"
#include "winapi/threads/thread.hpp"

namespace instdrv::winapi {
namespace {

constexpr DWORD STATUS_DATATYPE_MISALIGNMENT = 0x80000002;
constexpr DWORD STATUS_BREAKPOINT = 0x80000003;
constexpr DWORD STATUS_SINGLE_STEP = 0x80000004;
constexpr DWORD STATUS_ACCESS_VIOLATION = 0xC0000005;
constexpr DWORD STATUS_IN_PAGE_ERROR = 0xC0000006;
constexpr DWORD STATUS_ILLEGAL_INSTRUCTION = 0xC000001D;
constexpr DWORD STATUS_FLOAT_DIVIDE_BY_ZERO = 0xC000008E;
constexpr DWORD STATUS_FLOAT_INEXACT_RESULT = 0xC000008F;
constexpr DWORD STATUS_FLOAT_INVALID_OPERATION = 0xC0000090;
constexpr DWORD STATUS_FLOAT_OVERFLOW = 0xC0000091;
constexpr DWORD STATUS_FLOAT_UNDERFLOW = 0xC0000093;
constexpr DWORD STATUS_INTEGER_DIVIDE_BY_ZERO = 0xC0000094;
constexpr DWORD STATUS_INTEGER_OVERFLOW = 0xC0000095;
constexpr DWORD STATUS_PRIVILEGED_INSTRUCTION = 0xC0000096;

// What a handler and the host's frames around it may need.
constexpr std::size_t room_for_handlers = std::size_t{48} << 10;

// The instruction of a fault that no handler took, until it faults again.
constinit thread_local const void* unhandled_fault __attribute__((tls_model("initial-exec"))) =
    nullptr;

// Lies below the faulting code's stack while its handlers are asked.
struct Fault {
    ExceptionRecord record{};
    pe::Context raised;   // where the fault was
    pe::Context context;  // the same, which handlers may change
};

// hlt, cli, sti, in, out, and what moves control registers and model-specific ones. The bytes lie
// in memory that was just executed; the second is read only where the first needs it.
bool is_privileged(const std::uint8_t* code) noexcept {
    constexpr std::uint8_t alone[] = {0xF4, 0xFA, 0xFB, 0xE4, 0xE5, 0xE6, 0xE7, 0xEC,
                                      0xED, 0xEE, 0xEF, 0x6C, 0x6D, 0x6E, 0x6F};
    constexpr std::uint8_t behind_0f[] = {0x00, 0x01, 0x06, 0x08, 0x09, 0x20,
                                          0x21, 0x22, 0x23, 0x30, 0x32, 0x33};
    const auto is_in = [](const auto& list, std::uint8_t byte) {
        return std::find(std::begin(list), std::end(list), byte) != std::end(list);
    };
    return code[0] == 0x0F ? is_in(behind_0f, code[1]) : is_in(alone, code[0]);
}

DWORD floating_code(int reason) noexcept {
    switch (reason) {
        case FPE_INTDIV: return STATUS_INTEGER_DIVIDE_BY_ZERO;
        case FPE_INTOVF: return STATUS_INTEGER_OVERFLOW;
        case FPE_FLTDIV: return STATUS_FLOAT_DIVIDE_BY_ZERO;
        case FPE_FLTOVF: return STATUS_FLOAT_OVERFLOW;
        case FPE_FLTUND: return STATUS_FLOAT_UNDERFLOW;
        case FPE_FLTRES: return STATUS_FLOAT_INEXACT_RESULT;
        default: return STATUS_FLOAT_INVALID_OPERATION;
    }
}

void describe_access(ExceptionRecord& record, const siginfo_t& info,
                     const ucontext_t& context) noexcept {
    record.code = STATUS_ACCESS_VIOLATION;
    record.parameter_count = 2;
    if (info.si_code == SI_KERNEL) {  // no page: a rule of the processor was broken
        const auto* const code = reinterpret_cast<const std::uint8_t*>(code_pointer(context));
        if (is_privileged(code)) {
            record.code = STATUS_PRIVILEGED_INSTRUCTION;
            record.parameter_count = 0;
        }
        record.parameters[1] = ~std::uintptr_t{0};
        return;
    }
    record.parameters[0] = static_cast<std::uintptr_t>(faulting_access(context));
    record.parameters[1] = reinterpret_cast<std::uintptr_t>(info.si_addr);
}

void describe_bus_error(ExceptionRecord& record, const siginfo_t& info,
                        const ucontext_t& context) noexcept {
    if (info.si_code == BUS_ADRALN) {
        record.code = STATUS_DATATYPE_MISALIGNMENT;
        return;
    }
    describe_access(record, info, context);
    record.code = STATUS_IN_PAGE_ERROR;
    record.parameter_count = 3;
    record.parameters[2] = STATUS_IN_PAGE_ERROR;
}

void describe(Fault& fault, int signal, const siginfo_t& info, const ucontext_t& context) noexcept {
    ExceptionRecord& record = fault.record;
    switch (signal) {
        case SIGSEGV: describe_access(record, info, context); break;
        case SIGBUS: describe_bus_error(record, info, context); break;
        case SIGFPE: record.code = floating_code(info.si_code); break;
        case SIGILL: record.code = STATUS_ILLEGAL_INSTRUCTION; break;
        default:
            record.code = info.si_code == SI_KERNEL ? STATUS_BREAKPOINT : STATUS_SINGLE_STEP;
            if (record.code != STATUS_BREAKPOINT) break;
            record.parameter_count = 1;
            step_back(fault.raised, 1);
    }
    record.address = pe::code_address(fault.raised);
}

bool is_in_image(std::uintptr_t address) {
    return Process::instance().loader().find_by_address(reinterpret_cast<const void*>(address)) !=
           nullptr;
}

// The host's own code and its libraries. A thread that was stopped there may hold locks of the
// host.
bool is_of_host(std::uintptr_t code) noexcept {
    dl_find_object found;
    return ::_dl_find_object(reinterpret_cast<void*>(code), &found) == 0;
}

// In an image, or a call from an image to where no code is.
bool is_of_pe_code(const siginfo_t& info, const ucontext_t& context) noexcept {
    const auto code = code_pointer(context);
    if (is_of_host(code)) return false;
    if (is_in_image(code)) return true;
    if (reinterpret_cast<std::uintptr_t>(info.si_addr) != code) return false;
    std::uintptr_t caller = 0;
    std::memcpy(&caller, reinterpret_cast<const void*>(stack_pointer(context)), sizeof caller);
    return is_in_image(caller);
}

bool has_room(Thread& thread, std::uintptr_t stack) noexcept {
    const auto lowest = reinterpret_cast<std::uintptr_t>(thread.teb().StackLimit);
    const auto highest = reinterpret_cast<std::uintptr_t>(thread.teb().StackBase);
    return stack > lowest && stack - lowest > room_for_handlers && stack < highest;
}

[[noreturn]] void ask_handlers(void* argument) {
    pe::mask_floating_exceptions();
    Fault& fault = *static_cast<Fault*>(argument);
    if (offer_exception(fault.record, fault.context)) go_on_with(fault.context);
    unhandled_fault = pe::code_address(fault.raised);
    go_on_with(fault.raised);
}

}  // namespace

bool dispatch_fault(int signal, const siginfo_t& info, ucontext_t& context) noexcept {
    // A denied system call (SIGSYS), above all, is no exception that a driver could take.
    constexpr std::array faults{SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
    if (std::find(faults.begin(), faults.end(), signal) == faults.end()) return false;
    Thread* const thread = detail::this_thread;
    if (thread == nullptr || !pe::inside_guarded_call() || info.si_code <= 0) return false;
    const auto stack = stack_pointer(context);
    if (!has_room(*thread, stack) || !is_of_pe_code(info, context)) return false;

    const auto place = (stack - sizeof(Fault)) & ~std::uintptr_t{15};
    auto& fault = *new (reinterpret_cast<void*>(place)) Fault;
    fault.raised = windows_context(context);
    describe(fault, signal, info, context);
    if (std::exchange(unhandled_fault, nullptr) == fault.record.address) return false;
    fault.context = fault.raised;
    redirect(context, ask_handlers, &fault, place);
    return true;
}

}  // namespace instdrv::winapi
