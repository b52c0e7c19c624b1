#include "supervisor/driver_output.hpp"

#include <array>
#include <string>

#include <fcntl.h>
#include <gmock/gmock.h>
#include <unistd.h>

namespace instdrv::supervisor {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const auto start = OutputLines::Clock::time_point(1h);

TEST(OutputLines, BearTheDriversName) {
    OutputLines lines("a.dll");
    EXPECT_THAT(lines.take("one\ntwo\r\n\nthr", start),
                ElementsAre("a.dll: one\n", "a.dll: two\n", "a.dll: \n"));
    EXPECT_THAT(lines.take("ee\n", start), ElementsAre("a.dll: three\n"));
    EXPECT_THAT(lines.finish(), IsEmpty());
}

TEST(OutputLines, EndWithTheWorker) {
    OutputLines lines("a.dll");
    EXPECT_THAT(lines.take("no line feed", start), IsEmpty());
    EXPECT_THAT(lines.finish(), ElementsAre("a.dll: no line feed\n"));
    EXPECT_THAT(lines.finish(), IsEmpty());
}

TEST(OutputLines, SteerNoTerminal) {
    OutputLines lines("a\x1b[0m.dll");
    EXPECT_THAT(
        lines.take("\x1b]0;title\a \xc2\x9b\x9b tab\t \xe2\x80\xae gr\xc3\xbc\xc3\x9f\n", start),
        ElementsAre("a\\x1b[0m.dll: \\x1b]0;title\\x07 \\xc2\\x9b\\x9b tab\t \\xe2\\x80\\xae "
                    "gr\xc3\xbc\xc3\x9f\n"));
}

TEST(OutputLines, AreBrokenWhereTheyAreLong) {
    OutputLines lines("a.dll");
    const std::string longest(OutputLines::longest_line, 'x');
    EXPECT_THAT(lines.take(longest, start), IsEmpty()) << "it may be a whole line";
    EXPECT_THAT(lines.take("\n", start), ElementsAre("a.dll: " + longest + "\n"));
    EXPECT_THAT(lines.take(longest + longest + "y\n", start),
                ElementsAre("a.dll: " + longest + "\n", "a.dll: " + longest + "\n", "a.dll: y\n"));
}

TEST(OutputLines, AreNoMoreThanPeopleCanRead) {
    OutputLines lines("a.dll");
    std::size_t printed = 0;
    for (int i = 0; i < 10'000; ++i) {
        for (const auto& line : lines.take("again and again\n", start + i * 10us))
            printed += line.size();
    }
    EXPECT_LE(printed, OutputLines::most_per_second);
    EXPECT_GT(printed, OutputLines::most_per_second / 2);
    const auto left_out = 10'000 * std::string("a.dll: again and again\n").size() - printed;
    EXPECT_THAT(lines.take("later\n", start + 1s),
                ElementsAre("a.dll: (" + std::to_string(left_out) + " bytes more are left out)\n",
                            "a.dll: later\n"));
    EXPECT_THAT(lines.finish(), IsEmpty()) << "told once";
}

TEST(OutputLines, ThatWereLostAreCounted) {
    OutputLines lines("a.dll");
    const auto out = lines.take("one\n", start);
    ASSERT_THAT(out, SizeIs(1));
    lines.lost(out[0]);
    EXPECT_THAT(lines.finish(), ElementsAre("a.dll: (11 bytes more are left out)\n"));
}

TEST(OutputLines, TheLastAreKeptWhetherPrintedOrNot) {
    OutputLines lines("a.dll");
    for (int i = 0; i < 10'000; ++i)
        static_cast<void>(lines.take("line " + std::to_string(i) + "\n", start));
    static_cast<void>(lines.take("half \x1b", start));
    const auto last = lines.last_lines();
    ASSERT_THAT(last, SizeIs(OutputLines::kept_lines + 1));
    EXPECT_EQ(last[OutputLines::kept_lines - 1], "line 9999");
    EXPECT_EQ(last.back(), "half \\x1b");
}

// ---- pipes --------------------------------------------------------------------------------------

struct Pipe {
    Pipe() {
        std::array<int, 2> ends{};
        EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK), 0);
        reading = Fd(ends[0]);
        writing = Fd(ends[1]);
    }
    void write(std::string_view text) const {
        EXPECT_EQ(::write(writing.get(), text.data(), text.size()),
                  static_cast<ssize_t>(text.size()));
    }
    Fd reading;
    Fd writing;
};

// Puts something else in the place of standard error for a while.
class StandardError {
public:
    explicit StandardError(const Fd& other) : own_(::dup(STDERR_FILENO)) {
        ::dup2(other.get(), STDERR_FILENO);
    }
    ~StandardError() { ::dup2(own_.get(), STDERR_FILENO); }
    StandardError(const StandardError&) = delete;
    StandardError& operator=(const StandardError&) = delete;

private:
    Fd own_;
};

TEST(DriverOutput, GoesFromAPipeToStandardError) {
    const Pipe from;
    const Pipe to;
    DriverOutput output("a.dll");
    from.write("one\nhalf");
    {
        const StandardError other(to.writing);
        EXPECT_NE(output.pass_on(from.reading), OutputState::over) << "there may be more";
        output.finish(from.reading);
    }
    std::array<char, 100> printed{};
    const auto size = ::read(to.reading.get(), printed.data(), printed.size());
    ASSERT_GT(size, 0);
    EXPECT_EQ(std::string(printed.data(), static_cast<std::size_t>(size)),
              "a.dll: one\na.dll: half\n");
}

TEST(DriverOutput, TellsWhenNobodyNeedsToHurry) {
    const Pipe from;
    const Pipe to;
    DriverOutput output("a.dll");
    const StandardError other(to.writing);
    from.write("one\n");
    EXPECT_EQ(output.pass_on(from.reading), OutputState::open);
    std::string lines;
    while (lines.size() <= OutputLines::most_per_second)
        lines += "one of very many\n";
    from.write(lines);
    EXPECT_EQ(output.pass_on(from.reading), OutputState::crowded);
}

TEST(DriverOutput, EndsWithItsPipe) {
    Pipe from;
    DriverOutput output("a.dll");
    from.writing = Fd();
    EXPECT_EQ(output.pass_on(from.reading), OutputState::over);
    EXPECT_EQ(output.pass_on(Fd()), OutputState::over);
}

TEST(DriverOutput, WaitsForNobodyWhoDoesNotRead) {
    const Pipe from;
    const Pipe to;
    const std::string much(4096, 'x');
    while (::write(to.writing.get(), much.data(), much.size()) > 0) {
    }
    ::fcntl(to.writing.get(), F_SETFL, 0);  // from here on a write would wait for ever
    DriverOutput output("a.dll");
    from.write("one\n");
    const StandardError other(to.writing);
    EXPECT_NE(output.pass_on(from.reading), OutputState::over);
    EXPECT_THAT(output.last_lines(), ElementsAre("one"));
}

TEST(DriverOutput, GoesNowhereWhereNobodyReadsAnyMore) {
    const Pipe from;
    Pipe to;
    to.reading = Fd();
    DriverOutput output("a.dll");
    from.write("one\n");
    const StandardError other(to.writing);
    EXPECT_NE(output.pass_on(from.reading), OutputState::over)
        << "and no SIGPIPE ends this process";
}

}  // namespace
}  // namespace instdrv::supervisor
