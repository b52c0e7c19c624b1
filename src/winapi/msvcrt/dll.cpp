#include <vector>

#include "winapi/crt/topics.hpp"
#include "winapi/dlls.hpp"
#include "winapi/msvcrt/topics.hpp"
#include "winapi/ntdll/topics.hpp"

namespace instdrv::winapi {

const Dll& msvcrt_dll() {
    static constexpr Dll dll{"msvcrt.dll", [] {
                                 static const std::vector<Export> all = joined(
                                     {crt::shared_exports(), crt::text_printing_exports(),
                                      crt::stream_printing_exports(), crt::scanning_exports(),
                                      crt::old_token_exports(), language_handler_exports()});
                                 return std::span<const Export>(all);
                             }};
    return dll;
}

}  // namespace instdrv::winapi
