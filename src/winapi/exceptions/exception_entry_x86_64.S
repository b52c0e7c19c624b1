// The entries of exception handling that see or set registers; exception_entry_x86_64.hpp says what
// each is for. Offsets are those of Context in image/pe/context_x86_64.hpp.

#define FLAGS      0x30
#define MXCSR      0x34
#define SEG_CS     0x38
#define SEG_DS     0x3A
#define SEG_ES     0x3C
#define SEG_FS     0x3E
#define SEG_GS     0x40
#define SEG_SS     0x42
#define EFLAGS     0x44
#define RAX        0x78
#define RCX        0x80
#define RDX        0x88
#define RBX        0x90
#define RSP        0x98
#define RBP        0xA0
#define RSI        0xA8
#define RDI        0xB0
#define R8         0xB8
#define R9         0xC0
#define R10        0xC8
#define R11        0xD0
#define R12        0xD8
#define R13        0xE0
#define R14        0xE8
#define R15        0xF0
#define RIP        0xF8
#define FLOATS     0x100
#define CONTEXT_SIZE 0x4D0

    .text

.macro function name
    .globl \name
    .hidden \name
    .type \name, @function
    .balign 16
\name:
    .cfi_startproc
.endm

.macro end_function name
    .cfi_endproc
    .size \name, . - \name
.endm

// void RtlCaptureContext(CONTEXT* rcx). Changes no register but RAX and the flags.
function instdrv_RtlCaptureContext
    mov %rax, RAX(%rcx)
    mov %rcx, RCX(%rcx)
    mov %rdx, RDX(%rcx)
    mov %rbx, RBX(%rcx)
    mov %rbp, RBP(%rcx)
    mov %rsi, RSI(%rcx)
    mov %rdi, RDI(%rcx)
    mov %r8, R8(%rcx)
    mov %r9, R9(%rcx)
    mov %r10, R10(%rcx)
    mov %r11, R11(%rcx)
    mov %r12, R12(%rcx)
    mov %r13, R13(%rcx)
    mov %r14, R14(%rcx)
    mov %r15, R15(%rcx)
    pushfq
    pop %rax
    mov %eax, EFLAGS(%rcx)
    mov %cs, SEG_CS(%rcx)
    mov %ds, SEG_DS(%rcx)
    mov %es, SEG_ES(%rcx)
    mov %fs, SEG_FS(%rcx)
    mov %gs, SEG_GS(%rcx)
    mov %ss, SEG_SS(%rcx)
    stmxcsr MXCSR(%rcx)
    fxsave FLOATS(%rcx)
    lea 8(%rsp), %rax
    mov %rax, RSP(%rcx)
    mov (%rsp), %rax
    mov %rax, RIP(%rcx)
    movl $0x10000F, FLAGS(%rcx)
    ret
end_function instdrv_RtlCaptureContext

// Opens a frame with a Context at 32(%rsp) that holds what the caller of the entry will see. The
// arguments of the entry are kept in the home space that the caller gives: FRAME + 8 above %rsp.
#define FRAME (CONTEXT_SIZE + 0x28)
.macro capture_caller
    sub $FRAME, %rsp
    .cfi_adjust_cfa_offset FRAME
    mov %rcx, FRAME+8(%rsp)
    lea 32(%rsp), %rcx
    call instdrv_RtlCaptureContext
    lea FRAME+8(%rsp), %rax
    mov %rax, RSP(%rcx)
    mov FRAME(%rsp), %rax
    mov %rax, RIP(%rcx)
.endm

// void RaiseException(DWORD code, DWORD flags, DWORD count, const ULONG_PTR* parameters)
function instdrv_RaiseException
    capture_caller
    mov %rcx, %rdi
    mov FRAME+8(%rsp), %rsi
    mov %r8, %rcx
    mov %r9, %r8
    call instdrv_raise              // does not return; flags are in RDX already
    ud2
end_function instdrv_RaiseException

// void RtlRaiseException(EXCEPTION_RECORD*)
function instdrv_RtlRaiseException
    capture_caller
    mov %rcx, %rdi
    mov FRAME+8(%rsp), %rsi
    call instdrv_raise_record
    ud2
end_function instdrv_RtlRaiseException

// void RtlUnwindEx(void* frame, void* ip, EXCEPTION_RECORD*, void* value, CONTEXT*, void* history)
function instdrv_RtlUnwindEx
    capture_caller
    mov %rcx, %rdi
    mov FRAME+8(%rsp), %rsi
    mov %r8, %rcx
    mov %r9, %r8
    call instdrv_unwind             // does not return; the target's address is in RDX already
    ud2
end_function instdrv_RtlUnwindEx

// RIP, the flags and RCX are put below the new stack top first, so that nothing is read behind it once
// the stack pointer is set: a signal may overwrite that memory.
function instdrv_restore_context
    mov %rdi, %rcx
    mov RSP(%rcx), %rdx
    sub $24, %rdx
    mov RCX(%rcx), %rax
    mov %rax, (%rdx)
    mov EFLAGS(%rcx), %eax
    mov %rax, 8(%rdx)
    mov RIP(%rcx), %rax
    mov %rax, 16(%rdx)
    mov %rdx, RSP(%rcx)
    fxrstor FLOATS(%rcx)
    ldmxcsr MXCSR(%rcx)
    mov RAX(%rcx), %rax
    mov RDX(%rcx), %rdx
    mov RBX(%rcx), %rbx
    mov RBP(%rcx), %rbp
    mov RSI(%rcx), %rsi
    mov RDI(%rcx), %rdi
    mov R8(%rcx), %r8
    mov R9(%rcx), %r9
    mov R10(%rcx), %r10
    mov R11(%rcx), %r11
    mov R12(%rcx), %r12
    mov R13(%rcx), %r13
    mov R14(%rcx), %r14
    mov R15(%rcx), %r15
    mov RSP(%rcx), %rsp
    pop %rcx
    popfq
    ret
end_function instdrv_restore_context

// The Windows convention preserves more registers than ours, so nothing needs saving.
function instdrv_call_handler
    push %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset %rbp, -16
    mov %rsp, %rbp
    .cfi_def_cfa_register %rbp
    sub $48, %rsp
    mov %r9, 32(%rsp)
    mov %r8, %rax
    mov %rdx, %r8
    mov %rcx, %r9
    mov %rdi, %rcx
    mov %rsi, %rdx
    call *%rax
    .globl instdrv_handler_returned
    .hidden instdrv_handler_returned
instdrv_handler_returned:
    leave
    .cfi_def_cfa %rsp, 8
    ret
end_function instdrv_call_handler

    .section .note.GNU-stack, "", @progbits
