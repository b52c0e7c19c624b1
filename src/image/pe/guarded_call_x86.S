// guarded_call for i386; guarded_call.hpp says what it promises.
//
// A checkpoint is the address a guarded_call keeps in %ebp:
//     12(%ebp)  the function, then its arguments       -8(%ebp)  %esi
//      8(%ebp)  where the result goes                 -12(%ebp)  %edi
//      4(%ebp)  return address                        -16(%ebp)  the checkpoint around this one, or 0
//       (%ebp)  caller's %ebp                         -20(%ebp)  caller's chain of exception handlers
//     -4(%ebp)  %ebx                                  -24(%ebp)  where that chain begins, or 0
//                                                     -56(%ebp)  stack pointer at the call
// The stack pointer is taken from %ebp after the call, so it does not matter whether the callee takes
// its arguments off the stack.

#define RESULT        8(%ebp)
#define FUNCTION      12(%ebp)
#define ARGUMENT(n)   16 + 4 * (n)(%ebp)
#define OUTER         -16(%ebp)
#define SAVED_CHAIN   -20(%ebp)
#define CHAIN         -24(%ebp)
#define STACK_AT_CALL -56(%ebp)

    .section .tbss, "awT", @nobits
    .balign 4
    .globl instdrv_pe_checkpoint
    .hidden instdrv_pe_checkpoint
    .type instdrv_pe_checkpoint, @object
    .size instdrv_pe_checkpoint, 4
instdrv_pe_checkpoint:
    .zero 4
    .globl instdrv_pe_handler_chain
    .hidden instdrv_pe_handler_chain
    .type instdrv_pe_handler_chain, @object
    .size instdrv_pe_handler_chain, 4
instdrv_pe_handler_chain:
    .zero 4

    .text

// Makes %ebx the address of the global offset table.
.macro load_table
    call instruction_after
    add $_GLOBAL_OFFSET_TABLE_, %ebx
.endm
instruction_after:
    mov (%esp), %ebx
    ret

// GuardedResult instdrv::pe::guarded_call(const void*, Word, Word, Word, Word, Word)
    .globl _ZN7instdrv2pe12guarded_callEPKvjjjjj
    .hidden _ZN7instdrv2pe12guarded_callEPKvjjjjj
    .type _ZN7instdrv2pe12guarded_callEPKvjjjjj, @function
    .balign 32
_ZN7instdrv2pe12guarded_callEPKvjjjjj:
    .cfi_startproc
    push %ebp
    .cfi_def_cfa_offset 8
    .cfi_offset %ebp, -8
    mov %esp, %ebp
    .cfi_def_cfa_register %ebp
    push %ebx
    .cfi_offset %ebx, -12
    push %esi
    .cfi_offset %esi, -16
    push %edi
    .cfi_offset %edi, -20
    lea STACK_AT_CALL, %esp

    load_table
    mov instdrv_pe_checkpoint@gotntpoff(%ebx), %eax
    mov %gs:(%eax), %ecx
    mov %ecx, OUTER
    mov %ebp, %gs:(%eax)

    mov instdrv_pe_handler_chain@gotntpoff(%ebx), %eax
    mov %gs:(%eax), %eax
    mov %eax, CHAIN
    test %eax, %eax
    jz 1f
    mov (%eax), %ecx
    mov %ecx, SAVED_CHAIN
    movl $-1, (%eax)                // no handlers below this call
1:
    .irp n, 0, 1, 2, 3, 4
    mov ARGUMENT(\n), %eax
    mov %eax, 4 * \n(%esp)
    .endr
    call *FUNCTION
    xor %edx, %edx

// Leaves with the result in %eax and %edx; %ebp is the checkpoint.
leave_guarded_call:
    lea STACK_AT_CALL, %esp
    cld
    emms                            // the code may have left values in the x87 or MMX registers
    mov RESULT, %ecx
    mov %eax, (%ecx)
    mov %edx, 4(%ecx)

    mov CHAIN, %eax
    test %eax, %eax
    jz 2f
    mov SAVED_CHAIN, %edx
    mov %edx, (%eax)
2:
    load_table
    mov instdrv_pe_checkpoint@gotntpoff(%ebx), %eax
    mov OUTER, %edx
    mov %edx, %gs:(%eax)
    mov %ecx, %eax
    mov -4(%ebp), %ebx
    mov -8(%ebp), %esi
    mov -12(%ebp), %edi
    .cfi_remember_state
    leave
    .cfi_def_cfa %esp, 4
    ret $4
    .cfi_restore_state

// [[noreturn]] void instdrv_pe_return_to_checkpoint(const Error* broken)
// Goes on inside the guarded_call it returns from, so it shares that function's call frame.
    .globl instdrv_pe_return_to_checkpoint
    .hidden instdrv_pe_return_to_checkpoint
    .type instdrv_pe_return_to_checkpoint, @function
instdrv_pe_return_to_checkpoint:
    mov 4(%esp), %edx
    load_table
    mov instdrv_pe_checkpoint@gotntpoff(%ebx), %eax
    mov %gs:(%eax), %ebp
    xor %eax, %eax
    jmp leave_guarded_call
    .cfi_endproc
    .size instdrv_pe_return_to_checkpoint, . - instdrv_pe_return_to_checkpoint
    .size _ZN7instdrv2pe12guarded_callEPKvjjjjj, . - _ZN7instdrv2pe12guarded_callEPKvjjjjj

    .section .note.GNU-stack, "", @progbits
