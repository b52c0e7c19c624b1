// user32, shlwapi, version and msacm32.
#include <cstring>
#include <string>

#include <gtest/gtest.h>

#include "dlls/dll_call.hpp"
#include "kernel/driver_folder.hpp"
#include "kernel/driver_text_scope.hpp"

namespace instdrv::winapi::test {
namespace {

constexpr CalledDll user{"user32.dll"};
constexpr CalledDll version{"version.dll"};
constexpr CalledDll shlwapi{"shlwapi.dll"};

TEST(MessageBoxes, AreToldToThePeopleAndAnswered) {
    testing::internal::CaptureStderr();
    const auto box = [](UINT type) {
        return user.call<int>("MessageBoxW", HWND{}, u"Text\nmore", u"Title", type);
    };
    EXPECT_EQ(box(0), 1);
    EXPECT_EQ(box(4), 6);
    EXPECT_EQ(box(0x104), 7) << "the second button is the default";
    EXPECT_EQ(box(5), 2) << "never retry";
    EXPECT_EQ(testing::internal::GetCapturedStderr().substr(0, 41),
              "driver: Title: Text\ndriver: more\ndriver: ");
}

TEST(Texts, AreFormattedIntoAtMost1024Characters) {
    using Format = int(WINCALL*)(char*, const char*, ...);
    const auto format = reinterpret_cast<Format>(address_in("user32.dll", "wsprintfA"));
    char text[1024];
    EXPECT_EQ(format(text, "%d %s %S %04x", 1, "a", u"b", 255), 10);
    EXPECT_STREQ(text, "1 a b 00ff");
    EXPECT_EQ(format(text, "%S", u"\u20AC"), 1);
    EXPECT_STREQ(text, "\x80") << "in the driver's code page";
    const std::string lengthy(2000, 'x');
    EXPECT_EQ(format(text, "%s", lengthy.c_str()), 1023);
    EXPECT_EQ(std::strlen(text), 1023u);
}

TEST(Letters, ChangeTheirCase) {
    char text[] =
        "\xe4"
        "Bc";
    EXPECT_EQ(user.call<char*>("CharUpperA", +text), +text);
    EXPECT_STREQ(text,
                 "\xc4"
                 "BC");
    EXPECT_EQ(user.call<std::uintptr_t>("CharLowerW", std::uintptr_t{u'\u00c4'}), u'\u00e4');
    EXPECT_EQ(user.call<DWORD>("CharLowerBuffA", +text, DWORD{2}), 2u);
    EXPECT_STREQ(text,
                 "\xe4"
                 "bC");
}

// Shift-JIS, in which the second byte of a character may be a letter's or a backslash's.
TEST(Characters, AreOfTwoBytesWhereTheDriversPageHasSuch) {
    const DriverTextScope driver(japanese);
    const char text[] =
        "\x95\x5C"
        "a\x81";
    EXPECT_EQ(user.call<const char*>("CharNextA", +text), text + 2);
    EXPECT_EQ(user.call<const char*>("CharNextA", text + 3), text + 4) << "half a character";
    EXPECT_EQ(user.call<const char*>("CharNextA", text + 4), text + 4);
    EXPECT_EQ(user.call<const char*>("CharPrevA", +text, text + 3), text + 2);
    EXPECT_EQ(user.call<const char*>("CharPrevA", +text, text + 2), text);
    EXPECT_EQ(user.call<const char*>("CharPrevA", +text, +text), text);
    EXPECT_EQ(user.call<const char*>("CharNextExA", WORD{1252}, +text, DWORD{0}), text + 1);
    EXPECT_EQ(user.call<const char*>("CharPrevExA", WORD{1252}, +text, text + 2, DWORD{0}),
              text + 1);
    char changed[] = "\x82\x81z\x83\x61";
    user.call<char*>("CharUpperA", +changed);
    EXPECT_STREQ(changed, "\x82\x60Z\x83\x61") << "full-width a; katakana has no case";
    EXPECT_EQ(user.call<BOOL>("IsCharAlphaA", char{'\xB1'}), TRUE) << "katakana";
    EXPECT_EQ(user.call<BOOL>("IsCharUpperA", char{'\xB1'}), FALSE);
}

TEST(Paths, HaveNoBackslashInsideACharacter) {
    const DriverTextScope driver(japanese);
    const char path[] = "C:\\\x95\x5C.txt";
    EXPECT_EQ(shlwapi.call<const char*>("PathFindFileNameA", +path), path + 3);
    EXPECT_EQ(shlwapi.call<const char*>("PathFindExtensionA", +path), path + 5);
    EXPECT_EQ(shlwapi.call<const char*>("StrChrA", path + 3, WORD{'\\'}), nullptr);
    EXPECT_EQ(shlwapi.call<const char*>("StrChrA", +path, WORD{0x955C}), path + 3);
    EXPECT_EQ(shlwapi.call<const char*>("StrStrIA", +path, "\x5C.t"), nullptr);
    EXPECT_EQ(shlwapi.call<int>("StrCmpNIA", "\x82\x60x", "\x82\x81y", 2), 0);
    char buffer[260] = "C:\\\x95\x5C";
    EXPECT_EQ(shlwapi.call<char*>("PathAddBackslashA", +buffer), buffer + 6);
    EXPECT_STREQ(buffer, "C:\\\x95\x5C\\");
    EXPECT_EQ(shlwapi.call<char*>("PathCombineA", +buffer, "C:\\\x95\x5C", "x"), buffer);
    EXPECT_STREQ(buffer, "C:\\\x95\x5C\\x");
    EXPECT_EQ(shlwapi.call<BOOL>("PathRemoveFileSpecA", +buffer), TRUE);
    EXPECT_STREQ(buffer, "C:\\\x95\x5C");
    EXPECT_EQ(shlwapi.call<BOOL>("PathRemoveFileSpecA", +buffer), TRUE);
    EXPECT_STREQ(buffer, "C:\\");
}

struct Message {
    HWND window;
    UINT message;
    WPARAM wparam;
    LPARAM lparam;
    DWORD time;
    LONG x, y;
};

TEST(MessageQueues, AreAThreads) {
    Message message{};
    EXPECT_FALSE(user.call<BOOL>("PeekMessageW", &message, HWND{}, 0u, 0u, 1u));
    EXPECT_TRUE(user.call<BOOL>("PostMessageA", HWND{}, UINT{0x401}, WPARAM{1}, LPARAM{2}));
    EXPECT_TRUE(user.call<BOOL>("PeekMessageW", &message, HWND{}, 0u, 0u, 0u));
    EXPECT_TRUE(user.call<BOOL>("GetMessageW", &message, HWND{}, 0u, 0u)) << "peeking kept it";
    EXPECT_EQ(message.message, 0x401u);
    EXPECT_EQ(message.lparam, 2);
    user.call<void>("PostQuitMessage", 3);
    EXPECT_FALSE(user.call<BOOL>("GetMessageW", &message, HWND{}, 0u, 0u));
    EXPECT_EQ(message.wparam, 3u);
    EXPECT_FALSE(user.call<BOOL>("PostThreadMessageW", DWORD{1}, 0u, WPARAM{0}, LPARAM{0}));
    const UINT first = user.call<UINT>("RegisterWindowMessageA", "name");
    EXPECT_EQ(user.call<UINT>("RegisterWindowMessageW", u"NAME"), first);
    EXPECT_GE(first, 0xC000u);
}

TEST(Windows, AreNone) {
    EXPECT_EQ(
        user.call<std::intptr_t>("DialogBoxParamW", HINSTANCE{}, u"x", HWND{}, nullptr, LPARAM{0}),
        -1);
    HWND const desktop = user.call<HWND>("GetDesktopWindow");
    EXPECT_NE(desktop, nullptr);
    EXPECT_EQ(user.call<LRESULT>("SendMessageW", desktop, 0u, WPARAM{0}, LPARAM{0}), 0);
    EXPECT_EQ(last_error_code(), 1400u);
}

class RealDriver : public DriverFolderTest {
protected:
    RealDriver() {
        std::filesystem::copy(std::string(INSTDRV_WINE_DLLS) + "/iccvid.dll",
                              driver() / "iccvid.dll");
        module_ = call<HMODULE>("LoadLibraryA", "iccvid.dll");
    }
    ~RealDriver() override { call<BOOL>("FreeLibrary", module_); }
    [[nodiscard]] HMODULE module() const { return module_; }

private:
    HMODULE module_ = nullptr;
};

TEST_F(RealDriver, HasTexts) {
    constexpr UINT name = 100;
    WCHAR text[64] = {};
    const int length = user.call<int>("LoadStringW", module(), name, +text, 64);
    ASSERT_GT(length, 0);
    EXPECT_EQ(std::u16string(text).size(), static_cast<std::size_t>(length));
    const WCHAR* in_place = nullptr;
    EXPECT_EQ(user.call<int>("LoadStringW", module(), name, static_cast<void*>(&in_place), 0),
              length);
    EXPECT_EQ(std::u16string(in_place, static_cast<std::size_t>(length)), text);
    char narrow[4] = {};
    EXPECT_EQ(user.call<int>("LoadStringA", module(), name, +narrow, 4), 3);
    EXPECT_EQ(std::u16string(narrow, narrow + 3), std::u16string(text, 3));
    EXPECT_EQ(user.call<int>("LoadStringW", module(), UINT{9999}, +text, 64), 0);
    EXPECT_EQ(user.call<int>("LoadStringW", HMODULE{}, name, +text, 64), 0);
}

class VersionInfo : public DriverFolderTest {};

TEST_F(VersionInfo, IsReadFromAFileThatIsNotLoaded) {
    std::filesystem::copy(std::string(INSTDRV_WINE_DLLS) + "/mciqtz32.dll",
                          driver() / "mciqtz32.dll");
    const char* const path = "C:\\windows\\system32\\mciqtz32.dll";
    DWORD handle = 1;
    const DWORD size = version.call<DWORD>("GetFileVersionInfoSizeA", path, &handle);
    ASSERT_GT(size, 100u);
    EXPECT_EQ(handle, 0u);
    std::vector<DWORD> block(size / 4 + 1);
    void* const data = block.data();
    ASSERT_TRUE(version.call<BOOL>("GetFileVersionInfoA", path, DWORD{0}, size, data));
    const void* value = nullptr;
    UINT length = 0;
    ASSERT_TRUE(version.call<BOOL>("VerQueryValueA", static_cast<const void*>(data), "\\", &value,
                                   &length));
    EXPECT_EQ(length, 52u);
    EXPECT_EQ(*static_cast<const DWORD*>(value), 0xFEEF04BDu) << "VS_FIXEDFILEINFO";
    ASSERT_TRUE(version.call<BOOL>("VerQueryValueW", static_cast<const void*>(data),
                                   u"\\VarFileInfo\\Translation", &value, &length));
    EXPECT_EQ(length % 4, 0u);
    char name[64];
    const auto* const translation = static_cast<const WORD*>(value);
    std::snprintf(name, sizeof name, "\\StringFileInfo\\%04x%04x\\OriginalFilename", translation[0],
                  translation[1]);
    ASSERT_TRUE(version.call<BOOL>("VerQueryValueA", static_cast<const void*>(data),
                                   static_cast<const char*>(name), &value, &length));
    EXPECT_STREQ(static_cast<const char*>(value), "mciqtz32.dll");
    EXPECT_FALSE(version.call<BOOL>("VerQueryValueA", static_cast<const void*>(data), "\\Nothing",
                                    &value, &length));
}

TEST_F(VersionInfo, IsMissingWhereThereIsNoFile) {
    EXPECT_EQ(version.call<DWORD>("GetFileVersionInfoSizeW", u"C:\\none.dll", nullptr), 0u);
    EXPECT_EQ(last_error_code(), ERROR_FILE_NOT_FOUND);
    write(state() / "text.dll", "no image");
    EXPECT_EQ(version.call<DWORD>("GetFileVersionInfoSizeW", u"C:\\text.dll", nullptr), 0u);
}

TEST(PathTexts, AreChangedInPlace) {
    char path[260] = "C:\\a b\\file.txt";
    EXPECT_TRUE(shlwapi.call<BOOL>("PathRenameExtensionA", +path, ".wav"));
    EXPECT_STREQ(path, "C:\\a b\\file.wav");
    EXPECT_FALSE(shlwapi.call<BOOL>("PathAddExtensionA", +path, ".x"));
    EXPECT_TRUE(shlwapi.call<BOOL>("PathQuoteSpacesA", +path));
    EXPECT_STREQ(path, "\"C:\\a b\\file.wav\"");
    shlwapi.call<void>("PathUnquoteSpacesA", +path);
    EXPECT_STREQ(path, "C:\\a b\\file.wav");
    EXPECT_TRUE(shlwapi.call<BOOL>("PathMatchSpecA", "x.WAV", "*.mp3; *.wav"));
    EXPECT_FALSE(shlwapi.call<BOOL>("PathMatchSpecA", "x.ogg", "*.mp3;*.wav"));
    EXPECT_TRUE(shlwapi.call<BOOL>("PathIsRootW", u"C:\\"));
    EXPECT_FALSE(shlwapi.call<BOOL>("PathIsRootW", u"C:\\a"));
    EXPECT_EQ(shlwapi.call<int>("PathGetDriveNumberA", "d:x"), 3);
    EXPECT_EQ(std::string(shlwapi.call<char*>("StrStrIA", "find The it", "THE")), "The it");
}

}  // namespace
}  // namespace instdrv::winapi::test
