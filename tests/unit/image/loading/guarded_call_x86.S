// What the tests of guarded_call need of assembly; guarded_call_x86_64.S is the same for amd64.
// instdrv_test_stack_pointer: the stack pointer as the called function finds it.
// instdrv_test_ruin_and_return: ruins every preserved register and the direction flag, then goes
// back to the checkpoint as break_off does. instdrv_test_keeps_registers: 1 if a
// guarded_call of `function` leaves all that the System V convention promises to preserve as it
// was. instdrv_test_leaves_arguments: a function that does not take its arguments off the stack.
    .text
    .globl instdrv_test_stack_pointer
instdrv_test_stack_pointer:
    mov %esp, %eax
    ret $20

    .globl instdrv_test_leaves_arguments
instdrv_test_leaves_arguments:
    mov 4(%esp), %eax
    ret

    .globl instdrv_test_ruin_and_return
instdrv_test_ruin_and_return:
    mov 4(%esp), %eax
    mov $-1, %ebx
    mov $-1, %ebp
    mov $-1, %esi
    mov $-1, %edi
    std
    push %eax
    push $0
    jmp instdrv_pe_return_to_checkpoint

    .globl instdrv_test_keeps_registers
instdrv_test_keeps_registers:
    push %ebp
    push %ebx
    push %esi
    push %edi
    mov 20(%esp), %eax
    mov 24(%esp), %edx
    sub $16, %esp                   // for the result
    mov %esp, %ecx
    push $0
    push $0
    push $0
    push $0
    push %edx
    push %eax
    push %ecx
    mov $11, %ebx
    mov $12, %esi
    mov $13, %edi
    mov %esp, %ebp
    call _ZN7instdrv2pe12guarded_callEPKvjjjjj
    xor %eax, %eax
    lea -4(%esp), %ecx              // the callee takes the result's address off
    cmp %ecx, %ebp
    jne 1f
    cmp $11, %ebx
    jne 1f
    cmp $12, %esi
    jne 1f
    cmp $13, %edi
    jne 1f
    pushf
    testl $0x400, (%esp)
    lea 4(%esp), %esp
    jne 1f
    inc %eax
1:  cld
    add $40, %esp
    pop %edi
    pop %esi
    pop %ebx
    pop %ebp
    ret

    .section .note.GNU-stack, "", @progbits
