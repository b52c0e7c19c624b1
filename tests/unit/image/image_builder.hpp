// Builds small PE images for tests, honest ones and ones with a sin.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "image/pe/image_view.hpp"

namespace instdrv::pe::test {

// Bytes of a section, written field by field. Positions are RVAs.
class TableWriter {
public:
    explicit TableWriter(Rva start) : start_(start) {}

    [[nodiscard]] Rva here() const { return start_ + static_cast<Rva>(bytes_.size()); }
    [[nodiscard]] const std::vector<std::byte>& bytes() const { return bytes_; }

    template <class T>
    TableWriter& put(T value) {
        static_assert(std::is_trivially_copyable_v<T>);
        for (const std::byte b : std::as_bytes(std::span(&value, 1)))
            bytes_.push_back(b);
        return *this;
    }
    // A number of 4 or 8 bytes.
    TableWriter& put_word(Machine machine, std::uint64_t value) {
        if (machine == Machine::x86_64) return put(value);
        return put(static_cast<std::uint32_t>(value));
    }
    TableWriter& text(std::string_view text);      // with a NUL
    TableWriter& utf16(std::u16string_view text);  // without
    TableWriter& fill_to(Rva rva);                 // with zeros
    TableWriter& align(std::size_t boundary);
    template <class T>
    void set(Rva rva, T value) {
        std::memcpy(bytes_.data() + (rva - start_), &value, sizeof value);
    }

private:
    Rva start_;
    std::vector<std::byte> bytes_;
};

constexpr std::uint32_t code_section = 0x60000020;
constexpr std::uint32_t data_section = 0xC0000040;

struct SectionSpec {
    std::string name;
    Rva rva = 0;
    std::vector<std::byte> content;
    std::uint32_t virtual_size = 0;  // 0: the size of the content
    std::uint32_t characteristics = data_section;
};

// What the headers say. Sizes that are not given are computed.
struct ImageSpec {
    Machine machine = Machine::x86_64;
    std::uint16_t characteristics = 0x2022;  // a DLL
    std::uint64_t image_base = 0x10000000;
    Rva entry_point = 0;
    std::uint32_t section_alignment = 0x1000;
    std::uint32_t file_alignment = 0x200;
    std::optional<std::uint32_t> size_of_image;
    std::optional<std::uint32_t> size_of_headers;
    std::optional<std::uint16_t> section_count;
    std::optional<std::uint16_t> magic;
    std::uint32_t directory_count = 16;
    std::array<DataDirectory, 16> directories{};
    std::vector<SectionSpec> sections;

    DataDirectory& directory(Directory which) {
        return directories[static_cast<std::size_t>(which)];
    }
};

constexpr std::size_t pe_header_offset = 0x80;
constexpr std::size_t section_table_offset(Machine machine) {
    return pe_header_offset + 24 + (machine == Machine::x86_64 ? 240 : 224);
}

std::vector<std::byte> build(const ImageSpec& spec);

// An image with one data section at RVA 0x1000 whose start is the table of a directory.
constexpr Rva table_rva = 0x1000;
ImageSpec with_table(Directory which, const TableWriter& table, std::uint32_t size,
                     Machine machine = Machine::x86_64);

// Lays a file out by RVA as a loader does. The view must be of the file.
std::vector<std::byte> lay_out(const ImageView& view);

// A built file with a view of it.
struct BuiltImage {
    explicit BuiltImage(const ImageSpec& spec)
        : file(build(spec)), view(ImageView::of_file(file).value()) {}
    BuiltImage(const BuiltImage&) = delete;
    BuiltImage& operator=(const BuiltImage&) = delete;

    std::vector<std::byte> file;
    ImageView view;
};

// The cause of a failure; empty for a success.
template <class Outcome>
std::string cause_of(const Outcome& outcome) {
    return outcome ? std::string() : outcome.error().cause;
}

}  // namespace instdrv::pe::test
