#include <vector>

#include "winapi/dlls.hpp"
#include "winapi/kernel32/topics.hpp"
#include "winapi/ntdll/topics.hpp"

namespace instdrv::winapi {

std::span<const Export> kernel32_exports() {
    static const std::vector<Export> all = joined({
        code_page_exports(),
        console_exports(),
        critical_section_exports(),
        environment_exports(),
        error_exports(),
        exception_exports(),
        exception_handler_exports(),
        file_exports(),
        file_mapping_exports(),
        file_name_exports(),
        find_file_exports(),
        folder_exports(),
        format_message_exports(),
        handle_exports(),
        heap_exports(),
        language_handler_exports(),
        list_exports(),
        local_memory_exports(),
        locale_exports(),
        lock_exports(),
        module_exports(),
        process_exports(),
        profile_exports(),
        resource_exports(),
        rtl_memory_exports(),
        string_exports(),
        sync_object_exports(),
        system_info_exports(),
        thread_exports(),
        thread_storage_exports(),
        time_exports(),
        virtual_memory_exports(),
        wait_exports(),
        waitable_timer_exports(),
    });
    return all;
}

const Dll& kernel32_dll() {
    static constexpr Dll dll{"kernel32.dll", kernel32_exports};
    return dll;
}

}  // namespace instdrv::winapi
