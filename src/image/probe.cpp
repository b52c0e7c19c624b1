#include "image/probe.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "base/fd.hpp"
#include "base/wine_builtin.hpp"
#include "image/bad_image.hpp"
#include "image/bytes.hpp"

namespace instdrv::image {

std::string_view name_of(Kind kind) noexcept {
    switch (kind) {
        case Kind::pe64: return "PE32+ x86-64";
        case Kind::pe32: return "PE32 i386";
        case Kind::elf64: return "ELF x86-64";
        case Kind::elf32: return "ELF i386";
    }
    return "unknown";
}

namespace {

using namespace std::string_view_literals;

constexpr std::string_view usable_machines = "x86-64 or i386";

constexpr std::uint16_t pe_i386 = 0x014C;
constexpr std::uint16_t pe_x86_64 = 0x8664;
constexpr std::uint16_t elf_i386 = 3;
constexpr std::uint16_t elf_x86_64 = 62;

Result<Kind> probe_pe(Bytes header) {
    const auto machine = read_at<std::uint16_t>(header, 4);
    if (!machine) return ends_inside("its PE header");
    if (*machine == pe_x86_64) return Kind::pe64;
    if (*machine == pe_i386) return Kind::pe32;
    return wrong_machine(pe_machine_name(*machine), usable_machines);
}

tl::unexpected<Error> sixteen_bit(Bytes header) {
    constexpr std::uint8_t target_os2 = 1;
    if (read_at<std::uint8_t>(header, 0x36) == target_os2) {
        return bad_image("this is a 16-bit OS/2 program or library (NE)");
    }
    return bad_image("this is a 16-bit Windows driver or program (NE)",
                     "Get the 32-bit or 64-bit version of the driver");
}

// What begins with MZ is told apart by the header that the DOS header points at, which `read_from`
// reads as far as it is looked at here.
template <class ReadFrom>
Result<Kind> probe_mz(Bytes start, ReadFrom read_from) {
    const auto relocations = read_at<std::uint16_t>(start, 0x18);
    const auto header = read_at<std::uint32_t>(start, 0x3C);
    if (!relocations || !header) return ends_inside("its MS-DOS header");
    const Result<Bytes> newer = read_from(*header);
    if (!newer) return failure(newer.error());
    const auto signature = slice(*newer, 0, 4);
    const auto text = signature ? as_text(*signature) : ""sv;
    if (text == "PE\0\0"sv) return probe_pe(*newer);
    if (text.starts_with("NE")) return sixteen_bit(*newer);
    if (text.starts_with("LE")) return bad_image("this is a virtual device driver (LE)");
    if (text.starts_with("LX")) return bad_image("this is an OS/2 program or library (LX)");
    // Programs of Windows have their relocation table at 0x40, where the longer DOS header ends.
    const bool newer_than_dos = *relocations >= 0x40 && *header >= 0x40;
    if (newer_than_dos && !signature) return ends_inside("its MS-DOS stub, before its PE header");
    return bad_image("this is an MS-DOS program");
}

Result<Kind> probe_elf(Bytes file) {
    const auto file_class = read_at<std::uint8_t>(file, 4);
    const auto encoding = read_at<std::uint8_t>(file, 5);
    auto machine = read_at<std::uint16_t>(file, 18);
    if (!file_class || !encoding || !machine) return ends_inside("its ELF header");
    constexpr std::uint8_t big_endian = 2;
    if (*encoding == big_endian) {
        machine = static_cast<std::uint16_t>(*machine >> 8 | *machine << 8);
        return wrong_machine(elf_machine_name(*machine) + " (big-endian)", usable_machines);
    }
    if (*machine == elf_x86_64 && *file_class == 2) return Kind::elf64;
    if (*machine == elf_i386 && *file_class == 1) return Kind::elf32;
    if (*machine == elf_x86_64 && *file_class == 1) return wrong_machine("x32", usable_machines);
    if (*machine == elf_i386 || *machine == elf_x86_64) {
        return damaged("its ELF header", fmt::format("class {}", *file_class));
    }
    return wrong_machine(elf_machine_name(*machine), usable_machines);
}

struct Signature {
    std::string_view magic;
    std::string_view what;
    std::string_view advice;
};

constexpr std::string_view unpack = "Unpack it first and name the driver's DLL";

constexpr std::array signatures = {
    Signature{"MSCF"sv, "this is a Cabinet archive", unpack},
    Signature{"ISc("sv, "this is an InstallShield archive", unpack},
    Signature{"PK\3\4"sv, "this is a zip archive", unpack},
    Signature{"7z\xBC\xAF\x27\x1C"sv, "this is a 7z archive", unpack},
    Signature{"Rar!"sv, "this is a RAR archive", unpack},
    Signature{"\x1F\x8B"sv, "this is compressed with gzip", unpack},
    Signature{"BZh"sv, "this is compressed with bzip2", unpack},
    Signature{"\xFD"
              "7zXZ\0"sv,
              "this is compressed with xz", unpack},
    Signature{"SZDD\x88\xF0\x27\x33"sv, "this is compressed with Microsoft's COMPRESS",
              "Expand it first (msexpand does so)"},
    Signature{"KWAJ\x88\xF0\x27\xD1"sv, "this is compressed with Microsoft's COMPRESS",
              "Expand it first (msexpand does so)"},
    Signature{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"sv,
              "this is a Windows Installer package or document", unpack},
    Signature{"!<arch>\n"sv, "this is a static or import library, or a Debian package", ""},
    Signature{"\xCF\xFA\xED\xFE"sv, "this is a macOS program or library (Mach-O)", ""},
    Signature{"\xCE\xFA\xED\xFE"sv, "this is a macOS program or library (Mach-O)", ""},
    Signature{"\xCA\xFE\xBA\xBE"sv, "this is a macOS program (Mach-O) or a Java class", ""},
    Signature{"RIFF"sv, "this is a sound or video file (RIFF)", "Name a driver's DLL"},
    Signature{"#!"sv, "this is a script", "Name a driver's DLL"},
    Signature{"\xFF\xFE"sv, "this is text (UTF-16)", "Name a driver's DLL"},
    Signature{"\xEF\xBB\xBF"sv, "this is text (UTF-8)", "Name a driver's DLL"},
};

bool is_text(Bytes file) {
    const auto start = file.first(std::min<std::size_t>(file.size(), 512));
    return std::all_of(start.begin(), start.end(), [](std::byte b) {
        const auto c = static_cast<unsigned char>(b);
        return c >= 0x20 ? c != 0x7F : c == '\n' || c == '\r' || c == '\t' || c == '\f';
    });
}

tl::unexpected<Error> neither(Bytes file) {
    for (const auto& [magic, what, advice] : signatures) {
        if (as_text(file).starts_with(magic)) {
            return bad_image(std::string(what), std::string(advice));
        }
    }
    if (is_text(file)) return bad_image("this is text", "Name a driver's DLL");
    return bad_image("this is neither a Windows DLL nor a shared object");
}

template <class ReadFrom>
Result<Kind> probe_start(Bytes start, ReadFrom read_from) {
    if (start.empty()) return bad_image("the file is empty");
    const auto text = as_text(start);
    if (text.starts_with("MZ")) return probe_mz(start, read_from);
    if (text.starts_with("\177ELF")) return probe_elf(start);
    return neither(start);
}

}  // namespace

Result<Kind> probe(std::span<const std::byte> file) {
    return probe_start(file, [&](std::size_t offset) -> Result<Bytes> {
        return file.subspan(std::min(offset, file.size()));
    });
}

Result<ProbedFile> probe_file(const std::filesystem::path& file) {
    const auto opened = open_regular_file(file);
    if (!opened) return failure(opened.error());
    std::array<std::byte, 512> room;
    const auto start = read_part(*opened, file, 0, room);
    if (!start) return failure(start.error());
    std::array<std::byte, 64> header_room;
    const auto read_from = [&](std::size_t offset) -> Result<Bytes> {
        return read_part(*opened, file, offset, header_room);
    };
    return probe_start(*start, read_from).map([&](Kind kind) {
        return ProbedFile{.kind = kind, .is_wine_builtin = is_wine_builtin(*start)};
    });
}

}  // namespace instdrv::image
