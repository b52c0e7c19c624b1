// Small files that say the same thing again and again: what reading them costs is bounded by what
// they hold, not by what they say.
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include <elf.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/elf/shared_object.hpp"
#include "image/pe/delay_imports.hpp"
#include "image/pe/exports.hpp"
#include "image/pe/imports.hpp"
#include "image/pe/mapping.hpp"
#include "image/pe/relocations.hpp"
#include "image/pe/resources.hpp"
#include "image/pe/unwind_data.hpp"
#include "image_builder.hpp"

namespace instdrv::pe::test {
namespace {

using testing::HasSubstr;

constexpr std::uint32_t many = 5000;
const std::string long_text(4000, 'A');
constexpr const char* repeats = "again and again";

template <class Parse>
std::string cause_for(Directory which, const TableWriter& table, std::uint32_t size, Parse parse) {
    const BuiltImage image(with_table(which, table, size));
    return cause_of(parse(image.view));
}

TEST(Repetition, OfOneNameInManyExports) {
    constexpr Rva names = table_rva + 0x40;
    constexpr Rva name_ordinals = names + many * 4;
    constexpr Rva text = name_ordinals + many * 2;
    TableWriter out(table_rva);
    out.fill_to(table_rva + 12).put<Rva>(text).put<std::uint32_t>(1).put<std::uint32_t>(1);
    out.put(many).put<Rva>(table_rva + 40).put(names).put(name_ordinals).put(text);
    out.fill_to(names);
    for (std::uint32_t i = 0; i < many; ++i)
        out.put(text);
    out.fill_to(text).text(long_text);
    EXPECT_THAT(cause_for(Directory::exports, out, 40, ExportTable::parse), HasSubstr(repeats));
}

// Descriptors of imports and of delayed ones are written by `describe(out, name, lookup table)`.
template <class Describe>
TableWriter many_imports_of_one_name(Describe describe) {
    constexpr Rva lookup_table = table_rva + 0x80;
    constexpr Rva name = lookup_table + (many + 1) * 8;
    TableWriter out(table_rva);
    describe(out, name + 2, lookup_table);
    out.fill_to(lookup_table);
    for (std::uint32_t i = 0; i < many; ++i)
        out.put<std::uint64_t>(name);
    return out.put<std::uint64_t>(0).put<std::uint16_t>(0).text("A.dll").fill_to(name + 2).text(
        long_text);
}

TEST(Repetition, OfOneNameInManyImports) {
    const auto table = many_imports_of_one_name([](TableWriter& out, Rva, Rva lookup_table) {
        constexpr Rva dll = table_rva + 0x60;
        out.put(lookup_table).put<std::uint64_t>(0).put(dll).put(lookup_table);
        out.fill_to(dll).text("A.dll");
    });
    EXPECT_THAT(cause_for(Directory::imports, table, 40, parse_imports), HasSubstr(repeats));
}

TEST(Repetition, OfOneNameInManyDelayedImports) {
    const auto table = many_imports_of_one_name([](TableWriter& out, Rva, Rva lookup_table) {
        constexpr Rva dll = table_rva + 0x60;
        out.put<std::uint32_t>(1).put(dll).put<Rva>(0).put(lookup_table).put(lookup_table);
        out.fill_to(dll).text("A.dll");
    });
    EXPECT_THAT(cause_for(Directory::delay_imports, table, 64, parse_delay_imports),
                HasSubstr(repeats));
}

// One name over the names of all levels, and one directory behind all entries of the level above.
TEST(Repetition, OfOneNameAndOneFolderOfResources) {
    constexpr std::uint32_t high_bit = 0x80000000, entries = 100;
    constexpr std::uint32_t size = 16 + entries * 8;
    constexpr std::uint32_t data = 3 * size, name = data + 16;
    TableWriter out(table_rva);
    for (const std::uint32_t target : {high_bit | size, high_bit | (2 * size), data}) {
        out.put<std::uint64_t>(0).put<std::uint32_t>(0).put<std::uint16_t>(entries);
        out.put<std::uint16_t>(0);
        for (std::uint32_t i = 0; i < entries; ++i)
            out.put<std::uint32_t>(target == data ? 1033 : high_bit | name).put(target);
    }
    out.put<Rva>(table_rva).put<std::uint32_t>(4).put<std::uint64_t>(0);
    out.put<std::uint16_t>(1000).utf16(std::u16string(1000, u'A'));
    EXPECT_THAT(cause_for(Directory::resources, out, out.here() - table_rva, ResourceTable::parse),
                HasSubstr(repeats));
}

TEST(Repetition, OfOneUnwindInformationInManyFunctions) {
    constexpr Rva info = table_rva + many * 12;
    TableWriter out(table_rva);
    for (std::uint32_t i = 0; i < many; ++i)
        out.put<Rva>(0x1000 + i).put<Rva>(0x1001 + i).put(info);
    out.put<std::uint8_t>(1).put<std::uint8_t>(0).put<std::uint8_t>(254).put<std::uint8_t>(0);
    for (int i = 0; i < 254; ++i)
        out.put<std::uint16_t>(0);
    EXPECT_THAT(cause_for(Directory::exceptions, out, many * 12, validate_unwind_data),
                HasSubstr("unwind information"));
}

// Makes all sections of a file lie over the same bytes of it.
void lay_sections_over_the_first(std::vector<std::byte>& file, std::size_t count) {
    constexpr std::size_t header_size = 40, raw_size = 16;
    const auto first = file.begin() + section_table_offset(Machine::x86_64) + raw_size;
    for (std::size_t i = 1; i < count; ++i)
        std::copy_n(first, 8, first + static_cast<std::ptrdiff_t>(i * header_size));
}

TEST(Repetition, OfOneSectionInManyPlaces) {
    constexpr std::uint32_t size = 0x10000, count = 90;
    TableWriter block(table_rva);
    block.put<Rva>(0x1000).put(size);
    while (block.here() < table_rva + size)
        block.put<std::uint16_t>(0xA000);
    ImageSpec spec;
    spec.directory(Directory::relocations) = {table_rva, size * count};
    for (std::uint32_t i = 0; i < count; ++i) {
        spec.sections.push_back({.name = "s",
                                 .rva = table_rva + i * size,
                                 .content = i == 0 ? block.bytes() : std::vector<std::byte>(),
                                 .virtual_size = size});
    }
    auto file = build(spec);
    lay_sections_over_the_first(file, count);
    const auto view = ImageView::of_file(file);
    ASSERT_TRUE(view) << view.error().text();
    EXPECT_THAT(cause_of(parse_relocations(*view)), HasSubstr(repeats));
}

std::size_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::size_t all = 0, resident = 0;
    statm >> all >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

TEST(Repetition, OfZerosThatNoFileHasTakesNoMemory) {
    constexpr std::uint32_t half_a_gib = 512u << 20;
    ImageSpec spec;
    spec.sections.push_back({.name = ".bss",
                             .rva = table_rva,
                             .content = std::vector<std::byte>(16, std::byte{7}),
                             .virtual_size = half_a_gib});
    const BuiltImage image(spec);
    const auto before = resident_bytes();
    const auto mapping = Mapping::map(image.view);
    ASSERT_TRUE(mapping) << mapping.error().text();
    EXPECT_LT(resident_bytes(), before + (half_a_gib >> 2));
    EXPECT_EQ(mapping->bytes()[table_rva + 15], std::byte{7});
    EXPECT_EQ(mapping->bytes()[table_rva + 16], std::byte{0});
}

// A shared object of one segment: header, segments, dynamic section, hash table, symbols, texts.
class Elf {
public:
    explicit Elf(std::size_t loads = 1) : bytes_(sizeof(Elf64_Ehdr)) {
        Elf64_Ehdr header{};
        std::memcpy(header.e_ident, "\177ELF\2\1\1", 7);
        header.e_type = ET_DYN;
        header.e_machine = EM_X86_64;
        header.e_phoff = sizeof header;
        header.e_phentsize = sizeof(Elf64_Phdr);
        header.e_phnum = static_cast<Elf64_Half>(loads + 1);
        std::memcpy(bytes_.data(), &header, sizeof header);
        bytes_.resize(sizeof header + (loads + 1) * sizeof(Elf64_Phdr));
        loads_ = loads;
    }

    std::vector<std::byte> build(std::size_t symbols, std::size_t needed, const std::string& text) {
        const std::size_t dynamic = bytes_.size();
        const std::size_t hash = dynamic + (needed + 5) * sizeof(Elf64_Dyn);
        const std::size_t table = hash + 8;
        const std::size_t texts = table + symbols * sizeof(Elf64_Sym);
        for (std::size_t i = 0; i < needed; ++i)
            put(Elf64_Dyn{DT_NEEDED, {0}});
        put(Elf64_Dyn{DT_HASH, {hash}});
        put(Elf64_Dyn{DT_SYMTAB, {table}});
        put(Elf64_Dyn{DT_STRTAB, {texts}});
        put(Elf64_Dyn{DT_STRSZ, {text.size() + 1}});
        put(Elf64_Dyn{DT_NULL, {0}});
        put(std::uint32_t{0});
        put(static_cast<std::uint32_t>(symbols));
        Elf64_Sym symbol{};
        symbol.st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC);
        symbol.st_shndx = 1;
        for (std::size_t i = 0; i < symbols; ++i)
            put(symbol);
        for (const char c : text + '\0')
            put(c);
        set_segment(0, PT_DYNAMIC, dynamic, hash - dynamic);
        for (std::size_t i = 1; i <= loads_; ++i)
            set_segment(i, PT_LOAD, 0, bytes_.size());
        return bytes_;
    }

private:
    template <class T>
    void put(const T& value) {
        const auto raw = std::as_bytes(std::span(&value, 1));
        bytes_.insert(bytes_.end(), raw.begin(), raw.end());
    }
    void set_segment(std::size_t i, Elf64_Word type, std::size_t offset, std::size_t size) {
        Elf64_Phdr segment{};
        segment.p_type = type;
        segment.p_offset = segment.p_vaddr = offset;
        segment.p_filesz = segment.p_memsz = size;
        std::memcpy(bytes_.data() + sizeof(Elf64_Ehdr) + i * sizeof segment, &segment,
                    sizeof segment);
    }

    std::vector<std::byte> bytes_;
    std::size_t loads_ = 1;
};

TEST(Repetition, OfOneNameInManySymbols) {
    EXPECT_EQ(elf::parse_shared_object(Elf().build(1, 1, long_text))->exports.size(), 1u);
    EXPECT_THAT(cause_of(elf::parse_shared_object(Elf().build(many, 1, long_text))),
                HasSubstr("the name of symbol"));
}

TEST(Repetition, OfOneNeededLibrary) {
    EXPECT_THAT(cause_of(elf::parse_shared_object(Elf().build(1, many, long_text))),
                HasSubstr("the name of a library it needs"));
}

TEST(Repetition, OfOneSegment) {
    EXPECT_EQ(cause_of(elf::parse_shared_object(Elf(64).build(1, 0, "A"))), "");
    EXPECT_THAT(cause_of(elf::parse_shared_object(Elf(65).build(1, 0, "A"))),
                HasSubstr("more segments than linkers make"));
}

}  // namespace
}  // namespace instdrv::pe::test
