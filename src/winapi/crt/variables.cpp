// Variables of the runtime that old programs import as data, and their accessors.
// https://learn.microsoft.com/cpp/c-runtime-library/global-variables
#include <cerrno>
#include <limits>

#include "winapi/crt/error_number.hpp"
#include "winapi/crt/topics.hpp"
#include "winapi/windows_version.hpp"

namespace instdrv::winapi::crt {
namespace {

unsigned platform = windows_platform;
unsigned major_version = windows_major_version;
unsigned minor_version = windows_minor_version;
unsigned version = windows_major_version << 8 | windows_minor_version;
unsigned build = windows_build;
double huge_value = std::numeric_limits<double>::infinity();
char program_path[] = "C:\\windows\\system32\\instdrv.exe";
WCHAR wide_program_path[] = u"C:\\windows\\system32\\instdrv.exe";
char* narrow_pointer = program_path;
LPWSTR wide_pointer = wide_program_path;

template <auto& variable>
auto* WINFN_C pointer_to() {
    return &variable;
}

template <auto& variable, class Value>
int WINFN_C get(Value* value) {
    if (value == nullptr) return fail_with(EINVAL, EINVAL);
    *value = variable;
    return 0;
}

}  // namespace

std::span<const Export> variable_exports() {
    static const Export table[] = {
        {"_HUGE", &huge_value},
        {"__p__osver", address_of(pointer_to<build>)},
        {"__p__pgmptr", address_of(pointer_to<narrow_pointer>)},
        {"__p__winmajor", address_of(pointer_to<major_version>)},
        {"__p__winminor", address_of(pointer_to<minor_version>)},
        {"__p__winver", address_of(pointer_to<version>)},
        {"__p__wpgmptr", address_of(pointer_to<wide_pointer>)},
        {"_get_osplatform", address_of(get<platform, unsigned>)},
        {"_get_pgmptr", address_of(get<narrow_pointer, char*>)},
        {"_get_winmajor", address_of(get<major_version, unsigned>)},
        {"_get_winminor", address_of(get<minor_version, unsigned>)},
        {"_get_winver", address_of(get<version, unsigned>)},
        {"_get_wpgmptr", address_of(get<wide_pointer, LPWSTR>)},
        {"_osplatform", &platform},
        {"_osver", &build},
        {"_pgmptr", &narrow_pointer},
        {"_winmajor", &major_version},
        {"_winminor", &minor_version},
        {"_winver", &version},
        {"_wpgmptr", &wide_pointer},
    };
    return table;
}

}  // namespace instdrv::winapi::crt
