#include "row.hpp"

#include <instdrv/crash.hpp>

#include <algorithm>
#include <utility>

namespace instdrv::test {
namespace {

using std::chrono::seconds;

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

Row::Row(const Fault& fault, const Build& build)
    : fault_(fault),
      build_(build),
      files_(fault, build),
      host_({.configuration = files_.configuration(), .state_folder = files_.state()}) {}

void Row::open_healthy() {
    for (const auto& file : healthy_files()) {
        auto driver = host_.open(file.string());
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
    auto driver = host_.open(files_.driver(stage).string());
    if (!driver) return ending_of(Result<LRESULT>(failure(driver.error())));
    keep(driver->release(), stage);
    return "answered";
}

std::string Row::send_private(const Stage& stage) {
    auto driver = host_.open(files_.driver(stage).string());
    if (!driver) return "not opened: " + driver.error().text();
    const auto answer = driver->send(stage.message);
    keep(driver->release(), stage);
    return ending_of(answer);
}

void Row::open_for_exit(const Stage& stage) {
    auto driver = host_.open(files_.driver(stage).string());
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
        if (fault_.outlives_its_file) return;
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
