// guarded_call for x86-64; guarded_call.hpp says what it promises.
//
// A checkpoint is the address a guarded_call keeps in %rbp:
//      8(%rbp)  return address          -24(%rbp)  %r13
//       (%rbp)  caller's %rbp           -32(%rbp)  %r14
//     -8(%rbp)  %rbx                    -40(%rbp)  %r15
//    -16(%rbp)  %r12                    -48(%rbp)  the checkpoint of the call around this one, or 0
//                                       -96(%rbp)  stack pointer at the call
// The Windows convention preserves all of these registers too; they are kept for break_off.

#define OUTER         -48(%rbp)
#define STACK_AT_CALL -96(%rbp)

    .section .tbss, "awT", @nobits
    .balign 8
    .globl instdrv_pe_checkpoint
    .hidden instdrv_pe_checkpoint
    .type instdrv_pe_checkpoint, @object
    .size instdrv_pe_checkpoint, 8
instdrv_pe_checkpoint:
    .zero 8

    .text

// GuardedResult instdrv::pe::guarded_call(const void*, Word, Word, Word, Word, Word)
    .globl _ZN7instdrv2pe12guarded_callEPKvmmmmm
    .hidden _ZN7instdrv2pe12guarded_callEPKvmmmmm
    .type _ZN7instdrv2pe12guarded_callEPKvmmmmm, @function
    .balign 32
_ZN7instdrv2pe12guarded_callEPKvmmmmm:
    .cfi_startproc
    push %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset %rbp, -16
    mov %rsp, %rbp
    .cfi_def_cfa_register %rbp
    push %rbx
    .cfi_offset %rbx, -24
    push %r12
    .cfi_offset %r12, -32
    push %r13
    .cfi_offset %r13, -40
    push %r14
    .cfi_offset %r14, -48
    push %r15
    .cfi_offset %r15, -56
    lea STACK_AT_CALL, %rsp         // leaves shadow space, the fifth argument and padding

    mov instdrv_pe_checkpoint@gottpoff(%rip), %rax
    mov %fs:(%rax), %r10
    mov %r10, OUTER
    mov %rbp, %fs:(%rax)

    mov %rdi, %rax
    mov %r9, 32(%rsp)
    mov %r8, %r9
    mov %rcx, %r8
    mov %rsi, %rcx
    call *%rax
    xor %edx, %edx

// Leaves with the result in %rax and %rdx; %rbp is the checkpoint.
leave_guarded_call:
    mov instdrv_pe_checkpoint@gottpoff(%rip), %rcx
    mov OUTER, %r8
    mov %r8, %fs:(%rcx)
    .cfi_remember_state
    leave
    .cfi_def_cfa %rsp, 8
    ret
    .cfi_restore_state

// [[noreturn]] void instdrv_pe_return_to_checkpoint(const Error* broken)
// Goes on inside the guarded_call it returns from, so it shares that function's call frame.
    .globl instdrv_pe_return_to_checkpoint
    .hidden instdrv_pe_return_to_checkpoint
    .type instdrv_pe_return_to_checkpoint, @function
instdrv_pe_return_to_checkpoint:
    mov instdrv_pe_checkpoint@gottpoff(%rip), %rax
    mov %fs:(%rax), %rbp
    lea STACK_AT_CALL, %rsp
    mov -8(%rbp), %rbx
    mov -16(%rbp), %r12
    mov -24(%rbp), %r13
    mov -32(%rbp), %r14
    mov -40(%rbp), %r15
    cld
    xor %eax, %eax
    mov %rdi, %rdx
    jmp leave_guarded_call
    .cfi_endproc
    .size instdrv_pe_return_to_checkpoint, . - instdrv_pe_return_to_checkpoint
    .size _ZN7instdrv2pe12guarded_callEPKvmmmmm, . - _ZN7instdrv2pe12guarded_callEPKvmmmmm

    .section .note.GNU-stack, "", @progbits
