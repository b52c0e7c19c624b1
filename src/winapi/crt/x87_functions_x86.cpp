// Mathematics as compilers for i386 call it by themselves: arguments and results are on the x87
// stack. https://learn.microsoft.com/cpp/c-runtime-library/math-and-floating-point-support
#include <cmath>

#include "winapi/crt/topics.hpp"

namespace instdrv::winapi::crt {
namespace {

// NAME of one argument: st(0) becomes its result. The C++ function behind it takes and returns
// doubles as Linux and Windows both do.
#define INSTDRV_UNARY(name)                                                                  \
    extern "C" [[gnu::used, gnu::visibility("hidden")]] double instdrv_ci_##name(double x) { \
        return std::name(x);                                                                 \
    }                                                                                        \
    [[gnu::naked]] void ci_##name() {                                                        \
        asm("pushl %ebp\n\t"                                                                 \
            "movl %esp, %ebp\n\t"                                                            \
            "subl $16, %esp\n\t"                                                             \
            "andl $-16, %esp\n\t"                                                            \
            "fstpl (%esp)\n\t"                                                               \
            "call instdrv_ci_" #name                                                         \
            "\n\t"                                                                           \
            "leave\n\t"                                                                      \
            "ret");                                                                          \
    }

// NAME of two arguments: st(1) and st(0) become its result.
#define INSTDRV_BINARY(name)                                                                    \
    extern "C"                                                                                  \
        [[gnu::used, gnu::visibility("hidden")]] double instdrv_ci_##name(double x, double y) { \
        return std::name(x, y);                                                                 \
    }                                                                                           \
    [[gnu::naked]] void ci_##name() {                                                           \
        asm("pushl %ebp\n\t"                                                                    \
            "movl %esp, %ebp\n\t"                                                               \
            "subl $16, %esp\n\t"                                                                \
            "andl $-16, %esp\n\t"                                                               \
            "fstpl 8(%esp)\n\t"                                                                 \
            "fstpl (%esp)\n\t"                                                                  \
            "call instdrv_ci_" #name                                                            \
            "\n\t"                                                                              \
            "leave\n\t"                                                                         \
            "ret");                                                                             \
    }

INSTDRV_UNARY(acos)
INSTDRV_UNARY(asin)
INSTDRV_UNARY(atan)
INSTDRV_UNARY(cos)
INSTDRV_UNARY(cosh)
INSTDRV_UNARY(exp)
INSTDRV_UNARY(log)
INSTDRV_UNARY(log10)
INSTDRV_UNARY(sin)
INSTDRV_UNARY(sinh)
INSTDRV_UNARY(sqrt)
INSTDRV_UNARY(tan)
INSTDRV_UNARY(tanh)
INSTDRV_BINARY(atan2)
INSTDRV_BINARY(fmod)
INSTDRV_BINARY(pow)

// st(0), rounded towards zero, becomes EDX:EAX.
[[gnu::naked]] void to_integer() {
    asm(R"(
        subl $12, %esp
        fnstcw (%esp)
        movzwl (%esp), %eax
        orl $0x0C00, %eax
        movw %ax, 2(%esp)
        fldcw 2(%esp)
        fistpll 4(%esp)
        fldcw (%esp)
        movl 4(%esp), %eax
        movl 8(%esp), %edx
        addl $12, %esp
        ret
    )");
}

}  // namespace

std::span<const Export> x87_exports() {
    static const Export table[] = {
        {"_CIacos", address_of(ci_acos)},  {"_CIasin", address_of(ci_asin)},
        {"_CIatan", address_of(ci_atan)},  {"_CIatan2", address_of(ci_atan2)},
        {"_CIcos", address_of(ci_cos)},    {"_CIcosh", address_of(ci_cosh)},
        {"_CIexp", address_of(ci_exp)},    {"_CIfmod", address_of(ci_fmod)},
        {"_CIlog", address_of(ci_log)},    {"_CIlog10", address_of(ci_log10)},
        {"_CIpow", address_of(ci_pow)},    {"_CIsin", address_of(ci_sin)},
        {"_CIsinh", address_of(ci_sinh)},  {"_CIsqrt", address_of(ci_sqrt)},
        {"_CItan", address_of(ci_tan)},    {"_CItanh", address_of(ci_tanh)},
        {"_ftol", address_of(to_integer)}, {"_ftol2", address_of(to_integer)},
    };
    return table;
}

}  // namespace instdrv::winapi::crt
