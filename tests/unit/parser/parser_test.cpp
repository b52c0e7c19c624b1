#include "parser/parser.hpp"

#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

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
