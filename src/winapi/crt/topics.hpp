// The topics of the C runtimes: each is one source file of this folder and the table of what it
// exports. ucrtbase and msvcrt offer the same functions but for those in their own folders; ntdll
// exports a few as well.
#pragma once

#include <span>
#include <vector>

#include "winapi/export_table.hpp"

namespace instdrv::winapi::crt {

std::span<const Export> arithmetic_exports();
std::span<const Export> bounded_text_exports();
std::span<const Export> character_exports();
std::span<const Export> console_exports();
std::span<const Export> cpp_exports();
std::span<const Export> double_math_exports();
std::span<const Export> environment_exports();
std::span<const Export> error_number_exports();
std::span<const Export> file_search_exports();
std::span<const Export> file_system_exports();
std::span<const Export> float_math_exports();
std::span<const Export> floating_control_exports();
std::span<const Export> jump_exports();
std::span<const Export> locale_exports();
std::span<const Export> low_level_exports();
std::span<const Export> memory_exports();
std::span<const Export> multibyte_exports();
std::span<const Export> narrow_text_exports();
std::span<const Export> number_exports();
std::span<const Export> path_exports();
std::span<const Export> process_end_exports();
std::span<const Export> sorting_exports();
std::span<const Export> startup_exports();
std::span<const Export> stream_file_exports();
std::span<const Export> stream_text_exports();
std::span<const Export> temporary_file_exports();
std::span<const Export> thread_exports();
std::span<const Export> time_exports();
std::span<const Export> variable_exports();
std::span<const Export> wide_text_exports();
#if defined(__i386__)
std::span<const Export> x87_exports();
#endif

// All of the above.
std::span<const Export> shared_exports();

// "_stricmp_l" and its like, for those of `functions` that have such a form.
std::vector<Export> locale_variants(std::span<const Export> functions);

// wcstok, which the two runtimes declare differently: msvcrt's and ucrtbase's.
std::span<const Export> old_token_exports();
std::span<const Export> new_token_exports();

}  // namespace instdrv::winapi::crt
