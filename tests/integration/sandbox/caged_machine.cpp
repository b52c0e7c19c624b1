// Other ways into the kernel than this program's own, and memory that would be code and data.
#include <cerrno>
#include <cstdint>

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "caged.hpp"

namespace instdrv::caged {
namespace {

constexpr std::size_t page = 4096;

long map(int protection) {
    return ::mmap(nullptr, page, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1
                                                                                               : 0;
}

long protect(int before, int after) {
    void* const memory = ::mmap(nullptr, page, before, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return 0;
    return ::mprotect(memory, page, after);
}

#ifdef __x86_64__
// getpid of i386, number 20.
long enter_as_i386(const World&) {
    long result = 20;
    asm volatile("int $0x80" : "+a"(result) : : "memory", "r8", "r9", "r10", "r11");
    return result;
}
long enter_as_x32(const World&) {
    constexpr long x32_bit = 0x40000000;
    return ::syscall(x32_bit | SYS_getpid);
}
#else
// getpid of amd64, number 39, from a 64-bit code segment.
long enter_as_amd64(const World&) {
    long result = 0;
    asm volatile(
        "pushl $0x33\n"  // __USER_CS of 64-bit programs
        "call 1f\n"
        "1: addl $(2f - 1b), (%%esp)\n"
        "lret\n"
        "2: .code64\n"
        "movl $39, %%eax\n"
        "syscall\n"
        ".code32\n"
        : "=a"(result)
        :
        : "memory", "ecx");
    return result;
}
#endif

constexpr Attempt attempts[] = {
    {"no_such_call", [](const World&) { return ::syscall(4000); }},
    {"largest_number", [](const World&) { return ::syscall(-1); }},
    {"map_write_execute", [](const World&) { return map(PROT_READ | PROT_WRITE | PROT_EXEC); }},
    {"protect_write_execute",
     [](const World&) {
         return protect(PROT_READ | PROT_WRITE, PROT_READ | PROT_WRITE | PROT_EXEC);
     }},
#ifdef __x86_64__
    {"enter_as_i386", enter_as_i386},
    {"enter_as_x32", enter_as_x32},
#else
    {"enter_as_amd64", enter_as_amd64},
#endif
};

}  // namespace

std::span<const Attempt> machine_attempts() { return attempts; }

}  // namespace instdrv::caged
