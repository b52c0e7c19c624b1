#include "winapi/dlls.hpp"
#include "winapi/kernel32/topics.hpp"

namespace instdrv::winapi {

const Dll& kernelbase_dll() {
    static const Dll dll{"kernelbase.dll", kernel32_exports()};
    return dll;
}

}  // namespace instdrv::winapi
