// The program, for root and for an ordinary user, with files that crash, hang or bloat what reads
// them: it says which file and what happened, goes on with the next one, and stays small.
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "codec/riff.hpp"
#include "image_builder.hpp"
#include "support/command.hpp"
#include "support/temporary_folder.hpp"

namespace instdrv {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

constexpr int done = 0;
constexpr int failed = 1;
const fs::path codec = INSTDRV_WINE_DLLS "/msg711.acm";

enum class User { own, nobody };

class HostileFiles : public testing::TestWithParam<User> {
protected:
    void SetUp() override {
        if (GetParam() == User::nobody && ::geteuid() != 0) GTEST_SKIP() << "takes root";
        fs::permissions(folder_.path(), fs::perms::all);
    }

    // deed: what a parser process does that such a file has taken over; empty: nobody has.
    test::CommandResult run(std::vector<std::string> arguments, const std::string& deed = {}) {
        test::Command command{
            .arguments = {}, .folder = folder_.path(), .input = {}, .environment = {}};
        command.environment.emplace_back("XDG_STATE_HOME", folder_.path().string());
        if (GetParam() == User::nobody) {
            command.arguments = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
        }
        command.arguments.emplace_back(INSTDRV_PROGRAM);
        command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
        if (!deed.empty()) {
            fs::create_directories(folder_ / deed);
            fs::copy_file(INSTDRV_FALSE_PARSER, folder_ / deed / "instdrv-parser",
                          fs::copy_options::skip_existing);
            command.environment.emplace_back("INSTDRV_WORKERS", (folder_ / deed).string());
        }
        return test::run(command);
    }

    std::string write(const std::string& name, const std::vector<std::byte>& content) {
        std::ofstream(folder_ / name, std::ios::binary)
            .write(reinterpret_cast<const char*>(content.data()),
                   static_cast<std::streamsize>(content.size()));
        return (folder_ / name).string();
    }

    test::TemporaryFolder folder_;
};

// 60,000 resources, all with the same long name.
std::vector<std::byte> bomb() {
    using namespace pe::test;
    constexpr std::uint32_t high_bit = 0x80000000, names = 60'000, name_length = 60'000;
    constexpr std::uint32_t root = 16 + 8, name_folder = 16 + names * 8;
    constexpr std::uint32_t language_folder = root + name_folder, data = language_folder + 24;
    constexpr std::uint32_t text = data + 16;
    TableWriter out(table_rva);
    const auto folder = [&](std::uint16_t named, std::uint16_t numbered) {
        out.put<std::uint64_t>(0).put<std::uint32_t>(0).put(named).put(numbered);
    };
    folder(0, 1);
    out.put<std::uint32_t>(5).put(high_bit | root);
    folder(names, 0);
    for (std::uint32_t i = 0; i < names; ++i)
        out.put(high_bit | text).put(high_bit | language_folder);
    folder(0, 1);
    out.put<std::uint32_t>(1033).put(data);
    out.put(table_rva).put<std::uint32_t>(4).put<std::uint64_t>(0);
    out.put<std::uint16_t>(name_length).utf16(std::u16string(name_length, u'A'));
    return build(with_table(pe::Directory::resources, out, out.here() - table_rva));
}

TEST_P(HostileFiles, ThatSayTheSameOverAndOverTakeLittleMemory) {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "AddressSanitizer takes memory without limit, makes other calls and ends "
                    "crashes in its own way";
#endif
    constexpr long sixty_four_mib = 64 << 10;
    const auto outcome = run({"inspect", write("bomb.dll", bomb())});
    EXPECT_EQ(outcome.status, done) << outcome.err;
    EXPECT_THAT(outcome.out, HasSubstr("leads to the same bytes again and again"));
    EXPECT_LT(outcome.peak_kib, sixty_four_mib);
}

TEST_P(HostileFiles, ThatAreCutOffAreSaidToBe) {
    fs::copy_file(codec, folder_ / "cut.acm");
    fs::resize_file(folder_ / "cut.acm", 2000);
    const auto outcome = run({"inspect", "cut.acm"});
    EXPECT_EQ(outcome.status, done);
    EXPECT_THAT(outcome.out, HasSubstr("the file ends inside"));
}

TEST_P(HostileFiles, ThatAreNoneAreRefusedAtOnce) {
    write("sparse.dll", {});
    fs::resize_file(folder_ / "sparse.dll", std::uintmax_t{4} << 30);
    ASSERT_EQ(::mkfifo((folder_ / "pipe.dll").c_str(), 0666), 0);
    const auto sparse = run({"inspect", "sparse.dll"});
    EXPECT_EQ(sparse.status, failed);
    EXPECT_THAT(sparse.err, HasSubstr("sparse.dll: File too large"));
    const auto pipe = run({"inspect", "pipe.dll"});
    EXPECT_EQ(pipe.status, failed);
    EXPECT_THAT(pipe.err, HasSubstr("pipe.dll: it is not a regular file"));
}

TEST_P(HostileFiles, ThatTakeTheirParserOverAreNamed) {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "AddressSanitizer takes memory without limit, makes other calls and ends "
                    "crashes in its own way";
#endif
    fs::copy_file(codec, folder_ / "evil.acm");
    const auto says = [&](const char* deed, const char* what) {
        const auto outcome = run({"inspect", "evil.acm"}, deed);
        EXPECT_EQ(outcome.status, failed) << deed;
        EXPECT_THAT(outcome.err, HasSubstr("evil.acm: ")) << deed;
        EXPECT_THAT(outcome.err, HasSubstr(what)) << deed;
    };
    says("crashes", "crashed with SIGSEGV");
    says("uses_up_memory", "takes more memory than a parser process may have");
    says("hangs", "took too long");
    says("connects", "its sandbox does not allow");
    says("cannot_be_confined", "could not be started");
}

TEST_P(HostileFiles, OfAConfigurationKeepNobodyFromTheNextOne) {
#ifdef __SANITIZE_ADDRESS__
    GTEST_SKIP() << "AddressSanitizer takes memory without limit, makes other calls and ends "
                    "crashes in its own way";
#endif
    write("bomb.dll", bomb());
    write("empty.dll", {});
    fs::copy_file(codec, folder_ / "good.acm");
    std::ofstream(folder_ / "system.ini")
        << "[drivers32]\nvidc.a=bomb.dll\nvidc.b=empty.dll\nmsacm.c=good.acm\n";
    const auto states = [](const test::CommandResult& outcome) {
        std::vector<std::string> found;
        for (const auto& row : json::parse(outcome.out))
            found.push_back(row["state"]);
        return found;
    };
    const auto listed = run({"list", "--config", "system.ini", "--json"});
    EXPECT_EQ(listed.status, done) << listed.err;
    EXPECT_THAT(states(listed), testing::ElementsAre("ok", "the file is empty", "ok"));
    const auto crashed = run({"list", "--config", "system.ini", "--json"}, "crashes");
    EXPECT_EQ(crashed.status, done) << crashed.err;
    EXPECT_THAT(states(crashed), testing::Each(HasSubstr("crashed with SIGSEGV")));
}

// A second of silence.
std::vector<std::byte> silence() {
    std::vector<std::byte> wav;
    const auto put = [&](const auto& value) { codec::append(wav, value); };
    put(std::string_view("RIFF"));
    put(std::uint32_t{8036});
    put(std::string_view("WAVEfmt "));
    put(std::uint32_t{16});
    put(std::uint32_t{0x0001'0001});  // PCM, mono
    put(std::uint32_t{8000});
    put(std::uint32_t{16000});
    put(std::uint32_t{0x0010'0002});  // blocks of 2 bytes, 16 bits
    put(std::string_view("data"));
    put(std::uint32_t{16000});
    wav.resize(wav.size() + 16000);
    return wav;
}

TEST_P(HostileFiles, OfSoundAreReadInAProcessOfTheirOwn) {
    write("good.wav", silence());
    const std::vector<std::string> convert = {"acm",  "convert", "--driver", codec.string(),
                                              "--to", "mulaw",   "good.wav", "out.wav"};
    const auto refused = [&](const char* deed, const char* what) {
        const auto outcome = run(convert, deed);
        EXPECT_EQ(outcome.status, failed) << deed;
        EXPECT_THAT(outcome.err, HasSubstr("good.wav: ")) << deed;
        EXPECT_THAT(outcome.err, HasSubstr(what)) << deed;
        EXPECT_FALSE(fs::exists(folder_ / "out.wav")) << deed;
    };
    refused("lies_about_sounds", "cannot be so");
    refused("says_nonsense", "answered what no honest one does");
    refused("does_not_start", "could not be started");
    const auto outcome = run(convert);
    EXPECT_EQ(outcome.status, done) << outcome.err;
    EXPECT_EQ(fs::file_size(folder_ / "out.wav"), 8000u + 58u);
}

INSTANTIATE_TEST_SUITE_P(For, HostileFiles, testing::Values(User::own, User::nobody),
                         [](const auto& each) {
                             return each.param == User::own ? "this_user" : "nobody";
                         });

}  // namespace
}  // namespace instdrv
