#include "image/pe/sections.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "image/bad_image.hpp"

namespace instdrv::pe {

using image::damaged;

namespace {

constexpr std::uint32_t wants_execute = 0x20000000;
constexpr std::uint32_t wants_write = 0x80000000;

struct SectionHeader {
    char name[8];
    std::uint32_t virtual_size;
    std::uint32_t virtual_address;
    std::uint32_t raw_size;
    std::uint32_t raw_offset;
    std::uint32_t object_file_fields[3];
    std::uint32_t characteristics;
};
static_assert(sizeof(SectionHeader) == 40);

// Windows reads raw data in whole sectors, whatever the header says.
constexpr std::uint32_t sector_mask = ~std::uint32_t{511};

Result<Section> make_section(const SectionHeader& header, std::uint64_t alignment) {
    const auto* name_end = std::find(std::begin(header.name), std::end(header.name), '\0');
    Section section;
    section.name.assign(std::begin(header.name), name_end);
    section.rva = header.virtual_address;
    section.characteristics = header.characteristics;
    const std::uint64_t stated = header.virtual_size != 0 ? header.virtual_size : header.raw_size;
    const std::uint64_t memory_size = (stated + alignment - 1) / alignment * alignment;
    if (memory_size > UINT32_MAX) {
        return damaged(fmt::format("its section {}", section.name), "it is larger than 4 GiB");
    }
    section.memory_size = static_cast<std::uint32_t>(memory_size);
    if (header.raw_offset != 0) {
        section.raw_offset = header.raw_offset & sector_mask;
        section.raw_size = std::min(header.raw_size, section.memory_size);
    }
    return section;
}

// `free_from` is the first RVA behind the headers and the sections so far.
Status check_place(const Section& section, const Headers& headers, std::uint64_t free_from) {
    const auto what = fmt::format("its section {}", section.name);
    if (section.rva % headers.section_alignment != 0) {
        return damaged(what, "it does not begin at a multiple of the section alignment");
    }
    if (section.rva < free_from) {
        return damaged(what, "it overlaps what comes before it");
    }
    if (!image::fits(section.rva, section.memory_size, headers.size_of_image)) {
        return damaged(what, "it reaches beyond the stated size of the image");
    }
    return {};
}

}  // namespace

bool Section::wants_write_and_execute() const noexcept {
    return (characteristics & wants_write) != 0 && (characteristics & wants_execute) != 0;
}

Protection Section::protection() const noexcept {
    const bool execute = (characteristics & wants_execute) != 0;
    return {.write = (characteristics & wants_write) != 0 && !execute, .execute = execute};
}

Result<std::vector<Section>> parse_sections(Bytes image, const Headers& headers, Layout layout) {
    std::vector<Section> sections;
    std::uint64_t free_from = headers.size_of_headers;
    for (std::uint16_t i = 0; i < headers.section_count; ++i) {
        const auto header =
            image::read_at<SectionHeader>(image, headers.section_table + i * sizeof(SectionHeader));
        if (!header) return image::ends_inside("its section table");
        auto section = make_section(*header, headers.section_alignment);
        if (!section) return failure(std::move(section.error()));
        if (auto placed = check_place(*section, headers, free_from); !placed) {
            return failure(std::move(placed.error()));
        }
        if (layout == Layout::file &&
            !image::fits(section->raw_offset, section->raw_size, image.size())) {
            return image::ends_inside(fmt::format("its section {}", section->name));
        }
        free_from = std::uint64_t{section->rva} + section->memory_size;
        sections.push_back(std::move(*section));
    }
    return sections;
}

}  // namespace instdrv::pe
