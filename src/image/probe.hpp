// Recognises what kind of file the bytes of a file are, before anything is loaded.
#pragma once

#include <instdrv/error.hpp>

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace instdrv::image {

enum class Kind {
    pe64,   // PE32+ x86-64
    pe32,   // PE32 i386
    elf64,  // ELF x86-64
    elf32,  // ELF i386
};

// "PE32+ x86-64", "PE32 i386", "ELF x86-64", "ELF i386"
std::string_view name_of(Kind kind) noexcept;

constexpr bool is_for_i386(Kind kind) noexcept { return kind == Kind::pe32 || kind == Kind::elf32; }

// Tells by the headers alone. Everything else is an Error of code bad_image or wrong_machine whose
// cause is one clear clause: "the file is empty", "this is text", "this is a 16-bit Windows driver
// (NE)", "this is an MS-DOS program", "this is a virtual device driver (LE)", "built for ARM64".
Result<Kind> probe(std::span<const std::byte> file);

struct ProbedFile {
    Kind kind;
    bool is_wine_builtin;  // base/wine_builtin.hpp
};
// The same of a file, of which it reads two pieces of some hundred bytes, so that it may be
// anybody's: what there is to say needs no more. Also fails where it cannot be read.
Result<ProbedFile> probe_file(const std::filesystem::path& file);

}  // namespace instdrv::image
