// instdrv_test_stack_pointer: the stack pointer as the called function finds it.
// instdrv_test_ruin_and_return: ruins every preserved register and the direction flag, then goes
// back to the checkpoint as break_off does. instdrv_test_keeps_registers: 1 if a
// guarded_call of `function` leaves all that the System V convention promises to preserve as it
// was.
    .text
    .globl instdrv_test_stack_pointer
instdrv_test_stack_pointer:
    mov %rsp, %rax
    ret

    .globl instdrv_test_ruin_and_return
instdrv_test_ruin_and_return:
    mov %rcx, %rdi
    mov $-1, %rbx
    mov $-1, %rbp
    mov $-1, %r12
    mov $-1, %r13
    mov $-1, %r14
    mov $-1, %r15
    std
    jmp instdrv_pe_return_to_checkpoint

    .globl instdrv_test_keeps_registers
instdrv_test_keeps_registers:
    push %rbp
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    push $16
    mov $11, %rbx
    mov $12, %r12
    mov $13, %r13
    mov $14, %r14
    mov $15, %r15
    mov %rsp, %rbp
    call _ZN7instdrv2pe12guarded_callEPKvmmmmm
    xor %eax, %eax
    cmp %rsp, %rbp
    jne 1f
    cmp $11, %rbx
    jne 1f
    cmp $12, %r12
    jne 1f
    cmp $13, %r13
    jne 1f
    cmp $14, %r14
    jne 1f
    cmp $15, %r15
    jne 1f
    cmpq $16, (%rsp)
    jne 1f
    pushf
    testl $0x400, (%rsp)
    lea 8(%rsp), %rsp
    jne 1f
    inc %eax
1:  cld
    pop %r15
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbx
    pop %rbp
    ret

    .section .note.GNU-stack, "", @progbits
