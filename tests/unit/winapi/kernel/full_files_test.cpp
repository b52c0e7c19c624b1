// Files that cannot take what is written to them.
#include <optional>
#include <string>

#include <gmock/gmock.h>

#include "driver_folder.hpp"
#include "file_size_limit.hpp"
#include "windows_call.hpp"

namespace instdrv::winapi::test {
namespace {

constexpr DWORD reading = 0x80000000;
constexpr DWORD writing = 0x40000000;
constexpr DWORD create_always = 2, open_existing = 3, truncate_existing = 5;
constexpr rlim_t limit = 1000;
HANDLE const no_file = reinterpret_cast<HANDLE>(std::intptr_t{-1});

class FullFiles : public DriverFolderTest {
protected:
    static HANDLE open(const char* name, DWORD access, DWORD disposition) {
        return call<HANDLE>("CreateFileA", name, access, DWORD{0}, static_cast<void*>(nullptr),
                            disposition, DWORD{0}, static_cast<HANDLE>(nullptr));
    }
    static BOOL close(HANDLE handle) { return call<BOOL>("CloseHandle", handle); }
    static BOOL write_to(HANDLE handle, std::size_t size, DWORD& written,
                         void* overlapped = nullptr) {
        const std::string bytes(size, 'x');
        return call<BOOL>("WriteFile", handle, static_cast<const void*>(bytes.data()),
                          static_cast<DWORD>(size), &written, overlapped);
    }
    static DWORD position_of(HANDLE handle) {
        return call<DWORD>("SetFilePointer", handle, LONG{0}, static_cast<LONG*>(nullptr),
                           DWORD{1});
    }
    static BOOL copy(const char* from, const char* to, BOOL must_be_new = FALSE) {
        return call<BOOL>("CopyFileA", from, to, must_be_new);
    }
};

TEST_F(FullFiles, TakeAWriteAsAWholeOrNotAtAll) {
    const FileSizeLimit full(limit);
    HANDLE const file = open("C:\\f", writing, create_always);
    DWORD written = 0;
    EXPECT_EQ(write_to(file, 900, written), TRUE);
    EXPECT_EQ(write_to(file, 200, written), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_DISK_FULL);
    EXPECT_EQ(written, 0u);
    EXPECT_EQ(position_of(file), 900u);
    EXPECT_EQ(std::filesystem::file_size(state() / "f"), 900u) << "the part is taken back";
    EXPECT_EQ(write_to(file, 100, written), TRUE) << "what fits is taken";
    EXPECT_EQ(written, 100u);

    DWORD_PTR overlapped[4] = {};
    reinterpret_cast<DWORD*>(&overlapped[2])[0] = 950;
    EXPECT_EQ(write_to(file, 100, written, overlapped), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_DISK_FULL);
    EXPECT_EQ(std::filesystem::file_size(state() / "f"), 1000u);
    close(file);
}

TEST_F(FullFiles, GrowToNoSizeTheyCannotHave) {
    const FileSizeLimit full(limit);
    HANDLE const file = open("C:\\f", reading | writing, create_always);
    call<DWORD>("SetFilePointer", file, LONG{2000}, static_cast<LONG*>(nullptr), DWORD{0});
    EXPECT_EQ(call<BOOL>("SetEndOfFile", file), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_DISK_FULL);
    EXPECT_EQ(call<HANDLE>("CreateFileMappingA", file, static_cast<void*>(nullptr), DWORD{4},
                           DWORD{0}, DWORD{2000}, static_cast<const char*>(nullptr)),
              nullptr);
    EXPECT_EQ(last_error_code(), ERROR_DISK_FULL);
    EXPECT_EQ(std::filesystem::file_size(state() / "f"), 0u);
    close(file);
}

TEST_F(FullFiles, AreNoCopies) {
    write(state() / "from", std::string(2000, 'x'));
    write(state() / "to", "old");
    const FileSizeLimit full(limit);
    EXPECT_EQ(copy("C:\\from", "C:\\new"), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_DISK_FULL);
    EXPECT_FALSE(std::filesystem::exists(state() / "new"));
    EXPECT_EQ(copy("C:\\from", "C:\\to"), FALSE);
    EXPECT_FALSE(std::filesystem::exists(state() / "to")) << "neither the old nor half of the new";
}

TEST_F(FullFiles, LeaveIniFilesAsTheyWere) {
    const auto set = [](const std::string& key, const std::string& value) {
        return call<BOOL>("WritePrivateProfileStringA", "s", key.c_str(), value.c_str(), "C:\\i");
    };
    const auto get = [](const std::string& key) {
        char value[20] = {};
        call<DWORD>("GetPrivateProfileStringA", "s", key.c_str(), "none", +value, DWORD{20},
                    "C:\\i");
        return std::string(value);
    };
    const FileSizeLimit full(limit);
    ASSERT_EQ(set("first", "1"), TRUE);
    EXPECT_EQ(set("large", std::string(1000, 'x')), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_DISK_FULL);
    EXPECT_EQ(get("large"), "none");
    EXPECT_EQ(set("second", "2"), TRUE) << "what fits is taken";
    settle();
    EXPECT_EQ(read(state() / "i"), "[s]\r\nfirst=1\r\nsecond=2\r\n");
}

// An INI file whose changes are in its journal and do not fit into the file.
class FullIniFiles : public FullFiles {
protected:
    FullIniFiles() {
        write(file(), "[s]\r\nbig=" + std::string(800, 'b') + "\r\n");
        EXPECT_EQ(set("k", "told"), TRUE);
        limit_.emplace(600);
    }
    [[nodiscard]] std::filesystem::path file() const { return state() / "full.ini"; }
    static BOOL set(const char* key, const char* value) {
        return call<BOOL>("WritePrivateProfileStringA", "s", key, value, "C:\\full.ini");
    }
    static std::string get(const char* key, const char* name = "C:\\full.ini") {
        char value[20] = {};
        call<DWORD>("GetPrivateProfileStringA", "s", key, "none", +value, DWORD{20}, name);
        return value;
    }
    void make_room() { limit_.reset(); }

private:
    std::optional<FileSizeLimit> limit_;
};

TEST_F(FullIniFiles, AreNotOpenedWithoutTheirChanges) {
    for (const DWORD disposition : {create_always, open_existing, truncate_existing}) {
        EXPECT_EQ(open("C:\\full.ini", reading | writing, disposition), no_file) << disposition;
        EXPECT_EQ(last_error_code(), ERROR_DISK_FULL);
    }
    EXPECT_EQ(get("k"), "told");
    make_room();
    HANDLE const file = open("C:\\full.ini", reading, open_existing);
    EXPECT_NE(file, no_file);
    close(file);
    EXPECT_THAT(read(this->file()), testing::EndsWith("k=told\r\n"));
}

TEST_F(FullIniFiles, AreNeitherMovedNorReplacedNorCopied) {
    write(state() / "other.ini", "[s]\r\nk=other\r\n");
    EXPECT_EQ(call<BOOL>("MoveFileA", "C:\\full.ini", "C:\\moved.ini"), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_DISK_FULL);
    EXPECT_EQ(call<BOOL>("MoveFileExA", "C:\\other.ini", "C:\\full.ini", DWORD{1}), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_DISK_FULL);
    EXPECT_EQ(copy("C:\\full.ini", "C:\\copy.ini"), FALSE);
    EXPECT_EQ(copy("C:\\other.ini", "C:\\full.ini"), FALSE);
    EXPECT_EQ(get("k"), "told");
    make_room();
    EXPECT_EQ(call<BOOL>("MoveFileA", "C:\\full.ini", "C:\\moved.ini"), TRUE);
    EXPECT_EQ(get("k", "C:\\moved.ini"), "told");
}

TEST_F(FullIniFiles, AreDeletedWithTheirChanges) {
    EXPECT_EQ(call<BOOL>("DeleteFileA", "C:\\full.ini"), TRUE);
    EXPECT_EQ(get("k"), "none");
    make_room();
    EXPECT_EQ(set("new", "1"), TRUE);
    EXPECT_EQ(get("k"), "none") << "what was deleted is back";
    EXPECT_EQ(get("new"), "1");
}

// As the death of the process that deleted it leaves it.
TEST_F(FullIniFiles, TakeNoChangesFromOneThatWasDeleted) {
    make_room();
    std::filesystem::remove(file());
    close(open("C:\\full.ini", writing, create_always));
    EXPECT_EQ(get("k"), "none");
    EXPECT_EQ(set("k", "told"), TRUE);
    std::filesystem::remove(file());
    EXPECT_EQ(set("new", "1"), TRUE);
    EXPECT_EQ(get("k"), "none");
}

TEST_F(FullFiles, AreTheWholeStateAtItsLimit) {
    DriverState small(state(), 1000);
    const DriverContext context{.driver_folder = driver(), .state = &small};
    const ContextScope scope(&context);
    DWORD written = 0;
    HANDLE const first = open("C:\\1", writing, create_always);
    HANDLE const second = open("C:\\2", writing, create_always);
    EXPECT_EQ(write_to(first, 600, written), TRUE);
    EXPECT_EQ(write_to(second, 500, written), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_DISK_FULL);
    EXPECT_EQ(write_to(second, 400, written), TRUE);
    call<DWORD>("SetFilePointer", first, LONG{0}, static_cast<LONG*>(nullptr), DWORD{0});
    EXPECT_EQ(write_to(first, 600, written), TRUE) << "over what is there already";
    EXPECT_EQ(call<BOOL>("WritePrivateProfileStringA", "s", "k", "v", "C:\\i"), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_DISK_FULL);
    ULONGLONG available = 1;
    EXPECT_EQ(call<BOOL>("GetDiskFreeSpaceExA", "C:\\", &available,
                         static_cast<ULONGLONG*>(nullptr), static_cast<ULONGLONG*>(nullptr)),
              TRUE);
    EXPECT_EQ(available, 0u);
    close(second);
    EXPECT_EQ(call<BOOL>("DeleteFileA", "C:\\2"), TRUE);
    EXPECT_EQ(write_to(first, 300, written), TRUE) << "what was deleted is room again";
    close(first);
}

// What has no bytes on the disk yet will want them when it is written to.
TEST_F(FullFiles, CountWhatTheyHaveGrownByWithoutWriting) {
    DriverState small(state(), 1000);
    const DriverContext context{.driver_folder = driver(), .state = &small};
    const ContextScope scope(&context);
    HANDLE const file = open("C:\\f", reading | writing, create_always);
    const auto grow_to = [&](LONG size) {
        call<DWORD>("SetFilePointer", file, size, static_cast<LONG*>(nullptr), DWORD{0});
        return call<BOOL>("SetEndOfFile", file);
    };
    const auto map = [&](DWORD size) {
        return call<HANDLE>("CreateFileMappingA", file, static_cast<void*>(nullptr), DWORD{4},
                            DWORD{0}, size, static_cast<const char*>(nullptr));
    };
    EXPECT_EQ(grow_to(1001), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_DISK_FULL);
    EXPECT_EQ(grow_to(400), TRUE);
    EXPECT_EQ(map(1001), nullptr);
    EXPECT_EQ(last_error_code(), ERROR_DISK_FULL);
    HANDLE const mapping = map(800);
    EXPECT_NE(mapping, nullptr);
    HANDLE const other = open("C:\\g", writing, create_always);
    DWORD written = 0;
    EXPECT_EQ(write_to(other, 201, written), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_DISK_FULL);
    EXPECT_EQ(grow_to(100), TRUE);
    EXPECT_EQ(write_to(other, 900, written), TRUE) << "what was cut off is room again";
    for (HANDLE const handle : {mapping, other, file})
        close(handle);
}

TEST_F(FullFiles, AreNotMadeEmptyByACopyOntoThemselves) {
    write(state() / "keep.txt", "precious");
    EXPECT_EQ(copy("C:\\keep.txt", "c:\\KEEP.TXT"), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_SHARING_VIOLATION);
    EXPECT_EQ(read(state() / "keep.txt"), "precious");
    EXPECT_EQ(copy("C:\\keep.txt", "C:\\Keep.txt", TRUE), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_FILE_EXISTS);
    EXPECT_EQ(call<BOOL>("MoveFileA", "C:\\keep.txt", "C:\\Keep.TXT"), TRUE) << "another case";
    EXPECT_EQ(read(state() / "Keep.TXT"), "precious");
}

TEST_F(FullFiles, AreMadeEmptyForThoseWhoOnlyRead) {
    write(state() / "f", "old");
    HANDLE const file = open("C:\\f", reading, create_always);
    ASSERT_NE(file, no_file);
    EXPECT_EQ(last_error_code(), ERROR_ALREADY_EXISTS);
    EXPECT_EQ(std::filesystem::file_size(state() / "f"), 0u);
    DWORD written = 0;
    EXPECT_EQ(write_to(file, 1, written), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_ACCESS_DENIED);
    close(file);
    EXPECT_EQ(open("C:\\f", reading, truncate_existing), no_file);
    EXPECT_EQ(last_error_code(), ERROR_INVALID_PARAMETER);
}

}  // namespace
}  // namespace instdrv::winapi::test
