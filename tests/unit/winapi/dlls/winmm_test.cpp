// winmm's driver functions, timers and absent devices.
#include <chrono>
#include <string>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/event.hpp"
#include "dlls/dll_call.hpp"
#include "kernel/driver_folder.hpp"
#include "winapi/objects/objects.hpp"
#include "winapi/winmm/results.hpp"

namespace instdrv::winapi::test {
namespace {

constexpr CalledDll dll{"winmm.dll"};

class RecordingSystem final : public core::DriverSystem {
public:
    HDRVR open(std::string_view name, std::string_view section, LPARAM lparam2) override {
        calls.push_back("open " + std::string(name) + '|' + std::string(section) + '|' +
                        std::to_string(lparam2));
        return reinterpret_cast<HDRVR>(std::uintptr_t{0x44});
    }
    LRESULT close(HDRVR, LPARAM, LPARAM) override { return 7; }
    LRESULT send(HDRVR, UINT message, LPARAM, LPARAM) override { return message; }
    HMODULE module_handle(HDRVR) override { return reinterpret_cast<HMODULE>(std::uintptr_t{9}); }
    bool callback(const core::CallbackRequest& request) override {
        calls.push_back("callback " + std::to_string(request.callback));
        return true;
    }
    std::vector<std::string> calls;
};

TEST(Drivers, AreTheHostsBusiness) {
    RecordingSystem system;
    const DriverContext context{.driver_folder = "/nowhere", .state = nullptr, .system = &system};
    const ContextScope scope(&context);
    HDRVR const driver = dll.call<HDRVR>("OpenDriver", u"c\u00f6dec", nullptr, LPARAM{5});
    EXPECT_NE(driver, nullptr);
    dll.call<HDRVR>("OpenDriverA",
                    "c\xf6"
                    "dec",
                    "section", LPARAM{0});
    EXPECT_EQ(system.calls, (std::vector<std::string>{"open c\xc3\xb6"
                                                      "dec||5",
                                                      "open c\xc3\xb6"
                                                      "dec|section|0"}));
    EXPECT_EQ(dll.call<LRESULT>("SendDriverMessage", driver, UINT{0x4001}, LPARAM{0}, LPARAM{0}),
              0x4001);
    EXPECT_NE(dll.call<HMODULE>("GetDriverModuleHandle", driver), nullptr);
    EXPECT_EQ(dll.call<LRESULT>("CloseDriver", driver, LPARAM{0}, LPARAM{0}), 7);
    constexpr DWORD DCB_EVENT_KIND = 5;
    EXPECT_TRUE(dll.call<BOOL>("DriverCallback", DWORD_PTR{0x40}, DCB_EVENT_KIND, driver, DWORD{1},
                               DWORD_PTR{0}, DWORD_PTR{0}, DWORD_PTR{0}));
    EXPECT_EQ(system.calls.back(), "callback 64");
}

TEST(Drivers, DoNotExistOutsideOfAHost) {
    EXPECT_EQ(dll.call<HDRVR>("OpenDriver", u"x", nullptr, LPARAM{0}), nullptr);
    EXPECT_EQ(
        dll.call<LRESULT>("DefDriverProc", DWORD_PTR{0}, HDRVR{}, UINT{1}, LPARAM{0}, LPARAM{0}),
        1);
}

TEST(DriverCallbacks, SetEvents) {
    const auto event = Event::create(true, false);
    const HANDLE handle = new_handle(event);
    constexpr DWORD DCB_EVENT_KIND = 5;
    EXPECT_TRUE(dll.call<BOOL>("DriverCallback", reinterpret_cast<DWORD_PTR>(handle),
                               DCB_EVENT_KIND, HDRVR{}, DWORD{1}, DWORD_PTR{0}, DWORD_PTR{0},
                               DWORD_PTR{0}));
    EXPECT_EQ(wait_for({{event}}, true, 0), WaitResult::signalled);
    constexpr DWORD DCB_WINDOW_KIND = 1;
    EXPECT_FALSE(dll.call<BOOL>("DriverCallback", DWORD_PTR{0x10010}, DCB_WINDOW_KIND, HDRVR{},
                                DWORD{1}, DWORD_PTR{0}, DWORD_PTR{0}, DWORD_PTR{0}));
    kernel_objects().remove(reinterpret_cast<std::uintptr_t>(handle));
}

TEST(MciData, BelongsToADevice) {
    EXPECT_EQ(dll.call<DWORD_PTR>("mciGetDriverData", 3u), 0u);
    EXPECT_TRUE(dll.call<BOOL>("mciSetDriverData", 3u, DWORD_PTR{0x1234}));
    EXPECT_EQ(dll.call<DWORD_PTR>("mciGetDriverData", 3u), 0x1234u);
    EXPECT_EQ(dll.call<DWORD_PTR>("mciGetDriverData", 4u), 0u);
    EXPECT_FALSE(dll.call<BOOL>("mciSetDriverData", 0u, DWORD_PTR{1}));
    EXPECT_TRUE(dll.call<BOOL>("mciSetDriverData", 3u, DWORD_PTR{0}));
}

TEST(Devices, AreNone) {
    EXPECT_EQ(dll.call<UINT>("waveOutGetNumDevs"), 0u);
    HANDLE wave = nullptr;
    EXPECT_EQ(dll.call<MMRESULT>("waveOutOpen", &wave, ~0u, nullptr, DWORD_PTR{0}, DWORD_PTR{0},
                                 DWORD{0}),
              winmm::MMSYSERR_BADDEVICEID);
    EXPECT_EQ(dll.call<MMRESULT>("waveOutClose", HANDLE{}), winmm::MMSYSERR_INVALHANDLE);
    EXPECT_EQ(dll.call<MMRESULT>("midiOutOpen", &wave, ~0u, DWORD_PTR{0}, DWORD_PTR{0}, DWORD{0}),
              68u);
    char text[16];
    EXPECT_EQ(dll.call<MMRESULT>("waveOutGetErrorTextA", MMRESULT{2}, +text, 16u), 0u);
    EXPECT_STREQ(text, "There is no dev");
    EXPECT_EQ(dll.call<MMRESULT>("waveOutGetErrorTextA", MMRESULT{999}, +text, 16u),
              winmm::MMSYSERR_BADERRNUM);
}

class Timers : public DriverFolderTest {
protected:
    static MMRESULT start(UINT delay, const std::shared_ptr<Event>& event, UINT flags) {
        handles().push_back(new_handle(event));
        return dll.call<MMRESULT>("timeSetEvent", delay, 0u,
                                  reinterpret_cast<DWORD_PTR>(handles().back()), DWORD_PTR{0},
                                  flags);
    }
    static std::vector<HANDLE>& handles() {
        static std::vector<HANDLE> open;
        return open;
    }
    static constexpr UINT set_event = 0x10;
    static constexpr UINT periodic = 0x1;
    static constexpr int long_enough = 10'000;
};

TEST_F(Timers, SetEventsOnceOrAgainAndAgain) {
    const auto once = Event::create(false, false);
    const MMRESULT single = start(1, once, set_event);
    ASSERT_NE(single, 0u);
    EXPECT_EQ(wait_for({{once}}, true, long_enough), WaitResult::signalled);

    const auto again = Event::create(false, false);
    const MMRESULT repeated = start(1, again, set_event | periodic);
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(wait_for({{again}}, true, long_enough), WaitResult::signalled);
    }
    EXPECT_EQ(dll.call<MMRESULT>("timeKillEvent", repeated), 0u);
    EXPECT_NE(dll.call<MMRESULT>("timeKillEvent", repeated), 0u);
    EXPECT_NE(dll.call<MMRESULT>("timeKillEvent", single), 0u) << "it has run";
}

TEST_F(Timers, RefuseWhatTheyCannotDo) {
    const auto event = Event::create(false, false);
    EXPECT_EQ(start(0, event, set_event), 0u);
    EXPECT_EQ(start(1'000'001, event, set_event), 0u);
    EXPECT_EQ(dll.call<MMRESULT>("timeBeginPeriod", 0u), 97u);
    EXPECT_EQ(dll.call<MMRESULT>("timeBeginPeriod", 1u), 0u);
}

// In a process of its own, as an ordinary user, since the limit binds no other.
void set_timer_without_threads() {
    constexpr uid_t nobody = 65534;
    if (::getuid() == 0 && ::setuid(nobody) != 0) ::_exit(10);
    constexpr rlimit none{.rlim_cur = 0, .rlim_max = 0};
    if (::setrlimit(RLIMIT_NPROC, &none) != 0) ::_exit(11);
    const auto timer =
        dll.call<MMRESULT>("timeSetEvent", 1u, 0u, DWORD_PTR{0x1000}, DWORD_PTR{0}, UINT{0});
    ::_exit(timer == 0 ? 0 : 12);
}

TEST_F(Timers, FailWhereThereIsNoThreadToBeHad) {
    testing::FLAGS_gtest_death_test_style = "threadsafe";  // one that has no timers yet
    EXPECT_EXIT(set_timer_without_threads(), testing::ExitedWithCode(0), "");
}

TEST_F(Timers, DropFunctionsOfImagesThatAreGone) {
    const auto witness = Event::create(false, false);
    const MMRESULT doomed =
        dll.call<MMRESULT>("timeSetEvent", 1u, 0u, DWORD_PTR{0x1000}, DWORD_PTR{0}, periodic);
    const MMRESULT alive = start(20, witness, set_event);
    EXPECT_NE(alive, 0u);
    EXPECT_EQ(wait_for({{witness}}, true, long_enough), WaitResult::signalled);
    EXPECT_NE(dll.call<MMRESULT>("timeKillEvent", doomed), 0u) << "dropped, not called";
}

}  // namespace
}  // namespace instdrv::winapi::test
