#include "image_builder.hpp"

#include <algorithm>

namespace instdrv::pe::test {

TableWriter& TableWriter::text(std::string_view text) {
    for (const char c : text)
        put(c);
    return put('\0');
}

TableWriter& TableWriter::utf16(std::u16string_view text) {
    for (const char16_t c : text)
        put(c);
    return *this;
}

TableWriter& TableWriter::fill_to(Rva rva) {
    bytes_.resize(rva - start_);
    return *this;
}

TableWriter& TableWriter::align(std::size_t boundary) {
    bytes_.resize((bytes_.size() + boundary - 1) / boundary * boundary);
    return *this;
}

namespace {

std::uint32_t round_up(std::uint32_t n, std::uint32_t alignment) {
    return (n + alignment - 1) / alignment * alignment;
}

std::uint32_t memory_size(const SectionSpec& section) {
    return section.virtual_size != 0 ? section.virtual_size
                                     : static_cast<std::uint32_t>(section.content.size());
}

std::uint32_t image_end(const ImageSpec& spec) {
    std::uint32_t end = spec.section_alignment;
    for (const auto& section : spec.sections) {
        end = std::max(end, section.rva + round_up(memory_size(section), spec.section_alignment));
    }
    return end;
}

void put_optional_header(TableWriter& out, const ImageSpec& spec, std::uint32_t headers_size) {
    const bool plus = spec.machine != Machine::x86;
    out.put(spec.magic.value_or(plus ? 0x20B : 0x10B)).put<std::uint16_t>(0);
    out.put<std::uint32_t>(0).put<std::uint32_t>(0).put<std::uint32_t>(0);
    out.put(spec.entry_point).put<std::uint32_t>(0x1000);
    if (plus) {
        out.put(spec.image_base);
    } else {
        out.put<std::uint32_t>(0).put(static_cast<std::uint32_t>(spec.image_base));
    }
    out.put(spec.section_alignment).put(spec.file_alignment);
    for (int version = 0; version < 6; ++version)
        out.put<std::uint16_t>(4);
    out.put<std::uint32_t>(0);
    out.put(spec.size_of_image.value_or(image_end(spec)));
    out.put(spec.size_of_headers.value_or(headers_size));
    out.put<std::uint32_t>(0).put<std::uint16_t>(2).put<std::uint16_t>(0);
    for (int size = 0; size < 4; ++size)
        out.put_word(spec.machine, 0x1000);
    out.put<std::uint32_t>(0).put(spec.directory_count);
    for (const auto& directory : spec.directories)
        out.put(directory);
}

void put_section_header(TableWriter& out, const SectionSpec& section, std::uint32_t raw_offset,
                        std::uint32_t raw_size) {
    char name[8] = {};
    section.name.copy(name, sizeof name);
    for (const char c : name)
        out.put(c);
    out.put(memory_size(section))
        .put(section.rva)
        .put(raw_size)
        .put(raw_size != 0 ? raw_offset : 0);
    out.put<std::uint32_t>(0).put<std::uint32_t>(0).put<std::uint32_t>(0);
    out.put(section.characteristics);
}

}  // namespace

std::vector<std::byte> build(const ImageSpec& spec) {
    TableWriter out(0);
    out.text("MZ").fill_to(0x18).put<std::uint16_t>(0x40).fill_to(0x3C);
    out.put(static_cast<std::uint32_t>(pe_header_offset)).fill_to(pe_header_offset);
    out.put<std::uint32_t>(0x4550).put(spec.machine);
    out.put(spec.section_count.value_or(static_cast<std::uint16_t>(spec.sections.size())));
    out.put<std::uint32_t>(0x12345678).put<std::uint32_t>(0).put<std::uint32_t>(0);
    const auto table = section_table_offset(spec.machine);
    out.put(static_cast<std::uint16_t>(table - pe_header_offset - 24)).put(spec.characteristics);
    const auto headers_size =
        round_up(static_cast<std::uint32_t>(table + 40 * spec.sections.size()), 0x200);
    put_optional_header(out, spec, headers_size);
    std::uint32_t raw_offset = headers_size;
    for (const auto& section : spec.sections) {
        const auto raw_size = round_up(static_cast<std::uint32_t>(section.content.size()), 0x200);
        put_section_header(out, section, raw_offset, raw_size);
        raw_offset += raw_size;
    }
    out.fill_to(headers_size);
    for (const auto& section : spec.sections) {
        for (const std::byte b : section.content)
            out.put(b);
        out.align(0x200);
    }
    return out.bytes();
}

ImageSpec with_table(Directory which, const TableWriter& table, std::uint32_t size,
                     Machine machine) {
    ImageSpec spec{.machine = machine};
    spec.directory(which) = {.rva = table_rva, .size = size};
    spec.sections.push_back({.name = ".data", .rva = table_rva, .content = table.bytes()});
    return spec;
}

std::vector<std::byte> lay_out(const ImageView& view) {
    std::vector<std::byte> mapped(view.headers().size_of_image);
    if (!view.copy(0, mapped)) mapped.clear();
    return mapped;
}

}  // namespace instdrv::pe::test
