#include "codec/output_file.hpp"

#include <fstream>
#include <iterator>

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace instdrv::codec {
namespace {

using test::TemporaryFolder;

std::span<const std::byte> bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

std::string content_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::size_t files_in(const TemporaryFolder& folder) {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder.path()), {}));
}

void put(const std::filesystem::path& file, std::string_view text) {
    std::ofstream(file, std::ios::binary) << text;
}

TEST(OutputFile, ReplacesItsTargetInCommit) {
    const TemporaryFolder folder;
    put(folder / "a", "old");
    {
        auto file = OutputFile::create(folder / "a");
        ASSERT_TRUE(file);
        ASSERT_TRUE(file->write(bytes("new text")));
        ASSERT_TRUE(file->patch(0, bytes("NEW")));
        EXPECT_EQ(content_of(folder / "a"), "old");
        ASSERT_TRUE(file->commit());
    }
    EXPECT_EQ(content_of(folder / "a"), "NEW text");
    EXPECT_EQ(files_in(folder), 1u);
}

TEST(OutputFile, LeavesNothingWithoutCommit) {
    const TemporaryFolder folder;
    put(folder / "a", "old");
    {
        auto file = OutputFile::create(folder / "a");
        ASSERT_TRUE(file);
        ASSERT_TRUE(file->write(bytes("half")));
        auto moved = std::move(*file);
    }
    EXPECT_EQ(content_of(folder / "a"), "old");
    EXPECT_EQ(files_in(folder), 1u);
}

TEST(OutputFile, FollowsLinksAndTheUmask) {
    const TemporaryFolder folder;
    put(folder / "a", "old");
    std::filesystem::create_symlink("a", folder / "link");
    const mode_t before = ::umask(027);
    auto file = OutputFile::create(folder / "link");
    ::umask(before);
    ASSERT_TRUE(file && file->write(bytes("new")) && file->commit());
    EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
    EXPECT_EQ(content_of(folder / "a"), "new");
    struct stat status {};
    ASSERT_EQ(::stat((folder / "a").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0640u);
}

TEST(OutputFile, WritesToDevicesDirectly) {
    auto file = OutputFile::create("/dev/null");
    ASSERT_TRUE(file);
    EXPECT_FALSE(file->patchable());
    EXPECT_TRUE(file->write(bytes("gone")));
    EXPECT_TRUE(file->commit());
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST(OutputFile, SaysWhyItCannotBeWritten) {
    const TemporaryFolder folder;
    const auto missing = OutputFile::create(folder / "no" / "file");
    ASSERT_FALSE(missing);
    EXPECT_NE(missing.error().text().find("No such file or directory"), std::string::npos);
    EXPECT_FALSE(OutputFile::create(folder.path()));
    const auto full = OutputFile::create("/dev/full");
    ASSERT_TRUE(full);
    EXPECT_NE(const_cast<OutputFile&>(*full).write(bytes("x")).error().cause.find("No space"),
              std::string::npos);
}

}  // namespace
}  // namespace instdrv::codec
