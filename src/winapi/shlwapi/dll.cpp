#include <vector>

#include "winapi/dlls.hpp"
#include "winapi/kernelbase/topics.hpp"
#include "winapi/shlwapi/topics.hpp"

namespace instdrv::winapi {

const Dll& shlwapi_dll() {
    static constexpr Dll dll{
        "shlwapi.dll", [] {
            static const std::vector<Export> all =
                joined({path_name_exports(), shlwapi::path_exports(), shlwapi::text_exports()});
            return std::span<const Export>(all);
        }};
    return dll;
}

}  // namespace instdrv::winapi
