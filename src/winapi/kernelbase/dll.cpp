#include <vector>

#include "winapi/dlls.hpp"
#include "winapi/kernel32/topics.hpp"
#include "winapi/kernelbase/topics.hpp"

namespace instdrv::winapi {

const Dll& kernelbase_dll() {
    static constexpr Dll dll{"kernelbase.dll", [] {
                                 static const std::vector<Export> exports =
                                     joined({kernel32_exports(), path_name_exports()});
                                 return std::span<const Export>(exports);
                             }};
    return dll;
}

}  // namespace instdrv::winapi
