#include <vector>

#include "winapi/dlls.hpp"
#include "winapi/kernel32/topics.hpp"

namespace instdrv::winapi {

std::span<const Export> kernel32_exports() {
    static const std::vector<Export> all = joined({
        heap_exports(),
    });
    return all;
}

const Dll& kernel32_dll() {
    static const Dll dll{"kernel32.dll", kernel32_exports()};
    return dll;
}

}  // namespace instdrv::winapi
