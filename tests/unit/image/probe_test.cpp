#include "image/probe.hpp"

#include <array>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/fd.hpp"
#include "image_builder.hpp"

namespace instdrv::image {
namespace {

using namespace std::string_view_literals;
using testing::HasSubstr;

Result<Kind> probe_text(std::string_view text) { return probe(std::as_bytes(std::span(text))); }

std::string cause_for(std::string_view text) { return pe::test::cause_of(probe_text(text)); }

// An MS-DOS header whose longer part points at a header with the given signature.
std::string with_new_header(std::string_view signature) {
    std::string file(0x80, '\0');
    file.replace(0, 2, "MZ");
    file[0x18] = 0x40;
    file[0x3C] = static_cast<char>(0x80);
    return file + std::string(signature) + std::string(0x60, '\0');
}

std::string elf(char file_class, char encoding, unsigned machine) {
    std::string file = "\177ELF";
    file += file_class;
    file += encoding;
    file.resize(18);
    const auto low = static_cast<char>(machine & 0xFF);
    const auto high = static_cast<char>(machine >> 8);
    if (encoding == 1) return file + low + high + std::string(44, '\0');
    return file + high + low + std::string(44, '\0');
}

TEST(Probe, KnowsTheFourKinds) {
    for (const auto& [machine, kind] :
         {std::pair(pe::Machine::x86_64, Kind::pe64), std::pair(pe::Machine::x86, Kind::pe32)}) {
        pe::test::ImageSpec spec{.machine = machine};
        spec.sections.push_back({.name = ".text", .rva = 0x1000, .content = {16, std::byte{}}});
        EXPECT_EQ(probe(pe::test::build(spec)), kind);
    }
    EXPECT_EQ(probe_text(elf(2, 1, 62)), Kind::elf64);
    EXPECT_EQ(probe_text(elf(1, 1, 3)), Kind::elf32);
    EXPECT_EQ(name_of(Kind::pe64), "PE32+ x86-64");
    EXPECT_EQ(name_of(Kind::elf32), "ELF i386");
}

TEST(Probe, ReadsAsMuchOfAFileAsItTakes) {
    const auto file = std::filesystem::path(testing::TempDir()) / "instdrv-probe";
    const auto probe_text_file = [&](const std::string& text) {
        std::ofstream(file) << text;
        return probe_file(file);
    };
    const auto probed = probe_text_file(elf(2, 1, 62));
    ASSERT_TRUE(probed);
    EXPECT_EQ(probed->kind, Kind::elf64);
    EXPECT_FALSE(probed->is_wine_builtin);

    auto far_header = with_new_header("PE\0\0\x64\x86"sv);
    far_header.replace(0x40, 16, "Wine builtin DLL");
    EXPECT_TRUE(probe_text_file(far_header)->is_wine_builtin);
    far_header.insert(0x80, 0x10000, '\0');  // behind what is looked at first
    far_header[0x3E] = 1;
    ASSERT_TRUE(probe_text_file(far_header));
    EXPECT_EQ(probe_file(file)->kind, Kind::pe64);

    // Far beyond what anybody would read a file up to.
    constexpr off_t three_gib = off_t{3} << 30;
    far_header = with_new_header(""sv);
    far_header[0x3C] = 0;
    far_header[0x3F] = static_cast<char>(three_gib >> 24);
    ASSERT_TRUE(std::ofstream(file) << far_header);
    std::fstream sparse(file, std::ios::in | std::ios::out);
    sparse.seekp(three_gib) << "PE\0\0\x64\x86"sv << std::flush;
    EXPECT_EQ(probe_file(file)->kind, Kind::pe64);

    EXPECT_EQ(probe_text_file("").error().cause, "the file is empty");
    EXPECT_EQ(probe_text_file("text").error().cause, "this is text");
    EXPECT_EQ(probe_file(testing::TempDir()).error().system_code, EISDIR);
    EXPECT_EQ(probe_file("/dev/null").error().cause, "it is not a regular file");
    std::filesystem::remove(file);
    EXPECT_EQ(probe_file(file).error().system_code, ENOENT);
}

TEST(Probe, KnowsThisProgram) {
    const auto file = read_file("/proc/self/exe");
    ASSERT_TRUE(file);
    EXPECT_EQ(probe(*file), sizeof(void*) == 8 ? Kind::elf64 : Kind::elf32);
}

TEST(Probe, NamesForeignMachines) {
    const auto arm64 = probe_text(with_new_header("PE\0\0\x64\xAA"sv));
    ASSERT_FALSE(arm64);
    EXPECT_EQ(arm64.error().code, ErrorCode::wrong_machine);
    EXPECT_EQ(arm64.error().cause, "built for ARM64, not for x86-64 or i386");
    EXPECT_THAT(cause_for(elf(2, 1, 183)), HasSubstr("built for ARM64"));
    EXPECT_THAT(cause_for(elf(2, 2, 22)), HasSubstr("built for S/390 (big-endian)"));
    EXPECT_THAT(cause_for(elf(1, 1, 62)), HasSubstr("built for x32"));
    EXPECT_THAT(cause_for(elf(1, 1, 0x1234)), HasSubstr("machine 0x1234"));
    EXPECT_THAT(cause_for(elf(7, 1, 62)), HasSubstr("class 7"));
}

TEST(Probe, KnowsOlderWindowsPrograms) {
    EXPECT_THAT(cause_for(with_new_header("NE")), HasSubstr("16-bit Windows driver"));
    auto os2 = with_new_header("NE");
    os2[0x80 + 0x36] = 1;
    EXPECT_THAT(cause_for(os2), HasSubstr("16-bit OS/2"));
    EXPECT_THAT(cause_for(with_new_header("LE")), HasSubstr("virtual device driver (LE)"));
    EXPECT_THAT(cause_for(with_new_header("LX")), HasSubstr("OS/2"));
    EXPECT_THAT(cause_for(with_new_header("??")), HasSubstr("MS-DOS program"));
    std::string dos(0x40, '\0');
    dos.replace(0, 2, "MZ");
    dos[0x18] = 0x1C;
    EXPECT_THAT(cause_for(dos), HasSubstr("MS-DOS program"));
}

TEST(Probe, KnowsWhatIsNoProgram) {
    EXPECT_EQ(cause_for(""), "the file is empty");
    EXPECT_EQ(cause_for("[drivers]\r\nwave=x.drv\r\n"), "this is text");
    EXPECT_EQ(cause_for("#!/bin/sh\n"), "this is a script");
    EXPECT_EQ(cause_for("\xFF\xFE[\0"sv), "this is text (UTF-16)");
    EXPECT_EQ(cause_for("MSCF\0\0\0\0"sv), "this is a Cabinet archive");
    EXPECT_EQ(cause_for("PK\3\4\x14"), "this is a zip archive");
    EXPECT_THAT(cause_for("SZDD\x88\xF0\x27\x33"), HasSubstr("COMPRESS"));
    EXPECT_THAT(cause_for("!<arch>\n"), HasSubstr("library"));
    EXPECT_THAT(cause_for("RIFF\x24\0\0\0WAVE"sv), HasSubstr("sound or video"));
    EXPECT_EQ(cause_for("\1\2\3\4\5\6"), "this is neither a Windows DLL nor a shared object");
    EXPECT_EQ(cause_for("\0"sv), "this is neither a Windows DLL nor a shared object");
    EXPECT_THAT(probe_text("MSCF").error().advice, HasSubstr("Unpack it first"));
}

TEST(Probe, CutOffHeadersAreNamed) {
    EXPECT_THAT(cause_for("MZ"), HasSubstr("ends inside its MS-DOS header"));
    EXPECT_THAT(cause_for("\177ELF\2\1"), HasSubstr("ends inside its ELF header"));
    const auto file = with_new_header("PE\0\0"sv);
    EXPECT_THAT(cause_for(std::string_view(file).substr(0, 0x82)),
                HasSubstr("before its PE header"));
    EXPECT_THAT(cause_for(std::string_view(file).substr(0, 0x85)),
                HasSubstr("inside its PE header"));
}

}  // namespace
}  // namespace instdrv::image
