// A PE image addressed by RVA, whether its bytes are a file or mapped memory. All later stages work
// on it. A view owns no bytes: what it and the stages hand out as spans and string_views lives as
// long as the bytes it was made of.
#pragma once

#include <instdrv/error.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "image/allowance.hpp"
#include "image/bytes.hpp"
#include "image/pe/headers.hpp"
#include "image/pe/sections.hpp"

namespace instdrv::pe {

class ImageView {
public:
    // Both run stages 1 and 2 and fail as they do.
    static Result<ImageView> of_file(Bytes file);
    // `mapped` covers at least size_of_image bytes, all of them readable. `base` is the address
    // that absolute addresses inside the image are relative to: the address it is mapped at when
    // relocations have been applied, headers().image_base before.
    static Result<ImageView> of_mapped(Bytes mapped, std::uint64_t base);

    [[nodiscard]] const Headers& headers() const noexcept { return headers_; }
    [[nodiscard]] std::span<const Section> sections() const noexcept { return sections_; }
    [[nodiscard]] const DataDirectory& directory(Directory which) const noexcept {
        return headers_.directory(which);
    }
    [[nodiscard]] std::uint64_t base() const noexcept { return base_; }
    [[nodiscard]] std::size_t word_size() const noexcept { return headers_.word_size(); }

    // Does [rva, rva + size) lie within size_of_image?
    [[nodiscard]] bool contains(std::uint64_t rva, std::uint64_t size) const noexcept;
    // The section an RVA lies in; null for headers and gaps.
    [[nodiscard]] const Section* section_at(std::uint64_t rva) const noexcept;

    // Copies the bytes at an RVA, zeros where the file has none. False: outside of the image.
    [[nodiscard]] bool copy(std::uint64_t rva, std::span<std::byte> out) const noexcept;
    template <class T>
    [[nodiscard]] std::optional<T> read(std::uint64_t rva) const noexcept {
        T value{};
        if (!copy(rva, std::as_writable_bytes(std::span(&value, 1)))) return std::nullopt;
        return value;
    }
    // A pointer-sized number: 4 bytes in a PE32 image, 8 in a PE32+ one.
    [[nodiscard]] std::optional<std::uint64_t> read_word(std::uint64_t rva) const noexcept;
    // The bytes themselves; nothing where they are not all stored in one piece.
    [[nodiscard]] std::optional<Bytes> bytes(std::uint64_t rva, std::uint64_t size) const noexcept;
    // A text that ends with a NUL within `limit` bytes.
    [[nodiscard]] std::optional<std::string_view> c_string(std::uint64_t rva,
                                                           std::size_t limit = 4096) const noexcept;
    // The RVA of an absolute address; nothing for one outside of the image.
    [[nodiscard]] std::optional<Rva> to_rva(std::uint64_t address) const noexcept;

private:
    ImageView(Bytes bytes, Layout layout, std::uint64_t base, Headers headers,
              std::vector<Section> sections);
    // The stored bytes from an RVA to the end of its section's (or the headers') raw data; empty in
    // zero fill and gaps.
    [[nodiscard]] Bytes stored_from(std::uint64_t rva) const noexcept;
    // Where the zeros end that begin at an RVA at which nothing is stored.
    [[nodiscard]] std::uint64_t zeros_end(std::uint64_t rva) const noexcept;

    Bytes bytes_;
    Layout layout_;
    std::uint64_t base_;
    Headers headers_;
    std::vector<Section> sections_;
};

// The limit of what a stage may read through the pointers of an image: by what the file has of the
// image, not by the size that its headers state. Sections that overlap count once.
image::Allowance allowance_of(const ImageView& view) noexcept;

}  // namespace instdrv::pe
