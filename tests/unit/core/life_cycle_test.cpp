#include "core/life_cycle.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/core/scripted_module.hpp"

namespace instdrv::core {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::Received;
using testing::ScriptedLoader;
using testing::well_behaved;

class LifeCycleTest : public ::testing::Test {
protected:
    Result<HDRVR> open(const std::string& file, LPARAM lparam2 = 0, const std::string& text = {}) {
        return life_.open(
            {.name = file, .module = {.file = file}, .text = text, .lparam2 = lparam2});
    }
    HDRVR must_open(const std::string& file, LPARAM lparam2 = 0) {
        auto opened = open(file, lparam2);
        EXPECT_TRUE(opened) << opened.error().text();
        return opened.value_or(nullptr);
    }
    Result<LRESULT> close(HDRVR hdrvr) { return life_.close(hdrvr, 0, 0, CloseMode::ask); }

    void TearDown() override { loader_.forget_handlers(); }

    ScriptedLoader loader_;
    LifeCycle life_{loader_};
};

TEST_F(LifeCycleTest, SendsTheWholeLifeOfAModuleInOrder) {
    const auto script = loader_["a"];
    script->handler = [](const Received& call) { return well_behaved(call, 42); };
    const HDRVR handle = must_open("a", 5);
    EXPECT_EQ(send(handle, DRV_USER, 1, 2).value, 0);
    EXPECT_EQ(close(handle).value_or(0), 1);
    EXPECT_THAT(
        script->received,
        ElementsAre(Received{0, handle, DRV_LOAD, 0, 0}, Received{0, handle, DRV_ENABLE, 0, 0},
                    Received{0, handle, DRV_OPEN, 0, 5}, Received{42, handle, DRV_USER, 1, 2},
                    Received{42, handle, DRV_CLOSE, 0, 0}, Received{0, handle, DRV_DISABLE, 0, 0},
                    Received{0, handle, DRV_FREE, 0, 0}));
    EXPECT_EQ(script->unloaded, 1);
}

TEST_F(LifeCycleTest, RefusedOpenTakesNoOtherInstanceOffTheList) {
    loader_["a"]->handler = [](const Received& call) { return well_behaved(call); };
    {
        // The first instances of other hosts. Their slots in the table are the next to be used.
        LifeCycle one(loader_);
        LifeCycle two(loader_);
        EXPECT_TRUE(one.open({.name = "a", .module = {.file = "a"}}));
        EXPECT_TRUE(two.open({.name = "a", .module = {.file = "a"}}));
    }
    must_open("a");
    loader_["b"]->handler = [](const Received& call) {
        return Answer{call.message == DRV_OPEN ? 0 : 1, nullptr};
    };
    EXPECT_FALSE(open("b"));
    EXPECT_THAT(life_.instances(), ::testing::SizeIs(1));
}

TEST_F(LifeCycleTest, SharesOneModuleBetweenInstances) {
    const auto script = loader_["a"];
    const HDRVR first = must_open("a");
    const HDRVR second = must_open("a");
    EXPECT_NE(first, second);
    EXPECT_TRUE(close(first));
    EXPECT_TRUE(close(second));
    EXPECT_THAT(script->messages(), ElementsAre(DRV_LOAD, DRV_ENABLE, DRV_OPEN, DRV_OPEN, DRV_CLOSE,
                                                DRV_CLOSE, DRV_DISABLE, DRV_FREE));
    EXPECT_EQ(script->loaded, 1);
}

TEST_F(LifeCycleTest, StartsAgainWithLoadAfterTheLastClose) {
    const auto script = loader_["a"];
    EXPECT_TRUE(close(must_open("a")));
    EXPECT_TRUE(close(must_open("a")));
    EXPECT_EQ(script->loaded, 2);
    EXPECT_EQ(script->unloaded, 2);
}

TEST_F(LifeCycleTest, UnloadsWithoutFreeWhenLoadIsRefused) {
    const auto script = loader_["a"];
    script->handler = [](const Received&) { return Answer{0, nullptr}; };
    const auto opened = open("a");
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::refused_load);
    EXPECT_THAT(script->messages(), ElementsAre(DRV_LOAD));
    EXPECT_EQ(script->unloaded, 1);
}

TEST_F(LifeCycleTest, AcceptsAnyNonzeroAnswerToLoad) {
    loader_["a"]->handler = [](const Received& call) {
        return call.message == DRV_LOAD ? Answer{-2, nullptr} : well_behaved(call);
    };
    EXPECT_TRUE(open("a"));
}

TEST_F(LifeCycleTest, DisablesAndFreesWhenTheOnlyOpenIsRefused) {
    const auto script = loader_["a"];
    script->handler = [](const Received& call) {
        return call.message == DRV_OPEN ? Answer{0, nullptr} : well_behaved(call);
    };
    const auto opened = open("a");
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::refused_open);
    EXPECT_THAT(script->messages(),
                ElementsAre(DRV_LOAD, DRV_ENABLE, DRV_OPEN, DRV_DISABLE, DRV_FREE));
}

TEST_F(LifeCycleTest, KeepsTheModuleWhenASecondOpenIsRefused) {
    const auto script = loader_["a"];
    bool accept = true;
    script->handler = [&](const Received& call) {
        return call.message == DRV_OPEN ? Answer{accept ? 1 : 0, nullptr} : well_behaved(call);
    };
    const HDRVR first = must_open("a");
    accept = false;
    EXPECT_FALSE(open("a"));
    EXPECT_EQ(script->unloaded, 0);
    EXPECT_TRUE(close(first));
    EXPECT_EQ(script->unloaded, 1);
}

TEST_F(LifeCycleTest, KeepsAnInstanceOpenThatRefusesToClose) {
    const auto script = loader_["a"];
    script->handler = [](const Received& call) {
        return call.message == DRV_CLOSE ? Answer{0, nullptr} : well_behaved(call);
    };
    const HDRVR handle = must_open("a");
    const auto closed = close(handle);
    ASSERT_FALSE(closed);
    EXPECT_EQ(closed.error().code, ErrorCode::refused_close);
    EXPECT_EQ(send(handle, DRV_USER, 0, 0).broken, nullptr);

    EXPECT_EQ(life_.close(handle, 0, 0, CloseMode::forced).value_or(-1), 0);
    EXPECT_NE(send(handle, DRV_USER, 0, 0).broken, nullptr);
    EXPECT_EQ(script->unloaded, 1);
}

TEST_F(LifeCycleTest, PassesTheDriversOwnAnswerToClose) {
    loader_["a"]->handler = [](const Received& call) {
        return call.message == DRV_CLOSE ? Answer{99, nullptr} : well_behaved(call);
    };
    EXPECT_EQ(close(must_open("a")).value_or(0), 99);
}

TEST_F(LifeCycleTest, RefusesStaleAndForgedHandles) {
    loader_["a"];
    const HDRVR handle = must_open("a");
    EXPECT_TRUE(close(handle));
    EXPECT_FALSE(close(handle));
    EXPECT_EQ(send(handle, DRV_USER, 0, 0).broken->code, ErrorCode::bad_handle);
    const HDRVR again = must_open("a");
    EXPECT_NE(again, handle) << "the entry is used again, the handle is not";
    const auto number = reinterpret_cast<LPARAM>(again);
    for (const LPARAM value : {LPARAM{0}, LPARAM{1}, LPARAM{-1}, number + 1, number << 1}) {
        const auto forged = reinterpret_cast<HDRVR>(value);
        EXPECT_NE(send(forged, DRV_USER, 0, 0).broken, nullptr);
        EXPECT_FALSE(close(forged));
    }
}

TEST_F(LifeCycleTest, KeepsLargeAndNegativeDriverIds) {
    for (const LRESULT id : {LRESULT{0x1234'5678'9ABC}, LRESULT{-1}, LRESULT{1}}) {
        const auto script = loader_["a"];
        script->received.clear();
        script->handler = [id](const Received& call) { return well_behaved(call, id); };
        const HDRVR handle = must_open("a");
        send(handle, DRV_USER, 0, 0);
        EXPECT_EQ(script->received.back().driver_id, static_cast<DWORD_PTR>(id));
        EXPECT_TRUE(close(handle));
    }
}

TEST_F(LifeCycleTest, GivesTheTextInTheFormTheDriverReads) {
    std::string narrow;
    std::u16string wide;
    loader_["native"]->handler = [&](const Received& call) {
        if (call.message == DRV_OPEN) narrow = reinterpret_cast<const char*>(call.lparam1);
        return well_behaved(call);
    };
    loader_["windows"]->windows = true;
    loader_["windows"]->handler = [&](const Received& call) {
        if (call.message == DRV_OPEN) wide = reinterpret_cast<const char16_t*>(call.lparam1);
        return well_behaved(call);
    };
    EXPECT_TRUE(open("native", 0, "com1 \xC3\xA9"));
    EXPECT_TRUE(open("windows", 0, "com1 \xC3\xA9"));
    EXPECT_EQ(narrow, "com1 \xC3\xA9");
    EXPECT_EQ(wide, u"com1 \u00E9");
}

// ---- the hidden session instance ----------------------------------------------------------------

TEST_F(LifeCycleTest, OpensWindowsDriversOnceWithoutAnArgumentFirst) {
    const auto script = loader_["w"];
    script->windows = true;
    script->handler = [](const Received& call) {
        return well_behaved(call, call.lparam2 == 0 ? 3 : 4);
    };
    const HDRVR handle = must_open("w", 9);
    EXPECT_EQ(life_.next(nullptr, GND_FORWARD), handle);
    EXPECT_EQ(life_.next(handle, GND_FORWARD), nullptr) << "the session instance is hidden";
    EXPECT_TRUE(close(handle));

    const auto& calls = script->received;
    ASSERT_THAT(script->messages(), ElementsAre(DRV_LOAD, DRV_ENABLE, DRV_OPEN, DRV_OPEN, DRV_CLOSE,
                                                DRV_CLOSE, DRV_DISABLE, DRV_FREE));
    EXPECT_EQ(calls[2].lparam2, 0);
    EXPECT_EQ(calls[3].lparam2, 9);
    EXPECT_EQ(calls[4].driver_id, 4u);
    EXPECT_EQ(calls[5].driver_id, 3u);
    EXPECT_NE(calls[2].hdrvr, calls[3].hdrvr);
}

TEST_F(LifeCycleTest, MakesNoSessionInstanceWhereItIsNotWanted) {
    const auto script = loader_["w"];
    script->windows = true;
    EXPECT_TRUE(close(must_open("w", 0))) << "a plain open is one itself";
    EXPECT_TRUE(life_.open(
        {.name = "w", .module = {.file = "w"}, .lparam2 = 1, .session_instance = false}));
    const auto opens = std::count(script->received.begin(), script->received.end(),
                                  Received{0, script->received.back().hdrvr, DRV_OPEN, 0, 1});
    EXPECT_EQ(opens, 1);
    EXPECT_EQ(script->received.back().message, UINT{DRV_OPEN});
}

TEST_F(LifeCycleTest, FailsTheOpenWhenTheSessionInstanceIsRefused) {
    const auto script = loader_["w"];
    script->windows = true;
    script->handler = [](const Received& call) {
        return call.message == DRV_OPEN && call.lparam2 == 0 ? Answer{0, nullptr}
                                                             : well_behaved(call);
    };
    const auto opened = open("w", 9);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::refused_open);
    EXPECT_THAT(script->messages(),
                ElementsAre(DRV_LOAD, DRV_ENABLE, DRV_OPEN, DRV_DISABLE, DRV_FREE));
    EXPECT_EQ(script->unloaded, 1);
}

// ---- re-entrancy --------------------------------------------------------------------------------

TEST_F(LifeCycleTest, LetsADriverOpenAnotherInsideLoad) {
    HDRVR inner = nullptr;
    loader_["timer"];
    loader_["system"]->handler = [&](const Received& call) {
        if (call.message == DRV_LOAD) inner = must_open("timer");
        return well_behaved(call);
    };
    const HDRVR outer = must_open("system");
    EXPECT_EQ(life_.next(nullptr, GND_FORWARD), inner) << "opened first, so it stands first";
    EXPECT_EQ(life_.next(inner, GND_FORWARD), outer);
    EXPECT_EQ(life_.next(nullptr, GND_REVERSE), outer);
}

TEST_F(LifeCycleTest, LetsADriverMessageItselfWhileItOpensAndCloses) {
    std::vector<LRESULT> answers;
    loader_["a"]->handler = [&](const Received& call) {
        if (call.message == DRV_USER) return Answer{55, nullptr};
        if (call.message == DRV_OPEN || call.message == DRV_CLOSE) {
            answers.push_back(send(call.hdrvr, DRV_USER, 0, 0).value);
        }
        return well_behaved(call);
    };
    EXPECT_TRUE(close(must_open("a")));
    EXPECT_THAT(answers, ElementsAre(55, 55));
}

TEST_F(LifeCycleTest, FailsClearlyWhenADriverOpensItselfInsideLoad) {
    ErrorCode code = ErrorCode::none;
    loader_["a"]->handler = [&](const Received& call) {
        if (call.message == DRV_LOAD) code = open("a").error().code;
        return well_behaved(call);
    };
    EXPECT_TRUE(open("a"));
    EXPECT_EQ(code, ErrorCode::busy);
}

TEST_F(LifeCycleTest, UnloadsADriverThatClosesItselfWhenItsHandlerReturns) {
    const auto script = loader_["a"];
    int unloaded_inside = -1;
    script->handler = [&](const Received& call) {
        if (call.message == DRV_USER) {
            EXPECT_TRUE(close(call.hdrvr));
            unloaded_inside = script->unloaded;
        }
        return well_behaved(call);
    };
    const HDRVR handle = must_open("a");
    EXPECT_EQ(send(handle, DRV_USER, 0, 0).broken, nullptr);
    EXPECT_EQ(unloaded_inside, 0) << "its code was still running";
    EXPECT_EQ(script->unloaded, 1);
    EXPECT_TRUE(open("a")) << "and it can be opened again";
}

TEST_F(LifeCycleTest, StopsEndlessNesting) {
    loader_["a"]->handler = [&](const Received& call) {
        if (call.message != DRV_USER) return well_behaved(call);
        const Answer inner = send(call.hdrvr, DRV_USER, 0, 0);
        return inner.broken == nullptr ? Answer{inner.value + 1, nullptr} : Answer{1, nullptr};
    };
    const HDRVR handle = must_open("a");
    EXPECT_EQ(send(handle, DRV_USER, 0, 0).value, CallRecord::max_depth);
}

TEST_F(LifeCycleTest, KnowsWhoseDriverAThreadIsInsideOf) {
    LifeCycle* inside = nullptr;
    loader_["a"]->handler = [&](const Received& call) {
        inside = LifeCycle::of_this_thread();
        return well_behaved(call);
    };
    const HDRVR handle = must_open("a");
    EXPECT_EQ(inside, &life_);
    inside = nullptr;
    send(handle, DRV_USER, 0, 0);
    EXPECT_EQ(inside, &life_);
    EXPECT_EQ(LifeCycle::of_this_thread(), nullptr);
    EXPECT_EQ(LifeCycle::of(handle), &life_);
}

// ---- calls that break off -----------------------------------------------------------------------

TEST_F(LifeCycleTest, ReportsACallThatBrokeOff) {
    static const Error missing{.code = ErrorCode::missing_import, .cause = "X.dll!Y"};
    UINT breaks = DRV_USER;
    loader_["a"]->handler = [&](const Received& call) {
        return call.message == breaks ? Answer{0, &missing} : well_behaved(call);
    };
    const HDRVR handle = must_open("a");
    EXPECT_EQ(send(handle, DRV_USER, 0, 0).broken, &missing);
    EXPECT_TRUE(close(handle));
    for (const UINT message : {DRV_LOAD, DRV_ENABLE, DRV_OPEN}) {
        breaks = message;
        const auto opened = open("a");
        ASSERT_FALSE(opened) << message;
        EXPECT_EQ(opened.error().code, ErrorCode::missing_import);
    }
    EXPECT_EQ(loader_["a"]->unloaded, 4);
    breaks = DRV_CLOSE;
    const HDRVR again = must_open("a");
    EXPECT_EQ(close(again).error().code, ErrorCode::missing_import);
    EXPECT_TRUE(life_.close(again, 0, 0, CloseMode::forced));
}

// ---- enumeration --------------------------------------------------------------------------------

TEST_F(LifeCycleTest, WalksInstancesInBothOrders) {
    loader_["a"];
    loader_["b"];
    EXPECT_EQ(life_.next(nullptr, GND_FORWARD), nullptr);
    const HDRVR a1 = must_open("a");
    const HDRVR b1 = must_open("b");
    const HDRVR a2 = must_open("a");
    const auto walk = [&](DWORD flags) {
        std::vector<HDRVR> out;
        for (HDRVR h = life_.next(nullptr, flags); h != nullptr; h = life_.next(h, flags)) {
            out.push_back(h);
        }
        return out;
    };
    EXPECT_THAT(walk(GND_FORWARD), ElementsAre(a1, b1, a2));
    EXPECT_THAT(walk(GND_REVERSE), ElementsAre(a2, b1, a1));
    EXPECT_THAT(walk(GND_FIRSTINSTANCEONLY), ElementsAre(a1, b1));
    EXPECT_THAT(walk(GND_FIRSTINSTANCEONLY | GND_REVERSE), ElementsAre(b1, a1));
    EXPECT_TRUE(close(b1));
    EXPECT_THAT(walk(GND_FORWARD), ElementsAre(a1, a2));
    EXPECT_EQ(life_.next(b1, GND_FORWARD), nullptr);
}

// ---- the steps of an exit -----------------------------------------------------------------------

TEST_F(LifeCycleTest, OpensNothingOnceTheSessionEnds) {
    loader_["a"];
    EXPECT_TRUE(life_.begin_exit());
    EXPECT_FALSE(life_.begin_exit());
    EXPECT_EQ(open("a").error().code, ErrorCode::exiting);
    EXPECT_THAT(loader_["a"]->messages(), IsEmpty());
}

TEST_F(LifeCycleTest, TakesAnOpenBackThatTheExitOvertook) {
    const auto script = loader_["a"];
    script->handler = [&](const Received& call) {
        if (call.message == DRV_OPEN) life_.begin_exit();
        return well_behaved(call);
    };
    EXPECT_EQ(open("a").error().code, ErrorCode::exiting);
    EXPECT_THAT(script->messages(),
                ElementsAre(DRV_LOAD, DRV_ENABLE, DRV_OPEN, DRV_CLOSE, DRV_DISABLE, DRV_FREE));
}

TEST_F(LifeCycleTest, CarriesOutThePlanStepByStep) {
    const auto script = loader_["a"];
    script->windows = true;
    script->handler = [](const Received& call) {
        return call.message == DRV_CLOSE ? Answer{0, nullptr} : well_behaved(call);
    };
    const HDRVR handle = must_open("a", 1);
    ASSERT_TRUE(life_.begin_exit());
    const auto snapshot = life_.exit_snapshot(true);
    ASSERT_EQ(snapshot.world.modules.size(), 1u);
    ASSERT_EQ(snapshot.world.instances.size(), 1u) << "without the session instance";
    script->received.clear();
    for (const auto& call : calls_of(snapshot.world, {})) {
        EXPECT_EQ(life_.exit_call(call, snapshot.modules[call.module]).broken, nullptr);
    }
    EXPECT_THAT(script->messages(),
                ElementsAre(DRV_EXITSESSION, DRV_CLOSE, DRV_CLOSE, DRV_DISABLE, DRV_FREE));
    EXPECT_EQ(script->received[0], (Received{7, handle, DRV_EXITSESSION, 0, 0}));
    EXPECT_EQ(script->unloaded, 1);
    EXPECT_NE(send(handle, DRV_USER, 0, 0).broken, nullptr);
}

TEST_F(LifeCycleTest, TellsALoadedModuleWithoutInstances) {
    const auto script = loader_["boot"];
    ASSERT_TRUE(life_.load({.name = "at boot", .module = {.file = "boot"}}));
    EXPECT_TRUE(close(must_open("boot"))) << "and it stays loaded after a close";
    EXPECT_EQ(script->unloaded, 0);
    script->received.clear();
    life_.begin_exit();
    const auto snapshot = life_.exit_snapshot(true);
    EXPECT_EQ(snapshot.world.modules.at(0).name, "at boot");
    for (const auto& call : calls_of(snapshot.world, {})) {
        life_.exit_call(call, snapshot.modules[call.module]);
    }
    ASSERT_THAT(script->messages(), ElementsAre(DRV_EXITSESSION, DRV_DISABLE, DRV_FREE));
    EXPECT_EQ(script->received[0], (Received{0, nullptr, DRV_EXITSESSION, 0, 0}));
    EXPECT_EQ(script->unloaded, 1);
}

TEST_F(LifeCycleTest, GivesBackWhatBreaksOffAtItsClose) {
    const auto script = loader_["a"];
    const Error crash{.code = ErrorCode::crashed, .cause = "made up"};
    script->handler = [&](const Received& call) {
        return call.message == DRV_CLOSE ? Answer{0, &crash} : well_behaved(call);
    };
    const HDRVR handle = must_open("a");
    life_.begin_exit();
    const auto snapshot = life_.exit_snapshot(true);
    const auto calls = calls_of(snapshot.world, {});
    ASSERT_EQ(calls.at(1).message, UINT{DRV_CLOSE});
    EXPECT_EQ(life_.exit_call(calls[1], snapshot.modules.at(0)).broken, &crash);
    life_.exit_abandon(snapshot.modules.at(0));
    EXPECT_FALSE(life_.snapshot(handle));
    EXPECT_EQ(snapshot.modules.at(0)->users, 0u);
    EXPECT_EQ(snapshot.modules.at(0)->state, ModuleState::retired);
}

TEST_F(LifeCycleTest, DropsInstancesThatWereNotClosedWhenAModuleIsFreed) {
    const auto script = loader_["a"];
    const HDRVR handle = must_open("a");
    life_.begin_exit();
    const auto snapshot = life_.exit_snapshot(true);
    for (const auto& call : calls_of(snapshot.world, {.send_close = false})) {
        life_.exit_call(call, snapshot.modules[call.module]);
    }
    EXPECT_THAT(script->messages(), ElementsAre(DRV_LOAD, DRV_ENABLE, DRV_OPEN, DRV_EXITSESSION,
                                                DRV_DISABLE, DRV_FREE));
    EXPECT_NE(send(handle, DRV_USER, 0, 0).broken, nullptr);
    EXPECT_EQ(life_.next(nullptr, GND_FORWARD), nullptr);
}

}  // namespace
}  // namespace instdrv::core
