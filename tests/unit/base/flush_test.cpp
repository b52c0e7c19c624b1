#include "base/flush.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/temporary_folder.hpp"

namespace instdrv {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

auto soon() { return std::chrono::steady_clock::now() + 60s; }

class FlushTest : public testing::Test {
protected:
    void write(const fs::path& name) {
        fs::create_directories((folder_ / name).parent_path());
        std::ofstream(folder_ / name) << "text";
    }

    test::TemporaryFolder temporary_;
    fs::path folder_ = temporary_.path() / "state";
};

TEST_F(FlushTest, TakesFoldersOfAnyShape) {
    write("a/b/c");
    write("d");
    fs::create_directory(folder_ / "empty");
    const auto done = flush_tree(folder_, soon());
    EXPECT_TRUE(done) << done.error().text();
    EXPECT_TRUE(flush_tree(temporary_.path() / "nothing", soon()));
}

// What a driver may leave there to have its host hang, follow it out, or fail.
TEST_F(FlushTest, StumblesOverNothingThatADriverLeaves) {
    write("a");
    fs::create_symlink("/proc/self/mem", folder_ / "out");
    fs::create_symlink("loop", folder_ / "loop");
    fs::create_directory_symlink("/", folder_ / "root");
    fs::create_symlink("/nonexistent", folder_ / "dangling");
    ASSERT_EQ(::mkfifo((folder_ / "fifo").c_str(), 0600), 0);
    const auto done = flush_tree(folder_, soon());
    EXPECT_TRUE(done) << done.error().text();
}

// Each level of a walk takes a descriptor, of which the host has only so many.
TEST_F(FlushTest, TakesNoDescriptorsWithoutEnd) {
    fs::path deep = "a";
    for (int i = 0; i < 300; ++i)
        deep /= "b";
    write(deep / "c");
    rlimit usual{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &usual), 0);
    const rlimit few{.rlim_cur = 128, .rlim_max = usual.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
    const auto done = flush_tree(folder_, soon());
    EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &usual), 0);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::unsupported) << done.error().text();
}

TEST_F(FlushTest, StopsWhenTimeIsOver) {
    write("a");
    const auto done = flush_tree(folder_, std::chrono::steady_clock::now() - 1s);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, ErrorCode::timed_out);
}

TEST_F(FlushTest, SaysWhatCannotBeFlushedAndGoesOn) {
    write("a");
    fs::permissions(folder_ / "a", fs::perms::none);
    fs::permissions(temporary_.path(),
                    fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
    const auto before = ::geteuid();
    constexpr uid_t nobody = 65534;
    if (before == 0) {  // whom permissions do not stop
        ASSERT_EQ(::seteuid(nobody), 0);
    }
    const auto done = flush_tree(folder_, soon());
    ASSERT_EQ(::seteuid(before), 0);
    ASSERT_FALSE(done);
    EXPECT_NE(done.error().text().find("/a"), std::string::npos);
}

}  // namespace
}  // namespace instdrv
