#include "winapi/dlls.hpp"

#include <vector>

namespace instdrv::winapi {

std::span<const Dll> all_dlls() {
    static const std::vector<Dll> dlls = {
        advapi32_dll(), kernel32_dll(),     kernelbase_dll(), msacm32_dll(),
        msvcrt_dll(),   ntdll_dll(),        shlwapi_dll(),    ucrtbase_dll(),
        user32_dll(),   vcruntime140_dll(), version_dll(),    winmm_dll(),
    };
    return dlls;
}

}  // namespace instdrv::winapi
