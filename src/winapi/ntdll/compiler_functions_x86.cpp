// What compilers for i386 call by themselves: arithmetic of 64 bits, and stack probes. Arguments of
// 64 bits are taken off the stack, except that shifts have theirs in EDX:EAX and CL.
// https://learn.microsoft.com/cpp/build/reference/gs-control-stack-checking-calls
#include "winapi/abi.hpp"
#include "winapi/exports/export.hpp"

namespace instdrv::winapi::ntdll {
namespace {

// Products and shifts to the left are the same for numbers with and without a sign.
ULONGLONG _allmul(ULONGLONG a, ULONGLONG b) { return a * b; }
WINAPI_EXPORT(_allmul, in_ntdll);

template <class Number>
Number quotient(Number dividend, Number divisor) {
    return dividend / divisor;
}
WINAPI_EXPORT_AS("_alldiv", in_ntdll, quotient<LONGLONG>);
WINAPI_EXPORT_AS("_aulldiv", in_ntdll, quotient<ULONGLONG>);
template <class Number>
Number remainder(Number dividend, Number divisor) {
    return dividend % divisor;
}
WINAPI_EXPORT_AS("_allrem", in_ntdll, remainder<LONGLONG>);
WINAPI_EXPORT_AS("_aullrem", in_ntdll, remainder<ULONGLONG>);

// Puts the remainder where the quotient's entry below loads it from.
extern "C" [[gnu::used, gnu::visibility("hidden")]] LONGLONG instdrv_divide_signed(
    LONGLONG dividend, LONGLONG divisor, LONGLONG* remainder) {
    *remainder = dividend % divisor;
    return dividend / divisor;
}
extern "C" [[gnu::used, gnu::visibility("hidden")]] ULONGLONG instdrv_divide_unsigned(
    ULONGLONG dividend, ULONGLONG divisor, ULONGLONG* remainder) {
    *remainder = dividend % divisor;
    return dividend / divisor;
}

// The quotient in EDX:EAX, the remainder in EBX:ECX.
#define INSTDRV_DIVIDE_WITH_REMAINDER(divide) \
    asm("pushl %ebp\n\t"                      \
        "movl %esp, %ebp\n\t"                 \
        "subl $8, %esp\n\t"                   \
        "movl %esp, %eax\n\t"                 \
        "andl $-16, %esp\n\t"                 \
        "subl $12, %esp\n\t"                  \
        "pushl %eax\n\t"                      \
        "pushl 20(%ebp)\n\t"                  \
        "pushl 16(%ebp)\n\t"                  \
        "pushl 12(%ebp)\n\t"                  \
        "pushl 8(%ebp)\n\t"                   \
        "call " #divide                       \
        "\n\t"                                \
        "movl -8(%ebp), %ecx\n\t"             \
        "movl -4(%ebp), %ebx\n\t"             \
        "leave\n\t"                           \
        "ret $16")
[[gnu::naked]] void divide_signed() { INSTDRV_DIVIDE_WITH_REMAINDER(instdrv_divide_signed); }
[[gnu::naked]] void divide_unsigned() { INSTDRV_DIVIDE_WITH_REMAINDER(instdrv_divide_unsigned); }

[[gnu::naked]] void shift_left() {
    asm(R"(
        cmpb $64, %cl
        jae 2f
        cmpb $32, %cl
        jae 1f
        shldl %cl, %eax, %edx
        shll %cl, %eax
        ret
    1:  movl %eax, %edx
        xorl %eax, %eax
        shll %cl, %edx
        ret
    2:  xorl %eax, %eax
        xorl %edx, %edx
        ret
    )");
}

[[gnu::naked]] void shift_right_signed() {
    asm(R"(
        cmpb $32, %cl
        jae 1f
        shrdl %cl, %edx, %eax
        sarl %cl, %edx
        ret
    1:  movl %edx, %eax
        sarl $31, %edx
        cmpb $64, %cl
        jae 2f
        sarl %cl, %eax
        ret
    2:  movl %edx, %eax
        ret
    )");
}

[[gnu::naked]] void shift_right_unsigned() {
    asm(R"(
        cmpb $64, %cl
        jae 2f
        cmpb $32, %cl
        jae 1f
        shrdl %cl, %edx, %eax
        shrl %cl, %edx
        ret
    1:  movl %edx, %eax
        xorl %edx, %edx
        shrl %cl, %eax
        ret
    2:  xorl %eax, %eax
        xorl %edx, %edx
        ret
    )");
}

// Touches every page of EAX bytes below the caller's stack pointer, and lowers that by them.
[[gnu::naked]] void probe_stack() {
    asm(R"(
        pushl %ecx
        leal 8(%esp), %ecx
    1:  cmpl $4096, %eax
        jb 2f
        subl $4096, %ecx
        orl $0, (%ecx)
        subl $4096, %eax
        jmp 1b
    2:  subl %eax, %ecx
        orl $0, (%ecx)
        movl %esp, %eax
        movl %ecx, %esp
        movl (%eax), %ecx
        pushl 4(%eax)
        ret
    )");
}

EXPORT_ADDRESS("_alldvrm", in_ntdll, divide_signed);
EXPORT_ADDRESS("_alloca_probe", in_ntdll, probe_stack);
EXPORT_ADDRESS("_allshl", in_ntdll, shift_left);
EXPORT_ADDRESS("_allshr", in_ntdll, shift_right_signed);
EXPORT_ADDRESS("_aulldvrm", in_ntdll, divide_unsigned);
EXPORT_ADDRESS("_aullshr", in_ntdll, shift_right_unsigned);
EXPORT_ADDRESS("_chkstk", in_ntdll, probe_stack);

}  // namespace
}  // namespace instdrv::winapi::ntdll
