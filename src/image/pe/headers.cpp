#include "image/pe/headers.hpp"

#include <algorithm>
#include <bit>
#include <string>

#include <fmt/format.h>

#include "image/bad_image.hpp"

namespace instdrv::pe {

using image::bad_image;
using image::damaged;
using image::ends_inside;
using image::read_at;

std::string_view name_of(Machine machine) noexcept {
    return machine == Machine::x86_64 ? "x86-64" : "i386";
}

namespace {

constexpr std::uint16_t dos_magic = 0x5A4D;         // MZ
constexpr std::uint32_t pe_signature = 0x00004550;  // PE\0\0
constexpr std::uint16_t pe32_magic = 0x10B;
constexpr std::uint16_t pe32_plus_magic = 0x20B;
constexpr std::uint32_t page_size = 4096;
constexpr std::uint64_t max_image_size = std::uint64_t{1} << 30;
constexpr std::uint16_t max_sections = 96;
constexpr std::size_t section_header_size = 40;

struct CoffHeader {
    std::uint16_t machine;
    std::uint16_t section_count;
    std::uint32_t timestamp;
    std::uint32_t symbol_table;
    std::uint32_t symbol_count;
    std::uint16_t optional_header_size;
    std::uint16_t characteristics;
};
static_assert(sizeof(CoffHeader) == 20);

// The part whose offsets are the same in PE32 and PE32+.
struct OptionalHeader {
    std::uint16_t magic;
    std::uint16_t linker_version;
    std::uint32_t code_and_data_sizes[3];
    std::uint32_t entry_point;
    std::uint32_t base_of_code;
    std::uint32_t image_base_low;   // PE32: base of data
    std::uint32_t image_base_high;  // PE32: image base
    std::uint32_t section_alignment;
    std::uint32_t file_alignment;
    std::uint16_t versions[6];
    std::uint32_t win32_version;
    std::uint32_t size_of_image;
    std::uint32_t size_of_headers;
    std::uint32_t checksum;
    std::uint16_t subsystem;
    std::uint16_t dll_characteristics;
};
static_assert(sizeof(OptionalHeader) == 72);

Status read_coff_header(Bytes image, std::uint64_t offset, Headers& headers,
                        std::uint16_t& optional_header_size) {
    const auto coff = read_at<CoffHeader>(image, offset);
    if (!coff) return ends_inside("its PE header");
    headers.machine = static_cast<Machine>(coff->machine);
    if (headers.machine != Machine::x86_64 && headers.machine != Machine::x86) {
        return image::wrong_machine(image::pe_machine_name(coff->machine), "x86-64 or i386");
    }
    if (coff->section_count == 0) return damaged("its PE header", "it has no sections");
    if (coff->section_count > max_sections) {
        return damaged("its PE header", fmt::format("{} sections, more than the {} Windows allows",
                                                    coff->section_count, max_sections));
    }
    headers.timestamp = coff->timestamp;
    headers.characteristics = coff->characteristics;
    headers.section_count = coff->section_count;
    optional_header_size = coff->optional_header_size;
    return {};
}

Status read_directories(Bytes optional_header, Headers& headers) {
    const std::uint64_t count_offset = headers.is_pe32_plus() ? 108 : 92;
    const auto stated = read_at<std::uint32_t>(optional_header, count_offset);
    if (!stated) return damaged("its optional header", "it is too short");
    const auto count = std::min<std::size_t>(*stated, headers.directories.size());
    for (std::size_t i = 0; i < count; ++i) {
        const auto entry = read_at<DataDirectory>(
            optional_header, count_offset + sizeof *stated + i * sizeof(DataDirectory));
        if (!entry) return damaged("its optional header", "too short for its data directories");
        headers.directories[i] = *entry;
    }
    return {};
}

Status check_alignments(const Headers& headers) {
    if (!std::has_single_bit(headers.section_alignment) ||
        !std::has_single_bit(headers.file_alignment) ||
        headers.section_alignment > max_image_size) {
        return damaged("its optional header", "an alignment is no power of two");
    }
    if (headers.section_alignment < page_size) {
        return bad_image(
            fmt::format("its sections are aligned to {} bytes, less than a memory page",
                        headers.section_alignment),
            "Kernel-mode drivers are built so; name the driver's user-mode DLL");
    }
    return {};
}

Status check_sizes(std::uint64_t file_size, std::uint64_t stated_size, Headers& headers) {
    const std::uint64_t alignment = headers.section_alignment;
    const std::uint64_t size = (stated_size + alignment - 1) / alignment * alignment;
    if (size == 0) return damaged("its optional header", "the image's size is 0");
    if (size > max_image_size) {
        return bad_image(
            fmt::format("it would take {} MiB of memory, more than the 1024 allowed", size >> 20));
    }
    headers.size_of_image = static_cast<std::uint32_t>(size);
    const std::uint64_t table_end =
        headers.section_table + headers.section_count * section_header_size;
    if (table_end > file_size) return ends_inside("its section table");
    if (headers.size_of_headers < table_end || headers.size_of_headers > size) {
        return damaged("its optional header",
                       fmt::format("{} bytes of headers are stated", headers.size_of_headers));
    }
    if (headers.size_of_headers > file_size) return ends_inside("its headers");
    if (headers.entry_point >= size) {
        return damaged("its optional header", "the entry point lies outside of the image");
    }
    const std::uint64_t address_limit = headers.is_pe32_plus() ? UINT64_MAX : UINT32_MAX;
    if (headers.image_base > address_limit - size) {
        return damaged("its optional header", "the image does not fit below its last address");
    }
    return {};
}

Status read_optional_header(Bytes image, Bytes bytes, Headers& headers) {
    const auto optional = read_at<OptionalHeader>(bytes, 0);
    if (!optional) return damaged("its optional header", "it is too short");
    const auto wanted = headers.is_pe32_plus() ? pe32_plus_magic : pe32_magic;
    if (optional->magic != wanted) {
        return damaged("its optional header",
                       fmt::format("magic {:#x} does not belong to {}", optional->magic,
                                   name_of(headers.machine)));
    }
    headers.entry_point = optional->entry_point;
    headers.image_base = headers.is_pe32_plus() ? optional->image_base_low |
                                                      std::uint64_t{optional->image_base_high} << 32
                                                : optional->image_base_high;
    headers.section_alignment = optional->section_alignment;
    headers.file_alignment = optional->file_alignment;
    headers.size_of_headers = optional->size_of_headers;
    headers.subsystem = optional->subsystem;
    headers.dll_characteristics = optional->dll_characteristics;
    auto status = check_alignments(headers);
    if (status) status = check_sizes(image.size(), optional->size_of_image, headers);
    if (status) status = read_directories(bytes, headers);
    return status;
}

}  // namespace

Result<Headers> parse_headers(Bytes image) {
    if (read_at<std::uint16_t>(image, 0) != dos_magic) {
        return bad_image("it does not begin with MZ, as every Windows DLL does");
    }
    const auto signature = read_at<std::uint32_t>(image, 0x3C);
    if (!signature) return ends_inside("its MS-DOS header");
    const auto found = read_at<std::uint32_t>(image, *signature);
    if (!found) return ends_inside("its MS-DOS stub, before its PE header");
    if (*found != pe_signature) return bad_image("it has no PE header: it is no Windows DLL");

    Headers headers;
    std::uint16_t optional_header_size = 0;
    const std::uint64_t coff = std::uint64_t{*signature} + sizeof pe_signature;
    if (auto read = read_coff_header(image, coff, headers, optional_header_size); !read) {
        return failure(std::move(read.error()));
    }
    const std::uint64_t optional_offset = coff + sizeof(CoffHeader);
    headers.section_table = optional_offset + optional_header_size;
    const auto optional = image::slice(image, optional_offset, optional_header_size);
    if (!optional) return ends_inside("its optional header");
    if (auto read = read_optional_header(image, *optional, headers); !read) {
        return failure(std::move(read.error()));
    }
    return headers;
}

}  // namespace instdrv::pe
