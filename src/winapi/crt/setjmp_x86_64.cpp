// setjmp and longjmp on x86-64, with Microsoft's layout of jmp_buf (16 slots of 16 bytes):
//   0x00 Frame  0x08 Rbx  0x10 Rsp  0x18 Rbp  0x20 Rsi  0x28 Rdi  0x30 R12 .. R15
//   0x50 Rip    0x58 MxCsr  0x5C FpCsr  0x60 Xmm6 .. Xmm15
// https://learn.microsoft.com/cpp/c-runtime-library/reference/setjmp
//
// longjmp restores the registers and unwinds nothing: __finally blocks and C++ destructors in
// between do not run.

#include "winapi/exports/export.hpp"

namespace instdrv::winapi::crt {
namespace {

// rcx: the buffer, rdx: the frame. The caller's stack pointer is the one behind our return address.
[[gnu::naked, gnu::used]] int set_jump() {
    asm(R"(
        movq  %rdx, 0x00(%rcx)
        movq  %rbx, 0x08(%rcx)
        leaq  8(%rsp), %rax
        movq  %rax, 0x10(%rcx)
        movq  %rbp, 0x18(%rcx)
        movq  %rsi, 0x20(%rcx)
        movq  %rdi, 0x28(%rcx)
        movq  %r12, 0x30(%rcx)
        movq  %r13, 0x38(%rcx)
        movq  %r14, 0x40(%rcx)
        movq  %r15, 0x48(%rcx)
        movq  (%rsp), %rax
        movq  %rax, 0x50(%rcx)
        stmxcsr 0x58(%rcx)
        fnstcw  0x5C(%rcx)
        movups %xmm6,  0x60(%rcx)
        movups %xmm7,  0x70(%rcx)
        movups %xmm8,  0x80(%rcx)
        movups %xmm9,  0x90(%rcx)
        movups %xmm10, 0xA0(%rcx)
        movups %xmm11, 0xB0(%rcx)
        movups %xmm12, 0xC0(%rcx)
        movups %xmm13, 0xD0(%rcx)
        movups %xmm14, 0xE0(%rcx)
        movups %xmm15, 0xF0(%rcx)
        xorl  %eax, %eax
        ret
    )");
}

// rcx: the buffer, edx: what setjmp answers now, which is never 0.
[[gnu::naked, gnu::used]] void jump_back() {
    asm(R"(
        movl  %edx, %eax
        testl %eax, %eax
        jnz   1f
        incl  %eax
    1:
        movups 0x60(%rcx), %xmm6
        movups 0x70(%rcx), %xmm7
        movups 0x80(%rcx), %xmm8
        movups 0x90(%rcx), %xmm9
        movups 0xA0(%rcx), %xmm10
        movups 0xB0(%rcx), %xmm11
        movups 0xC0(%rcx), %xmm12
        movups 0xD0(%rcx), %xmm13
        movups 0xE0(%rcx), %xmm14
        movups 0xF0(%rcx), %xmm15
        ldmxcsr 0x58(%rcx)
        fnclex
        fldcw   0x5C(%rcx)
        movq  0x08(%rcx), %rbx
        movq  0x18(%rcx), %rbp
        movq  0x20(%rcx), %rsi
        movq  0x28(%rcx), %rdi
        movq  0x30(%rcx), %r12
        movq  0x38(%rcx), %r13
        movq  0x40(%rcx), %r14
        movq  0x48(%rcx), %r15
        movq  0x10(%rcx), %rsp
        jmp   *0x50(%rcx)
    )");
}

}  // namespace

EXPORT_ADDRESS("__intrinsic_setjmp", in_crt | in_vcruntime140, set_jump);
EXPORT_ADDRESS("__intrinsic_setjmpex", in_crt | in_vcruntime140, set_jump);
EXPORT_ADDRESS("_setjmp", in_crt, set_jump);
EXPORT_ADDRESS("_setjmpex", in_crt, set_jump);
EXPORT_ADDRESS("longjmp", in_crt | in_vcruntime140, jump_back, Coverage::partial,
               "unwinds nothing on the way");

}  // namespace instdrv::winapi::crt
