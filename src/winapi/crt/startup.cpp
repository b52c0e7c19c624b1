// What programs and DLLs call before and after their own code: initialisers, tables of exit
// functions, locks, the command line.
// https://learn.microsoft.com/cpp/c-runtime-library/internal-crt-globals-and-functions
#include <array>
#include <cerrno>
#include <mutex>
#include <string>
#include <vector>

#include "winapi/crt/error_number.hpp"
#include "winapi/crt/startup.hpp"
#include "winapi/crt/topics.hpp"
#include "winapi/environment_variables.hpp"
#include "winapi/heap.hpp"
#include "winapi/text_arguments.hpp"

namespace instdrv::winapi::crt {
namespace {

using Function = void(WINFN_C*)();
using Initializer = int(WINFN_C*)();
using ExitFunction = int(WINFN_C*)();

void WINFN_C run_initializers(const Function* first, const Function* last) {
    for (; first < last; ++first) {
        if (*first != nullptr) (*first)();
    }
}

int WINFN_C run_checked_initializers(const Initializer* first, const Initializer* last) {
    for (; first < last; ++first) {
        if (const int error = *first == nullptr ? 0 : (*first)(); error != 0) return error;
    }
    return 0;
}

// A module's own table of exit functions: three pointers in the module's data.
struct ExitTable {
    ExitFunction* first;
    ExitFunction* last;
    ExitFunction* end;
};

std::mutex exit_table_mutex;

// Appends to a block of the process heap. False: no memory.
bool append(ExitTable& table, ExitFunction function) {
    const std::lock_guard lock(exit_table_mutex);
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

int WINFN_C initialize_exit_table(ExitTable* table) {
    if (table == nullptr) return -1;
    *table = {};
    return 0;
}

int WINFN_C register_exit_function(ExitTable* table, ExitFunction function) {
    return table != nullptr && append(*table, function) ? 0 : -1;
}

// Newest first. A function may register others, which then run as well.
int WINFN_C execute_exit_table(ExitTable* table) {
    if (table == nullptr) return -1;
    while (table->last != table->first) {
        const ExitFunction function = *--table->last;
        if (function != nullptr) function();
    }
    release(table->first);
    *table = {};
    return 0;
}

// The list that old DLLs keep themselves: its bounds are theirs, its memory is ours.
ExitFunction WINFN_C register_in_list(ExitFunction function, ExitFunction** first,
                                      ExitFunction** last) {
    const auto count = static_cast<std::size_t>(*last - *first);
    void* const grown = reallocate(*first, (count + 1) * sizeof(ExitFunction));
    if (grown == nullptr) return nullptr;
    *first = static_cast<ExitFunction*>(grown);
    *last = *first + count + 1;
    (*first)[count] = function;
    return function;
}

// Windows runs these when the process ends. Ours belongs to the host, which may outlive the module
// that the function is part of, so they are not even kept.
ExitFunction WINFN_C register_at_process_exit(ExitFunction function) { return function; }
int WINFN_C register_at_exit(ExitFunction) { return 0; }

void WINFN_C clean_up() {}

constexpr std::size_t lock_count = 64;
std::array<std::recursive_mutex, lock_count> locks;

void WINFN_C lock(int number) { locks[static_cast<std::size_t>(number) % lock_count].lock(); }
void WINFN_C unlock(int number) { locks[static_cast<std::size_t>(number) % lock_count].unlock(); }

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
char** variables = nullptr;  // set when the exports are
LPWSTR* wide_variables = nullptr;

template <class Char>
int WINFN_C main_arguments(int* count, Char*** values, Char*** environment, int, void*) {
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

void WINFN_C set_app_type(int) {}
int WINFN_C accept_setting(int) { return 0; }
int WINFN_C initialize_environment() { return 0; }
char* WINFN_C narrow_command_line() { return command_line; }
LPWSTR WINFN_C whole_wide_command_line() { return wide_command_line; }
char** WINFN_C initial_environment() { return variables; }
LPWSTR* WINFN_C initial_wide_environment() { return wide_variables; }
int WINFN_C continue_search(unsigned, void*) { return 0; }

int file_mode = 0x4000;  // _O_TEXT
int commit_mode = 0;

// msvcrt's accessors for its variables.
template <auto& variable>
auto* WINFN_C pointer_to() {
    return &variable;
}

int WINFN_C get_file_mode(int* mode) {
    if (mode == nullptr) return EINVAL;
    *mode = file_mode;
    return 0;
}

int WINFN_C set_file_mode(int mode) {
    file_mode = mode;
    return 0;
}

}  // namespace

int default_file_mode() noexcept { return file_mode; }

std::span<const Export> startup_exports() {
    variables = initial_variables<char>();
    wide_variables = initial_variables<WCHAR>();
    constexpr std::string_view never_run =
        "not run: the process is the host's; a DLL's own runtime keeps its own list";
    constexpr std::string_view not_updated = "_putenv does not change it";
    static const Export table[] = {
        {"__argc", &program_argument_count},
        {"__argv", &arguments},
        {"__dllonexit", address_of(register_in_list)},
        {"__getmainargs", address_of(main_arguments<char>), Coverage::partial, not_updated},
        {"__initenv", &variables, Coverage::partial, not_updated},
        {"__p___argc", address_of(pointer_to<program_argument_count>)},
        {"__p___argv", address_of(pointer_to<arguments>)},
        {"__p___initenv", address_of(pointer_to<variables>), Coverage::partial, not_updated},
        {"__p___wargv", address_of(pointer_to<wide_arguments>)},
        {"__p__acmdln", address_of(pointer_to<command_line>)},
        {"__p__commode", address_of(pointer_to<commit_mode>)},
        {"__p__environ", address_of(pointer_to<variables>), Coverage::partial, not_updated},
        {"__p__fmode", address_of(pointer_to<file_mode>)},
        {"__p__wcmdln", address_of(pointer_to<wide_command_line>)},
        {"__p__wenviron", address_of(pointer_to<wide_variables>), Coverage::partial, not_updated},
        {"__set_app_type", address_of(set_app_type)},
        {"__wargv", &wide_arguments},
        {"__wgetmainargs", address_of(main_arguments<WCHAR>), Coverage::partial, not_updated},
        {"__winitenv", &wide_variables, Coverage::partial, not_updated},
        {"_XcptFilter", address_of(continue_search)},
        {"_acmdln", &command_line},
        {"_c_exit", address_of(clean_up)},
        {"_cexit", address_of(clean_up), Coverage::partial, never_run},
        {"_commode", &commit_mode},
        {"_configure_narrow_argv", address_of(accept_setting)},
        {"_configure_wide_argv", address_of(accept_setting)},
        {"_crt_at_quick_exit", address_of(register_at_exit), Coverage::partial, never_run},
        {"_crt_atexit", address_of(register_at_exit), Coverage::partial, never_run},
        {"_environ", &variables, Coverage::partial, not_updated},
        {"_execute_onexit_table", address_of(execute_exit_table)},
        {"_fmode", &file_mode},
        {"_get_fmode", address_of(get_file_mode)},
        {"_get_initial_narrow_environment", address_of(initial_environment), Coverage::partial,
         not_updated},
        {"_get_initial_wide_environment", address_of(initial_wide_environment), Coverage::partial,
         not_updated},
        {"_get_narrow_winmain_command_line", address_of(narrow_command_line)},
        {"_get_wide_winmain_command_line", address_of(whole_wide_command_line)},
        {"_initialize_narrow_environment", address_of(initialize_environment)},
        {"_initialize_onexit_table", address_of(initialize_exit_table)},
        {"_initialize_wide_environment", address_of(initialize_environment)},
        {"_initterm", address_of(run_initializers)},
        {"_initterm_e", address_of(run_checked_initializers)},
        {"_lock", address_of(lock)},
        {"_onexit", address_of(register_at_process_exit), Coverage::partial, never_run},
        {"_register_onexit_function", address_of(register_exit_function)},
        {"_seh_filter_dll", address_of(continue_search)},
        {"_seh_filter_exe", address_of(continue_search)},
        {"_set_app_type", address_of(set_app_type)},
        {"_set_fmode", address_of(set_file_mode)},
        {"_unlock", address_of(unlock)},
        {"_wcmdln", &wide_command_line},
        {"_wenviron", &wide_variables, Coverage::partial, not_updated},
        {"atexit", address_of(register_at_exit), Coverage::partial, never_run},
    };
    return table;
}

}  // namespace instdrv::winapi::crt
