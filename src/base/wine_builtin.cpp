#include "base/wine_builtin.hpp"

#include <array>
#include <cstring>
#include <string_view>

#include "base/fd.hpp"

namespace instdrv {

bool is_wine_builtin(std::span<const std::byte> file_start) noexcept {
    constexpr std::string_view mark = "Wine builtin DLL";
    constexpr std::size_t behind_dos_header = 0x40;
    if (file_start.size() < behind_dos_header + mark.size()) return false;
    return std::memcmp(file_start.data() + behind_dos_header, mark.data(), mark.size()) == 0;
}

bool is_wine_builtin(const std::filesystem::path& file) {
    std::array<std::byte, 96> room;
    const auto start = open_regular_file(file).and_then(
        [&](const Fd& opened) { return read_part(opened, file, 0, room); });
    return start && is_wine_builtin(*start);
}

}  // namespace instdrv
