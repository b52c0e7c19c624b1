#include <vector>

#include "winapi/advapi32/topics.hpp"
#include "winapi/dlls.hpp"

namespace instdrv::winapi {

const Dll& advapi32_dll() {
    static const std::vector<Export> all =
        joined({advapi32::registry_key_exports(), advapi32::registry_value_exports(),
                advapi32::security_exports()});
    static const Dll dll{"advapi32.dll", all};
    return dll;
}

}  // namespace instdrv::winapi
