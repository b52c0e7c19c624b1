#include "winapi/exports/out_of_memory.hpp"

#include <algorithm>
#include <array>

#include "winapi/exports/export_table.hpp"
#include "winapi/threads/error_number.hpp"
#include "winapi/threads/last_error.hpp"

namespace instdrv::winapi {
namespace {

constexpr std::intptr_t STATUS_NO_MEMORY = static_cast<std::int32_t>(0xC0000017);
constexpr std::intptr_t MMSYSERR_NOMEM = 7;
constexpr std::intptr_t MMIOERR_OUTOFMEMORY = 258;

// Functions of Windows, not of the C runtimes, whose pages say that they answer -1 where they fail:
// INVALID_HANDLE_VALUE, INVALID_FILE_ATTRIBUTES, INVALID_SET_FILE_POINTER, WAIT_FAILED and so on.
constexpr auto minus_one = std::to_array<std::string_view>({
    "CreateFileA",
    "CreateFileW",
    "FindFirstFileA",
    "FindFirstFileExA",
    "FindFirstFileExW",
    "FindFirstFileW",
    "GetCompressedFileSizeA",
    "GetCompressedFileSizeW",
    "GetFileAttributesA",
    "GetFileAttributesW",
    "GetFileSize",
    "ResumeThread",
    "SetFilePointer",
    "SignalObjectAndWait",
    "SuspendThread",
    "TlsAlloc",
    "WaitForMultipleObjects",
    "WaitForMultipleObjectsEx",
    "WaitForSingleObject",
    "WaitForSingleObjectEx",
    "_hread",
    "_hwrite",
    "_lclose",
    "_lcreat",
    "_llseek",
    "_lopen",
    "_lread",
    "_lwrite",
    "mmioRead",
    "mmioSeek",
    "mmioWrite",
});
static_assert(std::ranges::is_sorted(minus_one));

bool is_number(ResultKind kind) {
    return kind == ResultKind::signed_number || kind == ResultKind::unsigned_number;
}

std::intptr_t c_failure(std::string_view function, ResultKind kind) {
    crt::error_number() = ENOMEM;
    if (function.ends_with("_s") && kind == ResultKind::signed_number) return ENOMEM;
    return kind == ResultKind::signed_number ? -1 : 0;
}

}  // namespace

std::intptr_t fail_without_memory(std::string_view function, ResultKind kind) noexcept {
    const Dlls dlls = dlls_of(function);
    if ((dlls & in_crt) != 0) return c_failure(function, kind);
    set_last_error(ERROR_NOT_ENOUGH_MEMORY);
    if (std::ranges::binary_search(minus_one, function)) return -1;
    if (!is_number(kind)) return 0;
    // The registry's functions and winmm's answer the error itself; BOOLs are signed, as these are
    // not.
    if ((dlls & in_advapi32) != 0 && function.starts_with("Reg")) return ERROR_NOT_ENOUGH_MEMORY;
    if ((dlls & (in_winmm | in_msacm32)) != 0 && kind == ResultKind::unsigned_number) {
        return function.starts_with("mmio") ? MMIOERR_OUTOFMEMORY : MMSYSERR_NOMEM;
    }
    const bool is_status = dlls == in_ntdll && kind == ResultKind::signed_number;
    return is_status ? STATUS_NO_MEMORY : 0;
}

}  // namespace instdrv::winapi
