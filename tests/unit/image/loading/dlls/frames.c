/* Functions with every shape of prolog and epilog that the compiler makes. Each calls `visit` at
 * its depth and computes with preserved registers around it. */
#include "recorder.h"
RECORDING_DLL("frames")

/* The compiler calls it to touch every page of a large frame, which Linux does not need. */
__asm__(
    ".globl ___chkstk_ms\n"
    "___chkstk_ms:\n"
    "    ret\n");

typedef void visit_function(void);
#define APART __attribute__((noinline, noclone))

APART long long small_frame(visit_function* visit, long long a, long long b) {
    visit();
    return a + b;
}

APART long long large_frame(visit_function* visit, long long a, long long b) {
    volatile char room[70000];
    room[a & 1023] = (char)b;
    visit();
    return room[a & 1023] + a;
}

APART long long frame_pointer(visit_function* visit, long long a, long long b) {
    volatile char* const room = __builtin_alloca((unsigned long long)a % 256 + 64);
    room[b & 31] = 3;
    visit();
    return room[b & 31] * a + b;
}

APART long long saves_vectors(visit_function* visit, long long a, long long b) {
    double x = (double)a, y = (double)b, z = x * y, w = x - y;
    __asm__ volatile("" : "+x"(x), "+x"(y), "+x"(z), "+x"(w));
    visit();
    return (long long)(x + y + z + w);
}

APART long long tail_call(visit_function* visit, long long a, long long b) {
    visit();
    return small_frame(visit, a * 3, b);
}

APART long long recursive(visit_function* visit, long long depth, long long b) {
    if (depth == 0) return frame_pointer(visit, 70, b);
    const long long below = recursive(visit, depth - 1, b + depth);
    visit();
    return below * depth + b;
}
