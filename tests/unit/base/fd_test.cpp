#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <thread>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/fd.hpp"
#include "unit/base/temporary_folder.hpp"

namespace instdrv {
namespace {

namespace fs = std::filesystem;

bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }
Fd some_fd() { return Fd(::open("/dev/null", O_RDWR | O_CLOEXEC)); }
auto bytes(std::string_view text) { return std::as_bytes(std::span(text)); }

std::string text_of(const fs::path& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

TEST(Fd, closes_what_it_owns) {
    int number = -1;
    {
        const Fd fd = some_fd();
        number = fd.get();
        EXPECT_TRUE(fd);
        EXPECT_TRUE(is_open(number));
    }
    EXPECT_FALSE(is_open(number));
    EXPECT_FALSE(Fd());
}

TEST(Fd, moves_and_closes_what_it_had_at_once) {
    Fd a = some_fd();
    Fd b = some_fd();
    const int first = a.get();
    const int second = b.get();
    a = std::move(b);
    EXPECT_EQ(a.get(), second);
    EXPECT_FALSE(is_open(first));
    EXPECT_FALSE(b);  // NOLINT(bugprone-use-after-move)
    Fd& same = a;
    a = std::move(same);
    EXPECT_EQ(a.get(), second);
    EXPECT_TRUE(is_open(second));
    const Fd c(std::move(a));
    EXPECT_FALSE(a);  // NOLINT(bugprone-use-after-move)
    EXPECT_EQ(c.get(), second);
}

TEST(Fd, reports_what_close_says) {
    Fd fd = some_fd();
    EXPECT_TRUE(fd.close());
    EXPECT_FALSE(fd);
    const auto again = fd.close();
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().system_code, EBADF);
    Fd released = some_fd();
    const Fd owner(released.release());
    EXPECT_FALSE(released);
    EXPECT_TRUE(is_open(owner.get()));
}

class Files : public testing::Test {
protected:
    fs::path at(const std::string& name) const { return folder_.path() / name; }
    fs::path make(const std::string& name, std::string_view content) const {
        std::ofstream(at(name)) << content;
        return at(name);
    }
    [[nodiscard]] std::size_t count() const {
        return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_.path()), {}));
    }

private:
    TemporaryFolder folder_;
};

TEST_F(Files, are_read_whole) {
    for (const std::size_t size : {0, 1, 65535, 65536, 65537, 300000}) {
        std::string content(size, '\0');
        for (std::size_t i = 0; i < size; ++i)
            content[i] = static_cast<char>(i * 7 + i / 251);
        const auto got = read_file(make("a", content));
        ASSERT_TRUE(got) << got.error().text();
        EXPECT_TRUE(std::ranges::equal(*got, bytes(content))) << size;
    }
}

TEST_F(Files, of_proc_are_read_though_they_say_they_are_empty) {
    const auto got = read_file("/proc/self/status");
    ASSERT_TRUE(got);
    EXPECT_GT(got->size(), 100u);
}

TEST_F(Files, over_the_limit_are_refused) {
    const auto file = make("a", "12345");
    EXPECT_TRUE(read_file(file, 5));
    const auto refused = read_file(file, 4);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().system_code, EFBIG);
    EXPECT_EQ(refused.error().driver, file.string());
}

TEST_F(Files, that_are_none_are_refused) {
    EXPECT_EQ(read_file(at("none")).error().system_code, ENOENT);
    EXPECT_EQ(read_file(at("")).error().system_code, EISDIR);
    EXPECT_EQ(read_file("").error().system_code, ENOENT);
    EXPECT_EQ(read_file("/dev/null").error().cause, "it is not a regular file");
    ASSERT_EQ(::mkfifo(at("pipe").c_str(), 0600), 0);
    EXPECT_EQ(read_file(at("pipe")).error().cause, "it is not a regular file");
}

TEST_F(Files, are_written_whole) {
    const auto file = at("a");
    ASSERT_TRUE(write_file_atomically(file, bytes("first, and long")));
    ASSERT_TRUE(write_file_atomically(file, bytes("second")));
    EXPECT_EQ(text_of(file), "second");
    ASSERT_TRUE(write_file_atomically(file, {}));
    EXPECT_EQ(text_of(file), "");
    EXPECT_EQ(count(), 1u) << "nothing stays beside it";
}

TEST_F(Files, keep_their_mode_and_start_with_the_usual_one) {
    const auto mode = [](const fs::path& file) {
        return static_cast<int>(fs::status(file).permissions());
    };
    ASSERT_TRUE(write_file_atomically(at("new"), {}));
    EXPECT_EQ(mode(at("new")), mode(make("reference", "")));
    const auto old = make("old", "");
    ASSERT_EQ(::chmod(old.c_str(), 0640), 0);
    ASSERT_TRUE(write_file_atomically(old, bytes("x")));
    EXPECT_EQ(mode(old), 0640);
}

TEST_F(Files, behind_links_are_replaced_and_the_links_stay) {
    const auto target = make("target", "old");
    fs::create_symlink("target", at("link"));
    ASSERT_TRUE(write_file_atomically(at("link"), bytes("new")));
    EXPECT_TRUE(fs::is_symlink(at("link")));
    EXPECT_EQ(text_of(target), "new");
}

TEST_F(Files, of_an_open_folder_are_replaced_and_links_with_them) {
    const auto target = make("target", "old");
    fs::create_symlink("target", at("link"));
    const Fd folder(::open(at("").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    ASSERT_TRUE(write_file_atomically(folder, "link", bytes("new"), at("link")));
    EXPECT_FALSE(fs::is_symlink(at("link")));
    EXPECT_EQ(text_of(at("link")), "new");
    EXPECT_EQ(text_of(target), "old");
    EXPECT_EQ(count(), 2u) << "nothing stays beside it";
}

TEST_F(Files, are_written_in_the_current_folder_by_their_name_alone) {
    const auto before = fs::current_path();
    fs::current_path(at(""));
    const auto status = write_file_atomically("here", bytes("x"));
    fs::current_path(before);
    ASSERT_TRUE(status) << status.error().text();
    EXPECT_EQ(text_of(at("here")), "x");
}

TEST_F(Files, that_cannot_be_replaced_stay_as_they_are) {
    fs::create_directory(at("folder"));
    make("folder/inside", "x");
    const auto onto_folder = write_file_atomically(at("folder"), bytes("x"));
    ASSERT_FALSE(onto_folder);
    EXPECT_EQ(onto_folder.error().code, ErrorCode::io);
    EXPECT_TRUE(fs::is_directory(at("folder")));
    EXPECT_EQ(count(), 1u) << "nothing stays beside it";
    EXPECT_FALSE(write_file_atomically(at("none/a"), bytes("x")));
    EXPECT_FALSE(write_file_atomically("", bytes("x")));
    EXPECT_FALSE(write_file_atomically("/proc/none", bytes("x")));
}

TEST_F(Files, are_written_through_a_pipe_in_pieces) {
    int ends[2] = {-1, -1};
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const Fd reader(ends[0]);
    Fd writer(ends[1]);
    const std::string content(1 << 20, 'x');  // far more than a pipe holds
    std::size_t got = 0;
    std::thread other([&] {
        char buffer[4096];
        for (ssize_t n = 0; (n = ::read(reader.get(), buffer, sizeof buffer)) > 0;) {
            got += static_cast<std::size_t>(n);
        }
    });
    EXPECT_TRUE(write_all(writer.get(), bytes(content), "the pipe"));
    EXPECT_TRUE(writer.close());
    other.join();
    EXPECT_EQ(got, content.size());
}

TEST_F(Files, on_a_full_disk_say_so) {
    const Fd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    ASSERT_TRUE(full);
    const auto status = write_all(full.get(), bytes("x"), "report.json");
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().system_code, ENOSPC);
    EXPECT_EQ(status.error().text(), "write report.json: No space left on device");
}

}  // namespace
}  // namespace instdrv
