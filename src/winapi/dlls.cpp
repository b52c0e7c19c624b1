#include "winapi/dlls.hpp"

#include <vector>

namespace instdrv::winapi {

std::span<const Dll> all_dlls() {
    static const std::vector<Dll> dlls = {
        kernel32_dll(),
        kernelbase_dll(),
        msvcrt_dll(),
        ntdll_dll(),
        ucrtbase_dll(),
    };
    return dlls;
}

}  // namespace instdrv::winapi
