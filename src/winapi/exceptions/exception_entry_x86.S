// The entries of exception handling that see or set registers; exception_entry_x86.hpp says what each
// is for. Offsets are those of Context in image/pe/context_x86.hpp.

#define FLAGS   0x00
#define SEG_GS  0x8C
#define SEG_FS  0x90
#define SEG_ES  0x94
#define SEG_DS  0x98
#define EDI     0x9C
#define ESI     0xA0
#define EBX     0xA4
#define EDX     0xA8
#define ECX     0xAC
#define EAX     0xB0
#define EBP     0xB4
#define EIP     0xB8
#define SEG_CS  0xBC
#define EFLAGS  0xC0
#define ESP     0xC4
#define SEG_SS  0xC8
#define CONTEXT_SIZE 0x2CC

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

// void RtlCaptureContext(CONTEXT*), stdcall. Changes no register but the flags.
function instdrv_RtlCaptureContext
    push %eax
    .cfi_adjust_cfa_offset 4
    mov 8(%esp), %eax
    mov %ecx, ECX(%eax)
    mov %edx, EDX(%eax)
    mov %ebx, EBX(%eax)
    mov %ebp, EBP(%eax)
    mov %esi, ESI(%eax)
    mov %edi, EDI(%eax)
    mov %cs, SEG_CS(%eax)
    mov %ds, SEG_DS(%eax)
    mov %es, SEG_ES(%eax)
    mov %fs, SEG_FS(%eax)
    mov %gs, SEG_GS(%eax)
    mov %ss, SEG_SS(%eax)
    pushf
    popl EFLAGS(%eax)
    lea 12(%esp), %ecx
    mov %ecx, ESP(%eax)
    mov 4(%esp), %ecx
    mov %ecx, EIP(%eax)
    mov (%esp), %ecx
    mov %ecx, EAX(%eax)
    movl $0x10007, FLAGS(%eax)
    mov ECX(%eax), %ecx
    pop %eax
    .cfi_adjust_cfa_offset -4
    ret $4
end_function instdrv_RtlCaptureContext

// Opens a frame with a Context at its bottom that holds what the caller of the entry will see once the
// entry has taken `arguments` bytes off the stack. %esi is the Context, %ebp + 8 the first argument.
.macro capture_caller arguments
    push %ebp
    .cfi_def_cfa_offset 8
    .cfi_offset %ebp, -8
    mov %esp, %ebp
    .cfi_def_cfa_register %ebp
    sub $CONTEXT_SIZE, %esp
    push %esp
    call instdrv_RtlCaptureContext
    push %esi
    lea 4(%esp), %esi
    mov (%ebp), %eax
    mov %eax, EBP(%esi)
    mov 4(%ebp), %eax
    mov %eax, EIP(%esi)
    lea 8 + \arguments(%ebp), %eax
    mov %eax, ESP(%esi)
    cld
    and $-16, %esp
.endm

// void RaiseException(DWORD code, DWORD flags, DWORD count, const ULONG_PTR* parameters)
function instdrv_RaiseException
    capture_caller 16
    sub $12, %esp
    push 20(%ebp)
    push 16(%ebp)
    push 12(%ebp)
    push 8(%ebp)
    push %esi
    call instdrv_raise
    ud2
end_function instdrv_RaiseException

// void RtlRaiseException(EXCEPTION_RECORD*)
function instdrv_RtlRaiseException
    capture_caller 4
    sub $8, %esp
    push 8(%ebp)
    push %esi
    call instdrv_raise_record
    ud2
end_function instdrv_RtlRaiseException

// void RtlUnwind(void* frame, void* ip, EXCEPTION_RECORD*, void* value). Returns to its caller, which
// is where `ip` points in all code that compilers make.
function instdrv_RtlUnwind
    capture_caller 16
    sub $4, %esp
    push 16(%ebp)
    push 8(%ebp)
    push %esi
    call instdrv_unwind
    lea -CONTEXT_SIZE - 4(%ebp), %esp
    pop %esi
    mov 20(%ebp), %eax
    leave
    .cfi_def_cfa %esp, 4
    ret $16
end_function instdrv_RtlUnwind

// EIP, the flags and ECX are put below the new stack top first, so that nothing is read behind it once
// the stack pointer is set: a signal may overwrite that memory.
function instdrv_restore_context
    mov 4(%esp), %ecx
    mov 8(%esp), %eax
    test %eax, %eax
    jz 1f
    fxrstor (%eax)
1:
    mov ESP(%ecx), %edx
    sub $12, %edx
    mov ECX(%ecx), %eax
    mov %eax, (%edx)
    mov EFLAGS(%ecx), %eax
    mov %eax, 4(%edx)
    mov EIP(%ecx), %eax
    mov %eax, 8(%edx)
    mov EBX(%ecx), %ebx
    mov ESI(%ecx), %esi
    mov EDI(%ecx), %edi
    mov EBP(%ecx), %ebp
    mov EAX(%ecx), %eax
    mov %edx, ESP(%ecx)
    mov EDX(%ecx), %edx
    mov ESP(%ecx), %esp
    pop %ecx
    popf
    ret
end_function instdrv_restore_context

function instdrv_call_in_frame
    push %ebp
    .cfi_adjust_cfa_offset 4
    push %ebx
    .cfi_adjust_cfa_offset 4
    push %esi
    .cfi_adjust_cfa_offset 4
    push %edi
    .cfi_adjust_cfa_offset 4
    mov 20(%esp), %ebp
    call *24(%esp)
    pop %edi
    .cfi_adjust_cfa_offset -4
    pop %esi
    .cfi_adjust_cfa_offset -4
    pop %ebx
    .cfi_adjust_cfa_offset -4
    pop %ebp
    .cfi_adjust_cfa_offset -4
    ret
end_function instdrv_call_in_frame

function instdrv_go_to_frame
    mov 4(%esp), %ebp
    jmp *8(%esp)
end_function instdrv_go_to_frame

    .section .note.GNU-stack, "", @progbits
