// The life of 32-bit drivers in a 32-bit process: the small ones of tests/drivers and real ones.
#include <set>
#include <thread>

#include <gmock/gmock.h>

#include "in_process.hpp"

namespace instdrv::test {
namespace {

using testing::HasSubstr;

class Drivers32 : public testing::Test {
protected:
    HDRVR open(const std::string& name) {
        const auto opened = drivers_.open_driver(name);
        EXPECT_TRUE(opened) << opened.error().text();
        return opened.value_or(nullptr);
    }
    ErrorCode code_of_opening(const std::string& name) {
        const auto opened = drivers_.open_driver(name);
        return opened ? ErrorCode::none : opened.error().code;
    }
    LRESULT ask(HDRVR hdrvr, UINT message, LPARAM lparam1 = 0, LPARAM lparam2 = 0) {
        const auto answer = drivers_.ask(hdrvr, message, lparam1, lparam2);
        EXPECT_TRUE(answer) << answer.error().text();
        return answer.value_or(-1);
    }
    [[nodiscard]] std::size_t instances() { return drivers_.life_cycle().instances().size(); }

    InProcess drivers_{INSTDRV_TEST_DRIVERS, testing::TempDir() + "/state32"};
};

class EitherKind32 : public Drivers32, public testing::WithParamInterface<std::string> {
protected:
    static std::string file(const std::string& name) { return name + GetParam(); }
    static bool windows() { return GetParam() == ".dll"; }
};
INSTANTIATE_TEST_SUITE_P(Kinds, EitherKind32, testing::Values(".dll", ".so"),
                         [](const auto& tested) {
                             return tested.param == ".dll" ? "Windows" : "Native";
                         });

TEST_P(EitherKind32, OpensAnswersAndCloses) {
    const HDRVR driver = open(file("plain"));
    const auto snapshot = drivers_.life_cycle().snapshot(driver);
    ASSERT_TRUE(snapshot);
    EXPECT_EQ(snapshot->kind, windows() ? "PE32 i386" : "ELF i386");
    EXPECT_EQ(ask(driver, DRV_USER), 42);
    EXPECT_EQ(drivers_.close(driver, 0, 0), 1);
    EXPECT_EQ(instances(), 0u);
}

TEST_P(EitherKind32, RefusesWhereItsDriverRefuses) {
    EXPECT_EQ(code_of_opening(file("refuses_load")), ErrorCode::refused_load);
    EXPECT_EQ(code_of_opening(file("refuses_open")), ErrorCode::refused_open);
    EXPECT_EQ(code_of_opening(file("loads_with_two")), ErrorCode::none);
    EXPECT_EQ(code_of_opening(file("not_a_driver")), ErrorCode::bad_image);
    const HDRVR driver = open(file("refuses_close"));
    EXPECT_EQ(drivers_.close(driver, 0, 0), 0);
    EXPECT_TRUE(drivers_.ask(driver, DRV_QUERYCONFIGURE));
}

TEST_P(EitherKind32, OpensAnotherDriverWhileItIsLoaded) {
    const HDRVR driver = open(file("opens_another"));
    EXPECT_EQ(ask(driver, DRV_USER), 1);
    EXPECT_EQ(instances(), 2u);
    EXPECT_EQ(drivers_.close(driver, 0, 0), 1);
    EXPECT_EQ(instances(), 0u);
}

struct Called {
    UINT message = 0;
    DWORD_PTR param1 = 0;
    DWORD_PTR param2 = 0;
    LRESULT depth = 0;
};

void on_callback(HDRVR device, UINT message, DWORD_PTR user, DWORD_PTR param1, DWORD_PTR param2) {
    const auto answer = core::send(device, DRV_USER + 1, 0, 0);
    *reinterpret_cast<Called*>(user) = {message, param1, param2, answer.value};
}

TEST_P(EitherKind32, CallsItsClientBack) {
    const HDRVR driver = open(file("calls_back"));
    Called called;
    EXPECT_EQ(ask(driver, DRV_USER, reinterpret_cast<LPARAM>(on_callback),
                  reinterpret_cast<LPARAM>(&called)),
              TRUE);
    EXPECT_EQ(called.message, DRV_USER + 2u);
    EXPECT_EQ(called.param1, 11u);
    EXPECT_EQ(called.param2, 12u);
    EXPECT_EQ(called.depth, 1);
}

TEST_P(EitherKind32, ClosesItselfInsideAMessage) {
    const HDRVR driver = open(file("closes_itself"));
    EXPECT_EQ(ask(driver, DRV_USER), 107);
    EXPECT_EQ(instances(), 0u);
}

TEST_P(EitherKind32, KeepsIdentifiersOfThirtyTwoBits) {
    const HDRVR first = open(file("large_ids"));
    const HDRVR second = open(file("large_ids"));
    EXPECT_EQ(static_cast<DWORD_PTR>(ask(first, DRV_USER)), 0xFFFF1234u);
    EXPECT_EQ(ask(second, DRV_USER), -2);
}

TEST_P(EitherKind32, KeepsDataPerThread) {
    const HDRVR driver = open(file("thread_data"));
    EXPECT_EQ(ask(driver, DRV_USER), 1001);
    EXPECT_EQ(ask(driver, DRV_USER), 1002);
    std::thread([&] { EXPECT_EQ(ask(driver, DRV_USER), 1001); }).join();
    EXPECT_EQ(ask(driver, DRV_USER), 1003);
    if (windows()) {
        EXPECT_GE(ask(driver, DRV_USER + 1), 1);
    }
}

TEST_P(EitherKind32, RunsCppConstructorsAndCatchesExceptions) {
    const HDRVR driver = open(file("cpp_driver"));
    EXPECT_EQ(ask(driver, DRV_USER), 1);
    EXPECT_EQ(ask(driver, DRV_USER + 1, 5), 5);
    EXPECT_EQ(ask(driver, DRV_USER + 2), 2);
}

// ---- Windows alone ------------------------------------------------------------------------------

TEST_F(Drivers32, ImportsByOrdinalFromADllBesideIt) {
    const HDRVR driver = open("imports_by_ordinal.dll");
    EXPECT_EQ(ask(driver, DRV_USER, 20, 22), 42);
    EXPECT_EQ(ask(driver, DRV_USER + 1, 6, 7), 42);
}

TEST_F(Drivers32, BreaksOffCallsOfMissingImportsAndNamesThem) {
    const HDRVR driver = open("missing_imports.dll");
    const char* const names[] = {"NobodyHasThis", "77", "FunctionOfALaterWindows"};
    for (UINT i = 0; i < std::size(names); ++i) {
        const auto answer = drivers_.ask(driver, DRV_USER + i);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, ErrorCode::missing_import);
        EXPECT_THAT(answer.error().text(), HasSubstr(names[i]));
    }
    EXPECT_EQ(ask(driver, DRV_USER + 3), 33);
}

TEST_F(Drivers32, RefusesDriversOfTheOtherMachine) {
    EXPECT_EQ(code_of_opening("../plain.dll"), ErrorCode::wrong_machine);
    EXPECT_EQ(code_of_opening("../plain.so"), ErrorCode::wrong_machine);
}

// ---- real drivers -------------------------------------------------------------------------------

class RealDriver32 : public Drivers32, public testing::WithParamInterface<const char*> {};
INSTANTIATE_TEST_SUITE_P(Libwine, RealDriver32,
                         testing::Values("msadp32.acm", "imaadp32.acm", "msg711.acm", "msgsm32.acm",
                                         "l3codeca.acm", "iccvid.dll", "msrle32.dll",
                                         "msvidc32.dll", "mciwave.dll", "mciseq.dll", "mcicda.dll",
                                         "midimap.dll", "msacm32.drv"),
                         [](const auto& tested) {
                             const std::string name = tested.param;
                             return name.substr(0, name.find('.'));
                         });

TEST_P(RealDriver32, OpensAnswersAndCloses) {
    const HDRVR driver = open(std::string(INSTDRV_WINE_DLLS) + "/" + GetParam());
    EXPECT_EQ(drivers_.life_cycle().snapshot(driver)->kind, "PE32 i386");
    ask(driver, DRV_QUERYCONFIGURE);
    EXPECT_NE(drivers_.close(driver, 0, 0), 0);
    EXPECT_EQ(instances(), 0u);
}

}  // namespace
}  // namespace instdrv::test
