#include "row.hpp"

#include <instdrv/crash.hpp>

#include <algorithm>
#include <fstream>
#include <utility>

#include <unistd.h>

namespace instdrv::test {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::seconds;

// Long enough for a machine that has much else to do; only hanging drivers use theirs up.
constexpr milliseconds fault_deadline{1000};
constexpr seconds phase_timeout{20};

// "it called socket, which its sandbox does not allow" -> "socket"
std::string denied_call(const Error& error) {
    constexpr std::string_view before = "it called ";
    const auto begin = error.cause.find(before);
    if (begin == std::string::npos) return "nothing that has a name";
    const auto from = begin + before.size();
    return error.cause.substr(from, error.cause.find(',', from) - from);
}

std::string ending_of(const Error& error) {
    const std::string name(name_of(error.code));
    switch (error.code) {
        case ErrorCode::crashed:
        case ErrorCode::out_of_memory:
            return name + " " + (error.crash == nullptr ? "of nothing" : error.crash->signal);
        case ErrorCode::denied: return name + " " + denied_call(error);
        case ErrorCode::exited: return name + " " + std::to_string(error.system_code);
        default: return name;
    }
}

const ExitMessage* find(const ExitDriver& driver, UINT message) {
    const auto found =
        std::find_if(driver.messages.begin(), driver.messages.end(),
                     [&](const ExitMessage& sent) { return sent.message == message; });
    return found == driver.messages.end() ? nullptr : &*found;
}

LRESULT answer_to(const ExitDriver& driver, UINT message) {
    const auto* const sent = find(driver, message);
    return sent == nullptr || sent->outcome != ExitOutcome::answered ? -1 : sent->answer;
}

// One of each kind, whatever the faulty one is.
constexpr std::array healthy_files{"misbehaves.so", "misbehaves.dll", "i386/misbehaves.dll"};

fs::path healthy_file(const char* name) { return fs::path(INSTDRV_TEST_DRIVERS) / name; }

}  // namespace

std::string ending_of(const Result<LRESULT>& answer) {
    return answer ? "answered" : ending_of(answer.error());
}

std::string ending_of(const ExitMessage& message) {
    switch (message.outcome) {
        case ExitOutcome::answered: return "answered";
        case ExitOutcome::timed_out: return "timed_out";
        case ExitOutcome::failed:
            if (message.error && message.error->code != ErrorCode::timed_out) {
                return ending_of(*message.error);
            }
            break;
        default: break;
    }
    return "outcome " + std::string(name_of(message.outcome));
}

Row::Row(const Fault& fault, const Build& build) : fault_(fault), build_(build), host_(options()) {
    const auto home = folder_ / "home";
    fs::create_directory(folder_ / "drivers");
    fs::create_directory(home);
    std::ofstream(home / "secret") << "not for drivers\n";
    std::ofstream(folder_ / "drivers/facts.txt") << ::getpid() << ' ' << (home / "secret").string();
    for (const auto& stage : stages)
        fs::copy_file(driver_file(std::string(build.folder) + "misbehaves", build.ending),
                      place(stage));
}

fs::path Row::place(const Stage& stage) const {
    return folder_ / "drivers" / (std::string(fault_.name) + "-" + stage.name + build_.ending);
}

// The deadline is the faulty drivers' alone: the healthy ones have the usual ones.
HostOptions Row::options() const {
    const auto configuration = folder_ / "system.ini";
    std::ofstream file(configuration);
    for (const auto& stage : stages) {
        if (!fault_.takes_its_deadline) break;
        file << "[instdrv." << place(stage).filename().string()
             << "]\ndeadline=" << fault_deadline.count() << "ms\n";
    }
    return {.configuration = configuration, .state_folder = folder_ / "state"};
}

void Row::open_healthy() {
    for (const auto* const file : healthy_files) {
        auto driver = host_.open(healthy_file(file).string());
        ASSERT_TRUE(driver) << driver.error().text();
        healthy_.push_back(std::move(*driver));
    }
}

void Row::ask_healthy(const std::string& when) {
    ++asked_;
    for (const auto& driver : healthy_) {
        const auto answer = driver.send(DRV_USER);
        ASSERT_TRUE(answer) << when << ": " << answer.error().text();
        EXPECT_EQ(*answer, asked_) << when;
    }
}

std::string Row::load_or_open(const Stage& stage) {
    auto driver = host_.open(place(stage).string());
    if (!driver) return ending_of(Result<LRESULT>(failure(driver.error())));
    keep(driver->release(), stage);
    return "answered";
}

std::string Row::send_private(const Stage& stage) {
    auto driver = host_.open(place(stage).string());
    if (!driver) return "not opened: " + driver.error().text();
    const auto answer = driver->send(stage.message);
    keep(driver->release(), stage);
    return ending_of(answer);
}

void Row::open_for_exit(const Stage& stage) {
    auto driver = host_.open(place(stage).string());
    ASSERT_TRUE(driver) << driver.error().text();
    keep(driver->release(), stage);
}

void Row::end_session() {
    const auto report =
        host_.exit_session({.notify_timeout = phase_timeout, .close_timeout = phase_timeout});
    ASSERT_TRUE(report) << report.error().text();
    EXPECT_LT(report->took, 2 * phase_timeout);
    check_healthy_end(*report);
    for (const auto& driver : report->drivers) {
        const auto staged = staged_.find(driver.instance);
        if (staged != staged_.end()) record_end(driver, *staged->second);
    }
    for (auto& driver : healthy_)
        static_cast<void>(driver.release());
}

void Row::record_end(const ExitDriver& driver, const Stage& stage) {
    auto& ending = endings_.at(static_cast<std::size_t>(&stage - stages.data()));
    if (!ending.empty()) {
        // What it lived through before, it is told and closed like any other.
        const bool lived = ending == "answered" || (ending.starts_with("exited") && is_windows());
        EXPECT_EQ(driver.ended_well(), lived) << stage.name << ": " << driver.outcome();
        return;
    }
    const auto* const message = find(driver, stage.message);
    ending = message == nullptr ? "not in the report" : ending_of(*message);
}

void Row::check_healthy_end(const ExitReport& report) const {
    for (const auto& driver : healthy_) {
        const auto found =
            std::find_if(report.drivers.begin(), report.drivers.end(),
                         [&](const ExitDriver& told) { return told.instance == driver.handle(); });
        ASSERT_NE(found, report.drivers.end());
        EXPECT_EQ(answer_to(*found, DRV_EXITSESSION), asked_) << found->file;
        EXPECT_EQ(answer_to(*found, DRV_CLOSE), 2) << found->file;
        EXPECT_EQ(answer_to(*found, DRV_FREE), 1) << found->file;
        EXPECT_TRUE(found->ended_well()) << found->file;
    }
}

void Row::run() {
    ASSERT_NO_FATAL_FAILURE(open_healthy());
    for (std::size_t i = 0; i < first_of_the_exit; ++i) {
        const auto& stage = stages.at(i);
        endings_.at(i) = stage.message == DRV_USER ? send_private(stage) : load_or_open(stage);
        ASSERT_NO_FATAL_FAILURE(ask_healthy(std::string("after ") + stage.name));
    }
    for (std::size_t i = first_of_the_exit; i < stages.size(); ++i)
        ASSERT_NO_FATAL_FAILURE(open_for_exit(stages.at(i)));
    ASSERT_NO_FATAL_FAILURE(ask_healthy("before the exit"));
    end_session();
}

}  // namespace instdrv::test
