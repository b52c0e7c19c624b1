// Drivers with code pages and a locale of their own: tests/drivers/writes_japanese.c.
#include <instdrv/host.hpp>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "support/kept_state.hpp"
#include "support/temporary_folder.hpp"

namespace instdrv::test {
namespace {

namespace fs = std::filesystem;

// The driver's messages; see there.
constexpr UINT write_file = DRV_USER + 1;
constexpr UINT finds_file = DRV_USER + 2;
constexpr UINT code_pages = DRV_USER + 3;
constexpr UINT locale = DRV_USER + 4;
constexpr UINT last_backslash = DRV_USER + 5;
constexpr UINT type_of_lead_byte = DRV_USER + 6;

constexpr LRESULT both_932 = 932 | 932 << 16;
constexpr LRESULT usual_pages = 1252 | 437 << 16;

// In a host of its own: copies of the driver, each with settings of its own.
class DriverText : public testing::Test {
protected:
    // folder: of the machine, in that of the test drivers.
    void add(const std::string& alias, const std::string& folder, const std::string& settings) {
        const fs::path from = fs::path(INSTDRV_TEST_DRIVERS) / folder / "writes_japanese.dll";
        const fs::path copy = folder_ / "drivers" / (alias + ".dll");
        fs::create_directories(copy.parent_path());
        fs::copy_file(from, copy);
        aliases_ += alias + '=' + copy.string() + '\n';
        settings_ += "[instdrv." + alias + "]\n" + settings;
    }

    Driver open(const std::string& alias) {
        std::ofstream(folder_ / "system.ini") << "[drivers32]\n" << aliases_ << settings_;
        if (!host_) {
            host_.emplace(HostOptions{.configuration = folder_ / "system.ini",
                                      .state_folder = folder_ / "state"});
        }
        auto opened = host_->open(alias);
        if (opened) return *std::move(opened);
        ADD_FAILURE() << opened.error().text();
        return {};
    }

    static LRESULT ask(const Driver& driver, UINT message) {
        const auto answer = driver.send(message, 0, 0);
        if (!answer) ADD_FAILURE() << answer.error().text();
        return answer.value_or(-1);
    }

    [[nodiscard]] fs::path kept(const std::string& alias) const {
        return kept_state(folder_ / "state", alias + ".dll");
    }

    // A driver with Shift-JIS works, in a worker of its machine.
    void expect_shift_jis(const std::string& folder) {
        add("japanese", folder, "code_page=932\n");
        const Driver driver = open("japanese");
        EXPECT_EQ(ask(driver, write_file), 0);
        EXPECT_TRUE(fs::exists(kept("japanese") / "表.txt"));
        EXPECT_EQ(ask(driver, finds_file), 1);
        EXPECT_EQ(ask(driver, code_pages), both_932);
        EXPECT_EQ(ask(driver, last_backslash), 2);
        EXPECT_EQ(ask(driver, type_of_lead_byte) & 0x04, 0x04);
    }

private:
    TemporaryFolder folder_;
    std::string aliases_;
    std::string settings_;
    std::optional<Host> host_;
};

TEST_F(DriverText, NamesFilesInShiftJisInWindows64Workers) { expect_shift_jis(""); }
TEST_F(DriverText, NamesFilesInShiftJisInWindows32Workers) { expect_shift_jis("i386"); }

TEST_F(DriverText, IsEnglishWithoutSettings) {
    add("plain", "", "session_instance=yes\n");
    const Driver driver = open("plain");
    EXPECT_EQ(ask(driver, code_pages), usual_pages);
    EXPECT_EQ(ask(driver, locale), 0x409);
    EXPECT_EQ(ask(driver, write_file), 3) << "1252 has a backslash there: ERROR_PATH_NOT_FOUND";
    EXPECT_EQ(ask(driver, last_backslash), 4);
    EXPECT_EQ(ask(driver, type_of_lead_byte) & 0x04, 0);
}

TEST_F(DriverText, FollowsTheLocaleWhereThePagesAreNotGiven) {
    add("russian", "", "locale=ru-ru\n");
    add("mixed", "", "locale=ja-JP\noem_code_page=437\n");
    const Driver russian = open("russian");
    EXPECT_EQ(ask(russian, locale), 0x419);
    EXPECT_EQ(ask(russian, code_pages), 1251 | 866 << 16);
    const Driver mixed = open("mixed");
    EXPECT_EQ(ask(mixed, locale), 0x411);
    EXPECT_EQ(ask(mixed, code_pages), 932 | 437 << 16);
}

void expect_both(LRESULT first, LRESULT second) {
    EXPECT_EQ(first, both_932);
    EXPECT_EQ(second, usual_pages);
}

TEST_F(DriverText, IsEachDriversOwnInOneWorker) {
    add("first", "", "group=both\nlocale=ja-JP\n");
    add("second", "", "group=both\n");
    const Driver first = open("first");
    const Driver second = open("second");
    expect_both(ask(first, code_pages), ask(second, code_pages));
    EXPECT_NE(ask(first, type_of_lead_byte), ask(second, type_of_lead_byte))
        << "the C runtime's table too";
    expect_both(ask(first, code_pages), ask(second, code_pages));
}

TEST_F(DriverText, IsEachDriversOwnInTheHostsProcess) {
    add("first", "", "placement=in-process\ncode_page=932\n");
    add("second", "", "placement=in-process\n");
    const Driver first = open("first");
    const Driver second = open("second");
    expect_both(ask(first, code_pages), ask(second, code_pages));
    EXPECT_NE(ask(first, type_of_lead_byte), ask(second, type_of_lead_byte));
}

}  // namespace
}  // namespace instdrv::test
