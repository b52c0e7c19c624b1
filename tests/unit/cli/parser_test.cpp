#include "cli/parser.hpp"

#include <gmock/gmock.h>

#include "cli/commands.hpp"

namespace instdrv::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = Request::Kind;

Request parsed(const std::vector<std::string>& words) { return parse(program_command, words); }

// What a command is given that is to be carried out.
Arguments given(const std::vector<std::string>& words) {
    auto request = parsed(words);
    EXPECT_EQ(request.kind, Kind::carry_out) << request.mistake;
    EXPECT_EQ(&request.arguments.value().command(), request.command);
    EXPECT_EQ(request.arguments->words(), words);
    return *std::move(request.arguments);
}

TEST(Parse, FindsTheCommandAndHowItIsSpelt) {
    const auto request = parsed({"acm", "list", "x.acm"});
    EXPECT_EQ(request.command, &acm_list_command);
    EXPECT_EQ(request.spelling, "instdrv acm list");
    EXPECT_EQ(parsed({"list"}).command, &list_command) << "and not that of acm";
}

TEST(Parse, TakesArgumentsByTheirPlacesAndOptionsAnywhere) {
    const auto send = given({"send", "--json", "x.dll", "--deadline", "5s", "0x4003", "1"});
    EXPECT_EQ(send.text("driver"), "x.dll");
    EXPECT_EQ(send.text("message"), "0x4003");
    EXPECT_EQ(send.number<LPARAM>("lparam1"), 1);
    EXPECT_EQ(send.number<LPARAM>("lparam2"), 0);
    EXPECT_EQ(send.duration("--deadline"), std::chrono::seconds(5));
    EXPECT_TRUE(send.given("--json"));
    EXPECT_FALSE(send.given("--in-process"));
    EXPECT_EQ(given({"send", "x", "0x4003", "--deadline=2s"}).text("--deadline"), "2s");
}

TEST(Parse, TakesNegativeNumbersAfterTwoDashes) {
    const auto send = given({"send", "x.dll", "0x4003", "--", "-1", "-2"});
    EXPECT_EQ(send.number<LPARAM>("lparam1"), -1);
    EXPECT_EQ(send.number<LPARAM>("lparam2"), -2);
}

TEST(Parse, TakesAllThatIsLeftForARepeatedArgument) {
    const auto run = given({"run", "a", "--force", "b", "list"});
    EXPECT_THAT(run.values("driver"), ElementsAre("a", "b", "list"));
    EXPECT_TRUE(run.given("--force"));
    EXPECT_THAT(given({"run"}).values("driver"), IsEmpty());
}

TEST(Parse, TakesASwitchTwiceButAValueOnce) {
    EXPECT_TRUE(given({"run", "--json", "--json", "x"}).given("--json"));
    EXPECT_EQ(parsed({"run", "--deadline", "1s", "--deadline", "2s", "x"}).kind, Kind::mistake);
    EXPECT_EQ(parsed({"run", "x", "--deadline"}).kind, Kind::mistake);
}

TEST(Parse, KnowsHelpOfEveryCommandAndTheVersionOfTheProgram) {
    for (const char* help : {"-h", "--help"}) {
        EXPECT_EQ(parsed({help}).command, &program_command);
        const auto request = parsed({"acm", "convert", "x.wav", help});
        EXPECT_EQ(request.kind, Kind::help) << "whatever is missing";
        EXPECT_EQ(request.command, &acm_convert_command);
    }
    EXPECT_EQ(parsed({"--version"}).kind, Kind::version);
    EXPECT_EQ(parsed({"list", "--version"}).kind, Kind::mistake);
}

TEST(Parse, RefusesWhatIsTooMuchOrMissing) {
    EXPECT_EQ(parsed({"send", "x", "1", "2", "3", "4"}).kind, Kind::mistake);
    const auto missing = parsed({"acm", "convert", "a.wav", "b.wav"});
    EXPECT_EQ(missing.kind, Kind::mistake);
    EXPECT_EQ(missing.mistake, "--driver is required");
}

}  // namespace
}  // namespace instdrv::cli
