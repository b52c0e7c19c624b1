// A driver of ours, built with <instdrv/acm.h>: what Wine's drivers cannot show, because they lay
// out two structures in their own way.

#include <algorithm>

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
