// FILE and its functions.
#include <cerrno>
#include <string>

#include <gtest/gtest.h>

#include "dlls/dll_call.hpp"
#include "kernel/driver_folder.hpp"
#include "kernel/file_size_limit.hpp"
#include "winapi/crt/stream.hpp"

namespace instdrv::winapi::test {
namespace {

using File = crt::StreamFace*;
constexpr CalledDll msvcrt{"msvcrt.dll"};
constexpr CalledDll ucrt{"ucrtbase.dll"};

class Streams : public DriverFolderTest {
protected:
    static File open(const char* name, const char* mode) {
        return ucrt.call<File>("fopen", name, mode);
    }
    static void close(File file) { EXPECT_EQ(ucrt.call<int>("fclose", file), 0); }
    static int get(File file) { return ucrt.call<int>("fgetc", file); }
};

TEST_F(Streams, TranslateLineEndsInTextModeAlone) {
    File file = open("C:\\t.txt", "w");
    ucrt.call<int>("fputs", "a\nb\n", file);
    EXPECT_EQ(ucrt.call<LONG>("ftell", file), 6);
    close(file);
    EXPECT_EQ(read(state() / "t.txt"), "a\r\nb\r\n");
    file = open("C:\\t.txt", "rb");
    EXPECT_EQ(get(file), 'a');
    EXPECT_EQ(get(file), '\r');
    close(file);
    file = open("C:\\t.txt", "rt");
    char line[10] = {};
    EXPECT_EQ(ucrt.call<char*>("fgets", +line, 10, file), +line);
    EXPECT_STREQ(line, "a\n");
    EXPECT_EQ(ucrt.call<LONG>("ftell", file), 3);
    EXPECT_EQ(get(file), 'b');
    EXPECT_EQ(get(file), '\n');
    EXPECT_EQ(get(file), -1);
    EXPECT_NE(ucrt.call<int>("feof", file), 0);
    EXPECT_NE(file->flags & crt::Stream::at_end_flag, 0) << "old macros read the structure";
    ucrt.call<void>("rewind", file);
    EXPECT_EQ(ucrt.call<int>("feof", file), 0);
    close(file);
}

TEST_F(Streams, ChangeTheirModeThroughTheirNumber) {
    write(state() / "m.txt", "x\r\ny");
    File file = open("C:\\m.txt", "r");
    EXPECT_EQ(get(file), 'x');
    ucrt.call<int>("_setmode", ucrt.call<int>("_fileno", file), 0x8000);
    EXPECT_EQ(get(file), '\r');
    close(file);
}

TEST_F(Streams, TakeCharactersBack) {
    write(state() / "u.txt", "abc");
    File file = open("C:\\u.txt", "r");
    EXPECT_EQ(get(file), 'a');
    EXPECT_EQ(ucrt.call<int>("ungetc", 'Z', file), 'Z');
    EXPECT_EQ(ucrt.call<int>("ungetc", -1, file), -1);
    EXPECT_EQ(get(file), 'Z');
    EXPECT_EQ(get(file), 'b');
    close(file);
}

TEST_F(Streams, ReadAndWriteItems) {
    File file = open("C:\\i.bin", "w+b");
    const int numbers[] = {1, 2, 3};
    EXPECT_EQ(
        ucrt.call<SIZE_T>("fwrite", static_cast<const void*>(numbers), SIZE_T{4}, SIZE_T{3}, file),
        3u);
    EXPECT_EQ(ucrt.call<int>("fseek", file, LONG{4}, SEEK_SET), 0);
    int got[3] = {};
    EXPECT_EQ(ucrt.call<SIZE_T>("fread", static_cast<void*>(got), SIZE_T{4}, SIZE_T{3}, file), 2u);
    EXPECT_EQ(got[0], 2);
    EXPECT_EQ(got[1], 3);
    const auto huge = ~SIZE_T{0};
    EXPECT_EQ(ucrt.call<SIZE_T>("fread", static_cast<void*>(got), huge, SIZE_T{3}, file), 0u);
    close(file);
}

TEST_F(Streams, PrintAndScan) {
    File file = msvcrt.call<File>("fopen", "C:\\p.txt", "w");
    using Print = int(WINCALL*)(File, const char*, ...);
    const auto print = reinterpret_cast<Print>(address_in("msvcrt.dll", "fprintf"));
    EXPECT_EQ(print(file, "%d %s\n", 42, "words"), 9);
    close(file);
    EXPECT_EQ(read(state() / "p.txt"), "42 words\r\n");
    file = msvcrt.call<File>("fopen", "C:\\p.txt", "r");
    using Scan = int(WINCALL*)(File, const char*, ...);
    const auto scan = reinterpret_cast<Scan>(address_in("msvcrt.dll", "fscanf"));
    int number = 0;
    EXPECT_EQ(scan(file, "%d", &number), 1);
    EXPECT_EQ(number, 42);
    EXPECT_EQ(get(file), ' ') << "only the number was taken";
    close(file);
}

TEST_F(Streams, HaveWideCharacters) {
    File file = open("C:\\w.bin", "w+b");
    EXPECT_EQ(ucrt.call<int>("fputws", u"\u4e2d!", file), 0);
    ucrt.call<void>("rewind", file);
    EXPECT_EQ(ucrt.call<WCHAR>("fgetwc", file), u'\u4e2d');
    EXPECT_EQ(ucrt.call<WCHAR>("fgetwc", file), u'!');
    EXPECT_EQ(ucrt.call<WCHAR>("fgetwc", file), 0xFFFF);
    close(file);
    EXPECT_EQ(read(state() / "w.bin"), std::string("\x2d\x4e!\0", 4));
    file = open("C:\\w.txt", "w");
    EXPECT_EQ(ucrt.call<WCHAR>("fputwc", WCHAR{u'\u00e4'}, file), u'\u00e4');
    EXPECT_EQ(ucrt.call<WCHAR>("fputwc", WCHAR{u'\u4e2d'}, file), 0xFFFF) << "has no narrow form";
    close(file);
    EXPECT_EQ(read(state() / "w.txt"), "\xe4");
}

TEST_F(Streams, RefuseWhatTheyCannotOpen) {
    EXPECT_EQ(open("C:\\none", "r"), nullptr);
    EXPECT_EQ(*ucrt.call<int*>("_errno"), ENOENT);
    EXPECT_EQ(open("C:\\x", "q"), nullptr);
    EXPECT_EQ(open("C:\\x", "r, ccs=UTF-8"), nullptr);
    EXPECT_EQ(*ucrt.call<int*>("_errno"), EINVAL);
    EXPECT_EQ(open("C:\\no\\such\\folder", "w"), nullptr);
    File none = nullptr;
    EXPECT_EQ(ucrt.call<int>("fopen_s", &none, "C:\\none", "r"), ENOENT);
    crt::StreamFace foreign{};
    EXPECT_EQ(ucrt.call<int>("fclose", &foreign), -1) << "no FILE of ours";
    EXPECT_EQ(get(&foreign), -1);
}

TEST_F(Streams, HaveTemporaryFiles) {
    char first[64];
    char second[64];
    EXPECT_EQ(ucrt.call<char*>("tmpnam", +first), +first);
    ucrt.call<char*>("tmpnam", +second);
    EXPECT_STRNE(first, second);
    File file = ucrt.call<File>("tmpfile");
    ASSERT_NE(file, nullptr);
    EXPECT_EQ(ucrt.call<int>("fputc", 'x', file), 'x');
    close(file);
    char pattern[] = "C:\\windows\\temp\\aXXXXXX";
    EXPECT_EQ(ucrt.call<char*>("_mktemp", +pattern), +pattern);
    EXPECT_EQ(std::string(pattern).find('X'), std::string::npos);
    char none[] = "no blanks";
    EXPECT_EQ(ucrt.call<char*>("_mktemp", +none), nullptr);
}

TEST_F(Streams, AreAnArrayWhoseFirstThreeAreStandard) {
    const File first = msvcrt.call<File>("__iob_func");
    EXPECT_EQ(ucrt.call<File>("__acrt_iob_func", 2u), first + 2);
    EXPECT_EQ(ucrt.call<int>("_fileno", first + 1), 1);
    EXPECT_EQ(get(first), -1) << "standard input is empty";
    EXPECT_EQ(address_in("msvcrt.dll", "_iob"), static_cast<const void*>(first));
}

TEST_F(Streams, PrintStandardOutputToThePeople) {
    testing::internal::CaptureStderr();
    const File out = ucrt.call<File>("__acrt_iob_func", 1u);
    ucrt.call<int>("fputs", "half a line", out);
    EXPECT_EQ(ucrt.call<int>("puts", " and the rest\nmore"), 0);
    ucrt.call<int>("fflush", nullptr);
    EXPECT_EQ(testing::internal::GetCapturedStderr(),
              "driver: half a line and the rest\ndriver: more\n");
}

TEST_F(Streams, AreAllUsedUpAtTheDocumentedLimit) {
    std::vector<File> opened;
    for (File file = open("C:\\many", "w"); file != nullptr; file = open("C:\\many", "w")) {
        opened.push_back(file);
    }
    EXPECT_EQ(*ucrt.call<int*>("_errno"), EMFILE);
    EXPECT_EQ(opened.size(), 509u);
    for (File file : opened)
        close(file);
}

TEST_F(Streams, TellWhatAFullDiskDidNotTake) {
    const FileSizeLimit full(10000);
    const std::string block(20000, 'x');
    File file = open("C:\\full", "wb");
    EXPECT_EQ(ucrt.call<SIZE_T>("fwrite", block.data(), SIZE_T{1}, SIZE_T{6000}, file), 6000u);
    EXPECT_LT(ucrt.call<SIZE_T>("fwrite", block.data(), SIZE_T{1}, block.size(), file), 20000u);
    EXPECT_EQ(*ucrt.call<int*>("_errno"), ENOSPC);
    EXPECT_NE(ucrt.call<int>("ferror", file), 0);
    ucrt.call<int>("fclose", file);
}

TEST_F(Streams, TellOfAFullDiskWhenTheyAreFlushedAndClosed) {
    const FileSizeLimit full(10);
    for (const char* const ends : {"fflush", "fclose"}) {
        File file = open("C:\\full", "w");
        EXPECT_GE(ucrt.call<int>("fputs", "more than ten characters", file), 0) << "in the buffer";
        *ucrt.call<int*>("_errno") = 0;
        EXPECT_EQ(ucrt.call<int>(ends, file), -1) << ends;
        EXPECT_EQ(*ucrt.call<int*>("_errno"), ENOSPC) << ends;
        if (ends == std::string_view("fflush")) ucrt.call<int>("fclose", file);
    }
}

TEST_F(Streams, AreWrittenWhenTheirDriverIsUnloadedAndNoOthers) {
    DriverState other_state(state() / "other");
    const DriverContext other{.driver_folder = driver(), .state = &other_state};
    File mine = open("C:\\mine", "wb");
    ucrt.call<int>("fputs", "mine", mine);
    File its = nullptr;
    {
        const ContextScope scope(&other);
        its = open("C:\\its", "wb");
        ucrt.call<int>("fputs", "its", its);
    }
    settle();
    EXPECT_EQ(read(state() / "mine"), "mine");
    EXPECT_EQ(ucrt.call<int>("fputs", "more", mine), -1) << "it is closed";
    EXPECT_EQ(read(other_state.folder() / "its"), "");
    EXPECT_GE(ucrt.call<int>("fputs", "more", its), 0);
    other_state.settle();
    EXPECT_EQ(read(other_state.folder() / "its"), "itsmore");
}

}  // namespace
}  // namespace instdrv::winapi::test
