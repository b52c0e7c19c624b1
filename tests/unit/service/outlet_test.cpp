// Words that hold up nobody, whatever becomes of them.
#include "service/outlet.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "base/fd.hpp"
#include "service/write_behind.hpp"
#include "support/temporary_folder.hpp"

namespace instdrv::service {
namespace {

using testing::HasSubstr;
using Clock = WorkThread::Clock;
using Carries = Outlet::Carries;

Clock::time_point in_a_minute() { return Clock::now() + std::chrono::minutes(1); }

class Pipe {
public:
    Pipe() {
        std::array<int, 2> ends{};
        EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
        reader_ = Fd(ends[0]);
        writer_ = Fd(ends[1]);
    }
    [[nodiscard]] int writer() const { return writer_.get(); }
    void stop_reading() { reader_ = Fd(); }
    // Reads until nobody can write any more.
    [[nodiscard]] std::string read_all() {
        writer_ = Fd();
        std::string text;
        std::array<char, 4096> buffer{};
        for (;;) {
            const auto got = read(reader_.get(), buffer.data(), buffer.size());
            if (got <= 0) return text;
            text.append(buffer.data(), static_cast<std::size_t>(got));
        }
    }

private:
    Fd reader_;
    Fd writer_;
};

TEST(Outlet, writes_lines_in_order) {
    Pipe pipe;
    auto outlet = *Outlet::open(pipe.writer(), Carries::notes);
    outlet->put("one\n");
    std::fprintf(outlet->stream(), "%s\n", "two");
    ASSERT_TRUE(outlet->finish(in_a_minute()));
    outlet.reset();
    EXPECT_EQ(pipe.read_all(), "one\ntwo\n");
}

// What the notices in a text say in all.
int counted_in(const std::string& text) {
    const std::string mark = "instdrv: ";
    int count = 0;
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1))
        count += std::stoi(text.substr(at + mark.size()));
    return count;
}

TEST(Outlet, counts_what_a_reader_that_reads_nothing_has_missed) {
    for (const int flags : {0, O_NONBLOCK}) {
        Pipe pipe;
        fcntl(pipe.writer(), F_SETFL, flags);
        auto outlet = *Outlet::open(pipe.writer(), Carries::notes);
        const std::string line(999, 'x');
        constexpr int lines = 2000;  // several times what pipe and queue hold
        for (int i = 0; i < lines; ++i)
            outlet->put(line + "\n");
        EXPECT_FALSE(outlet->finish(Clock::now()));
        auto rest = std::async(std::launch::async, [&] { return pipe.read_all(); });
        EXPECT_TRUE(outlet->finish(in_a_minute()));
        outlet.reset();
        const auto text = rest.get();
        const auto written = static_cast<int>(std::count(text.begin(), text.end(), 'x') / 999);
        EXPECT_LT(written, lines);
        EXPECT_EQ(written + counted_in(text), lines);
    }
}

TEST(Outlet, never_fails_whoever_writes_to_it) {
    std::signal(SIGPIPE, SIG_IGN);
    Pipe closed;
    closed.stop_reading();
    const Fd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
    for (const int fd : {closed.writer(), full.get(), -1}) {
        const auto outlet = *Outlet::open(fd, Carries::product);
        EXPECT_GT(std::fprintf(outlet->stream(), "%s\n", "lost"), 0);
        EXPECT_EQ(std::fflush(outlet->stream()), 0);
        ASSERT_TRUE(outlet->finish(in_a_minute()));
        const auto outcome = outlet->outcome();
        ASSERT_FALSE(outcome);
        EXPECT_THAT(outcome.error().text(), HasSubstr("write the output: "));
    }
}

TEST(WriteBehind, has_the_newest_text_in_the_end) {
    const test::TemporaryFolder folder;
    const auto file = *WriteBehind::start(folder / "a", [](const Error&) { ADD_FAILURE(); });
    WriteBehind::Version version = 0;
    for (int i = 0; i < 1000; ++i)
        version = file->set(std::to_string(i));
    file->wait_for(version);
    const auto content = *read_file(folder / "a");
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(content.data()), content.size()), "999");
}

}  // namespace
}  // namespace instdrv::service
