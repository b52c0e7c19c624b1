#include <vector>

#include "winapi/dlls.hpp"
#include "winapi/kernelbase/topics.hpp"
#include "winapi/shlwapi/topics.hpp"

namespace instdrv::winapi {

const Dll& shlwapi_dll() {
    static const std::vector<Export> all =
        joined({path_name_exports(), shlwapi::path_exports(), shlwapi::text_exports()});
    static const Dll dll{"shlwapi.dll", all};
    return dll;
}

}  // namespace instdrv::winapi
