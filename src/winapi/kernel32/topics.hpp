// The topics of kernel32: each is one source file of this folder and the table of what it exports.
// kernelbase exports the same functions.
#pragma once

#include <span>

#include "winapi/export_table.hpp"

namespace instdrv::winapi {

std::span<const Export> code_page_exports();
std::span<const Export> console_exports();
std::span<const Export> critical_section_exports();
std::span<const Export> environment_exports();
std::span<const Export> error_exports();
std::span<const Export> file_exports();
std::span<const Export> file_mapping_exports();
std::span<const Export> file_name_exports();
std::span<const Export> find_file_exports();
std::span<const Export> folder_exports();
std::span<const Export> format_message_exports();
std::span<const Export> handle_exports();
std::span<const Export> heap_exports();
std::span<const Export> list_exports();
std::span<const Export> local_memory_exports();
std::span<const Export> locale_exports();
std::span<const Export> lock_exports();
std::span<const Export> module_exports();
std::span<const Export> process_exports();
std::span<const Export> profile_exports();
std::span<const Export> resource_exports();
std::span<const Export> string_exports();
std::span<const Export> sync_object_exports();
std::span<const Export> system_info_exports();
std::span<const Export> thread_exports();
std::span<const Export> thread_storage_exports();
std::span<const Export> time_exports();
std::span<const Export> virtual_memory_exports();
std::span<const Export> wait_exports();
std::span<const Export> waitable_timer_exports();

// RtlAllocateHeap and its relatives: for ntdll alone.
std::span<const Export> rtl_heap_exports();

// All of them, sorted.
std::span<const Export> kernel32_exports();

}  // namespace instdrv::winapi
