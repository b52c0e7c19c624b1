#include <vector>

#include "winapi/dlls.hpp"
#include "winapi/user32/topics.hpp"

namespace instdrv::winapi {

const Dll& user32_dll() {
    static constexpr Dll dll{"user32.dll", [] {
                                 static const std::vector<Export> all = joined(
                                     {user32::character_exports(), user32::message_box_exports(),
                                      user32::message_queue_exports(), user32::string_exports(),
                                      user32::system_exports(), user32::window_exports()});
                                 return std::span<const Export>(all);
                             }};
    return dll;
}

}  // namespace instdrv::winapi
