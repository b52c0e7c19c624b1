#include <vector>

#include "winapi/dlls.hpp"
#include "winapi/kernel32/topics.hpp"

namespace instdrv::winapi {

std::span<const Export> kernel32_exports() {
    static const std::vector<Export> all = joined({
        code_page_exports(),
        critical_section_exports(),
        handle_exports(),
        heap_exports(),
        local_memory_exports(),
        lock_exports(),
        process_exports(),
        sync_object_exports(),
        thread_exports(),
        thread_storage_exports(),
        time_exports(),
        virtual_memory_exports(),
        wait_exports(),
    });
    return all;
}

const Dll& kernel32_dll() {
    static const Dll dll{"kernel32.dll", kernel32_exports()};
    return dll;
}

}  // namespace instdrv::winapi
