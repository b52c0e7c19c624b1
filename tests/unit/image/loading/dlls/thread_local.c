/* Thread-local storage as compilers for Windows lay it out, by hand: mingw's own __thread does not
 * use it. */
#include "recorder.h"
RECORDING_DLL("thread_local")

static int __attribute__((section(".tls$AAA"))) counter = 100;
static int __attribute__((section(".tls$ZZZ"))) end_of_template = 0;
unsigned _tls_index = 12345;

static void __stdcall first_callback(void* module, unsigned reason, void* reserved) {
    (void)module, (void)reserved;
    note("thread_local first callback", reason);
}
static void __stdcall second_callback(void* module, unsigned reason, void* reserved) {
    (void)module, (void)reserved;
    note("thread_local second callback", reason);
}
static void(__stdcall* const callbacks[])(void*, unsigned, void*) = {first_callback,
                                                                     second_callback, 0};

const struct {
    void* start;
    void* end;
    unsigned* index;
    const void* callbacks;
    unsigned zero_fill;
    unsigned characteristics;
} _tls_used = {&counter, &end_of_template, &_tls_index, callbacks, 64, 0};

int add_to_counter(int amount) {
    char** blocks;
    __asm__ volatile("mov " TEB_FIELD(0x58, 0x2C) ", %0" : "=r"(blocks));
    char* const block = blocks[_tls_index];
    int* const mine = (int*)block;
    for (int i = 0; i < 64; ++i) {
        if (block[(char*)&end_of_template - (char*)&counter + i] != 0) return -1;
    }
    return *mine += amount;
}
