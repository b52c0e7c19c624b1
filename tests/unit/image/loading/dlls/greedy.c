/* A section that asks to be writable and executable. */
#include "recorder.h"

__asm__(
    ".section .greedy, \"wx\"\n"
    ".globl " C_NAME(six) "\n"
    C_NAME(six) ":\n"
    "    mov $6, %eax\n"
    "    ret\n"
    ".text\n");

int __stdcall DllMain(void* module, unsigned reason, void* reserved) {
    (void)module, (void)reason, (void)reserved;
    return 1;
}
