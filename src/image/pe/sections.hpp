// Stage 2: the section table of a PE image.
#pragma once

#include <instdrv/error.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include "image/pe/headers.hpp"

namespace instdrv::pe {

// The layout of the bytes that a stage gets: of the file on disk, or of the image in memory, where
// an RVA is an offset.
enum class Layout { file, mapped };

// How the loader protects a section's pages. Reading is always allowed.
struct Protection {
    bool write = false;
    bool execute = false;
};

struct Section {
    std::string name;  // as in the table, at most 8 bytes ("/4" where the linker had a longer one)
    Rva rva = 0;
    std::uint32_t memory_size =
        0;                         // bytes of memory, whole pages; what raw data does not fill is 0
    std::uint64_t raw_offset = 0;  // in the file
    std::uint32_t raw_size = 0;    // bytes to take from the file, at most memory_size
    std::uint32_t characteristics = 0;

    // The section asks to be writable and executable at once. It is mapped without write.
    [[nodiscard]] bool wants_write_and_execute() const noexcept;
    [[nodiscard]] Protection protection() const noexcept;
    [[nodiscard]] bool contains(std::uint64_t address) const noexcept {
        return address >= rva && address - rva < memory_size;
    }
};

// Sections come in ascending order, at multiples of the section alignment, behind the headers,
// without overlap, inside size_of_image, at most 96 (Windows' own limit); with Layout::file their
// raw data lies inside the file. Gaps between them are allowed and read as zero.
Result<std::vector<Section>> parse_sections(Bytes image, const Headers& headers, Layout layout);

}  // namespace instdrv::pe
