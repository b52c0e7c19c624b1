#include "parser/parser.hpp"

#include <array>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "parser/describe.hpp"
#include "support/processes.hpp"
#include "support/temporary_folder.hpp"

namespace instdrv::parser {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const std::filesystem::path codec = INSTDRV_WINE_DLLS "/msg711.acm";
constexpr auto program_folder = "INSTDRV_WORKERS";

// Puts another program into the real one's place. The folder it lies in says what it does.
class FalseParser {
public:
    explicit FalseParser(const std::string& deed) {
        std::filesystem::create_directory(folder_ / deed);
        std::filesystem::create_symlink(INSTDRV_FALSE_PARSER, folder_ / deed / "instdrv-parser");
        ::setenv(program_folder, (folder_ / deed).c_str(), 1);
    }
    ~FalseParser() { ::unsetenv(program_folder); }
    FalseParser(const FalseParser&) = delete;
    FalseParser& operator=(const FalseParser&) = delete;

private:
    test::TemporaryFolder folder_;
};

// What comes of a parser that does that.
Error error_of(const std::string& deed, std::chrono::milliseconds deadline = 30s) {
    const FalseParser false_parser(deed);
    Parser parser(deadline);
    const auto kind = parser.kind_of(codec);
    EXPECT_FALSE(kind) << deed;
    if (kind) return {};
    EXPECT_EQ(kind.error().driver, codec);
    return kind.error();
}

TEST(Parser, SaysWhatTheFileSays) {
    Parser parser;
    EXPECT_EQ(parser.kind_of(codec), image::Kind::pe64);
    const auto file = parser.describe(codec);
    ASSERT_TRUE(file) << file.error().text();
    const auto here = describe_driver(*read_file(codec));
    EXPECT_EQ(encode(file), encode(here));
    EXPECT_FALSE(file->exports.empty());
    EXPECT_FALSE(file->libraries.empty());
    const auto program = parser.describe("/proc/self/exe");
    ASSERT_TRUE(program) << program.error().text();
    EXPECT_EQ(program->kind, image::Kind::elf64);
}

TEST(Parser, NamesFilesThatAreNone) {
    const test::TemporaryFolder folder;
    ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
    std::ofstream(folder / "empty");
    std::ofstream(folder / "text") << "text";
    std::ofstream(folder / "large");
    std::filesystem::resize_file(folder / "large", std::uintmax_t{4} << 30);
    Parser parser;
    const auto text_for = [&](const std::filesystem::path& file) {
        const auto kind = parser.kind_of(file);
        return kind ? "" : kind.error().text();
    };
    const auto named = [&](const char* name, const std::string& cause) {
        return " " + (folder / name).string() + ": " + cause;
    };
    EXPECT_THAT(text_for(folder / "pipe"), HasSubstr(named("pipe", "it is not a regular file")));
    EXPECT_THAT(text_for(folder / "empty"), HasSubstr(named("empty", "the file is empty")));
    EXPECT_THAT(text_for(folder / "text"), HasSubstr(named("text", "this is text")));
    EXPECT_THAT(text_for(folder / "large"), HasSubstr(named("large", "File too large")));
    EXPECT_THAT(text_for(folder / "none"), HasSubstr(named("none", "No such file")));
    EXPECT_THAT(text_for(folder.path()), HasSubstr("Is a directory"));
    EXPECT_EQ(parser.kind_of(codec), image::Kind::pe64);
}

TEST(Parser, ReadsHalfAGibibyteOfNothingAtOnce) {
    const test::TemporaryFolder folder;
    std::filesystem::copy_file(codec, folder / "sparse");
    std::filesystem::resize_file(folder / "sparse", Parser::largest_file);
    const auto file = Parser().describe(folder / "sparse");
    ASSERT_TRUE(file) << file.error().text();
    EXPECT_EQ(file->obstacle, "");
}

// 16 bytes of format, 8 of sound.
std::string small_wav() {
    using namespace std::string_literals;
    return "RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x40\x1f\0\0\1\0\x8\0data\x8\0\0\0"
           "abcdefgh"s;
}

Fd pipe_with(const std::string& text) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const Fd writing(ends[1]);
    EXPECT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    return Fd(ends[0]);
}

TEST(Parser, ReadsThePipeOfASoundNoFartherThanToTheSound) {
    const auto source = codec::ByteSource::from(pipe_with(small_wav()), "pipe");
    ASSERT_TRUE(source);
    const auto header = Parser().wav_header_of(*source);
    ASSERT_TRUE(header) << header.error().text();
    EXPECT_EQ(header->data_size, 8u);
    std::array<char, 100> rest{};
    ASSERT_EQ(::read(source->fd().get(), rest.data(), rest.size()), 8);
    EXPECT_STREQ(rest.data(), "abcdefgh");
}

// One that begins inside of a file, which the caller may write to.
TEST(Parser, ReadsTheFileOfASoundAndCannotWriteToIt) {
    const test::TemporaryFolder folder;
    std::ofstream(folder / "a.wav") << "before" << small_wav();
    Fd file(::open((folder / "a.wav").c_str(), O_RDWR | O_CLOEXEC));
    ASSERT_EQ(::lseek(file.get(), 6, SEEK_SET), 6);
    const auto source = codec::ByteSource::from(std::move(file), "a.wav");
    ASSERT_TRUE(source);
    const auto header = Parser().wav_header_of(*source);
    ASSERT_TRUE(header) << header.error().text();
    EXPECT_EQ(header->data_start, 44u);
    EXPECT_EQ(header->format.size(), 16u);
#ifndef __SANITIZE_ADDRESS__
    const FalseParser writing("writes_to_what_it_reads");
    EXPECT_EQ(Parser().wav_header_of(*source).error().cause, "Bad file descriptor");
#endif
}

TEST(Parser, SaysOfWhatIsNoSoundThatItIsNone) {
    Parser parser;
    const auto text = codec::ByteSource::from(pipe_with("a text of some length"), "pipe");
    EXPECT_THAT(parser.wav_header_of(*text).error().text(),
                HasSubstr("read pipe: this is no WAV file"));
    const auto nothing = codec::ByteSource::from(pipe_with(""), "pipe");
    EXPECT_THAT(parser.wav_header_of(*nothing).error().text(), HasSubstr("first 12 bytes"));
}

TEST(Parser, CannotDoMoreThanRead) {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "AddressSanitizer takes memory without limit, makes other calls and ends "
                    "crashes in its own way";
#endif
    EXPECT_EQ(error_of("opens_files").cause, "Permission denied");
    EXPECT_EQ(error_of("makes_files").cause, "Permission denied");
    for (const char* const deed : {"writes_its_file", "looks_around", "connects", "starts_programs",
                                   "forks", "starts_threads", "signals", "makes_code"}) {
        const Error error = error_of(deed);
        EXPECT_EQ(error.code, ErrorCode::denied) << deed << ": " << error.text();
    }
}

TEST(Parser, ThatFailsIsAnErrorOfItsFile) {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "AddressSanitizer takes memory without limit, makes other calls and ends "
                    "crashes in its own way";
#endif
    EXPECT_EQ(error_of("hangs", 200ms).code, ErrorCode::timed_out);
    EXPECT_EQ(error_of("prints", 200ms).code, ErrorCode::timed_out);
    EXPECT_EQ(error_of("says_too_little", 200ms).code, ErrorCode::timed_out);
    EXPECT_EQ(error_of("crashes").code, ErrorCode::crashed);
    EXPECT_THAT(error_of("crashes").cause, HasSubstr("SIGSEGV"));
    EXPECT_THAT(error_of("goes").cause, HasSubstr("ended with 7"));
    EXPECT_EQ(error_of("uses_up_memory").code, ErrorCode::out_of_memory);
    EXPECT_EQ(error_of("says_too_much").code, ErrorCode::broken);
    EXPECT_EQ(error_of("says_nonsense").code, ErrorCode::broken);
    EXPECT_EQ(error_of("hangs_up").code, ErrorCode::crashed);
}

TEST(Parser, ParsesNothingUnconfined) {
    EXPECT_THAT(error_of("cannot_be_confined").text(),
                HasSubstr("could not be started: seccomp: Invalid argument"));
    EXPECT_THAT(error_of("does_not_start").text(), HasSubstr("could not be started"));
    ::setenv(program_folder, "/nowhere", 1);
    EXPECT_THAT(Parser().kind_of(codec).error().text(), HasSubstr("/nowhere/instdrv-parser"));
    ::unsetenv(program_folder);
}

TEST(Parser, GoesOnAfterAFailure) {
    Parser parser(10s);
    {
        const FalseParser crashing("crashes");
        EXPECT_FALSE(parser.kind_of(codec));
    }
    EXPECT_EQ(parser.kind_of(codec), image::Kind::pe64);
}

TEST(Parser, TakesANewProcessNowAndThen) {
    Parser parser;
    ASSERT_TRUE(parser.kind_of(codec));
    const auto first = test::children(::getpid());
    ASSERT_EQ(first.size(), 1u);
    for (int i = 0; i < 300; ++i)
        ASSERT_TRUE(parser.kind_of(codec));
    const auto last = test::children(::getpid());
    ASSERT_EQ(last.size(), 1u);
    EXPECT_NE(last, first);
}

TEST(Parser, ServesManyThreadsAndLeavesNothingBehind) {
    { EXPECT_TRUE(Parser().kind_of(codec)); }
    const auto descriptors = test::open_descriptors();
    {
        Parser shared;
        std::vector<std::thread> threads;
        for (int i = 0; i < 16; ++i) {
            threads.emplace_back([&] {
                Parser own;
                for (int round = 0; round < 5; ++round) {
                    EXPECT_TRUE(shared.describe(codec));
                    EXPECT_TRUE(own.kind_of(codec));
                    EXPECT_FALSE(shared.kind_of("/etc/passwd"));
                }
            });
        }
        for (auto& thread : threads)
            thread.join();
    }
    for (const char* const deed : {"crashes", "hangs", "connects", "cannot_be_confined"})
        error_of(deed, deed == std::string("hangs") ? 200ms : 30s);
    EXPECT_EQ(test::open_descriptors(), descriptors);
    EXPECT_TRUE(test::children(::getpid()).empty());
}

// The thread that started it has ended, as one of many that share a parser may.
TEST(Parser, OutlivesTheThreadThatStartedIt) {
    Parser parser;
    std::thread([&] { EXPECT_TRUE(parser.kind_of(codec)); }).join();
    const auto process = test::children(::getpid());
    EXPECT_TRUE(parser.kind_of(codec));
    EXPECT_EQ(test::children(::getpid()), process);
}

}  // namespace
}  // namespace instdrv::parser
