#include "supervisor/death.hpp"

#include <cstring>
#include <random>

#include <gmock/gmock.h>
#include <linux/audit.h>
#include <sys/syscall.h>
#include <instdrv/crash.hpp>

namespace instdrv::supervisor {
namespace {

using testing::HasSubstr;

siginfo_t killed_by(int signal) {
    siginfo_t how{};
    how.si_code = CLD_KILLED;
    how.si_status = signal;
    return how;
}

channel::CrashRecord record_of(int signal) {
    channel::CrashRecord record;
    record.signal = static_cast<std::uint32_t>(signal);
    record.address = 0x10;
    record.frame_count = 1;
    record.frames[0].address = 0x180001234;
    record.frames[0].offset = 0x1234;
    std::strcpy(record.frames[0].image.data(), "a.dll");
    return record;
}

TEST(Deaths, OfABadAddressSayWhere) {
    const auto error = explain({.driver = "a.dll",
                                .how = killed_by(SIGSEGV),
                                .record = record_of(SIGSEGV),
                                .messages = {"DRV_OPEN"},
                                .output = {"out of paper"}});
    EXPECT_EQ(error.code, ErrorCode::crashed);
    EXPECT_EQ(error.cause, "it crashed with SIGSEGV at a.dll+0x1234, touching 0x10");
    ASSERT_NE(error.crash, nullptr);
    EXPECT_EQ(error.crash->signal, "SIGSEGV");
    EXPECT_THAT(error.report(), HasSubstr("DRV_OPEN"));
    EXPECT_THAT(error.report(), HasSubstr("out of paper"));
    EXPECT_THAT(error.report(), HasSubstr("a.dll+0x1234"));
}

TEST(Deaths, OfADeniedCallNameIt) {
    auto record = record_of(SIGSYS);
    record.code = channel::code_of_denials;
    record.system_call = SYS_socket;
    record.architecture = AUDIT_ARCH_X86_64;
    const auto error =
        explain({.driver = "a.dll", .how = killed_by(SIGSYS), .record = record, .messages = {}});
    EXPECT_EQ(error.code, ErrorCode::denied);
    EXPECT_THAT(error.cause, HasSubstr("it called socket"));
    EXPECT_THAT(error.advice, HasSubstr("allow_network"));
}

TEST(Deaths, OfAHandlerThatMustStayNameIt) {
    auto record = record_of(SIGSYS);
    record.code = channel::code_of_denials;
    record.system_call = SYS_rt_sigaction;
    record.architecture = AUDIT_ARCH_X86_64;
    const auto error =
        explain({.driver = "a.dll", .how = killed_by(SIGSYS), .record = record, .messages = {}});
    EXPECT_EQ(error.advice, "Nothing lets a worker change what SIGSYS or SIGSEGV does");
}

TEST(Deaths, OfADeniedCallThatNobodyWroteDownAreDenialsToo) {
    const auto error = explain(
        {.driver = "a.dll", .how = killed_by(SIGSYS), .record = std::nullopt, .messages = {}});
    EXPECT_EQ(error.code, ErrorCode::denied);
    EXPECT_EQ(error.cause, "it made a system call that its sandbox does not allow, and hid which");
}

TEST(Deaths, BySigsysOfTheDriversOwnNameNoCall) {
    const auto error = explain(
        {.driver = "a.dll", .how = killed_by(SIGSYS), .record = record_of(SIGSYS), .messages = {}});
    EXPECT_EQ(error.code, ErrorCode::crashed);
    EXPECT_EQ(error.cause, "it crashed with SIGSYS at a.dll+0x1234");
}

TEST(Deaths, OfHungerSaySo) {
    auto record = record_of(SIGSEGV);
    record.out_of_memory = 1;
    const auto error =
        explain({.driver = "a.dll", .how = killed_by(SIGSEGV), .record = record, .messages = {}});
    EXPECT_EQ(error.code, ErrorCode::out_of_memory);
}

TEST(Deaths, ByTheDriversOwnWillCarryTheExitCode) {
    siginfo_t how{};
    how.si_code = CLD_EXITED;
    how.si_status = 7;
    const auto error =
        explain({.driver = "a.dll", .how = how, .record = std::nullopt, .messages = {}});
    EXPECT_EQ(error.code, ErrorCode::exited);
    EXPECT_EQ(error.system_code, 7);
    EXPECT_THAT(error.cause, HasSubstr("exit code 7"));
}

TEST(Deaths, FromOutsideHaveNoRecord) {
    const auto error = explain(
        {.driver = "a.dll", .how = killed_by(SIGKILL), .record = std::nullopt, .messages = {}});
    EXPECT_EQ(error.code, ErrorCode::crashed);
    EXPECT_EQ(error.cause, "its worker was killed by SIGKILL");
}

TEST(Deaths, ForWantOfWatchesSayWhatThereIsTooLittleOf) {
    const auto full = not_watched("a.dll", ENOSPC);
    EXPECT_EQ(full.code, ErrorCode::io);
    EXPECT_EQ(full.system_code, ENOSPC);
    EXPECT_EQ(full.text(),
              "watch a.dll: the system watches no more for this user's programs, so its worker was "
              "given up. The sysctl fs.epoll.max_user_watches allows more");
    EXPECT_EQ(not_watched("a.dll", ENOMEM).text(),
              "watch a.dll: Cannot allocate memory, so its worker was given up");
}

// The worker writes the record, and may write anything.
TEST(Deaths, WithNonsenseInTheRecordAreStillPrintable) {
    std::mt19937_64 random(3);
    for (int round = 0; round < 2000; ++round) {
        channel::CrashRecord record;
        auto* const bytes = reinterpret_cast<unsigned char*>(&record);
        for (std::size_t i = 0; i < sizeof record; ++i)
            bytes[i] = static_cast<unsigned char>(random());
        const int signal = round % 2 == 0 ? SIGSYS : SIGSEGV;
        const auto error = explain(
            {.driver = "a.dll", .how = killed_by(signal), .record = record, .messages = {}});
        EXPECT_NE(error.code, ErrorCode::none);
        for (const unsigned char c : error.report()) {
            ASSERT_TRUE(c == '\n' || (c >= ' ' && c <= '~')) << int{c};
        }
    }
}

}  // namespace
}  // namespace instdrv::supervisor
