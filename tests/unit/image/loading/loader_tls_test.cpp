#include <thread>

#include <gmock/gmock.h>

#include "recorder.hpp"

using namespace instdrv;
using namespace instdrv::test;
using testing::ElementsAre;

namespace {

using LoaderTls = LoaderTest;

TEST_F(LoaderTls, EveryThreadHasItsOwnData) {
    pe::LoadedImage* const image = load(test_dll("thread_local"));
    EXPECT_EQ(call(image, "add_to_counter", 1).value, 101U);
    EXPECT_EQ(call(image, "add_to_counter", 1).value, 102U);
    pe::Word elsewhere = 0;
    std::thread([&] {
        recorder.prepare_thread();
        elsewhere = call(image, "add_to_counter", 10).value;
    }).join();
    EXPECT_EQ(elsewhere, 110U);
    EXPECT_EQ(call(image, "add_to_counter", 1).value, 103U);
}

TEST_F(LoaderTls, CallbacksRunBeforeDllMain) {
    pe::LoadedImage* const image = load(test_dll("thread_local"));
    EXPECT_THAT(recorder.notes,
                ElementsAre("thread_local first callback attach",
                            "thread_local second callback attach", "thread_local attach"));
    recorder.notes.clear();
    image->disable_thread_calls();  // has no effect on a DLL with thread-local data
    loader.notify_thread_attach();
    EXPECT_THAT(recorder.notes, ElementsAre("thread_local first callback thread attach",
                                            "thread_local second callback thread attach",
                                            "thread_local thread attach"));
    recorder.notes.clear();
    loader.release(image);
    EXPECT_THAT(recorder.notes,
                ElementsAre("thread_local first callback detach",
                            "thread_local second callback detach", "thread_local detach"));
}

TEST_F(LoaderTls, GivesItsSlotBack) {
    const Folder folder;
    pe::LoadedImage* const first = load(folder.add("thread_local"));
    pe::LoadedImage* const second = load(folder.add("thread_local", "copy.dll"));
    EXPECT_EQ(recorder.tls_count(), 2U);
    EXPECT_EQ(call(first, "add_to_counter", 5).value, 105U);
    EXPECT_EQ(call(second, "add_to_counter", 7).value, 107U);
    loader.release(first);
    EXPECT_EQ(recorder.tls_count(), 1U);
    EXPECT_EQ(call(second, "add_to_counter", 1).value, 108U);
    loader.release(second);
    EXPECT_EQ(recorder.tls_count(), 0U);
    recorder.refusing = {"thread_local"};
    EXPECT_NE(load_error(test_dll("thread_local")), "");
    EXPECT_EQ(recorder.tls_count(), 0U);
}

}  // namespace
