// __try blocks by hand, since GCC has none: what Microsoft's compiler and clang make of
//   int try_except(int (*body)(int), int argument) {
//       __try { return body(argument); } __except (seh_filter(GetExceptionInformation(), frame)) {
//           return GetExceptionCode(); } }
// and of the same with __finally { seh_finally(AbnormalTermination(), frame); }.
    .text

    .globl try_except
    .def try_except; .scl 2; .type 32; .endef
    .seh_proc try_except
try_except:
    pushq %rbp
    .seh_pushreg %rbp
    subq $32, %rsp
    .seh_stackalloc 32
    leaq 32(%rsp), %rbp
    .seh_setframe %rbp, 32
    .seh_endprologue
    movq %rcx, %rax
    movl %edx, %ecx
.Lexcept_begin:
    callq *%rax
    nop
.Lexcept_end:
.Lexcept_target:                    // after an exception its code is in EAX
    addq $32, %rsp
    popq %rbp
    retq
    .seh_handler __C_specific_handler, @unwind, @except
    .seh_handlerdata
    .long 1
    .rva .Lexcept_begin, .Lexcept_end, seh_filter, .Lexcept_target
    .text
    .seh_endproc

    .globl try_finally
    .def try_finally; .scl 2; .type 32; .endef
    .seh_proc try_finally
try_finally:
    pushq %rbp
    .seh_pushreg %rbp
    subq $32, %rsp
    .seh_stackalloc 32
    leaq 32(%rsp), %rbp
    .seh_setframe %rbp, 32
    .seh_endprologue
    movq %rcx, %rax
    movl %edx, %ecx
.Lfinally_begin:
    callq *%rax
    nop
.Lfinally_end:
    addq $32, %rsp
    popq %rbp
    retq
    .seh_handler __C_specific_handler, @unwind, @except
    .seh_handlerdata
    .long 1
    .rva .Lfinally_begin, .Lfinally_end, seh_finally
    .long 0
    .text
    .seh_endproc
