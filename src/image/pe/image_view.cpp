#include "image/pe/image_view.hpp"

#include <algorithm>
#include <utility>

#include "image/bad_image.hpp"

namespace instdrv::pe {

ImageView::ImageView(Bytes bytes, Layout layout, std::uint64_t base, Headers headers,
                     std::vector<Section> sections)
    : bytes_(bytes),
      layout_(layout),
      base_(base),
      headers_(headers),
      sections_(std::move(sections)) {}

Result<ImageView> ImageView::of_file(Bytes file) {
    auto headers = parse_headers(file);
    if (!headers) return failure(std::move(headers.error()));
    auto sections = parse_sections(file, *headers, Layout::file);
    if (!sections) return failure(std::move(sections.error()));
    return ImageView(file, Layout::file, headers->image_base, *headers, std::move(*sections));
}

Result<ImageView> ImageView::of_mapped(Bytes mapped, std::uint64_t base) {
    auto headers = parse_headers(mapped);
    if (!headers) return failure(std::move(headers.error()));
    if (mapped.size() < headers->size_of_image) {
        return image::bad_image("less memory is mapped than the image needs");
    }
    auto sections = parse_sections(mapped, *headers, Layout::mapped);
    if (!sections) return failure(std::move(sections.error()));
    return ImageView(mapped, Layout::mapped, base, *headers, std::move(*sections));
}

bool ImageView::contains(std::uint64_t rva, std::uint64_t size) const noexcept {
    return image::fits(rva, size, headers_.size_of_image);
}

const Section* ImageView::section_at(std::uint64_t rva) const noexcept {
    const auto behind = std::partition_point(sections_.begin(), sections_.end(),
                                             [&](const Section& s) { return s.rva <= rva; });
    if (behind == sections_.begin()) return nullptr;
    const Section& section = *std::prev(behind);
    return section.contains(rva) ? &section : nullptr;
}

Bytes ImageView::stored_from(std::uint64_t rva) const noexcept {
    if (!contains(rva, 1)) return {};
    if (layout_ == Layout::mapped) {
        return bytes_.first(headers_.size_of_image).subspan(static_cast<std::size_t>(rva));
    }
    if (rva < headers_.size_of_headers) {
        const auto end = std::min<std::size_t>(headers_.size_of_headers, bytes_.size());
        return rva < end ? bytes_.first(end).subspan(static_cast<std::size_t>(rva)) : Bytes{};
    }
    const Section* section = section_at(rva);
    if (section == nullptr || rva - section->rva >= section->raw_size) return {};
    const auto skipped = static_cast<std::size_t>(rva - section->rva);
    return bytes_.subspan(static_cast<std::size_t>(section->raw_offset), section->raw_size)
        .subspan(skipped);
}

std::uint64_t ImageView::zeros_end(std::uint64_t rva) const noexcept {
    const auto next = std::partition_point(sections_.begin(), sections_.end(),
                                           [&](const Section& s) { return s.rva <= rva; });
    return next == sections_.end() ? headers_.size_of_image : next->rva;
}

bool ImageView::copy(std::uint64_t rva, std::span<std::byte> out) const noexcept {
    if (!contains(rva, out.size())) return false;
    while (!out.empty()) {
        const auto stored = stored_from(rva);
        const std::uint64_t available = stored.empty() ? zeros_end(rva) - rva : stored.size();
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(out.size(), available));
        if (stored.empty()) {
            std::fill_n(out.begin(), count, std::byte{0});
        } else {
            std::copy_n(stored.begin(), count, out.begin());
        }
        out = out.subspan(count);
        rva += count;
    }
    return true;
}

std::optional<std::uint64_t> ImageView::read_word(std::uint64_t rva) const noexcept {
    if (word_size() == 8) return read<std::uint64_t>(rva);
    return read<std::uint32_t>(rva);
}

std::optional<Bytes> ImageView::bytes(std::uint64_t rva, std::uint64_t size) const noexcept {
    if (!contains(rva, size)) return std::nullopt;
    return image::slice(stored_from(rva), 0, size);
}

std::optional<std::string_view> ImageView::c_string(std::uint64_t rva,
                                                    std::size_t limit) const noexcept {
    if (!contains(rva, 1)) return std::nullopt;
    const auto text = image::as_text(stored_from(rva)).substr(0, limit);
    if (const auto end = text.find('\0'); end != std::string_view::npos) return text.substr(0, end);
    // Zero fill ends a text that reaches the end of its section's raw data.
    const bool zero_follows =
        contains(rva + text.size(), 1) && stored_from(rva + text.size()).empty();
    if (text.size() < limit && zero_follows) return text;
    return std::nullopt;
}

std::optional<Rva> ImageView::to_rva(std::uint64_t address) const noexcept {
    if (address < base_ || !contains(address - base_, 1)) return std::nullopt;
    return static_cast<Rva>(address - base_);
}

image::Allowance allowance_of(const ImageView& view) noexcept {
    std::uint64_t end = view.headers().size_of_headers;
    for (const Section& section : view.sections())
        end = std::max(end, section.raw_offset + section.raw_size);
    // Sections of mapped images lie where they please in a file that nobody has checked again.
    return image::Allowance(std::min<std::uint64_t>(end, view.headers().size_of_image));
}

}  // namespace instdrv::pe
