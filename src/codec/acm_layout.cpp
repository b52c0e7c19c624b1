#include "codec/acm_layout.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <string_view>

namespace instdrv::codec {

AcmLayout layout_of(std::span<const std::byte> file_start) noexcept {
    constexpr std::string_view mark = "Wine builtin DLL";
    constexpr std::size_t behind_dos_header = 0x40;
    if (file_start.size() < behind_dos_header + mark.size()) return AcmLayout::packed;
    const bool marked =
        std::memcmp(file_start.data() + behind_dos_header, mark.data(), mark.size()) == 0;
    return marked ? AcmLayout::natural : AcmLayout::packed;
}

AcmLayout layout_of(const std::filesystem::path& file) {
    std::array<char, 96> start{};
    std::ifstream stream(file, std::ios::binary);
    stream.read(start.data(), start.size());
    return layout_of(
        std::as_bytes(std::span(start)).first(static_cast<std::size_t>(stream.gcount())));
}

}  // namespace instdrv::codec
