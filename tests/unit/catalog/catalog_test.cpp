#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "catalog/catalog.hpp"
#include "catalog/find_file.hpp"
#include "unit/base/temporary_folder.hpp"

namespace instdrv::catalog {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Result<Catalog> read(std::string_view text) {
    return Catalog::from_bytes(std::as_bytes(std::span(text)), "/etc/instdrv/system.ini");
}

constexpr std::string_view sample =
    "[boot]\n"
    "drivers=mmsystem.dll, timer  power.drv,\n"
    "[drivers]\n"
    "wave=sndblst.drv\n"
    "timer=timer.drv com1\n"
    "msacm.empty=\n"
    "[Drivers32]\n"
    "wave=wdmaud.drv\n"
    "msacm.imaadpcm=imaadp32.acm\n"
    "[MCI]\n"
    "WaveAudio=mciwave.drv 4\n"
    "[fonts]\n"
    "arial=arial.fot\n"
    "[instdrv]\n"
    "path=/opt/drivers:more\n"
    "[instdrv.msacm.imaadpcm]\n"
    "session_instance=No\n"
    "[instdrv.MCIWAVE.DRV]\n"
    "Session_Instance=yes\n"
    "state_limit=64M\n";

TEST(Catalog, finds_entries_by_alias_and_section) {
    const auto catalog = read(sample);
    ASSERT_TRUE(catalog) << catalog.error().text();
    const auto wave = catalog->lookup("WAVE");
    ASSERT_TRUE(wave);
    EXPECT_EQ(wave->value, "wdmaud.drv") << "[drivers32] comes before [drivers]";
    EXPECT_EQ(wave->section, "Drivers32");
    EXPECT_EQ(wave->line, 8u);
    EXPECT_EQ(catalog->lookup("wave", "drivers")->value, "sndblst.drv");
    EXPECT_EQ(catalog->lookup("timer")->value, "timer.drv com1");
    EXPECT_EQ(catalog->lookup("waveaudio", "mci")->value, "mciwave.drv 4");
    EXPECT_EQ(catalog->lookup("arial", "fonts")->value, "arial.fot");
    EXPECT_FALSE(catalog->lookup("waveaudio"));
    EXPECT_FALSE(catalog->lookup("timer", "drivers32"));
    EXPECT_FALSE(catalog->lookup(""));
    EXPECT_FALSE(catalog->lookup("wave", "no such section"));
}

TEST(Catalog, lists_the_drivers_in_the_order_of_the_file) {
    const auto catalog = read(sample);
    ASSERT_TRUE(catalog);
    std::vector<std::string> aliases;
    for (const auto& entry : catalog->drivers())
        aliases.push_back(entry.section + "/" + entry.alias);
    EXPECT_THAT(aliases, ElementsAre("drivers/wave", "drivers/timer", "Drivers32/wave",
                                     "Drivers32/msacm.imaadpcm", "MCI/WaveAudio"));
    EXPECT_THAT(catalog->boot_drivers(), ElementsAre("mmsystem.dll", "timer", "power.drv"));
}

TEST(Catalog, knows_settings_by_alias_and_by_file) {
    const auto catalog = read(sample);
    ASSERT_TRUE(catalog);
    const auto named = [](std::string_view file) {
        return [file](std::string_view name) { return name == file; };
    };
    EXPECT_EQ(catalog->settings("MSACM.imaadpcm", named("")).session_instance, false);
    EXPECT_EQ(catalog->settings("", named("MCIWAVE.DRV")).session_instance, true);
    const auto both = catalog->settings("msacm.imaadpcm", named("MCIWAVE.DRV"));
    EXPECT_EQ(both.session_instance, false) << "the alias counts first";
    EXPECT_EQ(both.state_limit, 64u << 20);
    EXPECT_FALSE(catalog->settings("wave", named("wdmaud.drv")).session_instance);
    EXPECT_FALSE(catalog->settings("", named("")).state_limit);
}

TEST(Catalog, knows_what_a_driver_may_ask_for) {
    const auto catalog = read(
        "[instdrv.x]\nmay_open=a.dll, b\nmost_opened=3\nmost_workers=0\n"
        "most_requests=7\n");
    ASSERT_TRUE(catalog) << catalog.error().text();
    const auto settings = catalog->settings("x", [](std::string_view) { return false; });
    EXPECT_THAT(settings.may_open, ElementsAre("a.dll", "b"));
    EXPECT_EQ(settings.most_opened, 3u);
    EXPECT_EQ(settings.most_workers, 0u);
    EXPECT_EQ(settings.most_requests, 7u);
}

TEST(Catalog, knows_in_what_a_drivers_texts_are) {
    const auto catalog = read("[instdrv.x]\ncode_page=932\noem_code_page=437\nlocale=JA-jp\n");
    ASSERT_TRUE(catalog) << catalog.error().text();
    const auto settings = catalog->settings("x", [](std::string_view) { return false; });
    EXPECT_EQ(settings.code_page, 932);
    EXPECT_EQ(settings.oem_code_page, 437);
    EXPECT_EQ(settings.locale, 0x411);
}

TEST(Catalog, says_which_pages_and_locales_there_are) {
    const auto advice = [](std::string_view entry) {
        const auto catalog = read("[instdrv.x]\n" + std::string(entry) + "\n");
        EXPECT_FALSE(catalog) << entry;
        return catalog ? std::string() : catalog.error().advice;
    };
    EXPECT_THAT(advice("code_page=shift-jis"), AllOf(HasSubstr("932, 936"), HasSubstr("65001")));
    EXPECT_THAT(advice("code_page=65000"), HasSubstr("437, 737")) << "UTF-7 is none";
    EXPECT_THAT(advice("oem_code_page=66468"), HasSubstr("437, 737")) << "932 + 65536";
    EXPECT_EQ(advice("locale=ja"), "Write one of ja-JP.");
    EXPECT_EQ(advice("locale=zh_XX"), "Write one of zh-CN, zh-HK, zh-SG, zh-TW.");
    EXPECT_THAT(advice("locale=japanese"), AllOf(HasSubstr("ar-EG, "), HasSubstr("zh-TW")));
}

TEST(Catalog, of_nothing_has_nothing) {
    const Catalog none;
    EXPECT_TRUE(none.file().empty());
    EXPECT_FALSE(none.lookup("wave"));
    EXPECT_THAT(none.drivers(), IsEmpty());
    EXPECT_THAT(none.boot_drivers(), IsEmpty());
    EXPECT_FALSE(none.find_file("wave.drv"));
    EXPECT_FALSE(none.settings("a", [](std::string_view) { return true; }).session_instance);
}

TEST(Catalog, refuses_mistakes_in_its_own_sections) {
    const std::vector<std::pair<std::string, std::string>> all = {
        {"[instdrv.x]\nsession_instance=perhaps\n", "line 2: session_instance=perhaps"},
        {"[instdrv.x]\nsession_instance=\n", "line 2: session_instance="},
        {"[instdrv.x]\nstate_limit=0\n", "line 2: state_limit=0"},
        {"[instdrv.x]\nstate_limit=64MB\n", "line 2: state_limit=64MB"},
        {"[instdrv.x]\nstate=../y\n", "line 2: state=../y"},
        {"[instdrv.x]\nstate=..\n", "line 2: state=.."},
        {"[instdrv.x]\nmay_open=\n", "line 2: may_open="},
        {"[instdrv.x]\nmay_open=a,/b/c.dll\n", "line 2: may_open=a,/b/c.dll"},
        {"[instdrv.x]\nmost_opened=many\n", "line 2: most_opened=many"},
        {"[instdrv.x]\nmost_workers=-1\n", "line 2: most_workers=-1"},
        {"[instdrv.x]\nsesion_instance=no\n",
         "line 2: [instdrv.x] has no entry \"sesion_instance\""},
        {"[instdrv]\npaths=/a\n", "line 2: [instdrv] has no entry \"paths\""}};
    for (const auto& [text, cause] : all) {
        const auto catalog = read(text);
        ASSERT_FALSE(catalog) << text;
        EXPECT_EQ(catalog.error().code, ErrorCode::configuration);
        EXPECT_EQ(catalog.error().driver, "/etc/instdrv/system.ini");
        EXPECT_THAT(catalog.error().cause, HasSubstr(cause));
    }
}

class CatalogFiles : public testing::Test {
protected:
    fs::path make(const fs::path& relative, std::string_view content = "x") {
        const auto file = folder_ / relative;
        fs::create_directories(file.parent_path());
        std::ofstream(file) << content;
        return file;
    }

private:
    TemporaryFolder temporary_;

protected:
    const fs::path folder_ = temporary_.path();
};

TEST_F(CatalogFiles, read_from_a_file) {
    const auto catalog = Catalog::from_file(make("system.ini", "[drivers]\nwave=a.drv\n"));
    ASSERT_TRUE(catalog);
    EXPECT_EQ(catalog->lookup("wave")->value, "a.drv");
    EXPECT_EQ(catalog->file(), folder_ / "system.ini");
}

TEST_F(CatalogFiles, that_cannot_be_read_say_why) {
    const auto missing = Catalog::from_file(folder_ / "none.ini");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::io);
    EXPECT_EQ(missing.error().operation, "read the configuration");
    const auto folder = Catalog::from_file(folder_);
    ASSERT_FALSE(folder);
    EXPECT_EQ(folder.error().code, ErrorCode::io);
    const auto binary = Catalog::from_file("/proc/self/exe");
    ASSERT_FALSE(binary);
    const auto bad = Catalog::from_file(make("bad.ini", "[drivers\n"));
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().driver, (folder_ / "bad.ini").string());
}

TEST_F(CatalogFiles, are_found_beside_the_configuration_then_in_its_path) {
    const auto other = folder_ / "other";
    const auto config =
        make("etc/system.ini", "[instdrv]\npath=more:" + other.string() + "::none\n[drivers]\n");
    make("etc/first.drv");
    make("etc/more/first.drv");
    make("etc/more/second.drv");
    make("other/third.drv");
    make("etc/more/sub/Fourth.DRV");
    fs::create_directories(folder_ / "etc/a_folder.drv");
    const auto catalog = Catalog::from_file(config);
    ASSERT_TRUE(catalog);
    EXPECT_EQ(catalog->find_file("first.drv"), folder_ / "etc/first.drv");
    EXPECT_EQ(catalog->find_file("second.drv"), folder_ / "etc/more/second.drv");
    EXPECT_EQ(catalog->find_file("third.drv"), other / "third.drv");
    EXPECT_EQ(catalog->find_file("THIRD.Drv"), other / "third.drv");
    EXPECT_EQ(catalog->find_file("SUB\\fourth.drv"), folder_ / "etc/more/sub/Fourth.DRV");
    EXPECT_EQ(catalog->find_file("c:\\windows\\system\\second.drv"),
              folder_ / "etc/more/second.drv");
    EXPECT_EQ(catalog->find_file("\\windows\\third.drv"), other / "third.drv");
    EXPECT_EQ(catalog->find_file((other / "third.drv").string()), other / "third.drv");
    for (const std::string name : {"", "none.drv", "a_folder.drv", "c:", "\\", "first.drv/",
                                   "/no/third.drv", "sub/none", "first.drv/x"}) {
        EXPECT_FALSE(catalog->find_file(name)) << name;
    }
    EXPECT_FALSE(catalog->find_file(std::string(10000, 'x')));
}

TEST_F(CatalogFiles, in_two_cases_are_told_apart) {
    const auto upper = make("A.DRV");
    const auto lower = make("a.drv");
    const std::vector folders{folder_};
    EXPECT_EQ(find_file("a.drv", folders), lower);
    EXPECT_EQ(find_file("A.DRV", folders), upper);
    EXPECT_EQ(find_file("a.DRV", folders), upper) << "the first by name, whatever the disk's order";
}

TEST(LastPart, ends_paths_of_both_worlds) {
    EXPECT_EQ(last_part("a/b.drv"), "b.drv");
    EXPECT_EQ(last_part("C:\\a\\b.drv"), "b.drv");
    EXPECT_EQ(last_part("C:b.drv"), "b.drv");
    EXPECT_EQ(last_part("b.drv"), "b.drv");
    EXPECT_EQ(last_part("a\\"), "");
    EXPECT_EQ(last_part(""), "");
}

TEST(Catalog, warns_of_sections_that_mean_nothing) {
    const auto catalog = read(
        "[drivers32]\na=b\n[Driver]\n[instdrv-msadp32]\n\n[instdrv.a]\n[indstrv.a]\n[shopping]\n"
        "[mc132]\n");
    ASSERT_TRUE(catalog) << catalog.error().text();
    EXPECT_THAT(
        catalog->warnings(),
        ElementsAre("/etc/instdrv/system.ini, line 3: nothing reads the section [Driver]; did you "
                    "mean drivers32?",
                    AllOf(HasSubstr("line 4: "), HasSubstr("; did you mean instdrv.msadp32?")),
                    AllOf(HasSubstr("line 7: "), HasSubstr("; did you mean instdrv.a?")),
                    "/etc/instdrv/system.ini, line 8: nothing reads the section [shopping]",
                    AllOf(HasSubstr("line 9: "), HasSubstr("; did you mean mci32?"))));
}

// As Windows 3.1 and 95 wrote them.
TEST(Catalog, knows_the_sections_of_windows) {
    const auto catalog = read(
        "[boot]\nshell=progman.exe\n[keyboard]\n[boot.description]\n[386Enh]\nwoafont=dosapp.fon\n"
        "[standard]\n[NonWindowsApp]\n[mci]\n[drivers]\n[vcache]\n[Password Lists]\n[mciseq.drv]\n"
        "[TTFontDimenCache]\n[Network]\n[iccvid.drv]\n[power.drv]\n[display]\n[msnp32]\n");
    ASSERT_TRUE(catalog) << catalog.error().text();
    EXPECT_THAT(catalog->warnings(), IsEmpty());
    EXPECT_THAT(read(sample)->warnings(), IsEmpty());
}

}  // namespace
}  // namespace instdrv::catalog
