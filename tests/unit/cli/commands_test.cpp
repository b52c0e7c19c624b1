// What the commands say of themselves is well-formed and true.
#include "cli/commands.hpp"

#include <instdrv/exit.hpp>

#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "base/quantity.hpp"
#include "cli/options.hpp"
#include "every_command.hpp"
#include "supervisor/deadlines.hpp"

namespace instdrv::cli {
namespace {

using testing::HasSubstr;

TEST(CommandData, SayWhatTheyAreAndDo) {
    for (const auto& one : every_command()) {
        const auto& command = *one.command;
        EXPECT_FALSE(command.summary.empty()) << one.spelling();
        EXPECT_FALSE(command.summary.ends_with('.')) << one.spelling();
        EXPECT_NE(command.run == nullptr, command.commands.empty()) << one.spelling();
    }
}

TEST(CommandData, HaveNamesOfTheirOwn) {
    for (const auto& one : every_command()) {
        std::set<std::string_view> names{help_option.name, version_option.name};
        for (const auto* command : one.command->commands)
            EXPECT_TRUE(names.insert(command->name).second) << command->name;
        for (const auto& option : one.command->options)
            EXPECT_TRUE(names.insert(option.name).second) << one.spelling() << " " << option.name;
    }
}

TEST(OptionData, AreExplainedAndNamedAsOptionsAre) {
    for (const auto& one : every_command()) {
        for (const auto& option : one.command->options) {
            const auto what = one.spelling() + " " + std::string(option.name);
            EXPECT_FALSE(option.help.empty()) << what;
            EXPECT_FALSE(option.help.ends_with('.')) << what;
            EXPECT_TRUE(option.is_argument() || option.name.starts_with("--")) << what;
            EXPECT_FALSE(option.is_argument() && option.is_switch()) << what;
        }
    }
}

// Completions and readers know an option by its name alone.
TEST(OptionData, TakeAValueInEveryCommandOrInNone) {
    std::map<std::string_view, bool> switches;
    for (const auto& one : every_command()) {
        for (const auto& option : one.command->options) {
            if (option.is_argument()) continue;
            const auto known = switches.emplace(option.name, option.is_switch()).first;
            EXPECT_EQ(known->second, option.is_switch()) << option.name;
        }
    }
}

TEST(OptionData, AcceptWhatTheyOffer) {
    for (const auto& one : every_command()) {
        for (const auto& option : one.command->options) {
            if (option.check == nullptr) continue;
            const auto what = one.spelling() + " " + std::string(option.name);
            if (!option.initial.empty()) {
                EXPECT_EQ(option.check(std::string(option.initial)), "") << what;
            }
            if (option.choices.names == nullptr) continue;
            for (const auto& choice : option.choices.names())
                EXPECT_EQ(option.check(choice), "") << what;
        }
    }
}

TEST(OptionData, OfNumbersAndTimesRefuseNonsense) {
    std::size_t checked = 0;
    for (const auto& one : every_command()) {
        for (const auto& option : one.command->options) {
            if (option.value != "NUMBER" && option.value != "DURATION") continue;
            const auto what = one.spelling() + " " + std::string(option.name);
            ASSERT_NE(option.check, nullptr) << what;
            for (const char* nonsense :
                 {"", "abc", "1e400", "99999999999999999999", "1,5", "nan", "-"}) {
                const auto wrong = option.check(nonsense);
                EXPECT_THAT(wrong, testing::HasSubstr(nonsense)) << what;
                EXPECT_THAT(wrong.size(), testing::AllOf(testing::Gt(0u), testing::Lt(120u)))
                    << what;
            }
            if (option.is_argument()) continue;  // parameters of messages may be anything
            for (const char* nonsense : {"0", "-1", "-1s", "0ms"})
                EXPECT_NE(option.check(nonsense), "") << what << " " << nonsense;
            ++checked;
        }
    }
    EXPECT_GE(checked, 8u);
}

TEST(OptionData, ShowTheDefaultsThatAreUsed) {
    const Arguments arguments(run_command, {});
    EXPECT_EQ(arguments.duration("--notify-timeout"), ExitOptions{}.notify_timeout);
    EXPECT_EQ(arguments.duration("--close-timeout"), ExitOptions{}.close_timeout);
}

TEST(OptionData, AndTheDocsTellTheDeadlinesThatAreUsed) {
    const auto seconds = [](UINT message) {
        return std::chrono::duration_cast<std::chrono::seconds>(
                   supervisor::default_deadline(message))
            .count();
    };
    EXPECT_THAT(std::string(deadline_option.help),
                HasSubstr(fmt::format("({}s to open, {}s for most)", seconds(DRV_OPEN),
                                      seconds(DRV_USER))));
    std::ifstream page(INSTDRV_CONFIGURATION_PAGE);
    const std::string text(std::istreambuf_iterator<char>(page), {});
    EXPECT_THAT(
        text, HasSubstr(fmt::format("{} s to load and open, {} s to be configured or installed, "
                                    "{} s for the rest",
                                    seconds(DRV_OPEN), seconds(DRV_CONFIGURE), seconds(DRV_USER))));
}

TEST(HostOptionsOfArguments, AreThoseOfAHostWhereNothingIsGiven) {
    const auto usual = host_options(Arguments(send_command, {}));
    EXPECT_EQ(usual.placement, HostOptions{}.placement);
    EXPECT_EQ(usual.deadline, std::nullopt);
    EXPECT_EQ(usual.configuration, "");
    Arguments arguments(send_command, {});
    arguments.set("--in-process", {"true"});
    arguments.set("--deadline", {"300ms"});
    arguments.set("--config", {"a.ini"});
    const auto asked = host_options(arguments);
    EXPECT_EQ(asked.placement, Placement::in_process);
    EXPECT_EQ(asked.deadline, std::chrono::milliseconds(300));
    EXPECT_EQ(asked.configuration, "a.ini");
}

TEST(Arguments, KnowsTheOptionsOfItsCommandAlone) {
    Arguments arguments(send_command, {"send", "x"});
    EXPECT_FALSE(arguments.given("--json"));
    EXPECT_EQ(arguments.number<LPARAM>("lparam1"), 0);
    EXPECT_EQ(arguments.text("--config"), "");
    arguments.set("lparam1", {"0xFFFFFFFFFFFFFFFF"});
    EXPECT_EQ(arguments.number<LPARAM>("lparam1"), -1);
    EXPECT_THROW(static_cast<void>(arguments.text("--rate")), std::logic_error);
}

}  // namespace
}  // namespace instdrv::cli
