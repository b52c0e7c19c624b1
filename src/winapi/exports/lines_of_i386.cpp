#include "winapi/exports/lines_of_i386.hpp"

#include <elf.h>

#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/fd.hpp"

namespace instdrv::winapi {
namespace {

struct Text32 {
    std::uint32_t size;
    std::uint32_t address;
};

// An Export as the compiler for i386 lays it out. Its addresses are those of the linker, which
// stand in the file although the program is loaded elsewhere: relocations of i386 have no other
// place.
struct Line32 {
    Text32 name;
    std::uint32_t function;
    std::uint32_t dlls;
    std::uint8_t coverage;
    Text32 note;
    std::uint16_t ordinal;
};
#ifdef __i386__
static_assert(sizeof(Line32) == sizeof(Export));
#endif

constexpr std::size_t largest_program = std::size_t{256} << 20;

class Elf32 {
public:
    explicit Elf32(std::span<const std::byte> bytes) : bytes_(bytes) {}

    [[nodiscard]] bool is_for_i386() const {
        const auto header = at<Elf32_Ehdr>(0);
        return header && std::memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
               header->e_ident[EI_CLASS] == ELFCLASS32 && header->e_machine == EM_386;
    }

    [[nodiscard]] std::optional<Elf32_Shdr> section(std::string_view name) const {
        const auto header = at<Elf32_Ehdr>(0);
        if (!header) return std::nullopt;
        const auto names = section(*header, header->e_shstrndx);
        for (std::uint32_t i = 0; names && i < header->e_shnum; ++i) {
            const auto found = section(*header, i);
            if (found && text(names->sh_offset + found->sh_name, name.size()) == name &&
                at<char>(names->sh_offset + found->sh_name + name.size()) == '\0')
                return found;
        }
        return std::nullopt;
    }

    // Of what is loaded to an address.
    [[nodiscard]] std::optional<std::string_view> text(const Text32& wanted) const {
        const auto header = at<Elf32_Ehdr>(0);
        for (std::uint32_t i = 0; header && i < header->e_phnum; ++i) {
            const auto part = at<Elf32_Phdr>(header->e_phoff + i * sizeof(Elf32_Phdr));
            if (part && part->p_type == PT_LOAD && wanted.address >= part->p_vaddr &&
                wanted.address - part->p_vaddr < part->p_filesz)
                return text(wanted.address - part->p_vaddr + part->p_offset, wanted.size);
        }
        return std::nullopt;
    }

    template <class Value>
    [[nodiscard]] std::optional<Value> at(std::uint64_t offset) const {
        if (offset > bytes_.size() || bytes_.size() - offset < sizeof(Value)) return std::nullopt;
        Value value;
        std::memcpy(&value, bytes_.data() + offset, sizeof value);
        return value;
    }

private:
    [[nodiscard]] std::optional<Elf32_Shdr> section(const Elf32_Ehdr& header,
                                                    std::uint32_t index) const {
        return at<Elf32_Shdr>(header.e_shoff + index * sizeof(Elf32_Shdr));
    }
    [[nodiscard]] std::optional<std::string_view> text(std::uint64_t offset,
                                                       std::size_t size) const {
        if (offset > bytes_.size() || bytes_.size() - offset < size) return std::nullopt;
        return std::string_view(reinterpret_cast<const char*>(bytes_.data()) + offset, size);
    }

    std::span<const std::byte> bytes_;
};

// A line without a note has no address for it either.
std::optional<Export> line_at(const Elf32& elf, std::uint64_t offset) {
    const auto line = elf.at<Line32>(offset);
    if (!line || line->name.size == 0) return std::nullopt;
    const auto name = elf.text(line->name);
    const auto note = line->note.size == 0 ? std::string_view() : elf.text(line->note);
    if (!name || !note) return std::nullopt;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): it is one of another program
    const auto address = reinterpret_cast<const void* (*)()>(std::uintptr_t{line->function});
    return Export{.name = *name,
                  .address = address,
                  .dlls = line->dlls,
                  .coverage = static_cast<Coverage>(line->coverage),
                  .note = *note,
                  .ordinal = line->ordinal};
}

tl::unexpected<Error> not_readable(const std::filesystem::path& file, std::string cause) {
    return failure({.code = ErrorCode::bad_image,
                    .operation = "read the exports of i386",
                    .driver = file.string(),
                    .cause = std::move(cause),
                    .advice = {}});
}

}  // namespace

Result<LinesOfI386> LinesOfI386::read(const std::filesystem::path& file) {
    auto bytes = read_file(file, largest_program);
    if (!bytes) return tl::unexpected(std::move(bytes.error()));
    const Elf32 elf(*bytes);
    if (!elf.is_for_i386()) return not_readable(file, "this is no ELF program for i386");
    const auto section = elf.section(INSTDRV_EXPORTS_SECTION);
    if (!section || section->sh_size == 0 || section->sh_size % sizeof(Line32) != 0)
        return not_readable(file, "it has no section of exports");
    LinesOfI386 read;
    for (std::uint32_t at = 0; at < section->sh_size; at += sizeof(Line32)) {
        const auto line = line_at(elf, std::uint64_t{section->sh_offset} + at);
        if (!line)
            return not_readable(
                file, fmt::format("line {} of its exports leads nowhere", at / sizeof(Line32)));
        read.lines_.push_back(*line);
    }
    read.bytes_ = std::move(*bytes);  // which stay where they are
    return read;
}

}  // namespace instdrv::winapi
