#include <vector>

#include "winapi/crt/topics.hpp"

namespace instdrv::winapi::crt {
namespace {

// Those that have functions with a form that takes a locale.
std::vector<Export> localized() {
    return joined({bounded_text_exports(), character_exports(), memory_exports(),
                   multibyte_exports(), narrow_text_exports(), number_exports(), time_exports(),
                   wide_text_exports()});
}

void append(std::vector<Export>& all, std::initializer_list<std::span<const Export>> topics) {
    for (const auto topic : topics)
        all.insert(all.end(), topic.begin(), topic.end());
}

}  // namespace

// Not sorted, which the tables of the runtimes are that are made of it.
std::span<const Export> shared_exports() {
    static const std::vector<Export> all = [] {
        std::vector<Export> exports = locale_variants(localized());
        append(exports, {arithmetic_exports(),  bounded_text_exports(),
                         character_exports(),   console_exports(),
                         cpp_exports(),         double_math_exports(),
                         environment_exports(), error_number_exports(),
                         file_search_exports(), file_system_exports(),
                         float_math_exports(),  floating_control_exports(),
                         jump_exports(),        locale_exports(),
                         low_level_exports(),   memory_exports(),
                         multibyte_exports(),   narrow_text_exports(),
                         number_exports(),      path_exports(),
                         process_end_exports(), sorting_exports(),
                         startup_exports(),     stream_file_exports(),
                         stream_text_exports(), temporary_file_exports(),
                         thread_exports(),      time_exports(),
                         variable_exports(),    wide_text_exports()});
#if defined(__i386__)
        append(exports, {x87_exports()});
#endif
        return exports;
    }();
    return all;
}

}  // namespace instdrv::winapi::crt
