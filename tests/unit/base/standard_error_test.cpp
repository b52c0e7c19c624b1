#include "base/standard_error.hpp"

#include <array>
#include <climits>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/fd.hpp"

namespace instdrv {
namespace {

// Puts something else in its place.
class StandardError {
public:
    explicit StandardError(int fd) : before_(::dup(STDERR_FILENO)) {
        if (fd < 0) {
            ::close(STDERR_FILENO);
        } else {
            ::dup2(fd, STDERR_FILENO);
        }
    }
    ~StandardError() { ::dup2(before_.get(), STDERR_FILENO); }
    StandardError(const StandardError&) = delete;
    StandardError& operator=(const StandardError&) = delete;

private:
    Fd before_;
};

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return;
        reader = Fd(ends[0]);
        writer = Fd(ends[1]);
    }
    [[nodiscard]] std::string read() const {
        std::string text(2 * PIPE_BUF, '\0');
        const auto size = ::read(reader.get(), text.data(), text.size());
        text.resize(size < 0 ? 0 : static_cast<std::size_t>(size));
        return text;
    }
    Fd reader;
    Fd writer;
};

TEST(Tell, PrintsALine) {
    const Pipe pipe;
    {
        const StandardError replaced(pipe.writer.get());
        print_message("{} of {}", 1, "two");
    }
    EXPECT_EQ(pipe.read(), "instdrv: 1 of two\n");
}

TEST(Tell, CutsWhatIsNoLineForPeople) {
    const Pipe pipe;
    {
        const StandardError replaced(pipe.writer.get());
        print_message("{}", std::string(2 * PIPE_BUF, 'x'));
    }
    const auto text = pipe.read();
    EXPECT_EQ(text.size(), std::size_t{PIPE_BUF});
    EXPECT_TRUE(text.ends_with("x\n"));
}

TEST(Tell, LeavesOutWhatNobodyTakes) {
    Pipe closed;
    closed.reader = Fd();
    const Fd full_disk(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    const Pipe full;
    while (::write(full.writer.get(), "x", 1) == 1) {
    }
    // As whoever shares it may have it: it would wait.
    ::fcntl(full.writer.get(), F_SETFL, 0);
    for (const int fd : {closed.writer.get(), full_disk.get(), full.writer.get(), -1}) {
        const StandardError replaced(fd);
        print_message("lost");
        EXPECT_FALSE(print_without_waiting("lost\n"));
    }
}

}  // namespace
}  // namespace instdrv
