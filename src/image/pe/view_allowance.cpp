#include "image/pe/view_allowance.hpp"

#include <algorithm>

namespace instdrv::pe {

image::Allowance allowance_of(const ImageView& view) noexcept {
    std::uint64_t end = view.headers().size_of_headers;
    for (const Section& section : view.sections())
        end = std::max(end, section.raw_offset + section.raw_size);
    // Sections of mapped images lie where they please in a file that nobody has checked again.
    return image::Allowance(std::min<std::uint64_t>(end, view.headers().size_of_image));
}

}  // namespace instdrv::pe
