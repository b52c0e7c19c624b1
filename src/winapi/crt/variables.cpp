// Variables of the runtime that old programs import as data, and their accessors.
// https://learn.microsoft.com/cpp/c-runtime-library/global-variables
#include <cerrno>
#include <limits>

#include "winapi/crt/startup.hpp"
#include "winapi/exports/export.hpp"
#include "winapi/process/windows_version.hpp"
#include "winapi/threads/error_number.hpp"

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

CRT_EXPORT_AS("__p__osver", in_crt, pointer_to<build>);
CRT_EXPORT_AS("__p__pgmptr", in_crt, pointer_to<narrow_pointer>);
CRT_EXPORT_AS("__p__winmajor", in_crt, pointer_to<major_version>);
CRT_EXPORT_AS("__p__winminor", in_crt, pointer_to<minor_version>);
CRT_EXPORT_AS("__p__winver", in_crt, pointer_to<version>);
CRT_EXPORT_AS("__p__wpgmptr", in_crt, pointer_to<wide_pointer>);

template <auto& variable, class Value>
int get(Value* value) {
    if (value == nullptr) return fail_with(EINVAL, EINVAL);
    *value = variable;
    return 0;
}
CRT_EXPORT_AS("_get_osplatform", in_crt, (get<platform, unsigned>));
CRT_EXPORT_AS("_get_pgmptr", in_crt, (get<narrow_pointer, char*>));
CRT_EXPORT_AS("_get_winmajor", in_crt, (get<major_version, unsigned>));
CRT_EXPORT_AS("_get_winminor", in_crt, (get<minor_version, unsigned>));
CRT_EXPORT_AS("_get_winver", in_crt, (get<version, unsigned>));
CRT_EXPORT_AS("_get_wpgmptr", in_crt, (get<wide_pointer, LPWSTR>));

}  // namespace

EXPORT_ADDRESS("_HUGE", in_crt, &huge_value);
EXPORT_ADDRESS("_osplatform", in_crt, &platform);
EXPORT_ADDRESS("_osver", in_crt, &build);
EXPORT_ADDRESS("_pgmptr", in_crt, &narrow_pointer);
EXPORT_ADDRESS("_winmajor", in_crt, &major_version);
EXPORT_ADDRESS("_winminor", in_crt, &minor_version);
EXPORT_ADDRESS("_winver", in_crt, &version);
EXPORT_ADDRESS("_wpgmptr", in_crt, &wide_pointer);

}  // namespace instdrv::winapi::crt
