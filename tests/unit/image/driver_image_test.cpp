#include "image/pe/driver_image.hpp"

#include <cstring>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/pe/exports.hpp"
#include "image/pe/relocations.hpp"
#include "image/pe/tls.hpp"
#include "rich_image.hpp"

namespace instdrv::pe::test {
namespace {

using testing::HasSubstr;

Error error_for(const ImageSpec& spec) {
    const auto file = build(spec);
    const auto driver = validate_driver(file, Machine::x86_64);
    return driver ? Error{} : driver.error();
}

TEST(DriverImage, AcceptsADriverWithEveryTable) {
    for (const auto machine : {Machine::x86_64, Machine::x86}) {
        const auto file = build(rich_image(machine));
        const auto driver = validate_driver(file, machine);
        EXPECT_TRUE(driver) << driver.error().text();
    }
}

TEST(DriverImage, RefusesAnotherMachine) {
    const auto error = error_for(rich_image(Machine::x86));
    EXPECT_EQ(error.code, ErrorCode::wrong_machine);
    EXPECT_EQ(error.cause, "built for i386, not for x86-64");
}

TEST(DriverImage, RefusesPrograms) {
    auto spec = rich_image(Machine::x86_64);
    spec.characteristics = 0x0022;
    EXPECT_THAT(error_for(spec).cause, HasSubstr("a program (EXE)"));
}

TEST(DriverImage, RefusesManagedCode) {
    auto spec = rich_image(Machine::x86_64);
    spec.directory(Directory::clr) = {.rva = 0x1000, .size = 72};
    EXPECT_THAT(error_for(spec).cause, HasSubstr(".NET"));
}

TEST(DriverImage, RefusesADllWithoutDriverProc) {
    auto spec = rich_image(Machine::x86_64);
    spec.directory(Directory::exports) = {};
    EXPECT_THAT(error_for(spec).cause, HasSubstr("exports no DriverProc"));
    const auto file = build(spec);
    EXPECT_TRUE(validate_dll(file, Machine::x86_64));
}

TEST(DriverImage, NamesADecoratedDriverProc) {
    auto spec = rich_image(Machine::x86_64);
    auto& exports = spec.sections[1].content;
    std::memcpy(exports.data() + 64 + 16, "_DriverProc", 12);
    EXPECT_THAT(error_for(spec).cause, HasSubstr("as _DriverProc"));
}

TEST(DriverImage, RefusesADriverProcThatIsData) {
    auto spec = rich_image(Machine::x86_64);
    spec.sections[0].characteristics = data_section;
    EXPECT_THAT(error_for(spec).cause, HasSubstr("its DriverProc is not code"));
}

TEST(DriverImage, ChecksEveryTable) {
    for (const auto& [directory, words] :
         {std::pair(Directory::exports, "export"), std::pair(Directory::imports, "import"),
          std::pair(Directory::relocations, "relocation"), std::pair(Directory::tls, "TLS"),
          std::pair(Directory::delay_imports, "delay-load"),
          std::pair(Directory::exceptions, "exception")}) {
        auto spec = rich_image(Machine::x86_64);
        spec.directory(directory) = {.rva = 0xFFFFFFF0, .size = 0x100};
        EXPECT_THAT(error_for(spec).cause, HasSubstr(words));
    }
}

TEST(DriverImage, DamagedResourcesAreNoObstacle) {
    auto spec = rich_image(Machine::x86_64);
    spec.directory(Directory::resources) = {.rva = 0xFFFFFFF0, .size = 0x100};
    EXPECT_EQ(error_for(spec).cause, "");
}

TEST(DriverImage, RefusesOtherFiles) {
    const std::string text = "this is no driver\n";
    EXPECT_EQ(cause_of(validate_driver(std::as_bytes(std::span(text)))), "this is text");
    std::string elf = "\177ELF\2\1";
    elf.resize(18);
    elf += std::string("\x3E\0", 2);
    EXPECT_THAT(cause_of(validate_driver(std::as_bytes(std::span(elf)))), HasSubstr("(ELF)"));
}

TEST(DriverImage, RelocatedItsAddressesFollow) {
    const BuiltImage image(rich_image(Machine::x86_64));
    auto mapped = lay_out(image.view);
    constexpr std::uint64_t base = 0x7FF000000000;
    const auto relocations = parse_relocations(image.view);
    ASSERT_TRUE(apply_relocations(*relocations, mapped, base - image.view.headers().image_base));
    const auto view = ImageView::of_mapped(mapped, base);
    ASSERT_TRUE(view);
    const auto before = parse_tls(image.view);
    const auto after = parse_tls(*view);
    ASSERT_TRUE(after && *after) << after.error().text();
    EXPECT_EQ((*after)->index_slot, (*before)->index_slot);
    EXPECT_EQ((*after)->callbacks, (*before)->callbacks);
    EXPECT_EQ(ExportTable::parse(*view)->find({.name = "DriverProc"})->rva, 0x1010u);
}

}  // namespace
}  // namespace instdrv::pe::test
