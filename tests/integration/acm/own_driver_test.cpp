// A driver of ours, built with <instdrv/acm.h>: what Wine's drivers cannot show, because they lay
// out two structures in their own way.

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sounds.hpp"
#include "support/command.hpp"
#include "support/temporary_folder.hpp"

namespace instdrv::test {
namespace {

class OwnDriver : public testing::TestWithParam<const char*> {
protected:
    [[nodiscard]] CommandResult acm(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), {INSTDRV_PROGRAM, "acm"});
        return run({.arguments = arguments});
    }
    [[nodiscard]] std::string driver() const { return std::string(OWN_DRIVERS "/") + GetParam(); }
};

TEST_P(OwnDriver, ConvertsThereAndBack) {
    const TemporaryFolder folder;
    Wav wav{codec::WaveFormat::pcm(1, 8000, 8), std::vector<std::byte>(100'001)};
    for (std::size_t i = 0; i < wav.sound.size(); ++i)
        wav.sound[i] = static_cast<std::byte>(i * 7);
    write_wav(folder / "plain.wav", wav);

    const auto there = acm({"convert", "--driver", driver(), "--to", "0x4321", folder / "plain.wav",
                            folder / "coded.wav"});
    ASSERT_EQ(there.status, 0) << there.err;
    Wav coded = read_wav(folder / "coded.wav");
    EXPECT_EQ(coded.format.tag(), 0x4321);
    std::ranges::transform(coded.sound, coded.sound.begin(), [](std::byte b) { return ~b; });
    EXPECT_EQ(coded.sound, wav.sound);

    const auto back =
        acm({"convert", "--driver", driver(), folder / "coded.wav", folder / "back.wav"});
    ASSERT_EQ(back.status, 0) << back.err;
    EXPECT_EQ(read_wav(folder / "back.wav").sound, wav.sound);
}

TEST_P(OwnDriver, IsListed) {
    const auto result = acm({"list", driver()});
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_NE(result.out.find("Complement"), std::string::npos);
    EXPECT_NE(result.out.find("0x4321"), std::string::npos);
}

// What it says of itself steers no terminal and makes no line of the program's own.
TEST(AcmList, ShowsWhatADriverSaysAsItIs) {
    const std::string driver = OWN_DRIVERS "/speaks_to_the_terminal.so";
    const std::string name = "\\x1b[31mred\\x07\\x0ainstdrv: all is well\\x0d\\xc2\\x9b2J\\x7f";
    for (const std::string placement : {"--deadline=10s", "--in-process"}) {
        for (const bool json : {false, true}) {
            SCOPED_TRACE(placement + (json ? " json" : " text"));
            std::vector<std::string> words = {INSTDRV_PROGRAM, "acm", "list", placement, driver};
            if (json) words.emplace_back("--json");
            const auto result = run({.arguments = words});
            EXPECT_EQ(result.status, 0) << result.err;
            EXPECT_EQ(result.err, "");
            EXPECT_TRUE(json || result.out.starts_with(driver + ": " + name + "\n")) << result.out;
            EXPECT_EQ(result.out.find("\ninstdrv:"), std::string::npos);
            for (const char c : {'\x1b', '\x07', '\r', '\x7f', '\x9b'})
                EXPECT_EQ(result.out.find(c), std::string::npos) << int{c};
        }
    }
}

// All sound was taken and given by then, except for what the driver may have kept back.
TEST(AcmConvert, IsNoSuccessWhereTheDriverCrashesAtTheEnd) {
    const TemporaryFolder folder;
    write_wav(folder / "in.wav", {codec::WaveFormat::pcm(1, 8000, 8), std::vector<std::byte>(100)});
    const auto result = run({.arguments = {INSTDRV_PROGRAM, "acm", "convert", "--driver",
                                           OWN_DRIVERS "/crashes_at_the_end.so", "--to", "0x4321",
                                           folder / "in.wav", folder / "out.wav"}});
    EXPECT_EQ(result.status, 1);
    EXPECT_NE(result.err.find("it crashed with SIGILL"), std::string::npos) << result.err;
    EXPECT_FALSE(std::filesystem::exists(folder / "out.wav"));
}

INSTANTIATE_TEST_SUITE_P(Acm, OwnDriver, testing::Values("complement.so", "complement.dll"));

}  // namespace
}  // namespace instdrv::test
