// Consoles and other programs, of which there are none.
// https://learn.microsoft.com/cpp/c-runtime-library/console-and-port-i-o
#include <cerrno>

#include "winapi/crt/stream.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {
namespace {

using Answer = std::intptr_t;
using Path = const void*;

int _putch(int c) {
    const auto out = Stream::find(Stream::standard(1));
    return out == nullptr ? Stream::end : out->put(static_cast<char>(c));
}
CRT_EXPORT(_putch, in_crt);

int _cputs(const char* text) {
    for (; *text != 0; ++text)
        _putch(*text);
    return 0;
}
CRT_EXPORT(_cputs, in_crt);

int _kbhit() { return 0; }
CRT_EXPORT(_kbhit, in_crt, Coverage::stub, "there is no console: no key is ever pressed");
int no_character() { return Stream::end; }
CRT_EXPORT_AS("_getch", in_crt, no_character, Coverage::stub,
              "there is no console: no key is ever pressed");
CRT_EXPORT_AS("_getche", in_crt, no_character, Coverage::stub,
              "there is no console: no key is ever pressed");

// A null command asks whether there is a command interpreter.
template <class Char>
int run_command(const Char* command) {
    return command == nullptr ? 0 : fail_with(ENOENT, -1);
}
CRT_EXPORT_AS("_wsystem", in_crt, run_command<WCHAR>, Coverage::stub,
              "there are no other programs: ENOENT");
CRT_EXPORT_AS("system", in_crt, run_command<char>, Coverage::stub,
              "there are no other programs: ENOENT");

template <class Answer, class... Parameters>
Answer no_program(Parameters...) {
    return fail_with(ENOENT, Answer(-1));
}
CRT_EXPORT_AS("_cwait", in_crt, (no_program<Answer, int*, Answer, int>), Coverage::stub,
              "there are no other programs: ENOENT");
CRT_EXPORT_AS("_execv", in_crt, (no_program<Answer, Path, void*>), Coverage::stub,
              "there are no other programs: ENOENT");
CRT_EXPORT_AS("_execvp", in_crt, (no_program<Answer, Path, void*>), Coverage::stub,
              "there are no other programs: ENOENT");
CRT_EXPORT_AS("_pclose", in_crt, (no_program<int, void*>), Coverage::stub,
              "there are no other programs: ENOENT");
CRT_EXPORT_AS("_spawnv", in_crt, (no_program<Answer, int, Path, void*>), Coverage::stub,
              "there are no other programs: ENOENT");
CRT_EXPORT_AS("_spawnve", in_crt, (no_program<Answer, int, Path, void*, void*>), Coverage::stub,
              "there are no other programs: ENOENT");
CRT_EXPORT_AS("_spawnvp", in_crt, (no_program<Answer, int, Path, void*>), Coverage::stub,
              "there are no other programs: ENOENT");
CRT_EXPORT_AS("_wspawnv", in_crt, (no_program<Answer, int, Path, void*>), Coverage::stub,
              "there are no other programs: ENOENT");

void* no_pipe(const void*, const void*) { return fail_with<void*>(ENOENT, nullptr); }
CRT_EXPORT_AS("_popen", in_crt, no_pipe, Coverage::stub, "there are no other programs: ENOENT");
CRT_EXPORT_AS("_wpopen", in_crt, no_pipe, Coverage::stub, "there are no other programs: ENOENT");

}  // namespace

}  // namespace instdrv::winapi::crt
