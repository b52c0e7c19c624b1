#include "winapi/dlls.hpp"
#include "winapi/kernel32/topics.hpp"

namespace instdrv::winapi {

const Dll& ntdll_dll() {
    static const Dll dll{"ntdll.dll", heap_exports()};
    return dll;
}

}  // namespace instdrv::winapi
