#include "image/elf/driver.hpp"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <elf.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/fd.hpp"
#include "image/elf/shared_object.hpp"
#include "image_builder.hpp"
#include "mutator.hpp"

namespace instdrv::elf {
namespace {

using pe::test::cause_of;
using testing::Contains;
using testing::HasSubstr;

std::filesystem::path native(std::string_view name) {
    return std::filesystem::path(INSTDRV_NATIVE_DRIVERS) / name;
}

std::vector<std::byte> content(std::string_view name) { return read_file(native(name)).value(); }

std::string cause_for(std::string_view name) { return cause_of(validate_driver(content(name))); }

// Changes one field of the ELF header.
template <class T>
std::vector<std::byte> with_header_field(std::size_t offset, T value) {
    auto file = content("plain.so");
    std::memcpy(file.data() + offset, &value, sizeof value);
    return file;
}

TEST(NativeDriver, OpensAndAnswers) {
    const auto library = Library::open(native("plain.so"));
    ASSERT_TRUE(library) << library.error().text();
    EXPECT_EQ(library->driver_proc()(0, nullptr, DRV_LOAD, 0, 0), 1);
    EXPECT_EQ(library->driver_proc()(0, nullptr, DRV_USER, 40, 2), 42);
    EXPECT_NE(library->handle(), nullptr);
}

TEST(NativeDriver, IsTheFileNamedAndNotOneOnTheSearchPath) {
    const auto old = std::filesystem::current_path();
    std::filesystem::current_path(INSTDRV_NATIVE_DRIVERS);
    const auto library = Library::open("plain.so");
    std::filesystem::current_path(old);
    EXPECT_TRUE(library) << library.error().text();
}

TEST(NativeDriver, EitherHashTableWillDo) {
    EXPECT_EQ(cause_for("plain.so"), "");
    EXPECT_EQ(cause_for("sysv_hash.so"), "");
}

TEST(NativeDriver, NeedsNoSectionHeaders) {
    auto file = content("plain.so");
    Elf64_Ehdr header;
    std::memcpy(&header, file.data(), sizeof header);
    header.e_shoff = 0;
    header.e_shnum = header.e_shstrndx = 0;
    std::memcpy(file.data(), &header, sizeof header);
    EXPECT_EQ(cause_of(validate_driver(file)), "");
}

TEST(NativeDriver, WithoutDriverProcIsRefused) {
    EXPECT_THAT(cause_for("hidden.so"), HasSubstr("exports no DriverProc"));
    EXPECT_THAT(cause_for("data.so"), HasSubstr("its DriverProc is not code"));
    const auto mangled = validate_driver(content("mangled.so"));
    EXPECT_THAT(cause_of(mangled), HasSubstr("exports no DriverProc"));
    EXPECT_THAT(mangled.error().advice, HasSubstr("extern \"C\""));
}

TEST(NativeDriver, OfAnotherMachineIsRefused) {
    const auto error = validate_driver(content("plain32.so")).error();
    EXPECT_EQ(error.code, ErrorCode::wrong_machine);
    EXPECT_EQ(error.cause, "built for ELF i386, not for ELF x86-64");
}

TEST(NativeDriver, OtherKindsOfFilesAreRefused) {
    const auto self = read_file("/proc/self/exe");
    EXPECT_EQ(cause_of(validate_driver(*self)), "it is a program, not a shared object");
    constexpr auto type = offsetof(Elf64_Ehdr, e_type);
    EXPECT_THAT(cause_of(validate_driver(with_header_field<std::uint16_t>(type, ET_EXEC))),
                HasSubstr("a program"));
    EXPECT_THAT(cause_of(validate_driver(with_header_field<std::uint16_t>(type, ET_REL))),
                HasSubstr("an object file"));
    EXPECT_THAT(cause_of(validate_driver(with_header_field<std::uint16_t>(type, ET_CORE))),
                HasSubstr("a core dump"));
    EXPECT_THAT(cause_of(validate_driver(with_header_field<std::uint16_t>(type, 77))),
                HasSubstr("type 77"));
}

TEST(NativeDriver, WhatItNeedsIsNamed) {
    const auto undefined = Library::open(native("undefined.so"));
    ASSERT_FALSE(undefined);
    EXPECT_EQ(undefined.error().code, ErrorCode::missing_import);
    EXPECT_THAT(undefined.error().cause, HasSubstr("it uses nobody_has_this"));
    EXPECT_THAT(undefined.error().driver, HasSubstr("undefined.so"));
    const auto missing = Library::open(native("missing_library.so"));
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::missing_import);
    EXPECT_THAT(missing.error().cause, HasSubstr("it needs the library libabsent.so"));
}

TEST(NativeDriver, OpenSaysWhichFileCannotBeUsed) {
    const auto absent = Library::open(native("absent.so"));
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().code, ErrorCode::io);
    const auto hidden = Library::open(native("hidden.so"));
    ASSERT_FALSE(hidden);
    EXPECT_THAT(hidden.error().text(), HasSubstr("hidden.so: it exports no DriverProc"));
}

TEST(SharedObject, SaysWhatItNeedsAndExports) {
    const auto file = content("missing_library.so");
    const auto object = parse_shared_object(file);
    ASSERT_TRUE(object) << object.error().text();
    EXPECT_THAT(object->needed, Contains("libabsent.so"));
    ASSERT_NE(object->find("DriverProc"), nullptr);
    EXPECT_TRUE(object->find("DriverProc")->is_code);
    EXPECT_EQ(object->find("nobody_has_this"), nullptr);
}

TEST(SharedObject, ReadsBothSizes) {
    const auto file = content("plain32.so");
    const auto object = parse_shared_object(file);
    ASSERT_TRUE(object) << object.error().text();
    EXPECT_EQ(object->soname, "plain.drv");
    EXPECT_NE(object->find("DriverProc"), nullptr);
}

TEST(SharedObject, ReadsTheCLibrary) {
    const auto file = read_file(INSTDRV_LIBC);
    ASSERT_TRUE(file) << file.error().text();
    const auto object = parse_shared_object(*file);
    ASSERT_TRUE(object) << object.error().text();
    EXPECT_GT(object->exports.size(), 2000u);
    EXPECT_TRUE(object->find("qsort")->is_code);
    EXPECT_FALSE(object->find("environ")->is_code);
}

class DamagedSharedObject : public testing::TestWithParam<const char*> {
protected:
    static void exercise(const std::vector<std::byte>& file) {
        const auto object = parse_shared_object(file);
        if (!object) {
            ASSERT_NE(object.error().cause, "");
            return;
        }
        std::size_t length = object->soname.size();
        for (const auto& name : object->needed)
            length += std::string(name).size();
        for (const auto& symbol : object->exports)
            length += std::string(symbol.name).size();
        ASSERT_LT(length, file.size() * file.size());
    }

    std::vector<std::byte> whole_ = content(GetParam());
};

TEST_P(DamagedSharedObject, HasASentence) {
    test::Mutator mutator(7);
    for (int i = 0; i < 4000; ++i) {
        auto mutant = whole_;
        mutator.damage(mutant, {{0, 0x200}, {0, whole_.size()}});
        exercise(mutant);
    }
}

TEST_P(DamagedSharedObject, CutOffHasASentence) {
    for (std::size_t size = 0; size < whole_.size(); size += 1 + size / 500) {
        exercise({whole_.begin(), whole_.begin() + static_cast<long>(size)});
    }
}

std::string test_name(const testing::TestParamInfo<const char*>& shared_object) {
    return std::filesystem::path(shared_object.param).stem();
}

INSTANTIATE_TEST_SUITE_P(NativeDrivers, DamagedSharedObject,
                         testing::Values("plain.so", "sysv_hash.so", "plain32.so"), test_name);

}  // namespace
}  // namespace instdrv::elf
