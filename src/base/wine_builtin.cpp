#include "base/wine_builtin.hpp"

#include <cstring>
#include <string_view>

namespace instdrv {

bool is_wine_builtin(std::span<const std::byte> file_start) noexcept {
    constexpr std::string_view mark = "Wine builtin DLL";
    constexpr std::size_t behind_dos_header = 0x40;
    if (file_start.size() < behind_dos_header + mark.size()) return false;
    return std::memcmp(file_start.data() + behind_dos_header, mark.data(), mark.size()) == 0;
}

}  // namespace instdrv
