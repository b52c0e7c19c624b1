#include <vector>

#include "winapi/advapi32/topics.hpp"
#include "winapi/dlls.hpp"

namespace instdrv::winapi {

const Dll& advapi32_dll() {
    static constexpr Dll dll{
        "advapi32.dll", [] {
            static const std::vector<Export> all =
                joined({advapi32::registry_key_exports(), advapi32::registry_value_exports(),
                        advapi32::security_exports()});
            return std::span<const Export>(all);
        }};
    return dll;
}

}  // namespace instdrv::winapi
