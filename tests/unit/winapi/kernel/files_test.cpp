#include <cstring>

#include "driver_folder.hpp"
#include "windows_call.hpp"

namespace instdrv::winapi::test {
namespace {

using Files = DriverFolderTest;

constexpr DWORD reading = 0x80000000;
constexpr DWORD writing = 0x40000000;
constexpr DWORD create_new = 1, create_always = 2, open_existing = 3, open_always = 4;
HANDLE const no_file = reinterpret_cast<HANDLE>(std::intptr_t{-1});

HANDLE open(const WCHAR* name, DWORD access, DWORD disposition, DWORD flags = 0) {
    return call<HANDLE>("CreateFileW", name, access, DWORD{0}, static_cast<void*>(nullptr),
                        disposition, flags, static_cast<HANDLE>(nullptr));
}

BOOL close(HANDLE handle) { return call<BOOL>("CloseHandle", handle); }

DWORD write_to(HANDLE handle, std::string_view text) {
    DWORD written = 0;
    EXPECT_EQ(call<BOOL>("WriteFile", handle, static_cast<const void*>(text.data()),
                         static_cast<DWORD>(text.size()), &written, static_cast<void*>(nullptr)),
              TRUE);
    return written;
}

std::string read_from(HANDLE handle, DWORD size) {
    std::string text(size, '\0');
    DWORD got = 0;
    EXPECT_EQ(call<BOOL>("ReadFile", handle, static_cast<void*>(text.data()), size, &got,
                         static_cast<void*>(nullptr)),
              TRUE);
    text.resize(got);
    return text;
}

TEST_F(Files, AreWrittenMovedInAndReadBack) {
    HANDLE const file = open(u"C:\\notes.txt", reading | writing, create_new);
    ASSERT_NE(file, no_file);
    EXPECT_EQ(write_to(file, "0123456789"), 10u);
    EXPECT_EQ(call<DWORD>("SetFilePointer", file, LONG{-4}, static_cast<LONG*>(nullptr), DWORD{2}),
              6u);
    EXPECT_EQ(read_from(file, 100), "6789");
    EXPECT_EQ(call<DWORD>("SetFilePointer", file, LONG{-1}, static_cast<LONG*>(nullptr), DWORD{0}),
              0xFFFFFFFFu);
    EXPECT_EQ(last_error_code(), ERROR_NEGATIVE_SEEK);
    call<DWORD>("SetFilePointer", file, LONG{3}, static_cast<LONG*>(nullptr), DWORD{0});
    EXPECT_EQ(call<BOOL>("SetEndOfFile", file), TRUE);
    EXPECT_EQ(call<DWORD>("GetFileSize", file, static_cast<DWORD*>(nullptr)), 3u);
    EXPECT_EQ(call<DWORD>("GetFileType", file), 1u);
    EXPECT_EQ(close(file), TRUE);
    EXPECT_EQ(close(file), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_INVALID_HANDLE);
    EXPECT_EQ(read(state() / "notes.txt"), "012");
}

TEST_F(Files, AreOpenedByTheRulesOfEachDisposition) {
    EXPECT_EQ(open(u"C:\\a.txt", reading, open_existing), no_file);
    EXPECT_EQ(last_error_code(), ERROR_FILE_NOT_FOUND);
    EXPECT_EQ(open(u"C:\\none\\a.txt", reading, open_existing), no_file);
    EXPECT_EQ(last_error_code(), ERROR_PATH_NOT_FOUND);
    HANDLE const made = open(u"C:\\a.txt", writing, open_always);
    EXPECT_EQ(last_error_code(), ERROR_SUCCESS);
    write_to(made, "old");
    close(made);
    EXPECT_EQ(open(u"C:\\A.TXT", writing, create_new), no_file);
    EXPECT_EQ(last_error_code(), ERROR_FILE_EXISTS);
    HANDLE const again = open(u"C:\\A.TXT", writing, create_always);
    EXPECT_EQ(last_error_code(), ERROR_ALREADY_EXISTS);
    close(again);
    EXPECT_EQ(read(state() / "a.txt"), "");
    EXPECT_EQ(open(u"C:\\a.txt", reading, 9), no_file);
    EXPECT_EQ(last_error_code(), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(open(u"\\\\.\\D:", reading, open_existing), no_file);
}

TEST_F(Files, GoAwayOnCloseWhereAsked) {
    HANDLE const file = open(u"C:\\temp.bin", writing, create_always, 0x04000000);
    EXPECT_TRUE(std::filesystem::exists(state() / "temp.bin"));
    close(file);
    EXPECT_FALSE(std::filesystem::exists(state() / "temp.bin"));
}

TEST_F(Files, HaveAttributesAndCanBeDeleted) {
    write(state() / "x.txt", "x");
    write(driver() / "y.dll", "y");
    EXPECT_EQ(call<DWORD>("GetFileAttributesA", "C:\\x.txt"), 0x20u);
    EXPECT_EQ(call<DWORD>("GetFileAttributesA", "C:\\windows\\system32\\y.dll"), 0x21u);
    EXPECT_EQ(call<DWORD>("GetFileAttributesA", "C:\\Windows"), 0x10u);
    EXPECT_EQ(call<DWORD>("GetFileAttributesA", "C:\\z"), 0xFFFFFFFFu);
    EXPECT_EQ(call<BOOL>("DeleteFileA", "C:\\windows\\system32\\y.dll"), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_ACCESS_DENIED);
    EXPECT_EQ(call<BOOL>("DeleteFileA", "C:\\X.TXT"), TRUE);
    EXPECT_EQ(call<BOOL>("DeleteFileA", "C:\\X.TXT"), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_FILE_NOT_FOUND);
    EXPECT_TRUE(std::filesystem::exists(driver() / "y.dll"));
}

TEST_F(Files, AreMovedAndCopiedInsideTheView) {
    write(driver() / "y.dll", "code");
    EXPECT_EQ(call<BOOL>("CopyFileA", "C:\\windows\\system32\\y.dll", "C:\\copy", BOOL{TRUE}),
              TRUE);
    EXPECT_EQ(read(state() / "copy"), "code");
    EXPECT_EQ(call<BOOL>("CopyFileA", "C:\\windows\\system32\\y.dll", "C:\\copy", BOOL{TRUE}),
              FALSE);
    EXPECT_EQ(last_error_code(), ERROR_FILE_EXISTS);
    EXPECT_EQ(call<BOOL>("MoveFileA", "C:\\copy", "C:\\moved"), TRUE);
    EXPECT_EQ(call<BOOL>("MoveFileA", "C:\\moved", "C:\\windows\\system32\\z.dll"), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_ACCESS_DENIED);
    EXPECT_EQ(call<BOOL>("CreateDirectoryA", "C:\\folder", static_cast<void*>(nullptr)), TRUE);
    EXPECT_EQ(call<BOOL>("CreateDirectoryA", "C:\\FOLDER", static_cast<void*>(nullptr)), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_ALREADY_EXISTS);
    EXPECT_EQ(call<BOOL>("MoveFileA", "C:\\moved", "C:\\folder\\inside"), TRUE);
    EXPECT_EQ(call<BOOL>("RemoveDirectoryA", "C:\\folder"), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_DIR_NOT_EMPTY);
}

TEST_F(Files, GetTemporaryNames) {
    WCHAR folder[64] = {};
    EXPECT_EQ(call<DWORD>("GetTempPathW", DWORD{64}, +folder), 16u);
    EXPECT_EQ(call<DWORD>("GetTempPathW", DWORD{5}, +folder), 17u) << "the size it needs";
    WCHAR first[260] = {};
    WCHAR second[260] = {};
    EXPECT_NE(call<UINT>("GetTempFileNameW", static_cast<const WCHAR*>(folder), u"mciwave", UINT{0},
                         +first),
              0u);
    EXPECT_NE(call<UINT>("GetTempFileNameW", static_cast<const WCHAR*>(folder), u"mciwave", UINT{0},
                         +second),
              0u);
    EXPECT_NE(std::u16string(first), std::u16string(second));
    EXPECT_TRUE(std::u16string_view(first).starts_with(u"C:\\windows\\temp\\mci"))
        << "three letters";
    EXPECT_EQ(call<DWORD>("GetFileAttributesW", static_cast<const WCHAR*>(first)), 0x20u);
}

struct FindData {
    DWORD attributes;
    DWORD times[6];
    DWORD size_high;
    DWORD size_low;
    DWORD reserved[2];
    char name[260];
    char short_name[14];
};

TEST_F(Files, AreListed) {
    write(state() / "logs" / "one.log", "1");
    write(state() / "logs" / "two.log", "22");
    write(state() / "logs" / "three.txt", "333");
    FindData data{};
    HANDLE const search = call<HANDLE>("FindFirstFileA", "C:\\logs\\*.log", &data);
    ASSERT_NE(search, no_file);
    EXPECT_STREQ(data.name, "one.log");
    EXPECT_EQ(call<BOOL>("FindNextFileA", search, &data), TRUE);
    EXPECT_STREQ(data.name, "two.log");
    EXPECT_EQ(data.size_low, 2u);
    EXPECT_EQ(call<BOOL>("FindNextFileA", search, &data), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_NO_MORE_FILES);
    EXPECT_EQ(call<BOOL>("FindClose", search), TRUE);
    EXPECT_EQ(call<BOOL>("FindClose", search), FALSE);
    EXPECT_EQ(call<HANDLE>("FindFirstFileA", "C:\\logs\\*.wav", &data), no_file);
    EXPECT_EQ(last_error_code(), ERROR_FILE_NOT_FOUND);
}

void* map(HANDLE mapping, DWORD access, DWORD offset = 0, SIZE_T size = 0) {
    return call<void*>("MapViewOfFile", mapping, access, DWORD{0}, offset, size);
}

HANDLE mapping_of(HANDLE file, DWORD protection, DWORD size) {
    return call<HANDLE>("CreateFileMappingW", file, static_cast<void*>(nullptr), protection,
                        DWORD{0}, size, static_cast<const WCHAR*>(nullptr));
}

constexpr DWORD map_write = 2, map_read = 4, map_copy = 1;

TEST_F(Files, AreMapped) {
    write(state() / "m.bin", "0123456789");
    HANDLE const file = open(u"C:\\m.bin", reading | writing, open_existing);
    HANDLE const mapping = mapping_of(file, 4, 0);
    ASSERT_NE(mapping, nullptr);
    auto* const view = static_cast<char*>(map(mapping, map_write));
    auto* const copy = static_cast<char*>(map(mapping, map_copy));
    ASSERT_NE(view, nullptr);
    ASSERT_NE(copy, nullptr);
    copy[0] = '!';
    view[1] = 'x';
    EXPECT_EQ(call<BOOL>("FlushViewOfFile", static_cast<void*>(view), SIZE_T{2}), TRUE);
    EXPECT_EQ(read(state() / "m.bin"), "0x23456789");
    EXPECT_EQ(map(mapping, map_read, 0x10000), nullptr) << "behind the end";
    EXPECT_EQ(map(mapping, map_read, 16), nullptr);
    EXPECT_EQ(last_error_code(), ERROR_MAPPED_ALIGNMENT);
    close(mapping);
    close(file);
    EXPECT_EQ(view[2], '2') << "a view outlives the handles";
    EXPECT_EQ(call<BOOL>("UnmapViewOfFile", static_cast<void*>(view)), TRUE);
    EXPECT_EQ(call<BOOL>("UnmapViewOfFile", static_cast<void*>(view)), FALSE);
    EXPECT_EQ(call<BOOL>("UnmapViewOfFile", static_cast<void*>(copy)), TRUE);
}

TEST_F(Files, AreNotNeededToShareMemory) {
    constexpr DWORD granularity = 0x10000;
    HANDLE const mapping = mapping_of(no_file, 4, 2 * granularity);
    ASSERT_NE(mapping, nullptr);
    auto* const whole = static_cast<char*>(map(mapping, map_write));
    auto* const second = static_cast<char*>(map(mapping, map_write, granularity));
    const auto* const shown = static_cast<const char*>(map(mapping, map_read));
    ASSERT_NE(whole, nullptr);
    ASSERT_NE(second, nullptr);
    ASSERT_NE(shown, nullptr);
    EXPECT_EQ(whole[0], 0);
    whole[0] = 'a';
    second[1] = 'b';
    EXPECT_EQ(shown[0], 'a');
    EXPECT_EQ(whole[granularity + 1], 'b');
    auto* const copy = static_cast<char*>(map(mapping, map_copy));
    ASSERT_NE(copy, nullptr);
    EXPECT_EQ(copy[granularity + 1], 'b');
    copy[0] = '!';
    EXPECT_EQ(whole[0], 'a');
    EXPECT_EQ(call<BOOL>("FlushViewOfFile", static_cast<void*>(whole), SIZE_T{1}), TRUE);
    EXPECT_EQ(call<BOOL>("UnmapViewOfFile", static_cast<void*>(whole)), TRUE);
    close(mapping);
    EXPECT_EQ(second[1], 'b') << "a view outlives other views and the handles";
    EXPECT_EQ(map(mapping_of(no_file, 4, 100), map_write, granularity), nullptr);
    EXPECT_EQ(last_error_code(), ERROR_ACCESS_DENIED);
}

TEST_F(Files, ShareNoMemoryThatIsNotToBeHad) {
    const auto with = [](DWORD high, DWORD low) {
        return call<HANDLE>("CreateFileMappingW", no_file, static_cast<void*>(nullptr), DWORD{4},
                            high, low, static_cast<const WCHAR*>(nullptr));
    };
    EXPECT_EQ(with(0x7FFFFFFF, 0), nullptr);
    EXPECT_EQ(last_error_code(), ERROR_NOT_ENOUGH_MEMORY);
    EXPECT_EQ(with(0, 0), nullptr);
    EXPECT_EQ(last_error_code(), ERROR_INVALID_PARAMETER);
}

TEST_F(Files, AreMappedWithinTheirRights) {
    write(driver() / "data.bin", "0123456789");
    HANDLE const file = open(u"C:\\windows\\system32\\data.bin", reading, open_existing);
    HANDLE const mapping = mapping_of(file, 2, 0);
    EXPECT_EQ(map(mapping, map_write), nullptr);
    EXPECT_EQ(last_error_code(), ERROR_ACCESS_DENIED);
    EXPECT_EQ(mapping_of(file, 0x40, 0), nullptr) << "nothing writable is executable";
    EXPECT_EQ(mapping_of(file, 2, 100), nullptr) << "it cannot grow";
    EXPECT_EQ(mapping_of(no_file, 4, 0), nullptr);
    EXPECT_EQ(last_error_code(), ERROR_INVALID_PARAMETER);
    close(mapping);
    close(file);
}

TEST_F(Files, HaveNoDevicesBehindThem) {
    const auto drive_type = [](const WCHAR* root) { return call<UINT>("GetDriveTypeW", root); };
    EXPECT_EQ(drive_type(u"C:\\"), 3u);
    EXPECT_EQ(drive_type(u"D:\\"), 1u) << "no root folder, and above all no CD drive";
    EXPECT_EQ(drive_type(nullptr), 3u);
    DWORD given = 9;
    EXPECT_EQ(
        call<BOOL>("DeviceIoControl", no_file, DWORD{0}, static_cast<void*>(nullptr), DWORD{0},
                   static_cast<void*>(nullptr), DWORD{0}, &given, static_cast<void*>(nullptr)),
        FALSE);
    EXPECT_EQ(last_error_code(), ERROR_INVALID_HANDLE);
}

}  // namespace
}  // namespace instdrv::winapi::test
