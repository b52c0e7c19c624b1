#include "winapi/files/profile_file.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "driver_folder.hpp"
#include "windows_call.hpp"

namespace instdrv::winapi::test {
namespace {

using Texts = std::vector<std::u16string>;

TEST(ProfileFile, FindsEntriesByWindowsRules) {
    const ProfileFile file(
        u"before=x\r\n[ Audio ]\r\nRate = 44100 \r\n;Rate=1\r\nQuoted=\" a b \"\nSingle='x'\n"
        u"half=\"x\nequals=a=b\nempty=\n[other]rest\nRate=2\n[AUDIO]\nRate=3\n");
    EXPECT_EQ(file.find(u"audio", u"RATE"), u"44100");
    EXPECT_EQ(file.find(u"Audio", u"quoted"), u" a b ");
    EXPECT_EQ(file.find(u"Audio", u"single"), u"x");
    EXPECT_EQ(file.find(u"Audio", u"half"), u"\"x");
    EXPECT_EQ(file.find(u"Audio", u"equals"), u"a=b");
    EXPECT_EQ(file.find(u"Audio", u"empty"), u"");
    EXPECT_EQ(file.find(u"other", u"rate"), u"2");
    EXPECT_EQ(file.find(u"Audio", u"before"), std::nullopt);
    EXPECT_EQ(file.find(u"", u"before"), std::nullopt);
    EXPECT_EQ(file.keys(u"audio"),
              (Texts{u"Rate", u"Quoted", u"Single", u"half", u"equals", u"empty"}));
    EXPECT_EQ(file.sections(), (Texts{u"Audio", u"other", u"AUDIO"}));
}

std::string as_text(const ProfileFile& file) {
    const auto content = file.content();
    return {reinterpret_cast<const char*>(content.data()), content.size()};
}

TEST(ProfileFile, ChangesWhatIsAskedAndNothingElse) {
    ProfileFile file(u"; mine\r\n[a]\r\nx=1\r\n\r\n[b]\r\ny=2\r\n");
    file.set(u"A", u"X", u"9");
    file.set(u"a", u"new", u"n");
    file.remove(u"b", u"Y");
    file.set(u"c", u"z", u"3");
    EXPECT_EQ(as_text(file), "; mine\r\n[a]\r\nX=9\r\nnew=n\r\n\r\n[b]\r\n\r\n[c]\r\nz=3\r\n");
    file.remove_section(u"a");
    file.remove_section(u"nothing");
    EXPECT_EQ(as_text(file), "; mine\r\n[b]\r\n\r\n[c]\r\nz=3\r\n");
}

TEST(ProfileFile, KeepsTheEncodingOfTheFile) {
    const std::u16string text = u"\uFEFF[s]\r\nk=\u65E5\r\n";
    ProfileFile wide = ProfileFile::parse(std::as_bytes(std::span(text)));
    EXPECT_EQ(wide.find(u"s", u"k"), u"\u65E5");
    wide.set(u"s", u"k", u"\u672C");
    EXPECT_EQ(wide.content().size(), text.size() * 2);

    const std::string ansi = "[s]\nk=na\xEFve\n";
    const ProfileFile narrow = ProfileFile::parse(std::as_bytes(std::span(ansi)));
    EXPECT_EQ(narrow.find(u"s", u"k"), u"naïve");
    EXPECT_EQ(as_text(narrow), "[s]\r\nk=na\xEFve\r\n");
}

RC_GTEST_PROP(ProfileFile, ReadsBackWhatItWrote, (const std::vector<std::uint8_t>& noise)) {
    ProfileFile file = ProfileFile::parse(std::as_bytes(std::span(noise)));
    file.set(u"section", u"key", u"value");
    const auto content = file.content();
    const bool found = ProfileFile::parse(content).find(u"section", u"key") == u"value";
    RC_ASSERT(found);
}

using Profiles = DriverFolderTest;

DWORD get(const char* section, const char* key, const char* fallback, std::span<char> buffer,
          const char* file = "driver.ini") {
    return call<DWORD>("GetPrivateProfileStringA", section, key, fallback, buffer.data(),
                       static_cast<DWORD>(buffer.size()), file);
}

BOOL set(const char* section, const char* key, const char* value, const char* file = "driver.ini") {
    return call<BOOL>("WritePrivateProfileStringA", section, key, value, file);
}

TEST_F(Profiles, ArePartOfTheDriversState) {
    EXPECT_EQ(set("s", "key", "value"), TRUE);
    settle();
    EXPECT_EQ(read(state() / "windows" / "driver.ini"), "[s]\r\nkey=value\r\n");
    char buffer[20];
    EXPECT_EQ(get("S", "KEY", "none", buffer), 5u);
    EXPECT_STREQ(buffer, "value");
    EXPECT_EQ(set("s", "key", nullptr), TRUE);
    EXPECT_EQ(get("S", "KEY", "none  ", buffer), 4u);
    EXPECT_STREQ(buffer, "none");
    EXPECT_EQ(set("s", "key", "x", "C:\\windows\\system32\\driver.ini"), FALSE);
    EXPECT_EQ(last_error_code(), ERROR_ACCESS_DENIED);
}

TEST_F(Profiles, ListSectionsAndKeysWithTwoNulsAtTheEnd) {
    set("one", "a", "1");
    set("one", "bb", "2");
    set("two", "c", "3");
    char buffer[20];
    EXPECT_EQ(get("one", nullptr, nullptr, buffer), 5u);
    EXPECT_EQ(std::string(buffer, 6), std::string("a\0bb\0\0", 6));
    EXPECT_EQ(get(nullptr, nullptr, nullptr, buffer), 8u);
    EXPECT_EQ(std::string(buffer, 9), std::string("one\0two\0\0", 9));
    EXPECT_EQ(get("nothing", nullptr, nullptr, buffer), 0u);
    EXPECT_EQ(call<DWORD>("GetPrivateProfileSectionA", "one", +buffer, DWORD{20}, "driver.ini"),
              9u);
    EXPECT_EQ(std::string(buffer, 10), std::string("a=1\0bb=2\0\0", 10));
}

TEST_F(Profiles, CutTextsToFit) {
    set("s", "key", "0123456789");
    set("s", "other", "x");
    char buffer[6];
    EXPECT_EQ(get("s", "key", "", buffer), 5u) << "the size without the NUL";
    EXPECT_STREQ(buffer, "01234");
    EXPECT_EQ(get("s", nullptr, "", buffer), 4u) << "the size without two NULs";
    EXPECT_EQ(std::string(buffer, 6), std::string("key\0\0\0", 6));
    EXPECT_EQ(get("s", "key", "", std::span(buffer, 0)), 0u);
}

TEST_F(Profiles, ReadNumbersAndBytes) {
    set("s", "n", "-12abc");
    set("s", "text", "abc");
    const auto number = [](const char* key) {
        return static_cast<LONG>(
            call<UINT>("GetPrivateProfileIntA", "s", key, LONG{77}, "driver.ini"));
    };
    EXPECT_EQ(number("n"), -12);
    EXPECT_EQ(number("text"), 0);
    EXPECT_EQ(number("none"), 77);

    const BYTE bytes[] = {1, 0xFF, 0x80};
    EXPECT_EQ(
        call<BOOL>("WritePrivateProfileStructA", "s", "raw", &bytes[0], UINT{3}, "driver.ini"),
        TRUE);
    BYTE back[3] = {};
    EXPECT_EQ(call<BOOL>("GetPrivateProfileStructA", "s", "raw", &back[0], UINT{3}, "driver.ini"),
              TRUE);
    EXPECT_EQ(back[1], 0xFF);
    EXPECT_EQ(call<BOOL>("GetPrivateProfileStructA", "s", "raw", &back[0], UINT{2}, "driver.ini"),
              FALSE);
    set("s", "raw", "01FF8000");
    EXPECT_EQ(call<BOOL>("GetPrivateProfileStructA", "s", "raw", &back[0], UINT{3}, "driver.ini"),
              FALSE)
        << "the last byte is the sum of the others, 0x80";
}

// Drivers look at their INI files by other means, too.
TEST_F(Profiles, AreOneWithTheFilesTheyLieIn) {
    const auto open = [](DWORD access) {
        return call<HANDLE>("CreateFileA", "C:\\windows\\driver.ini", access, DWORD{0},
                            static_cast<void*>(nullptr), DWORD{3}, DWORD{0},
                            static_cast<HANDLE>(nullptr));
    };
    EXPECT_EQ(set("s", "key", "value"), TRUE);
    char text[64] = {};
    DWORD moved = 0;
    HANDLE const file = open(0xC0000000);
    EXPECT_EQ(call<BOOL>("ReadFile", file, static_cast<void*>(text), DWORD{64}, &moved,
                         static_cast<void*>(nullptr)),
              TRUE);
    EXPECT_EQ(std::string(text, moved), "[s]\r\nkey=value\r\n");
    const std::string more = "other=longer\r\n";
    EXPECT_EQ(call<BOOL>("WriteFile", file, static_cast<const void*>(more.data()),
                         static_cast<DWORD>(more.size()), &moved, static_cast<void*>(nullptr)),
              TRUE);
    call<BOOL>("CloseHandle", file);
    EXPECT_EQ(get("s", "other", "none", text), 6u) << text;
    EXPECT_EQ(set("s", "third", "3"), TRUE);
    EXPECT_EQ(call<BOOL>("DeleteFileA", "C:\\windows\\driver.ini"), TRUE);
    EXPECT_EQ(get("s", "key", "none", text), 4u) << text;
    EXPECT_EQ(set("s", "new", "4"), TRUE);
    settle();
    EXPECT_EQ(read(state() / "windows" / "driver.ini"), "[s]\r\nnew=4\r\n");
}

}  // namespace
}  // namespace instdrv::winapi::test
