// A program in its cage tries to get out, as this user and as an ordinary one, in both machine
// sizes; and does what drivers do.
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <unistd.h>

#include "base/fd.hpp"
#include "expectations.hpp"
#include "sandbox/policy.hpp"
#include "sandbox/syscalls.hpp"
#include "support/command.hpp"
#include "support/temporary_folder.hpp"

namespace instdrv::test {
namespace {

namespace fs = std::filesystem;
using sandbox::Architecture;

constexpr unsigned nobody = 65534;

struct Who {
    Architecture architecture;
    bool ordinary_user;
};

// What there is to attack, made anew for each attempt, since some change it.
class World {
public:
    explicit World(const Who& who) {
        // Everybody may enter; what is inside belongs to whom the program runs as.
        fs::permissions(folder_.path(), fs::perms(0755));
        for (const char* const name : {"driver", "state", "state/sub", "outside"}) {
            fs::create_directory(folder_ / name);
        }
        std::ofstream(folder_ / "driver/driver.acm") << "driver";
        std::ofstream(folder_ / "state/kept.txt") << "kept";
        std::ofstream(folder_ / "outside/secret.txt") << "secret";
        fs::create_symlink(folder_ / "outside/secret.txt", folder_ / "state/link");
        fs::create_symlink("..", folder_ / "state/up");
        write_plan(who.architecture);
        if (who.ordinary_user) give_away();
    }
    [[nodiscard]] const fs::path& path() const noexcept { return folder_.path(); }
    [[nodiscard]] fs::path plan() const { return folder_ / "plan"; }
    // Is all outside as it was?
    [[nodiscard]] bool is_unharmed() const {
        const auto status = fs::status(folder_ / "outside/secret.txt");
        return fs::file_size(folder_ / "outside/secret.txt") == std::strlen("secret") &&
               fs::file_size(folder_ / "driver/driver.acm") == std::strlen("driver") &&
               (status.permissions() & fs::perms::others_write) == fs::perms::none &&
               entries("outside") == 1 && entries("driver") == 1;
    }

private:
    [[nodiscard]] std::ptrdiff_t entries(const char* name) const {
        return std::distance(fs::directory_iterator(folder_ / name), {});
    }
    void write_plan(Architecture architecture) const {
        const auto policy = sandbox::PolicyBuilder(architecture)
                                .driver_folder(folder_ / "driver")
                                .state_folder(folder_ / "state")
                                .build();
        ASSERT_TRUE(policy) << policy.error().text();
        ASSERT_TRUE(write_file_atomically(plan(), policy->serialise()));
    }
    void give_away() const {
        for (const auto& entry : fs::recursive_directory_iterator(folder_.path())) {
            ASSERT_EQ(::lchown(entry.path().c_str(), nobody, nobody), 0);
        }
    }

    TemporaryFolder folder_;
};

// The program where an ordinary user reaches it.
class Program {
public:
    explicit Program(Architecture architecture) {
        fs::permissions(folder_.path(), fs::perms(0755));
        fs::copy_file(architecture == Architecture::amd64 ? CAGED_AMD64 : CAGED_I386, path());
    }
    [[nodiscard]] std::string path() const { return folder_ / "caged"; }

private:
    TemporaryFolder folder_;
};

// "denied 41 3221225534" to "denied socket", "errno 13" to "EACCES".
std::string in_words(const std::string& line, Architecture worker) {
    std::istringstream words(line);
    std::string what;
    long number = 0;
    words >> what >> number;
    if (what == "errno") return ::strerrorname_np(static_cast<int>(number));
    if (what != "denied") return what;
    unsigned audit = 0;
    words >> audit;
    const auto architecture = sandbox::architecture_of(audit, worker);
    std::string of_another;
    if (architecture != worker) of_another = worker == Architecture::amd64 ? "i386 " : "amd64 ";
    return "denied " + of_another +
           sandbox::name_of_syscall(static_cast<std::int32_t>(number), architecture);
}

class EscapeTest : public testing::TestWithParam<Who> {
protected:
    void SetUp() override {
        if (GetParam().ordinary_user && ::geteuid() != 0) {
            GTEST_SKIP() << "only root can become another user; the other half of this test ran as "
                            "an ordinary one";
        }
    }
    [[nodiscard]] std::string outcome(const std::string& attempt, const World& world) const {
        std::vector<std::string> arguments;
        if (GetParam().ordinary_user) {
            arguments = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
        }
        arguments.insert(arguments.end(), {program_.path(), world.plan(), attempt, world.path()});
        const auto result = run({.arguments = arguments, .environment = {{"TZ", "Europe/Berlin"}}});
        if (result.status != 0) {
            return "ended with " + std::to_string(result.status) + ": " + result.err;
        }
        return in_words(result.out, GetParam().architecture);
    }
    // Its attempts ("attempt") or its plain system calls ("call").
    [[nodiscard]] std::vector<std::string> listed(const std::string& kind) const {
        std::istringstream lines(run({.arguments = {program_.path(), "--list"}}).out);
        std::vector<std::string> names;
        for (std::string line; std::getline(lines, line);) {
            std::istringstream words(line);
            std::string first, name;
            words >> first >> name;
            if (first == kind) names.push_back(name);
        }
        return names;
    }

    Program program_{GetParam().architecture};
};

TEST_P(EscapeTest, EveryAttemptEndsAsItShould) {
    for (const auto& expected : expectations(GetParam().architecture)) {
        const World world(GetParam());
        EXPECT_EQ(outcome(expected.attempt, world), expected.outcome) << expected.attempt;
        EXPECT_TRUE(world.is_unharmed()) << expected.attempt;
    }
}

TEST_P(EscapeTest, PlainSystemCallsAreDeniedByName) {
    const World world(GetParam());
    for (const auto& name : listed("call")) {
        if (name == "no_such_call" || name == "largest_number") continue;
        EXPECT_EQ(outcome(name, world), "denied " + name);
    }
    EXPECT_TRUE(world.is_unharmed());
}

TEST_P(EscapeTest, EveryAttemptIsJudged) {
    std::vector<std::string> judged;
    for (const auto& expected : expectations(GetParam().architecture)) {
        judged.push_back(expected.attempt);
    }
    EXPECT_THAT(judged, testing::IsSupersetOf(listed("attempt")));
}

std::string name_of(const testing::TestParamInfo<Who>& info) {
    return std::string(info.param.architecture == Architecture::amd64 ? "amd64" : "i386") +
           (info.param.ordinary_user ? "AsNobody" : "AsThisUser");
}

INSTANTIATE_TEST_SUITE_P(Workers, EscapeTest,
                         testing::Values(Who{Architecture::amd64, false},
                                         Who{Architecture::amd64, true},
                                         Who{Architecture::i386, false},
                                         Who{Architecture::i386, true}),
                         name_of);

}  // namespace
}  // namespace instdrv::test
