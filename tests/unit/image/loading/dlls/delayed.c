/* Imports numbers.dll and nobody.dll with delay. mingw's linker does not fill in the directory of
 * delay-loaded imports, so the tables are written here and the test fills in the directory. */
#include "recorder.h"
RECORDING_DLL("delayed")

/* Behind the one name of a list: the rest of its slot and an empty one. */
#ifdef _WIN64
#define NAMES_END "12"
#else
#define NAMES_END "4"
#endif

__asm__(
    ".data\n"
    ".balign 8\n"
    ".globl " C_NAME(delay_descriptors) "\n"
    C_NAME(delay_descriptors) ":\n"
    "    .long 1\n"
    "    .rva numbers_name, " C_NAME(numbers_handle) ", " C_NAME(numbers_slots) ", numbers_names\n"
    "    .long 0, 0, 0\n"
    "    .long 1\n"
    "    .rva nobody_name, nobody_handle, " C_NAME(nobody_slots) ", nobody_names\n"
    "    .long 0, 0, 0\n"
    "    .space 32\n"
    "numbers_names:\n"
    "    .rva name_of_one\n"
    "    .space " NAMES_END "\n"
    "nobody_names:\n"
    "    .rva name_of_absent\n"
    "    .space " NAMES_END "\n"
    "    .globl " C_NAME(numbers_handle) ", " C_NAME(numbers_slots) ", " C_NAME(nobody_slots) "\n"
    C_NAME(numbers_handle) ": " POINTER " 0\n"
    "nobody_handle: " POINTER " 0\n"
    C_NAME(numbers_slots) ": " POINTER " 0, 0\n"
    C_NAME(nobody_slots) ": " POINTER " 0, 0\n"
    "name_of_one: .byte 0, 0\n"
    "    .asciz \"one\"\n"
    "name_of_absent: .byte 0, 0\n"
    "    .asciz \"Absent\"\n"
    "numbers_name: .asciz \"numbers.dll\"\n"
    "nobody_name: .asciz \"nobody.dll\"\n"
    ".text\n");

extern void* numbers_handle;
extern int (*numbers_slots)(void);
extern int (*nobody_slots)(void);

int call_one(void) { return numbers_slots(); }
int call_absent(void) { return nobody_slots(); }
void* handle_of_numbers(void) { return numbers_handle; }
