// The registry functions, and the file behind them.
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/fd.hpp"
#include "dlls/dll_call.hpp"
#include "kernel/driver_folder.hpp"
#include "kernel/file_size_limit.hpp"
#include "winapi/advapi32/key_handles.hpp"

namespace instdrv::winapi::test {
namespace {

using registry::REG_DWORD;
using registry::REG_EXPAND_SZ;
using registry::REG_MULTI_SZ;
using registry::REG_SZ;
using testing::HasSubstr;

constexpr CalledDll advapi{"advapi32.dll"};
const HANDLE machine =
    reinterpret_cast<HANDLE>(std::intptr_t{static_cast<std::int32_t>(0x80000002)});
const HANDLE classes = reinterpret_cast<HANDLE>(std::uintptr_t{0x80000000});

class Registry : public DriverFolderTest {
protected:
    static HANDLE create(const char* path, HANDLE parent = machine) {
        HANDLE key = nullptr;
        EXPECT_EQ(advapi.call<LONG>("RegCreateKeyA", parent, path, &key), 0);
        return key;
    }
    static LONG open(const char* path, HANDLE* key, HANDLE parent = machine) {
        return advapi.call<LONG>("RegOpenKeyExA", parent, path, DWORD{0}, DWORD{0x20019}, key);
    }
    static void close(HANDLE key) { EXPECT_EQ(advapi.call<LONG>("RegCloseKey", key), 0); }
    static LONG set(HANDLE key, const char* name, DWORD type, std::string_view data) {
        return advapi.call<LONG>("RegSetValueExA", key, name, DWORD{0}, type,
                                 static_cast<const void*>(data.data()),
                                 static_cast<DWORD>(data.size()));
    }
    static LONG query(HANDLE key, const char* name, void* buffer, DWORD* size,
                      DWORD* type = nullptr) {
        return advapi.call<LONG>("RegQueryValueExA", key, name, nullptr, type, buffer, size);
    }
    [[nodiscard]] std::filesystem::path file() const { return state() / "registry.reg"; }
};

TEST_F(Registry, KeepsTextsInBothWidths) {
    HANDLE const key = create("Software\\Codec");
    EXPECT_EQ(set(key, "Name", REG_SZ, std::string_view("K\xf6ln\0", 5)), 0);
    char text[16] = {};
    DWORD size = sizeof text;
    DWORD type = 0;
    EXPECT_EQ(query(key, "NAME", text, &size, &type), 0);
    EXPECT_EQ(type, REG_SZ);
    EXPECT_EQ(size, 5u);
    EXPECT_STREQ(text, "K\xf6ln");
    WCHAR wide[16] = {};
    size = sizeof wide;
    EXPECT_EQ(advapi.call<LONG>("RegQueryValueExW", key, u"name", nullptr, &type,
                                static_cast<void*>(wide), &size),
              0);
    EXPECT_EQ(size, 10u);
    EXPECT_EQ(std::u16string(wide), u"K\u00f6ln");
    close(key);
    settle();
    EXPECT_THAT(read(file()),
                HasSubstr("[HKEY_LOCAL_MACHINE\\Software\\Codec]\n\"Name\"=\"K\xc3\xb6ln\"\n"));
}

TEST_F(Registry, SaysHowMuchRoomItNeeds) {
    HANDLE const key = create("K");
    set(key, "v", REG_SZ, std::string_view("12345\0", 6));
    DWORD size = 3;
    char text[8] = "....";
    EXPECT_EQ(query(key, "v", text, &size), static_cast<LONG>(ERROR_MORE_DATA));
    EXPECT_EQ(size, 6u);
    EXPECT_STREQ(text, "....");
    size = 0;
    EXPECT_EQ(query(key, "v", nullptr, &size), 0);
    EXPECT_EQ(size, 6u);
    EXPECT_EQ(query(key, "none", text, &size), static_cast<LONG>(ERROR_FILE_NOT_FOUND));
    close(key);
}

TEST_F(Registry, ConvertsEveryTextOfAList) {
    HANDLE const key = create("K");
    const std::string_view list("one\0two\0\0", 9);
    set(key, "list", REG_MULTI_SZ, list);
    WCHAR wide[16] = {};
    DWORD size = sizeof wide;
    EXPECT_EQ(advapi.call<LONG>("RegQueryValueExW", key, u"list", nullptr, nullptr,
                                static_cast<void*>(wide), &size),
              0);
    EXPECT_EQ(std::u16string(wide, size / 2), std::u16string(u"one\0two\0\0", 9));
    char narrow[16] = {};
    size = sizeof narrow;
    EXPECT_EQ(query(key, "list", narrow, &size), 0);
    EXPECT_EQ(std::string_view(narrow, size), list);
    close(key);
}

TEST_F(Registry, ListsKeysAndValues) {
    HANDLE const key = create("List");
    close(create("b", key));
    close(create("A", key));
    set(key, "second", REG_DWORD, std::string_view("\1\0\0\0", 4));
    set(key, "", REG_SZ, "x");
    DWORD keys = 0;
    DWORD values = 0;
    DWORD longest = 0;
    EXPECT_EQ(
        advapi.call<LONG>("RegQueryInfoKeyA", key, static_cast<char*>(nullptr), nullptr, nullptr,
                          &keys, nullptr, nullptr, &values, &longest, nullptr, nullptr, nullptr),
        0);
    EXPECT_EQ(keys, 2u);
    EXPECT_EQ(values, 2u);
    EXPECT_EQ(longest, 6u);
    WCHAR name[8] = {};
    EXPECT_EQ(advapi.call<LONG>("RegEnumKeyW", key, DWORD{0}, +name, DWORD{8}), 0);
    EXPECT_EQ(std::u16string(name), u"A");
    EXPECT_EQ(advapi.call<LONG>("RegEnumKeyW", key, DWORD{1}, +name, DWORD{1}),
              static_cast<LONG>(ERROR_MORE_DATA));
    EXPECT_EQ(advapi.call<LONG>("RegEnumKeyW", key, DWORD{2}, +name, DWORD{8}),
              static_cast<LONG>(ERROR_NO_MORE_ITEMS));
    DWORD name_size = 8;
    DWORD number = 0;
    DWORD size = sizeof number;
    EXPECT_EQ(advapi.call<LONG>("RegEnumValueW", key, DWORD{1}, +name, &name_size, nullptr, nullptr,
                                static_cast<void*>(&number), &size),
              0);
    EXPECT_EQ(std::u16string(name), u"second");
    EXPECT_EQ(number, 1u);
    close(key);
}

TEST_F(Registry, DeletesKeysWithoutSubKeysAlone) {
    close(create("Tree\\Leaf"));
    EXPECT_EQ(advapi.call<LONG>("RegDeleteKeyA", machine, "Tree"),
              static_cast<LONG>(ERROR_ACCESS_DENIED));
    HANDLE const leaf = create("Tree\\Leaf");
    EXPECT_EQ(advapi.call<LONG>("RegDeleteTreeA", machine, "Tree"), 0);
    DWORD size = 0;
    EXPECT_EQ(query(leaf, "v", nullptr, &size), registry::ERROR_KEY_DELETED);
    EXPECT_EQ(set(leaf, "v", REG_SZ, "x"), registry::ERROR_KEY_DELETED);
    close(leaf);
    HANDLE none = nullptr;
    EXPECT_EQ(open("Tree", &none), static_cast<LONG>(ERROR_FILE_NOT_FOUND));
    EXPECT_EQ(advapi.call<LONG>("RegDeleteKeyA", machine, ""),
              static_cast<LONG>(ERROR_ACCESS_DENIED));
}

TEST_F(Registry, KnowsItsHandles) {
    HANDLE key = nullptr;
    EXPECT_EQ(open("x", &key, reinterpret_cast<HANDLE>(std::uintptr_t{0x1234})),
              static_cast<LONG>(ERROR_INVALID_HANDLE));
    EXPECT_EQ(advapi.call<LONG>("RegCloseKey", machine), 0);
    key = create("K");
    close(key);
    EXPECT_EQ(advapi.call<LONG>("RegCloseKey", key), static_cast<LONG>(ERROR_INVALID_HANDLE));
    const ContextScope nobody(nullptr);
    EXPECT_EQ(open("", &key), static_cast<LONG>(ERROR_INVALID_HANDLE)) << "no driver is called";
}

TEST_F(Registry, RefusesNamesThatItsFileCannotHold) {
    HANDLE key = nullptr;
    EXPECT_EQ(advapi.call<LONG>("RegCreateKeyA", machine, "bad\nname", &key),
              static_cast<LONG>(ERROR_INVALID_PARAMETER));
    EXPECT_EQ(advapi.call<LONG>("RegCreateKeyA", machine, std::string(256, 'k').c_str(), &key),
              static_cast<LONG>(ERROR_INVALID_PARAMETER));
    key = create("K");
    EXPECT_EQ(set(key, "bad\rname", REG_SZ, "x"), static_cast<LONG>(ERROR_INVALID_PARAMETER));
    close(key);
}

TEST_F(Registry, ShowsClassesAsAPartOfTheMachine) {
    close(create(".wav", classes));
    HANDLE key = nullptr;
    EXPECT_EQ(open("Software\\Classes\\.wav", &key), 0);
    close(key);
}

TEST_F(Registry, ExpandsAndChecksTypes) {
    HANDLE const key = create("K");
    set(key, "path", REG_EXPAND_SZ, std::string_view("%SystemRoot%\\x\0", 15));
    const auto get = [&](DWORD flags, char* text, DWORD size) {
        return advapi.call<LONG>("RegGetValueA", key, "", "path", flags, nullptr,
                                 static_cast<void*>(text), &size);
    };
    char text[64] = {};
    EXPECT_EQ(get(0x2, text, sizeof text), 0);
    EXPECT_STREQ(text, "C:\\windows\\x");
    EXPECT_EQ(get(0x10000004, text, sizeof text), 0);
    EXPECT_STREQ(text, "%SystemRoot%\\x");
    EXPECT_EQ(get(0x10, text, sizeof text), 1630) << "not a number";
    close(key);
}

TEST_F(Registry, IsThereTheNextTime) {
    write(
        file(),
        "Windows Registry Editor Version 5.00\n\n[HKEY_CURRENT_USER\\Was]\n\"n\"=dword:00000007\n");
    HANDLE const user = reinterpret_cast<HANDLE>(std::uintptr_t{0x80000001});
    HANDLE key = nullptr;
    ASSERT_EQ(open("was", &key, user), 0);
    DWORD number = 0;
    DWORD size = sizeof number;
    EXPECT_EQ(query(key, "N", &number, &size), 0);
    EXPECT_EQ(number, 7u);
    close(key);
    EXPECT_EQ(std::filesystem::exists(state() / "registry.reg.damaged"), false);
}

TEST_F(Registry, IsOneFileAfterTheDriverIsUnloaded) {
    HANDLE const key = create("K");
    EXPECT_EQ(set(key, "v", REG_SZ, std::string_view("x\0", 2)), 0);
    EXPECT_FALSE(std::filesystem::exists(file()));
    settle();
    EXPECT_THAT(read(file()), HasSubstr("\"v\"=\"x\""));
    close(key);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(state()), {}), 1);
}

TEST_F(Registry, KeepsADamagedFileAside) {
    const std::string damaged = "Windows Registry Editor Version 5.00\n[K]\n\"v\"=dword:zz\n";
    write(file(), damaged);
    write(state() / "registry.reg.damaged", "an older one");
    testing::internal::CaptureStderr();
    close(create("New"));
    settle();
    const std::string told = testing::internal::GetCapturedStderr();
    EXPECT_THAT(told, HasSubstr("line 3: a number that is none"));
    EXPECT_THAT(told, HasSubstr("registry.reg.damaged-2"));
    EXPECT_EQ(read(state() / "registry.reg.damaged-2"), damaged);
    EXPECT_EQ(read(state() / "registry.reg.damaged"), "an older one");
    EXPECT_THAT(read(file()), HasSubstr("[HKEY_LOCAL_MACHINE\\New]"));
}

TEST_F(Registry, NeverWritesOverWhatItCouldNotRead) {
    std::filesystem::create_directories(file() / "a folder in the way");
    testing::internal::CaptureStderr();
    HANDLE key = nullptr;
    EXPECT_EQ(advapi.call<LONG>("RegCreateKeyA", machine, "K", &key), registry::ERROR_BADDB);
    EXPECT_EQ(advapi.call<LONG>("RegFlushKey", machine), registry::ERROR_BADDB);
    EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("read the registry"));
    settle();
    EXPECT_TRUE(std::filesystem::exists(file() / "a folder in the way"));
    EXPECT_FALSE(std::filesystem::exists(state() / "registry.reg.instdrv-journal"));
}

TEST_F(Registry, AnswersWhereNobodyCanBeToldWhatIsWrong) {
    std::filesystem::create_directories(file() / "a folder in the way");
    const Fd before(::dup(STDERR_FILENO));
    const Fd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    ::dup2(full.get(), STDERR_FILENO);
    HANDLE key = nullptr;
    const auto answer = advapi.call<LONG>("RegCreateKeyA", machine, "K", &key);
    ::dup2(before.get(), STDERR_FILENO);
    EXPECT_EQ(answer, registry::ERROR_BADDB);
}

TEST_F(Registry, IsTheSameForEveryoneWhoHasItOpen) {
    DriverState other_state(state());
    const DriverContext other{.driver_folder = driver(), .state = &other_state};
    HANDLE const key = create("Software\\Shared");
    EXPECT_EQ(set(key, "a", REG_SZ, std::string_view("1\0", 2)), 0);
    {
        const ContextScope scope(&other);
        HANDLE const same = create("Software\\Shared");
        char text[8] = {};
        DWORD size = sizeof text;
        EXPECT_EQ(query(same, "a", text, &size), 0);
        EXPECT_STREQ(text, "1");
        EXPECT_EQ(set(same, "a", REG_SZ, std::string_view("2\0", 2)), 0);
        EXPECT_EQ(advapi.call<LONG>("RegDeleteTreeA", machine, "Software\\Gone"),
                  LONG{ERROR_FILE_NOT_FOUND});
        close(same);
        other_state.settle();
    }
    char text[8] = {};
    DWORD size = sizeof text;
    EXPECT_EQ(query(key, "a", text, &size), 0);
    EXPECT_STREQ(text, "2") << "after the other has written the file anew";
    EXPECT_EQ(advapi.call<LONG>("RegDeleteKeyA", machine, "Software\\Shared"), 0);
    const ContextScope scope(&other);
    HANDLE gone = nullptr;
    EXPECT_EQ(open("Software\\Shared", &gone), LONG{ERROR_FILE_NOT_FOUND});
}

TEST_F(Registry, HoldsNothingThatDoesNotFit) {
    HANDLE const key = create("K");
    EXPECT_EQ(set(key, "small", REG_SZ, std::string_view("1\0", 2)), 0);
    const FileSizeLimit full(400);
    EXPECT_EQ(set(key, "large", REG_SZ, std::string(1000, 'x')), LONG{ERROR_DISK_FULL});
    DWORD size = 0;
    EXPECT_EQ(query(key, "large", nullptr, &size), LONG{ERROR_FILE_NOT_FOUND});
    HANDLE made = nullptr;
    EXPECT_EQ(advapi.call<LONG>("RegCreateKeyA", key, std::string(250, 'k').c_str(), &made), 0);
    close(made);
    EXPECT_EQ(advapi.call<LONG>("RegCreateKeyA", key, std::string(251, 'k').c_str(), &made),
              LONG{ERROR_DISK_FULL});
    EXPECT_EQ(made, nullptr);
    EXPECT_EQ(open(std::string(251, 'k').c_str(), &made, key), LONG{ERROR_FILE_NOT_FOUND});
    EXPECT_EQ(advapi.call<LONG>("RegDeleteValueA", key, "small"), 0) << "what fits is taken";
    close(key);
}

}  // namespace
}  // namespace instdrv::winapi::test
