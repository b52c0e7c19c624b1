// `instdrv run` as a process, ended by real signals.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <thread>

#include <sys/resource.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "support/command.hpp"
#include "support/i386.hpp"
#include "support/processes.hpp"
#include "support/running_program.hpp"

namespace instdrv {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::RunningProgram;
using testing::HasSubstr;

const std::string ready = "The session runs as process";

std::string driver(const std::string& file) {
    return std::string(INSTDRV_TEST_DRIVERS) + "/" + file;
}

std::string text_of(const fs::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

class Run : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / ("instdrv_run_" + std::to_string(getpid()));
        fs::create_directories(folder_);
        setenv("XDG_STATE_HOME", (folder_ / "state").c_str(), 1);
        unsetenv("INSTDRV_CONFIG");
        setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/system", 1);
        setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/user", 1);
    }
    void TearDown() override { fs::remove_all(folder_); }

    static std::vector<std::string> command(std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {INSTDRV_PROGRAM, "run"});
        return arguments;
    }

    static test::CommandResult run_to_end(std::vector<std::string> arguments) {
        return test::run({.arguments = command(std::move(arguments))});
    }

    // Runs a session of the drivers until it is ready, ends it by the signal.
    test::CommandResult session(std::vector<std::string> arguments, int signal = SIGTERM) {
        arguments.insert(arguments.end(), {"--report", report_file().string()});
        RunningProgram program(command(std::move(arguments)));
        EXPECT_TRUE(program.wait_for_output(ready));
        program.signal(signal);
        return program.wait();
    }

    [[nodiscard]] fs::path report_file() const { return folder_ / "exit.json"; }
    [[nodiscard]] json report() const {
        std::ifstream file(report_file());
        return json::parse(file);
    }
    [[nodiscard]] fs::path configuration(const std::string& content) const {
        const auto file = folder_ / "system.ini";
        std::ofstream(file) << content;
        return file;
    }

    [[nodiscard]] static std::vector<std::string> outcomes_of(const json& report) {
        std::vector<std::string> outcomes;
        for (const auto& one : report["drivers"])
            outcomes.push_back(one["outcome"]);
        return outcomes;
    }

    fs::path folder_;
};

TEST_F(Run, ReportsEveryMessageOfTheExit) {
    const auto output = session({driver("plain.dll"), driver("large_ids.so")});
    EXPECT_EQ(output.status, 0) << output.err;
    EXPECT_THAT(output.err, testing::MatchesRegex("instdrv: [^\n]*signals alone[^\n]*\n"));
    EXPECT_THAT(output.out, HasSubstr("SIGTERM ended the session"));
    const auto written = report();
    EXPECT_EQ(written["reason"], "signal");
    EXPECT_EQ(written["announced_by"], "SIGTERM");
    EXPECT_EQ(written["ended_well"], true);
    EXPECT_TRUE(written["not_opened"].empty());
    ASSERT_EQ(written["drivers"].size(), 2u);
    const auto& newest = written["drivers"][0];
    EXPECT_EQ(newest["file"], driver("large_ids.so"));
    EXPECT_EQ(newest["kind"], "ELF x86-64");
    EXPECT_EQ(newest["driver_id"], "0x7fff00001234");
    EXPECT_EQ(newest["outcome"], "ended");
    EXPECT_EQ(written["drivers"][1]["kind"], "PE32+ x86-64");
    for (const auto& one : written["drivers"]) {
        std::vector<std::string> messages;
        for (const auto& message : one["messages"]) {
            messages.push_back(message["message"]);
            EXPECT_EQ(message["outcome"], "answered");
            EXPECT_GE(message["milliseconds"].get<double>(), 0);
        }
        EXPECT_THAT(messages, testing::ElementsAre("DRV_EXITSESSION", "DRV_CLOSE", "DRV_DISABLE",
                                                   "DRV_FREE", "unload"));
    }
}

TEST_F(Run, EndsOnEachOfTheSignals) {
    for (const auto& [number, name] : {std::pair(SIGTERM, "SIGTERM"), std::pair(SIGINT, "SIGINT"),
                                       std::pair(SIGHUP, "SIGHUP")}) {
        EXPECT_EQ(session({driver("plain.so")}, number).status, 0);
        EXPECT_EQ(report()["announced_by"], name);
    }
}

// As at a logout: systemd signals every process of a login session.
TEST_F(Run, EndsWellThoughItsWorkersAreSignalledFirst) {
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
        const auto* const second = test::runs_i386 ? "i386/plain.dll" : "plain.so";
        RunningProgram program(
            command({driver("plain.dll"), driver(second), "--report", report_file().string()}));
        ASSERT_TRUE(program.wait_for_output(ready));
        const auto workers = test::children(program.id());
        EXPECT_EQ(workers.size(), 2U);
        for (const auto worker : workers)
            ::kill(worker, number);
        program.signal(number);
        EXPECT_EQ(program.wait().status, 0);
        EXPECT_THAT(outcomes_of(report()), testing::ElementsAre("ended", "ended"));
    }
}

TEST_F(Run, OpensAllOfTheConfiguration) {
    const auto config = configuration("[boot]\ndrivers=" + driver("loads_with_two.dll") +
                                      "\n[drivers32]\nfirst=" + driver("plain.dll") +
                                      "\nsecond=" + driver("plain.so") + " some text\n");
    const auto output = session({"--config", config.string()});
    EXPECT_EQ(output.status, 0) << output.err;
    const auto written = report();
    std::set<std::string> files;
    for (const auto& one : written["drivers"])
        files.insert(one["file"].get<std::string>());
    EXPECT_THAT(files, testing::UnorderedElementsAre(driver("plain.dll"), driver("plain.so"),
                                                     driver("loads_with_two.dll")));
}

TEST_F(Run, HoldsASessionOfAllRealDrivers) {
    const std::vector<std::string> names = {
        "msadp32.acm", "imaadp32.acm", "msg711.acm",   "msgsm32.acm", "l3codeca.acm",
        "iccvid.dll",  "msrle32.dll",  "msvidc32.dll", "mciwave.dll", "mciseq.dll",
        "mcicda.dll",  "midimap.dll",  "msacm32.drv"};
    const auto output = session(names);
    EXPECT_EQ(output.status, 0) << output.out << output.err;
    const auto written = report();
    ASSERT_EQ(written["drivers"].size(), names.size());
    for (const auto& one : written["drivers"]) {
        EXPECT_EQ(one["messages"][0]["message"], "DRV_EXITSESSION") << one["name"];
        EXPECT_EQ(one["messages"][0]["outcome"], "answered") << one["name"];
        EXPECT_EQ(one["outcome"], "ended") << one["name"];
    }
}

TEST_F(Run, SaysThreeWhenADriverDoesNotEndWell) {
    const auto refused = session({driver("refuses_close.dll"), driver("plain.dll")});
    EXPECT_EQ(refused.status, 3);
    EXPECT_EQ(report()["drivers"][0]["outcome"], "ended");
    EXPECT_EQ(report()["drivers"][1]["outcome"], "refused");
}

TEST_F(Run, EndsThoughDriversHang) {
    for (const std::string name : {"hangs_in_exit.dll", "hangs_in_exit.so", "hangs_in_close.dll"}) {
        const auto output = session(
            {driver(name), driver("plain.dll"), "--notify-timeout", "2s", "--close-timeout", "2s"});
        EXPECT_EQ(output.status, 3) << name;
        EXPECT_EQ(report()["drivers"][0]["outcome"], "ended") << name;
        EXPECT_EQ(report()["drivers"][1]["outcome"], "timed out") << name;
    }
}

TEST_F(Run, EndsThoughADriverHangsWhileItIsOpened) {
    RunningProgram program(
        command({driver("plain.so"), driver("hangs_in_open.so"), "--report", report_file().string(),
                 "--notify-timeout", "2s", "--close-timeout", "2s", "--in-process"}));
    program.wait_for_mapping("hangs_in_open.so");
    program.signal(SIGTERM);
    const auto output = program.wait();
    EXPECT_EQ(output.status, 3) << output.err;
    EXPECT_THAT(output.err, HasSubstr("hangs_in_open.so: DRV_DISABLE timed_out"));
    const auto written = report();
    EXPECT_EQ(written["not_opened"][0]["name"], driver("hangs_in_open.so"));
    EXPECT_THAT(outcomes_of(written), testing::Contains("ended"));
}

TEST_F(Run, GoesOnWithoutADriverThatCannotBeOpened) {
    const auto output = session({driver("refuses_load.dll"), driver("plain.dll")});
    EXPECT_EQ(output.status, 1);
    EXPECT_THAT(output.err, HasSubstr("refuses_load.dll"));
    EXPECT_EQ(report()["drivers"].size(), 1u);
    ASSERT_EQ(report()["not_opened"].size(), 1u);
    EXPECT_EQ(report()["not_opened"][0]["error"]["code"], "refused_load");
}

TEST_F(Run, HoldsNoSessionWithoutDrivers) {
    const auto output = run_to_end({"no_such_driver.dll"});
    EXPECT_EQ(output.status, 1);
    EXPECT_THAT(output.err, HasSubstr("no_such_driver.dll"));
}

TEST_F(Run, FailsBeforeItOpensAnythingWhenTheReportCannotBeWritten) {
    const auto output = run_to_end({driver("plain.so"), "--report", "/no/such/folder/exit.json"});
    EXPECT_EQ(output.status, 1);
    EXPECT_THAT(output.err, HasSubstr("/no/such/folder/exit.json"));
    EXPECT_EQ(output.out, "");
}

TEST_F(Run, SaysTwoForWrongUsage) {
    EXPECT_EQ(run_to_end({}).status, 2);
    EXPECT_EQ(run_to_end({"--close-timeout", "soon", "x"}).status, 2);
}

TEST_F(Run, RefusesOneFileAsReportAndTrace) {
    const auto output = run_to_end({driver("plain.so"), "--report", report_file().string(),
                                    "--trace", (folder_ / "." / "exit.json").string()});
    EXPECT_EQ(output.status, 1);
    EXPECT_THAT(output.err, HasSubstr("they are one file. Name two"));
    EXPECT_FALSE(fs::exists(report_file()));
}

TEST_F(Run, PrintsJson) {
    RunningProgram program(command({driver("plain.dll"), "--json"}));
    ASSERT_TRUE(program.wait_for_output("\n]\n"));
    program.signal(SIGTERM);
    const auto output = program.wait();
    EXPECT_EQ(output.status, 0);
    const auto end_of_first = output.out.find("\n]\n") + 3;
    EXPECT_EQ(json::parse(output.out.substr(0, end_of_first))[0]["state"], "open");
    EXPECT_EQ(json::parse(output.out.substr(end_of_first))["ended_well"], true);
}

// In this process, a constructor that does not return keeps the C library's lock for loading.
TEST_F(Run, EndsTheSessionWhileTheLockForLoadingIsHeld) {
    fs::copy_file(driver("misbehaves.so"), folder_ / "hang-load.so");
    for (const bool all_in_process : {true, false}) {
        std::vector<std::string> arguments{driver("plain.dll"), driver("plain.so"),
                                           (folder_ / "hang-load.so").string()};
        const auto settings = configuration("[instdrv.hang-load.so]\nplacement=in-process\n");
        if (all_in_process) {
            arguments.emplace_back("--in-process");
        } else {
            arguments.insert(arguments.end(), {"--config", settings.string()});
        }
        arguments.insert(arguments.end(), {"--report", report_file().string()});
        RunningProgram program(command(arguments));
        program.wait_for_mapping("hang-load.so");
        program.signal(SIGTERM);
        const auto output = program.wait();
        EXPECT_EQ(output.status, 3) << output.err;
        const auto written = report();
        ASSERT_EQ(written["drivers"].size(), 3u);
        for (const auto& one : written["drivers"]) {
            if (one["file"] == (folder_ / "hang-load.so").string()) continue;
            EXPECT_EQ(one["messages"].size(), 5u) << one.dump(2);
            for (const auto& message : one["messages"]) {
                // Without that lock, no native driver of the process can be unloaded.
                const bool unloads = all_in_process && message["message"] == "unload" &&
                                     one["file"] == driver("plain.so");
                EXPECT_EQ(message["outcome"], unloads ? "timed_out" : "answered") << one.dump(2);
            }
        }
    }
}

// What is printed does not fit any more; the report does.
TEST_F(Run, EndsTheSessionWhereItsFilesMayNotGrow) {
    constexpr rlim_t limit = 1 << 20;
    const auto printed = folder_ / "printed";
    std::ofstream(printed) << std::string(limit, '\n');
    const auto line = std::string("exec ") + INSTDRV_PROGRAM + " run --report " +
                      report_file().string() + " " + driver("plain.so") + " " +
                      driver("plain.dll") + " >>" + printed.string() + " 2>&1";
    RunningProgram program({"/bin/sh", "-c", line});
    while (text_of(printed).find(ready) == std::string::npos)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    constexpr rlimit64 small{.rlim_cur = limit, .rlim_max = limit};
    ASSERT_EQ(::prlimit64(program.id(), RLIMIT_FSIZE, &small, nullptr), 0);
    program.signal(SIGTERM);
    EXPECT_EQ(program.wait().status, 1);
    EXPECT_THAT(outcomes_of(report()), testing::ElementsAre("ended", "ended"));
}

TEST_F(Run, EndsTheSessionThoughNobodyReadsWhatItPrints) {
    RunningProgram program(command({driver("plain.so"), "--report", report_file().string()}));
    ASSERT_TRUE(program.wait_for_output(ready));
    program.stop_reading();
    program.signal(SIGTERM);
    const auto output = program.wait();
    EXPECT_EQ(output.status, 1);
    EXPECT_THAT(output.err, HasSubstr("output"));
    EXPECT_EQ(report()["ended_well"], true);
}

}  // namespace
}  // namespace instdrv
