#include "codec/output_file.hpp"

#include <cerrno>
#include <fstream>
#include <iterator>

#include <fcntl.h>
#include <sys/stat.h>

#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace instdrv::codec {
namespace {

using test::TemporaryFolder;
using Existing = OutputFile::Existing;

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
        auto file = OutputFile::create(folder / "a", Existing::replace);
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
        auto file = OutputFile::create(folder / "a", Existing::replace);
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
    auto file = OutputFile::create(folder / "link", Existing::replace);
    ::umask(before);
    ASSERT_TRUE(file && file->write(bytes("new")) && file->commit());
    EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
    EXPECT_EQ(content_of(folder / "a"), "new");
    struct stat status {};
    ASSERT_EQ(::stat((folder / "a").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0640u);
}

TEST(OutputFile, WritesToDevicesDirectly) {
    auto file = OutputFile::create("/dev/null", Existing::refuse);
    ASSERT_TRUE(file);
    EXPECT_FALSE(file->patchable());
    EXPECT_TRUE(file->write(bytes("gone")));
    EXPECT_TRUE(file->commit());
    EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST(OutputFile, ReplacesNothingUnasked) {
    const TemporaryFolder folder;
    put(folder / "a", "old");
    const auto refused = OutputFile::create(folder / "a", Existing::refuse);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().text().find("it exists already"), std::string::npos);
    EXPECT_EQ(content_of(folder / "a"), "old");
}

TEST(OutputFile, ReplacesNothingThatCameMeanwhile) {
    const TemporaryFolder folder;
    {
        auto file = OutputFile::create(folder / "a", Existing::refuse);
        ASSERT_TRUE(file && file->write(bytes("new")));
        put(folder / "a", "somebody else's");
        const auto committed = file->commit();
        ASSERT_FALSE(committed);
        EXPECT_EQ(committed.error().system_code, EEXIST);
    }
    EXPECT_EQ(content_of(folder / "a"), "somebody else's");
    EXPECT_EQ(files_in(folder), 1u);
}

TEST(OutputFile, NeverReplacesWhatIsWriteProtected) {
    const TemporaryFolder folder;
    put(folder / "a", "old");
    ASSERT_EQ(::chmod((folder / "a").c_str(), 0444), 0);  // root could write to it
    const auto refused = OutputFile::create(folder / "a", Existing::replace);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().text().find("write-protected"), std::string::npos);
    // Protected while the content was made.
    ASSERT_EQ(::chmod((folder / "a").c_str(), 0644), 0);
    auto file = OutputFile::create(folder / "a", Existing::replace);
    ASSERT_TRUE(file && file->write(bytes("new")));
    ASSERT_EQ(::chmod((folder / "a").c_str(), 0444), 0);
    EXPECT_FALSE(file->commit());
    EXPECT_EQ(content_of(folder / "a"), "old");
}

TEST(OutputFile, IsNeverTheFileItIsMadeFrom) {
    const TemporaryFolder folder;
    put(folder / "in", "sound");
    std::filesystem::create_hard_link(folder / "in", folder / "hard");
    std::filesystem::create_symlink("in", folder / "soft");
    const Fd in(::open((folder / "in").c_str(), O_RDONLY | O_CLOEXEC));
    const auto descriptor = "/dev/fd/" + std::to_string(in.get());
    for (const std::filesystem::path& name :
         {folder / "in", folder / "hard", folder / "soft", folder.path() / "." / "in",
          std::filesystem::path(descriptor)}) {
        const auto refused = OutputFile::create(name, Existing::replace, identity_of(in.get()));
        ASSERT_FALSE(refused) << name;
        EXPECT_NE(refused.error().text().find("it is the file that is read"), std::string::npos);
    }
    EXPECT_EQ(content_of(folder / "in"), "sound");
    // Devices are read and written at once.
    const Fd terminal(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    EXPECT_TRUE(OutputFile::create("/dev/null", Existing::refuse, identity_of(terminal.get())));
}

// As a shell opens them: what is written goes behind what is there.
TEST(OutputFile, WritesToDescriptorsAsTheyAre) {
    const TemporaryFolder folder;
    put(folder / "a", "old ");
    const Fd open(::open((folder / "a").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    auto file = OutputFile::create("/dev/fd/" + std::to_string(open.get()), Existing::refuse);
    ASSERT_TRUE(file && file->write(bytes("new")) && file->commit());
    EXPECT_EQ(content_of(folder / "a"), "old new");
}

TEST(OutputFile, SaysWhyItCannotBeWritten) {
    const TemporaryFolder folder;
    const auto missing = OutputFile::create(folder / "no" / "file", Existing::refuse);
    ASSERT_FALSE(missing);
    EXPECT_NE(missing.error().text().find("No such file or directory"), std::string::npos);
    EXPECT_FALSE(OutputFile::create(folder.path(), Existing::replace));
    const auto full = OutputFile::create("/dev/full", Existing::refuse);
    ASSERT_TRUE(full);
    EXPECT_NE(const_cast<OutputFile&>(*full).write(bytes("x")).error().cause.find("No space"),
              std::string::npos);
}

}  // namespace
}  // namespace instdrv::codec
