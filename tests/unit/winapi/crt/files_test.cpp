// _open and its relatives.
#include <fcntl.h>

#include <cerrno>
#include <string>

#include <gtest/gtest.h>

#include "dlls/dll_call.hpp"
#include "kernel/driver_folder.hpp"
#include "winapi/crt/file_flags.hpp"

namespace instdrv::winapi::test {
namespace {

namespace flag = crt;
constexpr CalledDll msvcrt{"msvcrt.dll"};

class LowLevelFiles : public DriverFolderTest {
protected:
    static int open(const char* path, int flags) {
        return msvcrt.call<int>("_open", path, flags, 0x180);
    }
    static int write_text(int file, std::string_view text) {
        return msvcrt.call<int>("_write", file, static_cast<const void*>(text.data()),
                                static_cast<unsigned>(text.size()));
    }
    static std::string read_text(int file, unsigned size = 100) {
        std::string text(size, '\0');
        const int got = msvcrt.call<int>("_read", file, static_cast<void*>(text.data()), size);
        return got < 0 ? "failed" : text.substr(0, static_cast<std::size_t>(got));
    }
    static void close(int file) { EXPECT_EQ(msvcrt.call<int>("_close", file), 0); }
    static int error() { return *msvcrt.call<int*>("_errno"); }
};

TEST_F(LowLevelFiles, TranslateLineEndsInTextMode) {
    const int file = open("C:\\lines.txt", flag::CREAT | flag::RDWR | flag::TEXT);
    ASSERT_GE(file, 3);
    EXPECT_EQ(write_text(file, "one\ntwo\n"), 8);
    EXPECT_EQ(read(state() / "lines.txt"), "one\r\ntwo\r\n");
    EXPECT_EQ(msvcrt.call<LONG>("_lseek", file, LONG{0}, SEEK_SET), 0);
    EXPECT_EQ(read_text(file), "one\ntwo\n");
    EXPECT_EQ(msvcrt.call<LONG>("_filelength", file), 10);
    close(file);
}

TEST_F(LowLevelFiles, KeepALineEndWholeThatAReadWouldCut) {
    write(state() / "cut.txt", "ab\r\ncd\rx");
    const int file = open("C:\\cut.txt", flag::TEXT);
    EXPECT_EQ(read_text(file, 3), "ab\n");
    EXPECT_EQ(read_text(file, 3), "cd\r");
    EXPECT_EQ(read_text(file, 3), "x");
    close(file);
}

TEST_F(LowLevelFiles, EndAtControlZInTextMode) {
    write(state() / "end.txt",
          "text\x1A"
          "binary");
    int file = open("C:\\end.txt", flag::TEXT);
    EXPECT_EQ(read_text(file), "text");
    EXPECT_EQ(read_text(file), "");
    EXPECT_EQ(msvcrt.call<int>("_setmode", file, flag::BINARY), flag::TEXT);
    close(file);
    file = open("C:\\end.txt", flag::BINARY);
    EXPECT_EQ(read_text(file).size(), 11u);
    close(file);
}

TEST_F(LowLevelFiles, AppendAndKeepExistingOnes) {
    write(state() / "log.txt", "a");
    int file = open("C:\\log.txt", flag::WRONLY | flag::APPEND | flag::BINARY);
    write_text(file, "b");
    close(file);
    EXPECT_EQ(read(state() / "log.txt"), "ab");
    EXPECT_EQ(open("C:\\log.txt", flag::CREAT | flag::EXCL | flag::WRONLY), -1);
    EXPECT_EQ(error(), EEXIST);
    EXPECT_EQ(open("C:\\none.txt", 0), -1);
    EXPECT_EQ(error(), ENOENT);
    EXPECT_EQ(open("D:\\none.txt", 0), -1);
    EXPECT_EQ(open("C:\\..\\..\\etc\\passwd", 0), -1) << "nothing lies outside of the view";
}

TEST_F(LowLevelFiles, KnowNumbersThatAreNotOpen) {
    EXPECT_EQ(read_text(77), "failed");
    EXPECT_EQ(error(), EBADF);
    EXPECT_EQ(msvcrt.call<int>("_close", 77), -1);
    EXPECT_EQ(msvcrt.call<int>("_close", -1), -1);
    EXPECT_EQ(read_text(0), "") << "standard input is empty";
}

TEST_F(LowLevelFiles, ShareThePositionOfADuplicate) {
    write(state() / "shared.txt", "abcdef");
    const int file = open("C:\\shared.txt", flag::BINARY);
    const int copy = msvcrt.call<int>("_dup", file);
    EXPECT_EQ(read_text(file, 2), "ab");
    EXPECT_EQ(read_text(copy, 2), "cd");
    close(file);
    EXPECT_EQ(read_text(copy, 9), "ef");
    close(copy);
}

TEST_F(LowLevelFiles, AreTheSameFilesAsKernel32s) {
    write(state() / "both.txt", "123456");
    const int file = open("C:\\both.txt", flag::BINARY);
    const auto handle =
        reinterpret_cast<HANDLE>(msvcrt.call<std::intptr_t>("_get_osfhandle", file));
    char text[4] = {};
    DWORD got = 0;
    EXPECT_TRUE(call<BOOL>("ReadFile", handle, static_cast<void*>(text), DWORD{3}, &got, nullptr));
    EXPECT_STREQ(text, "123");
    EXPECT_EQ(read_text(file), "456");
    close(file);
    EXPECT_FALSE(call<BOOL>("ReadFile", handle, static_cast<void*>(text), DWORD{3}, &got, nullptr))
        << "closed with its number";

    const HANDLE opened = call<HANDLE>("CreateFileA", "C:\\both.txt", DWORD{0x80000000}, DWORD{0},
                                       nullptr, DWORD{3}, DWORD{0}, nullptr);
    const int number =
        msvcrt.call<int>("_open_osfhandle", reinterpret_cast<std::intptr_t>(opened), 0);
    EXPECT_EQ(read_text(number), "123456");
    close(number);
}

struct Status32i64 {
    unsigned device;
    unsigned short serial, mode;
    short links, user, group;
    unsigned device_again;
    alignas(8) LONGLONG size, accessed, modified, created;
};

TEST_F(LowLevelFiles, AreDescribedByName) {
    write(state() / "tool.exe", "12345");
    Status32i64 status{};
    EXPECT_EQ(msvcrt.call<int>("_stat64", "C:\\TOOL.exe", &status), 0);
    EXPECT_EQ(status.size, 5);
    EXPECT_EQ(status.mode, 0x8000 | 0777);
    EXPECT_EQ(msvcrt.call<int>("_stat64", "C:\\windows", &status), 0);
    EXPECT_EQ(status.mode & 0xF000, 0x4000);
    EXPECT_EQ(msvcrt.call<int>("_stat64", "C:\\none", &status), -1);
    EXPECT_EQ(error(), ENOENT);
}

TEST_F(LowLevelFiles, AreMovedAndRemoved) {
    write(state() / "a.txt", "a");
    write(state() / "b.txt", "b");
    EXPECT_EQ(msvcrt.call<int>("rename", "C:\\a.txt", "C:\\b.txt"), -1);
    EXPECT_EQ(error(), EEXIST);
    EXPECT_EQ(msvcrt.call<int>("rename", "C:\\a.txt", "C:\\c.txt"), 0);
    EXPECT_EQ(read(state() / "c.txt"), "a");
    EXPECT_EQ(msvcrt.call<int>("_wunlink", u"C:\\c.txt"), 0);
    EXPECT_EQ(msvcrt.call<int>("remove", "C:\\c.txt"), -1);
    EXPECT_EQ(msvcrt.call<int>("_mkdir", "C:\\folder"), 0);
    EXPECT_EQ(msvcrt.call<int>("_mkdir", "C:\\folder"), -1);
    EXPECT_EQ(msvcrt.call<int>("_rmdir", "C:\\folder"), 0);
    write(driver() / "codec.dll", "x");
    EXPECT_EQ(msvcrt.call<int>("remove", "C:\\windows\\system32\\codec.dll"), -1);
    EXPECT_EQ(error(), EACCES) << "the driver's own folder is read-only";
}

}  // namespace
}  // namespace instdrv::winapi::test
