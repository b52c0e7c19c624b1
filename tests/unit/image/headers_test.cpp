#include "image/pe/headers.hpp"

#include <cstring>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image_builder.hpp"

namespace instdrv::pe::test {
namespace {

using testing::HasSubstr;

ImageSpec plain(Machine machine = Machine::x86_64) {
    ImageSpec spec{.machine = machine};
    spec.sections.push_back({.name = ".text",
                             .rva = 0x1000,
                             .content = {64, std::byte{0xC3}},
                             .characteristics = code_section});
    return spec;
}

std::string header_cause(const ImageSpec& spec) {
    const auto file = build(spec);
    return cause_of(parse_headers(file));
}

std::string view_cause(const ImageSpec& spec) {
    const auto file = build(spec);
    return cause_of(ImageView::of_file(file));
}

TEST(Headers, ReadsBothSizes) {
    for (const auto machine : {Machine::x86_64, Machine::x86}) {
        auto spec = plain(machine);
        spec.entry_point = 0x1010;
        spec.directory(Directory::tls) = {.rva = 0x1004, .size = 24};
        const auto file = build(spec);
        const auto headers = parse_headers(file);
        ASSERT_TRUE(headers) << headers.error().text();
        EXPECT_EQ(headers->machine, machine);
        EXPECT_EQ(headers->word_size(), machine == Machine::x86_64 ? 8u : 4u);
        EXPECT_TRUE(headers->is_dll());
        EXPECT_EQ(headers->image_base, 0x10000000u);
        EXPECT_EQ(headers->entry_point, 0x1010u);
        EXPECT_EQ(headers->size_of_image, 0x2000u);
        EXPECT_EQ(headers->directory(Directory::tls).rva, 0x1004u);
    }
}

TEST(Headers, ReadsAllOfTheImageBase) {
    auto spec = plain();
    spec.image_base = 0x7FFA12340000;
    const auto file = build(spec);
    EXPECT_EQ(parse_headers(file)->image_base, 0x7FFA12340000u);
}

TEST(Headers, DirectoriesBeyondTheStatedCountAreAbsent) {
    auto spec = plain();
    spec.directory(Directory::imports) = {.rva = 0x1000, .size = 1};
    spec.directory(Directory::tls) = {.rva = 0x1000, .size = 1};
    spec.directory_count = 2;
    const auto file = build(spec);
    const auto headers = parse_headers(file);
    ASSERT_TRUE(headers);
    EXPECT_EQ(headers->directory(Directory::imports).rva, 0x1000u);
    EXPECT_EQ(headers->directory(Directory::tls).rva, 0u);
}

TEST(Headers, MoreDirectoriesThanThereAreAreNotRead) {
    auto spec = plain();
    spec.directory_count = 0xFFFFFFFF;
    const auto file = build(spec);
    EXPECT_TRUE(parse_headers(file));
}

TEST(Headers, NameAForeignMachine) {
    auto spec = plain();
    spec.machine = static_cast<Machine>(0xAA64);
    const auto file = build(spec);
    const auto headers = parse_headers(file);
    ASSERT_FALSE(headers);
    EXPECT_EQ(headers.error().code, ErrorCode::wrong_machine);
    EXPECT_THAT(headers.error().cause, HasSubstr("built for ARM64"));
    spec.machine = static_cast<Machine>(0x0200);
    EXPECT_THAT(header_cause(spec), HasSubstr("IA-64"));
    spec.machine = static_cast<Machine>(0x4321);
    EXPECT_THAT(header_cause(spec), HasSubstr("0x4321"));
}

TEST(Headers, RefuseWhatCannotBeTrue) {
    auto spec = plain();
    spec.magic = 0x10B;
    EXPECT_THAT(header_cause(spec), HasSubstr("magic 0x10b does not belong to x86-64"));

    spec = plain();
    spec.section_alignment = 0x1001;
    EXPECT_THAT(header_cause(spec), HasSubstr("no power of two"));

    spec = plain();
    spec.section_alignment = 0x20;
    EXPECT_THAT(header_cause(spec), HasSubstr("aligned to 32 bytes, less than a memory page"));

    spec = plain();
    spec.size_of_image = 0;
    EXPECT_THAT(header_cause(spec), HasSubstr("size is 0"));

    spec = plain();
    spec.size_of_image = 0xFFFFFFFF;
    EXPECT_THAT(header_cause(spec), HasSubstr("4096 MiB"));

    spec = plain();
    spec.size_of_headers = 16;
    EXPECT_THAT(header_cause(spec), HasSubstr("16 bytes of headers"));

    spec = plain();
    spec.size_of_headers = 0x3000;
    EXPECT_THAT(header_cause(spec), HasSubstr("bytes of headers"));

    spec = plain();
    spec.entry_point = 0x2000;
    EXPECT_THAT(header_cause(spec), HasSubstr("entry point"));

    spec = plain();
    spec.image_base = 0xFFFFFFFFFFFF0000;
    spec.size_of_image = 0x20000;
    EXPECT_THAT(header_cause(spec), HasSubstr("does not fit"));

    spec = plain(Machine::x86);
    spec.image_base = 0xFFFF0000;
    spec.size_of_image = 0x20000;
    EXPECT_THAT(header_cause(spec), HasSubstr("does not fit"));

    spec = plain();
    spec.section_count = 0;
    EXPECT_THAT(header_cause(spec), HasSubstr("no sections"));

    spec = plain();
    spec.section_count = 97;
    EXPECT_THAT(header_cause(spec), HasSubstr("97 sections"));

    spec = plain();
    spec.section_count = 90;
    EXPECT_THAT(header_cause(spec), HasSubstr("ends inside its section table"));
}

TEST(Headers, EveryTruncationHasASentence) {
    const auto file = build(plain());
    const auto end = section_table_offset(Machine::x86_64) + 40;
    for (std::size_t size = 0; size < end; ++size) {
        const std::vector<std::byte> cut(file.begin(), file.begin() + static_cast<long>(size));
        const auto headers = parse_headers(cut);
        ASSERT_FALSE(headers) << size;
        EXPECT_FALSE(headers.error().cause.empty()) << size;
    }
}

TEST(Headers, AHeaderOffsetNearTheLastNumberIsOutside) {
    auto file = build(plain());
    const std::uint32_t offset = 0xFFFFFFFC;
    std::memcpy(file.data() + 0x3C, &offset, sizeof offset);
    EXPECT_THAT(cause_of(parse_headers(file)), HasSubstr("before its PE header"));
}

TEST(Sections, AreReadWithSizesAndProtection) {
    auto spec = plain();
    spec.sections.push_back({.name = ".longname",
                             .rva = 0x2000,
                             .content = {16, std::byte{1}},
                             .virtual_size = 0x2345});
    spec.sections.push_back({.name = ".wx",
                             .rva = 0x5000,
                             .content = {16, std::byte{1}},
                             .characteristics = code_section | data_section});
    const BuiltImage image(spec);
    const auto sections = image.view.sections();
    ASSERT_EQ(sections.size(), 3u);
    EXPECT_EQ(sections[0].name, ".text");
    EXPECT_TRUE(sections[0].protection().execute);
    EXPECT_FALSE(sections[0].protection().write);
    EXPECT_EQ(sections[1].name, ".longnam");
    EXPECT_EQ(sections[1].memory_size, 0x3000u);
    EXPECT_EQ(sections[1].raw_size, 0x200u);
    EXPECT_TRUE(sections[1].protection().write);
    EXPECT_FALSE(sections[1].wants_write_and_execute());
    EXPECT_TRUE(sections[2].wants_write_and_execute());
    EXPECT_TRUE(sections[2].protection().execute);
    EXPECT_FALSE(sections[2].protection().write);
}

TEST(Sections, RefuseBadPlaces) {
    auto spec = plain();
    spec.sections.push_back({.name = ".b", .rva = 0x1000, .content = {16, std::byte{1}}});
    EXPECT_THAT(view_cause(spec), HasSubstr("section .b is damaged: it overlaps"));

    spec.sections[1].rva = 0x2100;
    EXPECT_THAT(view_cause(spec), HasSubstr("multiple of the section alignment"));

    spec.sections[1].rva = 0;
    EXPECT_THAT(view_cause(spec), HasSubstr("overlaps"));

    spec.sections[1].rva = 0x2000;
    spec.size_of_image = 0x2000;
    EXPECT_THAT(view_cause(spec), HasSubstr("beyond the stated size"));

    spec = plain();
    spec.size_of_image = 0x2000;
    spec.sections[0].virtual_size = 0xFFFFFFFF;
    EXPECT_THAT(view_cause(spec), HasSubstr("larger than 4 GiB"));

    spec.sections[0].virtual_size = 0xFFFFF000;
    EXPECT_THAT(view_cause(spec), HasSubstr("beyond the stated size"));
}

TEST(Sections, RawDataBeyondTheFileIsAnError) {
    auto file = build(plain());
    file.resize(file.size() - 1);
    EXPECT_EQ(cause_of(ImageView::of_file(file)), "the file ends inside its section .text");
    const std::uint32_t offset = 0xFFFFFE00;
    std::memcpy(file.data() + section_table_offset(Machine::x86_64) + 20, &offset, sizeof offset);
    EXPECT_EQ(cause_of(ImageView::of_file(file)), "the file ends inside its section .text");
}

}  // namespace
}  // namespace instdrv::pe::test
