// Consoles and other programs, of which there are none.
// https://learn.microsoft.com/cpp/c-runtime-library/console-and-port-i-o
#include <cerrno>

#include "winapi/crt/error_number.hpp"
#include "winapi/crt/stream.hpp"
#include "winapi/crt/topics.hpp"

namespace instdrv::winapi::crt {
namespace {

int WINFN_C put_character(int c) {
    const auto out = Stream::find(Stream::standard(1));
    return out == nullptr ? Stream::end : out->put(static_cast<char>(c));
}

int WINFN_C put_text(const char* text) {
    for (; *text != 0; ++text)
        put_character(*text);
    return 0;
}

int WINFN_C no_key() { return 0; }
int WINFN_C no_character() { return Stream::end; }

// A null command asks whether there is a command interpreter.
template <class Char>
int WINFN_C run_command(const Char* command) {
    return command == nullptr ? 0 : fail_with(ENOENT, -1);
}

template <class Answer, class... Parameters>
Answer WINFN_C no_program(Parameters...) {
    return fail_with(ENOENT, Answer(-1));
}

void* WINFN_C no_pipe(const void*, const void*) { return fail_with<void*>(ENOENT, nullptr); }

}  // namespace

std::span<const Export> console_exports() {
    constexpr std::string_view none = "there are no other programs: ENOENT";
    constexpr std::string_view no_console = "there is no console: no key is ever pressed";
    using Answer = std::intptr_t;
    using Path = const void*;
    static const Export table[] = {
        {"_cputs", address_of(put_text)},
        {"_cwait", address_of(no_program<Answer, int*, Answer, int>), Coverage::stub, none},
        {"_execv", address_of(no_program<Answer, Path, void*>), Coverage::stub, none},
        {"_execvp", address_of(no_program<Answer, Path, void*>), Coverage::stub, none},
        {"_getch", address_of(no_character), Coverage::stub, no_console},
        {"_getche", address_of(no_character), Coverage::stub, no_console},
        {"_kbhit", address_of(no_key), Coverage::stub, no_console},
        {"_pclose", address_of(no_program<int, void*>), Coverage::stub, none},
        {"_popen", address_of(no_pipe), Coverage::stub, none},
        {"_putch", address_of(put_character)},
        {"_spawnv", address_of(no_program<Answer, int, Path, void*>), Coverage::stub, none},
        {"_spawnve", address_of(no_program<Answer, int, Path, void*, void*>), Coverage::stub, none},
        {"_spawnvp", address_of(no_program<Answer, int, Path, void*>), Coverage::stub, none},
        {"_wpopen", address_of(no_pipe), Coverage::stub, none},
        {"_wspawnv", address_of(no_program<Answer, int, Path, void*>), Coverage::stub, none},
        {"_wsystem", address_of(run_command<WCHAR>), Coverage::stub, none},
        {"system", address_of(run_command<char>), Coverage::stub, none},
    };
    return table;
}

}  // namespace instdrv::winapi::crt
