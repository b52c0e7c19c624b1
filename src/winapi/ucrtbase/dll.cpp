#include <vector>

#include "winapi/crt/topics.hpp"
#include "winapi/dlls.hpp"
#include "winapi/ucrtbase/topics.hpp"

namespace instdrv::winapi {

const Dll& ucrtbase_dll() {
    static constexpr Dll dll{"ucrtbase.dll", [] {
                                 static const std::vector<Export> all =
                                     joined({crt::shared_exports(), crt::stdio_common_exports(),
                                             crt::new_token_exports()});
                                 return std::span<const Export>(all);
                             }};
    return dll;
}

}  // namespace instdrv::winapi
