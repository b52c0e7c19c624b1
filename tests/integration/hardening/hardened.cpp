// A small program with what the flags of cmake/hardening.cmake change: a buffer on the stack, a
// large frame, and a copy whose room the compiler knows and whose size it does not.
#include <cstdio>
#include <cstring>

int main(int count, char** arguments) {
    char text[1 << 16];
    std::memset(text, count, sizeof text);
    std::strcpy(text, arguments[0]);
    return std::puts(text) < 0 ? 1 : 0;
}
