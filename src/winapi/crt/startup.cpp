// What programs and DLLs call before and after their own code: initialisers, tables of exit
// functions, locks, the command line.
// https://learn.microsoft.com/cpp/c-runtime-library/internal-crt-globals-and-functions
#include <array>
#include <cerrno>
#include <mutex>
#include <string>
#include <vector>

#include "winapi/crt/startup.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/exports/export_table.hpp"
#include "winapi/memory/heap.hpp"
#include "winapi/process/environment_variables.hpp"
#include "winapi/text/text_arguments.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {
namespace {

using Function = void(WINFN_C*)();
using Initializer = int(WINFN_C*)();
using ExitFunction = int(WINFN_C*)();

void _initterm(const Function* first, const Function* last) {
    for (; first < last; ++first) {
        if (*first != nullptr) (*first)();
    }
}
CRT_EXPORT(_initterm, in_crt);

int _initterm_e(const Initializer* first, const Initializer* last) {
    for (; first < last; ++first) {
        if (const int error = *first == nullptr ? 0 : (*first)(); error != 0) return error;
    }
    return 0;
}
CRT_EXPORT(_initterm_e, in_crt);

// A module's own table of exit functions: three pointers in the module's data.
struct ExitTable {
    ExitFunction* first;
    ExitFunction* last;
    ExitFunction* end;
};

std::mutex exit_table_mutex;

// Appends to a block of the process heap. False: no memory.
bool append(ExitTable& table, ExitFunction function) {
    const std::lock_guard _lock(exit_table_mutex);
    if (table.last == table.end) {
        const auto count = static_cast<std::size_t>(table.last - table.first);
        const std::size_t capacity = count == 0 ? 32 : count * 2;
        void* const grown = reallocate(table.first, capacity * sizeof(ExitFunction));
        if (grown == nullptr) return false;
        table.first = static_cast<ExitFunction*>(grown);
        table.last = table.first + count;
        table.end = table.first + capacity;
    }
    *table.last++ = function;
    return true;
}

int _initialize_onexit_table(ExitTable* table) {
    if (table == nullptr) return -1;
    *table = {};
    return 0;
}
CRT_EXPORT(_initialize_onexit_table, in_crt);

int _register_onexit_function(ExitTable* table, ExitFunction function) {
    return table != nullptr && append(*table, function) ? 0 : -1;
}
CRT_EXPORT(_register_onexit_function, in_crt);

// Newest first. A function may register others, which then run as well.
int _execute_onexit_table(ExitTable* table) {
    if (table == nullptr) return -1;
    while (table->last != table->first) {
        const ExitFunction function = *--table->last;
        if (function != nullptr) function();
    }
    release(table->first);
    *table = {};
    return 0;
}
CRT_EXPORT(_execute_onexit_table, in_crt);

// The list that old DLLs keep themselves: its bounds are theirs, its memory is ours.
ExitFunction register_in_list(ExitFunction function, ExitFunction** first, ExitFunction** last) {
    const auto count = static_cast<std::size_t>(*last - *first);
    void* const grown = reallocate(*first, (count + 1) * sizeof(ExitFunction));
    if (grown == nullptr) return nullptr;
    *first = static_cast<ExitFunction*>(grown);
    *last = *first + count + 1;
    (*first)[count] = function;
    return function;
}
CRT_EXPORT_AS("__dllonexit", in_crt, register_in_list);

// Windows runs these when the process ends. Ours belongs to the host, which may outlive the module
// that the function is part of, so they are not even kept.
ExitFunction _onexit(ExitFunction function) { return function; }
CRT_EXPORT(_onexit, in_crt, Coverage::partial,
           "not run: the process is the host's; a DLL's own runtime keeps its own list");
int register_at_exit(ExitFunction) { return 0; }
CRT_EXPORT_AS("_crt_at_quick_exit", in_crt, register_at_exit, Coverage::partial,
              "not run: the process is the host's; a DLL's own runtime keeps its own list");
CRT_EXPORT_AS("_crt_atexit", in_crt, register_at_exit, Coverage::partial,
              "not run: the process is the host's; a DLL's own runtime keeps its own list");
CRT_EXPORT_AS("atexit", in_crt, register_at_exit, Coverage::partial,
              "not run: the process is the host's; a DLL's own runtime keeps its own list");

void clean_up() {}
CRT_EXPORT_AS("_c_exit", in_crt, clean_up);
CRT_EXPORT_AS("_cexit", in_crt, clean_up, Coverage::partial,
              "not run: the process is the host's; a DLL's own runtime keeps its own list");

constexpr std::size_t lock_count = 64;
std::array<std::recursive_mutex, lock_count> locks;

void _lock(int number) { locks[static_cast<std::size_t>(number) % lock_count].lock(); }
CRT_EXPORT(_lock, in_crt);
void _unlock(int number) { locks[static_cast<std::size_t>(number) % lock_count].unlock(); }
CRT_EXPORT(_unlock, in_crt);

int program_argument_count = 1;
char program_name[] = "instdrv.exe";
WCHAR wide_program_name[] = u"instdrv.exe";
char* program_arguments[] = {program_name, nullptr};
LPWSTR wide_program_arguments[] = {wide_program_name, nullptr};
char* command_line = program_name;
LPWSTR wide_command_line = wide_program_name;

// "NAME=value" of each variable, as they were when the first driver asked for them.
template <class Char>
class InitialEnvironment {
public:
    InitialEnvironment() {
        for (const EnvironmentVariable* variable : environment_variables()) {
            texts_.push_back(
                in_face<Char>(std::u16string_view(variable->name + u'=' + variable->value)));
        }
        for (auto& text : texts_)
            pointers_.push_back(text.data());
        pointers_.push_back(nullptr);
    }
    Char** pointers() { return pointers_.data(); }

private:
    std::vector<std::basic_string<Char>> texts_;
    std::vector<Char*> pointers_;
};

template <class Char>
Char** initial_variables() {
    static auto* const environment = new InitialEnvironment<Char>;
    return environment->pointers();
}

char** arguments = program_arguments;
LPWSTR* wide_arguments = wide_program_arguments;
char** variables = nullptr;  // set by prepare_variables
LPWSTR* wide_variables = nullptr;

template <class Char>
int main_arguments(int* count, Char*** values, Char*** environment, int, void*) {
    *count = program_argument_count;
    if constexpr (sizeof(Char) == 1) {
        *values = arguments;
        *environment = variables;
    } else {
        *values = wide_arguments;
        *environment = wide_variables;
    }
    return 0;
}
CRT_EXPORT_AS("__getmainargs", in_crt, main_arguments<char>, Coverage::partial,
              "_putenv does not change it");
CRT_EXPORT_AS("__wgetmainargs", in_crt, main_arguments<WCHAR>, Coverage::partial,
              "_putenv does not change it");

void set_app_type(int) {}
CRT_EXPORT_AS("__set_app_type", in_crt, set_app_type);
CRT_EXPORT_AS("_set_app_type", in_crt, set_app_type);
int accept_setting(int) { return 0; }
CRT_EXPORT_AS("_configure_narrow_argv", in_crt, accept_setting);
CRT_EXPORT_AS("_configure_wide_argv", in_crt, accept_setting);
int initialize_environment() { return 0; }
CRT_EXPORT_AS("_initialize_narrow_environment", in_crt, initialize_environment);
CRT_EXPORT_AS("_initialize_wide_environment", in_crt, initialize_environment);
char* _get_narrow_winmain_command_line() { return command_line; }
CRT_EXPORT(_get_narrow_winmain_command_line, in_crt);
LPWSTR _get_wide_winmain_command_line() { return wide_command_line; }
CRT_EXPORT(_get_wide_winmain_command_line, in_crt);
char** _get_initial_narrow_environment() { return variables; }
CRT_EXPORT(_get_initial_narrow_environment, in_crt, Coverage::partial,
           "_putenv does not change it");
LPWSTR* _get_initial_wide_environment() { return wide_variables; }
CRT_EXPORT(_get_initial_wide_environment, in_crt, Coverage::partial, "_putenv does not change it");
int continue_search(unsigned, void*) { return 0; }
CRT_EXPORT_AS("_XcptFilter", in_crt, continue_search);
CRT_EXPORT_AS("_seh_filter_dll", in_crt, continue_search);
CRT_EXPORT_AS("_seh_filter_exe", in_crt, continue_search);

int file_mode = 0x4000;  // _O_TEXT
int commit_mode = 0;

// msvcrt's accessors for its variables.
CRT_EXPORT_AS("__p___argc", in_crt, pointer_to<program_argument_count>);
CRT_EXPORT_AS("__p___argv", in_crt, pointer_to<arguments>);
CRT_EXPORT_AS("__p___initenv", in_crt, pointer_to<variables>, Coverage::partial,
              "_putenv does not change it");
CRT_EXPORT_AS("__p___wargv", in_crt, pointer_to<wide_arguments>);
CRT_EXPORT_AS("__p__acmdln", in_crt, pointer_to<command_line>);
CRT_EXPORT_AS("__p__commode", in_crt, pointer_to<commit_mode>);
CRT_EXPORT_AS("__p__environ", in_crt, pointer_to<variables>, Coverage::partial,
              "_putenv does not change it");
CRT_EXPORT_AS("__p__fmode", in_crt, pointer_to<file_mode>);
CRT_EXPORT_AS("__p__wcmdln", in_crt, pointer_to<wide_command_line>);
CRT_EXPORT_AS("__p__wenviron", in_crt, pointer_to<wide_variables>, Coverage::partial,
              "_putenv does not change it");

int _get_fmode(int* mode) {
    if (mode == nullptr) return EINVAL;
    *mode = file_mode;
    return 0;
}
CRT_EXPORT(_get_fmode, in_crt);

int _set_fmode(int mode) {
    file_mode = mode;
    return 0;
}
CRT_EXPORT(_set_fmode, in_crt);

}  // namespace

int default_file_mode() noexcept { return file_mode; }

EXPORT_ADDRESS("__argc", in_crt, &program_argument_count);
EXPORT_ADDRESS("__argv", in_crt, &arguments);
EXPORT_ADDRESS("__initenv", in_crt, &variables, Coverage::partial, "_putenv does not change it");
EXPORT_ADDRESS("__wargv", in_crt, &wide_arguments);
EXPORT_ADDRESS("__winitenv", in_crt, &wide_variables, Coverage::partial,
               "_putenv does not change it");
EXPORT_ADDRESS("_acmdln", in_crt, &command_line);
EXPORT_ADDRESS("_commode", in_crt, &commit_mode);
EXPORT_ADDRESS("_environ", in_crt, &variables, Coverage::partial, "_putenv does not change it");
EXPORT_ADDRESS("_fmode", in_crt, &file_mode);
EXPORT_ADDRESS("_wcmdln", in_crt, &wide_command_line);
EXPORT_ADDRESS("_wenviron", in_crt, &wide_variables, Coverage::partial,
               "_putenv does not change it");

namespace {

void prepare_variables() {
    variables = initial_variables<char>();
    wide_variables = initial_variables<WCHAR>();
    prepare_time_variables();
}

[[maybe_unused]] const bool tables_prepare_variables =
    (prepare_runtimes_with(prepare_variables), true);

}  // namespace

}  // namespace instdrv::winapi::crt
