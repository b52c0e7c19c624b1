#include "image/elf/shared_object.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <type_traits>
#include <utility>

#include <elf.h>

#include <fmt/format.h>

#include "image/allowance.hpp"
#include "image/bad_image.hpp"
#include "image/probe.hpp"

namespace instdrv::elf {

using image::bad_image;
using image::Bytes;
using image::damaged;
using image::ends_inside;
using image::read_at;

namespace {

constexpr std::string_view dynamic_section = "its dynamic section";
constexpr std::size_t max_loads = 64;  // linkers make two to six

struct Elf64 {
    using Header = Elf64_Ehdr;
    using Segment = Elf64_Phdr;
    using Dynamic = Elf64_Dyn;
    using Symbol = Elf64_Sym;
    using Word = std::uint64_t;
};

struct Elf32 {
    using Header = Elf32_Ehdr;
    using Segment = Elf32_Phdr;
    using Dynamic = Elf32_Dyn;
    using Symbol = Elf32_Sym;
    using Word = std::uint32_t;
};

Status check_type(std::uint16_t type) {
    switch (type) {
        case ET_DYN: return {};
        case ET_EXEC: return bad_image("it is a program, not a shared object");
        case ET_REL: return bad_image("it is an object file", "Link it with -shared first");
        case ET_CORE: return bad_image("it is a core dump");
        default: return damaged("its ELF header", fmt::format("type {}", type));
    }
}

template <class Elf>
class Parser {
public:
    explicit Parser(Bytes file) : file_(file), allowance_(file.size()) {}

    Result<SharedObject> parse() {
        auto status = read_segments();
        if (status) status = read_dynamic();
        if (status) status = check_tables();
        if (status) status = read_names();
        if (status) status = read_symbols();
        if (!status) return failure(std::move(status.error()));
        return std::move(object_);
    }

private:
    using Header = typename Elf::Header;
    using Segment = typename Elf::Segment;
    using Dynamic = typename Elf::Dynamic;
    using Symbol = typename Elf::Symbol;

    Status read_segments() {
        const auto header = read_at<Header>(file_, 0);
        if (!header) return ends_inside("its ELF header");
        if (auto typed = check_type(header->e_type); !typed) return typed;
        if (header->e_phnum == 0 || header->e_phentsize != sizeof(Segment)) {
            return damaged("its ELF header", "it has no program headers");
        }
        for (std::size_t i = 0; i < header->e_phnum; ++i) {
            const auto segment =
                read_at<Segment>(file_, image::fits(header->e_phoff, 0, file_.size())
                                            ? header->e_phoff + std::uint64_t{i} * sizeof(Segment)
                                            : file_.size());
            if (!segment) return ends_inside("its program headers");
            if (auto added = add_segment(*segment); !added) return added;
        }
        return {};
    }

    Status add_segment(const Segment& segment) {
        if (segment.p_type != PT_LOAD && segment.p_type != PT_DYNAMIC) return {};
        if (!image::fits(segment.p_offset, segment.p_filesz, file_.size())) {
            return ends_inside(segment.p_type == PT_LOAD ? "one of its segments" : dynamic_section);
        }
        if (segment.p_type == PT_DYNAMIC) {
            dynamic_ = file_.subspan(segment.p_offset, segment.p_filesz);
            return {};
        }
        const std::uint64_t limit = static_cast<typename Elf::Word>(-1);
        if (segment.p_filesz > segment.p_memsz ||
            !image::fits(segment.p_vaddr, segment.p_memsz, limit)) {
            return damaged("its program headers", "a segment's size");
        }
        if (loads_.size() == max_loads) {
            return damaged("its program headers", "more segments than linkers make");
        }
        loads_.push_back(segment);
        return {};
    }

    // DT_NEEDED may occur often, every other tag once.
    Status read_dynamic() {
        if (dynamic_.empty()) return bad_image("it has no dynamic section: it is no shared object");
        for (std::uint64_t at = 0;; at += sizeof(Dynamic)) {
            const auto entry = read_at<Dynamic>(dynamic_, at);
            if (!entry) return damaged(dynamic_section, "it has no end");
            if (entry->d_tag == DT_NULL) break;
            if (entry->d_tag == DT_NEEDED) needed_.push_back(entry->d_un.d_val);
            tags_.emplace(entry->d_tag, entry->d_un.d_val);
        }
        if ((tag(DT_FLAGS_1).value_or(0) & DF_1_PIE) != 0) {
            return bad_image("it is a program, not a shared object");
        }
        return {};
    }

    [[nodiscard]] std::optional<std::uint64_t> tag(std::int64_t number) const {
        const auto found = tags_.find(number);
        return found == tags_.end() ? std::nullopt : std::optional(found->second);
    }

    // The file's bytes from an address to the end of its segment's.
    [[nodiscard]] Bytes stored_from(std::uint64_t address) const {
        for (const Segment& segment : loads_) {
            if (address < segment.p_vaddr || address - segment.p_vaddr >= segment.p_filesz)
                continue;
            const auto skipped = static_cast<std::size_t>(address - segment.p_vaddr);
            return file_.subspan(segment.p_offset, segment.p_filesz).subspan(skipped);
        }
        return {};
    }

    // What the dynamic linker reads and writes without a check of its own.
    Status check_tables() {
        struct Table {
            std::int64_t address, size;
            std::string_view name;
        };
        constexpr std::array tables = {
            Table{DT_STRTAB, DT_STRSZ, "string table"},
            Table{DT_RELA, DT_RELASZ, "relocation table"},
            Table{DT_REL, DT_RELSZ, "relocation table"},
            Table{DT_JMPREL, DT_PLTRELSZ, "relocation table"},
            Table{DT_INIT_ARRAY, DT_INIT_ARRAYSZ, "list of initialisers"},
            Table{DT_FINI_ARRAY, DT_FINI_ARRAYSZ, "list of finalisers"},
        };
        for (const auto& [address, size, name] : tables) {
            const auto start = tag(address);
            if (!start) continue;
            if (!image::slice(stored_from(*start), 0, tag(size).value_or(0))) {
                return damaged(dynamic_section,
                               fmt::format("the {} lies outside of the file", name));
            }
        }
        if (!tag(DT_STRTAB) || !tag(DT_SYMTAB)) {
            return damaged(dynamic_section, "it names no symbol table");
        }
        strings_ = image::as_text(stored_from(*tag(DT_STRTAB)).first(tag(DT_STRSZ).value_or(0)));
        if (tag(DT_SYMENT).value_or(sizeof(Symbol)) != sizeof(Symbol)) {
            return damaged(dynamic_section, "the size of a symbol");
        }
        return {};
    }

    // Nothing also where the allowance is used up: names may lie in each other.
    std::optional<std::string_view> text_at(std::uint64_t offset) {
        const auto end = strings_.find('\0', offset);
        if (end == std::string_view::npos || !allowance_.take(end - offset)) return std::nullopt;
        return strings_.substr(offset, end - offset);
    }

    Status read_names() {
        for (const std::uint64_t offset : needed_) {
            const auto name = text_at(offset);
            if (!name) return damaged(dynamic_section, "the name of a library it needs");
            object_.needed.push_back(*name);
        }
        if (const auto offset = tag(DT_SONAME)) {
            const auto name = text_at(*offset);
            if (!name) return damaged(dynamic_section, "its own name");
            object_.soname = *name;
        }
        return {};
    }

    // The dynamic section does not say how many symbols there are; the hash tables do.
    [[nodiscard]] std::optional<std::uint64_t> symbol_count() const {
        if (const auto table = tag(DT_HASH)) {
            return read_at<std::uint32_t>(stored_from(*table), sizeof(std::uint32_t));
        }
        if (const auto table = tag(DT_GNU_HASH)) return gnu_symbol_count(stored_from(*table));
        return std::nullopt;
    }

    // Follows the chain of the highest bucket to its end, which has the lowest bit set.
    static std::optional<std::uint64_t> gnu_symbol_count(Bytes table) {
        struct GnuHash {
            std::uint32_t bucket_count, first_symbol, bloom_size, bloom_shift;
        };
        const auto header = read_at<GnuHash>(table, 0);
        if (!header) return std::nullopt;
        const std::uint64_t buckets =
            sizeof(GnuHash) + std::uint64_t{header->bloom_size} * sizeof(typename Elf::Word);
        std::uint64_t last = 0;
        for (std::uint64_t i = 0; i < header->bucket_count; ++i) {
            const auto bucket = read_at<std::uint32_t>(table, buckets + i * sizeof(std::uint32_t));
            if (!bucket) return std::nullopt;
            last = std::max<std::uint64_t>(last, *bucket);
        }
        if (last < header->first_symbol) return header->first_symbol;
        const std::uint64_t chains =
            buckets + std::uint64_t{header->bucket_count} * sizeof(std::uint32_t);
        for (;; ++last) {
            const auto chain = read_at<std::uint32_t>(
                table, chains + (last - header->first_symbol) * sizeof(std::uint32_t));
            if (!chain) return std::nullopt;
            if ((*chain & 1) != 0) return last + 1;
        }
    }

    Status read_symbols() {
        const auto count = symbol_count();
        if (!count) return damaged(dynamic_section, "its hash table of symbols");
        const auto symbols = stored_from(*tag(DT_SYMTAB));
        for (std::uint64_t i = 0; i < *count; ++i) {
            const auto symbol = read_at<Symbol>(symbols, i * sizeof(Symbol));
            if (!symbol) return damaged(dynamic_section, "the symbol table is cut off");
            if (!is_exported(*symbol)) continue;
            const auto name = text_at(symbol->st_name);
            if (!name) return damaged(dynamic_section, fmt::format("the name of symbol {}", i));
            object_.exports.push_back({.name = *name, .is_code = is_code(*symbol)});
        }
        return {};
    }

    static bool is_exported(const Symbol& symbol) {
        const auto binding = symbol.st_info >> 4;
        const auto visibility = symbol.st_other & 3;
        return symbol.st_shndx != SHN_UNDEF && (binding == STB_GLOBAL || binding == STB_WEAK) &&
               (visibility == STV_DEFAULT || visibility == STV_PROTECTED);
    }

    [[nodiscard]] bool is_code(const Symbol& symbol) const {
        if ((symbol.st_info & 0xF) != STT_FUNC) return false;
        return std::any_of(loads_.begin(), loads_.end(), [&](const Segment& segment) {
            return (segment.p_flags & PF_X) != 0 && symbol.st_value >= segment.p_vaddr &&
                   symbol.st_value - segment.p_vaddr < segment.p_filesz;
        });
    }

    Bytes file_;
    Bytes dynamic_;
    std::string_view strings_;
    image::Allowance allowance_;
    std::vector<Segment> loads_;
    std::map<std::int64_t, std::uint64_t> tags_;
    std::vector<std::uint64_t> needed_;
    SharedObject object_;
};

}  // namespace

const ExportedSymbol* SharedObject::find(std::string_view name) const noexcept {
    const auto found = std::find_if(exports.begin(), exports.end(),
                                    [&](const ExportedSymbol& s) { return s.name == name; });
    return found == exports.end() ? nullptr : &*found;
}

Result<SharedObject> parse_shared_object(Bytes file) {
    const auto kind = image::probe(file);
    if (!kind) return failure(kind.error());
    switch (*kind) {
        case image::Kind::elf64: return Parser<Elf64>(file).parse();
        case image::Kind::elf32: return Parser<Elf32>(file).parse();
        default: return bad_image("this is a Windows DLL or program, not a shared object");
    }
}

}  // namespace instdrv::elf
