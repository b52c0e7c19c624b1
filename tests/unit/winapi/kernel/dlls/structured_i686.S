// __try blocks by hand, since GCC has none: what Microsoft's compiler makes of
//   int try_except(int (*body)(int), int argument) {
//       __try { return body(argument); } __except (seh_filter(GetExceptionInformation(), frame)) {
//           return GetExceptionCode(); } }
// and of the same with __finally { seh_finally(AbnormalTermination(), frame); }.
    .text

// Opens a frame with a __try block of the given scope table, and calls the body in it. Beside what the
// handler knows, the exception's code is kept at -28(%ebp).
.macro call_in_try scopes
    pushl %ebp
    movl %esp, %ebp
    pushl $-1
    pushl $\scopes
    pushl $__except_handler3
    pushl %fs:0
    movl %esp, %fs:0
    subl $12, %esp
    pushl %ebx
    pushl %esi
    pushl %edi
    movl %esp, -24(%ebp)
    movl $0, -4(%ebp)
    pushl 12(%ebp)
    call *8(%ebp)
    addl $4, %esp
    movl $-1, -4(%ebp)
.endm

.macro leave_try
    movl -16(%ebp), %ecx
    movl %ecx, %fs:0
    popl %edi
    popl %esi
    popl %ebx
    leave
    ret
.endm

    .globl _try_except
_try_except:
    call_in_try except_scopes
leave_except:
    leave_try

except_filter:
    movl -20(%ebp), %eax
    movl (%eax), %ecx
    movl (%ecx), %ecx
    movl %ecx, -28(%ebp)
    pushl %ebp
    pushl %eax
    call _seh_filter
    addl $8, %esp
    ret

except_target:
    movl -24(%ebp), %esp
    movl -28(%ebp), %eax
    movl $-1, -4(%ebp)
    jmp leave_except

    .globl _try_finally
_try_finally:
    call_in_try finally_scopes
    leave_try

finally_code:
    pushl %ebp
    pushl $1
    call _seh_finally
    addl $8, %esp
    ret

    .section .rdata, "dr"
    .balign 4
except_scopes:
    .long -1, except_filter, except_target
finally_scopes:
    .long -1, 0, finally_code
