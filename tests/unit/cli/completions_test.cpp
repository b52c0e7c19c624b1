// Completions in the shells themselves.
#include "cli/completions.hpp"

#include <fstream>

#include <gmock/gmock.h>

#include "base/text.hpp"
#include "cli/help.hpp"
#include "every_command.hpp"
#include "support/command.hpp"
#include "support/temporary_folder.hpp"

namespace instdrv::cli {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

class Completions : public testing::Test {
protected:
    Completions() {
        std::ofstream(folder_.path() / "instdrv.bash") << bash_completions();
        std::ofstream(folder_.path() / "instdrv.zsh") << zsh_completions();
        std::ofstream(folder_.path() / "instdrv.fish") << fish_completions();
        std::ofstream(folder_.path() / "a driver.dll") << "";
    }

    [[nodiscard]] test::CommandResult shell(std::vector<std::string> words) const {
        return test::run({.arguments = std::move(words), .folder = folder_.path()});
    }

    // What bash offers for the last of the words, as it splits a command line.
    [[nodiscard]] std::vector<std::string> offered(const std::vector<std::string>& words) const {
        std::vector<std::string> command{
            "bash", "-c",
            "source ./instdrv.bash; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _instdrv; "
            "printf '%s\\n' \"${COMPREPLY[@]}\"",
            "bash", "instdrv"};
        command.insert(command.end(), words.begin(), words.end());
        const auto result = shell(command);
        EXPECT_EQ(result.err, "");
        EXPECT_EQ(result.status, 0);
        return split(result.out, "\n");
    }

    static bool is_there(const char* program) {
        return test::run({.arguments = {"sh", "-c", std::string("command -v ") + program}})
                   .status == 0;
    }

private:
    const test::TemporaryFolder folder_;
};

TEST_F(Completions, AreRegisteredInBash) {
    const auto result = shell({"bash", "-c", "source ./instdrv.bash && complete -p instdrv"});
    EXPECT_EQ(result.out, "complete -F _instdrv instdrv\n");
    EXPECT_EQ(result.err, "");
}

TEST_F(Completions, OfferEveryCommandAndOptionInBash) {
    for (const auto& one : every_command()) {
        auto words = one.words;
        words.emplace_back("--");
        std::vector<std::string> options;
        for (const auto& option : options_of(*one.command))
            options.emplace_back(option.name);
        EXPECT_EQ(offered(words), options) << one.spelling();
        words.back() = "";
        for (const auto* command : one.command->commands)
            EXPECT_THAT(offered(words), Contains(command->name)) << one.spelling();
    }
}

TEST_F(Completions, NarrowDownWhatWasBegunInBash) {
    EXPECT_THAT(offered({"ins"}), ElementsAre("inspect"));
    EXPECT_THAT(offered({"acm", "con"}), ElementsAre("convert"));
    EXPECT_THAT(offered({"run", "--no"}), ElementsAre("--notify-timeout"));
    EXPECT_THAT(offered({"run", "x.dll", "--json", "--no"}), ElementsAre("--notify-timeout"));
    EXPECT_THAT(offered({"fly"}), IsEmpty());
}

TEST_F(Completions, KnowWhatAValueMayBeInBash) {
    EXPECT_THAT(offered({"acm", "convert", "--to", "ad"}), ElementsAre("adpcm"));
    EXPECT_THAT(offered({"acm", "convert", "--to", "=", "ad"}), ElementsAre("adpcm"));
    EXPECT_THAT(offered({"acm", "convert", "--to", "="}), IsSupersetOf({"pcm", "alaw"}));
    EXPECT_THAT(offered({"acm", "convert", "--rate", ""}), IsEmpty());
    EXPECT_THAT(offered({"completions", ""}), ElementsAre("bash", "zsh", "fish"));
    EXPECT_THAT(offered({"send", "--config", "a dr"}), ElementsAre("a driver.dll"));
    EXPECT_THAT(offered({"list", "--config", "=", "a dr"}), ElementsAre("a driver.dll"));
}

TEST_F(Completions, CountArgumentsAndNotTheValuesOfOptionsInBash) {
    EXPECT_THAT(offered({"send", "a dr"}), ElementsAre("a driver.dll"));
    EXPECT_THAT(offered({"send", "x.dll", "DRV_CONF"}), ElementsAre("DRV_CONFIGURE"));
    EXPECT_THAT(offered({"send", "--deadline", "5s", "--json", "x.dll", "DRV_CONF"}),
                ElementsAre("DRV_CONFIGURE"));
    EXPECT_THAT(offered({"send", "--deadline", "=", "5s", "x.dll", "DRV_CONF"}),
                ElementsAre("DRV_CONFIGURE"));
    EXPECT_THAT(offered({"send", "x.dll", "5", ""}), IsEmpty());
    EXPECT_THAT(offered({"run", "list", "a dr"}), ElementsAre("a driver.dll"));
}

TEST_F(Completions, AreTakenByZsh) {
    if (!is_there("zsh")) GTEST_SKIP() << "there is no zsh here";
    const auto result = shell({"zsh", "-f", "-c",
                               "autoload -U compinit && compinit -u -D && source ./instdrv.zsh && "
                               "print ${_comps[instdrv]}"});
    EXPECT_EQ(result.out, "_instdrv\n");
    EXPECT_EQ(result.err, "");
}

TEST_F(Completions, AreTakenByFish) {
    if (!is_there("fish")) GTEST_SKIP() << "there is no fish here";
    const auto result = shell({"fish", "--no-config", "-c",
                               "source ./instdrv.fish; complete -C 'instdrv acm convert --to ad'"});
    EXPECT_THAT(result.out, HasSubstr("adpcm"));
    EXPECT_EQ(result.err, "");
}

// Where these shells are not installed, this much can be known.
TEST_F(Completions, NameEverythingInTheOtherShells) {
    const auto zsh = zsh_completions(), fish = fish_completions();
    for (const auto& one : placed_commands()) {
        EXPECT_THAT(fish, HasSubstr("= '" + one.path + "'")) << one.path;
        for (const auto& option : one.command->options) {
            if (option.is_argument()) continue;
            EXPECT_THAT(zsh, HasSubstr("'" + std::string(option.name))) << one.path;
            EXPECT_THAT(fish, HasSubstr("-l " + std::string(option.name.substr(2)))) << one.path;
        }
    }
    EXPECT_THAT(zsh, HasSubstr("_instdrv_acm_convert() {"));
    EXPECT_THAT(zsh, HasSubstr("'--to=[Format of OUT, pcm where IN is something else; by number or "
                               "name]:TAG:(pcm adpcm "));
    EXPECT_THAT(zsh, HasSubstr("chrome\\://tracing")) << "colons separate";
}

TEST(Quoted, KeepsOneWordOne) {
    EXPECT_EQ(shell_quoted("plain"), "'plain'");
    const auto echoed = test::run(
        {.arguments = {"bash", "-c", "printf %s " + shell_quoted("it's $HOME \\ `x` \"y\"")}});
    EXPECT_EQ(echoed.out, "it's $HOME \\ `x` \"y\"");
}

}  // namespace
}  // namespace instdrv::cli
