// Floating-point control words, as drivers see them and as they leave them.
#include <cfenv>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>

#include "driver_files.hpp"
#include "support/temporary_folder.hpp"

namespace instdrv::test {
namespace {

using testing::HasSubstr;

enum Message : UINT {
    tell = DRV_USER,
    set,
    tell_of_own_thread,
    set_and_exit,
    set_and_fault,
};

// As the driver tells them, and the two words that it is told to set.
constexpr LRESULT words(LRESULT x87, LRESULT mxcsr) { return x87 | mxcsr << 16; }
constexpr LRESULT of_windows = words(0x027F, 0x1F80);
constexpr LRESULT of_linux = words(0x037F, 0x1F80);
constexpr LPARAM other_x87 = 0x0A7F;    // rounds up
constexpr LPARAM other_mxcsr = 0x5F80;  // rounds up
constexpr LRESULT other = words(other_x87, other_mxcsr);

std::uint16_t x87_here() {
    std::uint16_t word = 0;
    asm volatile("fnstcw %0" : "=m"(word));
    return word;
}

// Puts a thread's rounding back, whatever a driver did.
struct Rounding {
    explicit Rounding(int direction) { std::fesetround(direction); }
    ~Rounding() { std::fesetenv(FE_DFL_ENV); }
};

class ControlWords : public EveryBuild {
protected:
    Driver open(const std::string& name = "control_words") { return open_in(host_, file(name)); }
    static Driver open_in(Host& host, const std::string& name) {
        auto driver = host.open(name);
        if (!driver) {
            ADD_FAILURE() << driver.error().text();
            return {};
        }
        return std::move(*driver);
    }
    static LRESULT answer(const Driver& driver, Message message) {
        return driver.send(message, other_x87, other_mxcsr).value_or(-1);
    }
};

class ControlWordsInProcess : public ControlWords {};
INSTANTIATE_TEST_SUITE_P(Builds, ControlWordsInProcess, builds_in_process, name_of_build);

TEST_P(ControlWordsInProcess, AreThoseOfTheCallersThread) {
    const auto driver = open();
    EXPECT_EQ(answer(driver, tell), of_linux);
    const Rounding up(FE_UPWARD);
    EXPECT_EQ(answer(driver, tell), words(0x0B7F, 0x5F80));
    EXPECT_EQ(std::fegetround(), FE_UPWARD);
    EXPECT_EQ(x87_here(), 0x0B7F);
}

TEST_P(ControlWordsInProcess, StayAsADriverLeavesThem) {
    const auto driver = open();
    const Rounding back(FE_TONEAREST);
    testing::internal::CaptureStderr();
    EXPECT_EQ(answer(driver, set), 1);
    const auto said = testing::internal::GetCapturedStderr();
    EXPECT_EQ(answer(driver, tell), other);
    EXPECT_EQ(std::fegetround(), FE_UPWARD);
#ifndef NDEBUG
    if (windows()) {
        EXPECT_THAT(said, HasSubstr("control_words.dll returned from message 0x4001 with changed"));
    }
#endif
}

class ControlWordsOfWindows : public ControlWords {};
INSTANTIATE_TEST_SUITE_P(Builds, ControlWordsOfWindows, windows_builds, name_of_build);

TEST_P(ControlWordsOfWindows, AreThoseOfAFreshThreadInAThreadThatTheDriverStarts) {
    const auto driver = open();
    const Rounding back(FE_TONEAREST);
    answer(driver, set);
    EXPECT_EQ(answer(driver, tell_of_own_thread), of_windows);
}

TEST_P(ControlWordsOfWindows, AreFitToGoOnWithAfterACallThatBrokeOff) {
    const auto driver = open();
    const Rounding down(FE_DOWNWARD);
    const auto exit = driver.send(set_and_exit, 0x027F, 0x1F80);
    ASSERT_FALSE(exit);
    EXPECT_EQ(exit.error().code, ErrorCode::exited);
    if (!in_worker()) {
        EXPECT_EQ(x87_here(), 0x037F);
        EXPECT_EQ(answer(driver, tell), of_linux) << "MXCSR is as the code left it";
        return;
    }
    answer(driver, set);
    EXPECT_FALSE(driver.send(set_and_exit, other_x87, other_mxcsr));
    EXPECT_EQ(answer(driver, tell), of_windows);
    EXPECT_EQ(std::fegetround(), FE_DOWNWARD) << "the host's thread is another";
}

class ControlWordsInWorkers : public ControlWords {
protected:
    [[nodiscard]] static std::string entry(const std::string& name, const std::string& file) {
        return name + "=" + file + "\n";
    }
};
INSTANTIATE_TEST_SUITE_P(Builds, ControlWordsInWorkers,
                         testing::Values(Build{"Windows", ".dll", "", Placement::worker},
                                         Build{"Windows32", ".dll", "i386/", Placement::worker}),
                         name_of_build);

TEST_P(ControlWordsInWorkers, AreWindowsWhateverTheClientHas) {
    const auto driver = open();
    EXPECT_EQ(answer(driver, tell), of_windows);
    const Rounding up(FE_UPWARD);
    EXPECT_EQ(answer(driver, tell), of_windows);
    std::thread([&] { EXPECT_EQ(answer(driver, tell), of_windows); }).join();
}

TEST_P(ControlWordsInWorkers, StayWithTheThreadThatADriverChangedThemOn) {
    const auto driver = open();
    EXPECT_EQ(answer(driver, set), 1);
    EXPECT_EQ(answer(driver, tell), other);
    std::thread([&] { EXPECT_EQ(answer(driver, tell), of_windows); }).join();
    EXPECT_EQ(answer(driver, tell), other);
    EXPECT_EQ(std::fegetround(), FE_TONEAREST) << "the host's thread is another";
}

TEST_P(ControlWordsInWorkers, AreThoseOfTheFaultWhereAHandlerGoesOn) {
    const auto driver = open();
    constexpr LPARAM unmasked_x87 = 0x0A7B;    // division by zero is an exception
    constexpr LPARAM unmasked_mxcsr = 0x5D80;  // likewise
    EXPECT_EQ(driver.send(set_and_fault, unmasked_x87, unmasked_mxcsr).value_or(0), other)
        << "handlers run with exceptions masked";
    EXPECT_EQ(answer(driver, tell), words(unmasked_x87, unmasked_mxcsr));
}

TEST_P(ControlWordsInWorkers, AreSharedByWindowsDriversOfAGroupAndNotByNativeOnes) {
    const TemporaryFolder folder;
    const auto copy = folder / "copy.dll";
    std::filesystem::copy_file(file("control_words"), copy);
    auto native = file("control_words");
    native.replace(native.size() - 3, 3, "so");
    std::ofstream(folder / "system.ini")
        << "[drivers32]\n"
        << entry("one", file("control_words")) << entry("two", copy) << entry("native", native)
        << "[instdrv.one]\ngroup=g\n[instdrv.copy.dll]\ngroup=g\n"
        << "[instdrv." << native << "]\ngroup=g\n";
    auto options = EveryBuild::options();
    options.configuration = folder / "system.ini";
    Host host(options);
    const auto one = open_in(host, "one");
    const auto two = open_in(host, "two");
    const auto linux_driver = open_in(host, "native");
    EXPECT_EQ(answer(one, set), 1);
    EXPECT_EQ(answer(two, tell), other) << "as on Windows";
    EXPECT_EQ(answer(linux_driver, tell), words(0x037F, other_mxcsr)) << "its long double is whole";
    EXPECT_EQ(answer(two, tell), other);
}

}  // namespace
}  // namespace instdrv::test
