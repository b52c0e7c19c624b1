#include "winapi/state/journaled_file.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver_folder.hpp"
#include "file_size_limit.hpp"
#include "winapi/state/journal_records.hpp"

namespace instdrv::winapi::test {
namespace {

namespace fs = std::filesystem;

// A file whose content is the lines it is made of, and whose records are lines to add.
class Lines {
public:
    explicit Lines(const fs::path& folder)
        : room_(folder, std::uint64_t{1} << 30),
          file_(Fd(::open(folder.c_str(), O_PATH | O_DIRECTORY)), "lines", room_) {}

    std::string read() {
        EXPECT_EQ(file_.catch_up(reader()), ERROR_SUCCESS);
        return text_;
    }
    DWORD add(const std::string& line) {
        const JournaledFile::Lock lock(file_);
        EXPECT_EQ(lock.error(), ERROR_SUCCESS);
        EXPECT_EQ(file_.catch_up(reader()), ERROR_SUCCESS);
        const DWORD error = file_.append(line);
        if (error == ERROR_SUCCESS) text_ += line;
        return error;
    }
    DWORD try_to_fold() {
        const JournaledFile::Lock lock(file_);
        EXPECT_EQ(lock.error(), ERROR_SUCCESS);
        return file_.fold(reader());
    }
    void fold() { EXPECT_EQ(try_to_fold(), ERROR_SUCCESS); }

private:
    JournaledFile::Reader reader() {
        return {.restart =
                    [this](std::span<const std::byte> bytes) {
                        text_.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
                    },
                .replay = [this](std::string_view record) { text_ += record; },
                .content = [this] { return text_; }};
    }

    StateRoom room_;
    JournaledFile file_;
    std::string text_;
};

class JournaledFiles : public testing::Test {
protected:
    [[nodiscard]] fs::path journal() const { return folder_.path() / "lines.instdrv-journal"; }
    [[nodiscard]] fs::path file() const { return folder_.path() / "lines"; }
    // As those do who know of no journal.
    void write(std::string_view text) const {
        std::ofstream(file(), std::ios::in | std::ios::out | std::ios::binary) << text;
    }

    TemporaryFolder folder_;
};

TEST_F(JournaledFiles, HaveOneFileAgainOnceTheyAreFolded) {
    Lines lines(folder_.path());
    EXPECT_EQ(lines.read(), "");
    EXPECT_EQ(lines.add("a"), ERROR_SUCCESS);
    EXPECT_EQ(lines.add("b"), ERROR_SUCCESS);
    EXPECT_FALSE(fs::exists(folder_.path() / "lines"));
    EXPECT_EQ(Lines(folder_.path()).read(), "ab");
    lines.fold();
    EXPECT_FALSE(fs::exists(journal()));
    EXPECT_EQ(fs::file_size(folder_.path() / "lines"), 2u);
    EXPECT_EQ(lines.add("c"), ERROR_SUCCESS);
    EXPECT_EQ(Lines(folder_.path()).read(), "abc");
}

TEST_F(JournaledFiles, TakeOverJournalsOfTheOlderName) {
    EXPECT_EQ(Lines(folder_.path()).add("a"), ERROR_SUCCESS);
    fs::rename(journal(), folder_.path() / "lines:journal");
    Lines lines(folder_.path());
    EXPECT_EQ(lines.read(), "a");
    EXPECT_EQ(lines.add("b"), ERROR_SUCCESS);
    EXPECT_EQ(Lines(folder_.path()).read(), "ab");
    EXPECT_TRUE(fs::exists(journal()));
    EXPECT_FALSE(fs::exists(folder_.path() / "lines:journal"));
}

TEST_F(JournaledFiles, ShowEachOtherWhatWasChanged) {
    Lines one(folder_.path());
    Lines two(folder_.path());
    one.add("a");
    EXPECT_EQ(two.read(), "a");
    two.add("b");
    EXPECT_EQ(one.read(), "ab");
    two.fold();
    EXPECT_EQ(one.read(), "ab");
    two.add("c");
    one.add("d");
    one.fold();
    one.add("e");
    EXPECT_EQ(two.read(), "abcde");
}

// Every length that the death of a writer can leave of a journal.
TEST_F(JournaledFiles, DropATornRecordAndKeepTheRest) {
    Lines(folder_.path()).add("first");
    const auto whole = fs::file_size(journal());
    Lines(folder_.path()).add("second");
    const auto both = fs::file_size(journal());
    for (auto size = both - 1; size >= whole; --size) {
        fs::resize_file(journal(), size);
        EXPECT_EQ(Lines(folder_.path()).read(), "first") << size;
    }
    fs::resize_file(journal(), both);  // ends with zeros, as a power cut leaves it
    Lines lines(folder_.path());
    EXPECT_EQ(lines.read(), "first");
    EXPECT_EQ(lines.add("third"), ERROR_SUCCESS);
    EXPECT_EQ(Lines(folder_.path()).read(), "firstthird");
}

TEST_F(JournaledFiles, AreUnchangedByWhatDoesNotFit) {
    Lines lines(folder_.path());
    lines.add("a");
    const auto size = fs::file_size(journal());
    const FileSizeLimit full(size + 100);
    EXPECT_EQ(lines.add(std::string(200, 'x')), ERROR_DISK_FULL);
    EXPECT_EQ(fs::file_size(journal()), size);
    EXPECT_EQ(lines.add("b"), ERROR_SUCCESS);
    EXPECT_EQ(Lines(folder_.path()).read(), "ab");
}

TEST_F(JournaledFiles, LeaveNoJournalOfNothing) {
    Lines lines(folder_.path());
    const FileSizeLimit full(10);
    EXPECT_EQ(lines.add(std::string(200, 'x')), ERROR_DISK_FULL);
    EXPECT_FALSE(fs::exists(journal()));
}

TEST_F(JournaledFiles, StayTheSameForThoseWhoHaveThemOpen) {
    Lines lines(folder_.path());
    lines.add("a");
    lines.fold();
    const Fd open(::open(file().c_str(), O_RDWR | O_APPEND));
    lines.add("b");
    lines.fold();
    EXPECT_EQ(::write(open.get(), "c", 1), 1);
    EXPECT_EQ(lines.read(), "abc");
    lines.add("d");
    lines.fold();
    EXPECT_EQ(Lines(folder_.path()).read(), "abcd");
}

// A fold ended by a kill, in the middle of writing the file over.
TEST_F(JournaledFiles, AreWholeInTheJournalWhileTheyAreWrittenOver) {
    Lines reader(folder_.path());
    reader.add("first");
    reader.fold();
    write("half");
    std::ofstream(journal(), std::ios::binary)
        << framed({"b"}) << framed({"whole", true}) << framed({"c"});
    EXPECT_EQ(reader.read(), "wholec");
    reader.add("d");
    EXPECT_EQ(Lines(folder_.path()).read(), "wholecd");
    reader.fold();
    EXPECT_FALSE(fs::exists(journal()));
    EXPECT_EQ(Lines(folder_.path()).read(), "wholecd");
}

TEST_F(JournaledFiles, LoseNothingToKillsInTheMiddleOfFolds) {
    auto* const answered = static_cast<std::atomic<std::size_t>*>(
        ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    for (std::size_t round = 1; round <= 100; ++round) {
        const std::size_t wanted = *answered + 1 + round % 5;
        const pid_t child = ::fork();
        if (child == 0) {
            for (Lines lines(folder_.path());;) {
                if (lines.add("a") == ERROR_SUCCESS) ++*answered;
                lines.fold();
            }
        }
        while (*answered < wanted) {
        }
        std::this_thread::sleep_for(std::chrono::microseconds(37 * (round % 11)));
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        const std::size_t kept = Lines(folder_.path()).read().size();
        ASSERT_GE(kept, *answered) << "after " << round << " kills";
        ASSERT_LE(kept, *answered + 1);
        *answered = kept;
    }
    ::munmap(answered, 4096);
}

TEST_F(JournaledFiles, StayAsTheyAreWhereTheyCannotGrow) {
    Lines lines(folder_.path());
    Lines other(folder_.path());
    lines.add(std::string(500, 'a'));
    lines.fold();
    lines.add(std::string(200, 'b'));
    const std::string text = lines.read();
    {
        const FileSizeLimit no_room_for_the_content(900);
        EXPECT_EQ(lines.try_to_fold(), ERROR_DISK_FULL);
    }
    EXPECT_EQ(fs::file_size(file()), 500u);
    EXPECT_EQ(other.read(), text);
    lines.add("c");
    other.add("d");
    EXPECT_EQ(lines.read(), text + "cd");
    lines.fold();
    EXPECT_EQ(Lines(folder_.path()).read(), text + "cd");
}

// Time stamps are coarse: a write may leave the one that was there before.
TEST_F(JournaledFiles, ShowWhatWasWrittenInTheSameTick) {
    Lines lines(folder_.path());
    lines.add("a");
    lines.fold();
    const auto stamp = fs::file_time_type::clock::now() + std::chrono::hours(1);
    fs::last_write_time(file(), stamp);
    EXPECT_EQ(lines.read(), "a");
    write("b");
    fs::last_write_time(file(), stamp);
    EXPECT_EQ(lines.read(), "b");
    write("c");
    fs::last_write_time(file(), stamp);
    lines.add("d");
    lines.fold();
    EXPECT_EQ(Lines(folder_.path()).read(), "cd");
}

// Each process adds its letter and folds now and then.
TEST_F(JournaledFiles, TakeAllFromProcessesThatWriteAtTheSameTime) {
    constexpr int processes = 3;
    constexpr int count = 300;
    for (int process = 0; process < processes; ++process) {
        if (::fork() != 0) continue;
        Lines lines(folder_.path());
        const std::string letter(1, static_cast<char>('a' + process));
        bool good = true;
        for (int i = 1; i <= count; ++i) {
            good = good && lines.add(letter) == ERROR_SUCCESS;
            if (i % 50 == 0) lines.fold();
        }
        ::_exit(good && !testing::Test::HasFailure() ? 0 : 1);
    }
    for (int process = 0; process < processes; ++process) {
        int status = -1;
        ::wait(&status);
        EXPECT_EQ(status, 0);
    }
    const std::string text = Lines(folder_.path()).read();
    for (int process = 0; process < processes; ++process)
        EXPECT_EQ(std::count(text.begin(), text.end(), 'a' + process), count);
}

}  // namespace
}  // namespace instdrv::winapi::test
