// Mathematics as compilers for i386 call it by themselves: arguments and results are on the x87
// stack. https://learn.microsoft.com/cpp/c-runtime-library/math-and-floating-point-support
#include <cmath>

#include "winapi/exports/export.hpp"

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

EXPORT_ADDRESS("_CIacos", in_crt, ci_acos);
EXPORT_ADDRESS("_CIasin", in_crt, ci_asin);
EXPORT_ADDRESS("_CIatan", in_crt, ci_atan);
EXPORT_ADDRESS("_CIatan2", in_crt, ci_atan2);
EXPORT_ADDRESS("_CIcos", in_crt, ci_cos);
EXPORT_ADDRESS("_CIcosh", in_crt, ci_cosh);
EXPORT_ADDRESS("_CIexp", in_crt, ci_exp);
EXPORT_ADDRESS("_CIfmod", in_crt, ci_fmod);
EXPORT_ADDRESS("_CIlog", in_crt, ci_log);
EXPORT_ADDRESS("_CIlog10", in_crt, ci_log10);
EXPORT_ADDRESS("_CIpow", in_crt, ci_pow);
EXPORT_ADDRESS("_CIsin", in_crt, ci_sin);
EXPORT_ADDRESS("_CIsinh", in_crt, ci_sinh);
EXPORT_ADDRESS("_CIsqrt", in_crt, ci_sqrt);
EXPORT_ADDRESS("_CItan", in_crt, ci_tan);
EXPORT_ADDRESS("_CItanh", in_crt, ci_tanh);
EXPORT_ADDRESS("_ftol", in_crt, to_integer);
EXPORT_ADDRESS("_ftol2", in_crt, to_integer);

}  // namespace instdrv::winapi::crt
