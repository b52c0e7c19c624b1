#include "messages/layout.hpp"

namespace instdrv::messages {

std::uint32_t convert_size(const Structure& structure, const Layout& from, const Layout& to,
                           std::uint32_t size) noexcept {
    if (size >= from.size) return to.size;
    std::uint32_t converted = 0;
    for (std::size_t i = 0; i < structure.fields.size(); ++i) {
        const Field& field = structure.fields[i];
        const std::uint32_t offset = from.offsets[i];
        if (size <= offset) break;
        const std::uint32_t part = size - offset;
        if (part >= from.size_of(field)) {
            converted = to.offsets[i] + to.size_of(field);
        } else if (field.kind == Kind::bytes) {
            converted = to.offsets[i] + part;
        }
    }
    return converted;
}

}  // namespace instdrv::messages
