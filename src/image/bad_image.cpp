#include "image/bad_image.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include <fmt/format.h>

namespace instdrv::image {

namespace {

constexpr std::string_view copy_again =
    "It is incomplete or damaged: copy it again from its source";

struct Name {
    std::uint16_t machine;
    std::string_view name;
};

constexpr std::array pe_names = {
    Name{0x014C, "i386"},   Name{0x0166, "MIPS"},    Name{0x0184, "Alpha"},
    Name{0x01A2, "SH3"},    Name{0x01A6, "SH4"},     Name{0x01C0, "ARM"},
    Name{0x01C2, "Thumb"},  Name{0x01C4, "ARM"},     Name{0x01F0, "PowerPC"},
    Name{0x0200, "IA-64"},  Name{0x0284, "Alpha64"}, Name{0x0EBC, "EFI byte code"},
    Name{0x5064, "RISC-V"}, Name{0x8664, "x86-64"},  Name{0xA641, "ARM64EC"},
    Name{0xAA64, "ARM64"},
};

constexpr std::array elf_names = {
    Name{2, "SPARC"},       Name{3, "i386"},    Name{8, "MIPS"},    Name{20, "PowerPC"},
    Name{21, "PowerPC64"},  Name{22, "S/390"},  Name{40, "ARM"},    Name{43, "SPARC64"},
    Name{50, "IA-64"},      Name{62, "x86-64"}, Name{183, "ARM64"}, Name{243, "RISC-V"},
    Name{258, "LoongArch"},
};

std::string name_in(std::span<const Name> names, std::uint16_t machine) {
    const auto* found = std::find_if(names.data(), names.data() + names.size(),
                                     [&](const Name& n) { return n.machine == machine; });
    if (found == names.data() + names.size()) return fmt::format("machine {:#06x}", machine);
    return std::string(found->name);
}

}  // namespace

tl::unexpected<Error> bad_image(std::string cause, std::string advice) {
    return failure({.code = ErrorCode::bad_image,
                    .operation = {},
                    .driver = {},
                    .cause = std::move(cause),
                    .advice = std::move(advice)});
}

tl::unexpected<Error> ends_inside(std::string_view what) {
    return bad_image(fmt::format("the file ends inside {}", what), std::string(copy_again));
}

tl::unexpected<Error> damaged(std::string_view what, std::string_view detail) {
    return bad_image(fmt::format("{} is damaged: {}", what, detail), std::string(copy_again));
}

tl::unexpected<Error> wrong_machine(std::string_view built_for, std::string_view usable) {
    return failure({.code = ErrorCode::wrong_machine,
                    .operation = {},
                    .driver = {},
                    .cause = fmt::format("built for {}, not for {}", built_for, usable),
                    .advice = fmt::format("Get the driver built for {}", usable)});
}

std::string pe_machine_name(std::uint16_t machine) { return name_in(pe_names, machine); }
std::string elf_machine_name(std::uint16_t machine) { return name_in(elf_names, machine); }

}  // namespace instdrv::image
