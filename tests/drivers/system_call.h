/* Linux's system calls, made by hand from a Windows driver. */
#ifndef INSTDRV_TESTS_SYSTEM_CALL_H
#define INSTDRV_TESTS_SYSTEM_CALL_H

#include <stdint.h>

#if defined(__x86_64__)
static inline intptr_t system_call(intptr_t number, intptr_t a, intptr_t b, intptr_t c,
                                   intptr_t d) {
    register intptr_t fourth __asm__("r10") = d;
    __asm__ volatile("syscall"
                     : "+a"(number)
                     : "D"(a), "S"(b), "d"(c), "r"(fourth)
                     : "rcx", "r11", "memory");
    return number;
}
#else
static inline intptr_t system_call(intptr_t number, intptr_t a, intptr_t b, intptr_t c,
                                   intptr_t d) {
    __asm__ volatile("int $0x80" : "+a"(number) : "b"(a), "c"(b), "d"(c), "S"(d) : "memory");
    return number;
}
#endif

#endif
