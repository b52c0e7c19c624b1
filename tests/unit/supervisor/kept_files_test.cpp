#include "supervisor/kept_files.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "support/temporary_folder.hpp"

namespace instdrv::supervisor {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class KeptFiles : public testing::Test {
protected:
    KeptFiles() {
        request_.state_folder = temporary_.path() / "state";
        request_.most_files = 10;
        request_.state_limit = 1 << 20;
        fs::create_directory(request_.state_folder);
    }
    void write(const std::string& name, std::size_t size = 1) const {
        std::ofstream(request_.state_folder / name) << std::string(size, 'x');
    }

    test::TemporaryFolder temporary_;
    core::ModuleRequest request_;
};

TEST_F(KeptFiles, MayBeAsManyAsTheSettingsAllow) {
    for (int i = 0; i < 9; ++i)
        write(std::to_string(i));
    fs::create_directory(request_.state_folder / "folder");
    EXPECT_TRUE(check_kept_files(request_));
    write("folder/one");
    const auto checked = check_kept_files(request_);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, ErrorCode::busy);
    EXPECT_THAT(checked.error().cause, HasSubstr("more than 10 files"));
    EXPECT_THAT(checked.error().cause, HasSubstr(request_.state_folder.string()));
    EXPECT_THAT(checked.error().advice, HasSubstr("most_files="));
}

TEST_F(KeptFiles, MayTakeOfTheDiskWhatTheSettingsAllow) {
    write("full", request_.state_limit);
    EXPECT_TRUE(check_kept_files(request_));
    write("more", request_.state_limit / 2);
    const auto checked = check_kept_files(request_);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, ErrorCode::busy);
    EXPECT_THAT(checked.error().advice, HasSubstr("state_limit="));
}

TEST_F(KeptFiles, AreNotCountedForWhatTheyOnlySeemToHold) {
    write("sparse");
    fs::resize_file(request_.state_folder / "sparse", std::uintmax_t{1} << 40);
    EXPECT_TRUE(check_kept_files(request_));
}

TEST_F(KeptFiles, AreNotFollowedOutOfTheirFolder) {
    fs::create_directory_symlink("/usr", request_.state_folder / "out");
    ASSERT_EQ(::mkfifo((request_.state_folder / "fifo").c_str(), 0600), 0);
    EXPECT_TRUE(check_kept_files(request_));
}

TEST_F(KeptFiles, AreNotLookedForInFoldersWithoutEnd) {
    fs::path deep = request_.state_folder;
    for (int i = 0; i < 200; ++i)
        deep /= "f";
    fs::create_directories(deep);
    request_.most_files = 1000;
    const auto checked = check_kept_files(request_);
    ASSERT_FALSE(checked);
    EXPECT_EQ(checked.error().code, ErrorCode::unsupported);
    EXPECT_THAT(checked.error().cause, HasSubstr("64 deep"));
}

TEST_F(KeptFiles, NeedNotBeThere) {
    request_.state_folder /= "none";
    EXPECT_TRUE(check_kept_files(request_));
}

}  // namespace
}  // namespace instdrv::supervisor
