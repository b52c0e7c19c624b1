#include "codec/acm_layout.hpp"

#include <array>
#include <fstream>

#include "base/wine_builtin.hpp"

namespace instdrv::codec {

AcmLayout layout_of(std::span<const std::byte> file_start) noexcept {
    return is_wine_builtin(file_start) ? AcmLayout::natural : AcmLayout::packed;
}

AcmLayout layout_of(const std::filesystem::path& file) {
    std::array<char, 96> start{};
    std::ifstream stream(file, std::ios::binary);
    stream.read(start.data(), start.size());
    return layout_of(
        std::as_bytes(std::span(start)).first(static_cast<std::size_t>(stream.gcount())));
}

}  // namespace instdrv::codec
