// _errno and its relatives. https://learn.microsoft.com/cpp/c-runtime-library/errno-constants
#include <cerrno>

#include "winapi/exports/export.hpp"
#include "winapi/threads/error_number.hpp"

namespace instdrv::winapi::crt {
namespace {

int* _errno() { return &error_number(); }
CRT_EXPORT(_errno, in_crt);

DWORD* doserrno() { return &system_error_number(); }
CRT_EXPORT_AS("__doserrno", in_crt, doserrno);

int _get_errno(int* value) {
    if (value == nullptr) return EINVAL;
    *value = error_number();
    return 0;
}
CRT_EXPORT(_get_errno, in_crt);

int _set_errno(int value) {
    error_number() = value;
    return 0;
}
CRT_EXPORT(_set_errno, in_crt);

int _get_doserrno(DWORD* value) {
    if (value == nullptr) return EINVAL;
    *value = system_error_number();
    return 0;
}
CRT_EXPORT(_get_doserrno, in_crt);

int _set_doserrno(DWORD value) {
    system_error_number() = value;
    return 0;
}
CRT_EXPORT(_set_doserrno, in_crt);

}  // namespace
}  // namespace instdrv::winapi::crt
