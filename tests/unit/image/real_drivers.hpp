// The Windows drivers of Debian's package libwine, which tests read as they are.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace instdrv::pe::test {

inline std::filesystem::path wine_dll(std::string_view name) {
    return std::filesystem::path(INSTDRV_WINE_DLLS) / name;
}

inline std::vector<std::filesystem::path> real_drivers_in(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    for (const auto* name :
         {"msadp32.acm", "imaadp32.acm", "msg711.acm", "msgsm32.acm", "l3codeca.acm", "iccvid.dll",
          "msrle32.dll", "msvidc32.dll", "mciwave.dll", "mciseq.dll", "mcicda.dll", "midimap.dll",
          "msacm32.drv"}) {
        files.push_back(folder / name);
    }
    return files;
}

inline std::vector<std::filesystem::path> real_drivers() {
    return real_drivers_in(INSTDRV_WINE_DLLS);
}
inline std::vector<std::filesystem::path> real_drivers_32() {
    return real_drivers_in(INSTDRV_WINE_DLLS_32);
}

}  // namespace instdrv::pe::test
