// `instdrv doctor` as a person runs it.
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <unistd.h>
#include <nlohmann/json.hpp>

#include "cage.hpp"
#include "support/command.hpp"
#include "support/i386.hpp"
#include "support/temporary_folder.hpp"

namespace instdrv::test {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

nlohmann::json entry(const nlohmann::json& table, const char* key, const std::string& value) {
    for (const auto& row : table) {
        if (row[key] == value) return row;
    }
    return {};
}

void expect_whole(const CommandResult& result) {
    EXPECT_EQ(result.status, 0) << result.err;
    const auto json = nlohmann::json::parse(result.out);
    EXPECT_EQ(json["whole"], true);
    EXPECT_EQ(json["layers"].size(), 9U);
    for (const auto& layer : json["layers"]) {
        EXPECT_THAT(layer["state"].get<std::string>(), StartsWith("on")) << layer;
    }
    EXPECT_GE(json["attempts"].size(), 8U);
    for (const auto& attempt : json["attempts"]) {
        EXPECT_THAT(attempt["outcome"].get<std::string>(),
                    testing::AnyOf(StartsWith("refused"), StartsWith("denied")))
            << attempt;
    }
}

TEST(DoctorTest, FindsTheSandboxWhole) {
    expect_whole(run({.arguments = {INSTDRV_PROGRAM, "doctor", "--json"}}));
}

TEST(DoctorTest, FindsItWholeForAnOrdinaryUser) {
    if (::geteuid() != 0) GTEST_SKIP() << "the test before ran as an ordinary user";
    const TemporaryFolder folder;
    const auto program = folder / "instdrv";
    std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
    for (const char* const name : {"instdrv", "instdrv-worker", "instdrv-worker32"}) {
        const auto built = std::filesystem::path(INSTDRV_PROGRAM).parent_path() / name;
        std::filesystem::copy_file(built, folder / name);
    }
    expect_whole(run({.arguments = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                                    program, "doctor", "--json"}}));
}

TEST(DoctorTest, TriesTheWorkers) {
    const auto result = run({.arguments = {INSTDRV_PROGRAM, "doctor", "--json"}});
    const auto needs = nlohmann::json::parse(result.out)["needs"];
    EXPECT_EQ(entry(needs, "need", "instdrv-worker")["state"], "runs");
    EXPECT_EQ(entry(needs, "need", "instdrv-worker32")["state"],
              runs_i386 ? "runs" : "does not run");
    EXPECT_EQ(entry(needs, "need", "32-bit programs")["state"], runs_i386 ? "yes" : "no");
}

// The same with the worker programs that are in `folder`.
nlohmann::json needs_with_workers_of(const std::filesystem::path& folder, int status) {
    const auto result = run({.arguments = {"env", "INSTDRV_WORKERS=" + folder.string(),
                                           INSTDRV_PROGRAM, "doctor", "--json"}});
    EXPECT_EQ(result.status, status) << result.err;
    return nlohmann::json::parse(result.out)["needs"];
}

TEST(DoctorTest, SaysThatWorkersAreMissingAndWhatToDo) {
    const TemporaryFolder folder;
    const auto worker = entry(needs_with_workers_of(folder.path(), 1), "need", "instdrv-worker");
    EXPECT_EQ(worker["state"], "missing");
    EXPECT_THAT(worker["note"].get<std::string>(), HasSubstr("INSTDRV_WORKERS"));
}

TEST(DoctorTest, SaysWhyAWorkerDoesNotRun) {
    const TemporaryFolder folder;
    const auto bin = std::filesystem::path(INSTDRV_PROGRAM).parent_path();
    std::filesystem::copy_file(bin / "instdrv-worker", folder / "instdrv-worker");
    std::ofstream(folder / "instdrv-worker32")
        << "#!/bin/sh\necho 'instdrv-worker: of another version'\nexit 1\n";
    std::filesystem::permissions(folder / "instdrv-worker32", std::filesystem::perms(0755));
    const auto needs = needs_with_workers_of(folder.path(), 0);
    EXPECT_EQ(entry(needs, "need", "instdrv-worker")["state"], "runs");
    const auto worker = entry(needs, "need", "instdrv-worker32");
    EXPECT_EQ(worker["state"], "does not run");
    EXPECT_EQ(worker["note"], "instdrv-worker: of another version");
}

TEST(DoctorTest, SaysWhatTheMachineGives) {
    const auto result = run(
        {.arguments = {"sh", "-c", "ulimit -n 321 && exec \"$0\" doctor --json", INSTDRV_PROGRAM}});
    EXPECT_EQ(result.status, 0) << result.err;
    const auto limits = nlohmann::json::parse(result.out)["limits"];
    EXPECT_EQ(limits.size(), 3U);
    EXPECT_EQ(entry(limits, "limit", "descriptors")["value"], 321);
    EXPECT_EQ(entry(limits, "limit", "descriptors")["set_by"], "RLIMIT_NOFILE");
    EXPECT_TRUE(entry(limits, "limit", "tasks").contains("value"));
    EXPECT_TRUE(entry(limits, "limit", "memory").contains("value"));
}

TEST(DoctorTest, PrintsTablesForPeople) {
    const auto result = run({.arguments = {INSTDRV_PROGRAM, "doctor"}});
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_THAT(result.out, HasSubstr("\nLandlock           on, ABI "));
    EXPECT_THAT(result.out,
                HasSubstr("\nread /etc/passwd             refused: Permission denied\n"));
    EXPECT_THAT(result.out, HasSubstr("\nTHIS PROCESS AND ITS WORKERS MAY HAVE  "));
    EXPECT_THAT(result.out, HasSubstr("\nThe sandbox is whole.\n"));
}

TEST(DoctorTest, SaysWhyLandlockIsOffAndWhatToDo) {
    for (const auto& [error, advice] : std::vector<std::pair<int, std::string>>{
             {ENOSYS, "Use Linux 5.13 or later"}, {EOPNOTSUPP, "lsm="}, {EPERM, "container"}}) {
        const auto result = run({.arguments = {WITHOUT_LANDLOCK, std::to_string(error),
                                               INSTDRV_PROGRAM, "doctor", "--json"}});
        EXPECT_EQ(result.status, 1) << result.err;
        const auto json = nlohmann::json::parse(result.out);
        EXPECT_EQ(json["whole"], false);
        const auto layer = entry(json["layers"], "layer", "Landlock");
        EXPECT_EQ(layer["state"], "off");
        EXPECT_THAT(layer["note"].get<std::string>(), HasSubstr(advice));
        // The filter stands in for it.
        const auto attempt = entry(json["attempts"], "attempt", "read /etc/passwd");
        EXPECT_EQ(attempt["outcome"], "refused: Permission denied");
    }
}

TEST(DoctorTest, IsNamedWhereNoDriverCanBeLoaded) {
    const auto result = run({.arguments = {WITHOUT_LANDLOCK, std::to_string(EPERM), INSTDRV_PROGRAM,
                                           "send", A_DRIVER, "0x4000", "0", "0"}});
    EXPECT_EQ(result.status, 1);
    EXPECT_THAT(result.err, HasSubstr("Permission denied. A worker opens no files where Landlock "
                                      "is not to be had; `instdrv doctor` says why"));
}

TEST(DoctorTest, PrintsThePolicy) {
    const auto result = run({.arguments = {INSTDRV_PROGRAM, "doctor", "--policy", "--json"}});
    EXPECT_EQ(result.status, 0) << result.err;
    const auto json = nlohmann::json::parse(result.out);
    EXPECT_EQ(entry(json, "call", "clone3")["answer"], "ENOSYS");
    EXPECT_EQ(entry(json, "call", "tgkill")["when"], "to itself");
    EXPECT_TRUE(entry(json, "call", "socket").is_null());
    for (const auto& row : json)
        EXPECT_NE(row["reason"], "") << row;
}

}  // namespace
}  // namespace instdrv::test
