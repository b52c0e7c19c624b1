#include "winapi/files/paths.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include "winapi/text/wildcard.hpp"

#include "driver_folder.hpp"

namespace instdrv::winapi::test {
namespace {

using Paths = DriverFolderTest;

TEST_F(Paths, AreResolvedBeforeAnythingIsLookedUp) {
    EXPECT_EQ(full_path("C:\\a\\..\\b\\.\\c"), "C:\\b\\c");
    EXPECT_EQ(full_path("c:/x//y/"), "C:\\x\\y");
    EXPECT_EQ(full_path("\\\\?\\C:\\a"), "C:\\a");
    EXPECT_EQ(full_path("..\\..\\..\\etc\\passwd"), "C:\\etc\\passwd");
    EXPECT_EQ(full_path("C:"), "C:\\");
    EXPECT_EQ(full_path("name. . "), "C:\\name") << "Windows drops blanks and dots at the end";
    EXPECT_EQ(full_path("D:\\a").error(), ERROR_PATH_NOT_FOUND);
    EXPECT_EQ(full_path("\\\\server\\share").error(), ERROR_PATH_NOT_FOUND);
    EXPECT_EQ(full_path("\\\\.\\PhysicalDrive0").error(), ERROR_PATH_NOT_FOUND);
    EXPECT_EQ(full_path("a<b").error(), ERROR_INVALID_NAME);
    EXPECT_EQ(full_path("C:\\dir\\file:stream").error(), ERROR_INVALID_NAME);
    EXPECT_EQ(full_path("C:\\com1.txt").error(), ERROR_FILE_NOT_FOUND);
    EXPECT_EQ(full_path("").error(), ERROR_PATH_NOT_FOUND);
}

TEST_F(Paths, FindFilesInAnyCase) {
    write(driver() / "Codec.DLL", "code");
    const auto place = locate("c:\\WINDOWS\\System32\\cOdEc.dll");
    ASSERT_TRUE(place.has_value());
    EXPECT_TRUE(place->exists);
    EXPECT_FALSE(place->writable);
    EXPECT_EQ(place->path, driver() / "Codec.DLL");
}

TEST_F(Paths, NeverFollowLinks) {
    write(state().parent_path() / "secret.txt", "secret");
    write(state() / "inside.txt", "inside");
    std::filesystem::create_symlink(state().parent_path() / "secret.txt", state() / "link.txt");
    std::filesystem::create_directory_symlink(state().parent_path(), state() / "up");
    EXPECT_FALSE(open_in_view("C:\\link.txt", O_RDONLY).has_value());
    EXPECT_FALSE(open_in_view("C:\\link.txt", O_WRONLY | O_TRUNC).has_value());
    EXPECT_EQ(open_in_view("C:\\up\\secret.txt", O_RDONLY).error(), ERROR_PATH_NOT_FOUND);
    EXPECT_TRUE(open_in_view("C:\\inside.txt", O_RDONLY).has_value());
    EXPECT_EQ(read(state().parent_path() / "secret.txt"), "secret");
}

TEST_F(Paths, NeverOpenDevicesOrFolders) {
    std::filesystem::create_directories(state() / "folder");
    ASSERT_EQ(::mkfifo((state() / "pipe").c_str(), 0600), 0);
    EXPECT_EQ(open_in_view("C:\\pipe", O_RDONLY).error(), ERROR_ACCESS_DENIED);
    EXPECT_EQ(open_in_view("C:\\folder", O_RDONLY).error(), ERROR_ACCESS_DENIED);
}

TEST_F(Paths, KeepTheDriversFolderAsItIs) {
    write(driver() / "codec.dll", "code");
    for (const char* const path :
         {"C:\\windows\\system32\\codec.dll", "C:\\windows\\system32\\new.txt",
          "C:\\windows\\temp\\..\\system32\\new.txt"}) {
        EXPECT_EQ(open_in_view(path, O_WRONLY | O_CREAT | O_TRUNC).error(), ERROR_ACCESS_DENIED);
    }
    EXPECT_EQ(read(driver() / "codec.dll"), "code");
    EXPECT_FALSE(std::filesystem::exists(driver() / "new.txt"));
}

TEST_F(Paths, MakeTheStateFolderOnFirstWriteOnly) {
    EXPECT_EQ(open_in_view("C:\\settings.txt", O_RDONLY).error(), ERROR_FILE_NOT_FOUND);
    EXPECT_TRUE(locate("C:\\windows\\temp")->exists);
    EXPECT_FALSE(std::filesystem::exists(state()));
    EXPECT_TRUE(open_in_view("C:\\settings.txt", O_WRONLY | O_CREAT).has_value());
    EXPECT_TRUE(std::filesystem::is_regular_file(state() / "settings.txt"));
}

TEST_F(Paths, ListWhatTheViewHas) {
    using Names = std::vector<std::string>;
    EXPECT_EQ(*entries_of("C:\\"), Names{"windows"});
    write(state() / "b.txt", "");
    write(state() / "Windows" / "a.ini", "");
    write(driver() / "codec.dll", "");
    EXPECT_EQ(*entries_of("C:\\"), (Names{"Windows", "b.txt"}));
    EXPECT_EQ(*entries_of("C:\\windows"), (Names{"a.ini", "system32", "temp"}));
    EXPECT_EQ(*entries_of("C:\\windows\\system32"), Names{"codec.dll"});
    EXPECT_EQ(entries_of("C:\\nothing").error(), ERROR_PATH_NOT_FOUND);
}

TEST_F(Paths, LeaveJournalsAlone) {
    for (const std::string name : {"registry.reg.instdrv-journal", "a.ini.Instdrv-Journal"}) {
        write(state() / name, "ours");
        EXPECT_EQ(open_in_view("C:\\" + name, O_RDWR).error(), ERROR_ACCESS_DENIED);
        EXPECT_EQ(open_in_view("C:\\" + name, O_RDWR | O_CREAT).error(), ERROR_ACCESS_DENIED);
    }
    write(state() / "a:journal", "of an older instdrv");
    EXPECT_EQ(*entries_of("C:\\"), std::vector<std::string>{"windows"});
    EXPECT_TRUE(open_in_view("C:\\instdrv-journal", O_RDWR | O_CREAT));
}

TEST_F(Paths, LeaveTheRegistryToItsFunctions) {
    for (const char* const path : {"C:\\registry.reg", "\\REGISTRY.reg", "a\\..\\Registry.Reg."}) {
        EXPECT_EQ(open_in_view(path, O_RDWR | O_CREAT).error(), ERROR_ACCESS_DENIED) << path;
    }
    write(state() / "registry.reg", "ours");
    EXPECT_EQ(*entries_of("C:\\"), std::vector<std::string>{"windows"});
    EXPECT_TRUE(open_in_view("C:\\windows\\registry.reg", O_RDWR | O_CREAT));
}

TEST(PathsWithoutADriver, LeadNowhere) {
    EXPECT_EQ(locate("C:\\windows\\system32\\a.dll").error(), ERROR_PATH_NOT_FOUND);
    EXPECT_EQ(open_in_view("C:\\a", O_RDWR | O_CREAT).error(), ERROR_PATH_NOT_FOUND);
}

TEST(Wildcards, MatchAsWindowsDoes) {
    EXPECT_TRUE(matches_wildcard("codec.dll", "*.DLL"));
    EXPECT_TRUE(matches_wildcard("noextension", "*.*"));
    EXPECT_TRUE(matches_wildcard("a.b.c", "a*c"));
    EXPECT_TRUE(matches_wildcard("ab", "a??")) << "'?' matches nothing at the end";
    EXPECT_TRUE(matches_wildcard("käse", "k?se"));
    EXPECT_TRUE(matches_wildcard("aaab", "*ab"));
    EXPECT_FALSE(matches_wildcard("codec.dl", "*.dll"));
    EXPECT_FALSE(matches_wildcard("abc", "ab"));
    EXPECT_FALSE(matches_wildcard("abc", ""));
}

}  // namespace
}  // namespace instdrv::winapi::test
