/* The faults that misbehaves.c commits, and what they are made of on each system. A fault returns
 * what DriverProc is to answer, if it returns at all. */
#ifndef INSTDRV_TESTS_MISBEHAVES_H
#define INSTDRV_TESTS_MISBEHAVES_H

#include <stddef.h>

#include "driver_source.h"

enum { good_answer = 1 };

/* A fault that its sandbox should have prevented and did not: dies in a way that no test expects.
 */
static inline void escaped(void) {
    for (;;)
        __builtin_trap();
}

/* Linux's own calls, as the C library makes them or, from a Windows DLL, by the instruction that
 * enters the kernel. They return what the library would: -1 for a failure. */
long call_fork(void);
long call_execve(const char* program);
long call_socket(void);
long call_ptrace_attach(long process);
long call_kill(long process);
long call_open(const char* file); /* for reading; -errno for a failure */
void wake_sleepers(void* word);   /* of futex(2), in every process */
void call_ignore_denials(void);   /* rt_sigaction(2) of SIGSYS */

/* What the operating system of the driver's kind has. */
void* allocate(size_t size);
void release(void* block);
int start_thread(void (*run)(void));
void wait_for_thread(void (*run)(void)); /* starts one and waits for its end */
void end_process(int code);
void abort_process(void);
void print_text(const char* text, size_t size); /* to the standard output */
/* Reads a file that lies beside the driver, as a text. 0: there is none. */
int read_beside(const char* name, char* text, size_t room);
/* The driver's own file name without its folder. */
const char* own_name(void);
/* Where the memory lies that is shared with the supervisor. */
char* find_channel(void);

/* To be called by the system when the file has been loaded, and when it is unloaded. */
void when_loaded(void);
void when_unloaded(void);

LRESULT commit(const char* fault);

#endif
