// Stage 1: the headers of a PE image: DOS stub, COFF header, optional header, data directories.
//
// https://learn.microsoft.com/windows/win32/debug/pe-format
#pragma once

#include <instdrv/error.hpp>

#include <array>
#include <cstdint>
#include <string_view>

#include "image/bytes.hpp"

namespace instdrv::pe {

using image::Bytes;

// An offset from the address an image is mapped at. Functions take offsets as 64-bit numbers, so
// that `table.rva + index * size` is safe with whatever a file says.
using Rva = std::uint32_t;

enum class Machine : std::uint16_t {
    x86 = 0x014C,  // i386; GNU C++ for it has a macro of that name
    x86_64 = 0x8664,
};
std::string_view name_of(Machine machine) noexcept;  // "i386", "x86-64"

// The machine this process can run images of.
constexpr Machine native_machine() noexcept {
    return sizeof(void*) == 8 ? Machine::x86_64 : Machine::x86;
}

// Indices into the data directories. `security` alone is a file offset, not an RVA.
enum class Directory : std::size_t {
    exports = 0,
    imports = 1,
    resources = 2,
    exceptions = 3,
    security = 4,
    relocations = 5,
    debug = 6,
    tls = 9,
    load_config = 10,
    bound_imports = 11,
    import_addresses = 12,
    delay_imports = 13,
    clr = 14,
};

struct DataDirectory {
    Rva rva = 0;
    std::uint32_t size = 0;
};

struct Headers {
    Machine machine = Machine::x86_64;
    std::uint32_t timestamp = 0;
    std::uint16_t characteristics = 0;
    Rva entry_point = 0;  // DllMain; 0: none
    std::uint64_t image_base = 0;
    std::uint32_t section_alignment = 0;
    std::uint32_t file_alignment = 0;
    std::uint32_t size_of_image = 0;  // bytes when mapped, a multiple of section_alignment
    std::uint32_t size_of_headers = 0;
    std::uint16_t subsystem = 0;
    std::uint16_t dll_characteristics = 0;
    std::uint64_t section_table = 0;  // file offset
    std::uint16_t section_count = 0;
    // Directories the file does not have (NumberOfRvaAndSizes below 16) are zero.
    std::array<DataDirectory, 16> directories{};

    [[nodiscard]] bool is_dll() const noexcept { return (characteristics & 0x2000) != 0; }
    // The image can only run at image_base.
    [[nodiscard]] bool relocations_stripped() const noexcept {
        return (characteristics & 0x0001) != 0;
    }
    [[nodiscard]] bool is_pe32_plus() const noexcept { return machine == Machine::x86_64; }
    [[nodiscard]] std::size_t word_size() const noexcept { return is_pe32_plus() ? 8 : 4; }
    [[nodiscard]] const DataDirectory& directory(Directory which) const noexcept {
        return directories[static_cast<std::size_t>(which)];
    }
};

// Parses the headers at the start of a file or of a mapped image (they are the same bytes) and
// checks all that can be checked without the rest: machine (wrong_machine for others than i386 and
// x86-64, naming them), the magic that belongs to it, alignments (sections at whole pages), sizes
// (an image has at most 1 GiB), counts. An EXE passes: see driver_image.hpp.
Result<Headers> parse_headers(Bytes image);

}  // namespace instdrv::pe
